"""A published site, opened as files in a real browser: nothing is requested but the files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kg.serve.publish.publish import publish_store

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["window", "phone"])


@pytest.fixture(scope="session")
def published(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "网站"
    publish_store(example_store, folder, "zh")
    return folder


@pytest.fixture
def page(browser: Any, published: Path) -> Iterator[Any]:
    context = browser.new_context(locale="zh-CN")
    opened, faults = context.new_page(), []
    opened.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    own = (published.as_uri(), "data:", "blob:")
    opened.on("request", lambda request: None if request.url.startswith(own) else faults.append(request.url))
    opened.goto((published / "index.html").as_uri())
    yield opened
    context.close()
    assert faults == []


@SIZES
def test_find_an_agency_by_initials_and_read_a_sentence(page: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.fill("#q", "gyhxxhj")
    page.keyboard.press("Enter")
    page.click(".hits li:first-child a")
    assert page.inner_text("h1") == "霁川市工业和信息化局"
    page.locator("cite a").first.click()
    page.wait_for_selector("#said:not([hidden])")
    assert page.locator(".reading .chosen").first.is_visible()
    page.locator(".reading a.name.k-Agency").first.click()
    page.locator("#said a").first.click()
    assert page.locator(".kind").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_narrow_a_search_and_share_its_address(page: Any, published: Path) -> None:
    page.goto(f"{(published / 'search.html').as_uri()}?q={quote('企业')}")
    page.locator("#facets a", has_text="承诺").first.click()
    page.wait_for_selector("#hits li")
    assert all("承诺" in text for text in page.locator("#hits small").all_inner_texts())
    address, number = page.url, page.inner_text("#count")
    page.goto((published / "index.html").as_uri())
    page.goto(address)
    assert page.inner_text("#count") == number


def test_reports_queries_and_the_graph_are_there(page: Any) -> None:
    page.click("nav a:text-is('报告')")
    page.click("a:text-is('建议与回应对照')")
    assert page.locator(".kg-report svg").count() > 0
    page.click("nav a:text-is('常用问题')")
    page.click("text=应当办理、但页面上没有留下意见的部门")
    assert page.locator(".list tbody tr").count() == 4
    page.click("nav a:text-is('图谱')")
    page.wait_for_selector("body[data-ready]")
