"""An extraction while the changes of a model are applied to it. What is withdrawn becomes a revision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any

from extract.llm.contract import Contract, read_contract
from extract.llm.review.trust import ReviewTrust
from extract.llm.settings import make_rule_name
from extract.model import (
    REPLY_KINDS,
    TITLED_KINDS,
    Entity,
    Extraction,
    Fact,
    Figure,
    Kind,
    Letter,
    Part,
    Relation,
    Span,
    Support,
)
from extract.revision import Revision
from extract.text.normalize import name_key
from ontology.lexicons import Lexicon
from ontology.property_shapes import PropertyShapes

DERIVED = frozenset({"involves", "actor", "jurisdiction", "partOf"})
"""Relations that follow from the others. A model is not shown them, and their end with a thing is no revision."""
_DOCUMENTS = (Kind.PROPOSAL, *sorted(REPLY_KINDS), Kind.INSTRUMENT, Kind.REPORT)
_ENDS = ("about", "place", "granted_under", "provider", "condition_of")
"""Fields of a figure that may hold the id of an entity."""
_STATE = ("entities", "figures", "letters", "parts", "relations", "revisions", "replaced")
"""Attributes of a draft that changes change."""
SLOT_NAMES = {"granted_under": "under"}
"""Fields of a figure whose slot has another name in an answer."""


class Draft:
    """The values of an extraction by id, and the revisions so far.

    Args:
        extraction: the extraction of the rules; its ids are kept.
        model: name of the model.
        lex: the lexicon of the extraction.
        trust: which kinds of changes may override.
    """

    def __init__(self, extraction: Extraction, model: str, lex: Lexicon, trust: ReviewTrust) -> None:
        self.base = extraction
        self.text = extraction.source.text
        self.lex = lex
        self.trust = trust
        self.rule = make_rule_name(model)
        self.contract: Contract = read_contract(lex)
        self.entities: dict[str, Entity] = {entity.id: entity for entity in extraction.entities}
        self.figures: dict[str, Figure] = {figure.id: figure for figure in extraction.figures}
        self.letters: dict[str, Letter] = {letter.id: letter for letter in extraction.outline.letters}
        self.parts: dict[str, Part] = {part.id: part for part in extraction.outline.parts}
        self.relations: list[Relation] = list(extraction.relations)
        self.revisions: list[Revision] = list(extraction.revisions)
        self.replaced: dict[str, str] = {}
        """Ids of merged entities, with the id of the entity that has their names now."""
        self.relation_ids = number_relations(extraction)

    def build(self) -> Extraction:
        """Return the extraction with all changes applied so far."""
        outline = replace(self.base.outline, letters=tuple(self.letters.values()), parts=tuple(self.parts.values()))
        return replace(
            self.base,
            outline=outline,
            entities=tuple(self.entities.values()),
            relations=tuple(self.relations),
            figures=tuple(self.figures.values()),
            revisions=tuple(self.revisions),
        )

    def save(self) -> tuple[Any, ...]:
        """Return the present state, for :meth:`restore`."""
        return tuple(copy(getattr(self, name)) for name in _STATE)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to a saved state."""
        for name, value in zip(_STATE, state, strict=True):
            setattr(self, name, value)

    # look-ups

    def resolve(self, ident: str) -> str:
        """Return the id of the entity that an entity was merged with, else *ident*."""
        while ident in self.replaced:
            ident = self.replaced[ident]
        return ident

    def find_by_name(self, name: str) -> list[Entity]:
        """Return the entities with that label or alias."""
        key = name_key(name)
        return [e for e in self.entities.values() if key and key in map(name_key, (e.label, *e.aliases))]

    def find_letter_entity(self, letter: Letter) -> Entity | None:
        """Return the entity that is the letter itself, if the letter is a policy text or a report."""
        if letter.kind not in TITLED_KINDS:
            return None
        same = self.find_by_name(letter.get_value("title") or "")
        return next((entity for entity in same if entity.kind is letter.kind), None)

    def list_issuers(self, letter: Letter) -> set[str]:
        """Return the ids of the agencies that issued the letter."""
        own = self.find_letter_entity(letter)
        subjects = {letter.id, *([own.id] if own else [])}
        return {r.object for r in self.relations if r.predicate == "issuedBy" and r.subject in subjects}

    def get_kind(self, ident: str) -> Kind | None:
        """Return the class of an entity, letter or part."""
        thing = self.entities.get(ident) or self.letters.get(ident) or self.parts.get(ident)
        return thing.kind if thing else None

    def fits_contract(self, subject: str, predicate: str, obj: str) -> bool:
        """Return whether *predicate* may connect the things with these ids, as their classes are now."""
        one, two = self.get_kind(subject), self.get_kind(obj)
        if one is None or two is None:
            return False
        if subject in self.letters:
            return fits_shapes(predicate, one, two)
        return self.contract.fits(one, predicate, two)

    def describe(self, ident: str) -> str:
        """Return words for a thing."""
        if ident in self.entities:
            return self.entities[ident].label
        if ident in self.parts:
            return "".join(self.parts[ident].label_span.of(self.text).split())[:30]
        if ident in self.letters:
            letter = self.letters[ident]
            return letter.get_value("title") or letter.kind.value
        if ident in self.figures:
            return "".join(self.figures[ident].span.of(self.text).split())
        return ident

    def describe_relation(self, subject: str, predicate: str, obj: str) -> str:
        """Return words for a relation."""
        return f"{self.describe(subject)} {predicate} {self.describe(obj)}"

    # changes

    def revise(self, revision: Revision) -> None:
        self.revisions.append(revision)

    def make_revision(self, change: str, about: str, span: Span, before: str, after: str, name: str = "") -> Revision:
        """Return a revision by this model, with the confidence of its kind of change."""
        name = name or self.describe(about)
        return Revision(change, about, name, before, after, span, self.rule, self.trust.get_confidence(change))

    def withdraw_relations(self, change: str, is_meant: Callable[[Relation], bool]) -> int:
        """Remove the relations that are meant. Each statement becomes a revision, unless it is derived."""
        gone = [relation for relation in self.relations if is_meant(relation)]
        self.relations = [relation for relation in self.relations if not is_meant(relation)]
        stated: dict[tuple[str, str, str], Relation] = {}
        for relation in gone:
            if relation.predicate not in DERIVED:
                key = (relation.subject, relation.predicate, relation.object)
                best = stated.get(key)
                stated[key] = relation if best is None or relation.confidence > best.confidence else best
        for (subject, predicate, obj), relation in stated.items():
            before = self.describe_relation(subject, predicate, obj)
            about = subject if subject not in self.parts and subject not in self.figures else ""
            made = self.make_revision(change, about, relation.span, before, "", before)
            self.revise(
                replace(made, withdrawn_rule=relation.rule, withdrawn_confidence=relation.confidence)
            )  # fmt: skip
        return len(stated)

    def remove_entity(self, ident: str) -> None:
        """Remove an entity with its relations, and clear the slots of figures that name it."""
        self.withdraw_relations("drop.edge", lambda r: ident in (r.subject, r.object))
        self.clear_slots_with(ident, _ENDS)
        del self.entities[ident]

    def clear_slots_with(self, ident: str, names: Iterable[str]) -> None:
        """Clear the slots of figures that name the thing *ident*. What they had said becomes revisions."""
        for figure in list(self.figures.values()):
            held = {name: None for name in names if getattr(figure, name) == ident}
            self.withdraw_slots(figure, held)
            if held:
                self.figures[figure.id] = replace(figure, **held)  # type: ignore[arg-type]

    def withdraw_slots(self, figure: Figure, names: Iterable[str]) -> None:
        """Keep what the slots *names* of *figure* say as revisions. A deadline that is the period says nothing more."""
        for name in names:
            value = getattr(figure, name)
            if not value or (name == "deadline" and value == figure.period):
                continue
            if isinstance(value, Support):
                value = value.value
            slot = f"slot.{SLOT_NAMES.get(name, name)}"
            revision = self.make_revision(slot, figure.id, figure.span, self.describe(value), "")
            self.revise(replace(revision, withdrawn_rule=figure.rule, withdrawn_confidence=figure.confidence))

    def withdraw_names(self, change: str, entity: Entity, span: Span, names: Iterable[str], after: str = "") -> None:
        """Keep names of *entity* that it loses as revisions by *change*."""
        for name in sorted(names):
            revision = self.make_revision(change, entity.id, span, name, after, entity.label)
            self.revise(replace(revision, withdrawn_rule=entity.rule, withdrawn_confidence=entity.confidence))

    def withdraw_facts(self, entity: Entity, span: Span, kept: Iterable[Fact] = ()) -> None:
        """Keep the facts of *entity* that are not among *kept* as revisions, each with the fact in its place."""
        values = [(fact.name, fact.value) for fact in kept]
        for fact in entity.facts:
            if (fact.name, fact.value) in values:
                continue
            after = next((f"{name} {value}" for name, value in values if name == fact.name), "")
            revision = self.make_revision("field", entity.id, span, f"{fact.name} {fact.value}", after, entity.label)
            self.revise(replace(revision, withdrawn_rule=entity.rule, withdrawn_confidence=entity.confidence))

    def redirect(self, old: str, new: str) -> None:
        """Let everything that refers to the entity *old* refer to *new*. Relations between the two are withdrawn."""
        self.withdraw_relations("drop.edge", lambda r: {r.subject, r.object} <= {old, new})
        relations: dict[Relation, None] = {}
        for relation in self.relations:
            subject = new if relation.subject == old else relation.subject
            obj = new if relation.object == old else relation.object
            relations[replace(relation, subject=subject, object=obj)] = None
        self.relations = list(relations)
        for figure in list(self.figures.values()):
            ends = {name: new for name in _ENDS if getattr(figure, name) == old}
            if ends:
                self.figures[figure.id] = replace(figure, **ends)  # type: ignore[arg-type]
        self.replaced[old] = new
        del self.entities[old]

    def states(self, subject: str, predicate: str, obj: str) -> bool:
        """Return whether the relation is stated already."""
        return any((r.subject, r.predicate, r.object) == (subject, predicate, obj) for r in self.relations)


def number_relations(extraction: Extraction) -> dict[str, tuple[str, str, str]]:
    """Return the statements of *extraction* that a model is shown, by their ids ``r1``, ``r2`` …"""
    stated = dict.fromkeys(
        (r.subject, r.predicate, r.object) for r in extraction.relations if r.predicate not in DERIVED
    )
    return {f"r{number}": statement for number, statement in enumerate(stated, 1)}


@cache
def _read_shapes() -> PropertyShapes:
    return PropertyShapes()


@cache
def fits_shapes(predicate: str, subject: Kind, obj: Kind) -> bool:
    """Return whether ``shapes.ttl`` allows *predicate* between a document and a thing of these classes."""
    return subject in _DOCUMENTS and _read_shapes().fits(predicate, subject.value, obj.value)


def sort_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(set(spans)))
