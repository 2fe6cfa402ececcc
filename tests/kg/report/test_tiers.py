"""The ladder of tiers, and what each rung gets where and on which conditions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.api import Graph
from kg.report.model import Amount, Code, Count
from tests.kg.report.conftest import build_store

OPINION = """市工业和信息化局：
　　关于《关于培育优质企业的提案》（第20240301号），我局会办意见如下：
　　一、构建“科技型中小企业—高新技术企业—瞪羚企业”的企业梯队。对认定为国家级专精特新“小巨人”企业的，视同霁川市“倍增计划”试点企业，对认定为省级专精特新中小企业的，视同霁川市协同倍增企业。
　　二、上年度营业收入在3亿元以上的国家级专精特新“小巨人”企业作为新设立博士后科研工作站5项推荐条件之一。
　　霁川市科学技术局
　　2024年5月8日
"""
POLICY = """霁川市支持企业成长若干措施

　　第一条　对国家级专精特新“小巨人”企业，连续两年营业收入增速不低于15%的，由市工业和信息化局给予一次性奖励最高50万元。
　　第二条　对省级专精特新中小企业，给予一次性奖励20万元。
"""
OTHER = """云桥市促进企业发展办法

　　第一条　对国家级专精特新“小巨人”企业，给予一次性奖励30万元。在云桥市注册满一年的企业方可申报。
"""


@pytest.fixture(scope="module")
def tier_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"意见.txt": OPINION, "霁川市支持企业成长若干措施.txt": POLICY, "云桥市促进企业发展办法.txt": OTHER}
    return build_store(tmp_path_factory.mktemp("tiers"), files)


@pytest.fixture
def tiers(tier_store: Path) -> Iterator[Graph]:
    with kg.open(tier_store) as opened:
        yield opened


def benefits(graph: Graph, **filters: str) -> list[dict[str, Any]]:
    return graph.report("tiers", **filters).get_table("benefits").to_dicts()


def test_the_ladder_has_its_rungs(tiers: Graph) -> None:
    rows = tiers.report("tiers").get_table("ladder").to_dicts()
    assert {(row["tier"], row["next"]) for row in rows} == {
        ("科技型中小企业", "高新技术企业"), ("高新技术企业", "瞪羚企业"),
    }  # fmt: skip
    assert all(row["quote"].source == "意见.txt" for row in rows)


def test_each_tier_has_its_amounts_with_place_and_condition(tiers: Graph) -> None:
    rows = [row for row in benefits(tiers, tier="小巨人") if row["value"]]
    found = {row["place"]: row for row in rows}
    assert found["霁川市"]["value"] == Amount(Decimal(500000), "CNY", "AtMost")
    assert "增速不低于15%" in found["霁川市"]["condition"]
    assert found["云桥市"]["value"] == Amount(Decimal(300000), "CNY", "Exactly")
    assert found["云桥市"]["condition"] is None and found["云桥市"]["benefit"] == "云桥市促进企业发展办法"


def test_two_places_stand_side_by_side(tiers: Graph) -> None:
    rows = tiers.report("tiers", tier="小巨人").get_table("by-place").to_dicts()
    national = [row for row in rows if str(row["tier"]).startswith("国家级")]
    assert {row["place"]: row["largest"].value for row in national if row["largest"]} == {
        "云桥市": Decimal(300000), "霁川市": Decimal(500000),
    }  # fmt: skip
    assert all(isinstance(row["benefits"], Count) and row["benefits"].rows for row in rows)
    assert {row["place"] for row in benefits(tiers, place="云桥")} == {"云桥市"}
    assert {row["place"] for row in benefits(tiers, place="云桥，霁川")} == {"云桥市", "霁川市"}


def test_a_class_is_treated_as_the_one_that_its_own_clause_names(tiers: Graph) -> None:
    rows = [(row["tier"], row["benefit"]) for row in benefits(tiers) if row["kind"] == Code("treatedAs")]
    assert rows == [
        ("国家级专精特新“小巨人”企业", "霁川市“倍增计划”试点企业"),
        ("省级专精特新中小企业", "霁川市协同倍增企业"),
    ]


def test_a_condition_can_be_one_of_several(tiers: Graph) -> None:
    rows = tiers.report("tiers").get_table("conditions").to_dicts()
    found = {row["value"].value: row["oneOf"] for row in rows}
    assert found == {Decimal(300000000): "5项推荐条件之一", Decimal(15): None}


def test_what_no_place_of_the_filter_gives_is_not_there(tiers: Graph) -> None:
    report = tiers.report("tiers", place="青棠")
    assert report.get_table("benefits").rows == () and report.get_table("conditions").rows == ()


def test_a_benefit_stands_once_with_its_sort(tiers: Graph) -> None:
    rows = benefits(tiers)
    told = [(row["tier"], row["quote"]) for row in rows]
    assert len(told) == len(set(told))
    assert {row["kind"] for row in rows if row["value"]} <= {Code("Grant"), Code("supports")}
