"""The views: as a table, of instruments and kinds, without overlaps, on large pages, for screen readers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.viewing import LABELS, PLACE, SIZES

pytestmark = pytest.mark.browser

CARDS = """(() => { const r = [...document.querySelectorAll('#board .item .face')].map((e) => e.getBBox()); let n = 0;
    r.forEach((a, i) => r.slice(0, i).forEach((b) => {
      if (a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1
          && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1) n += 1; }));
    return [r.length, n]; })()"""
UNNAMED = """[...document.querySelectorAll('button, input, select, [role=button], [role=region]')]
    .filter((e) => e.checkVisibility()
      && !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label')))
    .map((e) => e.outerHTML.slice(0, 80))"""


@SIZES
def test_read_it_as_a_table_with_the_keyboard_alone(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    page.keyboard.press("t")
    table = page.get_by_role("table")
    assert table.get_by_role("row").count() > 200
    statements = page.evaluate("KG.edges.length")
    alone = page.evaluate("KG.nodes.filter((n) => !n.edges.length).length")
    assert f"{statements + alone} 行" in table.locator("caption").inner_text()
    first = table.get_by_role("button").first
    name = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == name
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    assert not page.is_visible("#sheet")
    page.focus("#tab-graph")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#tab-agencies", "aria-selected") == "true"
    page.locator("#board .item").first.focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") in page.locator("#board .item").first.text_content()


@SIZES
def test_see_what_an_instrument_stands_on(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height, "view=instruments")
    dates = page.evaluate("KG.boards.instruments.entries.map(([, date]) => date)")
    assert dates == sorted(dates, reverse=True)
    assert page.locator("#board .link").count() == 2
    page.locator("#board .link .grip").first.dispatch_event("click")
    assert "依据" in page.inner_text("#panel .predicate")
    assert page.locator("#panel mark").count() == 1


@SIZES
def test_see_what_kinds_of_things_there_are(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height, "view=schema")
    page.locator("#board .item", has_text="pk:Program").first.click()
    panel = page.inner_text("#panel")
    assert "pk:Program" in panel
    assert "主管" in panel
    counted = page.evaluate("KG.nodes.filter((n) => n.kind === 'Program').length")
    assert f"{counted}" in panel


@SIZES
@pytest.mark.parametrize("view", ["agencies", "tiers", "answers", "instruments", "schema"])
def test_cards_do_not_lie_over_each_other(visit, example_page: Path, width: int, height: int, view: str) -> None:
    page = visit(example_page, width, height, f"view={view}")
    overlaps = page.evaluate(CARDS)
    assert overlaps[0] > 10
    assert overlaps[1] == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('#board').scrollWidth <= document.querySelector('#board').clientWidth")


@SIZES
def test_labels_do_not_lie_over_each_other(visit, example_page: Path, width: int, height: int) -> None:
    """What is painted is asked from the painter: every text with its place."""
    page = visit(example_page, width, height)
    for button in ("#fit", "#zoom-in"):
        page.click(button)
        found = page.evaluate(LABELS)
        assert found[0] > 20
        assert found[1] == []


def test_a_large_page_is_drawn_by_webgl_and_acts_alike(show, metropolis) -> None:
    page = show(metropolis)
    assert page.evaluate("KG.scene.renderer") == "gl"
    page.click("#all")
    number = page.evaluate("KG.ranked[0].id")
    spot = page.evaluate(PLACE, number)
    page.mouse.click(spot["x"], spot["y"])
    assert page.evaluate("KG.selection.node") == number
    place = page.evaluate("KG.scene.position()")
    page.mouse.move(600, 500)
    page.mouse.wheel(0, -400)
    page.wait_for_timeout(400)
    assert page.evaluate("KG.scene.position().scale") > place["scale"]


def test_a_large_page_without_webgl_still_works(browser, tmp_path: Path, metropolis) -> None:
    from viz.page import write_html

    path = write_html(metropolis, tmp_path / "p.html")
    page = browser.new_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = ((own) => function (kind, ...more) {"
                         " return /webgl/.test(kind) ? null : own.call(this, kind, ...more); })"
                         "(HTMLCanvasElement.prototype.getContext);")  # fmt: skip
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("KG.scene.renderer") == "vis"
    assert page.evaluate("KG.scene.places().size") == 300
    assert "WebGL" in page.inner_text("#notice")
    page.close()


def test_the_screen_reader_has_names_for_everything(visit, example_page: Path) -> None:
    page = visit(example_page, state="view=tiers")
    unnamed = page.evaluate(UNNAMED)
    assert unnamed == []
    assert re.search("企业梯队，国家级专精特新", page.get_attribute("#board .item >> nth=0", "aria-label"))
