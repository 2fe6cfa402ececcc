"""A possible relation of a page, with what speaks for it and against it at each of its places."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.model import Span

Weights = Mapping[str, float]
"""The weight of each feature, for one property."""


class Fragment:
    """Some features of a place of a pair.

    Many places share the features of a clause or of a name, so their weighted sum is computed once for each property.
    """

    __slots__ = ("_sums", "features")

    def __init__(self, features: Mapping[str, float]) -> None:
        self.features = features
        self._sums: dict[str, float] = {}

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
        out: dict[str, float] = {}
        seen: set[Fragment] = set()
        for place in self.places:
            for fragment in place.fragments:
                if fragment in seen:  # places of one pair share some
                    continue
                seen.add(fragment)
                if out.keys().isdisjoint(fragment.features):
                    out |= fragment.features
                    continue
                for name, value in fragment.features.items():
                    if value > out.get(name, -math.inf):
                        out[name] = value
        return out

    def weigh(self, weights: Weights) -> float:
        """Return the weighted sum of the features."""
        if len(self.places) == 1:
            return self.weigh_place(self.places[0], weights)
        return weigh(weights, self.features)

    def weigh_place(self, place: Place, weights: Weights) -> float:
        """Return the weighted sum of the features of one place."""
        return sum([fragment.weigh(self.predicate, weights) for fragment in place.fragments])

    def find_likeliest(self, weights: Weights) -> Place:
        """Return the place that speaks most for the pair, the first of equal ones."""
        return max(self.places, key=lambda place: self.weigh_place(place, weights))


def weigh(weights: Weights, features: Mapping[str, float]) -> float:
    """Return the weighted sum of features; one without a weight does not count."""
    return sum([weights[name] * value for name, value in features.items() if value and name in weights])


def logistic(rating: float) -> float:
    """Return the probability of a weighted sum."""
    return 1 / (1 + math.exp(-rating))
