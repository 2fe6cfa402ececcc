"""Fit the weights with which names and relations are found, on annotated documents, and write them into the lexicon.

    python scripts/fit_models.py GOLD[=SOURCES][*WEIGHT] ... [--check]

Each argument is a folder of annotated files, with the folder of their sources behind ``=`` if it is another one. Behind
``*`` stands how often the relations of its documents count in their fit: readers differ in which relations they
annotate, so those who follow the guide most closely count more. Five
models are fitted: the sequence model over words (``tagger.tsv``, a conditional random field), and by logistic
regression the decisions on candidate names (``retention.toml``), on relations (``relation_weights.tsv``), on the
subjects of figures (``subject_weights.tsv``) and on their classes (``kind_weights.tsv``). Each learns from what the one
before says of documents that it was not trained on: the documents are divided into parts, and models fitted on the
others read each part.

``--check`` writes nothing. It prints precision, recall and F1 of names and relations in documents that the models were
not fitted on.

Needs ``python-crfsuite`` (https://pypi.org/project/python-crfsuite/), which the extraction itself does not need.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.fitting.documents import read_documents
from scripts.fitting.kinds import check_kinds, collect_kinds, fit_kinds, write_kinds
from scripts.fitting.names import (
    check_names,
    decide_names,
    fit_decision,
    fit_tagger,
    list_rows,
    read_in_turn,
    write_decision,
    write_tagger,
)
from scripts.fitting.relations import check_relations, collect_pairs, fit_relations, write_relations
from scripts.fitting.subjects import check_subjects, collect_figures, fit_subjects, write_subjects

NAME_THRESHOLD = 0.37
"""Probability from which a candidate name stays. F1 is flat from 0.3 to 0.45; precision is near 0.88 here."""
RELATION_THRESHOLDS = {
    "administers": 0.42,
    "supports": 0.38,
    "establishes": 0.45,
    "hasTier": 0.45,
    "operates": 0.35,
    "participatesIn": 0.3,
    "availableOn": 0.25,
}
"""Probability from which a relation is stated, by property; 0.4 for the others."""
SUBJECT_THRESHOLDS = {"Provision": 0.3, "Observation": 0.3, "Target": 0.35}
"""Probability from which the best candidate is the subject of a figure, by class."""


def main(arguments: Sequence[str]) -> int:
    """Fit or check. Return the exit code."""
    folders = [a for a in arguments if not a.startswith("--")]
    if not folders:
        print(__doc__, file=sys.stderr)
        return 2
    documents = read_documents(folders)
    print(f"{len(documents)} documents", file=sys.stderr, flush=True)
    read_in_turn(documents)
    decide_names(documents, NAME_THRESHOLD)
    pairs = {d.name: collect_pairs(d) for d in documents}
    figures = {d.name: collect_figures(d) for d in documents}
    kinds = {d.name: collect_kinds(d) for d in documents}
    if "--check" in arguments:
        check_names(documents)
        check_relations(documents, pairs)
        check_subjects(documents, figures)
        check_kinds(documents, kinds)
        return 0
    write_decision(fit_decision(list(list_rows(documents))), NAME_THRESHOLD)
    write_relations(fit_relations([p for found in pairs.values() for p in found.rows]), RELATION_THRESHOLDS)
    write_subjects(fit_subjects([f for found in figures.values() for f in found]), SUBJECT_THRESHOLDS)
    write_kinds(fit_kinds([k for found in kinds.values() for k in found]))
    write_tagger(fit_tagger(documents), len(documents))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
