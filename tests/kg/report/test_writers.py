"""Reports as files: what a person who opens them can rely on."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from kg.api import Graph
from kg.errors import UsageError
from kg.report.catalog import REPORTS
from kg.report.model import (
    Amount,
    Build,
    Chart,
    Code,
    Column,
    Count,
    Excerpt,
    Filters,
    Note,
    Row,
    SourceInfo,
    Table,
    Value,
)
from kg.report.report import Report
from kg.report.texts import Texts, format_ranges, load_texts
from kg.report.writers import FORMATS, choose_format

QUOTE = Excerpt("不少于20家", "用三年时间，引进企业", "。", "答复.txt", 14, 20, "第3页")
SUMMARY = Table(
    "proposals",
    (Column("title"), Column("itself", "count"), Column("none", "count"), Column("statedShare", "share")),
    (Row(("<甲>提案", Count(2, "suggestions", (1, 3)), Count(0, "suggestions"), Decimal("0.25"))),),
    chart=Chart("title", ("itself", "none")),
)
DETAILS = Table(
    "suggestions",
    (Column("proposal"), Column("agency"), Column("issued", "date"), Column("value", "amount"),
     Column("answer", "code"), Column("quote", "quote")),
    tuple(
        Row((heading, agency, date(2024, 6, 3), Amount(Decimal("500000"), "CNY", "AtMost"), Code("heading"), QUOTE))
        for heading, agency in (("甲提案", "=1+1"), ("甲提案", "@市财政局"), ("乙提案", "a|b"))
    ),
    group="proposal",
)  # fmt: skip
SOURCES = (SourceInfo("答复.txt", "/文件/答复.txt"), SourceInfo("坏.pdf", "/文件/坏.pdf", "", ("加密", "encrypted")))
BUILD = Build(2, 10, SOURCES, "2026-01-02 03:04:05", "1")
REPORT = Report(
    "coverage", (SUMMARY, DETAILS), (Note("read-all", {"n": 2}),), Filters(year="2024"), BUILD, (("q", "SELECT"),)
)


def test_equal_reports_give_equal_bytes() -> None:
    for form in set(FORMATS) - {"ics"}:
        assert REPORT.render(form) == REPORT.render(form)


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"ics"}))
def test_every_report_can_be_written_in_both_languages(graph: Graph, form: str, tmp_path: Path) -> None:
    list_file = str(tmp_path / "list.csv")
    Path(list_file).write_text("编号,标题\n20240301,关于培育优质企业的提案\n", encoding="utf-8")
    for name in REPORTS:
        needed = {"session": {"session": list_file}, "match": {"place": "霁川市"}}
        report = graph.report(name, **needed.get(name, {}))
        assert report.render(form, "zh") and report.render(form, "en") != report.render(form, "zh")


# HTML


def test_the_page_loads_nothing_and_escapes_text() -> None:
    page = REPORT.render("html").decode()
    assert not re.search(r"(?:src|href)=[\"'](?!#)|@import|url\(|<script", page)
    assert "&lt;甲&gt;提案" in page and "<甲>" not in page
    assert "prefers-color-scheme: dark" in page and "size: A4" in page


def test_numbers_lead_to_their_rows_and_rows_to_sentence_and_source() -> None:
    page = REPORT.render("html").decode()
    assert '<a href="#suggestions-1">2</a>' in page and "行 1、3" in page
    for number in (1, 2, 3):
        assert f'id="suggestions-{number}"' in page
    assert "<mark>不少于20家</mark>" in page and "答复.txt 第3页 第14–20字" in page
    assert "25%" in page and "最高50万元" in page
    assert "<h3>甲提案</h3>" in page and "<h3>乙提案</h3>" in page
    assert page.count("<mark>") == 2, "a quote that stands in the row above is not repeated under one heading"


def test_bars_are_as_long_as_their_counts() -> None:
    page = REPORT.render("html").decode()
    [bar] = re.findall(r'<rect class="part-0"[^>]*width="([\d.]+)"', page)
    assert float(bar) == 520
    assert 'class="part-1" x=' not in page, "nothing is drawn for none"


def test_what_was_not_read_stands_on_the_page() -> None:
    assert "加密" in REPORT.render("html").decode() and "encrypted" in REPORT.render("html", "en").decode()


def test_a_page_can_have_a_template_of_one_s_own(tmp_path: Path) -> None:
    own = tmp_path / "mine.html"
    own.write_text("<p>某单位 {{ t.title(report.name) }}</p>{% include 'tables.html' %}", encoding="utf-8")
    page = REPORT.render("html", template=str(own)).decode()
    assert page.startswith("<p>某单位 建议与回应对照</p>") and "<mark>" in page
    own.write_text("{{ nothing.here }}", encoding="utf-8")
    with pytest.raises(UsageError):
        REPORT.render("html", template=str(own))


def test_a_notebook_shows_the_tables() -> None:
    assert "<mark>不少于20家</mark>" in REPORT._repr_html_() and "<html" not in REPORT._repr_html_()


# spreadsheets


def test_a_spreadsheet_has_a_sheet_for_each_answer_and_for_what_is_behind_it() -> None:
    book = load_workbook(io.BytesIO(REPORT.render("xlsx")))
    assert book.sheetnames == ["提案一览", "建议与回应", "说明", "来源", "所用查询", "建库情况"]
    for sheet in book:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref
    assert ("q", "SELECT") in list(book["所用查询"].values)
    assert ("坏.pdf", "/文件/坏.pdf", None, "加密") in list(book["来源"].values)
    assert ("范围", "2024年") in list(book["建库情况"].values)


def test_numbers_and_dates_are_such_and_text_is_no_formula() -> None:
    sheet = load_workbook(io.BytesIO(REPORT.render("xlsx")))["建议与回应"]
    head, first, second, _ = sheet.iter_rows()
    found = {title.value: cell for title, cell in zip(head, first, strict=True)}
    assert (found["数值"].value, found["数值（单位）"].value, found["数值（限度）"].value) == (500000, "元", "不超过")
    assert found["数值（写法）"].value == "最高50万元"
    assert found["日期"].value.date() == date(2024, 6, 3) and found["日期"].number_format == "yyyy-mm-dd"
    assert (found["部门"].value, found["部门"].data_type, found["部门"].quotePrefix) == ("=1+1", "s", True)
    assert (
        found["原文（原句）"].value == "用三年时间，引进企业不少于20家。" and found["原文（原句）"].alignment.wrap_text
    )
    assert found["原文（出处）"].value == "答复.txt 第3页 第14–20字"
    assert next(iter(second)).value == 2
    sheet = load_workbook(io.BytesIO(REPORT.render("xlsx")))["提案一览"]
    rows = list(sheet.iter_rows())
    assert rows[1][4].value == 0.25 and rows[1][4].number_format == "0%"
    assert rows[1][5].value == "“建议与回应”：写明 1、3"


# documents


def read_docx(data: bytes) -> tuple[list[str], list[list[list[str]]]]:
    document = Document(io.BytesIO(data))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return [paragraph.text for paragraph in document.paragraphs], tables


def test_a_document_has_headings_tables_and_notes() -> None:
    words, tables = read_docx(REPORT.render("docx"))
    assert words[:2] == ["建议与回应对照", "2024年"] and "甲提案" in words and "乙提案" in words
    assert words[-1] == "库中有 2 份来源，所给文件都已读成。"
    assert [len(table) for table in tables] == [2, 3, 2]
    assert tables[1][1][-1] == "用三年时间，引进企业不少于20家。（答复.txt 第3页 第14–20字）"
    assert not [text for text in words if "{{" in text]


def test_each_group_begins_a_page_and_heads_are_repeated() -> None:
    document = Document(io.BytesIO(REPORT.render("docx")))
    breaks = {
        p.text: p.paragraph_format.page_break_before for p in document.paragraphs if p.text in ("甲提案", "乙提案")
    }
    assert breaks == {"甲提案": False, "乙提案": True}
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)


def test_a_document_can_have_a_template_of_one_s_own(tmp_path: Path) -> None:
    own = Document()
    own.sections[0].header.paragraphs[0].text = "某市政协提案委员会"
    for words in ("关于：{{title}}", "{{title}}", "{{tables}}", "落款"):
        own.add_paragraph(words)
    own.save(str(tmp_path / "own.docx"))
    data = REPORT.render("docx", template=str(tmp_path / "own.docx"))
    assert Document(io.BytesIO(data)).sections[0].header.paragraphs[0].text == "某市政协提案委员会"
    words, tables = read_docx(data)
    assert words[1] == "建议与回应对照" and words[-1] == "落款" and len(tables) == 3


@pytest.mark.parametrize("content", ["none", "text", "no mark"])
def test_a_template_that_is_none_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "own.docx"
    if content == "text":
        path.write_text("not a document", encoding="utf-8")
    elif content == "no mark":
        Document().save(str(path))
    with pytest.raises(UsageError) as error:
        REPORT.render("docx", template=str(path))
    assert "own.docx" in error.value.message("zh")


# text


def test_csv_has_all_tables_and_no_formulas() -> None:
    data = REPORT.render("csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["# 提案一览"] and ["# 建议与回应"] in rows
    assert [row[2] for row in rows if row[1:2] == ["甲提案"]] == ["'=1+1", "'@市财政局"]
    assert rows[-1] == ["# 库中有 2 份来源，所给文件都已读成。"]


def test_json_keeps_keys_and_positions() -> None:
    data = json.loads(REPORT.render("json"))
    assert data["filters"] == {"year": "2024"} and data["queries"] == {"q": "SELECT"}
    row = data["tables"][1]["rows"][0]
    assert row["value"] == {"value": 500000, "unit": "CNY", "bound": "AtMost"} and row["answer"] == "heading"
    assert (row["quote"]["begin"], row["quote"]["source"], row["issued"]) == (14, "答复.txt", "2024-06-03")
    assert data["tables"][0]["rows"][0]["itself"] == {"number": 2, "table": "suggestions", "rows": [1, 3]}


def test_markdown_escapes_what_would_be_markup() -> None:
    text = REPORT.render("md").decode()
    assert r"a\|b" in text and r"\<甲\>提案" in text and "引进企业**不少于20家**。" in text


# words


@pytest.mark.parametrize(
    ("numbers", "printed"),
    [((), ""), ((4,), "4"), ((1, 2, 3, 7, 9, 10), "1–3、7、9–10"), (tuple(range(1, 60, 2)), None)],
)
def test_rows_are_printed_as_ranges(numbers: tuple[int, ...], printed: str | None) -> None:
    found = format_ranges(numbers, "、", "…")
    assert found == printed if printed is not None else found.endswith("23…")


def test_every_text_is_there_in_both_languages_with_the_same_gaps() -> None:
    for table, entries in load_texts().items():
        for key, words in entries.items():
            assert set(words) == {"zh", "en"} and all(words.values()), f"{table}.{key}"
            gaps = [sorted(set(re.findall(r"\{(\w+)\}", words[lang]))) for lang in ("zh", "en")]
            assert gaps[0] == gaps[1], f"{table}.{key}"


@pytest.mark.parametrize(
    ("value", "kind", "printed"),
    [
        (None, "text", ""), (Decimal("2.50"), "number", "2.5"), (Decimal("0.993"), "share", "99%"),
        (Code("AtLeast"), "code", "at least"), (Code("Measure"), "code", "Measure"),
        (date(2024, 1, 2), "date", "2024-01-02"),
        (Note("coverage.see", {"number": "一"}), "quote", "see the answer to suggestion 一"),
    ],
)  # fmt: skip
def test_values_in_words(value: Value, kind: str, printed: str) -> None:
    assert Texts("en").plain(value, kind) == printed


# formats


@pytest.mark.parametrize(
    ("form", "output", "chosen"),
    [
        (None, None, "md"),
        ("json", None, "json"),
        (None, "a.DOCX", "docx"),
        (None, "a.htm", "html"),
        ("csv", "a.txt", "csv"),
    ],
)
def test_the_suffix_says_the_format(form: str | None, output: str | None, chosen: str) -> None:
    assert choose_format(form, output) == chosen


@pytest.mark.parametrize(("form", "output"), [("xlsx", None), ("docx", None), ("pdf", None), (None, "a.txt")])
def test_a_format_that_does_not_fit_is_an_error(form: str | None, output: str | None) -> None:
    with pytest.raises(UsageError):
        choose_format(form, output)


def test_a_calendar_needs_days_and_a_template_its_format() -> None:
    for arguments in ({"form": "ics"}, {"form": "xlsx", "template": "a.docx"}):
        with pytest.raises(UsageError):
            REPORT.render(**arguments)


def test_a_report_can_be_written_to_a_file(tmp_path: Path) -> None:
    assert REPORT.write(tmp_path / "a.md", "en").read_bytes() == REPORT.render("md", "en")
    assert REPORT.write(tmp_path / "b", form="json").read_bytes() == REPORT.render("json")


def test_a_file_is_named_without_its_folder() -> None:
    assert (
        Texts("zh").filters(Filters(agency="财政局", session="/home/somebody/清单.xlsx"))
        == "单位“财政局”，清单 清单.xlsx"
    )
