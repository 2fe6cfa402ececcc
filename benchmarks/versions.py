"""Compare the speed of working copies on one page: ``python -m benchmarks.versions FOLDER … [--page FILE] [--runs N]``.

Each folder is a working copy of this project at another commit (``git worktree add ../old COMMIT``). Each runs in a
process of its own with this Python, and they read the page in turns, so that other load slows all of them alike. The
first folder is what the others are compared with; this working copy is the last one. Processor time is measured.
Nothing is asserted: the table is for people.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.__main__ import ROOT, choose_page

_READER = """
import itertools, sys, time
from extract.model import Source
from extract.pipeline import extract
from kg.rdf.graph import build_quads
source = Source(id="page.txt", text=open(sys.argv[1], encoding="utf-8-sig").read())
for line in itertools.chain([None], sys.stdin):
    begin = time.process_time()
    extraction = extract(source)
    between = time.process_time()
    count = sum(1 for _ in build_quads(extraction))
    print(between - begin, time.process_time() - between, flush=True)
"""
"""Reads the page once, and once more for each line of its input; prints the time of extraction and of the quads."""


@dataclass(frozen=True, slots=True)
class VersionTimes:
    """What one working copy needs for the page, in seconds, by run."""

    folder: Path
    extraction: Sequence[float]
    quads: Sequence[float]

    @property
    def total(self) -> Sequence[float]:
        return [one + two for one, two in zip(self.extraction, self.quads, strict=True)]


def measure_versions(folders: Sequence[Path], page: Path, runs: int) -> list[VersionTimes]:
    """Return the times of working copies that read *page* in turns, after one run each to warm up."""
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", _READER, str(page)],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, stdin=-1, stdout=-1, text=True,
        )
        for folder in folders
    ]  # fmt: skip
    times: list[list[tuple[float, float]]] = [[] for _ in readers]
    for turn in range(runs + 1):
        for reader, own in zip(readers, times, strict=True):
            assert reader.stdin is not None
            assert reader.stdout is not None
            if turn:
                reader.stdin.write("\n")
                reader.stdin.flush()
            extraction, quads = map(float, reader.stdout.readline().split())
            own.append((extraction, quads))
    for reader in readers:
        reader.communicate()
    return [VersionTimes(folder, *zip(*own[1:], strict=True)) for folder, own in zip(folders, times, strict=True)]


def format_versions(versions: Sequence[VersionTimes]) -> str:
    """Return a row for each working copy: medians, and the median of its shares of the first one's time, by turn."""
    rows = []
    for version in versions:
        shares = [own / first for own, first in zip(version.total, versions[0].total, strict=True)]
        medians = (statistics.median(times) for times in (version.extraction, version.quads, version.total))
        cells = "  ".join(f"{seconds:.3f} s" for seconds in medians)
        rows.append(f"{cells}  {statistics.median(shares):5.2f} times  {version.folder}")
    return "\n".join(["extract  quads    both     against the first", *rows])


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.versions", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="working copies at other commits")
    parser.add_argument("--page", type=Path, help="a UTF-8 text to measure on")
    parser.add_argument("--runs", type=int, default=25, help="runs of each that medians are taken of (default: 25)")
    args = parser.parse_args(argv)
    page = (args.page or choose_page()).resolve()
    print(f"{page.name}, {args.runs} runs in turns, load {os.getloadavg()[0]:.1f}\n")
    print(format_versions(measure_versions([*(f.resolve() for f in args.folders), ROOT], page, args.runs)))


if __name__ == "__main__":
    main()
