"""Rows of named queries as tables for readers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode

from extract.text.normalize import join_lines
from kg.graph.presentation import present_result
from kg.graph.result import Result, format_term
from kg.graph.wording import format_amount
from ontology.terms import XSD

NUMBER = NamedNode(XSD + "decimal")
ROWS = Result(
    ("metric", "bound", "value", "unit", "quote"),
    (
        (
            Literal("小微企业贷款"), Literal("AtLeast"), Literal("200000000000", datatype=NUMBER), Literal("CNY"),
            Literal("贷款不\n少于2000亿\n元"),
        ),
        (Literal("办理时间"), None, Literal("3", datatype=NUMBER), Literal("个工作日"), None),
    ),
)  # fmt: skip


def read(result: Result) -> list[list[str]]:
    return [["" if term is None else format_term(term) for term in row] for row in result.list_rows()]


def test_a_table_has_amounts_in_words() -> None:
    shown = present_result(ROWS, "zh", numbers=False)
    assert shown.list_columns() == ("指标", "数额", "原文")
    assert read(shown) == [["小微企业贷款", "不少于2000亿元", "贷款不少于2000亿元"], ["办理时间", "3个工作日", ""]]


def test_a_file_keeps_numbers_beside_them() -> None:
    shown = present_result(ROWS, "zh", numbers=True)
    assert shown.list_columns() == ("指标", "数额", "上限或下限", "数值", "单位", "原文")
    assert read(shown)[0][1:5] == ["不少于2000亿元", "不少于", "200000000000", "元"]


def test_rows_without_a_value_keep_their_columns() -> None:
    shown = present_result(Result(("agency",), ((Literal("甲局"),),)), "zh", numbers=False)
    assert shown.list_columns() == ("部门",)


@pytest.mark.parametrize(
    ("printed", "line"),
    [
        ("完成率达\n到80%", "完成率达到80%"),
        ("由\n16 个工作日", "由16 个工作日"),
        ("open\ndata平台", "open data平台"),
        ("一行。", "一行。"),
        ("末行\n", "末行"),
    ],
)
def test_broken_lines_are_joined(printed: str, line: str) -> None:
    assert join_lines(printed) == line


def test_amounts_are_written_as_people_do() -> None:
    assert format_amount(Decimal(200000000000), "CNY", "AtLeast", "zh") == "不少于2000亿元"
