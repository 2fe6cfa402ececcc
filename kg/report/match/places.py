"""Where a support is given, seen from the place of a firm: there, above it, inside it, elsewhere, or not known."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import pairwise
from typing import Literal

from extract.text.normalize import name_key
from kg.report.facts import Facts
from ontology.lexicons import load_lexicon

Relation = Literal["same", "above", "inside", "other", "unknown"]


class PlaceTable:
    """The places above other places: from the public data, the graph and the profile."""

    def __init__(self, facts: Facts, own: tuple[str, ...]) -> None:
        self._parents: dict[str, set[str]] = defaultdict(set)
        self._names = dict(_load_names())
        for name, parents in _load_parents().items():
            self._parents[name] |= parents
        for place, whole in facts.select("located"):
            self._parents[self._key(facts.name(place))].add(self._key(facts.name(whole)))
        keys = [self._key(name) for name in own]
        for inner, outer in pairwise(keys):
            self._parents[inner].add(outer)
        self._own = keys[0] if keys else ""

    def relate(self, place: str) -> Relation:
        """Return how *place* lies to the place of the firm."""
        key = self._key(place)
        if not key or not self._own:
            return "unknown"
        if key == self._own:
            return "same"
        if key in self._list_above(self._own):
            return "above"
        return "inside" if self._own in self._list_above(key) else "other"

    def _key(self, name: str) -> str:
        key = name_key(name)
        return self._names.get(key, key)

    def _list_above(self, key: str) -> set[str]:
        found: set[str] = set()
        waiting = [key]
        while waiting:
            for parent in self._parents.get(waiting.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return found


@cache
def _load_names() -> dict[str, str]:
    """Return the keys of full names by those of short names."""
    rows = load_lexicon("").read_table("divisions")
    return {name_key(short): name_key(full) for full, short, *_ in rows if short}


@cache
def _load_parents() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    rows = load_lexicon("").read_table("divisions")
    counts: dict[str, int] = defaultdict(int)
    for full, *_ in rows:
        counts[full] += 1
    for full, _, _, parent, *_ in rows:
        if parent and counts[full] == 1:  # 朝阳区 of which city?
            found[name_key(full)].add(name_key(parent))
    return {name: frozenset(parents) for name, parents in found.items()}
