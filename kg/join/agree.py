"""Contradictions between two nodes. Nodes that contradict each other are never joined as one proposal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum
from functools import lru_cache
from itertools import starmap

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


def compare_places(node: LetterNode, other: LetterNode, within: frozenset[tuple[str, str]]) -> PlaceMatch:
    """Return how the places of two proposals relate.

    Args:
        node: a proposal.
        other: another proposal.
        within: pairs of a place and a place that it lies in, as sources say.
    """
    if not node.places or not other.places:
        return PlaceMatch.UNKNOWN
    if node.places & other.places:
        return PlaceMatch.SAME
    near = any(lies_in(x, y, within) or lies_in(y, x, within) for x in node.places for y in other.places)
    return PlaceMatch.NEAR if near or node.handlers & other.handlers else PlaceMatch.APART


def contradict_each_other(node: LetterNode, other: LetterNode, within: frozenset[tuple[str, str]]) -> bool:
    """Return whether body, session, number, place or title show that *node* and *other* are two proposals."""
    if _have_different_numbers(node.numbers, other.numbers):  # first: it costs least and finds most
        return True
    if node.bodies and other.bodies and not node.bodies & other.bodies:
        return True
    session_pairs = [(session, other_session) for session in node.sessions for other_session in other.sessions]
    if session_pairs and not any(starmap(_are_same_session, session_pairs)):
        return True
    place = compare_places(node, other, within)
    if place is PlaceMatch.APART:
        return True
    if place is PlaceMatch.SAME and _select_long(node.numbers) & _select_long(other.numbers):
        return False  # a long number is unique in its place, however a page prints the title
    limits = load_settings()["title"]
    if place is PlaceMatch.NEAR and not node.handlers & other.handlers:
        return not have_similar_titles(node.titles, other.titles, limits["near"])
    return bool(node.titles and other.titles) and not have_similar_titles(node.titles, other.titles, limits["unlike"])


def have_similar_titles(titles: Iterable[str], others: Collection[str], least: float) -> bool:
    """Return whether any title of *titles* and any of *others* have a similarity of at least *least*."""
    return any(keys.measure_similarity(x, y) >= least for x in titles for y in others)


def are_too_late(proposals: Collection[int], replies: Collection[int]) -> bool:
    """Return whether a reply of the years *replies* cannot answer a proposal of the years *proposals*."""
    most = int(load_settings()["years"]["most"])
    return bool(proposals and replies) and not any(0 <= r - p <= most for p in proposals for r in replies)


def _have_different_numbers(numbers: frozenset[str], others: frozenset[str]) -> bool:
    if not numbers or not others or numbers & others:
        return False
    # 368 may be short for 20230368
    (short, tails), (other_short, other_tails) = _split_numbers(numbers), _split_numbers(others)
    return short.isdisjoint(other_tails) and other_short.isdisjoint(tails)


@lru_cache(maxsize=10_000)
def _split_numbers(numbers: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the short numbers, and those that the long ones may be called for short."""
    long = _select_long(numbers)
    short = frozenset(number for number in numbers - long if number.isdigit())
    return short, frozenset(number[4:].lstrip("0") for number in long)


def _select_long(numbers: frozenset[str]) -> frozenset[str]:
    return frozenset(filter(keys.is_long_number, numbers))


def _are_same_session(session: keys.AssemblySession, other: keys.AssemblySession) -> bool:
    if (session.term, session.meeting) != (other.term, other.meeting):
        return False
    return not session.level or not other.level or session.level == other.level


def lies_in(place: str, other: str, within: frozenset[tuple[str, str]]) -> bool:
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
