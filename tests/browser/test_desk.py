"""The journey of a clerk: from an empty desk and a mixed folder to a table for the boss."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kg.serve.settings import QueryLimits
from tests.browser.test_accessibility import RULES
from tests.support.format_files import REPLY, docx, paragraph, portal, workbook
from tests.support.paths import EXAMPLES
from tests.support.pdf_files import drawn_pdf, show_lines
from tests.support.servers import make_settings, serve

pytestmark = pytest.mark.browser
SECRET = "secret-of-the-tests"
MINUTES = 240_000
"""Milliseconds that a build may take: a busy machine is no fault of ours."""
LETTER = (
    "栖河市财政局关于市政协五届三次会议第20240016号提案的会办意见",
    "栖河市工业和信息化局：",
    "对第20240016号提案，我局提出会办意见如下：",
    "我局安排专项资金，对省级专精特新中小企业给予一次性奖励30万元。",
    "栖河市财政局",
    "2024年6月3日",
)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with files of many formats, a picture, a broken file, and what programs leave."""
    folder = tmp_path / "材料" / "2024"
    folder.mkdir(parents=True)
    (folder / "答复.docx").write_bytes(docx("".join(map(paragraph, REPLY))))
    rows = [["提案号", "标题", "提案者", "主办单位"], ["20240017", "关于加强停车管理的提案", "李文", "栖河市公安局"]]
    (folder / "清单.xlsx").write_bytes(workbook(rows))
    (folder / "网页.html").write_text(portal(LETTER), encoding="utf-8")
    (folder / "答复.pdf").write_bytes(drawn_pdf([show_lines(LETTER)]))
    name = "20240117_梯度培育.txt"
    (folder / name).write_bytes((EXAMPLES / name).read_bytes())
    (folder / "照片.jpg").write_bytes(b"\xff\xd8\xff\xe0 no letter")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / ".DS_Store").write_bytes(b"x")
    return tmp_path / "材料"


@pytest.fixture
def desk_page(browser: Any, tmp_path: Path) -> Iterator[Any]:
    settings = replace(make_settings(tmp_path / "台" / "store", QueryLimits()), desk=tmp_path / "台", secret=SECRET)
    with serve(settings) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN", accept_downloads=True)
        page, faults = context.new_page(), []
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        own = (address, "data:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(own) else faults.append(request.url))
        page.goto(f"{address}/desk?token={SECRET}")
        assert page.url == f"{address}/desk"
        yield page
        context.close()
        assert faults == []


def wait_for_build(page: Any) -> None:
    """Wait until the page has loaded again after a build."""
    page.wait_for_selector("#progress:not([hidden])", timeout=MINUTES)
    page.wait_for_selector("#progress", state="hidden", timeout=MINUTES)
    page.wait_for_load_state("load")
    assert page.locator("#faults .warn").all_inner_texts() == []


def state_of(page: Any, name: str) -> str:
    return str(page.locator(".files tr", has_text=name).first.locator("td").nth(1).inner_text())


def take(page: Any, link: str) -> bytes:
    with page.expect_download() as download:
        page.click(link)
    return Path(download.value.path()).read_bytes()


def test_from_an_empty_desk_to_a_table_for_the_boss(desk_page: Any, mixed: Path, axe: str) -> None:
    page = desk_page
    assert "还没有文件" in page.inner_text("main")

    page.set_input_files("#folder", mixed)
    page.wait_for_selector(".result", timeout=MINUTES)
    page.wait_for_selector("#progress", state="hidden", timeout=MINUTES)
    assert "已读" in state_of(page, "答复.docx") and "已读" in state_of(page, "网页.html")
    assert "已读" in state_of(page, "清单.xlsx") and "已读" in state_of(page, "梯度培育.txt")
    assert "没有读出来" in state_of(page, "坏.docx")
    assert "跳过" in state_of(page, "照片.jpg")
    assert ".DS_Store" not in page.locator(".files").inner_text()
    assert "没有读出来 1 个" in page.locator(".result").inner_text()
    assert "0 份来源" not in page.locator("footer").inner_text(), "the numbers are those of this build"

    book = openpyxl.load_workbook(io.BytesIO(take(page, ".takes li:has-text('金额') a:text-is('Excel')")))
    cells = [[str(cell.value) for cell in row] for sheet in book for row in sheet.iter_rows()]
    assert any("50万元" in cell for row in cells for cell in row)
    row = next(row for row in cells if any("最高50万元" in cell for cell in row) and any("答复.docx" in c for c in row))
    assert any("登高计划" in cell or "小巨人" in cell for cell in row)
    assert take(page, ".takes li:has-text('建议与回应对照') a:text-is('Word')")[:2] == b"PK"
    assert "栖河市" in take(page, "a:text-is('Turtle')").decode()

    page.evaluate(axe)
    assert page.evaluate(RULES) == []
    page.click("a:text-is('核对可疑的')")
    page.evaluate(axe)
    assert page.evaluate(RULES) == []
    card = page.locator(".doubts > li").first
    card.locator("[data-decision=reject]").click()
    page.wait_for_selector(".doubts > li.done")
    page.click("text=回到工作台")
    page.click("button:has-text('让新的决定生效')")
    wait_for_build(page)
    assert page.locator("button:has-text('让新的决定生效')").count() == 0

    page.on("dialog", lambda dialog: dialog.accept())
    page.click("tr:has-text('清单.xlsx') .remove")
    wait_for_build(page)
    assert "清单.xlsx" not in page.locator(".files").inner_text()
    page.click("#undo")
    wait_for_build(page)
    assert "已读" in state_of(page, "清单.xlsx")
    page.click("#undo")
    wait_for_build(page)
    assert "还没有文件" in page.inner_text("main")


def test_a_dropped_file_is_read_and_answers_a_question(desk_page: Any) -> None:
    page = desk_page
    text = "\n".join(REPLY)
    page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "答复<b>.txt", { type: "text/plain" }));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )
    page.wait_for_selector(".result", timeout=MINUTES)
    assert "已读" in state_of(page, "答复b.txt")
    page.fill("#q", "dgjh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search**")
    assert "登高计划" in page.locator(".hits").inner_text()
    page.click("nav a:text-is('常用问题')")
    page.fill("#question", "谁实施登高计划？")
    page.press("#question", "Enter")
    page.wait_for_url("**/ask**")
    assert "栖河市工业和信息化局" in page.locator(".answer").inner_text()


def test_a_build_can_be_stopped_and_goes_on(desk_page: Any, tmp_path: Path) -> None:
    page = desk_page
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(
            "\n".join(REPLY).replace("20240015", f"2024010{number}"), encoding="utf-8"
        )
    page.set_input_files("#folder", folder)
    # the policy of the page allows no waiting for a function
    page.locator("#doing", has_text=re.compile("正在(准备|读取)")).wait_for(timeout=MINUTES)
    page.click("#stop")
    page.wait_for_selector("#faults .warn", timeout=MINUTES)
    assert re.search("已停止", page.locator("#faults").inner_text())
    page.reload()
    page.click("#build") if page.locator("#build").count() else None
    wait_for_build(page)
    assert page.locator(".files tr.read").count() == 6


def test_the_desk_fits_a_phone(desk_page: Any) -> None:
    desk_page.set_viewport_size({"width": 390, "height": 844})
    assert desk_page.evaluate("document.documentElement.scrollWidth") <= 390
