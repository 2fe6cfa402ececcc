"""Build each annotated source alone, score the graphs by the annotations, and compare the scores with their floors.

    python scripts/gold_scores.py [SET ...] [--errors] [--keep DIR]

The sets and their floors are in ``accuracy-floors.toml``. The scorer is the shared ``score.py``. Without it the script
says so, scores nothing and exits with 0. The exit code is 1 if a score is below its floor or a build fails.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "accuracy-floors.toml"
SCORER = ROOT.parent / "shared" / "score.py"


class ScoringError(RuntimeError):
    """A build, an export or the scorer failed. The message is its output."""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Annotated files that are scored together."""

    name: str
    gold: tuple[Path, ...]
    sources: Path
    """The folder that each file's ``source`` is relative to."""
    floors: Mapping[str, float]
    """Lowest F1 by layer."""


def read_gold_sets(path: Path = FLOORS) -> tuple[GoldSet, ...]:
    """Return the sets in the file *path* that have annotated files here, in the order of the file."""
    config = tomllib.loads(path.read_text(encoding="utf-8"))
    sets = []
    for name, entry in config.items():
        files = sorted({found for pattern in entry["gold"] for found in _find_files(path.parent, pattern)})
        if files:
            sources = (path.parent / entry["sources"]).resolve()
            sets.append(GoldSet(name, tuple(files), sources, dict(entry["floors"])))
    return tuple(sets)


def find_below_floor(scores: Mapping[str, float], floors: Mapping[str, float]) -> tuple[str, ...]:
    """Return the layers whose score is below its floor; a layer without a score counts as 0."""
    return tuple(layer for layer, floor in floors.items() if scores.get(layer, 0.0) < floor)


def build_graph(source: Path, folder: Path) -> Path:
    """Return the Turtle export of a store with *source* alone, made with the command line."""
    store, turtle = folder / "store", folder / "graph.ttl"
    kg = str(Path(sys.executable).with_name("kg"))
    _run_command(kg, "build", str(source), "--store", str(store))
    _run_command(kg, "export", "--store", str(store), "--format", "turtle", "--output", str(turtle))
    return turtle


def score_graphs(
    pairs: Sequence[tuple[Path, Path]], folder: Path, errors: bool = False
) -> tuple[str, dict[str, float]]:
    """Return the output of the scorer for *pairs* of annotated file and graph, and the F1 of each layer they have."""
    result = folder / "scores.json"
    arguments = [str(path) for pair in pairs for path in pair]
    arguments += ["--json", str(result), *(["--errors"] if errors else [])]
    printed = _run_command(sys.executable, str(SCORER), *arguments)
    rows = json.loads(result.read_text(encoding="utf-8"))
    counted = {layer: row for layer, row in rows.items() if isinstance(row, dict) and "f1" in row}
    return printed, {layer: row["f1"] for layer, row in counted.items() if row["tp"] + row["fp"] + row["fn"]}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the scores. Return 1 if one is below its floor, or if a build fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help="only these sets of accuracy-floors.toml")
    parser.add_argument("--errors", action="store_true", help="list what is missing and what is wrong")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep stores and graphs in this folder")
    args = parser.parse_args(argv)
    if not SCORER.exists():
        print(f"not scored: {SCORER} does not exist")
        return 0
    known = {s.name: s for s in read_gold_sets()}
    if unknown := sorted(set(args.sets) - set(known)):
        parser.error(f"no such set: {', '.join(unknown)} (known: {', '.join(known)})")
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.keep or Path(temporary)
        try:
            failed = _check_sets([known[name] for name in args.sets or known], folder, args.errors)
        except ScoringError as error:
            print(error, file=sys.stderr)
            return 1
    for line in failed:
        print(f"BELOW FLOOR {line}", file=sys.stderr)
    return 1 if failed else 0


def _check_sets(sets: Sequence[GoldSet], folder: Path, errors: bool) -> list[str]:
    """Print the scores of *sets*, and return a line for each score below its floor."""
    graphs: dict[Path, Path] = {}
    failed = []
    for gold_set in sets:
        pairs = []
        for gold in gold_set.gold:
            source = gold_set.sources / json.loads(gold.read_text(encoding="utf-8"))["source"]
            if source not in graphs:
                place = folder / gold.name.removesuffix(".gold.json")
                place.mkdir(parents=True, exist_ok=True)
                graphs[source] = build_graph(source, place)
            pairs.append((gold, graphs[source]))
        printed, scores = score_graphs(pairs, folder, errors)
        print(f"== {gold_set.name}: {len(pairs)} file(s)\n{printed}", flush=True)
        for layer in find_below_floor(scores, gold_set.floors):
            failed.append(f"{gold_set.name}: {layer} {scores.get(layer, 0.0):.3f} < {gold_set.floors[layer]:.3f}")
    return failed


def _find_files(folder: Path, pattern: str) -> list[Path]:
    parent = (folder / pattern).parent
    return sorted(parent.resolve().glob(Path(pattern).name)) if parent.is_dir() else []


def _run_command(*arguments: str) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise ScoringError(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
