"""Names that may be one thing under two names: of one class, and nearly the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations

from extract.text.normalize import name_key
from kg.review.words import settings
from ontology.lexicons import alternation


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its names."""

    iri: str
    kind: str
    label: str
    aliases: tuple[str, ...]
    place: str = ""
    """What tells it from namesakes elsewhere; empty if nothing does."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that may be one; ``first`` has the longer name."""

    first: Named
    second: Named
    why: str
    """``short``, ``level`` or ``near``: a key of ``[why]``."""
    what: str = ""
    """The short name, or the levels."""


def near(things: Iterable[Named]) -> tuple[Pair, ...]:
    """All pairs worth asking about, each once, in a fixed order.

    Things of two places, of two levels, or that differ in a number or a direction are two and are not asked about.
    """
    rules = settings()["doubt"]
    found: dict[tuple[str, str], Pair] = {}
    by_kind: dict[str, list[Named]] = defaultdict(list)
    for thing in sorted(things, key=lambda t: (t.kind, t.label, t.iri)):
        by_kind[thing.kind].append(thing)
    for kind, some in by_kind.items():
        if kind not in rules["named"]:
            continue
        for pair in (*_short(some), *_level(some), *(_alike(some) if kind in rules["compared"] else ())):
            found.setdefault((pair.first.iri, pair.second.iri), pair)
    return tuple(sorted(found.values(), key=lambda p: (p.first.kind, p.first.label, p.second.label, p.first.iri)))


def odd_aliases(thing: Named) -> tuple[str, ...]:
    """Other names that are no shorter form of its label, because they have characters of their own."""
    label = Counter(name_key(thing.label))
    return tuple(a for a in thing.aliases if Counter(name_key(a)) - label)


def _pair(a: Named, b: Named, why: str, what: str = "") -> Iterator[Pair]:
    if a.iri == b.iri or (a.place and b.place and a.place != b.place):
        return
    first, second = sorted((a, b), key=lambda t: (-len(t.label), t.label, t.iri))
    yield Pair(first, second, why, what)


def _short(things: Sequence[Named]) -> Iterator[Pair]:
    """Those that have a name in common."""
    having: dict[str, list[tuple[Named, str]]] = defaultdict(list)
    for thing in things:
        for name in dict.fromkeys((thing.label, *thing.aliases)):
            having[name_key(name)].append((thing, name))
    for same in having.values():
        for (a, name), (b, _) in combinations(same, 2):
            if not _levels_differ(a.label, b.label):
                yield from _pair(a, b, "short", name)


def _level(things: Sequence[Named]) -> Iterator[Pair]:
    """Those that differ by a level that one of them does not name."""
    plain = {name_key(t.label): t for t in things}
    for thing in things:
        level, rest = _split_level(thing.label)
        other = plain.get(name_key(rest)) if level and rest else None
        if other is not None:
            yield from _pair(thing, other, "level", level)


def _alike(things: Sequence[Named]) -> Iterator[Pair]:
    """Those whose labels differ in few characters."""
    rules = settings()["doubt"]
    # what all things of a place have in common tells nothing
    keys = [name_key(t.label).removeprefix(name_key(t.place)) for t in things]
    # of two of which one is named after its place, the other is of another level: X市财政局, 财政部
    after = [name != name_key(t.label) for name, t in zip(keys, things, strict=True)]
    having: dict[str, list[int]] = defaultdict(list)
    for i, name in enumerate(keys):
        if len(name) >= rules["least"]:
            for pair in {name[j : j + 2] for j in range(len(name) - 1)}:
                having[pair].append(i)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for some in having.values():
        if len(some) <= rules["crowd"]:
            for both in combinations(some, 2):
                shared[both] += 1
    for (i, j), count in sorted(shared.items()):
        a, b = keys[i], keys[j]
        if after[i] != after[j]:
            continue
        # names that differ in few characters have most of their pairs of characters in common
        if a != b and count * 2 >= min(len(a), len(b)) - 1 and _differ_little(a, b, rules["difference"]):
            yield from _pair(things[i], things[j], "near")


def _differ_little(a: str, b: str, share: float) -> bool:
    longest = max(len(a), len(b))
    if abs(len(a) - len(b)) > share * longest:
        return False
    changed = 0
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            changed += max(j - i, m - k)
            if set(a[i:j] + b[k:m]) & _telling():
                return False
    return 0 < changed <= share * longest


@cache
def _telling() -> frozenset[str]:
    return frozenset(settings()["doubt"]["telling"])


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(alternation(settings()["doubt"]["levels"]))


def _split_level(label: str) -> tuple[str, str]:
    found = _prefix().match(label)
    return (found[0], label[found.end() :]) if found else ("", label)


def _levels_differ(a: str, b: str) -> bool:
    one, other = _split_level(a)[0], _split_level(b)[0]
    return bool(one and other and one[-2:].removesuffix("级") != other[-2:].removesuffix("级"))
