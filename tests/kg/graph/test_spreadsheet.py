"""The result of a query as a spreadsheet: what a person who opens it can rely on."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyoxigraph import Literal, NamedNode, Triple

from kg.graph.query import list_named_queries, load_named_query, run_query
from kg.graph.result import Result, translate_codes
from kg.graph.spreadsheet import make_spreadsheet
from kg.store.store import Store
from ontology.terms import PK, RDF, XSD


def typed(value: str, name: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + name))


def read(result: Result, title: str = "") -> Any:
    return load_workbook(io.BytesIO(make_spreadsheet(result, title))).active


def read_cell(term: Any) -> Any:
    return read(Result(("x",), ((term,),)))["A2"]


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (typed("500000", "decimal"), 500000),
        (typed("-2.5", "decimal"), -2.5),
        (typed("3", "integer"), 3),
        (typed("2022", "gYear"), 2022),
        (typed("2024-05-22", "date"), datetime(2024, 5, 22)),
        (Literal(True), True),
        (typed("2024-05", "gYearMonth"), "2024-05"),
        (typed("1234567890123456789", "integer"), "1234567890123456789"),
        (typed("many", "decimal"), "many"),
        (typed("INF", "double"), "INF"),
        (typed("1492-01-01", "date"), "1492-01-01"),
        (Literal("2023"), "2023"),
        (NamedNode(PK + "Agency"), "pk:Agency"),
        (Literal(""), None),
        (None, None),
    ],
)
def test_numbers_and_dates_are_such(term: Any, value: Any) -> None:
    assert read_cell(term).value == value


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://example.org")', "+86", "-5%的降幅", "@霁川", "'引号"])
def test_text_is_never_a_formula(text: str) -> None:
    cell = read_cell(Literal(text))
    assert cell.value == text and cell.data_type == "s"


def test_signs_and_lengths_that_a_sheet_cannot_hold() -> None:
    assert read_cell(Literal("a\x00b\x1fc")).value == "a\ufffdb\ufffdc"
    long = read_cell(Literal("字" * 40_000)).value
    assert len(long) == 32_767 and long.endswith("字…")


def test_the_sheet_has_filters_widths_and_wrapped_sentences() -> None:
    sentence = "对符合条件的企业给予奖励，并在用地、用能、融资等方面予以支持。" * 3
    sheet = read(
        Result(("编号", "原文"), ((Literal("1"), Literal(sentence)), (Literal("2"), Literal("短")))), "subsidies"
    )
    assert sheet.title == "subsidies"
    assert sheet.auto_filter.ref == "A1:B3" and sheet.freeze_panes == "A2"
    assert sheet["B2"].alignment.wrap_text and sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width < sheet.column_dimensions["B"].width <= 60
    assert sheet.row_dimensions[2].height > 2 * sheet.row_dimensions[3].height


def test_every_kind_of_query_is_a_table() -> None:
    assert [cell.value for cell in read(Result(truth=False))["A"]] == ["result", False]
    triple = Triple(NamedNode("urn:a"), NamedNode(RDF + "type"), NamedNode(PK + "Agency"))
    rows = [[cell.value for cell in row] for row in read(Result(triples=(triple,))).iter_rows()]
    assert rows == [["subject", "predicate", "object"], ["urn:a", "rdf:type", "pk:Agency"]]
    assert [cell.value for cell in read(Result(("x",)))["A"]] == ["x"]


@pytest.mark.parametrize("name", sorted(list_named_queries()))
def test_every_named_query_is_a_sheet_with_titles_that_differ(store_path: Path, name: str) -> None:
    with Store(store_path) as store:
        result = run_query(store, load_named_query(name))
    for lang in ("zh", "en"):
        sheet = read(translate_codes(result, lang, titles=True), name)
        titles = [cell.value for cell in sheet[1]]
        assert len(titles) == len(set(titles)) == len(result.variables)
        assert sheet.max_row == len(result) + 1


def test_equal_results_give_equal_bytes() -> None:
    result = Result(("x",), ((Literal("甲"),), (typed("1", "integer"),)))
    assert make_spreadsheet(result) == make_spreadsheet(result)


def test_a_sheet_is_printed_as_wide_as_the_paper_if_it_can_be_read_then() -> None:
    narrow, wide = (read(Result(tuple("abcdefgh"[:n]), ((Literal("字" * 40),) * n,))) for n in (3, 8))
    assert narrow.sheet_properties.pageSetUpPr.fitToPage and narrow.page_setup.fitToHeight == 0
    assert not wide.sheet_properties.pageSetUpPr.fitToPage
