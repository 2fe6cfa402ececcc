"""The values of an evaluation: what an annotated file says, how each thing was judged, and the counts.

All counts are taken from the judgements, so that no report shows a figure that its list of errors does not bear out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from extract.model import Extraction
from kg.rdf.identifiers import Names

LAYERS = ("documents", "parts", "responds", "entities", "attributes", "edges", "figures")
"""What is scored, in the order of reports."""
SLOTS = "slots"
"""The layer of what figures say: each slot of a figure that was found is right or not."""


class Verdict(StrEnum):
    """What became of one thing that gold or graph states."""

    FOUND = "found"
    """In both."""
    MISSED = "missed"
    """In gold only."""
    WRONG = "wrong"
    """In the graph only, though gold has this kind of thing."""
    OPEN = "open"
    """In the graph, and careful readers may differ about it: counts neither for nor against."""


@dataclass(frozen=True, slots=True)
class Row:
    """Counts, and the measures that follow from them; 0 where nothing is there to measure."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0

    @property
    def empty(self) -> bool:
        return not self.tp + self.fp + self.fn

    def __add__(self, other: Row) -> Row:
        return Row(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One thing that was looked for, or that should not be there."""

    layer: str
    key: str
    """Class or property: ``Agency``, ``issuedBy``, ``about``; empty if the layer has none."""
    verdict: Verdict
    what: str
    """For people, on one line."""
    node: str = ""
    """IRI of the thing in the graph."""
    statement: tuple[str, str, str] | None = None
    """Subject, property (local name) and object, where the thing is a statement of the graph."""
    words: tuple[str, ...] = ()
    """What gold quotes: any of these in the text is where the thing stands."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether quotes quote."""

    good: int = 0
    """Spans that hold the words that they say."""
    wrong: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Statements and figures without any quote."""


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A proposal, reply or opinion, as annotated; keys that the annotation leaves out are not judged."""

    id: str
    type: str
    facts: Mapping[str, str]
    """Of ``proposalNumber title session issued`` those that are annotated."""
    links: Mapping[str, tuple[str, ...]]
    """Of ``submittedBy leadAgency coAgency issuedBy addressedTo consulted basedOn`` likewise: labels of entities."""
    replies_to: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class GoldPart:
    type: str
    number: str
    begins: tuple[str, ...]
    """Readings that are equally right."""
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    part: str
    suggestion: str
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldEntity:
    type: str
    label: str
    aliases: tuple[str, ...]
    facts: Mapping[str, str]
    """Of ``documentNumber issued level status`` those that are annotated."""
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldEdge:
    property: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    quote: str
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldFigure:
    type: str
    value: float
    unit: str
    quote: str
    bound: str | None
    about: tuple[str, ...] | None
    period: str | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Gold:
    """What a careful reader took from one source."""

    path: Path
    source: str
    documents: tuple[GoldDocument, ...]
    parts: tuple[GoldPart, ...]
    answers: tuple[GoldAnswer, ...] | None
    """None: not annotated, so that answers count for nothing."""
    entities: tuple[GoldEntity, ...]
    edges: tuple[GoldEdge, ...]
    figures: tuple[GoldFigure, ...]

    @property
    def name(self) -> str:
        """The file's name without its suffixes."""
        return self.path.name.removesuffix(".json").removesuffix(".gold")


@dataclass(frozen=True)
class FileResult:
    """One source, read and held against its annotation."""

    gold: Gold
    extraction: Extraction
    names: Names
    judgements: tuple[Judgement, ...]
    evidence: Evidence

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """Counts by layer and by ``layer:class``."""
        return count(self.judgements)


@dataclass(frozen=True)
class Evaluation:
    """Several files, scored together."""

    files: tuple[FileResult, ...]

    @cached_property
    def total(self) -> Mapping[str, Row]:
        """Counts by layer and by ``layer:class``, of all files together."""
        return count(j for file in self.files for j in file.judgements)

    @property
    def present(self) -> Sequence[str]:
        """Layers that have anything to score."""
        return [layer for layer in LAYERS if not self.total.get(layer, Row()).empty]

    @property
    def macro_f1(self) -> float:
        """Mean of the layers' F1."""
        return sum(self.total[layer].f1 for layer in self.present) / max(len(self.present), 1)

    @property
    def evidence(self) -> Evidence:
        found = [file.evidence for file in self.files]
        return Evidence(
            sum(e.good for e in found),
            tuple(w for e in found for w in e.wrong),
            tuple(m for e in found for m in e.missing),
        )


@dataclass(slots=True)
class Judge:
    """Collects judgements while files are compared."""

    made: list[Judgement] = field(default_factory=list)

    def found(self, layer: str, key: str, what: str, *, node: str = "", **more: object) -> None:
        self._add(layer, key, Verdict.FOUND, what, node, more)

    def missed(self, layer: str, key: str, what: str, **more: object) -> None:
        self._add(layer, key, Verdict.MISSED, what, "", more)

    def wrong(self, layer: str, key: str, what: str, *, node: str = "", **more: object) -> None:
        self._add(layer, key, Verdict.WRONG, what, node, more)

    def open(self, layer: str, key: str, what: str, *, node: str = "", **more: object) -> None:
        self._add(layer, key, Verdict.OPEN, what, node, more)

    def _add(self, layer: str, key: str, verdict: Verdict, what: str, node: str, more: Mapping[str, object]) -> None:
        self.made.append(Judgement(layer, key, verdict, what, node, **more))  # type: ignore[arg-type]


def count(judgements: Iterable[Judgement]) -> Mapping[str, Row]:
    """Rows by layer, and by ``layer:key`` where there is a key, sorted."""
    one = {Verdict.FOUND: Row(tp=1), Verdict.WRONG: Row(fp=1), Verdict.MISSED: Row(fn=1), Verdict.OPEN: Row()}
    rows: dict[str, Row] = {}
    for j in judgements:
        for name in (j.layer, f"{j.layer}:{j.key}") if j.key else (j.layer,):
            rows[name] = rows.get(name, Row()) + one[j.verdict]
    order = {layer: i for i, layer in enumerate((*LAYERS, SLOTS))}
    return {name: rows[name] for name in sorted(rows, key=lambda n: (order[n.partition(":")[0]], n))}
