"""Measure the reports and questions on a store: ``python -m benchmarks.reports [--files 200] [--store DIR]``.

Without ``--store`` an invented corpus is written (``benchmarks.corpus``) and built first; 660 files are about a million
statements. Each report runs in a process of its own; its processor time is printed, without that of opening the store.
Nothing is asserted: the table is for people, who must know what else the machine was doing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.__main__ import ROOT
from benchmarks.corpus import write_corpus

_RUN = """
import json, sys, time
import kg
kind, words, filters = sys.argv[2:5]
with kg.open(sys.argv[1]) as graph:
    begin = time.process_time()
    if kind == "ask":
        graph.ask(words)
    else:
        graph.report(words, **json.loads(filters))
    print(time.process_time() - begin)
"""
_PROFILE = '{"place": "霁川市", "tier": "国家级专精特新“小巨人”企业", "facts": "营业收入=4.5亿元"}'
_QUESTIONS = ("瞪羚企业能拿多少奖励", "哪些部门没有出会办意见", "有多少家专精特新中小企业")


def measure_reports(store: Path) -> Iterator[tuple[str, float]]:
    """Yield each report and question with its processor time in seconds."""
    from kg.report import list_reports

    for name in list_reports():
        if name != "session":  # it needs the list of a session
            yield name, _measure(store, "report", name, _PROFILE if name == "match" else "{}")
    for question in _QUESTIONS:
        yield f"ask {question}", _measure(store, "ask", question, "{}")


def _measure(store: Path, *arguments: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(store), *arguments],
        capture_output=True, check=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return float(done.stdout)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports", description=__doc__)
    parser.add_argument("--files", type=int, default=200, help="files of the corpus (default: 200)")
    parser.add_argument("--store", type=Path, help="a store that exists, instead of a corpus")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or _build(Path(folder), options.files)
        print("load average:", *(f"{value:.1f}" for value in os.getloadavg()))
        for name, seconds in measure_reports(store):
            print(f"{seconds:6.2f} s  {name}", flush=True)


def _build(folder: Path, files: int) -> Path:
    import kg

    pages = folder / "pages"
    pages.mkdir()
    write_corpus(pages, files)
    kg.build(pages, folder / "store")
    return folder / "store"


if __name__ == "__main__":
    main()
