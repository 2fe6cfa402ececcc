"""Fitting of the choice whom or what a figure is about."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extract.figures.figures import find_figures
from extract.model import Figure, Kind
from extract.relations.benefits import assign_recipients
from extract.relations.events import EventReader
from extract.relations.subjects.choice import Candidate, SubjectFinder, find_best
from extract.text.normalize import name_key
from kg.evaluate.model import GoldFigure, GoldNames
from ontology.lexicons import LEXICON_FOLDER
from scripts.fitting.documents import PARTS, Document, list_keys
from scripts.fitting.logistic import Row, fit_weights

RIDGE, LEAST = 4.0, 3
"""Regularisation, and documents that a feature must occur in."""
KINDS = (Kind.PROVISION, Kind.OBSERVATION, Kind.TARGET)
_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


@dataclass(frozen=True, slots=True)
class JudgedFigure:
    """A figure with its candidates; ``right`` holds the verdict of each."""

    kind: Kind
    candidates: Sequence[Candidate]
    right: Sequence[bool]
    ruled: bool | None
    """Whether the subject that the rules found is right; None if they found none."""
    wanted: bool
    """Whether the annotation has a subject."""
    document: str


def collect_figures(document: Document) -> list[JudgedFigure]:
    """Return the figures of a document that its annotation has too."""
    linked, context = document.kept, document.context
    assert linked is not None
    events = EventReader(context.words, context.outline, linked, context.lex)
    events.read_relations()
    figures = find_figures(context.text, context.outline, linked.entities, context.lex)
    figures = assign_recipients(figures, events, context.outline, context.text)
    finder, names = SubjectFinder(events.index, context.outline), GoldNames(document.gold.entities)
    keys: dict[str, set[str]] = {e.id: list_keys((e.label, *e.aliases)) for e in linked.entities}
    found = []
    for gold, figure in match_figures(document, figures):
        if gold.optional:
            continue
        forms = names.find_forms(gold.about) if gold.about else set()
        candidates = finder.list_candidates(figure)
        right = [bool(keys[c.entity.id] & forms) for c in candidates]
        ruled = bool(keys[figure.about] & forms) if figure.about in keys and figure.about is not None else None
        found.append(JudgedFigure(figure.kind, candidates, right, ruled, bool(forms), document.name))
    return found


def match_figures(document: Document, figures: Sequence[Figure]) -> Iterator[tuple[GoldFigure, Figure]]:
    """Yield the annotated figures that were found: the same value and unit, at the same place."""
    used: set[str] = set()
    for gold in document.gold.figures:
        places = [(m.start(), m.end()) for m in re.finditer(re.escape(gold.quote), document.context.text)]
        for figure in figures:
            same = abs(float(figure.value) - gold.value) <= 1e-6 * max(1.0, abs(gold.value))
            if (
                not same
                or figure.id in used
                or figure.kind not in KINDS
                or name_key(figure.unit) != name_key(gold.unit)
            ):
                continue
            if not places or any(b < figure.span.end and figure.span.begin < e for b, e in places):
                used.add(figure.id)
                yield gold, figure
                break


def fit_subjects(figures: Sequence[JudgedFigure]) -> dict[str, float]:
    """Return the weights of features."""
    rows: list[Row] = [
        (c.features, right, f.document) for f in figures for c, right in zip(f.candidates, f.right, strict=True)
    ]
    return fit_weights(rows, RIDGE, LEAST)


def check_subjects(documents: Sequence[Document], figures: Mapping[str, Sequence[JudgedFigure]]) -> None:
    """Print how many subjects are right and wrong, each document decided by weights of other documents."""
    counts: dict[tuple[str, float], Counter[str]] = defaultdict(Counter)
    for part in range(PARTS):
        weights = fit_subjects([f for d in documents if d.part != part for f in figures[d.name]])
        for figure in (f for d in documents if d.part == part for f in figures[d.name]):
            best = find_best(figure.candidates, weights)
            for kind in (figure.kind.value, "all"):
                base = counts[kind, 0.0]
                base["n"] += figure.wanted
                base["possible"] += any(figure.right)
                if figure.ruled is not None:
                    base["right" if figure.ruled else "wrong"] += 1
                for threshold in _THRESHOLDS:
                    if best is not None and best[1] >= threshold:
                        right = figure.right[figure.candidates.index(best[0])]
                        counts[kind, threshold]["right" if right else "wrong"] += 1
    for kind in (*(k.value for k in KINDS), "all"):
        base = counts[kind, 0.0]
        print(
            kind, f"annotated {base['n']}, candidates {base['possible']}; rules {base['right']}/{base['wrong']}", end=""
        )
        for threshold in _THRESHOLDS:
            print(f"  {threshold:.2f}: {counts[kind, threshold]['right']}/{counts[kind, threshold]['wrong']}", end="")
        print()


def write_subjects(weights: Mapping[str, float], thresholds: Mapping[str, float]) -> None:
    """Write ``subject_weights.tsv``."""
    lines = ["# Weights of the choice what a figure is about (extract/relations/subjects/choice.py): feature, weight."]
    lines.append(
        "# Fitted by scripts/fit_models.py on annotated documents. What reaches the threshold of its class is stated."
    )
    lines += [f"threshold {kind}\t{value:.2f}" for kind, value in thresholds.items()]
    lines += [f"{name}\t{weight:.2f}" for name, weight in sorted(weights.items())]
    (LEXICON_FOLDER / "subject_weights.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
