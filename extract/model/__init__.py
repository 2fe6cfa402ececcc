"""The values that pass from one stage to the next: plain, frozen, typed. A value inside one stage stays in that stage.

    Source → Letter → Part → Mention → Entity → Relation, Figure → Extraction

Every value carries the span of the text that states it. Identifiers (``Letter.id`` …) are unique within one extraction
and depend on the text alone. ``kg.rdf`` makes IRIs from them and from names.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeGuard

from extract.model.basics import (
    ENTITY_KINDS,
    FIGURE_KINDS,
    REPLY_KINDS,
    TITLED_KINDS,
    Bound,
    ConditionId,
    EntityId,
    FigureId,
    GroupId,
    GroupKind,
    Kind,
    LetterId,
    Operator,
    PartId,
    Span,
    StackingId,
    StackingKind,
    Support,
    make_span,
)
from extract.model.conditions import Condition, ConditionGroup, Decided, Requirements, StackingRule
from extract.records import find_by_id, set_slots
from extract.revision import Revision

__all__ = [
    "ENTITY_KINDS", "FIGURE_KINDS", "REPLY_KINDS", "TITLED_KINDS", "Bound", "Condition", "ConditionGroup",
    "ConditionId", "Decided", "Entity", "EntityId", "Extraction", "Fact", "Field", "Figure", "FigureId", "GroupId",
    "GroupKind", "Kind", "Letter", "LetterId", "Mark", "Mention", "Operator", "Outline", "Part", "PartId", "Relation",
    "Requirements", "Sentence", "Source", "Span", "StackingId", "StackingKind", "StackingRule", "Support",
    "is_entity_id", "make_span",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the original file, such as a page or a table's cell; it holds from ``offset`` to the next mark."""

    offset: int
    label: str
    """``第3页``, ``表1 B2``, ``Sheet1!B2``; empty where the text after ``offset`` has no such place."""


@dataclass(frozen=True, slots=True)
class Source:
    """One text as it is kept: decoded, without a BOM, newlines as ``\\n``; ``kg.read`` describes all other changes."""

    id: str
    """Path relative to the folder that was built (POSIX style, with suffix), e.g. ``2023/20230368.txt``."""
    text: str
    path: str = ""
    """Where it was read from, to show to people; empty for text without a file."""
    media_type: str = "text/plain"
    marks: tuple[Mark, ...] = ()
    """Places of the text in the original file, sorted by offset; empty if its format has no such places."""

    def find_place(self, offset: int) -> str:
        """Return the label of the last mark at or before *offset*; empty if there is none."""
        at = bisect_right(self.marks, offset, key=lambda m: m.offset)
        return self.marks[at - 1].label if at else ""

    @property
    def sha256(self) -> str:
        """SHA-256 of the kept text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


@set_slots
@dataclass(frozen=True, slots=True)
class Field:
    """One property that a letter states about itself, as printed and not yet linked to an entity."""

    name: str
    """``proposalNumber title session submittedBy leadAgency coAgency issuedBy addressedTo consulted issued
    documentNumber handlingClass repliesTo basedOn approvedBy status noticeTitle``"""
    value: str
    """As printed; ``issued`` is ISO 8601 (``2023-06``), ``repliesTo`` the id of a Letter; titles are without 《》."""
    span: Span


@dataclass(frozen=True, slots=True)
class Letter:
    """One document on a page: a proposal, a reply, an opinion, a policy text (PolicyInstrument) or a report."""

    id: LetterId
    """``d1``, ``d2`` … in the order of the page. Proposals that are only referred to come after those with text."""
    kind: Kind
    span: Span
    """From its first to its last character. For a proposal that is only referred to: the words that name it."""
    body: Span | None
    """Its running text, without salutation, signature and page furniture; None if it is only referred to."""
    fields: tuple[Field, ...] = ()

    def get_fields(self, name: str) -> tuple[Field, ...]:
        """Return all fields of that name."""
        return tuple(f for f in self.fields if f.name == name)

    def get_value(self, name: str) -> str | None:
        """Return the value of the first field of that name, None if there is none."""
        return next((f.value for f in self.fields if f.name == name), None)


@set_slots
@dataclass(frozen=True, slots=True)
class Part:
    """A problem, suggestion, measure or commitment; with kind None, a heading that only gives context."""

    id: PartId
    """``p1``, ``p2`` … in the order of the text."""
    letter: LetterId
    kind: Kind | None
    number: str
    """Path of printed numbers: ``一``, ``一.2``, ``三.(一)``; empty if it has none."""
    span: Span
    """The whole part with its children, without its own number."""
    heading: Span | None
    """Its heading; None if it has none, or if all of it is heading."""
    parent: PartId | None
    rule: str = ""
    confidence: float = 0.9
    refused: bool = False
    """Whether it only turns a suggestion down or puts it off."""
    deadline: str = ""
    """Of a commitment, the ISO period by whose end it is to be kept, if it states just one."""
    frequency: str = ""
    """Of a commitment, how often it recurs, as printed."""

    @property
    def label_span(self) -> Span:
        """The words that stand for it: the heading, or all of it."""
        return self.heading or self.span


@set_slots
@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of running text."""

    span: Span
    letter: LetterId
    part: PartId | None
    """The innermost part (context headings included) that it stands in."""
    clauses: tuple[Span, ...]
    """Its stretches between commas, semicolons and colons, in order; they cover the sentence without gaps."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What the structure stages find on a page."""

    letters: tuple[Letter, ...]
    parts: tuple[Part, ...]
    sentences: tuple[Sentence, ...]

    def get_letter(self, ident: str) -> Letter:
        """Return the letter with that id; raise KeyError if there is none."""
        return find_by_id(self.letters, ident)

    def get_part(self, ident: str) -> Part:
        """Return the part with that id; raise KeyError if there is none."""
        return find_by_id(self.parts, ident)


@set_slots
@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name something of a kind."""

    span: Span
    kind: Kind
    name: str
    """The name, as printed, without 《》, outer quotes and line breaks."""
    rule: str
    confidence: float = 0.9
    attrs: Mapping[str, str] = field(default_factory=dict)
    """What is printed beside it, by name: ``documentNumber issued status level short`` …"""


@dataclass(frozen=True, slots=True)
class Fact:
    """A literal property of an entity, with the words that state it."""

    name: str
    """Local name in ``pk:``: ``documentNumber issued status level``."""
    value: str
    span: Span


@set_slots
@dataclass(frozen=True, slots=True)
class Entity:
    """One agency, program, place …, with all names that the text gives it."""

    id: EntityId
    """``e1``, ``e2`` … in the order of the first mentions."""
    kind: Kind
    label: str
    """The fullest official form that the text supports."""
    aliases: tuple[str, ...]
    """Its other names, sorted, without the label."""
    spans: tuple[Span, ...]
    """Where it is mentioned, in order."""
    jurisdiction: str = ""
    """Full name of the place that tells it from others of the same label (``澄溪市``); empty if the label suffices."""
    facts: tuple[Fact, ...] = ()
    confidence: float = 0.9
    rule: str = ""
    is_local: bool = False
    """Whether another division may have another thing of this label, and the text does not say of which this one is."""
    named_in: str = ""
    """Of a local one: full name of the division whose letters name it; empty if that is not known either."""

    def get_fact(self, name: str) -> str | None:
        """Return the value of the first fact of that name, None if there is none."""
        return next((f.value for f in self.facts if f.name == name), None)


@set_slots
@dataclass(frozen=True, slots=True)
class Relation:
    """A statement between two of the extraction's values, with the shortest words that make it."""

    subject: str
    """Id of an Entity, Letter, Part or Figure."""
    predicate: str
    """Local name in ``pk:`` (``issuedBy``, ``respondsTo`` …); ``broader`` is ``skos:broader``."""
    object: str
    span: Span
    rule: str
    confidence: float = 0.9


@set_slots
@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, and what it counts or pays."""

    id: FigureId
    """``f1``, ``f2`` … in the order of the text."""
    kind: Kind
    span: Span
    """The number, its unit, its bound, and the words beside it that name what it measures."""
    value: Decimal
    """In the base unit: 2.97亿元 is 297000000, 50%以上 is 50."""
    unit: str
    """``CNY``, ``%``, or as printed: ``家``, ``个百分点``; ``:2`` for a ratio 1:2 with value 1; empty for fractions."""
    bound: Bound
    metric: str = ""
    """What is counted or paid, as printed."""
    about: EntityId | None = None
    period: str = ""
    """``2022``, ``2023-Q1``, ``2023-06-19``, or as printed (``前3年``)."""
    place: EntityId | None = None
    granted_under: EntityId | None = None
    """Of a Provision: the program or instrument that grants it."""
    provider: EntityId | None = None
    """Of a Provision: the agency that pays it."""
    per: str = ""
    """Of a Provision: what one payment is for (``人/年``)."""
    deadline: str = ""
    """Of a Target, like ``period``."""
    frequency: str = ""
    """``每年``, as printed."""
    part_of: PartId | None = None
    """Of a Target: the Commitment that it belongs to."""
    condition_of: FigureId | EntityId | None = None
    """Of a Condition: what it decides."""
    support: Support | None = None
    """Of a Provision: what is given."""
    rule: str = ""
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one source states; ``extraction[id]`` is the Letter, Part, Entity or Figure with that id."""

    source: Source
    outline: Outline
    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    """Between entities, and from letters and parts to entities (``issuedBy``, ``actor``, ``respondsTo`` …)."""
    figures: tuple[Figure, ...]
    revisions: tuple[Revision, ...] = ()
    requirements: Requirements = field(default_factory=Requirements)
    """What decides who gets the supports."""

    def __repr__(self) -> str:
        return (
            f"Extraction({self.source.id!r}: {len(self.outline.letters)} letters, {len(self.outline.parts)} parts, "
            f"{len(self.entities)} entities, {len(self.relations)} relations, {len(self.figures)} figures)"
        )

    def __getitem__(self, ident: str) -> Letter | Part | Entity | Figure:
        outline = self.outline
        values: tuple[Letter | Part | Entity | Figure, ...]
        values = (*outline.letters, *outline.parts, *self.entities, *self.figures)
        return find_by_id(values, ident)

    def get_entity(self, ident: str) -> Entity:
        """Return the entity with that id; raise KeyError if there is none."""
        return find_by_id(self.entities, ident)

    def find_entity(self, name: str) -> Entity | None:
        """Return the first entity that has this label or alias, None if there is none."""
        return next((x for x in self.entities if name == x.label or name in x.aliases), None)


def is_entity_id(value: str) -> TypeGuard[EntityId]:
    """Whether *value* is the id of an Entity (``e1``), not of a Letter, Part or Figure."""
    return value.startswith("e")
