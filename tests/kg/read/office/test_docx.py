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


def test_what_fields_show_is_text(tmp_path: Path) -> None:
    marks = [f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "separate", "end")]
    code = "<w:r><w:instrText> MERGEFIELD n </w:instrText></w:r>"
    number = f"{marks[0]}{code}{marks[1]}<w:r><w:t>40</w:t></w:r>{marks[2]}"
    body = (
        f"<w:p><w:r><w:t>新增站点</w:t></w:r>{number}<w:r><w:t>个。</w:t></w:r></w:p>"
        "<w:p><w:fldSimple w:instr='MERGEFIELD m'><w:r><w:t>投入500万元。</w:t></w:r></w:fldSimple></w:p>"
    )
    assert text(tmp_path / "a.docx", docx(body)).splitlines() == ["新增站点40个。", "投入500万元。"]


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


# forms and other tables


def row(*cells: str, merge: str = "") -> str:
    """A row of a table; *merge* is ``restart`` or ``continue`` for its first cell."""
    merged = f'<w:tcPr><w:vMerge w:val="{merge}"/></w:tcPr>' if merge else ""
    first, *others = ["".join(map(paragraph, cell.split("\n"))) for cell in cells]
    return f"<w:tr><w:tc>{merged}{first}</w:tc>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in others) + "</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def test_a_form_is_read_as_labels_with_values_and_its_answer_as_a_text(tmp_path: Path) -> None:
    body = paragraph("栖河市政协提案答复表") + table(
        row("提案编号", "20240015", "案由", "关于发展托育服务的提案"), row("提案者", "苏禾", "联系电话", "0700-600000"),
        row("主办单位", "市教育局", "经办科室", "学前科"),
        row("答复意见", "2023年新增托位120个。\n下一步，我局将再建30个。"),
        row("答复日期", "2024年6月14日", "办理结果", "A"),
    )  # fmt: skip
    lines = text(tmp_path / "a.docx", docx(body)).splitlines()
    assert lines == [
        "栖河市政协提案答复表", "提案编号：20240015", "案由：关于发展托育服务的提案", "提案者：苏禾",
        "联系电话：0700-600000", "主办单位：市教育局", "经办科室：学前科", "", "答复意见：", "市教育局",
        "2023年新增托位120个。", "下一步，我局将再建30个。", "",
        "答复日期：2024年6月14日", "办理结果：A",
    ]  # fmt: skip


def test_labels_beside_a_group_of_rows_and_vertical_labels_are_labels(tmp_path: Path) -> None:
    body = table(
        row("案由", "关于发展托育服务的提案", "案号", "15"), row("提案者", "姓名", "苏禾", merge="restart"),
        row("", "电话", "0700-600000", merge="continue"),
        row("答\n复\n意\n见", "2023年新增托位120个，已全部开放使用。"),
    )  # fmt: skip
    assert text(tmp_path / "a.docx", docx(body)).splitlines() == [
        "案由：关于发展托育服务的提案", "案号：15", "提案者：苏禾", "提案者电话：0700-600000", "",
        "答复意见：", "2023年新增托位120个，已全部开放使用。",
    ]  # fmt: skip


def test_the_rows_of_a_table_stay_whole_and_the_head_of_a_table_is_no_label(tmp_path: Path) -> None:
    long = "推进标准化建设，出台导则。\n" * 6
    body = table(
        row("类别", "名称", "责任单位"), row("建设", long, "市教育局", merge="restart"),
        row("", "运营补助", "市财政局", merge="continue"),
    )  # fmt: skip
    lines = text(tmp_path / "a.docx", docx(body)).splitlines()
    whole = " ".join(long.split())
    assert lines == ["类别 | 名称 | 责任单位", f"建设 | {whole} | 市教育局", "建设 | 运营补助 | 市财政局"]


def test_a_table_that_lists_proposals_gives_a_source_a_row(tmp_path: Path) -> None:
    body = paragraph("栖河市政协五届三次会议提案分办表") + table(
        row("案号", "案由", "主办", "会办"), row("15", "关于托育的提案", "市教育局", "市财政局"),
        row("16", "关于养老的提案", "市民政局", "无"),
    )  # fmt: skip
    (tmp_path / "分办.docx").write_bytes(docx(body))
    first, second = (read.load_document(found).source for found in read.find_sources([tmp_path]).files)
    assert (first.id, second.id) == ("分办.docx/15", "分办.docx/16")
    assert first.text.splitlines()[2:] == ["主办单位：市教育局", "会办单位：市财政局"]
    assert second.find_place(second.text.index("市民政局")) == "表1 C3"


def test_signs_from_fonts_are_written_as_signs(tmp_path: Path) -> None:
    body = (
        '<w:p><w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:t>同意公开 </w:t><w:sym w:font="Wingdings" '
        'w:char="F0A8"/><w:t>不同意</w:t><w:sym w:font="Wingdings" w:char="F04A"/><w:sym w:font="宋体" w:char="2103"/>'
        "</w:r></w:p>"
    )
    assert text(tmp_path / "a.docx", docx(body)) == "☑同意公开 □不同意℃\n"


# documents that are one XML file

WORD_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument '
    'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
    'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
    'xmlns:aml="http://schemas.microsoft.com/aml/2001/core"><w:body><wx:sect>{}</wx:sect></w:body></w:wordDocument>'
)


def test_word_2003_xml_is_read_with_its_numbers_notes_and_tables(tmp_path: Path) -> None:
    body = (
        '<w:p><w:pPr><w:listPr><wx:t wx:val="一、"/></w:listPr></w:pPr><w:r><w:t>工作情况</w:t></w:r></w:p>'
        '<w:p><w:r><w:t>新增托位120个</w:t><w:footnote><w:p><w:r><w:t>含在建。</w:t></w:r></w:p></w:footnote></w:r>'
        '<aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>删</w:delText></w:r></aml:content>'
        '</aml:annotation><aml:annotation w:type="Word.Insertion"><aml:content><w:r><w:t>。</w:t></w:r></aml:content>'
        "</aml:annotation></w:p>"
        + table(row("区县", "托位", "个"), row("临江区", "40", "个"))
    )  # fmt: skip
    for name in ("答复.doc", "答复.docx"):
        found = document(tmp_path / name, WORD_2003.format(body).encode())
        assert found.source.text.splitlines() == [
            "一、工作情况", "新增托位120个。", "区县 | 托位 | 个", "临江区 | 40 | 个", "", "注1：含在建。",
        ]  # fmt: skip


def test_flat_opc_is_read_as_the_package_that_it_holds(tmp_path: Path) -> None:
    body = numbered("目标", 1) + paragraph("正文")
    numbers = numbering([("chineseCounting", "%1、")])
    parts = "".join(
        f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{content}</pkg:xmlData></pkg:part>'
        for name, content in (
            ("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>"),
            ("word/numbering.xml", numbers.partition("?>")[2] or numbers),
        )
    )
    data = f'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{parts}</pkg:package>'
    assert text(tmp_path / "a.doc", data.encode()).splitlines() == ["一、目标", "正文"]


def test_xml_that_is_no_word_document_is_told_from_one(tmp_path: Path) -> None:
    from kg.read.office.wordxml import read_word_xml

    with pytest.raises(SourceError, match="not a Word document"):
        read_word_xml(b"<rss/>")
