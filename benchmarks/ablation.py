"""What the extraction does without any local name: ``python -m benchmarks.ablation [--write]``.

The lexicons hold suffixes, patterns, tiers known nation-wide, national organs, and one table of local names:
``divisions.tsv``, all provinces and prefectures with their short names. Here that table is emptied, through a
lexicon folder as a user would make one, and every annotated document is scored with it and without. A layer that falls
by more than 0.03 lives on names that it knows, not on how names are made.
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
"""Tables of the lexicon that name things of one place; ``tests/test_calibrate.py`` holds the others to having none."""
ALLOWED = 0.03
"""How much F1 a layer may lose."""


@dataclass(frozen=True, slots=True)
class Fall:
    """The F1 of one layer, with local names and without."""

    documents: str
    layer: str
    with_names: float
    without: float

    @property
    def difference(self) -> float:
        return self.without - self.with_names

    @property
    def too_deep(self) -> bool:
        return self.difference < -ALLOWED


def without_local_names(paths: Sequence[Path]) -> Evaluation:
    """Evaluate with every table of local names emptied."""
    with tempfile.TemporaryDirectory() as folder:
        for name in LOCAL_TABLES:
            (Path(folder) / f"{name}.tsv").write_text("#!replace\n", encoding="utf-8")
        return evaluate(paths, lexicon_dir=folder)


def compare(sets: Mapping[str, Sequence[Path]]) -> list[Fall]:
    """Each layer of each set that has anything to score, with local names and without."""
    out = []
    for name, paths in sets.items():
        known, bare = evaluate(paths), without_local_names(paths)
        for layer in known.present:
            out.append(Fall(name, layer, known.total[layer].f1, bare.total.get(layer, ScoreRow()).f1))
    return out


def gold_sets() -> dict[str, list[Path]]:
    """The sets of docs/accuracy.md that are at hand, and what is measured on."""
    sets = {
        "eight": sorted(SHARED.glob("*.gold.json")),
        "own": sorted(OWN.glob("dev_*.gold.json")),
        "heldout": sorted(OWN.glob("heldout_*.gold.json")),
    }
    return {name: paths for name, paths in sets.items() if paths}


def table(falls: Sequence[Fall], lang: str = "en") -> str:
    """Return a Markdown table, a row a layer: with, without and the difference for each set."""
    sets = list(dict.fromkeys(f.documents for f in falls))
    by = {(f.documents, f.layer): f for f in falls}
    rows = [
        ["", *(get_text("ablation", "columns", lang, set=get_text("sets", name, lang)) for name in sets)],
        ["---", *["---:"] * (3 * len(sets))],
    ]
    for layer in (x for x in LAYERS if any(f.layer == x for f in falls)):
        cells = [cell for name in sets for cell in _cells(by.get((name, layer)))]
        rows.append([get_text("layers", layer, lang), *cells])
    return format_table(rows)


def _cells(fall: Fall | None) -> list[str]:
    if fall is None:
        return ["–"] * 3
    mark = " **!**" if fall.too_deep else ""
    return [f"{fall.with_names:.3f}", f"{fall.without:.3f}", f"{fall.difference:+.3f}{mark}"]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into both pages on accuracy, too")
    args = parser.parse_args(argv)
    falls = compare(gold_sets())
    shown = table(falls)
    print(shown)
    deep = [f for f in falls if f.too_deep]
    for f in deep:
        print(f"{f.documents}: {f.layer} falls by {-f.difference:.3f}, more than {ALLOWED}")
    if args.write:
        pages = {}
        for lang in LANGUAGES:
            path = ACCURACY_PAGES[lang]
            page = fill_marker(path.read_text(encoding="utf-8"), "ablation", table(falls, lang))
            pages[path] = page.encode("utf-8")
        write_files(pages)
    return 1 if deep else 0


if __name__ == "__main__":
    raise SystemExit(main())
