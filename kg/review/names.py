"""Pairs of things that may be one under two names: things of one class with nearly the same names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations

from extract.text.normalize import name_key
from kg.review.wording import load_settings
from ontology.lexicons import join_alternatives


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A thing with its names."""

    iri: str
    kind: str
    label: str
    aliases: tuple[str, ...]
    place: str = ""
    """The place that distinguishes it from things of the same name elsewhere; empty if there is none."""


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two things that may be one. ``first`` has the longer name."""

    first: NamedThing
    second: NamedThing
    reason: str
    """``short``, ``level`` or ``near``: a key of the table ``why`` of ``review.toml``."""
    shared: str = ""
    """The common name, or the level that only one of them names."""


def find_similar_names(things: Iterable[NamedThing]) -> tuple[NamePair, ...]:
    """Return all pairs of things that may be one, each once, in a fixed order.

    Things are different, and no pair, if they have two places, name two levels, or differ in a number or a direction.
    """
    rules = load_settings()["doubt"]
    found: dict[tuple[str, str], NamePair] = {}
    by_kind: dict[str, list[NamedThing]] = defaultdict(list)
    for thing in sorted(things, key=lambda thing: (thing.kind, thing.label, thing.iri)):
        by_kind[thing.kind].append(thing)
    for kind, same_kind in by_kind.items():
        if kind not in rules["named"]:
            continue
        pairs = [*_pair_by_name(same_kind), *_pair_by_level(same_kind)]
        if kind in rules["compared"]:
            pairs += _pair_by_similarity(same_kind)
        for pair in pairs:
            found.setdefault((pair.first.iri, pair.second.iri), pair)
    return tuple(sorted(found.values(), key=lambda p: (p.first.kind, p.first.label, p.second.label, p.first.iri)))


def find_odd_aliases(thing: NamedThing) -> tuple[str, ...]:
    """Return the aliases that have characters which the label does not have: they are no shorter forms of it."""
    label = Counter(name_key(thing.label))
    return tuple(alias for alias in thing.aliases if Counter(name_key(alias)) - label)


def _make_pair(thing: NamedThing, other: NamedThing, reason: str, shared: str = "") -> Iterator[NamePair]:
    """Yield the pair, unless both are one thing or lie in two places."""
    if thing.iri == other.iri or (thing.place and other.place and thing.place != other.place):
        return
    first, second = sorted((thing, other), key=lambda thing: (-len(thing.label), thing.label, thing.iri))
    yield NamePair(first, second, reason, shared)


def _pair_by_name(things: Sequence[NamedThing]) -> Iterator[NamePair]:
    """Yield the pairs that have a name in common."""
    by_name: dict[str, list[tuple[NamedThing, str]]] = defaultdict(list)
    for thing in things:
        for name in dict.fromkeys((thing.label, *thing.aliases)):
            by_name[name_key(name)].append((thing, name))
    for same_name in by_name.values():
        for (thing, name), (other, _) in combinations(same_name, 2):
            if not _have_different_levels(thing.label, other.label):
                yield from _make_pair(thing, other, "short", name)


def _pair_by_level(things: Sequence[NamedThing]) -> Iterator[NamePair]:
    """Yield the pairs whose labels differ only by a level that one of them does not name."""
    by_label = {name_key(thing.label): thing for thing in things}
    for thing in things:
        level, rest = _split_level(thing.label)
        other = by_label.get(name_key(rest)) if level and rest else None
        if other is not None:
            yield from _make_pair(thing, other, "level", level)


def _pair_by_similarity(things: Sequence[NamedThing]) -> Iterator[NamePair]:
    """Yield the pairs whose labels differ in few characters."""
    rules = load_settings()["doubt"]
    # the name of the place is removed: all things of a place share it
    keys = [name_key(thing.label).removeprefix(name_key(thing.place)) for thing in things]
    # if only one of two is named after its place, the other is of another level: X市财政局, 财政部
    has_place = [key != name_key(thing.label) for key, thing in zip(keys, things, strict=True)]
    by_bigram: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        if len(key) >= rules["least"]:
            for bigram in {key[n : n + 2] for n in range(len(key) - 1)}:
                by_bigram[bigram].append(i)
    common: Counter[tuple[int, int]] = Counter()
    for indexes in by_bigram.values():
        if len(indexes) <= rules["crowd"]:
            common.update(combinations(indexes, 2))
    for (first, second), count in sorted(common.items()):
        key, other = keys[first], keys[second]
        if has_place[first] != has_place[second] or key == other:
            continue
        # names that differ in few characters have most of their bigrams in common
        if count * 2 >= min(len(key), len(other)) - 1 and _are_similar(key, other, rules["difference"]):
            yield from _make_pair(things[first], things[second], "near")


def _are_similar(name: str, other: str, largest_share: float) -> bool:
    """Return whether at most *largest_share* of the characters differ, and none of those that distinguish names."""
    longest = max(len(name), len(other))
    if abs(len(name) - len(other)) > largest_share * longest:
        return False
    changed = 0
    for tag, a_begin, a_end, b_begin, b_end in SequenceMatcher(None, name, other, autojunk=False).get_opcodes():
        if tag != "equal":
            changed += max(a_end - a_begin, b_end - b_begin)
            if set(name[a_begin:a_end] + other[b_begin:b_end]) & _load_distinguishing_characters():
                return False
    return 0 < changed <= largest_share * longest


@cache
def _load_distinguishing_characters() -> frozenset[str]:
    return frozenset(load_settings()["doubt"]["telling"])


@cache
def _compile_level_pattern() -> re.Pattern[str]:
    return re.compile(join_alternatives(load_settings()["doubt"]["levels"]))


def _split_level(label: str) -> tuple[str, str]:
    """Return the level at the beginning of *label* and the rest; the level is empty if there is none."""
    found = _compile_level_pattern().match(label)
    return (found[0], label[found.end() :]) if found else ("", label)


def _have_different_levels(label: str, other_label: str) -> bool:
    level, other = _split_level(label)[0], _split_level(other_label)[0]
    return bool(level and other and level[-2:].removesuffix("级") != other[-2:].removesuffix("级"))
