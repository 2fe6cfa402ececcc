"""The names of entities as people decided them."""

from __future__ import annotations

from collections.abc import Iterable

from extract.corrections.ledger import EntityKey, EntityName, Ledger, make_entity_key, parse_kind
from extract.corrections.model import Decision, DecisionTopic, DecisionVerdict, UnappliedReason
from extract.model import ENTITY_KINDS, Entity
from extract.text.normalize import name_key

LABEL, KIND, JURISDICTION = "label", "kind", "jurisdiction"
"""Slots of an entity that a correction may change."""


class NameResolver:
    """The names that entities get by corrections and merges.

    A correction or merge is a step from one name to another. Steps are followed one after the other.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._steps: dict[EntityKey, dict[str, Decision]] = {}
        self._rejected: dict[EntityKey, Decision] = {}
        for decision in ledger.select(DecisionTopic.ENTITY, DecisionVerdict.REJECT):
            if (kind := parse_kind(decision.kind)) is not None:
                self._rejected.setdefault((kind, name_key(decision.subject)), decision)
        for decision in ledger.select(DecisionTopic.ENTITY, DecisionVerdict.CORRECT, DecisionVerdict.MERGE):
            if decision.slot != JURISDICTION:
                self._add_step(decision)
        # all circles are found before a decision is refused: so the order of the decisions does not matter
        circular = [
            decision for key in self._steps if self._is_in_circle(key) for decision in self._steps[key].values()
        ]
        ledger.refuse_all(circular, UnappliedReason.CONTRADICTION)

    def resolve(self, name: EntityName, *, mark_applied: bool = False) -> EntityName | None:
        """Return the final name of the entity called *name*, or None if a person rejected it.

        Args:
            name: class and label.
            mark_applied: record that the decisions on the way were applied.
        """
        while True:
            if mark_applied:
                self._mark_steps_applied(name)
            following = self._follow_step(name)
            if following is None or make_entity_key(following) == make_entity_key(name):
                return following
            name = following

    def is_merged(self, name: EntityName) -> bool:
        """Return whether a person merged *name* into another entity."""
        steps = self._steps.get(make_entity_key(name), {})
        return any(decision.verdict is DecisionVerdict.MERGE for decision in steps.values())

    def _add_step(self, decision: Decision) -> None:
        kind = parse_kind(decision.kind)
        slot = LABEL if decision.verdict is DecisionVerdict.MERGE else decision.slot
        is_valid = (slot == LABEL and name_key(decision.value)) or (
            slot == KIND and parse_kind(decision.value) in ENTITY_KINDS
        )
        if kind is None or not is_valid:
            self.ledger.refuse(decision, UnappliedReason.MALFORMED)
            return
        first = self._steps.setdefault((kind, name_key(decision.subject)), {}).setdefault(slot, decision)
        if first is decision:
            return
        if first.value != decision.value and first.source == decision.source:
            self.ledger.refuse_all((decision, first), UnappliedReason.CONTRADICTION)
        else:  # both say the same, or the one about this source has priority over the one about all sources
            self.ledger.mark_applied(decision)

    def _is_in_circle(self, start: EntityKey) -> bool:
        current, seen = start, set[EntityKey]()
        while current not in seen:
            seen.add(current)
            following = self._follow_step(current)
            if following is None or make_entity_key(following) == current:
                return False
            current = make_entity_key(following)
        return current == start

    def _follow_step(self, name: EntityName) -> EntityName | None:
        """Return the name after one step, *name* if there is no step, None if it is rejected."""
        key = make_entity_key(name)
        if key in self._rejected:
            return None
        kind, label = name
        for slot, decision in self._steps.get(key, {}).items():
            if self.ledger.is_refused(decision):
                continue
            if slot == KIND:
                kind = parse_kind(decision.value) or kind
            else:
                label = decision.value
        return kind, label

    def _mark_steps_applied(self, name: EntityName) -> None:
        key = make_entity_key(name)
        for decision in (*self._steps.get(key, {}).values(), self._rejected.get(key)):
            if decision is not None and not self.ledger.is_refused(decision):
                self.ledger.mark_applied(decision)


def find_entity(entities: Iterable[Entity], name: EntityName) -> Entity | None:
    """Return the entity with that class and label, or else the first one of that class with such an alias."""
    same_kind = [entity for entity in entities if entity.kind is name[0]]
    wanted = name_key(name[1])
    by_label = (entity for entity in same_kind if name_key(entity.label) == wanted)
    by_alias = (entity for entity in same_kind if wanted in map(name_key, entity.aliases))
    return next(by_label, None) or next(by_alias, None)


def get_entity_name(entity: Entity) -> EntityName:
    """Return class and label of *entity*."""
    return entity.kind, entity.label


def get_entity_key(entity: Entity) -> EntityKey:
    """Return class and folded label of *entity*."""
    return make_entity_key(get_entity_name(entity))
