"""Fitting of the decision on the class of a figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from extract.figures.figures import find_figures, list_kind_cases
from extract.figures.rating import KINDS
from ontology.lexicons import LEXICON_FOLDER, load_lexicon
from scripts.fitting.documents import PARTS, Document, names_place
from scripts.fitting.logistic import Floats, minimize
from scripts.fitting.subjects import match_figures

RIDGE, LEAST = 7.0, 3
"""Regularisation, and documents that a feature must occur in."""
SMALLEST = 0.02
"""Weights below this are left out."""


@dataclass(frozen=True, slots=True)
class JudgedKind:
    """A figure that is annotated, with the features of its number."""

    features: Sequence[str]
    ruled: str
    """The class that the rules give it."""
    annotated: str
    document: str


def collect_kinds(document: Document) -> list[JudgedKind]:
    """Return the figures of a document that its annotation has too."""
    linked, context = document.kept, document.context
    assert linked is not None
    page = (context.text, context.outline, linked.entities, context.lex)
    cases, found = list_kind_cases(*page), []
    for gold, figure in match_figures(document, find_figures(*page)):
        case = next((c for c in cases if figure.span.contains(c.span)), None)
        if case is not None and not gold.optional and gold.type in KINDS:
            ruled = next(f.removeprefix("kind_") for f in case.features if f.startswith("kind_"))
            found.append(JudgedKind(case.features, ruled, gold.type, document.name))
    return found


def fit_kinds(figures: Sequence[JudgedKind]) -> dict[str, tuple[float, ...]]:
    """Return for each feature its weight for each class (multinomial logistic regression)."""
    lex = load_lexicon()
    counts = Counter(name for name, _ in {(name, f.document) for f in figures for name in f.features})
    names = sorted(n for n, k in counts.items() if k >= LEAST and not names_place(n.replace("_", " "), lex))
    number = {name: k for k, name in enumerate(names)}
    cells = [(i, number[name]) for i, f in enumerate(figures) for name in f.features if name in number]
    at, column = np.array([i for i, _ in cells]), np.array([k for _, k in cells])
    wanted = np.array([[f.annotated == kind for kind in KINDS] for f in figures], float)

    def evaluate(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(len(names), len(KINDS))
        scores = np.stack([np.bincount(at, weights[column, k], len(figures)) for k in range(len(KINDS))], axis=1)
        scores -= scores.max(axis=1, keepdims=True)
        total = np.exp(scores).sum(axis=1, keepdims=True)
        loss = float(np.sum(np.log(total)) - np.sum(scores * wanted) + RIDGE / 2 * np.sum(weights * weights))
        residual = np.exp(scores) / total - wanted
        gradient = np.stack([np.bincount(column, residual[at, k], len(names)) for k in range(len(KINDS))], axis=1)
        return loss, (gradient + RIDGE * weights).ravel()

    fitted = minimize(evaluate, np.zeros(len(names) * len(KINDS))).reshape(len(names), len(KINDS))
    return {name: tuple(fitted[k].tolist()) for name, k in number.items() if np.abs(fitted[k]).max() >= SMALLEST}


def check_kinds(documents: Sequence[Document], figures: Mapping[str, Sequence[JudgedKind]]) -> None:
    """Print how many classes the rules have right, and the decision with weights of other documents."""
    counts: Counter[str] = Counter()
    for part in range(PARTS):
        weights = fit_kinds([f for d in documents if d.part != part for f in figures[d.name]])
        for figure in (f for d in documents if d.part == part for f in figures[d.name]):
            rated = [sum(weights[name][k] for name in figure.features if name in weights) for k in range(len(KINDS))]
            counts["all"] += 1
            counts["rules"] += figure.ruled == figure.annotated
            counts["decision"] += KINDS[max(range(len(KINDS)), key=rated.__getitem__)] == figure.annotated
    print(f"classes of figures {counts['all']}: rules {counts['rules']} right, decision {counts['decision']}")


def write_kinds(weights: Mapping[str, Sequence[float]]) -> None:
    """Write ``kind_weights.tsv``."""
    lines = [
        "# Weights of the decision on the class of a figure (extract/figures/rating.py): feature, a weight for each",
        f"# of {', '.join(KINDS)}. Fitted by scripts/fit_models.py on annotated documents.",
        *("\t".join([name, *(f"{w:.2f}" for w in columns)]) for name, columns in weights.items()),
    ]
    (LEXICON_FOLDER / "kind_weights.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
