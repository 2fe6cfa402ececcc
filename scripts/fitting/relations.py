"""Fitting of the decision on relations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extract.model import Relation
from extract.relations.duties import read_duties
from extract.relations.events import EventReader
from extract.relations.frames import read_frames
from extract.relations.pair import Pair
from extract.relations.pairs import SCORED, find_pairs
from extract.relations.relations import find_relations
from kg.evaluate.model import GoldEdge, GoldNames
from ontology.lexicons import LEXICON_FOLDER
from scripts.fitting.documents import PARTS, Document, list_keys
from scripts.fitting.logistic import Row, fit_weights, measure, score

RIDGE, LEAST = 6.0, 3
"""Regularisation, and documents that a feature must occur in."""
_Edge = tuple[GoldEdge, set[str], set[str]]
"""An annotated relation with the right names of its subject and of its object."""
_THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.6)


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair of a document, with the verdict of its annotation."""

    predicate: str
    features: Mapping[str, float]
    right: bool | None
    """None if readers may differ about it."""
    edge: int | None
    """Number of the annotated relation."""
    document: str
    weight: int = 1
    """How often it counts in the fit."""


@dataclass(frozen=True, slots=True)
class DocumentPairs:
    """The pairs of a document, and how many relations its annotation has, by property."""

    rows: Sequence[JudgedPair]
    wanted: Mapping[str, int]


def collect_pairs(document: Document) -> DocumentPairs:
    """Return the pairs of a document among the names that it keeps."""
    linked, context = document.kept, document.context
    assert linked is not None
    events = EventReader(context.words, context.outline, linked, context.lex)
    stated: list[Relation] = [
        *find_relations(context.text, context.outline, linked, context.lex),
        *events.read_relations(),
        *read_frames(events.index, context.lex),
        *read_duties(events.index, context.lex),
    ]
    names: dict[str, set[str]] = {entity.id: list_keys((entity.label, *entity.aliases)) for entity in linked.entities}
    gold_names = GoldNames(document.gold.entities)
    edges = [(e, gold_names.find_forms(e.subjects), gold_names.find_forms(e.objects)) for e in document.gold.edges]
    rows = [_judge(pair, edges, names, document) for pair in find_pairs(events.index, stated, context.lex)]
    wanted: dict[str, int] = defaultdict(int)
    for edge in document.gold.edges:
        wanted[edge.property] += not edge.optional
    return DocumentPairs(rows, wanted)


def _judge(pair: Pair, edges: Sequence[_Edge], names: Mapping[str, set[str]], document: Document) -> JudgedPair:
    for k, (edge, subjects, objects) in enumerate(edges):
        if edge.property != pair.predicate:
            continue
        if subjects & names[pair.subject] and objects & names[pair.object]:
            right = None if edge.optional else True
            return JudgedPair(pair.predicate, pair.features, right, k, document.name, document.weight)
    return JudgedPair(pair.predicate, pair.features, False, None, document.name, document.weight)


def fit_relations(rows: Iterable[JudgedPair]) -> dict[str, dict[str, float]]:
    """Return the weights of features, by property."""
    by_predicate: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.right is not None:
            by_predicate[row.predicate] += [(row.features, row.right, row.document)] * row.weight
    return {name: fit_weights(found, RIDGE, LEAST) for name, found in sorted(by_predicate.items())}


def check_relations(documents: Sequence[Document], pairs: Mapping[str, DocumentPairs]) -> None:
    """Print precision, recall and F1 of each property, each document decided by weights of other documents."""
    hits: dict[tuple[str, float], list[int]] = defaultdict(lambda: [0, 0])
    wanted: dict[str, int] = defaultdict(int)
    for part in range(PARTS):
        weights = fit_relations(p for d in documents if d.part != part for p in pairs[d.name].rows)
        for document in documents:
            if document.part != part:
                continue
            for name, n in pairs[document.name].wanted.items():
                wanted[name] += n
            rated = [(p, score(weights.get(p.predicate, {}), p.features)) for p in pairs[document.name].rows]
            for threshold in _THRESHOLDS:
                for name in SCORED:
                    stated = [p for p, probability in rated if p.predicate == name and probability >= threshold]
                    hits[name, threshold][0] += len({p.edge for p in stated if p.right})
                    hits[name, threshold][1] += sum(p.right is False for p in stated)
    for name in SCORED:
        cells = []
        for threshold in _THRESHOLDS:
            tp, fp = hits[name, threshold]
            cells.append(f"{threshold:.2f}: {measure(tp, fp, wanted[name] - tp)}")
        print(name, wanted[name], *cells, sep="  ")


def write_relations(weights: Mapping[str, Mapping[str, float]], thresholds: Mapping[str, float]) -> None:
    """Write ``relation_weights.tsv``."""
    lines = ["# Weights of the decision on relations (extract/relations/scoring.py): property, feature, weight."]
    lines.append(
        "# Fitted by scripts/fit_models.py on annotated documents. A relation is stated from the threshold on."
    )
    for predicate in SCORED:
        lines.append(f"{predicate}\tthreshold\t{thresholds.get(predicate, 0.4):.2f}")
        lines += [f"{predicate}\t{name}\t{weight:.2f}" for name, weight in sorted(weights.get(predicate, {}).items())]
    (LEXICON_FOLDER / "relation_weights.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
