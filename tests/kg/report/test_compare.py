"""Figures over places and years, contradictions, and sentences that letters repeat."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import kg
from kg.api import Graph
from kg.report.model import Code, Count
from tests.kg.report.conftest import FILES, LATER_FILES, LATER_REPLY, OPINION, build_store


def test_the_same_metric_stands_side_by_side_over_places_and_years(graph: Graph) -> None:
    [series] = graph.report("compare", metric="上市公司").get_table("series").to_dicts()
    assert (series["metric"], series["unit"], series["places"]) == ("上市公司", "家", "云桥市、霁川市")
    rows = graph.report("compare", metric="上市公司").get_table("figures").to_dicts()
    found = [(row["place"], row["year"], row["value"].value) for row in rows]  # type: ignore[union-attr]
    assert found == [
        ("云桥市", "2023", Decimal(9)), ("霁川市", "2022", Decimal(11)), ("霁川市", "2023", Decimal(14)),
        ("霁川市", "2025", Decimal(21)),
    ]  # fmt: skip
    assert series["figures"] == Count(4, "figures", (1, 2, 3, 4))


def test_what_cannot_be_compared_has_its_reason(graph: Graph) -> None:
    rows = graph.report("compare", metric="上市公司").get_table("incomparable").to_dicts()
    assert [(row["kind"], row["reason"]) for row in rows] == [(Code("Target"), Code("other-unit"))]


def test_filters_choose_places(graph: Graph) -> None:
    report = graph.report("compare", metric="上市公司", place="云桥")
    assert report.get_table("series").rows == (), "one place and year compare with nothing"


def test_different_values_of_one_metric_are_a_contradiction(tmp_path: Path) -> None:
    files = LATER_FILES | {
        "后来的答复.txt": LATER_REPLY.replace(
            "截至2025年底，霁川市有上市公司21家", "截至2023年底，霁川市有上市公司17家"
        )
    }
    with kg.open(build_store(tmp_path, FILES | files)) as graph:
        rows = graph.report("conflicts").get_table("values").to_dicts()
        assert graph.report("conflicts", place="云桥").get_table("values").rows == ()
    assert [(row["conflict"], row["place"], row["period"]) for row in rows] == [(1, "霁川市", "2023")] * 2
    assert {row["value"].value for row in rows} == {Decimal(14), Decimal(17)}  # type: ignore[union-attr]
    assert {row["quote"].source for row in rows} == {"答复.txt", "后来的答复.txt"}  # type: ignore[union-attr]


def test_without_contradictions_there_are_none(graph: Graph) -> None:
    assert graph.report("conflicts").get_table("values").rows == ()


def test_repeated_sentences_are_traced_to_the_first_letter(tmp_path: Path) -> None:
    opinion = OPINION.replace("120家，我局推荐36家", "120家，推荐36家")
    with kg.open(build_store(tmp_path, FILES | {"意见.txt": opinion})) as graph:
        report = graph.report("conflicts")
        assert graph.report("conflicts", year="2025").get_table("echoes").rows == ()
    [echo] = report.get_table("echoes").to_dicts()
    assert (echo["letters"], echo["firstAgency"], echo["figures"]) == (
        Count(2, "repeats", (1, 2)),
        "霁川市科学技术局",
        2,
    )
    places = report.get_table("repeats").to_dicts()
    assert [(row["agency"], str(row["issued"])) for row in places] == [
        ("霁川市科学技术局", "2024-05-08"), ("霁川市工业和信息化局", "2024-06-03"),
    ]  # fmt: skip
    first, second = (row["quote"] for row in places)
    assert first.text == second.text == "2023年全市新建研发机构120家，推荐36家企业申报省级工程技术研究中心"  # type: ignore[union-attr]


def test_short_and_changed_sentences_are_no_echo(graph: Graph) -> None:
    assert graph.report("conflicts").get_table("echoes").rows == ()
