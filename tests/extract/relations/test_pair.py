"""The rating of a pair: from its fragments if it has one place, else from the largest values of all places."""

from __future__ import annotations

import pytest

from extract.model import Span
from extract.relations.pair import Fragment, Pair, Place

WEIGHTS = {"bias": -1.0, "near": 2.0, "far": 0.5}


def make_pair(*places: list[dict[str, float]]) -> Pair:
    found = [Place(Span(i, i + 1), [Fragment(features) for features in place]) for i, place in enumerate(places)]
    return Pair("e1", "supports", "e2", found)


def test_one_place_is_the_sum_of_its_fragments() -> None:
    pair = make_pair([{"bias": 1.0, "unknown": 9.0}, {"near": 1.0, "far": 2.0}])
    assert pair.weigh(WEIGHTS) == pytest.approx(2.0)
    assert pair.features == {"bias": 1.0, "unknown": 9.0, "near": 1.0, "far": 2.0}


def test_of_several_places_the_largest_value_of_each_feature_counts() -> None:
    pair = make_pair([{"bias": 1.0, "far": 4.0}], [{"bias": 1.0}, {"near": 1.0, "far": -3.0}])
    assert pair.features == {"bias": 1.0, "far": 4.0, "near": 1.0}
    assert pair.weigh(WEIGHTS) == pytest.approx(3.0)
    assert pair.find_likeliest(WEIGHTS).span == Span(0, 1)


def test_a_fragment_has_a_sum_for_each_property() -> None:
    fragment = Fragment({"near": 1.0})
    assert fragment.weigh("supports", WEIGHTS) == 2.0
    assert fragment.weigh("operates", {"near": -1.0}) == -1.0
    assert fragment.weigh("supports", WEIGHTS) == 2.0
