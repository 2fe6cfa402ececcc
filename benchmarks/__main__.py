"""Print the benchmark table: ``python -m benchmarks [FILE] [--runs N]``.

The page is the real one of the shared corpus where that is at hand, else the longest example. All times are medians
in this process, after one warm-up run, and nothing is asserted: a table is to be read.
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

from benchmarks.timing import Row, median, medians, table
from extract.model import Source

ROOT = Path(__file__).resolve().parent.parent
REAL_PAGE = ROOT.parent / "shared" / "corpus" / "20230368.txt"


def page() -> Path:
    """The page to measure on when none is named."""
    if REAL_PAGE.exists():
        return REAL_PAGE
    return max((ROOT / "examples").glob("*.txt"), key=lambda p: p.stat().st_size)


def measure(path: Path, runs: int) -> list[Row]:
    """All rows for the text in *path*, each the median of *runs* runs."""
    from extract.pipeline import extract

    source = Source(id=path.name, text=path.read_text(encoding="utf-8-sig").replace("\r\n", "\n"), path=str(path))
    values, spread = median(lambda: extract(source), runs)
    rows = [Row("text → typed values", values, "s", "< 0.10 s", f"± {spread:.3f}")]
    rows.append(_with_store(path, runs))
    help_time, spread = median(_show_help, max(3, runs // 3))
    rows.append(Row("kg --help (new process)", help_time, "s", "< 0.30 s", f"± {spread:.3f}"))
    rows += _against_jieba(source, runs)
    return rows


def _with_store(path: Path, runs: int) -> Row:
    """File → typed values → quads → a store on disk that holds the page already, as when one builds again."""
    from kg.ingest.build import build

    text = path.read_text(encoding="utf-8-sig")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        endings = itertools.cycle(("", "\n"))

        def again() -> None:
            copy.write_text(text + next(endings), encoding="utf-8")  # another text, or nothing would be stored
            build([copy], Path(folder) / "store")

        seconds, spread = median(again, runs)
    return Row("file → store on disk", seconds, "s", "< 0.30 s", f"± {spread:.3f}, its graph replaced each time")


def _show_help() -> None:
    subprocess.run([str(Path(sys.executable).parent / "kg"), "--help"], check=True, capture_output=True)


def _against_jieba(source: Source, runs: int) -> list[Row]:
    """The same text through jieba's tagger, turn by turn; it finds words and their classes, and nothing more."""
    from extract.pipeline import extract

    size = len(source.text)
    try:
        import jieba
        from jieba import posseg
    except ImportError:
        return [Row("jieba.posseg", None, "chars/s", note="jieba is not installed (test extra)")]
    jieba.setLogLevel("ERROR")
    (ours, our_spread), (theirs, their_spread) = medians(
        [lambda: extract(source), lambda: list(posseg.cut(source.text))], runs
    )
    return [
        Row("text rate", size / ours, "chars/s", note=f"{size:,} characters, ± {our_spread:.3f} s"),
        Row("jieba.posseg, same text", size / theirs, "chars/s", note=f"in turns, ± {their_spread:.3f} s"),
        Row("text rate against jieba.posseg", theirs / ours, "times", "≥ 3 times"),
    ]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="a UTF-8 text to measure on")
    parser.add_argument("--runs", type=int, default=15, help="runs a median is taken of (default: 15)")
    args = parser.parse_args(argv)
    path = args.file or page()
    print(f"{path.name} · Python {platform.python_version()} · {platform.machine()} · median of {args.runs} runs\n")
    print(table(measure(path, args.runs)))


if __name__ == "__main__":
    main()
