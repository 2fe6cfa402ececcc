"""PDF: paragraphs without running heads, tables, columns, pages."""

from __future__ import annotations

from kg import read
from tests.support.format_files import FORMATS


def test_a_pdf_is_read_in_paragraphs_without_running_heads() -> None:
    found = read.load_document(read.FoundSource("答复.pdf", FORMATS / "答复.pdf"))
    lines = found.source.text.splitlines()
    assert lines[0] == "栖河市工业和信息化局" and lines[2] == "民建栖河市委会："
    assert any(one.startswith("（二）建立企业服务专员制度") and one.endswith("直达快享。") for one in lines)
    assert "栖河市政协提案办理" not in found.source.text and "—" not in found.source.text
    assert found.report.changes["running_head"] == 2 and found.report.changes["page_number"] == 2


def test_a_table_of_a_pdf_is_read_by_its_rules() -> None:
    lines = read.read_source(FORMATS / "答复.pdf").text.splitlines()
    assert lines[-3:] == [
        "企业类别 | 数量 | 奖励",
        "国家级专精特新“小巨人”企业 | 12家 | 最高50万元",
        "省级专精特新中小企业 | 128家 | 最高20万元",
    ]


def test_words_of_a_pdf_know_their_page() -> None:
    source = read.read_source(FORMATS / "答复.pdf")
    assert source.find_place(0) == "第1页"
    assert source.find_place(source.text.index("128家 | ")) == "第2页"
    # of a paragraph that goes over the page, too
    begin = source.text.index("根据《栖河市先进制造业促进办法》")
    assert {source.find_place(i) for i in range(begin, len(source.text))} == {"第1页", "第2页"}


def test_columns_of_a_pdf_are_read_one_after_the_other() -> None:
    lines = read.read_source(FORMATS / "双栏.pdf").text.splitlines()
    begins = ("贵会提出的", "一、关于加", "根据《栖河", "截至202", "二、下一步", "（一）力争", "（二）建立")
    assert [one[:5] for one in lines] == [b[:5] for b in begins] * 2
