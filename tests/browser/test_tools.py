"""What can be done with a view: shared, filtered, changed, taken away, put into another page."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.viewing import PLACE, SIZES, open_view, search

pytestmark = pytest.mark.browser

DOUBTFUL = """KG.scene.lines.flatMap((pair) => pair.edges).filter(KG.edgeOn)
    .some((edge) => edge.confidence !== null && edge.confidence < 0.8)"""
GROWS = "[...KG.scene.places().keys()].find((i) => KG.missing(i).length > 0 && i !== KG.view.centre)"
PLUS = """() => { const r = KG.scene.container.getBoundingClientRect(); const s = KG.growSpot();
    return {x: s.x + r.x, y: s.y + r.y}; }"""


@SIZES
def test_share_a_view(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    search(page, "市民政局")
    page.click("#near")
    page.click("#open-filters")
    page.locator('#filters [data-filter="p-jurisdiction"]').uncheck()
    page.click("#filters .plain")
    page.click('[data-lang="en"]')
    page.click("#scheme")
    page.click("#take")
    address = page.input_value("#address")
    shown = page.evaluate("[...KG.scene.places().keys()].map((i) => KG.nodes[i].label).sort()")
    other = visit(example_page, width, height, address.partition("#")[2])
    assert other.evaluate("[...KG.scene.places().keys()].map((i) => KG.nodes[i].label).sort()") == shown
    assert other.inner_text("#panel h2") == "霁川市民政局"
    assert other.get_attribute("html", "lang") == "en"
    assert other.get_attribute("html", "data-scheme") == "dark"
    assert other.evaluate("[...KG.filter.predicates]") == ["jurisdiction"]


@SIZES
def test_find_the_way_between_two_things(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    search(page, "登峰贷")
    page.click("#path")
    assert "登峰贷" in page.inner_text("#what")
    search(page, "创新券")
    names = page.evaluate("[...KG.scene.places().keys()].map((i) => KG.nodes[i].label)")
    assert {"登峰贷", "创新券"} <= set(names)
    assert "最短路径" in page.inner_text("#panel")
    steps = page.locator("#panel .statement").count()
    assert steps == len(names) - 1
    assert page.locator("#panel mark").count() >= 1
    page.wait_for_timeout(300)  # the address follows a little later
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("[...KG.scene.places().keys()].map((i) => KG.nodes[i].label)") == names


@SIZES
def test_filter_by_source_year_and_confidence(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    everything = page.evaluate("KG.scene.places().size")
    page.click("#open-filters")
    page.select_option('#filters [data-filter="source"]', "提案_农村电商.txt")
    labels = page.evaluate("[...KG.scene.places().keys()].map((i) => KG.nodes[i].label)")
    assert "青棠县商务局" in labels
    assert "霁川市民政局" not in labels
    page.select_option('#filters [data-filter="source"]', "")
    page.select_option('#filters [data-filter="from"]', "2025")
    labels = page.evaluate("[...KG.scene.places().keys()].map((i) => KG.nodes[i].label)")
    assert "关于推动专精特新企业向“小巨人”跃升的提案" in labels
    assert "霁川市民政局" not in labels
    assert "筛选中" in page.inner_text("#open-filters")
    page.click("#filters-clear")
    assert page.evaluate("KG.scene.places().size") == everything
    page.fill('#filters [data-filter="confidence"]', "80")
    assert page.evaluate(DOUBTFUL) is False


@SIZES
def test_hide_undo_redo_and_pin(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    before = page.evaluate("KG.scene.places().size")
    search(page, "市民政局")
    page.click("#remove")
    assert page.evaluate("KG.scene.places().size") == before - 1
    page.keyboard.press("Control+z")
    assert page.evaluate("KG.scene.places().size") == before
    page.keyboard.press("Control+Shift+z")
    assert page.evaluate("KG.scene.places().size") == before - 1
    page.click("#back")
    search(page, "市财政局")
    number = page.evaluate("KG.selection.node")
    spot = page.evaluate(PLACE, number)
    page.mouse.move(spot["x"], spot["y"])
    page.mouse.down()
    page.mouse.move(spot["x"] - 40, spot["y"] - 30, steps=4)
    page.mouse.up()
    pinned = page.evaluate("(i) => KG.scene.places().get(i)", number)
    assert pinned["pinned"]
    state = page.evaluate("KG.address()").partition("#")[2]
    other = visit(example_page, width, height, state)
    there = other.evaluate("(i) => KG.scene.places().get(i)", number)
    assert abs(there["x"] - pinned["x"]) <= 1
    assert there["pinned"]


@SIZES
def test_take_away_a_table_and_a_picture(visit, example_page: Path, width: int, height: int, tmp_path: Path) -> None:
    page = visit(example_page, width, height, "view=answers")

    def take(kind: str) -> bytes:
        page.click("#take")
        with page.expect_download() as waiting:
            page.click(f"#takeaway #{kind}")
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path.read_bytes()

    rows = list(csv.reader(io.StringIO(take("csv").decode("utf-8-sig"))))
    assert rows[0] == ["建议", "状态", "答复中的回应", "单位", "原文", "出处"]
    assert any(row[0] == "强化技能人才保障" and row[1] == "公开文本中未见" for row in rows)
    assert all(len(row) == 6 for row in rows)
    for view in ("answers", "graph", "tiers"):
        open_view(page, view)
        root = ElementTree.fromstring(take("svg"))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert len(root.findall(".//{http://www.w3.org/2000/svg}text")) > 10
        assert take("png").startswith(b"\x89PNG")


def test_the_turtle_of_a_view_says_nothing_that_the_store_does_not(
    visit, example_page: Path, example_store: Path
) -> None:
    from rdflib import Graph

    from kg.export.rdf import export_store
    from kg.store.store import Store

    with Store(example_store) as store:
        whole = Graph().parse(data=export_store(store, "turtle", None), format="turtle")
    page = visit(example_page)
    everything = Graph().parse(data=page.evaluate("KG.turtle()"), format="turtle")
    assert set(everything) - set(whole) == set()
    assert len(everything) > 1500
    page.evaluate("KG.goNear(KG.nodes.find((n) => n.label === '霁川市民政局').id)")
    near = Graph().parse(data=page.evaluate("KG.turtle()"), format="turtle")
    assert 50 < len(near) < len(everything)
    assert set(near) <= set(whole)


@SIZES
def test_look_around_from_one_thing(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    search(page, "“百企登峰”计划")
    page.click("#near")
    assert page.get_attribute("#tab-about", "aria-selected") == "true"
    near = page.evaluate("KG.scene.places().size")
    other = page.evaluate(GROWS)
    page.evaluate("(i) => KG.select({node: i})", other)
    spot = page.evaluate(PLUS)
    page.mouse.click(spot["x"], spot["y"])
    assert page.evaluate("KG.scene.places().size") > near
    page.keyboard.press("Control+z")
    assert page.evaluate("KG.scene.places().size") == near


@SIZES
def test_put_it_into_another_page(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height, "view=tiers&embed=1")
    assert not page.is_visible(".top")
    assert not page.is_visible("#tabs")
    assert page.is_visible("#board")
    assert page.is_visible("#full")
    stage = page.locator("#stage").bounding_box()
    assert stage["width"] == width
    assert stage["height"] == height
