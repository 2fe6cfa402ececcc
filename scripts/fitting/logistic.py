"""Logistic regression with L2 regularisation, by Newton's method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Row = tuple[Mapping[str, float], bool]
SMALLEST = 0.01
"""Weights below this are left out."""


def fit_weights(rows: Sequence[Row], ridge: float, least: int, most: int = 2500) -> dict[str, float]:
    """Return the weights of features.

    Args:
        rows: features and verdict of each case.
        ridge: strength of the regularisation.
        least: cases that a feature must have.
        most: features that are used at most, the commonest first.
    """
    counts = Counter(name for features, _ in rows for name in features)
    names = sorted(name for name, n in counts.most_common(most) if n >= least)
    number = {name: k for k, name in enumerate(names)}
    x: Floats = np.zeros((len(rows), len(names)))
    for i, (features, _) in enumerate(rows):
        for name, value in features.items():
            if name in number:
                x[i, number[name]] = value
    y: Floats = np.array([float(right) for _, right in rows])
    weights: Floats = np.zeros(len(names))
    for _ in range(10):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (p - y) + ridge * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(names))
        step = np.linalg.solve(hessian, gradient)
        weights = weights - step
        if float(np.abs(step).max()) < 0.001:
            break
    return {name: float(weights[k]) for name, k in number.items() if abs(weights[k]) >= SMALLEST}


def score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the probability of a case."""
    return float(1 / (1 + np.exp(-sum(weights.get(name, 0.0) * value for name, value in features.items()))))


def measure(tp: int, fp: int, fn: int) -> str:
    """Return precision, recall and F1 as text."""
    return f"{tp / max(1, tp + fp):.2f}/{tp / max(1, tp + fn):.2f}/{2 * tp / max(1, 2 * tp + fp + fn):.3f}"
