"""Word files: paragraphs, tables, generated numbers; older ones through another program."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg import read
from kg.errors import SourceError
from kg.read.numbers import format_number
from kg.read.office import convert as office
from tests.support.documents import OFFICE, document, text
from tests.support.format_files import FORMATS, W, docx, numbered, numbering, paragraph


def test_paragraphs_and_tables_of_a_document_come_in_order(tmp_path: Path) -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in ("甲公司", "50万元")) + "</w:tr>"
    source = document(tmp_path / "a.docx", docx(paragraph("前") + f"<w:tbl>{row}</w:tbl>" + paragraph("后"))).source
    assert source.text.splitlines() == ["前", "甲公司 | 50万元", "后"]
    assert source.find_place(source.text.index("50万元")) == "表1 B1"


def test_numbers_that_word_generates_are_written_out(tmp_path: Path) -> None:
    levels = [("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("bullet", "•")]
    body = (
        numbered("目标", 1) + numbered("总体", 1, 1) + numbered("具体", 1, 1) + numbered("一项", 1, 2)
        + numbered("点", 1, 3) + numbered("措施", 1) + numbered("第一", 1, 1) + paragraph("正文")
    )  # fmt: skip
    lines = text(tmp_path / "a.docx", docx(body, {"word/numbering.xml": numbering(levels)})).splitlines()
    assert lines == ["一、目标", "（一）总体", "（二）具体", "1.一项", "点", "二、措施", "（一）第一", "正文"]


def test_numbering_by_style_and_a_list_that_starts_anew(tmp_path: Path) -> None:
    styles = (
        f'<w:styles {W}><w:style w:type="paragraph" w:styleId="H"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H"/></w:style></w:styles>'
    )
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = paragraph("甲", '<w:pStyle w:val="H"/>') + paragraph("乙", '<w:pStyle w:val="H2"/>') + numbered("丙", 2)
    parts = {"word/styles.xml": styles, "word/numbering.xml": numbering([("decimal", "%1.")], nums)}
    assert text(tmp_path / "a.docx", docx(body, parts)).splitlines() == ["1.甲", "2.乙", "1.丙"]


def test_what_is_deleted_or_hidden_is_not_read_and_what_is_inserted_is(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:ins><w:r><w:t>增</w:t>"
        "</w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:br/><w:t>次行</w:t></w:r></w:p>"
    )
    assert text(tmp_path / "a.docx", docx(body)) == "甲增\n次行\n"


def test_text_boxes_headers_and_notes_are_read(tmp_path: Path) -> None:
    body = (
        f"<w:p><w:r><w:t>正文</w:t><w:footnoteReference w:id='2'/><w:pict>"
        f"<w:txbxContent>{paragraph('栖河市水务局文件')}"
        "</w:txbxContent></w:pict></w:r></w:p>"
    )
    parts = {
        "word/footnotes.xml": f"<w:footnotes {W}><w:footnote w:id='2'>{paragraph('数据来自年报。')}</w:footnote>"
        "</w:footnotes>",
        "word/header1.xml": f"<w:hdr {W}>{paragraph('栖河市提案办理')}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {W}>{paragraph('- 1 -')}</w:ftr>",
    }
    found = document(tmp_path / "a.docx", docx(body, parts))
    assert found.source.text.splitlines() == ["栖河市提案办理", "正文", "栖河市水务局文件", "", "注1：数据来自年报。"]
    assert found.report.changes == {"note": 1, "running_head": 1}


@pytest.mark.parametrize(
    ("number", "kind", "printed"),
    [
        (1, "chineseCounting", "一"), (10, "chineseCounting", "十"), (12, "chineseCounting", "十二"),
        (20, "chineseCounting", "二十"), (105, "chineseCounting", "一百零五"), (110, "chineseCounting", "一百一十"),
        (2003, "chineseCounting", "二千零三"), (3, "chineseLegalSimplified", "叁"), (3, "decimalEnclosedCircle", "③"),
        (30, "decimalEnclosedCircle", "30"), (24, "ideographDigital", "二四"), (4, "lowerRoman", "iv"),
        (28, "upperLetter", "BB"),
        (2, "ideographTraditional", "乙"), (7, "bullet", ""), (7, "somethingNew", "7"), (7, "decimalZero", "07"),
    ],
)  # fmt: skip
def test_numbers_are_formatted_as_word_does(number: int, kind: str, printed: str) -> None:
    assert format_number(number, kind) == printed


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice")
def test_word_97_is_read_as_the_docx_that_it_is_made_from() -> None:
    source = read.read_source(FORMATS / "答复.doc")
    assert "国家级专精特新“小巨人”企业 | 12家 | 最高50万元" in source.text.splitlines()
    assert source.media_type == "application/msword"


@pytest.mark.skipif(shutil.which("antiword") is None, reason="needs Antiword")
def test_word_97_is_read_by_antiword_where_there_is_no_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_OFFICE", ())
    assert "我局实施“登高计划”，通过“栖企通”平台申报。" in read.read_source(FORMATS / "答复.doc").text


def test_without_either_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    with pytest.raises(SourceError) as caught:
        read.read_source(FORMATS / "答复.doc")
    assert "答复.doc" in caught.value.zh and "LibreOffice" in caught.value.zh and "\n" not in caught.value.zh
