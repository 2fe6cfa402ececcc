"""Decisions about facts of entities and documents, and about statements between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from extract.corrections.ledger import Ledger, follow_steps, parse_kind
from extract.corrections.model import (
    PERSON,
    Decision,
    DecisionTopic,
    DecisionVerdict,
    UnappliedReason,
    flatten_text,
)
from extract.corrections.names import NameResolver, find_entity
from extract.model import Entity, Extraction, Fact, Field, Letter, Part, Relation, Span
from extract.text.normalize import name_key

_EXISTING = (DecisionVerdict.REJECT, DecisionVerdict.CORRECT, DecisionVerdict.ACCEPT)
"""Verdicts about something that is in the extraction."""


def apply_to_facts(extraction: Extraction, names: NameResolver, ledger: Ledger) -> Extraction:
    """Add, correct, accept and reject facts, then statements."""
    return _StatementCorrector(_correct_facts(extraction, names, ledger), names, ledger).correct()


# facts


@dataclass(frozen=True, slots=True)
class _Literal:
    name: str
    value: str


def _correct_facts(extraction: Extraction, names: NameResolver, ledger: Ledger) -> Extraction:
    decisions = ledger.select(DecisionTopic.FACT, *_EXISTING)
    additions = ledger.select(DecisionTopic.FACT, DecisionVerdict.ADD)
    if not decisions and not additions:
        return extraction
    entities = []
    for entity in extraction.entities:
        own = [d for d in decisions if _is_called(entity, d.kind, d.subject, names)]
        added = [
            fact
            for d in additions
            if _is_called(entity, d.kind, d.subject, names)
            for fact in _make_added_facts(d, ledger)
        ]
        entities.append(_correct_entity(entity, added, own, ledger) if own or added else entity)
    letters = []
    for letter in extraction.outline.letters:
        own = [d for d in decisions if d.kind == letter.kind]
        letters.append(_correct_letter(letter, own, ledger) if own else letter)
    return replace(extraction, entities=tuple(entities), outline=replace(extraction.outline, letters=tuple(letters)))


def _is_called(entity: Entity, kind: str, label: str, names: NameResolver) -> bool:
    known_kind = parse_kind(kind)
    name = names.resolve((known_kind, label)) if known_kind else None
    return name is not None and find_entity([entity], name) is not None


def _make_added_facts(decision: Decision, ledger: Ledger) -> list[Fact]:
    """Return the fact that *decision* adds; nothing if its quote is not in the text."""
    places = ledger.find_quote(decision.quote)
    if not places:
        ledger.refuse(decision, UnappliedReason.NO_QUOTE)
        return []
    ledger.mark_applied(decision)
    return [Fact(decision.predicate, decision.object, places[0])]


def _correct_entity(entity: Entity, added: list[Fact], decisions: list[Decision], ledger: Ledger) -> Entity:
    facts: dict[tuple[str, str], Fact] = {}
    for fact in (*entity.facts, *added):
        corrected = _correct_literal(_Literal(fact.name, fact.value), fact.span, decisions, ledger)
        if corrected is not None:
            facts.setdefault((corrected.name, corrected.value), replace(fact, value=corrected.value))
    return replace(entity, facts=tuple(facts.values()))


def _correct_letter(letter: Letter, decisions: list[Decision], ledger: Ledger) -> Letter:
    fields: list[Field] = []
    for field in letter.fields:
        corrected = _correct_literal(_Literal(field.name, field.value), field.span, decisions, ledger)
        if corrected is not None:
            fields.append(field if corrected.value == field.value else replace(field, value=corrected.value))
    return replace(letter, fields=tuple(fields))


def _correct_literal(literal: _Literal, span: Span, decisions: list[Decision], ledger: Ledger) -> _Literal | None:
    """Return the corrected *literal*, or None if it is rejected."""
    used: list[Decision] = []

    def step(current: _Literal) -> _Literal | None:
        stated = (current.name, flatten_text(current.value))
        for decision in decisions:  # those about this source come first
            is_same = (decision.predicate, flatten_text(decision.object)) == stated
            if is_same and ledger.is_quoted(span, decision.quote):
                used.append(decision)
                if decision.verdict is DecisionVerdict.REJECT:
                    return None
                if decision.verdict is DecisionVerdict.CORRECT and decision.value:
                    return _Literal(literal.name, decision.value)
        return current

    outcome = follow_steps(literal, step)
    ledger.record_steps(used, in_circle=outcome[1])
    return outcome[0]


# statements


class _StatementCorrector:
    """The relations of an extraction, with the decisions about them."""

    def __init__(self, extraction: Extraction, names: NameResolver, ledger: Ledger) -> None:
        self.extraction, self.names, self.ledger = extraction, names, ledger
        self.text = extraction.source.text
        outline = extraction.outline
        self.things: dict[str, Entity | Letter | Part] = {
            thing.id: thing for group in (extraction.entities, outline.letters, outline.parts) for thing in group
        }
        self.by_predicate: dict[str, list[Decision]] = {}
        for decision in ledger.select(DecisionTopic.STATEMENT, *_EXISTING):
            self.by_predicate.setdefault(decision.predicate, []).append(decision)

    def correct(self) -> Extraction:
        """Return the extraction with its relations added, corrected, accepted and rejected."""
        relations = [*self.extraction.relations, *self._make_added_relations()]
        found: dict[object, Relation] = {}
        for i, relation in enumerate(relations):
            corrected = self._correct_relation(relation)
            if corrected is None:
                continue
            # a corrected relation that equals another one is dropped; untouched relations all stay
            content = (corrected.subject, corrected.predicate, corrected.object, corrected.span)
            may_merge = corrected.rule == PERSON or content in found
            found.setdefault(content if may_merge else (i, content), corrected)
        return replace(self.extraction, relations=tuple(found.values()))

    def _make_added_relations(self) -> Iterable[Relation]:
        for decision in self.ledger.select(DecisionTopic.STATEMENT, DecisionVerdict.ADD):
            places = self.ledger.find_quote(decision.quote)
            if not places:
                self.ledger.refuse(decision, UnappliedReason.NO_QUOTE)
                continue
            subject = self._find_thing(decision.kind, decision.subject, places[0])
            obj = self._find_thing(decision.object_kind, decision.object, places[0])
            if not decision.predicate:
                self.ledger.refuse(decision, UnappliedReason.MALFORMED)
            elif subject is None or obj is None or subject == obj:
                self.ledger.refuse(decision, UnappliedReason.NO_THING)
            else:
                self.ledger.mark_applied(decision)
                yield Relation(subject, decision.predicate, obj, places[0], PERSON, 1.0)

    def _find_thing(self, kind: str, label: str, near: Span) -> str | None:
        """Return the id of the thing with that class and label.

        Documents have no label. If the class is that of a document, it is the document that contains *near*, or the
        only document of that class.
        """
        known_kind = parse_kind(kind)
        if known_kind is None:
            return None
        name = self.names.resolve((known_kind, label))
        entity = find_entity(self.extraction.entities, name) if name else None
        if entity is not None:
            return entity.id
        outline = self.extraction.outline
        parts = [part.id for part in outline.parts if part.kind is known_kind and _begins_with(part, label, self.text)]
        letters = [letter for letter in outline.letters if letter.kind is known_kind]
        around = [letter.id for letter in letters if letter.span.contains(near)]
        only = [letter.id for letter in letters if len(letters) == 1]
        return next(iter([*parts, *(around or only)]), None)

    def _correct_relation(self, relation: Relation) -> Relation | None:
        used: list[Decision] = []
        corrected, in_circle = follow_steps(relation, partial(self._apply_decisions, used))
        self.ledger.record_steps(used, in_circle=in_circle)
        return corrected

    def _apply_decisions(self, used: list[Decision], relation: Relation) -> Relation | None:
        """Apply the decisions about *relation* once, None if it is rejected. Add the applied ones to *used*."""
        decisions = [d for d in self.by_predicate.get(relation.predicate, ()) if self._is_about(d, relation)]
        done: set[str] = set()
        for decision in sorted(decisions, key=lambda d: d.verdict is not DecisionVerdict.REJECT):
            if decision.verdict is DecisionVerdict.REJECT:
                used.append(decision)
                return None
            new = self._apply_decision(decision, relation)
            if new is not None and decision.slot not in done:
                used.append(decision)
                done.add(decision.slot)
                relation = new
        return relation

    def _apply_decision(self, decision: Decision, relation: Relation) -> Relation | None:
        """Return *relation* accepted or corrected, or None if the correction is not possible."""
        if decision.verdict is DecisionVerdict.ACCEPT:
            return replace(relation, confidence=1.0)
        if decision.slot == "predicate" and decision.value:
            return replace(relation, predicate=decision.value, rule=PERSON, confidence=1.0)
        if decision.slot not in ("subject", "object"):
            self.ledger.refuse(decision, UnappliedReason.MALFORMED)
            return None
        is_subject = decision.slot == "subject"
        kind = decision.kind if is_subject else decision.object_kind
        other = relation.object if is_subject else relation.subject
        ident = self._find_thing(kind, decision.value, relation.span) or self._find_only_entity(decision.value)
        if ident is None or ident == other:
            self.ledger.refuse(decision, UnappliedReason.NO_THING)
            return None
        return replace(relation, **{decision.slot: ident, "rule": PERSON, "confidence": 1.0})  # type: ignore[arg-type]

    def _find_only_entity(self, label: str) -> str | None:
        """Return the id of the only entity of any class with that label or alias."""
        wanted = name_key(label)
        same = [
            entity.id
            for entity in self.extraction.entities
            if wanted in (name_key(entity.label), *map(name_key, entity.aliases))
        ]
        return same[0] if len(same) == 1 else None

    def _is_about(self, decision: Decision, relation: Relation) -> bool:
        return (
            self._is_thing(relation.subject, decision.kind, decision.subject)
            and self._is_thing(relation.object, decision.object_kind, decision.object)
            and self.ledger.is_quoted(relation.span, decision.quote)
        )

    def _is_thing(self, ident: str, kind: str, label: str) -> bool:
        """Return whether *ident* is the thing with that class and label."""
        thing = self.things.get(ident)
        if isinstance(thing, Entity):
            return _is_called(thing, kind, label, self.names)
        if isinstance(thing, Part):
            return thing.kind == kind and _begins_with(thing, label, self.text)
        return thing is not None and thing.kind == kind  # a document has no label: the quote identifies it


def _begins_with(part: Part, label: str, text: str) -> bool:
    return name_key(part.label_span.of(text)).startswith(name_key(label))
