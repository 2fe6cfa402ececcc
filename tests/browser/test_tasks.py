"""What somebody who opens the page for the first time would look for, at the size of a window and of a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.viewing import BUREAU, SIZES, open_view, search, section

pytestmark = pytest.mark.browser

LIT = "[...document.querySelectorAll('#board .item:not(.dim)')].map((e) => KG.nodes[e.dataset.node].label)"
RUNS = """KG.nodes[KG.selection.node].edges.filter((edge) => ["administers", "operates"].includes(edge.predicate)
    && edge.from === KG.selection.node).map((edge) => KG.nodes[edge.to].label)"""


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
