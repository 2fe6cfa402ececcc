"""Further journeys of people who see the site for the first time; a console error or a request elsewhere fails each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from kg.serve.settings import QueryLimits
from tests.support.paths import EXAMPLES
from tests.support.servers import make_settings, serve

pytestmark = pytest.mark.browser
WINDOW, PHONE = (1280, 800), (390, 844)
BUREAU = "霁川市工业和信息化局"
TEXT = "20240117_梯度培育.txt"
POLICY = "霁川市支持优质中小企业梯度培育若干措施"
Visit = Callable[..., Any]


def heading(page: Any) -> str:
    return str(page.locator("h1").inner_text())


def test_a_proposal_is_followed_to_its_reply_and_to_the_sentence_of_a_promise(go: Visit) -> None:
    page = go("/documents", PHONE)
    page.click("a:text-is('关于健全优质中小企业梯度培育体系的提案')")
    page.locator(".group a", has_text=f"{BUREAU}对第20240117号提案的答复").first.click()
    assert page.locator(".kind").inner_text().strip() == "主办答复"
    promise = page.locator(".group", has_text="承诺").locator("li").first
    promise.locator("cite a").first.click()
    assert page.locator(".reading .chosen").first.is_visible()


def test_a_suggestion_of_the_search_is_taken_with_the_mouse(go: Visit) -> None:
    page = go("/")
    page.fill("#q", "民政")
    page.locator("#names li", has_text="霁川市民政局").first.click()
    page.wait_for_url("**/id/agency/**")
    assert heading(page) == "霁川市民政局"


def test_words_of_a_text_lead_to_their_place_in_it(go: Visit) -> None:
    page = go(f"/search?q={quote('贷款市场报价利率')}", PHONE)
    assert page.locator(".hits mark").count() > 0
    page.locator(".hits li", has=page.locator("mark")).first.locator("a[href^='/document']").first.click()
    page.wait_for_url("**/document?**")
    assert page.locator(".reading .chosen").first.is_visible()


def test_a_search_without_results_says_what_to_do(go: Visit) -> None:
    page = go("/search?q=zzqqxx", PHONE)
    assert "没有找到" in page.locator(".empty").inner_text()
    page.fill("#q", "养老")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hits li")


def test_a_condition_of_a_search_is_taken_back(go: Visit) -> None:
    page = go(f"/search?q={quote('企业')}")
    before = page.locator("main [role=status]").inner_text()
    page.locator(".facets a", has_text="2023").first.click()
    assert page.locator("main [role=status]").inner_text() != before
    page.click(".facets .on a")
    assert page.locator("main [role=status]").inner_text() == before


def test_the_next_page_of_results_and_back(go: Visit) -> None:
    page = go(f"/search?q={quote('企业')}")
    first = page.locator(".hits a").first.inner_text()
    page.click(".pager a[rel=next]")
    assert page.locator(".pager span").inner_text().startswith("2 /")
    assert page.locator(".hits a").first.inner_text() != first
    page.go_back()
    assert page.locator(".hits a").first.inner_text() == first


def test_the_quote_of_a_report_leads_to_the_text(go: Visit) -> None:
    page = go(f"/reports/money?tier={quote('小巨人')}")
    words = page.locator(".kg-report mark").first.inner_text()
    page.locator(".kg-report cite a, .kg-report .quote a, .kg-report td a[href^='/document']").first.click()
    page.wait_for_url("**/document?**")
    assert words[:6] in page.locator(".said blockquote").inner_text()


def test_suggestions_beside_their_answers_have_a_chart_and_sections(go: Visit) -> None:
    page = go("/reports", PHONE)
    page.click("a:text-is('建议与回应对照')")
    assert page.locator(".kg-report svg").first.is_visible()
    link = page.locator(".kg-report nav a").last
    target = link.get_attribute("href")
    link.click()
    assert page.locator(target).is_visible() and page.url.endswith(target)


@pytest.mark.parametrize("size", [WINDOW, PHONE])
def test_the_query_of_a_report_runs_in_the_editor(go: Visit, size: tuple[int, int]) -> None:
    page = go("/reports/coverage?proposal=20240117", size)
    page.click("header >> text=在编辑器里打开查询")
    page.wait_for_selector("#editor[data-ready]")
    assert '"20240117"' in page.input_value("#query")
    page.click("#run")
    page.wait_for_selector("#result table")
    assert page.locator("#result tbody tr").count() >= 6
    page.go_back()
    page.click("text=这份报告由")
    page.click("text=提案及编号")
    page.wait_for_selector("#editor[data-ready]")
    page.click("#run")
    page.wait_for_selector("#result table")
    assert "20240117" in page.locator("#result").inner_text()


def test_a_question_in_one_sentence_is_answered_with_its_sentence(go: Visit) -> None:
    page = go("/queries", PHONE)
    page.fill("#question", "国家级专精特新小巨人企业奖励多少？")
    page.press("#question", "Enter")
    page.wait_for_url("**/ask**")
    assert "80万元" in page.locator(".answer").inner_text()
    page.locator(".answer cite a").first.click()
    assert page.locator(".reading .chosen").first.is_visible()


def test_a_firm_asks_what_it_can_get(go: Visit) -> None:
    page = go("/reports/match")
    assert "先填写" in page.locator("main").inner_text()
    page.fill("input[name=place]", "霁川市")
    page.fill("input[name=tier]", "高新技术企业")
    page.click(".filters button")
    assert "20万元" in page.locator(".kg-report").inner_text()


def test_the_graph_of_a_thing_leads_to_the_next_thing_and_back_to_the_site(go: Visit) -> None:
    page = go(f"/id/agency/{quote(BUREAU)}")
    page.click("text=在图谱里看")
    page.wait_for_selector("body[data-ready]")
    page.locator("#panel .relation .chip", has_text="“百企登峰”计划").first.click()
    with page.expect_navigation():
        page.click("#fetch-near")
    page.wait_for_selector("body[data-ready]")
    assert "百企登峰" in heading(page)
    with page.expect_navigation():
        page.click("#its-page")
    assert "百企登峰" in heading(page)


def test_the_graph_of_a_phone_leads_home(go: Visit) -> None:
    page = go("/graph", PHONE)
    page.wait_for_selector("body[data-ready]")
    page.click("#home")
    page.wait_for_selector(".hero")


def test_a_thing_is_taken_away_as_turtle(go: Visit) -> None:
    page = go(f"/id/agency/{quote(BUREAU)}", PHONE)
    address = page.locator(".data a:text-is('Turtle')").get_attribute("href")
    response = page.request.get(page.url.split("/id/")[0] + address)
    assert response.headers["content-type"].startswith("text/turtle") and BUREAU in response.text()


def test_the_changes_can_be_followed(go: Visit) -> None:
    page = go(f"/id/agency/{quote(BUREAU)}")
    address = page.locator(".data a:text-is('Atom')").get_attribute("href")
    response = page.request.get(page.url.split("/id/")[0] + address)
    assert "20240117" in response.text() and response.headers["content-type"].startswith("application/atom+xml")
    assert page.locator(".foot a", has_text="Atom").is_visible()


def test_the_documents_that_speak_of_a_thing_stand_in_order_of_time(go: Visit) -> None:
    page = go(f"/id/agency/{quote(BUREAU)}", PHONE)
    dates = [text for text in page.locator(".timeline time").all_inner_texts() if text[:2] == "20"]
    assert len(dates) > 2 and dates == sorted(dates)
    page.locator(".timeline a").first.click()
    assert page.locator(".kind").first.is_visible()


def test_a_policy_and_who_cites_it(go: Visit) -> None:
    page = go("/")
    page.fill("#q", "若干措施")
    page.keyboard.press("Enter")
    page.locator(".hits a", has_text=POLICY).first.click()
    assert heading(page) == POLICY
    page.click("text=读原文")
    assert "霁府规〔2023〕9号" in page.locator(".reading").inner_text()


def test_an_address_that_leads_nowhere_says_so_and_offers_the_search(go: Visit, site_address: str) -> None:
    page = go("/")
    response = page.request.get(f"{site_address}/id/agency/none", headers={"Accept": "text/html"})
    assert response.status == 404 and 'id="q"' in response.text() and "库里没有" in response.text()
    response = page.request.get(f"{site_address}/nothing-here", headers={"Accept": "text/html"})
    assert response.status == 404 and 'id="q"' in response.text()


def test_an_enlarged_page_needs_no_sideways_scrolling(go: Visit) -> None:
    for path in ("/", f"/document?source={quote(TEXT)}", "/reports/compare"):
        go(path, (640, 400))


def test_a_shared_address_opens_at_its_words_in_another_language(go: Visit) -> None:
    page = go(f"/document?source={quote(TEXT)}&at=120,160#c120", PHONE, lang="en-GB")
    assert page.locator(".reading .chosen").first.is_visible()
    assert page.get_attribute("html", "lang") == "en"


def test_a_search_by_the_keyboard_alone(go: Visit) -> None:
    page = go("/")
    page.focus("#q")
    page.keyboard.type("科技局")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hits li")
    page.focus(".hits a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/id/agency/**")
    assert heading(page) == "霁川市科学技术局"


@pytest.fixture(scope="module")
def cities_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the policies of two invented cities, one of which pays more."""
    from kg.ingest.build import build

    folder = tmp_path_factory.mktemp("cities")
    text = (EXAMPLES / f"{POLICY}.txt").read_text(encoding="utf-8")
    (folder / "霁川.txt").write_text(text, encoding="utf-8")
    other = text.replace("霁川", "澜浦").replace("霁府", "澜府").replace("一次性奖励80万元", "一次性奖励100万元")
    (folder / "澜浦.txt").write_text(other, encoding="utf-8")
    build([folder], folder / "store")
    with serve(make_settings(folder / "store", QueryLimits())) as address:
        yield address


@pytest.mark.parametrize("size", [WINDOW, PHONE], ids=["window", "phone"])
def test_two_cities_are_compared(browser: Any, cities_address: str, size: tuple[int, int]) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    page, faults = context.new_page(), []
    page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
    page.goto(f"{cities_address}/reports")
    page.click("a:text-is('各地各年比较')")
    page.fill("input[name=tier]", "小巨人")
    page.click(".filters button")
    rows = [text for text in page.locator(".kg-report table tr").all_inner_texts() if "一次性奖励" in text]
    assert any("霁川市" in row and "澜浦市" in row for row in rows)
    shown = page.locator(".kg-report").inner_text()
    assert "80万元" in shown and "100万元" in shown
    context.close()
    assert faults == []
