"""What somebody who opens the page for the first time would try, at the size of a window and of a phone."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)], ids=["window", "phone"])
BUREAU = "霁川市科学技术局"
LIT = "[...document.querySelectorAll('#board .item:not(.dim)')].map((e) => KG.nodes[e.dataset.node].label)"
RUNS = """KG.nodes[KG.selection.node].edges.filter((edge) => ["administers", "operates"].includes(edge.predicate)
    && edge.from === KG.selection.node).map((edge) => KG.nodes[edge.to].label)"""
DOUBTFUL = """KG.scene.lines.flatMap((pair) => pair.edges).filter(KG.edgeOn)
    .some((edge) => edge.confidence !== null && edge.confidence < 0.8)"""
PLACE = """(i) => { const r = KG.scene.container.getBoundingClientRect();
    const p = KG.scene.toScreen(KG.scene.places().get(i)); return {x: p.x + r.x, y: p.y + r.y}; }"""
GROWS = "[...KG.scene.places().keys()].find((i) => KG.missing(i).length > 0 && i !== KG.view.centre)"
PLUS = """() => { const r = KG.scene.container.getBoundingClientRect(); const s = KG.growSpot();
    return {x: s.x + r.x, y: s.y + r.y}; }"""
CARDS = """(() => { const r = [...document.querySelectorAll('#board .item .face')].map((e) => e.getBBox()); let n = 0;
    r.forEach((a, i) => r.slice(0, i).forEach((b) => {
      if (a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1
          && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1) n += 1; }));
    return [r.length, n]; })()"""
LABELS = """(() => { const c = KG.scene.camera(); const ctx = KG.svgContext(c.w, c.h); const boxes = [];
    const plain = ctx.fillText;
    ctx.fillText = (t, x, y) => { const w = ctx.measureText(t).width;
      const left = ctx.textAlign === 'center' ? x - w / 2 : ctx.textAlign === 'right' ? x - w : x;
      boxes.push({t, left, right: left + w, top: y - 6, bottom: y + 6}); plain(t, x, y); };
    KG.paintOverlay(ctx, c);
    const over = [];
    boxes.forEach((a, i) => boxes.slice(0, i).forEach((b) => {
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        over.push([a.t, b.t]); }));
    return [boxes.length, over]; })()"""
UNNAMED = """[...document.querySelectorAll('button, input, select, [role=button], [role=region]')]
    .filter((e) => e.checkVisibility()
      && !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label')))
    .map((e) => e.outerHTML.slice(0, 80))"""


def search(page, words: str) -> None:
    page.click("#query")
    page.fill("#query", words)
    page.keyboard.press("Enter")


def open_view(page, name: str) -> None:
    page.click(f"#tab-{name}")
    assert page.get_attribute(f"#tab-{name}", "aria-selected") == "true"


def section(page, title: str) -> str:
    return page.locator("#panel .relation", has=page.locator("h4", has_text=title)).first.inner_text()


@SIZES
@pytest.mark.parametrize(
    "words", ["市科技局", "科学技术局", "jichuanshikexuejishuju", "jcskxjs", "kejiju", "skjj", "kjj"]
)
def test_find_an_agency(visit, example_page: Path, width: int, height: int, words: str) -> None:
    page = visit(example_page, width, height)
    search(page, words)
    assert page.inner_text("#panel h2") == BUREAU


@pytest.mark.parametrize(
    ("letters", "found"),
    [("jrb", "霁川市人民政府金融工作办公室"), ("gxj", "霁川市工业和信息化局"), ("fgw", "霁川市发展和改革委员会"),
     ("gaj", "霁川市公安局"), ("scjgj", "霁川市市场监督管理局")],
)  # fmt: skip
def test_find_an_agency_by_initials_that_no_name_of_it_has_side_by_side(
    visit, example_page: Path, letters: str, found: str
) -> None:
    page = visit(example_page)
    assert page.evaluate("(q) => KG.search(q)[0].node.label", letters) == found


@SIZES
def test_find_a_proposal_by_its_number(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    search(page, "20240117")
    assert page.inner_text("#panel h2") == "关于健全优质中小企业梯度培育体系的提案"


@SIZES
def test_see_what_an_agency_runs(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    open_view(page, "agencies")
    search(page, "市民政局")
    assert page.inner_text("#panel h2") == "霁川市民政局"
    assert "“颐养匠人”培训工程" in section(page, "主管")
    lit = page.evaluate(LIT)
    runs = page.evaluate(RUNS)
    assert len(runs) >= 2
    assert set(runs) <= set(lit)
    assert BUREAU not in lit


@SIZES
def test_read_the_sentence_behind_a_statement(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    search(page, "市民政局")
    page.locator("#panel li", has_text="“颐养匠人”培训工程").get_by_text("原文").first.click()
    quote = page.locator("#panel .quote").first
    assert "“颐养匠人”培训工程" in quote.locator("mark").inner_text()
    sentence = quote.locator("blockquote").inner_text()
    assert sentence.endswith("。")
    assert len(sentence) > len(quote.locator("mark").inner_text())
    for words in ("霁川市民政局对第86号提案的答复", "霁川市民政局", "2024-06-14"):
        assert words in quote.locator("figcaption").inner_text()


@SIZES
def test_find_who_funds_the_little_giants(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    open_view(page, "tiers")
    search(page, "小巨人企业")
    assert page.inner_text("#panel h2") == "国家级专精特新“小巨人”企业"
    assert "霁川市支持优质中小企业梯度培育若干措施" in section(page, "获支持于")
    badges = page.locator("#panel .figures.Provision .badge")
    assert "80万元" in badges.all_inner_texts()
    card = page.locator("#board .item.on").text_content()
    assert "80万元" in card
    assert "霁川市" in card
    assert "支持来自" in card


@SIZES
def test_see_what_is_unanswered_and_that_this_is_not_said_to_be_undone(
    visit, example_page: Path, width: int, height: int
) -> None:
    page = visit(example_page, width, height)
    open_view(page, "answers")
    card = page.locator("#board .item", has_text="强化技能人才保障").first
    assert "公开文本中未见" in card.text_content()
    assert page.locator("#board .item", has_text="加大奖补力度").first.text_content().startswith("仅上级建议有回应")
    assert "不等于没有办" in page.locator("#board").text_content()
    page.select_option("#which", label="关于促进农村电商高质量发展 助力特色农产品上行的提案")
    assert "材料中没有答复" in page.locator("#board").text_content()
    for word in ("公开文本中未见", "未办", "没有办", "未落实"):
        assert word not in page.locator("#board").text_content()


@SIZES
def test_go_from_a_proposal_to_what_was_answered(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    search(page, "小巨人跃升")
    page.click("#its-answers")
    assert page.get_attribute("#tab-answers", "aria-selected") == "true"
    assert "加大晋级激励" in page.locator("#board").text_content()
    search(page, "居家社区养老服务发展的建议")
    assert "完善居家养老支持政策" in page.locator("#board").text_content()
    assert "加大晋级激励" not in page.locator("#board").text_content()


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
def test_put_it_into_another_page(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height, "view=tiers&embed=1")
    assert not page.is_visible(".top")
    assert not page.is_visible("#tabs")
    assert page.is_visible("#board")
    assert page.is_visible("#full")
    stage = page.locator("#stage").bounding_box()
    assert stage["width"] == width
    assert stage["height"] == height


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
