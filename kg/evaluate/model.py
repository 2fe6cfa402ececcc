"""The values of an evaluation: the annotations of a file, the judgements about a graph, and the scores.

All scores are counted from the judgements. So each number in a report agrees with the list of errors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from extract.model import Extraction
from extract.text.normalize import name_key
from kg.rdf.identifiers import GraphNames

LAYERS = ("documents", "parts", "responds", "entities", "attributes", "edges", "figures")
"""The layers that are scored, in the order of reports."""
SLOTS = "slots"
"""The layer of the slots of figures. Each slot of a figure that was found is right or wrong."""


class MatchVerdict(StrEnum):
    """The verdict on one thing that the annotation or the graph states."""

    FOUND = "found"
    """In both."""
    MISSED = "missed"
    """Only in the annotation."""
    WRONG = "wrong"
    """Only in the graph, although the annotation covers this kind of thing."""
    OPEN = "open"
    """In the graph; careful readers may differ about it, so it counts neither for nor against."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """Counts, and the measures that follow from them. A measure is 0 if there is nothing to measure."""

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
        precision, recall = self.precision, self.recall
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    @property
    def empty(self) -> bool:
        return not self.tp + self.fp + self.fn

    def __add__(self, other: ScoreRow) -> ScoreRow:
        return ScoreRow(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one thing, with its place in the graph and in the text."""

    layer: str
    key: str
    """Class or property: ``Agency``, ``issuedBy``, ``about``; empty if the layer has none."""
    verdict: MatchVerdict
    description: str
    """A description for people, on one line."""
    node: str = ""
    """IRI of the thing in the graph."""
    statement: tuple[str, str, str] | None = None
    """Subject, property (local name) and object, if the thing is a statement of the graph."""
    words: tuple[str, ...] = ()
    """Words of the annotation. The thing stands where any of them stands in the text."""


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """Whether quotes are equal to their place in the text, and whether all statements have one."""

    good: int = 0
    """Number of spans that are equal to their place in the text."""
    wrong: tuple[str, ...] = ()
    """Spans that are not, each as a line for people."""
    missing: tuple[str, ...] = ()
    """Statements and figures without any quote, each as a line for people."""


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """An annotated proposal, reply or opinion. Facts and links that are not annotated are not judged."""

    id: str
    type: str
    facts: Mapping[str, str]
    """The annotated ones of ``proposalNumber title session issued``."""
    links: Mapping[str, tuple[str, ...]]
    """Labels of entities for the annotated ones of ``submittedBy leadAgency coAgency issuedBy addressedTo consulted
    basedOn``."""
    replies_to: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class GoldPart:
    """An annotated part of a document."""

    type: str
    number: str
    begins: tuple[str, ...]
    """The first words of the part, in readings that are equally right."""
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """An annotated answer: the first words of a part of a reply, and of the suggestion that it answers."""

    part: str
    suggestion: str
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """An annotated entity."""

    type: str
    label: str
    aliases: tuple[str, ...]
    facts: Mapping[str, str]
    """The annotated ones of ``documentNumber issued level status``."""
    optional: bool
    also: frozenset[str] = frozenset()
    """Other classes that are as right as ``type``."""


@dataclass(frozen=True, slots=True)
class GoldEdge:
    """An annotated statement between entities, with alternatives for its subject and object."""

    property: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    quote: str
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldFigure:
    """An annotated figure. Slots that are None are not annotated."""

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
    """The annotation of one source by a careful reader."""

    path: Path
    source: str
    documents: tuple[GoldDocument, ...]
    parts: tuple[GoldPart, ...]
    answers: tuple[GoldAnswer, ...] | None
    """None if answers are not annotated; then they are not scored."""
    entities: tuple[GoldEntity, ...]
    edges: tuple[GoldEdge, ...]
    figures: tuple[GoldFigure, ...]

    @property
    def name(self) -> str:
        """The name of the file without its suffixes."""
        return self.path.name.removesuffix(".json").removesuffix(".gold")


class GoldNames:
    """The names of annotated entities, folded.

    Args:
        entities: the annotated entities of one file.
    """

    def __init__(self, entities: Iterable[GoldEntity]) -> None:
        self.accepted = {id(entity): set(map(name_key, (entity.label, *entity.aliases))) for entity in entities}
        """Right names of each entity, by its ``id()``."""
        self.by_name: defaultdict[str, list[GoldEntity]] = defaultdict(list)
        for entity in entities:
            for name in self.accepted[id(entity)]:
                self.by_name[name].append(entity)

    def find_forms(self, labels: Iterable[str]) -> set[str]:
        """Return the folded names that are right where the annotation has any of *labels*."""
        found = set(map(name_key, labels))
        entities = (entity for name in found for entity in self.by_name.get(name, ()))
        return found.union(*(self.accepted[id(entity)] for entity in entities))


@dataclass(frozen=True)
class FileResult:
    """One source with its extraction, judged by its annotation."""

    gold: Gold
    extraction: Extraction
    names: GraphNames
    judgements: tuple[Judgement, ...]
    evidence: EvidenceCheck

    @cached_property
    def rows(self) -> Mapping[str, ScoreRow]:
        """Scores by layer and by ``layer:class``."""
        return count_judgements(self.judgements)


@dataclass(frozen=True)
class Evaluation:
    """The results of several files, scored together."""

    files: tuple[FileResult, ...]

    @cached_property
    def total(self) -> Mapping[str, ScoreRow]:
        """Scores of all files together, by layer and by ``layer:class``."""
        return count_judgements(judgement for file in self.files for judgement in file.judgements)

    @property
    def present(self) -> Sequence[str]:
        """The layers that have anything to score."""
        return [layer for layer in LAYERS if not self.total.get(layer, ScoreRow()).empty]

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the layers that are present."""
        return sum(self.total[layer].f1 for layer in self.present) / max(len(self.present), 1)

    @property
    def evidence(self) -> EvidenceCheck:
        """The evidence checks of all files together."""
        checks = [file.evidence for file in self.files]
        return EvidenceCheck(
            sum(check.good for check in checks),
            tuple(line for check in checks for line in check.wrong),
            tuple(line for check in checks for line in check.missing),
        )


@dataclass(slots=True)
class JudgementList:
    """Collects judgements while a graph is compared. Further arguments are fields of :class:`Judgement`."""

    items: list[Judgement] = field(default_factory=list)

    def add_found(self, layer: str, key: str, description: str, **fields: object) -> None:
        self._add(MatchVerdict.FOUND, layer, key, description, fields)

    def add_missed(self, layer: str, key: str, description: str, **fields: object) -> None:
        self._add(MatchVerdict.MISSED, layer, key, description, fields)

    def add_wrong(self, layer: str, key: str, description: str, **fields: object) -> None:
        self._add(MatchVerdict.WRONG, layer, key, description, fields)

    def add_open(self, layer: str, key: str, description: str, **fields: object) -> None:
        self._add(MatchVerdict.OPEN, layer, key, description, fields)

    def _add(self, verdict: MatchVerdict, layer: str, key: str, description: str, fields: Mapping[str, object]) -> None:
        self.items.append(Judgement(layer, key, verdict, description, **fields))  # type: ignore[arg-type]


def count_judgements(judgements: Iterable[Judgement]) -> Mapping[str, ScoreRow]:
    """Return the scores by layer, and by ``layer:key`` if there is a key, sorted."""
    row_of = {
        MatchVerdict.FOUND: ScoreRow(tp=1), MatchVerdict.WRONG: ScoreRow(fp=1), MatchVerdict.MISSED: ScoreRow(fn=1),
        MatchVerdict.OPEN: ScoreRow(),
    }  # fmt: skip
    rows: dict[str, ScoreRow] = {}
    for judgement in judgements:
        names = [judgement.layer, f"{judgement.layer}:{judgement.key}"] if judgement.key else [judgement.layer]
        for name in names:
            rows[name] = rows.get(name, ScoreRow()) + row_of[judgement.verdict]
    order = {layer: i for i, layer in enumerate((*LAYERS, SLOTS))}
    return {name: rows[name] for name in sorted(rows, key=lambda name: (order[name.partition(":")[0]], name))}
