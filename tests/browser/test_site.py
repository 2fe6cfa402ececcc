"""What somebody who opens the site for the first time would try, in a real browser, in a window and on a phone.

Every journey fails if the console reports an error, a request leaves the server, or a page is wider than its window.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["window", "phone"])
BUREAU = "霁川市工业和信息化局"
TIER = "国家级专精特新“小巨人”企业"
TEXT = "20240117_梯度培育.txt"
Visit = Callable[..., Any]


def heading(page: Any) -> str:
    return str(page.locator("h1").inner_text())


@SIZES
def test_find_an_agency_by_initials_and_open_it(go: Visit, size: tuple[int, int]) -> None:
    page = go("/", size)
    page.fill("#q", "gyhxxhj")
    page.wait_for_selector("#names li")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#names li >> nth=0", "aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/id/agency/**")
    assert heading(page) == BUREAU


@SIZES
def test_find_an_agency_by_a_short_name_without_suggestions(go: Visit, size: tuple[int, int]) -> None:
    page = go("/", size)
    page.fill("#q", "科技局")
    page.click(".find button")
    page.click(".hits li:first-child a")
    assert heading(page) == "霁川市科学技术局"


@SIZES
def test_read_the_sentence_behind_a_figure_and_come_back(go: Visit, size: tuple[int, int]) -> None:
    page = go(f"/search?q={quote('小巨人')}", size)
    page.click(f".hits a:text-is('{TIER}')")
    figure = page.locator(".group li", has_text="万元").first
    words = figure.locator("mark").first.inner_text()
    figure.locator("cite a").first.click()
    page.wait_for_url("**/document?**")
    assert page.locator(".chosen").first.is_visible()
    assert words.strip() in page.locator(".said blockquote").inner_text()
    page.locator(".said .lines a", has_text=TIER).first.click()
    assert heading(page) == TIER


@SIZES
def test_from_words_of_a_document_to_what_was_read(go: Visit, size: tuple[int, int]) -> None:
    page = go("/documents", size)
    page.click(f"a:text-is('{TEXT}') >> nth=0")
    page.locator(".reading a.name.k-Agency", has_text="市工业和信息化局").first.click()
    page.wait_for_selector(".said")
    assert BUREAU in page.locator(".said").inner_text()
    assert page.locator(".said").bounding_box()["y"] < size[1]


@SIZES
def test_narrow_a_search_by_year_and_class(go: Visit, size: tuple[int, int]) -> None:
    page = go(f"/search?q={quote('企业')}", size)
    if size[0] < 700:
        page.click(".facets summary")
    page.locator(".facets a", has_text="2025").first.click()
    assert "year=2025" in page.url
    if size[0] < 700:
        page.click(".facets summary")
    page.locator(".facets a", has_text="承诺").first.click()
    assert page.locator(".hits li").count() > 0
    assert all("承诺" in text for text in page.locator(".hits small").all_inner_texts())
    address = page.url
    shared = go(address.replace(address.split("/search")[0], ""), size)
    assert shared.locator(".hits li").count() == page.locator(".hits li").count()


@SIZES
def test_filter_a_report_and_take_it_away(go: Visit, size: tuple[int, int], tmp_path: Path) -> None:
    page = go("/reports", size)
    page.click("a:text-is('金额')")
    page.fill("input[name=tier]", "小巨人")
    page.click(".filters button")
    assert "小巨人" in page.locator(".kg-report").inner_text()
    with page.expect_download() as download:
        page.click("a:text-is('Excel')")
    path = tmp_path / "a.xlsx"
    download.value.save_as(path)
    assert path.read_bytes()[:2] == b"PK"


@SIZES
def test_ask_a_frequent_question_and_change_it_in_the_editor(go: Visit, size: tuple[int, int]) -> None:
    page = go("/queries", size)
    page.click("text=应当办理、但页面上没有留下意见的部门")
    assert page.locator(".list tbody tr").count() == 4
    page.click("text=在编辑器里打开查询")
    page.wait_for_selector("#editor[data-ready]")
    assert "SELECT" in page.input_value("#query")
    page.click("#run")
    page.wait_for_selector("#result table")
    assert page.locator("#result tbody tr").count() == 4


def write_query(page: Any, text: str) -> None:
    """Put a query into the editor, in the place of what it holds."""
    page.wait_for_selector("#editor[data-ready]")
    page.evaluate("(text) => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text)


def test_the_editor_takes_known_prefixes_for_no_fault(go: Visit) -> None:
    page = go("/editor")
    page.wait_for_selector("[data-ready]")
    assert page.locator(".parseErrorIcon").count() == 0
    write_query(page, "SELECT ?x { ?x a unknown:Thing }")
    page.wait_for_selector(".parseErrorIcon")
    write_query(page, "SELECT ?x { ?x a pk:Agency }")
    page.wait_for_selector(".parseErrorIcon", state="detached")


def test_the_editor_completes_from_the_ontology(go: Visit) -> None:
    page = go("/editor")
    write_query(page, "")
    page.click(".CodeMirror")
    page.keyboard.type("SELECT ?x { ?x a pk:Lea")
    hint = page.locator(".CodeMirror-hint", has_text="pk:LeadReply")
    hint.wait_for()
    assert "主办答复" in hint.inner_text()
    page.keyboard.press("Enter")
    page.keyboard.type(" ; pk:repl")
    page.locator(".CodeMirror-hint", has_text="pk:repliesTo").click()
    page.wait_for_function("document.querySelector('.CodeMirror').CodeMirror.getValue().includes('pk:repliesTo')")
    page.wait_for_timeout(200)  # the editor takes the focus back a little later
    page.keyboard.type(" ?p }")
    assert page.input_value("#query") == "SELECT ?x { ?x a pk:LeadReply ; pk:repliesTo ?p }"
    page.click("#run")
    page.wait_for_selector("#result table")
    assert page.locator("#result tbody tr").count() == 5


@SIZES
def test_a_result_is_a_table_a_chart_and_a_drawing(go: Visit, size: tuple[int, int]) -> None:
    page = go("/editor", size)
    write_query(page, "SELECT ?c (COUNT(?x) AS ?n) { ?x a ?c } GROUP BY ?c ORDER BY DESC(?n)")
    page.click("#run")
    page.click("[data-view=chart]")
    assert page.locator(".bar", has_text="机关部门").locator("b").inner_text().isdecimal()
    write_query(page, "CONSTRUCT { ?p pk:leadAgency ?a . ?a rdfs:label ?l } { ?p pk:leadAgency ?a . ?a rdfs:label ?l }")
    page.click("#run")
    page.locator(".drawing a", has_text=BUREAU).wait_for()
    page.click("[data-view=text]")
    page.wait_for_selector("#result pre")
    assert "@prefix pk:" in page.inner_text("#result")


@SIZES
def test_write_a_query_of_ones_own(go: Visit, size: tuple[int, int]) -> None:
    page = go("/editor", size)
    write_query(page, "SELECT ?x { ?x a pk:Agency } ORDER BY ?x LIMIT 3")
    page.click(".CodeMirror")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result table")
    page.locator("#result td a").first.click()
    assert page.locator(".kind").inner_text().strip() == "机关部门"
    page.go_back()
    assert "LIMIT 3" in page.input_value("#query")
    write_query(page, "CONSTRUCT { ?x a pk:Agency } WHERE { ?x a pk:Agency }")
    page.click("#run")
    page.wait_for_selector("#result pre")
    with page.expect_download():
        write_query(page, "SELECT ?x { ?x a pk:Agency }")
        page.click("#run")
        page.wait_for_selector("#result table")
        page.click("#csv")


@SIZES
def test_open_the_graph_of_a_thing(go: Visit, size: tuple[int, int]) -> None:
    page = go(f"/id/agency/{quote(BUREAU)}", size)
    page.click("text=在图谱里看")
    page.wait_for_selector("body[data-ready]")
    assert BUREAU in page.inner_text("body")


@SIZES
def test_switch_language_and_light_and_stay_there(go: Visit, size: tuple[int, int]) -> None:
    page = go("/", size)
    page.click("text=English")
    assert page.get_attribute("html", "lang") == "en"
    page.click("nav a:text-is('Documents')")
    assert page.get_attribute("html", "lang") == "en" and heading(page) == "Documents"
    page.click("#scheme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 250, 247)"
    page.reload()
    assert page.get_attribute("html", "data-scheme") == "dark"


def test_an_english_reader_sees_english_and_a_dark_one_dark(go: Visit) -> None:
    page = go("/", lang="en-GB", dark=True)
    assert page.get_attribute("html", "lang") == "en"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 30)"


def test_everything_is_reached_by_the_keyboard(go: Visit) -> None:
    page = go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href')"))
    assert {"/documents", "/reports", "/graph"} <= reached


def test_a_page_prints_without_its_frame(go: Visit) -> None:
    page = go(f"/id/agency/{quote(BUREAU)}")
    page.emulate_media(media="print")
    assert not page.locator(".top").is_visible() and page.locator("h1").is_visible()


def test_pages_work_without_scripts(browser: Any, site_address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_address)
    page.fill("#q", "gyhxxhj")
    page.keyboard.press("Enter")
    page.click(".hits li:first-child a")
    assert heading(page) == BUREAU
    context.close()
