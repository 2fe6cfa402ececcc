"""What a reader does on the page, in a real browser."""

from __future__ import annotations

import struct
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from viz.data import Edge, FactLine, Node, PageData, Quote
from viz.page import write_html

pytestmark = pytest.mark.browser


def at(page, ident: int) -> dict[str, float]:
    """Where a node stands on the screen."""
    return page.evaluate(
        """(i) => { const box = KG.scene.container.getBoundingClientRect();
                    const p = KG.scene.toScreen(KG.scene.places().get(i));
                    return {x: p.x + box.x, y: p.y + box.y}; }""",
        ident,
    )


def number(data: PageData, label: str) -> int:
    return next(i for i, node in enumerate(data.nodes) if node.label == label)


def shown(page) -> int:
    return page.evaluate("KG.scene.places().size")


@pytest.fixture
def small() -> PageData:
    """An agency, the programme that it runs, a proposal: few enough to know by heart."""
    said = Quote(
        "我局牵头实施“扬帆计划”", "近年来，", "，成效明显。", "市科技局答复", "沧江市科学技术局", "2023-06-19", "a.txt"
    )
    paid = Quote("给予最高50万元资助", "对入选企业", "。", "扬帆计划管理办法", "沧江市人民政府", "2022", "b.txt")
    return PageData(
        "小图",
        (
            Node("a", "Agency", "沧江市科学技术局", ("市科技局", "科技局"), weight=2),
            Node(
                "p",
                "Program",
                "扬帆计划",
                facts=(FactLine("资助", "最高50万元", (paid,), kind="Provision"),),
                quotes=(said,),
            ),
            Node("q", "Proposal", "关于扩大扬帆计划的提案", facts=(FactLine("proposalNumber", "20230001"),)),
        ),
        (
            Edge("1", "a", "p", "administers", (said,), 0.91),
            Edge("2", "q", "a", "leadAgency"),
        ),
    )


def test_opens_still_with_the_important_nodes(show, metropolis: PageData) -> None:
    page = show(metropolis)
    assert shown(page) == 300
    before = page.evaluate("[...KG.scene.places()].map(([i, place]) => [i, KG.scene.toScreen(place)])")
    page.wait_for_timeout(600)
    assert page.evaluate("[...KG.scene.places()].map(([i, place]) => [i, KG.scene.toScreen(place)])") == before
    assert page.inner_text("#what") == "显示 300 / 1,510"


def test_everything_drawn_is_inside_the_window(show, town: PageData) -> None:
    for width, height in ((1280, 800), (390, 844)):
        page = show(town, width, height)
        outside = page.evaluate(
            """[...KG.scene.places().values()].map((p) => KG.scene.toScreen(p)).filter((p) => p.x < 0 ||
                  p.y < 0 || p.x > KG.scene.container.clientWidth || p.y > KG.scene.container.clientHeight).length"""
        )
        assert outside == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_search_by_alias_shows_the_thing(show, metropolis: PageData) -> None:
    page = show(metropolis)
    page.click("#query")
    page.keyboard.type("市科局")
    first = page.locator("#suggestions li").first
    assert "沧江市科学技术局" in first.inner_text()
    assert "又名 市科局" in first.inner_text()
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == "沧江市科学技术局"
    assert page.get_attribute("#query", "aria-expanded") == "false"


@pytest.mark.parametrize("typed", ["科学技术局", "市科技局", "沧江科技局", "ＬＪ", "不存在的名字"])
def test_search_is_tolerant(show, small: PageData, typed: str) -> None:
    small = replace(small, nodes=(replace(small.nodes[0], aliases=("市科技局", "LJ")), *small.nodes[1:]))
    page = show(small)
    page.fill("#query", typed)
    words = page.inner_text("#suggestions")
    assert ("没有找到" in words) if typed == "不存在的名字" else words.startswith("沧江市科学技术局")


def test_search_reaches_what_is_not_drawn(show, metropolis: PageData) -> None:
    page = show(metropolis)
    hidden = page.evaluate("KG.nodes.find((n) => !KG.view.shown.has(n.id) && n.kind === 'Measure').id")
    page.fill("#query", metropolis.nodes[hidden].label)
    page.locator("#suggestions li", has_text=metropolis.nodes[hidden].label).first.click()
    assert page.inner_text("#panel h2") == metropolis.nodes[hidden].label
    assert page.evaluate("KG.scene.shown(KG.selection.node)")


def test_keyboard_moves_through_suggestions(show, town: PageData) -> None:
    page = show(town)
    page.keyboard.press("/")
    page.keyboard.type("局")
    page.keyboard.press("ArrowDown")
    chosen = page.locator('#suggestions li[aria-selected="true"]')
    assert chosen.count() == 1
    assert page.get_attribute("#query", "aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Escape")
    assert not page.is_visible("#suggestions")


def test_legend_switches_a_class_off_and_on(show, town: PageData) -> None:
    page = show(town)
    agencies = sum(node.kind == "Agency" for node in town.nodes)
    page.click('#legend [data-kind="Agency"]')
    assert shown(page) == len(town.nodes) - agencies
    assert page.get_attribute('#legend [data-kind="Agency"]', "aria-checked") == "false"
    page.click('#legend [data-kind="Agency"]')
    assert shown(page) == len(town.nodes)
    page.click("#legend-none")
    assert shown(page) == 0
    assert page.is_visible("#notice")
    page.click("#legend-all")
    assert shown(page) == len(town.nodes)


def test_legend_names_every_class_on_the_page(show, town: PageData) -> None:
    page = show(town)
    assert set(page.evaluate("[...document.querySelectorAll('#legend [data-kind]')].map((b) => b.dataset.kind)")) == {
        node.kind for node in town.nodes
    }


def test_click_on_a_node_shows_facts_and_the_words_that_say_them(show, small: PageData) -> None:
    page = show(small)
    spot = at(page, number(small, "扬帆计划"))
    page.mouse.click(spot["x"], spot["y"])
    assert page.inner_text("#panel h2") == "扬帆计划"
    assert "最高50万元" in page.inner_text("#panel .figures")
    assert not page.is_visible("#panel .figures .quote")
    page.click("#panel .figures .cite")
    quote = page.locator("#panel .figures .quote")
    assert quote.locator("mark").inner_text() == "给予最高50万元资助"
    assert quote.locator("blockquote").inner_text() == "对入选企业给予最高50万元资助。"
    for words in ("扬帆计划管理办法", "沧江市人民政府", "2022"):
        assert words in quote.locator("figcaption").inner_text()


def test_figures_are_lines_and_not_nodes(show, small: PageData) -> None:
    page = show(small)
    assert shown(page) == 3


def test_click_on_a_line_shows_the_statement_and_its_evidence(show, small: PageData) -> None:
    page = show(small)
    a, b = at(page, 0), at(page, 1)
    page.mouse.click((a["x"] * 2 + b["x"]) / 3, (a["y"] * 2 + b["y"]) / 3)
    panel = page.inner_text("#panel")
    for words in ("沧江市科学技术局", "主管", "扬帆计划", "可信度 91%", "市科技局答复", "2023-06-19"):
        assert words in panel
    assert page.inner_text("#panel mark") == "我局牵头实施“扬帆计划”"


def test_relations_lead_from_thing_to_thing(show, small: PageData) -> None:
    page = show(small)
    page.evaluate("KG.open(1)")
    assert "主管部门" in page.inner_text("#panel")
    page.click('#panel .chip[data-node="0"]')
    assert page.inner_text("#panel h2") == "沧江市科学技术局"


def test_click_beside_everything_closes(show, small: PageData) -> None:
    page = show(small)
    page.evaluate("KG.open(1)")
    page.mouse.click(400, 90)
    assert page.inner_text("#panel h2") == "从这里开始"


def test_double_click_shows_the_neighbourhood_and_back_leads_back(show, town: PageData) -> None:
    page = show(town)
    ident = number(town, "沧江市财政局")
    spot = at(page, ident)
    page.mouse.dblclick(spot["x"], spot["y"])
    assert page.evaluate("KG.view.mode") == "near"
    near = {town.nodes[ident].id}
    for edge in town.edges:
        if town.nodes[ident].id in (edge.source, edge.target):
            near |= {edge.source, edge.target}
    assert shown(page) == len(near)
    assert page.inner_text("#what") == f"邻域：{len(near) - 1} 个对象"
    page.evaluate("KG.select(null)")
    assert "沧江市财政局" in page.inner_text("#what")
    page.click("#back")
    assert shown(page) == len(town.nodes)
    again = at(page, ident)
    assert abs(again["x"] - spot["x"]) < 2
    assert abs(again["y"] - spot["y"]) < 2


def test_neighbours_keep_their_distance(show, metropolis: PageData) -> None:
    page = show(metropolis)
    page.evaluate("KG.goNear(KG.nodes.find((n) => n.kind === 'Agency').id)")
    closest = page.evaluate(
        """(() => { const p = [...KG.scene.places().values()]; let least = Infinity;
             p.forEach((a, i) => p.slice(0, i).forEach((b) => {
               least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y)); }));
             return least; })()"""
    )
    assert closest > 24  # symbols are at most 22 wide in a list


def test_a_node_grows_by_its_neighbours(show, metropolis: PageData) -> None:
    page = show(metropolis)
    ident = page.evaluate("KG.ranked.find((n) => KG.view.shown.has(n.id) && KG.missing(n.id).length > 1).id")
    page.evaluate("(i) => KG.select({node: i})", ident)
    missing = page.evaluate("(i) => KG.missing(i).length", ident)
    page.click("#grow")
    assert shown(page) == 300 + min(missing, 40)
    page.click("#back")
    assert shown(page) == 300


def test_all_1500_are_usable(show, metropolis: PageData) -> None:
    page = show(metropolis)
    page.click("#all")
    assert shown(page) == len(metropolis.nodes)
    page.mouse.move(500, 400)
    page.mouse.wheel(0, -600)
    page.mouse.down()
    page.mouse.move(420, 330, steps=4)
    page.mouse.up()
    page.click('#legend [data-kind="Measure"]')
    page.fill("#query", "市财局")
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == "沧江市财政局"
    page.click("#first")
    assert page.inner_text("#what").endswith("/ 1,510")


def test_language_switch(show, small: PageData) -> None:
    page = show(small)
    page.evaluate("KG.open(1)")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.click('[data-lang="en"]')
    assert page.get_attribute("html", "lang") == "en"
    words = page.inner_text("body")
    for english in ("Legend", "Neighbourhood", "administered by", "Support", "Agency"):
        assert english in words
    assert page.get_attribute("#query", "placeholder") == "Search names, numbers or pinyin"
    page.click('[data-lang="zh"]')
    assert "主管部门" in page.inner_text("#panel")


def test_opens_in_english_if_asked(show, small: PageData) -> None:
    assert "Start here" in show(small, lang="en").inner_text("#panel")


def test_png_download(show, town: PageData, tmp_path: Path) -> None:
    page = show(town)
    page.click("#take")
    with page.expect_download() as waiting:
        page.click("#takeaway #png")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    content = path.read_bytes()
    assert path.name == "沧江市政协提案与答复图谱.png"
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert width > 1280
    assert height > 1000
    assert len(content) > 50_000  # not blank


def test_zoom_and_fit(show, town: PageData) -> None:
    page = show(town)
    start = page.evaluate("KG.scene.camera().scale")
    page.click("#zoom-in")
    assert page.evaluate("KG.scene.camera().scale") > start
    page.click("#zoom-out")
    page.click("#zoom-out")
    assert page.evaluate("KG.scene.camera().scale") < start
    page.click("#fit")
    assert page.evaluate("KG.scene.camera().scale") == pytest.approx(start)


def test_names_are_text_and_never_markup(show) -> None:
    evil = '</script><img src=x onerror="window.pwned=1"><!--'
    quote = Quote(evil, evil, evil, evil, evil, evil, evil)
    data = PageData(
        evil,
        (
            Node("a", "Agency", evil, (evil,), (FactLine(evil, evil, (quote,)),), (quote,)),
            Node("b", evil, "constructor", ("__proto__",)),
        ),
        (Edge("1", "a", "b", "constructor", (quote,), 0.5, evil, evil),),
        subtitle=evil,
    )
    page = show(data)
    page.evaluate("KG.open(0)")
    for button in page.locator("#panel .cite").all():
        button.click()
    page.fill("#query", "script")
    page.evaluate("KG.select({pair: KG.scene.pair('0-1')})")
    page.evaluate("KG.goNear(1)")
    assert page.evaluate("window.pwned") is None
    assert page.locator("img").count() == 0
    assert page.inner_text("h1") == evil
    assert page.title() == evil


def test_policy_stops_what_would_reach_the_network(browser, tmp_path: Path, small: PageData) -> None:
    """Even a script that ran on the page could reach nobody: a server that listens next door hears nothing."""
    heard: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(write_html(small, tmp_path / "p.html").as_uri())
        refused = page.evaluate(
            """async (address) => { const seen = [];
                 document.addEventListener("securitypolicyviolation", (e) => seen.push(e.effectiveDirective));
                 new Image().src = `${address}/image`;
                 await fetch(`${address}/fetch`).catch(() => {});
                 const s = document.createElement("script"); s.textContent = "window.ran = 1"; document.body.append(s);
                 const f = document.createElement("iframe"); f.src = `${address}/frame`; document.body.append(f);
                 while (new Set(seen).size < 4) await new Promise((done) => setTimeout(done, 20));
                 return [seen, window.ran ?? null]; }""",
            f"http://127.0.0.1:{server.server_address[1]}",
        )
        page.close()
        server.shutdown()
    assert set(refused[0]) == {"img-src", "connect-src", "script-src-elem", "frame-src"}
    assert refused[1] is None
    assert heard == []


def test_opens_at_its_focus(show, town: PageData) -> None:
    focus = next(node for node in town.nodes if node.kind == "Program")
    page = show(replace(town, focus=focus.id))
    assert page.inner_text("#panel h2") == focus.label


def test_an_empty_graph_says_so(show) -> None:
    page = show(PageData("空", (), ()))
    assert page.inner_text("#notice") == "这里没有可显示的内容。"


def test_on_a_phone_panel_and_drawing_share_the_window(show, small: PageData) -> None:
    page = show(small, 390, 844)
    page.evaluate("KG.open(1)")
    page.wait_for_timeout(200)
    panel = page.locator("#panel").bounding_box()
    stage = page.locator("#stage").bounding_box()
    assert panel["width"] == 390
    assert stage["y"] + stage["height"] <= panel["y"] + 1
    assert stage["height"] > 250
    spot = at(page, 1)
    assert stage["y"] < spot["y"] < panel["y"]
