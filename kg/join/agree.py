"""Contradictions between two nodes. Nodes that contradict each other are never joined as one proposal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum

from kg.join import keys
from kg.join.model import LetterNode
from kg.join.settings import load_settings


class PlaceMatch(IntEnum):
    """How the places of two proposals relate."""

    APART = 0
    NEAR = 1
    """One place lies in the other: a county's bureau may answer a city's proposal, or one of its own."""
    UNKNOWN = 2
    SAME = 3


def compare_places(a: LetterNode, b: LetterNode, within: frozenset[tuple[str, str]]) -> PlaceMatch:
    """Return how the places of two proposals relate.

    Args:
        a: a proposal.
        b: another proposal.
        within: pairs of a place and a place that it lies in, as sources say.
    """
    if not a.places or not b.places:
        return PlaceMatch.UNKNOWN
    if a.places & b.places:
        return PlaceMatch.SAME
    near = any(_lies_in(x, y, within) or _lies_in(y, x, within) for x in a.places for y in b.places)
    return PlaceMatch.NEAR if near or a.handlers & b.handlers else PlaceMatch.APART


def contradict_each_other(a: LetterNode, b: LetterNode, within: frozenset[tuple[str, str]]) -> bool:
    """Return whether body, session, number, place or title show that *a* and *b* are two proposals."""
    if a.bodies and b.bodies and not a.bodies & b.bodies:
        return True
    if a.sessions and b.sessions and not any(_are_same_session(x, y) for x in a.sessions for y in b.sessions):
        return True
    if _have_different_numbers(a.numbers, b.numbers):
        return True
    place = compare_places(a, b, within)
    if place is PlaceMatch.APART:
        return True
    if place is PlaceMatch.SAME and _select_long(a.numbers) & _select_long(b.numbers):
        return False  # a long number is unique in its place, however a page prints the title
    limits = load_settings()["title"]
    if place is PlaceMatch.NEAR and not a.handlers & b.handlers:
        return not have_similar_titles(a.titles, b.titles, limits["near"])
    return bool(a.titles and b.titles) and not have_similar_titles(a.titles, b.titles, limits["unlike"])


def have_similar_titles(titles: Iterable[str], others: Collection[str], least: float) -> bool:
    """Return whether any title of *titles* and any of *others* have a similarity of at least *least*."""
    return any(keys.measure_similarity(x, y) >= least for x in titles for y in others)


def are_too_late(proposals: Collection[int], replies: Collection[int]) -> bool:
    """Return whether a reply of the years *replies* cannot answer a proposal of the years *proposals*."""
    most = int(load_settings()["years"]["most"])
    return bool(proposals and replies) and not any(0 <= r - p <= most for p in proposals for r in replies)


def _have_different_numbers(a: frozenset[str], b: frozenset[str]) -> bool:
    if not a or not b or a & b:
        return False
    # 368 may be short for 20230368
    return not any(_is_short_for(x, y) or _is_short_for(y, x) for x in a for y in b)


def _is_short_for(short: str, whole: str) -> bool:
    if not keys.is_long_number(whole) or not short.isdigit() or keys.is_long_number(short):
        return False
    return whole[4:].lstrip("0") == short


def _select_long(numbers: frozenset[str]) -> frozenset[str]:
    return frozenset(filter(keys.is_long_number, numbers))


def _are_same_session(a: keys.AssemblySession, b: keys.AssemblySession) -> bool:
    if (a.term, a.meeting) != (b.term, b.meeting):
        return False
    return not a.level or not b.level or a.level == b.level


def _lies_in(place: str, other: str, within: frozenset[tuple[str, str]]) -> bool:
    """Return whether *place* lies in *other*, by its name or by a chain of statements of sources."""
    if place != other and place.startswith(other):
        return True
    seen, queue = {place}, [place]
    while queue:
        current = queue.pop()
        for inner, outer in within:
            if inner == current and outer not in seen:
                if outer == other:
                    return True
                seen.add(outer)
                queue.append(outer)
    return False
