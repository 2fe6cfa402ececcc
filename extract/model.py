"""The values that pass between the stages: plain, frozen, typed; no stage has any of its own.

    Source → Letter → Part → Mention → Entity → Relation, Figure, Answer → Extraction

Every value carries the span of the text that says it. Identifiers (``Letter.id`` …) are unique within one
extraction and depend on the text alone; IRIs are minted from them, and from names, in ``kg.rdf.graph``.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, Self, TypeVar


class Kind(StrEnum):
    """Classes of the ontology that extraction makes; the value is the local name in ``pk:``."""

    PROPOSAL = "Proposal"
    LEAD_REPLY = "LeadReply"
    CO_OPINION = "CoHandlingOpinion"
    INSTRUMENT = "PolicyInstrument"
    REPORT = "Report"
    PROBLEM = "Problem"
    SUGGESTION = "Suggestion"
    MEASURE = "Measure"
    COMMITMENT = "Commitment"
    AGENCY = "Agency"
    ORGANIZATION = "Organization"
    ENTERPRISE = "Enterprise"
    PERSON = "Person"
    PROGRAM = "Program"
    PLATFORM = "Platform"
    TIER = "EnterpriseTier"
    GROUP = "TargetGroup"
    PLACE = "Place"
    PROVISION = "Provision"
    OBSERVATION = "Observation"
    TARGET = "Target"
    CONDITION = "Condition"


class Bound(StrEnum):
    """How a figure's value limits the quantity; the value is the local name in ``pk:``."""

    EXACTLY = "Exactly"
    AT_LEAST = "AtLeast"
    AT_MOST = "AtMost"
    ABOUT = "About"


REPLIES = frozenset({Kind.LEAD_REPLY, Kind.CO_OPINION})
TITLED = frozenset({Kind.INSTRUMENT, Kind.REPORT})
"""Works with a title."""
ENTITY_KINDS = frozenset(
    {
        Kind.AGENCY, Kind.ORGANIZATION, Kind.ENTERPRISE, Kind.PERSON, Kind.INSTRUMENT, Kind.REPORT,
        Kind.PROGRAM, Kind.PLATFORM, Kind.TIER, Kind.GROUP, Kind.PLACE,
    }
)  # fmt: skip


class _Ends(NamedTuple):
    begin: int
    end: int


class Span(_Ends):
    """A stretch of a source's text: ``begin`` included, ``end`` excluded, in Unicode code points.

    A tuple beneath, since a page has thousands of them that are compared and sorted; its ``len`` is that of the words.
    """

    __slots__ = ()

    @classmethod
    def _make(cls, iterable: Iterable[int]) -> Self:  # type: ignore[override]
        return cls(*iterable)  # the inherited one counts fields by len()

    def of(self, text: str) -> str:
        """The words at this span of *text*."""
        return text[self.begin : self.end]

    def contains(self, other: Span) -> bool:
        return self.begin <= other.begin and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.begin < other.end and other.begin < self.end

    def __len__(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Mark:
    """From here to the next mark, the text stands at a place that people know: a page, a table's cell."""

    offset: int
    label: str
    """``第3页``, ``表1 B2``, ``Sheet1!B2``; empty where a stretch with a place has ended."""


@dataclass(frozen=True, slots=True)
class Source:
    """One text as it is kept: decoded, without a BOM, newlines as ``\\n``; what else was mended, ``kg.read`` says."""

    id: str
    """Path relative to the folder that was built (POSIX style, with suffix), e.g. ``2023/20230368.txt``."""
    text: str
    path: str = ""
    """Where it was read from, for people; empty for text that has no file."""
    media_type: str = "text/plain"
    marks: tuple[Mark, ...] = ()
    """Where the text stands in the format it came in, by offset; empty where that has no such places."""

    def place(self, offset: int) -> str:
        """The label of the last mark at or before *offset*; empty if there is none."""
        at = bisect_right(self.marks, offset, key=lambda m: m.offset)
        return self.marks[at - 1].label if at else ""

    @property
    def sha256(self) -> str:
        """Hex digest of the kept text in UTF-8."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Field:
    """One stated property of a letter, as printed, not yet linked to an entity."""

    name: str
    """``proposalNumber title session submittedBy leadAgency coAgency issuedBy addressedTo consulted issued
    documentNumber handlingClass repliesTo basedOn status``; ``issued`` is ISO 8601 (``2023-06-19``, ``2023-06``, …),
    ``repliesTo`` the id of a Letter, agencies and people as printed (``市科技局``), titles without 《》."""
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Letter:
    """One document on a page: a proposal, a reply, an opinion, or a policy text (PolicyInstrument)."""

    id: str
    """``d1``, ``d2`` … in the order of the page; proposals that are only referred to come after those with text."""
    kind: Kind
    span: Span
    """From its first to its last character; for a proposal that is only referred to, the words that name it."""
    body: Span | None
    """Where its own text stands, salutation, signature and page furniture left out; None if it is only referred to."""
    fields: tuple[Field, ...] = ()

    def all(self, name: str) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.name == name)

    def first(self, name: str) -> str | None:
        return next((f.value for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Part:
    """A problem, suggestion, measure or commitment, or (kind None) a heading that only gives context."""

    id: str
    """``p1``, ``p2`` … in the order of the text."""
    letter: str
    kind: Kind | None
    number: str
    """Path of printed numbers: ``一``, ``一.2``, ``三.(一)``; empty if it has none."""
    span: Span
    """All of it, its children included, without its number."""
    heading: Span | None
    """Its heading, when it has one apart from its text."""
    parent: str | None
    rule: str = ""
    confidence: float = 0.9

    @property
    def own(self) -> Span:
        """The words that label it: the heading, or all."""
        return self.heading or self.span


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of running text; ``clauses`` are its stretches between ,;: and the like, in order, without gaps."""

    span: Span
    letter: str
    part: str | None
    """The innermost part (context headings included) that it stands in."""
    clauses: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What the structure stages know of a page."""

    letters: tuple[Letter, ...]
    parts: tuple[Part, ...]
    sentences: tuple[Sentence, ...]

    def letter(self, ident: str) -> Letter:
        return next(x for x in self.letters if x.id == ident)

    def part(self, ident: str) -> Part:
        return next(x for x in self.parts if x.id == ident)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name a thing of a class."""

    span: Span
    kind: Kind
    name: str
    """What the words name, as printed but for decoration (《》, outer quotes, line breaks)."""
    rule: str
    confidence: float = 0.9
    attrs: Mapping[str, str] = field(default_factory=dict)
    """Facts printed beside it: ``documentNumber issued status level short`` …"""


@dataclass(frozen=True, slots=True)
class Fact:
    """A literal property of an entity with the words that say it."""

    name: str
    """Local name in the contract: ``documentNumber issued status level``."""
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing, whatever names the text gives it."""

    id: str
    """``e1``, ``e2`` … by first mention."""
    kind: Kind
    label: str
    """The fullest official form that the text supports."""
    aliases: tuple[str, ...]
    """Its other names, sorted, without the label."""
    spans: tuple[Span, ...]
    """Where it is mentioned, in order."""
    jurisdiction: str = ""
    """Full name of the place that tells it from namesakes elsewhere (``澄溪市``); empty where the label alone does."""
    facts: tuple[Fact, ...] = ()
    confidence: float = 0.9
    rule: str = ""

    def fact(self, name: str) -> str | None:
        return next((f.value for f in self.facts if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement between two things, with the shortest words that make it."""

    subject: str
    """Id of an Entity, Letter, Part or Figure."""
    predicate: str
    """Local name in ``pk:`` (``issuedBy``, ``respondsTo`` …); ``broader`` is ``skos:broader``."""
    object: str
    span: Span
    rule: str
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, and all that tells what it counts."""

    id: str
    """``f1``, ``f2`` … in the order of the text."""
    kind: Kind
    span: Span
    """The number with its unit, its bound and the words beside it that name what it measures."""
    value: Decimal
    """In the base unit: 2.97亿元 is 297000000, 50%以上 is 50."""
    unit: str
    """``CNY``, ``%``, else as printed: ``家``, ``个百分点``; empty for ratios."""
    bound: Bound
    metric: str = ""
    about: str | None = None
    """Id of an Entity."""
    period: str = ""
    """``2022``, ``2023-Q1``, ``2023-06-19``, or as printed (``前3年``)."""
    place: str | None = None
    granted_under: str | None = None
    provider: str | None = None
    per: str = ""
    deadline: str = ""
    frequency: str = ""
    part_of: str | None = None
    """Id of the Commitment (Target) that it belongs to."""
    condition_of: str | None = None
    """Id of a Figure or Entity (Condition)."""
    rule: str = ""
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read out of one source."""

    source: Source
    outline: Outline
    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    """Between entities, and from letters and parts to entities (``issuedBy``, ``actor``, ``respondsTo`` …)."""
    figures: tuple[Figure, ...]

    def entity(self, ident: str) -> Entity:
        return next(x for x in self.entities if x.id == ident)

    def named(self, name: str) -> Entity | None:
        """The entity that has this label or alias."""
        return next((x for x in self.entities if name == x.label or name in x.aliases), None)


def innermost(spans: Iterable[Span], position: int) -> Span | None:
    """The shortest of *spans* that holds *position*."""
    return min((s for s in spans if s.begin <= position < s.end), key=len, default=None)


_Value = TypeVar("_Value")


def replaced(value: _Value, **changes: object) -> _Value:
    """*value* with some fields changed: ``dataclasses.replace``, three times as fast since it knows the fields."""
    kind: Callable[..., _Value] = type(value)
    names, get = _fields(kind)
    return kind(**(dict(zip(names, get(value), strict=True)) | changes))


@cache
def _fields(kind: Any) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]:
    """The fields of a class of values, and what gets them all."""
    names = tuple(f.name for f in fields(kind))
    return names, attrgetter(*names)
