"""Fitting of the sequence model over words, and of the decision on candidate names."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from extract.linking.link import link_mentions, remove_entities
from extract.mentions.trimming import trim_names
from extract.model import Entity, Kind
from extract.relations.events import EventReader
from extract.relations.retention.decision import find_features
from extract.relations.retention.rivals import choose_readings
from extract.tagging.candidates import add_candidates
from extract.tagging.features import (
    KIND_CODES,
    find_quoted,
    list_features,
    mark_mentions,
    read_heads,
    read_tokens,
    split_sequences,
)
from extract.tagging.tagger import TRANSITION, NameTags, Tagger
from kg.evaluate.model import Gold
from ontology.lexicons import LEXICON_FOLDER, Lexicon, load_lexicon
from scripts.fitting.documents import PARTS, Document, list_keys, names_place
from scripts.fitting.logistic import Row, fit_weights, measure, score

MIN_DOCUMENTS = 3
"""A feature counts if it occurs in as many documents, so that no weight stands for the name of one place."""
CRF = {"c1": 0.1, "c2": 0.3, "max_iterations": 80, "feature.possible_transitions": True}
"""Settings of CRFsuite: L1 and L2 regularisation, iterations."""
SMALLEST = 0.1
"""Weights of the sequence model below this are left out: they are many and change little."""
RIDGE, LEAST = 3.0, 3
"""Regularisation of the decision, and documents that a feature must occur in."""
_SPACE = re.compile(r"\s")
_MARKS = "[“”‘’《》]*"
Labelled = tuple[list[list[tuple[str, str]]], list[str]]
WeightRow = tuple[str, str, str, float]


def label_words(document: Document) -> Iterator[Labelled]:
    """Yield the features and the labels of each sequence of a document."""
    page = document.context.words
    covered = locate_names(document.gold, page.text)
    heads = read_heads(document.context.lex)
    tokens, quoted = read_tokens(page.words, heads), find_quoted(page.words)
    marks = mark_mentions(page, document.mentions)
    for sequence in split_sequences(page.words):
        labels, last = [], None
        for i in sequence:
            name = covered[page.words[i].begin]
            labels.append("O" if name is None else f"{'I' if name == last else 'B'}-{name[0]}")
            last = name
        yield list_features(tokens, quoted, marks, sequence), labels


def locate_names(gold: Gold, text: str) -> list[tuple[str, int] | None]:
    """Return for each character of a joined text the kind and begin of the annotated name that covers it.

    Longer names come first. Quotes inside a name do not matter.
    """
    names = {
        (_SPACE.sub("", name), KIND_CODES[Kind(entity.type)])
        for entity in gold.entities
        for name in (entity.label, *entity.aliases)
    }
    covered: list[tuple[str, int] | None] = [None] * len(text)
    for name, kind in sorted(names, key=lambda n: (-len(n[0]), n)):
        if len(name) < 2:
            continue
        for found in re.finditer(_MARKS.join(map(re.escape, name)), text):
            if not any(covered[found.start() : found.end()]):
                covered[found.start() : found.end()] = [(kind, found.start())] * (found.end() - found.start())
    return covered


def fit_tagger(documents: Sequence[Document]) -> list[WeightRow]:
    """Return the rows of ``tagger.tsv``: template, value, label, weight."""
    import pycrfsuite

    labelled = [list(label_words(document)) for document in documents]
    counts: Counter[tuple[str, str]] = Counter()
    for sequences in labelled:
        counts.update({f for features, _ in sequences for word in features for f in word})
    lex = load_lexicon()
    known = {f for f, n in counts.items() if n >= MIN_DOCUMENTS and not names_place(f[1], lex)}
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(CRF)
    for sequences in labelled:
        for features, labels in sequences:
            trainer.append([["\t".join(f) for f in word if f in known] for word in features], labels)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
    rows = [(TRANSITION, a, b, w) for (a, b), w in info.transitions.items() if abs(w) >= SMALLEST]
    for (attribute, label), weight in info.state_features.items():
        if abs(weight) >= SMALLEST:
            template, value = attribute.split("\t")
            rows.append((template, value, label, weight))
    return sorted(rows)


class _FittedLexicon(Lexicon):
    """The project's lexicon with other weights of the sequence model."""

    def __init__(self, rows: Sequence[WeightRow]) -> None:
        super().__init__()
        self._tables["tagger"] = tuple((t, v, label, f"{w:.2f}") for t, v, label, w in rows)


def read_with(tagger: Tagger, document: Document) -> None:
    """Find the candidates of a document with a sequence model, and their features."""
    context, page = document.context, document.context.words
    tags = NameTags(tagger.labels, tagger.compute_marginals(page, mark_mentions(page, document.mentions)))
    mentions = add_candidates(context, document.geography, document.mentions, tags)
    linked = link_mentions(context, document.geography, list(trim_names(mentions, page, context.lex)))
    events = EventReader(page, context.outline, linked, context.lex)
    document.tags, document.linked = tags, linked
    document.rows = list(find_features(linked, events, page, context.outline, context.lex, tags))


def judge_candidate(gold: Gold, entity: Entity) -> bool | None:
    """Return whether a candidate is annotated; None if readers may differ about it."""
    keys = list_keys((entity.label, *entity.aliases))
    own = KIND_CODES[entity.kind]
    for annotated in gold.entities:
        kinds = {KIND_CODES[Kind(kind)] for kind in (annotated.type, *annotated.also)}
        if own in kinds and keys & list_keys((annotated.label, *annotated.aliases)):
            return None if annotated.optional else True
    return False


def list_rows(documents: Iterable[Document]) -> Iterator[Row]:
    """Yield features and verdict of the candidates that readers agree on."""
    for document in documents:
        for entity, features in document.rows:
            verdict = judge_candidate(document.gold, entity)
            if verdict is not None:
                yield features, verdict, document.name


def fit_decision(rows: Sequence[Row]) -> dict[str, float]:
    """Return the weights of the decision on candidates."""
    return fit_weights(rows, RIDGE, LEAST)


def read_in_turn(documents: Sequence[Document]) -> None:
    """Read each part of the documents with a sequence model that is fitted on the other parts."""
    for part in range(PARTS):
        rows = fit_tagger([d for d in documents if d.part != part])
        tagger = Tagger(_FittedLexicon(rows))
        for document in documents:
            if document.part == part:
                read_with(tagger, document)
        print(f"part {part + 1} of {PARTS}: {len(rows)} weights", file=sys.stderr, flush=True)


def decide_names(documents: Sequence[Document], threshold: float) -> None:
    """Set what each document keeps, decided by weights that are fitted on the other parts."""
    for part in range(PARTS):
        weights = fit_decision(list(list_rows(d for d in documents if d.part != part)))
        for document in documents:
            if document.part == part and document.linked is not None:
                scores = {e.id: score(weights, features) for e, features in document.rows}
                dropped = {ident for ident, probability in scores.items() if probability < threshold}
                kept = remove_entities(document.linked, dropped)
                document.kept = choose_readings(
                    kept, {i: p for i, p in scores.items() if i not in dropped}, document.context.words
                )


def check_names(documents: Sequence[Document]) -> None:
    """Print precision, recall and F1 of names by kind, each document decided by weights of other documents."""
    for threshold in (0.35, 0.4, 0.45, 0.5, 0.55):
        decide_names(documents, threshold)
        table: dict[str, Counter[str]] = defaultdict(Counter)
        for document in documents:
            if document.kept is not None:
                count_names(document.gold, document.kept.entities, table)
        cells = [f"{k} {measure(c['tp'], c['fp'], c['fn'])}" for k, c in sorted(table.items())]
        print(f"names {threshold:.2f}", *cells, sep="  ")


def count_names(gold: Gold, entities: Iterable[Entity], table: dict[str, Counter[str]]) -> None:
    """Add to *table* how many names of a document are found, wrong and missed, by kind."""
    found: set[int] = set()
    for entity in entities:
        if entity.kind not in KIND_CODES:
            continue
        own, keys = KIND_CODES[entity.kind], list_keys((entity.label, *entity.aliases))
        hits = [
            k for k, a in enumerate(gold.entities)
            if own in {KIND_CODES[Kind(kind)] for kind in (a.type, *a.also)}
            and keys & list_keys((a.label, *a.aliases))
        ]  # fmt: skip
        found.update(hits[:1])
        if not hits:
            for kind in (own, "all"):
                table[kind]["fp"] += 1
    for k, annotated in enumerate(gold.entities):
        if not annotated.optional:
            for kind in (KIND_CODES[Kind(annotated.type)], "all"):
                table[kind]["tp" if k in found else "fn"] += 1


def write_tagger(rows: Sequence[WeightRow], documents: int) -> None:
    """Write ``tagger.tsv``."""
    lines = [
        "# Weights of the sequence model that finds names (extract/tagging): template, value, label, weight.",
        f"# Fitted by scripts/fit_models.py on {documents} documents; each feature stands in {MIN_DOCUMENTS} or more.",
        *(f"{template}\t{value}\t{label}\t{weight:.2f}" for template, value, label, weight in rows),
    ]
    (LEXICON_FOLDER / "tagger.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_decision(weights: Mapping[str, float], threshold: float) -> None:
    """Write ``retention.toml``."""
    path = LEXICON_FOLDER / "retention.toml"
    head = path.read_text(encoding="utf-8").split("threshold =")[0]
    lines = [f"{head}threshold = {threshold:.2f}\n", "[weights]"]
    lines += [f"{json.dumps(name, ensure_ascii=False)} = {weight:.2f}" for name, weight in sorted(weights.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
