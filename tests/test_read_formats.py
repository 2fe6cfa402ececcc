"""Each format gives the text that a reader sees, in the order that a reader reads it."""

from __future__ import annotations

import shutil
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from format_files import FORMATS, REPLY, W, docx, numbered, numbering, paragraph, pdf, portal, workbook

from kg import read
from kg.errors import SourceError
from kg.read import guard
from kg.read.numbers import formatted
from kg.read.office import convert as office
from kg.read.pdf.ocr import available, mended
from kg.read.values import Limits

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def document(path: Path, data: bytes | str) -> read.Document:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read.load(read.Found(path.name, path))


def text(path: Path, data: bytes | str) -> str:
    return document(path, data).source.text


# web pages


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "gb18030"])
def test_a_portals_page_is_its_article_and_its_header_table(tmp_path: Path, charset: str) -> None:
    lines = text(tmp_path / "答复.html", portal(charset=charset).encode(charset)).splitlines()
    assert lines == [
        "索引号：00123/2024-0005",
        "发文机关：栖河市工业和信息化局",
        "文号：栖工信函〔2024〕5号",
        "成文日期：2024年5月20日",
        *REPLY,
    ]


def test_what_was_left_out_of_a_page_is_counted(tmp_path: Path) -> None:
    report = document(tmp_path / "a.html", portal()).report
    assert report.changes["block"] >= 4 and report.changes["foot"] == 1
    assert report.encoding == "utf-8"


def test_a_page_whose_encoding_is_misnamed_is_read_as_what_it_is(tmp_path: Path) -> None:
    assert REPLY[2] in text(tmp_path / "a.htm", portal(charset="gb2312").encode("utf-8"))


def test_an_article_is_kept_whatever_its_block_is_called(tmp_path: Path) -> None:
    page = f"<html><body><div class='side-nav-related'>{''.join(f'<p>{p}</p>' for p in REPLY)}</div></body></html>"
    assert text(tmp_path / "a.html", page).splitlines() == list(REPLY)


def test_the_title_is_kept_where_it_stands_in_a_block_of_furniture(tmp_path: Path) -> None:
    page = portal(REPLY).replace('<div class="main">', f'<div class="top"><h1>{REPLY[0]}</h1></div><div class="main">')
    assert text(tmp_path / "a.html", page).startswith(REPLY[0])


def test_an_opinion_is_kept_beside_a_long_reply_whatever_its_block_is_called(tmp_path: Path) -> None:
    opinion = "对第20240015号提案，我局会办意见如下：支持市工信局的意见，" + "将配合做好资金保障，落实有关政策，" * 6
    page = (
        f"<html><body><div class='main'><p>{'现答复如下，我局高度重视，积极推进。' * 90}</p></div>"
        f"<div class='comment-links'><p>{opinion}</p></div><div class='comment'><p>网友：很好，谢谢，支持。</p></div>"
        "</body></html>"
    )
    lines = text(tmp_path / "a.html", page).splitlines()
    assert opinion in lines and not any("网友" in one for one in lines)


def test_an_articles_own_head_is_kept(tmp_path: Path) -> None:
    page = f"<html><body><article><header><h1>{REPLY[0]}</h1></header><p>{REPLY[3]}</p></article></body></html>"
    assert text(tmp_path / "a.html", page).splitlines() == [REPLY[0], REPLY[3]]


def test_hidden_tabs_with_prose_are_read(tmp_path: Path) -> None:
    """Portals show proposal and reply in turns."""
    page = f'<body><div>{REPLY[2]}</div><div style="display: none">{REPLY[3]}我局将继续做好有关工作。</div></body>'
    assert REPLY[3] in text(tmp_path / "a.html", f"<html>{page}</html>")


def test_lists_of_a_page_have_their_numbers(tmp_path: Path) -> None:
    page = (
        "<html><body><ol><li>加大奖补</li><li>优化服务</li></ol><ol style='list-style-type:cjk-ideographic'>"
        "<li>现状</li></ol><ol><li>1.已有</li></ol><ul><li>点</li></ul></body></html>"
    )
    assert text(tmp_path / "a.html", page).splitlines() == ["1.加大奖补", "2.优化服务", "一、现状", "1.已有", "点"]


def test_lines_of_the_source_do_not_break_chinese_words(tmp_path: Path) -> None:
    page = "<html><body><p>加大奖补\n   力度，共 <b>50</b>\n万元<br>第二行&nbsp;字</p></body></html>"
    assert text(tmp_path / "a.html", page) == "加大奖补力度，共 50 万元\n第二行 字\n"


def test_tables_of_a_page_are_read_row_by_row_with_their_cells(tmp_path: Path) -> None:
    page = (
        "<html><body><p>附表如下。</p><table><tr><th>企业<th>奖励</tr><tr><td>甲公司<td>50万元</tr></table><p>完</p>"
        "</body></html>"
    )
    source = document(tmp_path / "a.html", page).source
    assert source.text.splitlines() == ["附表如下。", "企业 | 奖励", "甲公司 | 50万元", "完"]
    assert source.place(source.text.index("50万元")) == "表1 B2"
    assert source.place(source.text.index("完")) == ""


def test_a_page_with_a_broken_byte_is_read_and_says_so(tmp_path: Path) -> None:
    data = portal([*REPLY, "收到。" * 900]).encode().replace("收到".encode(), b"\xff\xfe\xfd", 1)
    report = document(tmp_path / "a.html", data).report
    assert report.changes["bad_character"] >= 1


def test_a_saved_page_is_read(tmp_path: Path) -> None:
    message = MIMEMultipart("related")
    message.attach(MIMEText(portal(charset="gbk"), "html", "gbk"))
    source = document(tmp_path / "答复.mht", message.as_bytes()).source
    assert source.text.splitlines()[-6:] == list(REPLY)
    assert source.media_type == "multipart/related"


def test_the_content_says_what_a_file_is(tmp_path: Path) -> None:
    for name in ("a.doc", "b.docx", "c.txt"):
        assert REPLY[3] in text(tmp_path / name, portal())


# Word


def test_paragraphs_and_tables_of_a_document_come_in_order(tmp_path: Path) -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in ("甲公司", "50万元")) + "</w:tr>"
    source = document(tmp_path / "a.docx", docx(paragraph("前") + f"<w:tbl>{row}</w:tbl>" + paragraph("后"))).source
    assert source.text.splitlines() == ["前", "甲公司 | 50万元", "后"]
    assert source.place(source.text.index("50万元")) == "表1 B1"


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
    assert formatted(number, kind) == printed


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice")
def test_word_97_is_read_as_the_docx_that_it_is_made_from() -> None:
    source = read.read(FORMATS / "答复.doc")
    assert "国家级专精特新“小巨人”企业 | 12家 | 最高50万元" in source.text.splitlines()
    assert source.media_type == "application/msword"


@pytest.mark.skipif(shutil.which("antiword") is None, reason="needs Antiword")
def test_word_97_is_read_by_antiword_where_there_is_no_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_OFFICE", ())
    assert "我局实施“登高计划”，通过“栖企通”平台申报。" in read.read(FORMATS / "答复.doc").text


def test_without_either_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    with pytest.raises(SourceError) as caught:
        read.read(FORMATS / "答复.doc")
    assert "答复.doc" in caught.value.zh and "LibreOffice" in caught.value.zh and "\n" not in caught.value.zh


# PDF


def test_a_pdf_is_read_in_paragraphs_without_running_heads() -> None:
    found = read.load(read.Found("答复.pdf", FORMATS / "答复.pdf"))
    lines = found.source.text.splitlines()
    assert lines[0] == "栖河市工业和信息化局" and lines[2] == "民建栖河市委会："
    assert any(one.startswith("（二）建立企业服务专员制度") and one.endswith("直达快享。") for one in lines)
    assert "栖河市政协提案办理" not in found.source.text and "—" not in found.source.text
    assert found.report.changes["running_head"] == 2 and found.report.changes["page_number"] == 2


def test_a_table_of_a_pdf_is_read_by_its_rules() -> None:
    lines = read.read(FORMATS / "答复.pdf").text.splitlines()
    assert lines[-3:] == [
        "企业类别 | 数量 | 奖励",
        "国家级专精特新“小巨人”企业 | 12家 | 最高50万元",
        "省级专精特新中小企业 | 128家 | 最高20万元",
    ]


def test_words_of_a_pdf_know_their_page() -> None:
    source = read.read(FORMATS / "答复.pdf")
    assert source.place(0) == "第1页"
    assert source.place(source.text.index("128家 | ")) == "第2页"
    # of a paragraph that goes over the page, too
    begin = source.text.index("根据《栖河市先进制造业促进办法》")
    assert {source.place(i) for i in range(begin, len(source.text))} == {"第1页", "第2页"}


def test_columns_of_a_pdf_are_read_one_after_the_other() -> None:
    lines = read.read(FORMATS / "双栏.pdf").text.splitlines()
    begins = ("贵会提出的", "一、关于加", "根据《栖河", "截至202", "二、下一步", "（一）力争", "（二）建立")
    assert [one[:5] for one in lines] == [b[:5] for b in begins] * 2


def test_a_scanned_page_is_reported_and_the_others_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.read.pdf.ocr.available", lambda: False)
    found = document(tmp_path / "a.pdf", pdf(["Reply 20240015", "", "Second part"]))
    assert found.report.warnings == ("scanned:2",)
    assert found.source.text.splitlines() == ["Reply 20240015", "Second part"]
    assert found.source.place(found.source.text.index("Second")) == "第3页"


def test_a_pdf_that_is_all_scanned_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.read.pdf.ocr.available", lambda: False)
    with pytest.raises(SourceError) as caught:
        document(tmp_path / "a.pdf", pdf(["", ""]))
    assert "扫描件" in caught.value.zh and "tesseract" in caught.value.en


@pytest.mark.skipif(not available(), reason="needs Tesseract with chi_sim")
def test_a_scanned_page_is_read_where_tesseract_is() -> None:
    found = read.load(read.Found("扫描.pdf", FORMATS / "扫描.pdf"))
    assert "栖河市先进制造业促进办法" in found.source.text
    assert found.report.changes["ocr_page"] == 1 and found.report.warnings == ()


def test_what_ocr_prints_is_mended() -> None:
    printed = "贵 会 提 出 的 提案 收 悉 ， 现 答 复\n如 下 ： GDP 增 长 5 %\n\n一 、 目 标\n"
    assert mended(printed) == "贵会提出的提案收悉，现答复如下：GDP增长5 %\n一、目标"


# lists

HEAD = ["序号", "案号", "案由", "提案者", "主办单位", "会办单位", "提案内容", "答复内容", "答复日期"]
ROWS = [
    ["栖河市政协五届三次会议提案一览表"],
    HEAD,
    [1, 20240015, "关于扶持企业的提案", "民建栖河市委会", "市工信局", "市财政局、市科技局", "建议加大奖补。",
     "已办理。", None],
    [2, 20240016, "关于治理河道的提案", "苏禾", "市水务局", None, "建议治理河道。", None, None],
]  # fmt: skip


def test_a_list_of_proposals_gives_a_source_a_row(tmp_path: Path) -> None:
    (tmp_path / "一览.xlsx").write_bytes(workbook(ROWS))
    found = read.find([tmp_path]).files
    assert [f.id for f in found] == ["一览.xlsx/20240015", "一览.xlsx/20240016"]
    source = read.load(found[0]).source
    assert source.text.splitlines() == [
        "案由：(20240015)关于扶持企业的提案", "会议名称：栖河市政协五届三次会议", "提案者：民建栖河市委会",
        "主办单位：市工信局", "会办单位：市财政局、市科技局", "", "提案内容：", "建议加大奖补。", "", "答复内容：",
        "市工信局", "已办理。",
    ]  # fmt: skip
    assert source.place(source.text.index("民建")) == "提案!D3"
    assert source.place(source.text.index("提案内容")) == ""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_list_may_be_csv(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [HEAD, *[["" if c is None else str(c) for c in row] for row in ROWS[2:]]]
    (tmp_path / "一览.csv").write_bytes("\r\n".join(delimiter.join(r) for r in rows).encode(encoding))
    found = read.find([tmp_path / "一览.csv"]).files
    assert [f.cell for f in found] == ["20240015", "20240016"]
    assert "主办单位：市水务局" in read.load(found[1]).source.text


def test_rows_without_a_number_are_named_by_their_place_and_merged_cells_hold_for_all(tmp_path: Path) -> None:
    rows = [["建议标题", "领衔代表", "承办单位"], ["关于养老的建议", "柳青", "市民政局"],
            ["关于托育的建议", "白榆", None]]  # fmt: skip
    (tmp_path / "清单.xlsx").write_bytes(workbook(rows, merged=["C2:C3"]))
    found = read.find([tmp_path]).files
    assert [f.cell for f in found] == ["第2行", "第3行"]
    assert "主办单位：市民政局" in read.load(found[1]).source.text


def test_any_other_table_is_one_text(tmp_path: Path) -> None:
    (tmp_path / "名单.xlsx").write_bytes(workbook([["企业", "街道"], ["甲公司", "临江街道"]], title="名单"))
    (found,) = read.find([tmp_path]).files
    source = read.load(found).source
    assert source.text == "企业 | 街道\n甲公司 | 临江街道\n"
    assert source.place(source.text.index("甲公司")) == "名单!A2"


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice")
def test_older_workbooks_are_converted(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("提案")
    for y, row in enumerate(ROWS[1:]):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    book.save(str(tmp_path / "一览.xls"))
    assert [f.cell for f in read.find([tmp_path]).files] == ["20240015", "20240016"]


# what every format has


def test_a_missing_library_is_named_with_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read here and not in the other process, so that the library can be taken away."""
    from kg.read.office import sheets
    from kg.read.pdf import pdf as reader

    for module in ("pypdfium2", "openpyxl"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(SourceError, match=r"proposal-kg\[pdf\]"):
        reader.read(pdf(["x"]), Limits())
    with pytest.raises(SourceError, match=r"proposal-kg\[excel\]"):
        sheets.read_xlsx(b"", Limits())


def test_a_digest_changes_if_and_only_if_the_bytes_do(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(portal(), encoding="utf-8")
    first = read.digest(read.Found("a.html", path))
    assert read.digest(read.Found("b.html", path)) == first
    path.write_text(portal() + " ", encoding="utf-8")
    assert read.digest(read.Found("a.html", path)) != first


def test_the_same_file_gives_the_same_text_and_marks_each_time() -> None:
    first = read.read(FORMATS / "答复.pdf")
    guard.stop()
    assert read.read(FORMATS / "答复.pdf") == first
