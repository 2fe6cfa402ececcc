"""The decisions about one source, with the outcome of each: applied, or not applied and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import TypeVar

from extract.corrections.model import EVERYWHERE, Decision, DecisionTopic, DecisionVerdict, Unapplied, UnappliedReason
from extract.model import Kind, Span
from extract.text.normalize import name_key

_Value = TypeVar("_Value", bound=Hashable)
"""A value that decisions change step by step."""
EntityName = tuple[Kind, str]
"""Class and label of an entity."""
EntityKey = tuple[Kind, str]
"""Class and folded label of an entity: equal for all spellings of the label."""

_WITHOUT_EFFECT = frozenset({DecisionTopic.NAMES, DecisionTopic.GAP, DecisionTopic.REVISION})
"""Decisions that only the next review, by a person or a model, reads."""


def make_entity_key(name: EntityName) -> EntityKey:
    """Return *name* with its label folded."""
    return name[0], name_key(name[1])


def parse_kind(value: str) -> Kind | None:
    """Return the class with the local name *value*, or None."""
    return Kind(value) if value in set(Kind) else None


def follow_steps(start: _Value, step: Callable[[_Value], _Value | None]) -> tuple[_Value | None, bool]:
    """Apply *step* to *start*, and to each result, until nothing changes.

    Returns:
        The last value, or None if *step* returned None, and False. If the steps lead in a circle: *start* and True.
    """
    current, seen = start, {start}
    while True:
        following = step(current)
        if following is None or following == current:
            return following, False
        if following in seen:
            return start, True
        seen.add(following)
        current = following


class Ledger:
    """The decisions about one source, with the outcome of each.

    Args:
        decisions: decisions about this source or about all sources.
        text: the text of the source.
    """

    def __init__(self, decisions: Iterable[Decision], text: str) -> None:
        self.text = text
        self._reasons: dict[Decision, UnappliedReason] = {}
        self._applied: set[Decision] = set()
        self.decisions = tuple(sorted(decisions))
        by_key: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
        for decision in self.decisions:
            by_key[decision.key].append(decision)
        for same in by_key.values():
            if len({(decision.verdict, decision.value) for decision in same}) > 1:
                self.refuse_all(same, UnappliedReason.CONTRADICTION)
        for decision in self.decisions:
            if decision.what in _WITHOUT_EFFECT:
                self.mark_applied(decision)
        self._pending = tuple(d for d in self.decisions if d not in self._reasons and d not in self._applied)

    def select(self, what: DecisionTopic, *verdicts: DecisionVerdict) -> list[Decision]:
        """Return the decisions to apply: first those about this source, then those about all sources."""
        chosen = [d for d in self._pending if d.what is what and d.verdict in verdicts]
        return sorted(chosen, key=lambda d: (d.source == EVERYWHERE, d))

    def mark_applied(self, decision: Decision) -> None:
        """Record that *decision* was applied."""
        self._applied.add(decision)

    def refuse(self, decision: Decision, reason: UnappliedReason) -> None:
        """Record why *decision* cannot be applied. The first reason is kept."""
        self._reasons.setdefault(decision, reason)

    def refuse_all(self, decisions: Iterable[Decision], reason: UnappliedReason) -> None:
        """Record why *decisions* cannot be applied."""
        for decision in decisions:
            self.refuse(decision, reason)

    def record_steps(self, used: Iterable[Decision], *, in_circle: bool) -> None:
        """Record that *used* were applied or, if they lead in a circle, that they contradict each other."""
        for decision in used:
            if in_circle:
                self.refuse(decision, UnappliedReason.CONTRADICTION)
            else:
                self.mark_applied(decision)

    def is_refused(self, decision: Decision) -> bool:
        """Return whether there is a reason not to apply *decision*."""
        return decision in self._reasons

    def list_unapplied(self) -> tuple[Unapplied, ...]:
        """Return all decisions that were not applied, sorted."""
        return tuple(
            Unapplied(decision, self._reasons.get(decision, UnappliedReason.MISSING))
            for decision in self.decisions
            if decision not in self._applied
        )

    def find_quote(self, quote: str) -> tuple[Span, ...]:
        """Return all places of *quote* in the text. White space may differ."""
        return _find_quote(self.text, quote)

    def is_quoted(self, span: Span, quote: str) -> bool:
        """Return whether *span* lies in a place of *quote*. An empty quote means any place."""
        return not quote or any(place.contains(span) for place in self.find_quote(quote))


@lru_cache(maxsize=4096)
def _find_quote(text: str, quote: str) -> tuple[Span, ...]:
    words = quote.split()
    if not words:
        return ()
    return tuple(Span(*m.span()) for m in re.finditer(r"\s+".join(map(re.escape, words)), text))
