"""The figures of a store by place in the text, each with its slots as plain values."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import NamedNode

from kg.report.facts import Facts, split_span
from ontology.terms import PK

_SLOTS = (
    "value", "unit", "bound", "metric", "period", "deadline", "frequency", "per", "about", "place", "grantedUnder",
    "provider",
)  # fmt: skip
_MANY = 500
"""Figures from which on all are read at once."""


@dataclass(frozen=True, slots=True)
class FigureInfo:
    """A figure with its slots; things are IRIs."""

    iri: str
    kind: str
    context: str
    begin: int
    end: int
    value: Decimal
    unit: str
    bound: str
    metric: str
    period: str
    deadline: str
    frequency: str
    per: str
    about: str
    place: str
    under: str
    """Program or instrument that grants it."""
    provider: str
    actors: tuple[str, ...]
    """Agencies in charge of the item of a target."""


class FigureIndex:
    """Figures by their place. One index is made for each store and kept with its facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[str, FigureInfo] = {}
        self._slots: dict[str, dict[str, str]] | None = None
        self._kinds: dict[str, str] = {}
        places: dict[str, tuple[str, int, int]] = {}
        for figure, kind, span in facts.select("figures"):
            if place := split_span(span):
                places[figure] = min(places.get(figure, place), place, key=facts.order_place)
                self._kinds.setdefault(figure, kind.removeprefix(PK))
        self._places = places
        facts.places |= places
        self._by_context: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for figure, (context, begin, _) in places.items():
            self._by_context[context].append((begin, figure))
        for some in self._by_context.values():
            some.sort()

    @classmethod
    def of(cls, facts: Facts) -> FigureIndex:
        """Return the index of *facts*, made when it is first needed."""
        if facts.figures is None:
            facts.figures = cls(facts)
        found = facts.figures
        assert isinstance(found, cls)
        return found

    def get(self, iri: str) -> FigureInfo:
        """Return the figure *iri*."""
        known = self._known.get(iri)
        if known is None:
            known = self._known[iri] = self._read(iri)
        return known

    def _read(self, iri: str) -> FigureInfo:
        facts, slots = self._facts, self._slots
        context, begin, end = self._places.get(iri, ("", 0, 0))

        def first(name: str) -> str:
            return facts.value(iri, name) if slots is None else slots[name].get(iri, "")

        return FigureInfo(
            iri, self._kinds.get(iri) or facts.view.kind(iri), context, begin, end, _parse_number(first("value")),
            first("unit"), first("bound").removeprefix(PK) or "Exactly", first("metric"), first("period"),
            first("deadline"), first("frequency"), first("per"), first("about"), first("place"), first("grantedUnder"),
            first("provider"), tuple(facts.values(iri, "actor")),
        )  # fmt: skip

    def _read_slots(self) -> dict[str, dict[str, str]]:
        """Return the values of all figures by property and figure, each property in one pass over the store.

        A figure has few properties, so that one look-up for each figure takes longer than a pass for each property.
        """
        view, places = self._facts.view, self._places
        found: dict[str, dict[str, str]] = {}
        for name in _SLOTS:
            values = found[name] = {}
            for quad in self._facts.store.find_statements(None, PK + name):
                subject, value = quad.subject, quad.object
                if isinstance(subject, NamedNode) and subject.value in places:
                    text = view.main_node(value.value) if isinstance(value, NamedNode) else _read_text(value)
                    values[subject.value] = min(values.get(subject.value, text), text)
        return found

    def list_between(self, context: str, begin: int, end: int) -> list[FigureInfo]:
        """Return the figures of a stretch of text, in order."""
        some = self._by_context.get(context, [])
        return [self.get(iri) for _, iri in some[bisect_left(some, (begin, "")) : bisect_left(some, (end, ""))]]

    def list_all(self, *kinds: str) -> Iterator[FigureInfo]:
        """Yield the figures of some classes (local names), in the order of sources and text."""
        wanted = {iri for iri, kind, _ in self._facts.select("figures") if kind.removeprefix(PK) in kinds}
        if self._slots is None and len(wanted) > _MANY:
            self._slots = self._read_slots()
        for context in sorted(self._by_context):
            yield from (self.get(iri) for _, iri in self._by_context[context] if iri in wanted)


def _read_text(term: object) -> str:
    return str(getattr(term, "value", ""))


def _parse_number(text: str) -> Decimal:
    try:
        return Decimal(text or 0)
    except InvalidOperation:
        return Decimal(0)
