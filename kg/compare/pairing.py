"""Pair documents, parts and figures that are the same on both sides although their IRIs differ.

Their IRIs depend on their text and change with it. The IRI of an entity depends on its name only, so that entities
need no pairing. The pairs are the same if the two sides are swapped: similarity is symmetric, and ties are resolved by
both texts together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import TypeVar

from extract.text.normalize import name_key, number_key
from kg.compare.data import get_threshold
from kg.compare.index import ComparedFigure, FactIndex
from ontology.terms import DOCUMENT_CLASSES, FIGURE_CLASSES, PK

FactKey = tuple[str, ...]
_FigureKey = Callable[[ComparedFigure, FactIndex], Hashable]
_SLOTS = ("grantedUnder", "provider", "conditionOf", "place")
_FAR = Decimal(1)
_K = TypeVar("_K", bound=Hashable)


def score_similarity(one: str, other: str) -> float:
    """Return how similar two texts are (0 to 1): the share of pairs of neighbouring characters that both have."""
    pairs, other_pairs = _count_bigrams(one), _count_bigrams(other)
    common = sum(min(n, other_pairs[pair]) for pair, n in pairs.items() if pair in other_pairs)
    return 2 * common / ((pairs.total() + other_pairs.total()) or 1)


def pair_documents(old: FactIndex, new: FactIndex) -> dict[str, str]:
    """Return the documents of *old* that *new* has under another IRI, with that IRI.

    Two documents of one class are paired if they are in the same source and have similar text, or if their text is
    equal. If both state the proposal that they belong to, it must be the same one: the replies of one department in two
    years are similar, but they are two documents.
    """
    only_old = [iri for iri in old.find_by_class(DOCUMENT_CLASSES) if iri not in new.kinds and old.contexts(iri)]
    only_new = [iri for iri in new.find_by_class(DOCUMENT_CLASSES) if iri not in old.kinds and new.contexts(iri)]
    by_source: dict[FactKey, list[str]] = defaultdict(list)
    by_text: dict[FactKey, list[str]] = defaultdict(list)
    new_texts = {iri: _join_text(new, iri) for iri in only_new}
    for iri, text in new_texts.items():
        by_text[new.kind(iri), name_key(text)].append(iri)
        for context in new.contexts(iri):
            by_source[new.kind(iri), context].append(iri)
    scored = []
    for iri in only_old:
        kind, text = old.kind(iri), _join_text(old, iri)
        near = {other for context in old.contexts(iri) for other in by_source.get((kind, context), ())}
        for other in {*near, *by_text.get((kind, name_key(text)), ())}:
            score = score_similarity(text, new_texts[other])
            if score >= get_threshold("document") and _may_share_proposal(old, iri, new, other):
                rank = (-score, other not in near, _make_tie(text, new_texts[other]), _make_tie(iri, other))
                scored.append((rank, iri, other))
    return _pair_best(scored)


def pair_parts(old: FactIndex, new: FactIndex, documents: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of *old* that *new* has, with their IRIs in *new*.

    Args:
        old: the first side.
        new: the second side.
        documents: the documents of *old* that have another IRI in *new* (:func:`pair_documents`).
    """
    found: dict[str, str] = {}
    for document, parts in old.parts.items():
        found |= _pair_parts_of_document(old, new, parts, list(new.parts.get(documents.get(document, document), ())))
    return found


def _pair_parts_of_document(old: FactIndex, new: FactIndex, parts: list[str], others: list[str]) -> dict[str, str]:
    """Pair parts of equal text first, then the others by similarity."""
    found: dict[str, str] = {}
    changed = []
    by_text: dict[FactKey, list[str]] = defaultdict(list)
    for part in others:
        by_text[new.kind(part), name_key(new.text(part))].append(part)
    for part in parts:
        equal = by_text.get((old.kind(part), name_key(old.text(part))))
        if equal:
            found[part] = equal.pop(0)
        else:
            changed.append(part)
    taken = set(found.values())
    scored = []
    for part, other in product(changed, [part for part in others if part not in taken]):
        same_kind = old.kind(part) == new.kind(other)
        score = score_similarity(old.text(part), new.text(other))
        if score >= get_threshold("part" if same_kind else "part_of_other_kind"):
            scored.append(((-score, not same_kind, _make_tie(old.text(part), new.text(other))), part, other))
    return found | _pair_best(scored)


class FigurePairing:
    """The figures of two sides: those that only one side has, and pairs of which the new one replaces the old one.

    Figures that state the same fact are one group. A figure that both sides have is in none of the attributes.

    Attributes:
        only_old: groups that only the old side has, by the fact that they state.
        only_new: groups that only the new side has.
        pairs: groups of the old side, each with the group of the new side that replaces it.
    """

    def __init__(self, old: FactIndex, new: FactIndex, same: Mapping[str, str]) -> None:
        """Pair the figures.

        Args:
            old: the first side.
            new: the second side.
            same: documents and parts of *old* that have another IRI in *new*, with that IRI.
        """
        self._old, self._new, self._same = old, new, same
        old_facts, new_facts = self._group_by_fact(old), self._group_by_fact(new)
        self._old_figures = [group[0] for group in old_facts.values()]
        self._new_figures = [group[0] for group in new_facts.values()]
        self.only_old = {key: group for key, group in old_facts.items() if key not in new_facts}
        self.only_new = {key: group for key, group in new_facts.items() if key not in old_facts}
        self.pairs: list[tuple[list[ComparedFigure], list[ComparedFigure]]] = []
        self._pair_all()

    def _get_common_iri(self, iri: str, index: FactIndex) -> str:
        """Return the IRI of a thing on the new side; for a figure its class."""
        if index.kind(iri) in FIGURE_CLASSES:
            return index.kind(iri)
        return self._same.get(iri, iri) if index is self._old else iri

    def _group_by_fact(self, index: FactIndex) -> dict[FactKey, list[ComparedFigure]]:
        """Group the figures of a side by what they state: two sentences that state the same are one fact."""
        found: dict[FactKey, list[ComparedFigure]] = defaultdict(list)
        for figure in index.figures:
            value = f"{figure.facts.value.normalize():f}"
            topic, slots = self._make_topic_key(figure, index), self._make_slot_key(figure, index)
            found[*topic, *_make_time_key(figure), *slots, value, figure.facts.bound].append(figure)
        return found

    def _make_topic_key(self, figure: ComparedFigure, index: FactIndex) -> FactKey:
        facts = figure.facts
        return facts.kind, self._get_common_iri(figure.subject, index), name_key(facts.metric), facts.unit, facts.per

    def _make_slot_key(self, figure: ComparedFigure, index: FactIndex) -> FactKey:
        slots = figure.slots
        return tuple(self._get_common_iri(slots[slot], index) if slot in slots else "" for slot in _SLOTS)

    def _make_document_key(self, figure: ComparedFigure, index: FactIndex) -> str:
        return self._get_common_iri(figure.document, index)

    def _pair_all(self) -> None:
        """Pair in five rounds; each round looks only at the figures that are not paired yet."""

        def all_but_value(figure: ComparedFigure, index: FactIndex) -> Hashable:
            return (*any_time(figure, index), *_make_time_key(figure), *self._make_slot_key(figure, index))

        def any_time(figure: ComparedFigure, index: FactIndex) -> tuple[str, ...]:
            return (self._make_document_key(figure, index), *self._make_topic_key(figure, index))

        def any_document(figure: ComparedFigure, index: FactIndex) -> Hashable:
            topic, slots = self._make_topic_key(figure, index), self._make_slot_key(figure, index)
            return (*topic, *_make_time_key(figure), *slots, self._get_common_iri(figure.place, index))

        def any_document_and_time(figure: ComparedFigure, index: FactIndex) -> Hashable:
            places = (figure.slots.get("place", ""), figure.place)
            return (*self._make_topic_key(figure, index), *(self._get_common_iri(place, index) for place in places))

        self._pair_similar(all_but_value, get_threshold("same_slots"))
        self._pair_similar(any_time, get_threshold("other_period"))
        self._pair_similar(self._make_document_key, get_threshold("other_slots"), self._differ_in_one_respect)
        self._pair_unique(any_document)
        self._pair_unique(any_document_and_time)

    def _differ_in_one_respect(self, old: ComparedFigure, new: ComparedFigure) -> bool:
        """Return whether it is the same number about something else, or another number about the same."""
        if (old.facts.value, old.facts.unit) == (new.facts.value, new.facts.unit):
            return True
        return self._make_topic_key(old, self._old)[:3] == self._make_topic_key(new, self._new)[:3]

    def _pair_similar(
        self,
        key: _FigureKey,
        threshold: float,
        fits: Callable[[ComparedFigure, ComparedFigure], bool] = lambda old, new: True,
    ) -> None:
        """Pair figures with the same key that are in similar sentences, the most similar first."""
        candidates: dict[Hashable, list[tuple[FactKey, ComparedFigure]]] = defaultdict(list)
        for fact, group in self.only_new.items():
            candidates[key(group[0], self._new)].append((fact, group[0]))
        scored = []
        for fact, group in self.only_old.items():
            figure = group[0]
            sentence = self._old.sentence(figure)
            for other_fact, other in candidates.get(key(figure, self._old), ()):
                other_sentence = self._new.sentence(other)
                score = score_similarity(sentence, other_sentence)
                if score >= threshold and fits(figure, other):
                    ties = _make_tie(sentence, other_sentence), _make_tie(str(fact), str(other_fact))
                    scored.append(((-score, _measure_distance(figure, other), ties), fact, other_fact))
        self._take_pairs(_pair_best(scored))

    def _pair_unique(self, key: _FigureKey) -> None:
        """Pair figures of unrelated documents, but only where each side has exactly one figure with the key."""
        old_counts = Counter(key(figure, self._old) for figure in self._old_figures)
        new_counts = Counter(key(figure, self._new) for figure in self._new_figures)
        candidates = {key(group[0], self._new): fact for fact, group in self.only_new.items()}
        found = {}
        for fact, group in self.only_old.items():
            own = key(group[0], self._old)
            if group[0].facts.metric and own in candidates and old_counts[own] == new_counts[own] == 1:
                found[fact] = candidates[own]
        self._take_pairs(found)

    def _take_pairs(self, pairs: Mapping[FactKey, FactKey]) -> None:
        for old, new in pairs.items():
            self.pairs.append((self.only_old.pop(old), self.only_new.pop(new)))


@lru_cache(maxsize=8192)
def _count_bigrams(text: str) -> Counter[str]:
    flat = name_key(text)
    return Counter(flat[i : i + 2] for i in range(len(flat) - 1)) if len(flat) > 1 else Counter([flat])


def _pair_best(scored: Iterable[tuple[object, _K, _K]]) -> dict[_K, _K]:
    """Return pairs by rank, the best first; each end is in one pair only."""
    found: dict[_K, _K] = {}
    taken: set[_K] = set()
    for _, one, other in sorted(scored, key=lambda item: item[0]):  # type: ignore[arg-type,return-value]
        if one not in found and other not in taken:
            found[one] = other
            taken.add(other)
    return found


def _make_tie(one: str, other: str) -> tuple[str, str]:
    """Return both texts in a fixed order, to rank pairs of equal score."""
    return (one, other) if one <= other else (other, one)


def _make_time_key(figure: ComparedFigure) -> FactKey:
    return figure.facts.period, figure.facts.deadline, figure.facts.frequency


def _measure_distance(figure: ComparedFigure, other: ComparedFigure) -> Decimal:
    """Return the difference of two numbers as a share of the larger one; 1 if their units differ."""
    one, two = figure.facts.value, other.facts.value
    if figure.facts.unit != other.facts.unit:
        return _FAR
    return abs(one - two) / (max(abs(one), abs(two)) or _FAR)


def _may_share_proposal(old: FactIndex, iri: str, new: FactIndex, other: str) -> bool:
    """Return whether two documents may belong to the same proposal: true if one of them states no number."""
    numbers, other_numbers = _find_numbers(old, iri), _find_numbers(new, other)
    return not numbers or not other_numbers or bool(numbers & other_numbers)


def _find_numbers(index: FactIndex, document: str) -> set[str]:
    """Return the numbers of a document and of the proposals that it replies to, folded."""
    proposals = (document, *index.links.get(document, {}).get(PK + "repliesTo", ()))
    literals = (index.literals.get(proposal, {}) for proposal in proposals)
    return {number_key(number) for values in literals for number in values.get(PK + "proposalNumber", ())}


def _join_text(index: FactIndex, document: str) -> str:
    """Return the text of the parts of a document, or its name if it has no parts."""
    text = "".join(index.text(part) for part in index.parts.get(document, ()))
    return text or index.label(document)
