"""How long an update takes: ``python -m benchmarks.incremental [--files N] [--write]``.

A folder of invented pages (the letters of the examples with other places, names and numbers) is built, and built again:
unchanged, touched only, with one file changed, with one renamed. Each build is a process of its own.
Exits with 1 if an unchanged folder takes 3 % of the first build or more, if anything is read that need not be, or if a
store that was kept up differs from one that is made afresh. ``--write`` puts the table into docs/updating.md and
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

MOST = 0.03
"""Of the first build's time, what an unchanged folder may take."""
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
"""Places of the examples."""
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
class Run:
    """One build of the folder."""

    name: str
    seconds: float
    """Of the whole process."""
    read: int
    kept: int
    quads: int


def pages(count: int) -> Iterator[tuple[str, str]]:
    """Names and texts of *count* invented pages, no two alike; the same each time."""
    patterns = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "examples").glob("*.txt"))]
    for number in range(count):
        chance = random.Random(number)
        text = patterns[number % len(patterns)]
        for name in _NAMES:
            text = text.replace(name, chance.choice(_FIRST) + chance.choice(_SECOND))
        text = _DIGITS.sub(lambda m, c=chance: _other(m[0], c), text)  # type: ignore[misc]
        year = 2010 + number % 15
        writer = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
        yield f"{year}/{number:05}_{writer}.txt", f"{text.rstrip()}\n\n联系人：{writer}\n第{number + 1}号\n"


def measure(folder: Path, count: int, workers: int) -> list[Run]:
    """The runs, on *count* files in *folder*."""
    source, store = folder / "pages", folder / "store"
    for name, text in pages(count):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    files = sorted(source.rglob("*.txt"))
    runs = [_run("the first", source, store, workers), _run("unchanged", source, store, workers)]
    for path in files:
        os.utime(path, (time.time(), time.time()))
    runs.append(_run("touched, the same bytes", source, store, workers))
    middle = files[count // 2]
    middle.write_text(middle.read_text(encoding="utf-8") + "补充：2024年新建充电桩128个。\n", encoding="utf-8")
    runs.append(_run("one file changed", source, store, workers))
    files[0].rename(files[0].with_name("改名.txt"))
    runs.append(_run("one file renamed", source, store, workers, "--prune"))
    return runs


def faults(runs: list[Run], count: int) -> Iterator[str]:
    """What is not as it should be."""
    first, unchanged, touched, changed, renamed = runs
    if unchanged.seconds >= MOST * first.seconds:
        yield f"an unchanged folder takes {unchanged.seconds / first.seconds:.1%} of the first build"
    for run, wanted in ((first, count), (unchanged, 0), (touched, 0), (changed, 1), (renamed, 1)):
        if (run.read, run.kept) != (wanted, count - wanted):
            yield f"{run.name}: {run.read} read and {run.kept} kept, should be {wanted} and {count - wanted}"


def table(runs: list[Run], lang: str = "en") -> str:
    """Return *runs* as a Markdown table."""
    first = runs[0].seconds
    rows = [_COLUMNS[lang], ("---", *["---:"] * 4)]
    for r in runs:
        name = _RUNS_ZH[r.name] if lang == "zh" else r.name
        rows.append((name, f"{r.read:,}", f"{r.kept:,}", f"{r.seconds:.1f}", f"{r.seconds / first:.2%}"))
    return format_table(rows)


def _run(name: str, source: Path, store: Path, workers: int, *more: str) -> Run:
    script = _RUN.replace("workers=", "prune=True, workers=") if "--prune" in more else _RUN
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, str(source), str(store), str(workers)],
        capture_output=True, check=True, encoding="utf-8", cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    told = json.loads(done.stdout)
    return Run(name, time.perf_counter() - begin, told["read"], told["kept"], told["quads"])


def _other(digits: str, chance: random.Random) -> str:
    """Another number of as many digits; years and what begins with 0 stay."""
    if digits.startswith("0") or int(digits) in _YEARS or len(digits) < 2:
        return digits
    return str(chance.randrange(10 ** (len(digits) - 1), 10 ** len(digits)))


def _same_as_fresh(folder: Path, workers: int) -> bool:
    from kg.store.store import Store

    _run("afresh", folder / "pages", folder / "fresh", workers)
    with Store(folder / "store") as kept, Store(folder / "fresh") as fresh:
        graphs = kept.list_graphs()  # one after the other: all of two stores would fill the memory
        return graphs == fresh.list_graphs() and all(
            set(kept.read_quads(g)) == set(fresh.read_quads(g)) for g in graphs
        )


def main() -> int:
    """Print the table; 1 if it is not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=2000, help="files in the folder (default: 2000)")
    parser.add_argument("--workers", type=int, default=1, help="processes of each build (default: 1)")
    parser.add_argument("--write", action="store_true", help="put the table into the two pages, too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = measure(folder, args.files, args.workers)
        wrong = list(faults(runs, args.files))
        if not _same_as_fresh(folder, args.workers):
            wrong.append("the store that was kept up differs from one that is made afresh")
        size = sum(p.stat().st_size for p in (folder / "pages").rglob("*.txt"))
    counts = {"files": args.files, "megabytes": size / 1e6, "quads": runs[0].quads, "workers": args.workers}
    shown = {lang: f"{head.format(**counts)}\n\n{table(runs, lang)}" for lang, head in _HEAD.items()}
    print(shown["en"])
    for fault in wrong:
        print(f"FAULT: {fault}", file=sys.stderr)
    if args.write:
        filled = {}
        for lang, path in PAGES.items():
            page = fill_marker(path.read_text(encoding="utf-8"), "incremental", shown[lang])
            filled[path] = page.encode("utf-8")
        write_files(filled)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
