"""Which properties a figure of each class has, with what they connect it, and where names are quoted from."""

from __future__ import annotations

from collections.abc import Iterator

from extract.model import Figure, Kind, Span
from extract.text.search import SpanIndex

SLOTS_OF = {
    Kind.PROVISION: frozenset({"grantedUnder", "provider", "per", "frequency"}),
    Kind.OBSERVATION: frozenset({"place"}),
    Kind.TARGET: frozenset({"place", "deadline", "frequency", "partOf"}),
    Kind.CONDITION: frozenset({"conditionOf"}),
}
"""Properties that the vocabulary allows for a figure of a class, beside value and bound and those of all figures."""
SLOTS_OF_ALL = frozenset({"unit", "metric", "period", "about"})
EVIDENT_SLOTS = ("about", "place", "grantedUnder", "provider", "conditionOf")
"""Properties of a figure whose statements have evidence of their own."""


def find_slots(figure: Figure) -> Iterator[tuple[str, str]]:
    """Yield the properties that connect a figure of its class with other things, each with the id of the thing."""
    slots = {
        "about": figure.about,
        "place": figure.place,
        "grantedUnder": figure.granted_under,
        "provider": figure.provider,
        "partOf": figure.part_of,
        "conditionOf": figure.condition_of,
    }
    allowed = SLOTS_OF_ALL | SLOTS_OF[figure.kind]
    yield from ((name, ident) for name, ident in slots.items() if ident is not None and name in allowed)


def choose_quotes(spans: tuple[Span, ...], backing: SpanIndex) -> list[Span]:
    """Return where a name is quoted from: the shortest backing span that contains it, else its first occurrence."""
    holders = [holder for span in spans if (holder := backing.find_holder(span)) is not None]
    best = min(holders, key=lambda holder: (len(holder), holder), default=None)
    return [best] if best else list(spans[:1])
