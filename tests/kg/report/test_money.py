"""Amounts of money by group, and stated totals beside the sum of their parts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.api import Graph
from kg.report.model import Amount, Code, Count
from tests.kg.report.conftest import FILES, build_store


def test_amounts_have_who_states_them_and_for_what(graph: Graph) -> None:
    larger, smaller = graph.report("money").get_table("amounts").to_dicts()
    assert (larger["value"], larger["about"], larger["kind"]) == (
        Amount(Decimal(200000), "CNY", "Exactly"), "市级专精特新中小企业", Code("Provision"),
    )  # fmt: skip
    assert smaller["under"] == "霁川市支持企业成长若干措施" and smaller["quote"].text == "10万元奖励"
    assert smaller["place"] == "霁川市"


def test_groups_have_number_smallest_and_largest_but_no_sum(graph: Graph) -> None:
    [row] = graph.report("money").get_table("by-under").to_dicts()
    assert (row["under"], row["amounts"]) == ("霁川市支持企业成长若干措施", Count(2, "amounts", (1, 2)))
    assert (row["smallest"].value, row["largest"].value) == (Decimal(100000), Decimal(200000))
    keys = {
        column.key for table in graph.report("money").tables if table.key.startswith("by-") for column in table.columns
    }
    assert "sum" not in keys
    assert any(note.key == "money.no-sum" for note in graph.report("money").notes)


def test_filters_choose_amounts(graph: Graph) -> None:
    chosen = graph.report("money", tier="专精特新").get_table("amounts").to_dicts()
    assert [row["value"].value for row in chosen] == [Decimal(200000)]
    assert graph.report("money", place="云桥").get_table("amounts").rows == ()


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("全市共有创新型企业60家，其中瞪羚企业25家、百强创新型企业35家。", (60, 2, 60, "total-equal")),
        ("全市共有创新型企业60家（其中瞪羚企业25家），服务机构9个。", (60, 1, 25, "total-less")),
        ("全市共有创新型企业60家，其中瞪羚企业25家、百强创新型企业48家；高新技术企业90家。", (60, 2, 73, "total-more")),
        ("全市共有创新型企业60家。其中的经验已经推广到9个镇。", None),
        ("全市共有创新型企业60家，其中瞪羚企业占35%。", None),
    ],
)
def test_a_total_is_compared_with_its_parts(tmp_path: Path, sentence: str, found: Any) -> None:
    reply = FILES["答复.txt"].replace("截至2023年底，霁川市有上市公司14家，云桥市有上市公司9家。", sentence)
    with kg.open(build_store(tmp_path, FILES | {"答复.txt": reply})) as graph:
        rows = graph.report("money").get_table("totals").to_dicts()
    read = [
        (row["total"].value, row["partCount"], row["sum"].value, row["totalState"].key)
        for row in rows
        if isinstance(row["total"], Amount) and isinstance(row["sum"], Amount) and isinstance(row["totalState"], Code)
    ]
    assert read == ([found] if found else [])
