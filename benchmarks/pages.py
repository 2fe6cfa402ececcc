"""The speed of graph pages in a headless Chromium without a graphics card: time until ready, frames while moving.

    python -m benchmarks.pages [--runs N] [--keep FOLDER]

The pages are of an invented city: with 1,000 things; with 10,000 things and 20,000 statements, moved with all of them
in view; with 2,000 things, also made with plain pyvis. A page is ready when it sets its own mark, after it is drawn;
the time runs from the navigation. The exit code is 1 if a target is missed. The script needs the test extra and
Chromium ($CHROMIUM names another one).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.city import make_city
from benchmarks.timing import BenchmarkRow, format_rows
from viz.data import Edge, PageData
from viz.page import write_html

SMALL, MIDDLE, LARGE = 1_000, 2_000, 10_000
STATEMENTS = 20_000
READY_SMALL, READY_LARGE, SIZE_SMALL, FRAMES, SOONER = 1.5, 5.0, 3.0, 20.0, 10.0
_PATIENCE = 60_000
"""Most milliseconds to wait for plain pyvis."""
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
_PAN = """async () => {
  KG.goAll();
  await new Promise((done) => setTimeout(done, 800));
  const start = KG.scene.position();
  const pan = async (from, to) => {
    for (let n = from; n < to; n += 1) {
      await new Promise((done) => requestAnimationFrame(done));
      KG.scene.moveTo({...start, x: start.x + 5 * n / start.scale, y: start.y + 3 * n / start.scale});
    }
  };
  await pan(0, 15);  // under way
  const begin = performance.now();
  await pan(15, 75);
  return {frames: 60 / (performance.now() - begin) * 1000, shown: KG.scene.places().size, lines: KG.scene.lines.length,
          renderer: KG.scene.renderer};
}"""
_STABLE = """<script>network.once("stabilizationIterationsDone", () => requestAnimationFrame(() => { window.ready = performance.now(); }));</script>"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row, and whether its target is met. It is None if the row has no target."""

    row: BenchmarkRow
    good: bool | None = None


def make_large_city(size: int = LARGE, statements: int = STATEMENTS) -> PageData:
    """Return a city with exactly *statements* statements. The added ones lead to busy things more often."""
    data = make_city(size)
    generator = random.Random(7)
    ids = [node.id for node in data.nodes]
    added = [
        Edge(f"m{i}", ids[generator.randrange(len(ids))], ids[int(generator.random() ** 3 * len(ids))], "involves")
        for i in range(max(0, statements - len(data.edges)))
    ]
    return replace(data, edges=(*data.edges, *added)[:statements])


def measure_pages(browser: Any, folder: Path, runs: int) -> list[CheckedRow]:
    """Return all rows. The pages are written to *folder*; a median is taken of *runs* runs."""
    return [
        *_measure_small(browser, folder, runs),
        *_measure_large(browser, folder, max(3, runs // 2)),
        *_compare_with_pyvis(browser, folder, runs),
    ]


def _measure_small(browser: Any, folder: Path, runs: int) -> Iterator[CheckedRow]:
    name = f"{SMALL:,} things"
    page, seconds = _write_page(make_city(SMALL), folder / "1000.html")
    yield CheckedRow(BenchmarkRow(f"{name}: page written", seconds, "s"))
    size = page.stat().st_size / 1e6
    row = BenchmarkRow(f"{name}: size", size, "MB", f"< {SIZE_SMALL:g} MB")
    yield CheckedRow(row, size < SIZE_SMALL)
    ready, spread = _measure_median(lambda: _measure_ready(browser, page), runs)
    row = BenchmarkRow(f"{name}: ready", ready, "s", f"< {READY_SMALL:g} s", f"± {spread:.2f}")
    yield CheckedRow(row, ready < READY_SMALL)


def _measure_large(browser: Any, folder: Path, runs: int) -> Iterator[CheckedRow]:
    name = f"{LARGE:,} things"
    page, seconds = _write_page(make_large_city(), folder / "10000.html")
    note = f"{page.stat().st_size / 1e6:.1f} MB"
    yield CheckedRow(BenchmarkRow(f"{name}: page written", seconds, "s", note=note))
    ready, spread = _measure_median(lambda: _measure_ready(browser, page), runs)
    row = BenchmarkRow(f"{name}: ready", ready, "s", f"< {READY_LARGE:g} s", f"± {spread:.2f}")
    yield CheckedRow(row, ready < READY_LARGE)
    moved = _measure_panning(browser, page)
    note = f"{moved['shown']:,} things, {moved['lines']:,} lines ({moved['renderer']}; far ones rest meanwhile)"
    row = BenchmarkRow(f"{name}: panning", moved["frames"], "frames/s", f"≥ {FRAMES:g}", note)
    yield CheckedRow(row, moved["frames"] >= FRAMES)


def _compare_with_pyvis(browser: Any, folder: Path, runs: int) -> Iterator[CheckedRow]:
    name = f"{MIDDLE:,} things"
    city = make_city(MIDDLE)
    page, _ = _write_page(city, folder / "2000.html")
    ready, spread = _measure_median(lambda: _measure_ready(browser, page), runs)
    yield CheckedRow(BenchmarkRow(f"{name}: ready", ready, "s", note=f"± {spread:.2f}"))
    pyvis_page = folder / "2000-pyvis.html"
    pyvis_page.write_text(_make_pyvis_page(city), encoding="utf-8")
    pyvis_ready = _measure_pyvis(browser, pyvis_page)
    is_finished = pyvis_ready < _PATIENCE / 1000
    note = "until its layout is finished" if is_finished else "its layout was not finished then"
    yield CheckedRow(BenchmarkRow(f"{name}: plain pyvis ready", pyvis_ready, "s", note=note))
    times = pyvis_ready / ready
    note = "" if is_finished else "at least"
    row = BenchmarkRow("sooner than plain pyvis", times, "times", f"≥ {SOONER:g}", note)
    yield CheckedRow(row, times >= SOONER)


def _write_page(data: PageData, path: Path) -> tuple[Path, float]:
    """Write a page, and return its path and the seconds that it took."""
    begin = time.perf_counter()
    write_html(data, path)
    return path, time.perf_counter() - begin


def _measure_median(run: Callable[[], float], runs: int) -> tuple[float, float]:
    """Return the median of *runs* runs, and the largest distance from it."""
    run()  # not counted: it also warms up the browser
    values = [run() for _ in range(runs)]
    median = statistics.median(values)
    return median, max(abs(value - median) for value in values)


def _measure_ready(browser: Any, path: Path) -> float:
    """Return the seconds from the navigation to the mark of the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    milliseconds: float = page.evaluate("performance.getEntriesByName('kg-ready')[0].startTime")
    page.close()
    return milliseconds / 1000


def _measure_panning(browser: Any, path: Path) -> dict[str, Any]:
    """Return the frames per second while the whole graph is moved, and what is drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    found: dict[str, Any] = page.evaluate(_PAN)
    page.close()
    return found


def _make_pyvis_page(data: PageData) -> str:
    """Return the page that plain pyvis makes of the same graph: names, classes and lines."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line")
    for node in data.nodes:
        network.add_node(node.id, label=node.label, group=node.kind, title=node.label)
    for edge in data.edges:
        network.add_edge(edge.source, edge.target, title=edge.predicate)
    html: str = network.generate_html()
    return html.replace("</body>", _STABLE + "</body>")


def _measure_pyvis(browser: Any, path: Path) -> float:
    """Return the seconds until the layout of plain pyvis is finished, at most ``_PATIENCE``."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.route("http*://**", lambda route: route.abort())  # it requests style sheets that it does not need
    page.goto(path.as_uri(), wait_until="commit")
    try:
        page.wait_for_function("window.ready", timeout=_PATIENCE)
        milliseconds: float = page.evaluate("window.ready")
    except Exception as error:
        if "Timeout" not in str(error):
            raise
        milliseconds = float(_PATIENCE)
    finally:
        page.close()
    return milliseconds / 1000


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table. Return 1 if a target is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5, help="runs a median is taken of (default: 5)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the pages in this folder")
    args = parser.parse_args(argv)
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if not found:
        print("Chromium is not installed: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        folder = args.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        browser = play.chromium.launch(executable_path=found, args=list(_ARGUMENTS))
        print(f"Chromium {browser.version}, software rendering, median of {args.runs} runs\n")
        rows = measure_pages(browser, folder, args.runs)
        browser.close()
    print(format_rows([measured.row for measured in rows]))
    missed = [measured.row.name for measured in rows if measured.good is False]
    if missed:
        print(f"\nmissed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
