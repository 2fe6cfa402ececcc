"""How soon a page is ready and how smoothly it moves, in a headless Chromium without a graphics card.

    python -m benchmarks.pages [--runs N] [--keep FOLDER]

Pages of an invented city: of 1,000 things; of 10,000 things and 20,000 statements, moved about with all of it in view;
of 2,000, also as plain pyvis makes it. "Ready" is from the navigation to the page's own mark: drawn and shown. Exits
with 1 if a target is missed. Needs the test extra and Chromium ($CHROMIUM names another).
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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.city import city
from benchmarks.timing import Row, table
from viz.data import Edge, PageData
from viz.page import write_html

SMALL, MIDDLE, LARGE = 1_000, 2_000, 10_000
STATEMENTS = 20_000
READY_SMALL, READY_LARGE, SIZE_SMALL, FRAMES, SOONER = 1.5, 5.0, 3.0, 20.0, 10.0
_PATIENCE = 60_000
"""Milliseconds to wait for plain pyvis."""
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
class Measured:
    """A row, and whether its target is met (None: it has none)."""

    row: Row
    good: bool | None = None


def large(size: int = LARGE, statements: int = STATEMENTS) -> PageData:
    """A city of exactly that many statements: some more links, to busy things rather."""
    data = city(size)
    roll = random.Random(7)
    nodes = data.nodes
    more = [
        Edge(f"m{n}", nodes[roll.randrange(len(nodes))].id, nodes[int(roll.random() ** 3 * len(nodes))].id, "involves")
        for n in range(max(0, statements - len(data.edges)))
    ]
    return replace(data, edges=(*data.edges, *more)[:statements])


def measure(browser: Any, folder: Path, runs: int) -> list[Measured]:
    """All rows."""
    rows = []
    small, seconds = _written(city(SMALL), folder / "1000.html")
    rows.append(Measured(Row(f"{SMALL:,} things: page written", seconds, "s")))
    size = small.stat().st_size / 1e6
    rows.append(Measured(Row(f"{SMALL:,} things: size", size, "MB", f"< {SIZE_SMALL:g} MB"), size < SIZE_SMALL))
    ready, spread = _median(lambda: _ready(browser, small), runs)
    rows.append(Measured(Row(f"{SMALL:,} things: ready", ready, "s", f"< {READY_SMALL:g} s", f"± {spread:.2f}"),
                         ready < READY_SMALL))  # fmt: skip

    big, seconds = _written(large(), folder / "10000.html")
    note = f"{big.stat().st_size / 1e6:.1f} MB"
    rows.append(Measured(Row(f"{LARGE:,} things: page written", seconds, "s", note=note)))
    ready, spread = _median(lambda: _ready(browser, big), max(3, runs // 2))
    rows.append(Measured(Row(f"{LARGE:,} things: ready", ready, "s", f"< {READY_LARGE:g} s", f"± {spread:.2f}"),
                         ready < READY_LARGE))  # fmt: skip
    moved = _panned(browser, big)
    note = f"{moved['shown']:,} things, {moved['lines']:,} lines ({moved['renderer']}; far ones rest meanwhile)"
    rows.append(Measured(Row(f"{LARGE:,} things: panning", moved["frames"], "frames/s", f"≥ {FRAMES:g}", note),
                         moved["frames"] >= FRAMES))  # fmt: skip

    data = city(MIDDLE)
    ours, _ = _written(data, folder / "2000.html")
    ready, spread = _median(lambda: _ready(browser, ours), runs)
    rows.append(Measured(Row(f"{MIDDLE:,} things: ready", ready, "s", note=f"± {spread:.2f}")))
    plain = folder / "2000-pyvis.html"
    plain.write_text(_plain(data), encoding="utf-8")
    theirs = _stable(browser, plain)
    settled = theirs < _PATIENCE / 1000
    note = "until its layout has settled" if settled else "not settled by then"
    rows.append(Measured(Row(f"{MIDDLE:,} things: plain pyvis ready", theirs, "s", note=note)))
    times = theirs / ready
    row = Row("sooner than plain pyvis", times, "times", f"≥ {SOONER:g}", "" if settled else "at least")
    return [*rows, Measured(row, times >= SOONER)]


def _written(data: PageData, path: Path) -> tuple[Path, float]:
    begin = time.perf_counter()
    write_html(data, path)
    return path, time.perf_counter() - begin


def _median(run: Callable[[], float], runs: int) -> tuple[float, float]:
    run()  # the first one also warms the browser
    values = [run() for _ in range(runs)]
    middle = statistics.median(values)
    return middle, max(abs(value - middle) for value in values)


def _ready(browser: Any, path: Path) -> float:
    """Seconds from the navigation to the page's mark."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    milliseconds: float = page.evaluate("performance.getEntriesByName('kg-ready')[0].startTime")
    page.close()
    return milliseconds / 1000


def _panned(browser: Any, path: Path) -> dict[str, Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    found: dict[str, Any] = page.evaluate(_PAN)
    page.close()
    return found


def _plain(data: PageData) -> str:
    """The same graph as pyvis makes it by itself: names, classes and lines."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line")
    for node in data.nodes:
        network.add_node(node.id, label=node.label, group=node.kind, title=node.label)
    for edge in data.edges:
        network.add_edge(edge.source, edge.target, title=edge.predicate)
    html: str = network.generate_html()
    return html.replace("</body>", _STABLE + "</body>")


def _stable(browser: Any, path: Path) -> float:
    """Seconds until plain pyvis has its nodes in place; what it is waited for, at most."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.route("http*://**", lambda route: route.abort())  # it asks for style sheets that it does not need
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
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5, help="runs a median is taken of (default: 5)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the pages in this folder")
    args = parser.parse_args(argv)
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if not found:
        print("no Chromium here: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        folder = args.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        browser = play.chromium.launch(executable_path=found, args=list(_ARGUMENTS))
        print(f"Chromium {browser.version}, software rendering, median of {args.runs} runs\n")
        rows = measure(browser, folder, args.runs)
        browser.close()
    print(table([measured.row for measured in rows]))
    missed = [measured.row.name for measured in rows if measured.good is False]
    if missed:
        print(f"\nmissed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
