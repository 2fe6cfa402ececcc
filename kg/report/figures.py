"""The figures of a store by place in the text, each with its slots as plain values."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kg.report.facts import Facts, split_span
from ontology.terms import PK


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
        places: dict[str, tuple[str, int, int]] = {}
        for figure, _, span in facts.select("figures"):
            if place := split_span(span):
                places[figure] = min(places.get(figure, place), place)
        self._places = places
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
        facts = self._facts
        context, begin, end = self._places.get(iri, ("", 0, 0))

        def first(name: str) -> str:
            return facts.value(iri, name)

        return FigureInfo(
            iri, facts.view.kind(iri), context, begin, end, _parse_number(first("value")), first("unit"),
            first("bound").removeprefix(PK) or "Exactly", first("metric"), first("period"), first("deadline"),
            first("frequency"), first("per"), first("about"), first("place"), first("grantedUnder"), first("provider"),
            tuple(facts.values(iri, "actor")),
        )  # fmt: skip

    def list_between(self, context: str, begin: int, end: int) -> list[FigureInfo]:
        """Return the figures of a stretch of text, in order."""
        some = self._by_context.get(context, [])
        return [self.get(iri) for _, iri in some[bisect_left(some, (begin, "")) : bisect_left(some, (end, ""))]]

    def list_all(self, *kinds: str) -> Iterator[FigureInfo]:
        """Yield the figures of some classes (local names), in the order of sources and text."""
        wanted = {iri for iri, kind, _ in self._facts.select("figures") if kind.removeprefix(PK) in kinds}
        for context in sorted(self._by_context):
            yield from (self.get(iri) for _, iri in self._by_context[context] if iri in wanted)


def _parse_number(text: str) -> Decimal:
    try:
        return Decimal(text or 0)
    except InvalidOperation:
        return Decimal(0)
