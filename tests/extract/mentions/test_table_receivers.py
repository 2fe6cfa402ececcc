"""Receivers in tables of supports: the cells below 对象 are whom the amounts of their rows are for."""

from __future__ import annotations

import pytest

from extract.model import Extraction, Kind, Source
from extract.pipeline import extract


def read(*rows: str) -> Extraction:
    table = "\n".join(rows)
    return extract(Source("措施.txt", f"澄溪市支持养老服务若干措施\n\n　　第一条　标准如下：\n\n{table}\n"))


def list_supports(x: Extraction) -> list[tuple[str, str, str]]:
    """Return amount, metric and receiver of each support."""
    names = {e.id: e.label for e in x.entities}
    return [
        (str(f.value), f.metric, names.get(f.about, "") if f.about else "")
        for f in x.figures
        if f.kind is Kind.PROVISION
    ]


@pytest.mark.parametrize("head", ["对象", "补助对象", "享受对象", "机构类型"])
def test_the_cell_of_the_first_column_gets_what_stands_in_its_row(head: str) -> None:
    x = read(f"{head} | 建设补助 | 运营补助", "示范助餐点 | 20万元 | 3元/餐", "送餐站 | 8万元 | 2元/餐")
    assert list_supports(x) == [
        ("200000", "建设补助", "示范助餐点"), ("3", "运营补助", "示范助餐点"),
        ("80000", "建设补助", "送餐站"), ("2", "运营补助", "送餐站"),
    ]  # fmt: skip


def test_a_known_tier_stays_one() -> None:
    x = read("对象 | 奖励金额", "国家级专精特新“小巨人”企业 | 30万元", "普通助餐点 | 10万元")
    kinds = {e.label: e.kind for e in x.entities}
    assert kinds["普通助餐点"] is Kind.GROUP
    assert [kind for label, kind in kinds.items() if "小巨人" in label] == [Kind.TIER]


@pytest.mark.parametrize(
    "rows",
    [
        # what is paid for, and not to whom
        ("项目 | 补助标准", "设备购置 | 20万元"),
        ("对象 | 补助标准", "合计 | 20万元"),
        ("对象 | 补助标准", "新建 | 20万元"),
        # no supports
        ("对象 | 服务人次", "示范助餐点 | 3200人次"),
    ],
)
def test_these_name_no_receiver(rows: tuple[str, ...]) -> None:
    assert [e.label for e in read(*rows).entities if e.rule == "allotment.list"] == []
