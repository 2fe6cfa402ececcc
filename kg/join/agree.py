"""What speaks against two nodes being one proposal: nothing is joined that contradicts itself anywhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum

from kg.join import keys
from kg.join.letters import Letter
from kg.join.settings import settings


class Place(IntEnum):
    """What two proposals' places say of their being one."""

    APART = 0
    NEAR = 1
    """One lies in the other: a county's bureau may answer a city's proposal, or one of its own."""
    UNKNOWN = 2
    SAME = 3


def places(a: Letter, b: Letter, within: frozenset[tuple[str, str]]) -> Place:
    """How the places of two proposals stand to each other."""
    if not a.places or not b.places:
        return Place.UNKNOWN
    if a.places & b.places:
        return Place.SAME
    near = any(_inside(x, y, within) or _inside(y, x, within) for x in a.places for y in b.places)
    return Place.NEAR if near or a.handlers & b.handlers else Place.APART


def contradict(a: Letter, b: Letter, within: frozenset[tuple[str, str]]) -> bool:
    """Whether body, session, number, place or title of two proposals say that they are two."""
    if a.bodies and b.bodies and not a.bodies & b.bodies:
        return True
    if a.sessions and b.sessions and not any(_one(x, y) for x in a.sessions for y in b.sessions):
        return True
    if _numbers_differ(a.numbers, b.numbers):
        return True
    place = places(a, b, within)
    if place is Place.APART:
        return True
    if place is Place.SAME and _long(a.numbers) & _long(b.numbers):
        return False  # no two proposals of a place have one number; a page may print its title in another way
    if place is Place.NEAR and not a.handlers & b.handlers:
        return not titled_alike(a.titles, b.titles, settings()["title"]["near"])
    return bool(a.titles and b.titles) and not titled_alike(a.titles, b.titles, settings()["title"]["unlike"])


def titled_alike(one: Iterable[str], other: Collection[str], least: float) -> bool:
    """Whether any two titles are at least so much alike."""
    return any(keys.alike(x, y) >= least for x in one for y in other)


def too_late(proposals: Collection[int], replies: Collection[int]) -> bool:
    """Whether a reply of these years cannot be of a proposal of those."""
    most = int(settings()["years"]["most"])
    return bool(proposals and replies) and not any(0 <= r - p <= most for p in proposals for r in replies)


def _numbers_differ(a: frozenset[str], b: frozenset[str]) -> bool:
    if not a or not b or a & b:
        return False
    # 368 may be short for 20230368
    return not any(_short_for(x, y) or _short_for(y, x) for x in a for y in b)


def _short_for(short: str, whole: str) -> bool:
    return keys.is_long(whole) and short.isdigit() and not keys.is_long(short) and whole[4:].lstrip("0") == short


def _long(numbers: frozenset[str]) -> frozenset[str]:
    return frozenset(n for n in numbers if keys.is_long(n))


def _one(a: keys.Session, b: keys.Session) -> bool:
    if (a.term, a.meeting) != (b.term, b.meeting):
        return False
    return not a.level or not b.level or a.level == b.level


def _inside(place: str, other: str, within: frozenset[tuple[str, str]]) -> bool:
    """Whether *place* lies in *other*, as its name or a source says."""
    if place != other and place.startswith(other):
        return True
    seen, todo = {place}, [place]
    while todo:
        at = todo.pop()
        for inner, outer in within:
            if inner == at and outer not in seen:
                if outer == other:
                    return True
                seen.add(outer)
                todo.append(outer)
    return False
