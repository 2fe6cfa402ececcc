"""The scores of the extraction without local names: ``python -m benchmarks.ablation [--write]``.

The lexicons have suffixes, patterns, national tiers, national organs, and one table of local names: ``divisions.tsv``,
all provinces and prefectures with their short names. This script empties that table through a lexicon folder, as a user
can, and scores every annotated document with the table and without it. A layer that falls by more than 0.03 depends on
known names, not on the way names are made.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.evaluate import Evaluation, ScoreRow, evaluate
from kg.evaluate.accuracy import OWN, SHARED
from kg.evaluate.documents import ACCURACY_PAGES, LANGUAGES, fill_marker, format_table
from kg.evaluate.model import LAYERS
from kg.evaluate.report import get_text
from kg.files import write_files

LOCAL_TABLES = ("divisions",)
"""Tables of the lexicon with local names. ``tests/benchmarks/test_ablation.py`` checks that the others have none."""
LARGEST_FALL = 0.03
"""Largest difference of F1 that is allowed."""


@dataclass(frozen=True, slots=True)
class LayerChange:
    """The F1 of one layer, with local names and without."""

    documents: str
    """Key of the set of documents."""
    layer: str
    with_names: float
    without: float

    @property
    def difference(self) -> float:
        return self.without - self.with_names

    @property
    def falls_too_much(self) -> bool:
        return self.difference < -LARGEST_FALL


def evaluate_without_local_names(paths: Sequence[Path]) -> Evaluation:
    """Return the evaluation with empty tables of local names."""
    with tempfile.TemporaryDirectory() as folder:
        for name in LOCAL_TABLES:
            (Path(folder) / f"{name}.tsv").write_text("#!replace\n", encoding="utf-8")
        return evaluate(paths, lexicon_dir=folder)


def compare_layers(sets: Mapping[str, Sequence[Path]]) -> list[LayerChange]:
    """Return the change of each layer in each set of documents that has anything to score."""
    changes = []
    for name, paths in sets.items():
        with_names, without = evaluate(paths), evaluate_without_local_names(paths)
        for layer in with_names.present:
            scores = with_names.total[layer], without.total.get(layer, ScoreRow())
            changes.append(LayerChange(name, layer, *(score.f1 for score in scores)))
    return changes


def find_gold_sets() -> dict[str, list[Path]]:
    """Return the annotated files of each set in docs/accuracy.md, without the sets that are not available."""
    sets = {
        "eight": sorted(SHARED.glob("*.gold.json")),
        "own": sorted(OWN.glob("dev_*.gold.json")),
        "heldout": sorted(OWN.glob("heldout_*.gold.json")),
    }
    return {name: paths for name, paths in sets.items() if paths}


def format_changes(changes: Sequence[LayerChange], lang: str = "en") -> str:
    """Return a Markdown table with a row for each layer: with, without and the difference for each set."""
    sets = list(dict.fromkeys(change.documents for change in changes))
    by_set_and_layer = {(change.documents, change.layer): change for change in changes}
    rows = [
        ["", *(get_text("ablation", "columns", lang, set=get_text("sets", name, lang)) for name in sets)],
        ["---", *["---:"] * (3 * len(sets))],
    ]
    changed_layers = {change.layer for change in changes}
    for layer in filter(changed_layers.__contains__, LAYERS):
        cells = [cell for name in sets for cell in _format_cells(by_set_and_layer.get((name, layer)))]
        rows.append([get_text("layers", layer, lang), *cells])
    return format_table(rows)


def _format_cells(change: LayerChange | None) -> list[str]:
    if change is None:
        return ["–"] * 3
    mark = " **!**" if change.falls_too_much else ""
    return [f"{change.with_names:.3f}", f"{change.without:.3f}", f"{change.difference:+.3f}{mark}"]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table. Return 1 if a layer falls too much."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into both pages on accuracy, too")
    args = parser.parse_args(argv)
    changes = compare_layers(find_gold_sets())
    print(format_changes(changes))
    faults = [change for change in changes if change.falls_too_much]
    for change in faults:
        print(f"{change.documents}: {change.layer} falls by {-change.difference:.3f}, more than {LARGEST_FALL}")
    if args.write:
        pages = {}
        for lang in LANGUAGES:
            path = ACCURACY_PAGES[lang]
            page = fill_marker(path.read_text(encoding="utf-8"), "ablation", format_changes(changes, lang))
            pages[path] = page.encode("utf-8")
        write_files(pages)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
