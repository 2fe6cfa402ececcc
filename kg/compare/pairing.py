"""What on one side is the same as what on the other: documents, parts and figures whose IRIs changed with their words.

Entities have IRIs of their names and need no pairing. Whatever is done here gives the same pairs when the sides are
swapped: likeness is symmetric, and ties are broken by both texts together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import TypeVar

from kg.compare.data import like
from kg.compare.index import Figure, Index
from kg.rdf.iri import fold
from ontology.terms import DOCUMENT_CLASSES, FIGURE_CLASSES, PK

Key = tuple[str, ...]
_SLOTS = ("grantedUnder", "provider", "conditionOf", "place")
_FAR = Decimal(1)
K = TypeVar("K", bound=Hashable)


def likeness(one: str, other: str) -> float:
    """How like two texts are, from 0 to 1: the share of the pairs of neighbouring characters that both have."""
    a, b = _bigrams(one), _bigrams(other)
    both = sum(min(n, b[pair]) for pair, n in a.items() if pair in b)
    return 2 * both / ((a.total() + b.total()) or 1)


@lru_cache(maxsize=8192)
def _bigrams(text: str) -> Counter[str]:
    flat = fold(text)
    return Counter(flat[i : i + 2] for i in range(len(flat) - 1)) if len(flat) > 1 else Counter([flat])


def documents(a: Index, b: Index) -> dict[str, str]:
    """Documents of *a* by the ones of *b* that they have become.

    The same file says nearly the same there, or another file says just the same; and both have to do with the same
    proposal, as far as they say: a department's letters of two years are alike, and are two letters.
    """
    only_a = [i for i in a.of(DOCUMENT_CLASSES) if i not in b.kinds and a.contexts(i)]
    only_b = [i for i in b.of(DOCUMENT_CLASSES) if i not in a.kinds and b.contexts(i)]
    in_file: dict[Key, list[str]] = defaultdict(list)
    saying: dict[Key, list[str]] = defaultdict(list)
    said_b = {i: _whole(b, i) for i in only_b}
    for iri, said in said_b.items():
        saying[b.kind(iri), fold(said)].append(iri)
        for context in b.contexts(iri):
            in_file[b.kind(iri), context].append(iri)
    scored = []
    for one in only_a:
        kind, said = a.kind(one), _whole(a, one)
        near = {other for context in a.contexts(one) for other in in_file.get((kind, context), ())}
        for other in {*near, *saying.get((kind, fold(said)), ())}:
            score = likeness(said, said_b[other])
            if score >= like("document") and _may_be_one(a, one, b, other):
                scored.append(((-score, other not in near, _tie(said, said_b[other]), _tie(one, other)), one, other))
    return _greedy(scored)


def parts(a: Index, b: Index, same: Mapping[str, str]) -> dict[str, str]:
    """Parts of *a* by the ones of *b* that they have become, in documents that are the same."""
    found: dict[str, str] = {}
    for document, listed in a.parts.items():
        others = list(b.parts.get(same.get(document, document), ()))
        left = []
        by_words: dict[Key, list[str]] = defaultdict(list)
        for part in others:
            by_words[b.kind(part), fold(b.text(part))].append(part)
        for part in listed:
            equal = by_words.get((a.kind(part), fold(a.text(part))))
            if equal:
                found[part] = equal.pop(0)
            else:
                left.append(part)
        taken = set(found.values())
        scored = []
        for one, other in product(left, [o for o in others if o not in taken]):
            kind = a.kind(one) == b.kind(other)
            score = likeness(a.text(one), b.text(other))
            if score >= like("part" if kind else "part_of_other_kind"):
                scored.append(((-score, not kind, _tie(a.text(one), b.text(other))), one, other))
        found |= _greedy(scored)
    return found


class Figures:
    """Figures of two sides: those that say the same, and those that one side says otherwise."""

    def __init__(self, a: Index, b: Index, same: Mapping[str, str]) -> None:
        self.a, self.b, self._same = a, b, same
        of_a, of_b = self._by_fact(a), self._by_fact(b)
        self._all = {id(a): [x[0] for x in of_a.values()], id(b): [x[0] for x in of_b.values()]}
        self.only_a = {key: found for key, found in of_a.items() if key not in of_b}
        self.only_b = {key: found for key, found in of_b.items() if key not in of_a}
        self.pairs: list[tuple[list[Figure], list[Figure]]] = []
        self._pair()

    def canon(self, iri: str, index: Index) -> str:
        """*iri* as the second side has it; a figure by what it is a fact of."""
        if index.kind(iri) in FIGURE_CLASSES:
            return index.kind(iri)
        return self._same.get(iri, iri) if index is self.a else iri

    def slots(self, f: Figure, index: Index) -> Key:
        return tuple(self.canon(f.slots[s], index) if s in f.slots else "" for s in _SLOTS)

    def _by_fact(self, index: Index) -> dict[Key, list[Figure]]:
        """Figures by what they say: two sentences that say the same are one fact."""
        found: dict[Key, list[Figure]] = defaultdict(list)
        for f in index.figures:
            x = f.facts
            value = f"{x.value.normalize():f}"
            found[*self._what(f, index), *self._when(f), *self.slots(f, index), value, x.bound].append(f)
        return found

    def _what(self, f: Figure, index: Index) -> Key:
        x = f.facts
        return x.kind, self.canon(f.subject, index), fold(x.metric), x.unit, x.per

    @staticmethod
    def _when(f: Figure) -> Key:
        return f.facts.period, f.facts.deadline, f.facts.frequency

    def _document(self, f: Figure, index: Index) -> str:
        return self.canon(f.document, index)

    def _pair(self) -> None:
        def whole(f: Figure, i: Index) -> Hashable:
            return (self._document(f, i), *self._what(f, i), *self._when(f), *self.slots(f, i))

        def any_time(f: Figure, i: Index) -> Hashable:
            return (self._document(f, i), *self._what(f, i))

        def anywhere(f: Figure, i: Index) -> Hashable:
            return (*self._what(f, i), *self._when(f), *self.slots(f, i), self.canon(f.place, i))

        def anywhere_any_time(f: Figure, i: Index) -> Hashable:
            return (*self._what(f, i), self.canon(f.slots.get("place", ""), i), self.canon(f.place, i))

        self._nearest(whole, like("same_slots"))
        self._nearest(any_time, like("other_period"))
        self._nearest(self._document, like("other_slots"), self._one_thing_else)
        self._single(anywhere)
        self._single(anywhere_any_time)

    def _one_thing_else(self, x: Figure, y: Figure) -> bool:
        """Whether it is the same number said of something else, or another number of the same."""
        if (x.facts.value, x.facts.unit) == (y.facts.value, y.facts.unit):
            return True
        return self._what(x, self.a)[:3] == self._what(y, self.b)[:3]

    def _nearest(
        self,
        key: Callable[[Figure, Index], Hashable],
        least: float,
        fits: Callable[[Figure, Figure], bool] = lambda x, y: True,
    ) -> None:
        """Pair figures of one key and of like sentences, the likest first."""
        others: dict[Hashable, list[tuple[Key, Figure]]] = defaultdict(list)
        for name, group in self.only_b.items():
            others[key(group[0], self.b)].append((name, group[0]))
        scored = []
        for name, group in self.only_a.items():
            x = group[0]
            for other, y in others.get(key(x, self.a), ()):
                one, two = self.a.sentence(x), self.b.sentence(y)
                score = likeness(one, two)
                if score >= least and fits(x, y):
                    ties = _tie(one, two), _tie(str(name), str(other))
                    scored.append(((-score, _distance(x, y), ties), name, other))
        self._take(_greedy(scored))

    def _single(self, key: Callable[[Figure, Index], Hashable]) -> None:
        """Pair figures of documents that have nothing to do with each other: only where each side says exactly one."""
        counts = [Counter(key(f, i) for f in self._all[id(i)]) for i in (self.a, self.b)]
        others = {key(group[0], self.b): name for name, group in self.only_b.items()}
        found = {}
        for name, group in self.only_a.items():
            k = key(group[0], self.a)
            if group[0].facts.metric and k in others and counts[0][k] == counts[1][k] == 1:
                found[name] = others[k]
        self._take(found)

    def _take(self, pairs: Mapping[Key, Key]) -> None:
        for one, other in pairs.items():
            self.pairs.append((self.only_a.pop(one), self.only_b.pop(other)))


def _greedy(scored: Iterable[tuple[object, K, K]]) -> dict[K, K]:
    """Pairs, the best first, each end once."""
    found: dict[K, K] = {}
    taken: set[K] = set()
    for _, one, other in sorted(scored, key=lambda s: s[0]):  # type: ignore[arg-type,return-value]
        if one not in found and other not in taken:
            found[one] = other
            taken.add(other)
    return found


def _tie(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _distance(x: Figure, y: Figure) -> Decimal:
    """How far two numbers are apart, as a share of the larger; 1 for numbers of different units."""
    a, b = x.facts.value, y.facts.value
    if x.facts.unit != y.facts.unit:
        return _FAR
    return abs(a - b) / (max(abs(a), abs(b)) or _FAR)


def _may_be_one(a: Index, one: str, b: Index, other: str) -> bool:
    mine, theirs = (
        {n for p in (i, *x.links.get(i, {}).get(PK + "repliesTo", ())) for n in _numbers(x, p)}
        for x, i in ((a, one), (b, other))
    )
    return not mine or not theirs or bool(mine & theirs)


def _numbers(index: Index, proposal: str) -> set[str]:
    return {fold(n) for n in index.literals.get(proposal, {}).get(PK + "proposalNumber", ())}


def _whole(index: Index, document: str) -> str:
    """What a document says: its parts; its name, if it has none."""
    said = "".join(index.text(p) for p in index.parts.get(document, ()))
    return said or index.label(document)
