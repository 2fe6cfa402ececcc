"""Make the pictures of the READMEs and of docs/gallery. They show pages of the examples in a headless browser.

    python scripts/screenshots.py [--only NAME …] [--output docs]

Writes ``img/graph.png`` and ``gallery/*.png`` with ``gallery/README.md`` and ``gallery/README.en.md`` below the
output folder. Look at each picture before you commit it. The script needs the test extra and Chromium ($CHROMIUM names
another one).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

import kg

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WINDOW, PHONE = (1440, 860), (390, 844)
AGENCY, COURSE = "霁川市民政局", "“颐养匠人”培训工程"


@dataclass(frozen=True, slots=True)
class Screenshot:
    """One picture."""

    name: str
    zh: str
    en: str
    state: str = ""
    """The part of the address after the #."""
    act: Callable[[Any], None] | None = None
    """The actions on the page before the picture is taken."""
    size: tuple[int, int] = WINDOW
    folder: str = "gallery"


def _search_name(tab: Any, words: str) -> None:
    tab.fill("#query", words)
    tab.locator("#suggestions li").first.click()
    tab.locator("#panel h2").get_by_text(words).wait_for()


def _show_neighbourhood(tab: Any) -> None:
    """Show the neighbourhood of an agency, with the quote of its statement about a program."""
    _search_name(tab, AGENCY)
    tab.click("#near")
    tab.locator("#panel li").filter(has_text=COURSE).get_by_text("原文").first.click()


def _show_path(tab: Any) -> None:
    _search_name(tab, "登峰贷")
    tab.click("#path")
    tab.fill("#query", "创新券")
    tab.keyboard.press("Enter")


def _show_filters(tab: Any) -> None:
    tab.click("#open-filters")
    tab.select_option('#filters [data-filter="from"]', "2025")


def _hover_node(tab: Any) -> None:
    spot = tab.evaluate(
        """(name) => { const r = KG.scene.container.getBoundingClientRect();
             const p = KG.scene.toScreen(KG.scene.places().get(KG.nodes.find((n) => n.label === name).id));
             return {x: p.x + r.x, y: p.y + r.y}; }""",
        "国家级专精特新“小巨人”企业",
    )
    tab.mouse.move(spot["x"], spot["y"])


def _show_neighbours(tab: Any) -> None:
    """Show the neighbourhood of an agency, without any quote."""
    _search_name(tab, AGENCY)
    tab.click("#near")


SHOTS = (
    Screenshot(
        "graph",
        "一个部门的邻域和原文",
        "An agency's neighbourhood and the words behind it",
        act=_show_neighbourhood,
        folder="img",
    ),
    Screenshot(
        "graph",
        "全图：从最重要的看起，指着一个点看它的卡片",
        "The whole graph, and the card of a thing",
        act=_hover_node,
    ),
    Screenshot(
        "about", "一个对象：邻域、事实和原文", "One thing: neighbourhood, facts, sentences", act=_show_neighbourhood
    ),
    Screenshot(
        "agencies",
        "谁管什么：点一个部门，只亮出与它有关的",
        "Who answers for what, with one agency chosen",
        "view=agencies",
        lambda tab: _search_name(tab, "霁川市工业和信息化局"),
    ),
    Screenshot("tiers", "企业梯队：每一级能得到什么", "The ladder of tiers: what each rung gets", "view=tiers"),
    Screenshot("answers", "建议与答复：哪些有回应，哪些在公开文本中未见", "Suggestions and answers", "view=answers"),
    Screenshot(
        "instruments", "政策文件：时间与依据", "Policy instruments by date, and their grounds", "view=instruments"
    ),
    Screenshot(
        "schema", "数据结构", "The schema", "view=schema", lambda tab: tab.get_by_text("pk:Program").first.click()
    ),
    Screenshot("path", "两个对象之间的最短路径", "The shortest path between two things", act=_show_path),
    Screenshot("filters", "筛选：只看 2025 年以来的材料", "Filters: sources since 2025 only", act=_show_filters),
    Screenshot("table", "同样的内容，表格形式", "The same as a table", "view=tiers&table=1"),
    Screenshot("dark", "深色", "Dark", "scheme=dark", lambda tab: _search_name(tab, "霁川市工业和信息化局")),
    Screenshot("phone-answers", "手机：建议与答复", "On a phone: answers", "view=answers", size=PHONE),
    Screenshot("phone-about", "手机：一个对象", "On a phone: one thing", act=_show_neighbours, size=PHONE),
)


def make_page(folder: Path) -> Path:
    """Return the page of the examples, made in *folder* as in ``scripts/demo.sh``."""
    kg.build(ROOT / "examples", folder / "store")
    page = folder / "graph.html"
    with kg.open(folder / "store") as graph:
        graph.render(page)
    return page


def take_screenshot(browser: Any, page: Path, shot: Screenshot, output: Path) -> None:
    """Take one picture of *page*."""
    width, height = shot.size
    tab = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce")
    tab.goto(page.as_uri() + (f"#{shot.state}" if shot.state else ""))
    tab.wait_for_selector("body[data-ready]")
    if shot.act:
        shot.act(tab)
    tab.wait_for_timeout(600)  # the card appears a little later
    output.parent.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=output)
    tab.close()


GALLERIES = {
    "zh": (
        "README.md",
        "[English](README.en.md)\n\n<!-- 由 scripts/screenshots.py 生成，请勿手改。 -->\n\n# 图谱页面一览\n\n"
        "都是用 `examples/` 生成的页面，其中的城市和企业是虚构的。怎么看、怎么用，见[图谱页面](../pages.md)。\n",
    ),
    "en": (
        "README.en.md",
        "[中文](README.md)\n\n<!-- Made by scripts/screenshots.py; do not edit. -->\n\n# Gallery of graph pages\n\n"
        "All pictures show the page made from `examples/`, whose city and firms are invented. "
        "[Graph pages](../pages.en.md) says how to use the page.\n",
    ),
}
"""By language: the name of the gallery page, and its beginning."""


def format_gallery(shots: Sequence[Screenshot], lang: str) -> str:
    """Return the page that shows all pictures of the gallery, in *lang*."""
    text = GALLERIES[lang][1]
    for shot in shots:
        if shot.folder == "gallery":
            title = shot.zh if lang == "zh" else shot.en
            text += f"\n## {title}\n\n![{title}]({shot.name}.png)\n"
    return text


def main(argv: Sequence[str] | None = None) -> int:
    """Make the pictures and the gallery pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=sorted({s.name for s in SHOTS}),
                        help="make only these pictures")  # fmt: skip
    parser.add_argument("--output", type=Path, default=ROOT / "docs")
    args = parser.parse_args(argv)
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        print("Chromium is not installed: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        page = make_page(Path(scratch))
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            if args.only and shot.name not in args.only:
                continue
            target = args.output / shot.folder / f"{shot.name}.png"
            take_screenshot(browser, page, shot, target)
            print(target)
        browser.close()
    for lang, (name, _) in GALLERIES.items():
        (args.output / "gallery" / name).write_text(format_gallery(SHOTS, lang), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
