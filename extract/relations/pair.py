"""A possible relation of a page, with what speaks for it and against it at each of its places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.model import Span

Weights = Mapping[str, float]
"""The weight of each feature, for one property."""


class Fragment:
    """Some features of a place of a pair.

    Many places share the features of a clause or of a name, so what a property weighs of them is read once.
    """

    __slots__ = ("_selected", "_sums", "features")

    def __init__(self, features: Mapping[str, float]) -> None:
        self.features = features
        self._selected: dict[str, Mapping[str, float]] = {}
        self._sums: dict[str, float] = {}

    def select(self, predicate: str, weights: Weights) -> Mapping[str, float]:
        """Return the features that have a weight; the arguments are those of ``weigh``."""
        found = self._selected.get(predicate)
        if found is None:
            found = {name: value for name, value in self.features.items() if name in weights}
            self._selected[predicate] = found
        return found

    def weigh(self, predicate: str, weights: Weights) -> float:
        """Return the weighted sum of the features.

        Args:
            predicate: the property.
            weights: the weights of this property; the same in all calls.
        """
        found = self._sums.get(predicate)
        if found is None:
            found = self._sums[predicate] = weigh(weights, self.features)
        return found


class Place(NamedTuple):
    """Where a page has a pair. No feature is in two of the fragments."""

    span: Span
    fragments: Sequence[Fragment]


@dataclass(slots=True)
class Pair:
    """A possible relation."""

    subject: str
    predicate: str
    object: str
    places: list[Place] = field(default_factory=list)

    @property
    def features(self) -> dict[str, float]:
        """Of all places where the page has the pair: the largest value of each feature."""
        return _merge([fragment.features for fragment in self._list_fragments()])

    def _list_fragments(self) -> Iterable[Fragment]:
        """Return the fragments of all places, each once: places of one pair share some."""
        return dict.fromkeys([fragment for place in self.places for fragment in place.fragments])

    def weigh(self, weights: Weights) -> float:
        """Return the weighted sum of the features."""
        if len(self.places) == 1:
            return self.weigh_place(self.places[0], weights)
        predicate = self.predicate
        weighed = _merge([fragment.select(predicate, weights) for fragment in self._list_fragments()])
        return sum([weights[name] * value for name, value in weighed.items()])

    def weigh_place(self, place: Place, weights: Weights) -> float:
        """Return the weighted sum of the features of one place."""
        return sum([fragment.weigh(self.predicate, weights) for fragment in place.fragments])

    def find_likeliest(self, weights: Weights) -> Place:
        """Return the place that speaks most for the pair, the first of equal ones."""
        return max(self.places, key=lambda place: self.weigh_place(place, weights))


def _merge(all_features: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the largest value of each feature."""
    out: dict[str, float] = {}
    for features in all_features:
        known = {name: out[name] for name in out.keys() & features.keys()}
        out |= features
        for name, value in known.items():
            if value > out[name]:
                out[name] = value
    return out


def weigh(weights: Weights, features: Mapping[str, float]) -> float:
    """Return the weighted sum of features; one without a weight does not count."""
    return sum([weights[name] * value for name, value in features.items() if name in weights])


def logistic(rating: float) -> float:
    """Return the probability of a weighted sum."""
    return 1 / (1 + math.exp(-rating))
