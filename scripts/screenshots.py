"""Make the pictures of the READMEs: the page of the examples in a headless browser, with one thing chosen,
its neighbourhood alone, and one quotation open.

    python scripts/screenshots.py [--about NAME] [--quote NAME] [--output docs/img/graph.png]

Needs the test extra and Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

import kg

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def make_page(folder: Path) -> Path:
    """The page of the examples, as ``scripts/demo.sh`` makes it."""
    kg.build(ROOT / "examples", folder / "store")
    page = folder / "graph.html"
    with kg.open(folder / "store") as graph:
        graph.render(page)
    return page


def picture(page: Path, about: str, quote: str, output: Path, browser: str) -> None:
    """Open *page*, search for *about*, choose the first suggestion, and save its neighbourhood as *output*.

    The panel shows the words that say what *about* has to do with *quote*.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        tab = chromium.new_page(viewport={"width": 1440, "height": 860}, locale="zh-CN")
        tab.goto(page.as_uri())
        tab.fill("#query", about)
        tab.locator("#suggestions li").first.click()
        tab.locator("#panel").get_by_text(about).first.wait_for()
        tab.locator("#panel").get_by_text("只看邻域").click()
        tab.locator("#panel li").filter(has_text=quote).get_by_text("原文").first.click()
        tab.wait_for_timeout(2000)  # the camera's move to the chosen node
        output.parent.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=output)
        chromium.close()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--about", default="霁川市民政局", help="what to choose on the page")
    parser.add_argument("--quote", default="“颐养匠人”培训工程", help="what to show the sentence of, in the panel")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "img" / "graph.png")
    args = parser.parse_args(argv)
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("no Chromium here: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        picture(make_page(Path(folder)), args.about, args.quote, args.output, browser)
    print(args.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
