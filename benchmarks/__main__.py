"""Print the benchmark table: ``python -m benchmarks [FILE] [--runs N]``.

The page is the real one of the shared corpus if it is available, else the longest example. All times are medians in
this process, after one warm-up run. Nothing is asserted: the table is for people.
"""

from __future__ import annotations

import argparse
import itertools
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.timing import BenchmarkRow, format_rows, measure_median, measure_medians
from extract.model import Source

ROOT = Path(__file__).resolve().parent.parent
REAL_PAGE = ROOT.parent / "shared" / "corpus" / "20230368.txt"


def choose_page() -> Path:
    """Return the page to measure if the user names none."""
    if REAL_PAGE.exists():
        return REAL_PAGE
    return max((ROOT / "examples").glob("*.txt"), key=lambda p: p.stat().st_size)


def measure_page(path: Path, runs: int) -> list[BenchmarkRow]:
    """Return all rows for the text in *path*, each the median of *runs* runs."""
    from extract.pipeline import extract

    source = Source(id=path.name, text=path.read_text(encoding="utf-8-sig").replace("\r\n", "\n"), path=str(path))
    values, spread = measure_median(lambda: extract(source), runs)
    rows = [BenchmarkRow("text → typed values", values, "s", "< 0.10 s", f"± {spread:.3f}")]
    rows.append(_measure_build(path, runs))
    help_time, spread = measure_median(_show_help, max(3, runs // 3))
    rows.append(BenchmarkRow("kg --help (new process)", help_time, "s", "< 0.30 s", f"± {spread:.3f}"))
    rows += _compare_with_jieba(source, runs)
    return rows


def _measure_build(path: Path, runs: int) -> BenchmarkRow:
    """Return the time from a file to a store on disk that already contains the page, as in a repeated build."""
    from kg.ingest.build import build

    text = path.read_text(encoding="utf-8-sig")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        endings = itertools.cycle(("", "\n"))

        def rebuild() -> None:
            copy.write_text(text + next(endings), encoding="utf-8")  # an unchanged text would not be read again
            build([copy], Path(folder) / "store")

        seconds, spread = measure_median(rebuild, runs)
    note = f"± {spread:.3f}, its graph replaced each time"
    return BenchmarkRow("file → store on disk", seconds, "s", "< 0.30 s", note)


def _show_help() -> None:
    subprocess.run([str(Path(sys.executable).parent / "kg"), "--help"], check=True, capture_output=True)


def _compare_with_jieba(source: Source, runs: int) -> list[BenchmarkRow]:
    """Return the speed beside that of jieba's tagger on the same text; both run in turns.

    The tagger finds words and their classes, and nothing more.
    """
    from extract.pipeline import extract

    size = len(source.text)
    try:
        import jieba
        from jieba import posseg
    except ImportError:
        return [BenchmarkRow("jieba.posseg", None, "chars/s", note="jieba is not installed (test extra)")]
    jieba.setLogLevel("ERROR")
    (ours, our_spread), (theirs, their_spread) = measure_medians(
        [lambda: extract(source), lambda: list(posseg.cut(source.text))], runs
    )
    return [
        BenchmarkRow("text rate", size / ours, "chars/s", note=f"{size:,} characters, ± {our_spread:.3f} s"),
        BenchmarkRow("jieba.posseg, same text", size / theirs, "chars/s", note=f"in turns, ± {their_spread:.3f} s"),
        BenchmarkRow("text rate against jieba.posseg", theirs / ours, "times", "≥ 3 times"),
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="a UTF-8 text to measure on")
    parser.add_argument("--runs", type=int, default=15, help="runs a median is taken of (default: 15)")
    args = parser.parse_args(argv)
    path = args.file or choose_page()
    print(f"{path.name} · Python {platform.python_version()} · {platform.machine()} · median of {args.runs} runs\n")
    print(format_rows(measure_page(path, args.runs)))


if __name__ == "__main__":
    main()
