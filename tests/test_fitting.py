"""The fitting of the models on annotated documents."""

from __future__ import annotations

import math
import random

import pytest

from scripts.fitting.logistic import fit_weights, score


def test_the_weights_give_the_observed_shares() -> None:
    chance = random.Random(7)
    rows = []
    for _ in range(4000):
        listed = chance.random() < 0.5
        rows.append(({"bias": 1.0, "listed": float(listed)}, chance.random() < (0.8 if listed else 0.1), "a"))
    weights = fit_weights(rows, ridge=0.01, least=1)
    for listed, share in ((True, 0.8), (False, 0.1)):
        observed = [right for features, right, _ in rows if bool(features["listed"]) == listed]
        probability = score(weights, {"bias": 1.0, "listed": float(listed)})
        assert probability == pytest.approx(sum(observed) / len(observed), abs=0.002)
        assert probability == pytest.approx(share, abs=0.05)


def test_a_feature_of_one_document_has_no_weight_and_a_penalty_draws_weights_to_zero() -> None:
    rows = [({"bias": 1.0, "often": 1.0}, True, name) for name in "ab" * 10]
    rows += [({"bias": 1.0}, False, name) for name in "ab" * 10] + [({"bias": 1.0, "rare": 1.0}, True, "a")] * 5
    weak, strong = (fit_weights(rows, ridge=ridge, least=2) for ridge in (0.1, 10.0))
    assert "rare" not in weak
    assert 0 < strong["often"] < weak["often"]
    assert not math.isnan(weak["often"])
