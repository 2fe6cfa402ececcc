"""The place of a provision: that of the agency which gives it."""

from __future__ import annotations

from collections.abc import Iterator

from viz.data import FactLine
from viz.views.index import PageIndex


def find_grant_place(index: PageIndex, line: FactLine) -> int | None:
    """Return the place where the provision of *line* is given, or None if the page does not say.

    It is the place that the provision itself names, else that of its provider, else that of the agency behind the
    policy or program that it is granted under, else that of the agency whose document states it. The first agency that
    is known decides: a provision of a ministry has no place, although a bureau of a city writes of it.
    """
    ties = [
        (slot, index.position[node])
        for slot, node in (line.figure.ties if line.figure else ())
        if node in index.position
    ]
    places = [node for slot, node in ties if slot == "place"]
    if places:
        return places[0]
    for wanted in ("provider", "grantedUnder"):
        for agency in (agency for slot, node in ties if slot == wanted for agency in _find_agencies(index, node)):
            return _find_jurisdiction(index, agency)
    names = {quote.agency for quote in line.quotes if quote.agency}
    for agency in index.find_nodes("Agency"):
        if index.data.nodes[agency].label in names:
            return _find_jurisdiction(index, agency)
    return None


def _find_agencies(index: PageIndex, node: int) -> Iterator[int]:
    """Yield the agency *node*, or those that issued an instrument, run a program, or issued what established it."""
    if index.kinds[node] == "Agency":
        yield node
    for edge in index.find_edges_from(node, "issuedBy"):
        yield index.ends[edge][1]
    for predicate in ("administers", "operates"):
        yield from index.find_subjects(node, predicate)
    for instrument in index.find_subjects(node, "establishes"):
        for edge in index.find_edges_from(instrument, "issuedBy"):
            yield index.ends[edge][1]


def _find_jurisdiction(index: PageIndex, agency: int) -> int | None:
    return next((index.ends[edge][1] for edge in index.find_edges_from(agency, "jurisdiction")), None)
