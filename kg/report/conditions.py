"""What decides who gets a support: the words of its conditions, and of how many it takes one or some."""

from __future__ import annotations

from collections import defaultdict

from kg.report.facts import Facts, split_span
from ontology.terms import PK

_OPTIONAL = frozenset({"AnyOf", "SomeOf"})


class ConditionIndex:
    """Conditions by what they decide about."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._decided: dict[str, list[str]] = defaultdict(list)
        self._spans: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._groups: dict[str, str] = {}
        for condition, decided, group, span in facts.select("conditions"):
            self._decided[condition].append(decided)
            self._spans[decided].append((span, group))
            if group:
                self._groups[condition] = group

    def list_decided(self, condition: str) -> list[str]:
        """Return what a condition decides about, by itself or with its group."""
        return list(dict.fromkeys(self._decided.get(condition, ())))

    def describe(self, decided: str) -> str | None:
        """Return the words of all conditions of a support in the order of the text, None if it has none."""
        found: dict[str, None] = {}
        for span, group in sorted(self._spans.get(decided, ()), key=lambda row: split_span(row[0]) or ("", 0, 0)):
            quote = self._facts.read_span(span)
            if quote is not None:
                found[self._mark(group) + quote.text] = None
        return "；".join(found) or None

    def _mark(self, group: str) -> str:
        return "〔任选〕" if group and self._kind(group) in _OPTIONAL else ""

    def _kind(self, group: str) -> str:
        return self._facts.value(group, "groupKind").removeprefix(PK)

    def quote_group(self, condition: str) -> str | None:
        """Return the words that say that one or some of several conditions are enough; None if all must be met."""
        group = self._groups.get(condition, "")
        if not group or self._kind(group) not in _OPTIONAL:
            return None
        quote = self._facts.quote(group)
        return quote.text if quote is not None else None
