"""The time of updates: ``python -m benchmarks.incremental [--files N] [--write]``.

A folder of invented pages is built, and built again: unchanged, with new file times only, with one file changed, with
one file renamed. The pages are the letters of the examples with other places, names and numbers. Each build is a
process of its own. The exit code is 1 if an unchanged folder takes 3 % of the first build or more, if a file is read
without need, or if the updated store differs from a new one. ``--write`` puts the table into docs/updating.md and
docs/updating.en.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.__main__ import ROOT
from kg.evaluate.documents import fill_marker, format_table
from kg.files import write_files

LARGEST_SHARE = 0.03
"""Largest share of the time of the first build that the build of an unchanged folder may take."""
PAGES = {"zh": ROOT / "docs" / "updating.md", "en": ROOT / "docs" / "updating.en.md"}
_COLUMNS = {
    "zh": ("建库", "读取的文件", "没有重读的", "秒", "与第一次相比"),
    "en": ("build", "files read", "not read again", "seconds", "of the first"),
}
_HEAD = {
    "zh": "{files:,} 份文件，{megabytes:.1f} MB，{quads:,} 个四元组，--workers {workers}。",
    "en": "{files:,} files, {megabytes:.1f} MB, {quads:,} quads, --workers {workers}.",
}
_RUNS_ZH = {
    "the first": "第一次",
    "unchanged": "没有变化",
    "touched, the same bytes": "只改了文件时间，字节相同",
    "one file changed": "改了一份文件",
    "one file renamed": "一份文件改了名",
}
_FIRST, _SECOND = "云桂禾松岚沐栖澜昭榆青望", "桥溪川陵渚泽阳安台浦岭原"
_SURNAMES, _GIVEN = "林顾沈苏陆程许方", "知书若清远思承景夏宁舟禾"
_NAMES = ("霁川", "青棠")
"""Places in the examples, which are replaced."""
_DIGITS = re.compile(r"\d+")
_YEARS = range(1990, 2040)
_RUN = """
import json, sys, time
from pathlib import Path
import kg
begin = time.perf_counter()
report = kg.build(sys.argv[1], sys.argv[2], workers=int(sys.argv[3]))
print(json.dumps({"seconds": time.perf_counter() - begin, "read": len(report.built), "kept": len(report.unchanged),
                  "failed": len(report.failed), "quads": report.quads}))
"""


@dataclass(frozen=True, slots=True)
class BuildRun:
    """One build of the folder."""

    name: str
    seconds: float
    """Duration of the whole process."""
    read: int
    kept: int
    quads: int


def make_pages(count: int) -> Iterator[tuple[str, str]]:
    """Yield names and texts of *count* invented pages, no two of them equal. They are the same each time."""
    templates = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "examples").glob("*.txt"))]
    for number in range(count):
        generator = random.Random(number)
        text = templates[number % len(templates)]
        for name in _NAMES:
            text = text.replace(name, generator.choice(_FIRST) + generator.choice(_SECOND))
        text = _DIGITS.sub(lambda m, g=generator: _make_other_number(m[0], g), text)  # type: ignore[misc]
        year = 2010 + number % 15
        writer = generator.choice(_SURNAMES) + generator.choice(_GIVEN) + generator.choice(_GIVEN)
        yield f"{year}/{number:05}_{writer}.txt", f"{text.rstrip()}\n\n联系人：{writer}\n第{number + 1}号\n"


def measure_builds(folder: Path, count: int, workers: int) -> list[BuildRun]:
    """Return the runs on *count* files in *folder*."""
    source, store = folder / "pages", folder / "store"
    for name, text in make_pages(count):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    files = sorted(source.rglob("*.txt"))
    runs = [_run_build("the first", source, store, workers), _run_build("unchanged", source, store, workers)]
    for path in files:
        os.utime(path, (time.time(), time.time()))
    runs.append(_run_build("touched, the same bytes", source, store, workers))
    middle = files[count // 2]
    middle.write_text(middle.read_text(encoding="utf-8") + "补充：2024年新建充电桩128个。\n", encoding="utf-8")
    runs.append(_run_build("one file changed", source, store, workers))
    files[0].rename(files[0].with_name("改名.txt"))
    runs.append(_run_build("one file renamed", source, store, workers, "--prune"))
    return runs


def find_faults(runs: list[BuildRun], count: int) -> Iterator[str]:
    """Yield a line for each fault."""
    first, unchanged, touched, changed, renamed = runs
    if unchanged.seconds >= LARGEST_SHARE * first.seconds:
        yield f"an unchanged folder takes {unchanged.seconds / first.seconds:.1%} of the first build"
    for run, wanted in ((first, count), (unchanged, 0), (touched, 0), (changed, 1), (renamed, 1)):
        if (run.read, run.kept) != (wanted, count - wanted):
            yield f"{run.name}: {run.read} read and {run.kept} kept, expected {wanted} and {count - wanted}"


def format_runs(runs: list[BuildRun], lang: str = "en") -> str:
    """Return *runs* as a Markdown table."""
    first = runs[0].seconds
    rows = [_COLUMNS[lang], ("---", *["---:"] * 4)]
    for run in runs:
        name = _RUNS_ZH[run.name] if lang == "zh" else run.name
        rows.append((name, f"{run.read:,}", f"{run.kept:,}", f"{run.seconds:.1f}", f"{run.seconds / first:.2%}"))
    return format_table(rows)


def _run_build(name: str, source: Path, store: Path, workers: int, *more: str) -> BuildRun:
    script = _RUN.replace("workers=", "prune=True, workers=") if "--prune" in more else _RUN
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, str(source), str(store), str(workers)],
        capture_output=True, check=True, encoding="utf-8", cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    report = json.loads(done.stdout)
    return BuildRun(name, time.perf_counter() - begin, report["read"], report["kept"], report["quads"])


def _make_other_number(digits: str, generator: random.Random) -> str:
    """Return another number with as many digits; years, single digits and numbers that begin with 0 stay."""
    if digits.startswith("0") or int(digits) in _YEARS or len(digits) < 2:
        return digits
    return str(generator.randrange(10 ** (len(digits) - 1), 10 ** len(digits)))


def _is_same_as_fresh(folder: Path, workers: int) -> bool:
    """Return whether the updated store has the same graphs as a new one."""
    from kg.store.store import Store

    _run_build("new store", folder / "pages", folder / "fresh", workers)
    with Store(folder / "store") as updated, Store(folder / "fresh") as fresh:
        # graph by graph: the quads of two whole stores would fill the memory
        graphs = updated.list_graphs()
        return graphs == fresh.list_graphs() and all(
            set(updated.read_quads(graph)) == set(fresh.read_quads(graph)) for graph in graphs
        )


def main() -> int:
    """Print the table. Return 1 if there is any fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=2000, help="files in the folder (default: 2000)")
    parser.add_argument("--workers", type=int, default=1, help="processes of each build (default: 1)")
    parser.add_argument("--write", action="store_true", help="put the table into the two pages, too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = measure_builds(folder, args.files, args.workers)
        faults = list(find_faults(runs, args.files))
        if not _is_same_as_fresh(folder, args.workers):
            faults.append("the updated store differs from a new one")
        size = sum(p.stat().st_size for p in (folder / "pages").rglob("*.txt"))
    counts = {"files": args.files, "megabytes": size / 1e6, "quads": runs[0].quads, "workers": args.workers}
    shown = {lang: f"{head.format(**counts)}\n\n{format_runs(runs, lang)}" for lang, head in _HEAD.items()}
    print(shown["en"])
    for fault in faults:
        print(f"FAULT: {fault}", file=sys.stderr)
    if args.write:
        filled = {}
        for lang, path in PAGES.items():
            page = fill_marker(path.read_text(encoding="utf-8"), "incremental", shown[lang])
            filled[path] = page.encode("utf-8")
        write_files(filled)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
