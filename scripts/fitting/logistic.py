"""Logistic regression with L2 regularisation, fitted with L-BFGS (Liu and Nocedal 1989)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ontology.lexicons import load_lexicon
from scripts.fitting.documents import names_place

Floats = NDArray[np.float64]
Row = tuple[Mapping[str, float], bool, str]
"""Features and verdict of a case, and its document."""
SMALLEST = 0.01
"""Weights below this are left out."""
_STEPS, _MEMORY = 150, 8


def fit_weights(rows: Sequence[Row], ridge: float, least: int) -> dict[str, float]:
    """Return the weights of features.

    Args:
        rows: the cases.
        ridge: strength of the regularisation.
        least: documents that a feature must occur in, so that no weight stands for the name of one place.
    """
    found = {(name, document) for features, _, document in rows for name, value in features.items() if value}
    counts = Counter(name for name, _ in found)
    lex = load_lexicon()
    used = sorted(name for name, n in counts.items() if n >= least and not names_place(name.replace("_", " "), lex))
    number = {name: k for k, name in enumerate(used)}
    cells = [
        (i, number[name], value)
        for i, (features, _, _) in enumerate(rows)
        for name, value in features.items()
        if value and name in number
    ]
    if not cells:
        return {}
    at = np.array([i for i, _, _ in cells])
    column = np.array([k for _, k, _ in cells])
    data = np.array([value for _, _, value in cells])
    y = np.array([float(right) for _, right, _ in rows])

    def evaluate(weights: Floats) -> tuple[float, Floats]:
        z = np.clip(np.bincount(at, weights=data * weights[column], minlength=len(rows)), -30, 30)
        loss = float(np.sum(np.logaddexp(0, z) - y * z) + ridge / 2 * weights @ weights)
        residual = 1 / (1 + np.exp(-z)) - y
        gradient = np.bincount(column, weights=data * residual[at], minlength=len(number)) + ridge * weights
        return loss, gradient

    weights = minimize(evaluate, np.zeros(len(number)))
    return {name: float(weights[k]) for name, k in number.items() if abs(weights[k]) >= SMALLEST}


def minimize(evaluate: Callable[[Floats], tuple[float, Floats]], weights: Floats) -> Floats:
    """Return the weights with the least loss; *evaluate* returns loss and gradient of a convex function."""
    loss, gradient = evaluate(weights)
    changes: list[tuple[Floats, Floats, float]] = []
    for _ in range(_STEPS):
        direction = _find_direction(gradient, changes)
        length = 1.0 if changes else 1.0 / max(1.0, float(np.abs(gradient).sum()))
        slope = float(direction @ gradient)
        for _ in range(30):
            new = weights + length * direction
            new_loss, new_gradient = evaluate(new)
            if new_loss <= loss + 1e-4 * length * slope:
                break
            length /= 2
        step, change = new - weights, new_gradient - gradient
        curvature = float(step @ change)
        if curvature > 1e-12:
            changes = [*changes[1 - _MEMORY :], (step, change, 1 / curvature)]
        converged = loss - new_loss < 1e-6 * max(1.0, abs(loss))
        weights, loss, gradient = new, new_loss, new_gradient
        if converged:
            break
    return weights


def _find_direction(gradient: Floats, changes: Sequence[tuple[Floats, Floats, float]]) -> Floats:
    """Return the direction of the next step: the two-loop recursion."""
    q = gradient.copy()
    scales = []
    for step, change, rho in reversed(changes):
        scale = rho * float(step @ q)
        scales.append(scale)
        q -= scale * change
    if changes:
        step, change, _ = changes[-1]
        q *= float(step @ change) / float(change @ change)
    for (step, change, rho), scale in zip(changes, reversed(scales), strict=True):
        q += step * (scale - rho * float(change @ q))
    return -q


def score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the probability of a case."""
    return float(1 / (1 + np.exp(-sum(weights.get(name, 0.0) * value for name, value in features.items()))))


def measure(tp: int, fp: int, fn: int) -> str:
    """Return precision, recall and F1 as text."""
    return f"{tp / max(1, tp + fp):.2f}/{tp / max(1, tp + fn):.2f}/{2 * tp / max(1, 2 * tp + fp + fn):.3f}"
