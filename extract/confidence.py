"""Calibrated confidence: of all statements with confidence 0.9, nine in ten should be right.

``ontology/lexicon/confidence.toml`` holds how often each rule was right on annotated files. The confidence of a rule
that occurred often is the observed share. The confidence of a rare rule is drawn towards the share of its family (the
word before ``.`` or ``:`` in its name), and that of a small family towards the share of all rules of its kind. Each
step is the posterior mean under a Beta prior of fixed strength (an m-estimate, Cestnik 1990). The unit of observation
is the document, since the estimate is for the next document. A rule of an unknown family keeps the confidence that is
written in the code. So do properties and figures that annotated files do not judge.

``python -m kg.evaluate.calibrate`` makes the counts again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from extract.model import Entity, Figure, Outline, Relation
from extract.records import copy_with
from ontology.lexicons import Lexicon

STRENGTH = 4.0
"""Weight of a prior, in documents: the power of two with the least log loss on documents left out."""
KINDS = ("entity", "relation", "figure", "part")
BINS = (0.0, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)
"""Limits of the rows of a reliability table; the rows are narrow where most statements are."""

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One statement that an annotation calls right or wrong."""

    document: str
    kind: str
    """One of :data:`KINDS`."""
    rule: str
    confidence: float
    """The confidence that it has now."""
    right: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """How often the statements of a rule, or of a family of rules, are right."""

    confidence: float
    n: int
    """Number of statements that were judged."""
    right: int
    documents: int


@dataclass(frozen=True, slots=True)
class Estimates:
    """All estimates, by kind and name."""

    rules: Mapping[tuple[str, str], Estimate]
    families: Mapping[tuple[str, str], Estimate]

    def get_confidence(self, kind: str, rule: str, otherwise: float) -> float:
        """Return the confidence of *rule*, else that of its family, else *otherwise*."""
        found = self.rules.get((kind, rule)) or self.families.get((kind, get_family(rule)))
        return otherwise if found is None else found.confidence


@dataclass(frozen=True, slots=True)
class Bin:
    """Statements of similar confidence: their mean confidence, and the share that was right."""

    low: float
    high: float
    n: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well confidences agree with the share that was right."""

    bins: tuple[Bin, ...]
    ece: float
    """Expected calibration error: mean distance of predicted and observed, weighted by the number of statements."""
    brier: float
    log_loss: float


def get_family(rule: str) -> str:
    """Return the family of a rule: ``support`` of ``support.given``, ``outline`` of ``outline:item``."""
    return re.split(r"[.:]", rule, maxsplit=1)[0]


def estimate_confidences(samples: Iterable[Sample], strength: float = STRENGTH) -> Estimates:
    """Return estimates for all rules and families in *samples*.

    Rules are smoothed towards the rest of their family, families towards the rest of their kind, kinds towards all.
    """
    tree = _Tree(samples, strength)
    rules, families = (
        {(path[0], path[-1]): tree.make_estimate(path) for path in tree.paths if len(path) == depth} for depth in (3, 2)
    )
    return Estimates(rules, families)


class _Tree:
    """Counts by document. A path is ``()``, ``(kind,)``, ``(kind, family)`` or ``(kind, family, rule)``."""

    def __init__(self, samples: Iterable[Sample], strength: float) -> None:
        self._strength = strength
        self._counts: dict[_Path, dict[str, tuple[int, int]]] = {}
        for sample in samples:
            path = (sample.kind, get_family(sample.rule), sample.rule)
            for depth in range(len(path) + 1):
                by_document = self._counts.setdefault(path[:depth], {})
                n, right = by_document.get(sample.document, (0, 0))
                by_document[sample.document] = (n + 1, right + sample.right)
        self.paths = sorted(self._counts)

    def make_estimate(self, path: _Path) -> Estimate:
        counts = self._counts[path].values()
        return Estimate(self._estimate_share(path), sum(n for n, _ in counts), sum(r for _, r in counts), len(counts))

    def _estimate_share(self, path: _Path, without: _Path | None = None) -> float:
        """Estimate the share of right statements in the next document: those below *path*, but not below *without*.

        A document is one observation, however many statements a rule makes in it: its statements are not independent.
        """
        excluded = self._counts[without] if without is not None else {}
        shares = []
        for document, (n, right) in self._counts[path].items():
            n_excluded, right_excluded = excluded.get(document, (0, 0))
            if n > n_excluded:
                shares.append((right - right_excluded) / (n - n_excluded))
        if not path:
            return (sum(shares) + 1) / (len(shares) + 2)  # Laplace
        # The prior leaves out the counts of *path*, or they would count twice.
        prior = self._estimate_share(path[:-1], without=path)
        return (sum(shares) + self._strength * prior) / (len(shares) + self._strength)


def predict_left_out(samples: Sequence[Sample], strength: float = STRENGTH) -> list[tuple[float, bool]]:
    """Return for each sample the confidence estimated from all other documents, and whether the sample is right."""
    out = []
    for document in sorted({s.document for s in samples}):
        estimates = estimate_confidences((s for s in samples if s.document != document), strength)
        out += [
            (estimates.get_confidence(s.kind, s.rule, s.confidence), s.right) for s in samples if s.document == document
        ]
    return out


def measure_reliability(pairs: Sequence[tuple[float, bool]], limits: Sequence[float] = BINS) -> Reliability:
    """Compare confidences with what was right.

    Args:
        pairs: the confidence of each statement, and whether it is right.
        limits: limits of the rows, rising.
    """
    bins = []
    for low, high in pairwise(limits):
        inside = [(p, right) for p, right in pairs if low <= p < high or (p == high == limits[-1])]
        if inside:
            n = len(inside)
            bins.append(Bin(low, high, n, sum(p for p, _ in inside) / n, sum(right for _, right in inside) / n))
    n = max(len(pairs), 1)
    return Reliability(
        tuple(bins),
        sum(b.n * abs(b.predicted - b.observed) for b in bins) / n,
        sum((p - right) ** 2 for p, right in pairs) / n,
        -sum(math.log(max(p if right else 1 - p, 1e-9)) for p, right in pairs) / n,
    )


def format_estimates(estimates: Estimates, judged: Mapping[str, Sequence[str]], documents: int) -> str:
    """Return the text of ``confidence.toml``.

    Args:
        estimates: what was counted.
        judged: for ``relation`` and ``figure``, the properties and classes that annotated files judge.
        documents: number of annotated documents.
    """
    lines = [
        "# How often each rule was right on annotated files: smoothed confidence, number of judged statements (n),",
        "# number of right ones, number of documents.",
        f"# Made by `python -m kg.evaluate.calibrate` from {documents} documents; do not edit.",
        "# A rule that is not listed has the confidence of its family, else the one that is written in the code.",
        "",
        f"strength = {STRENGTH:g}",
        "",
        "# What annotated files judge: properties of relations, classes of figures.",
        "[judged]",
        *(f"{kind} = [{', '.join(map(_quote, values))}]" for kind, values in judged.items()),
    ]
    for title, table in (("family", estimates.families), ("rule", estimates.rules)):
        for kind in KINDS:
            rows = [(name, e) for (k, name), e in table.items() if k == kind]
            lines += ["", f"[{title}.{kind}]"] if rows else []
            lines += [f"{_quote(name)} = {_format_estimate(e)}" for name, e in rows]
    return "\n".join(lines) + "\n"


def read_estimates(config: Mapping[str, Any]) -> Estimates:
    """Return the estimates of a lexicon's parsed ``confidence.toml``."""
    rules, families = (
        {
            (kind, name): Estimate(float(e["confidence"]), int(e["n"]), int(e["right"]), int(e["documents"]))
            for kind, rows in config.get(level, {}).items()
            for name, e in rows.items()
        }
        for level in ("rule", "family")
    )
    return Estimates(rules, families)


class Calibrator:
    """Sets the confidence of statements to the calibrated confidence of their rules.

    Args:
        lex: the lexicon; its ``confidence.toml`` holds the estimates.
    """

    def __init__(self, lex: Lexicon) -> None:
        config = lex.read_config("confidence")
        self._estimates = read_estimates(config)
        self._cache: dict[tuple[str, str, float], float] = {}
        judged = config.get("judged", {})
        self._relations = frozenset(judged.get("relation", ()))
        self._figures = frozenset(judged.get("figure", ()))

    def calibrate_entities(self, entities: Iterable[Entity]) -> tuple[Entity, ...]:
        return tuple(copy_with(e, confidence=self._calibrate("entity", e.rule, e.confidence)) for e in entities)

    def calibrate_relations(self, relations: Iterable[Relation]) -> tuple[Relation, ...]:
        return tuple(
            copy_with(r, confidence=self._calibrate("relation", r.rule, r.confidence))
            if r.predicate in self._relations
            else r
            for r in relations
        )

    def calibrate_figures(self, figures: Iterable[Figure]) -> tuple[Figure, ...]:
        return tuple(
            copy_with(f, confidence=self._calibrate("figure", f.rule, f.confidence))
            if f.kind.value in self._figures
            else f
            for f in figures
        )

    def calibrate_outline(self, outline: Outline) -> Outline:
        parts = (
            copy_with(p, confidence=self._calibrate("part", p.rule, p.confidence)) if p.kind is not None else p
            for p in outline.parts
        )
        return copy_with(outline, parts=tuple(parts))

    def _calibrate(self, kind: str, rule: str, otherwise: float) -> float:
        key = (kind, rule, otherwise)
        confidence = self._cache.get(key)
        if confidence is None:
            confidence = self._cache[key] = round(self._estimates.get_confidence(kind, rule, otherwise), 3)
        return confidence


def _format_estimate(estimate: Estimate) -> str:
    return (
        f"{{ confidence = {estimate.confidence:.3f}, n = {estimate.n}, "
        f"right = {estimate.right}, documents = {estimate.documents} }}"
    )


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
