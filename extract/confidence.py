"""Confidence that means something: of statements with a confidence of 0.9, nine in ten should be right.

How often a rule is right was counted on annotated files; the counts stand in ``ontology/lexicon/confidence.toml``. A
rule that was seen often has what was observed; one seen seldom leans on its family (the word before ``.`` or ``:``), a
small family on all rules of its kind: at each step the posterior mean under a Beta prior of fixed strength (an
m-estimate, Cestnik 1990). The unit is the document: what is estimated is how a rule does in the next one. A rule of an
unknown family, and what annotated files do not judge, keep the confidence that their author gave them.

``python -m kg.evaluate.calibrate`` counts again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from extract.model import Entity, Figure, Outline, Relation, replaced
from ontology.lexicons import Lexicon

STRENGTH = 4.0
"""Weight of a prior, in documents: of the powers of two the one of least log loss on documents left out."""
_Path = tuple[str, ...]
KINDS = ("entity", "relation", "figure", "part")
BINS = (0.0, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)
"""Limits of the rows of a reliability table: narrow where most statements are."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One statement that an annotation calls right or wrong."""

    document: str
    kind: str
    """One of :data:`KINDS`."""
    rule: str
    confidence: float
    """What it has now."""
    right: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """How often the statements of a rule, or of a family of rules, are right."""

    confidence: float
    n: int
    """Statements that were judged."""
    right: int
    documents: int


@dataclass(frozen=True, slots=True)
class Estimates:
    """All that was counted, by kind and name."""

    rules: Mapping[tuple[str, str], Estimate]
    families: Mapping[tuple[str, str], Estimate]

    def of(self, kind: str, rule: str, otherwise: float) -> float:
        """The confidence of *rule*: counted, or its family's, or *otherwise*."""
        found = self.rules.get((kind, rule)) or self.families.get((kind, family(rule)))
        return otherwise if found is None else found.confidence


@dataclass(frozen=True, slots=True)
class Bin:
    """Statements of about the same confidence: what was predicted, and what came true."""

    low: float
    high: float
    n: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether confidences come true."""

    bins: tuple[Bin, ...]
    ece: float
    """Expected calibration error: mean distance of predicted and observed, by statements."""
    brier: float
    log_loss: float


def family(rule: str) -> str:
    """``support`` of ``support.given``, ``outline`` of ``outline:item``."""
    return re.split(r"[.:]", rule, maxsplit=1)[0]


def estimate(samples: Iterable[Sample], strength: float = STRENGTH) -> Estimates:
    """Count, and smooth: rules towards the rest of their family, families towards the rest of their kind, and so on."""
    tree = _Tree(samples, strength)
    rules, families = (
        {(path[0], path[-1]): tree.estimate(path) for path in tree.paths if len(path) == depth} for depth in (3, 2)
    )
    return Estimates(rules, families)


class _Tree:
    """Counts by document of all rules, families and kinds: ``()``, ``(kind,)``, ``(kind, family)``, ``(…, rule)``."""

    def __init__(self, samples: Iterable[Sample], strength: float) -> None:
        self._strength = strength
        self._counts: dict[_Path, dict[str, tuple[int, int]]] = {}
        for s in samples:
            path = (s.kind, family(s.rule), s.rule)
            for depth in range(len(path) + 1):
                here = self._counts.setdefault(path[:depth], {})
                n, right = here.get(s.document, (0, 0))
                here[s.document] = (n + 1, right + s.right)
        self.paths = sorted(self._counts)

    def estimate(self, path: _Path) -> Estimate:
        n, right = (sum(c[i] for c in self._counts[path].values()) for i in (0, 1))
        return Estimate(self._share(path), n, right, len(self._counts[path]))

    def _share(self, path: _Path, without: _Path | None = None) -> float:
        """The share that is right, of what is under *path* and not under *without*, in the next document.

        A document is one observation, however many statements a rule makes there: they stand or fall together.
        """
        less = self._counts[without] if without is not None else {}
        shares = []
        for document, (n, right) in self._counts[path].items():
            n_less, right_less = less.get(document, (0, 0))
            if n > n_less:
                shares.append((right - right_less) / (n - n_less))
        if not path:
            return (sum(shares) + 1) / (len(shares) + 2)  # Laplace
        # what else is known of its like, its own counts left out, or they would count twice
        prior = self._share(path[:-1], without=path)
        return (sum(shares) + self._strength * prior) / (len(shares) + self._strength)


def left_out(samples: Sequence[Sample], strength: float = STRENGTH) -> list[tuple[float, bool]]:
    """Predicted and true for each sample, predicted from all documents but its own."""
    out = []
    for document in sorted({s.document for s in samples}):
        known = estimate((s for s in samples if s.document != document), strength)
        out += [(known.of(s.kind, s.rule, s.confidence), s.right) for s in samples if s.document == document]
    return out


def reliability(pairs: Sequence[tuple[float, bool]], limits: Sequence[float] = BINS) -> Reliability:
    """Hold predictions against what came true."""
    bins = []
    for low, high in pairwise(limits):
        inside = [(p, y) for p, y in pairs if low <= p < high or (p == high == limits[-1])]
        if inside:
            n = len(inside)
            bins.append(Bin(low, high, n, sum(p for p, _ in inside) / n, sum(y for _, y in inside) / n))
    n = max(len(pairs), 1)
    return Reliability(
        tuple(bins),
        sum(b.n * abs(b.predicted - b.observed) for b in bins) / n,
        sum((p - y) ** 2 for p, y in pairs) / n,
        -sum(math.log(max(p if y else 1 - p, 1e-9)) for p, y in pairs) / n,
    )


def to_toml(estimates: Estimates, judged: Mapping[str, Sequence[str]], documents: int) -> str:
    """The estimates as ``confidence.toml``."""
    lines = [
        "# How often each rule was right on annotated files: confidence (smoothed), statements judged,",
        "# of which right, and in how many documents.",
        f"# Made by `python -m kg.evaluate.calibrate` from {documents} documents; do not edit.",
        "# A rule that is not here has the confidence of its family, or else the one that it was written with.",
        "",
        f"strength = {STRENGTH:g}",
        "",
        "# what annotated files judge: properties of relations, classes of figures",
        "[judged]",
        *(f"{kind} = [{', '.join(_quoted(v) for v in values)}]" for kind, values in judged.items()),
    ]
    for title, table in (("family", estimates.families), ("rule", estimates.rules)):
        for kind in KINDS:
            rows = [(name, e) for (k, name), e in table.items() if k == kind]
            lines += ["", f"[{title}.{kind}]"] if rows else []
            lines += [f"{_quoted(name)} = {_inline(e)}" for name, e in rows]
    return "\n".join(lines) + "\n"


def from_config(config: Mapping[str, Any]) -> Estimates:
    """The estimates of a lexicon's ``confidence.toml``."""
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
    """Gives statements the confidence that their rule has earned.

    Args:
        lex: the lexicon; ``confidence.toml`` holds the counts.
    """

    def __init__(self, lex: Lexicon) -> None:
        config = lex.config("confidence")
        self._known = from_config(config)
        self._earned: dict[tuple[str, str, float], float] = {}
        judged = config.get("judged", {})
        self._relations = frozenset(judged.get("relation", ()))
        self._figures = frozenset(judged.get("figure", ()))

    def entities(self, entities: Iterable[Entity]) -> tuple[Entity, ...]:
        return tuple(replaced(e, confidence=self._of("entity", e.rule, e.confidence)) for e in entities)

    def relations(self, relations: Iterable[Relation]) -> tuple[Relation, ...]:
        return tuple(
            replaced(r, confidence=self._of("relation", r.rule, r.confidence)) if r.predicate in self._relations else r
            for r in relations
        )

    def figures(self, figures: Iterable[Figure]) -> tuple[Figure, ...]:
        return tuple(
            replaced(f, confidence=self._of("figure", f.rule, f.confidence)) if f.kind.value in self._figures else f
            for f in figures
        )

    def outline(self, outline: Outline) -> Outline:
        parts = (
            replaced(p, confidence=self._of("part", p.rule, p.confidence)) if p.kind is not None else p
            for p in outline.parts
        )
        return replaced(outline, parts=tuple(parts))

    def _of(self, kind: str, rule: str, otherwise: float) -> float:
        earned = self._earned.get((kind, rule, otherwise))
        if earned is None:
            earned = self._earned[kind, rule, otherwise] = round(self._known.of(kind, rule, otherwise), 3)
        return earned


def _inline(e: Estimate) -> str:
    return f"{{ confidence = {e.confidence:.3f}, n = {e.n}, right = {e.right}, documents = {e.documents} }}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
