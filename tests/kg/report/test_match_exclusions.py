"""Whom a policy leaves out, until when it holds, and supports without a receiver, in the report on a firm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import kg
from kg.report.match.profile import FirmProfile
from kg.report.match.traits import OwnTraits
from kg.report.model import Code
from kg.report.texts import Texts
from tests.kg.report.conftest import build_store
from tests.support.matching import TODAY, find_amount, list_supports

STRICT = """霁川市支持工业发展若干措施

　　第一条　对高新技术企业，给予20万元奖励。亏损企业、失信企业不享受。
　　第二条　对瞪羚企业，给予30万元奖励。
　　第三条　对绿色工厂，给予40万元奖励，对已享受省级奖励的绿色工厂不再给予。
　　第四条　纳税额低于60万元的企业不予支持。
　　第五条　外资企业不适用本措施。
　　第六条　每平方米给予50元补助。企业不申请海关检验。本市企业（国有企业除外）申报材料不全的不予受理。
　　第七条　本措施自2025年4月1日起施行，有效期至2027年12月31日。
　　第八条　上市公司不适用第二条。
"""
ENDED = """霁川市支持商贸发展若干措施（征求意见稿）

　　第一条　对高新技术企业，给予70万元奖励。
　　第二条　本措施自2024年1月1日起施行，有效期2年。
"""


@pytest.fixture(scope="module")
def strict_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"霁川市支持工业发展若干措施.txt": STRICT, "霁川市支持商贸发展若干措施.txt": ENDED}
    return build_store(tmp_path_factory.mktemp("strict"), files)


def judge_strict(store: Path, facts: str, tier: str = "高新技术企业，瞪羚企业") -> list[dict[str, Any]]:
    with kg.open(store) as graph:
        return list_supports(graph, place="霁川市", tier=tier, facts=facts)


def test_exclusion_that_the_profile_leaves_open_makes_a_support_likely(strict_store: Path) -> None:
    row = find_amount(judge_strict(strict_store, "纳税额=90万元"), 200_000)
    assert row["status"] == Code("match.likely")
    notes = Texts("zh").plain(row["unclear"]).split("；")
    assert [note.partition("：")[2] for note in notes] == ["亏损企业、失信企业不享受", "外资企业不适用本措施"]


@pytest.mark.parametrize(
    ("facts", "statuses"),
    [
        ("纳税额=90万元；类型=亏损企业", ["not", "likely"]),
        ("纳税额=90万元；类型=外资企业", ["not", "not"]),
        ("纳税额=20万元", ["not", "not"]),
        ("纳税额=60万元", ["likely", "likely"]),
        ("纳税额=90万元；类型=上市公司", ["likely", "not"]),
    ],
)
def test_firm_that_is_left_out_gets_nothing(strict_store: Path, facts: str, statuses: list[str]) -> None:
    rows = judge_strict(strict_store, facts)
    assert [find_amount(rows, amount)["status"].key for amount in (200_000, 300_000)] == [
        f"match.{s}" for s in statuses
    ]


LISTED = """霁川市支持数字产业若干措施

　　第一条　对高新技术企业，给予20万元奖励。
　　第二条　有下列情形之一的，不得享受本措施：
　　（一）被列入失信名单的；
　　（二）近两年内发生火灾及以上安全事故的。
"""


@pytest.fixture(scope="module")
def listed_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_store(tmp_path_factory.mktemp("listed"), {"霁川市支持数字产业若干措施.txt": LISTED})


@pytest.mark.parametrize(
    ("facts", "status", "left_out"),
    [
        ("具备=被列入失信名单", "not", 1),
        ("具备=近两年内发生火灾安全事故，失信企业", "not", 2),
        ("具备=2012年发生火灾安全事故", "likely", 0),
        ("职工人数=20", "likely", 0),
        ("具备=未被列入失信名单，近两年内没有发生火灾及以上安全事故", "entitled", 0),
    ],
)
def test_any_item_of_a_list_leaves_a_firm_out(listed_store: Path, facts: str, status: str, left_out: int) -> None:
    row = find_amount(judge_strict(listed_store, facts), 200_000)
    assert row["status"] == Code(f"match.{status}")
    unclear = Texts("zh").plain(row["unclear"]) if row["unclear"] is not None else ""
    assert "是否具备" not in unclear and unclear.count("原文不给：") == left_out
    if status == "likely":
        assert "说明是否属于原文不给的情形：被列入失信名单" in unclear


def test_what_a_firm_must_not_be_is_asked_for_as_such(tmp_path: Path) -> None:
    text = LISTED.partition("第二条")[0] + "第二条　申报企业应当未被列入失信名单，近两年内未发生火灾事故。\n"
    store = build_store(tmp_path, {"霁川市支持数字产业若干措施.txt": text})
    row = find_amount(judge_strict(store, "具备=失信企业"), 200_000)
    assert row["status"] == Code("match.not")
    unclear = Texts("zh").plain(row["unclear"]).split("；")
    assert unclear == ["原文不给：被列入失信名单", "说明是否属于原文不给的情形：近两年内发生火灾事故"]


TURNS = """霁川市支持航空产业若干措施

　　第一条　对认定的瞪羚企业、绿色工厂，分别给予60万元、30万元奖励。
　　第二条　对取得适航证书的无人机企业，载人机型一次性奖励50万元，货运机型一次性奖励20万元。
"""


def test_rank_has_no_condition_of_another_and_a_class_does_not_do_what_is_asked_of_it(tmp_path: Path) -> None:
    store = build_store(tmp_path, {"霁川市支持航空产业若干措施.txt": TURNS})
    rows = judge_strict(store, "类型=无人机企业", tier="绿色工厂")
    own = find_amount(rows, 300_000)
    assert own["status"] == Code("match.entitled") and own["unclear"] is None
    for row in (find_amount(rows, 500_000), find_amount(rows, 200_000)):
        assert row["status"] == Code("match.unknown")
        texts = [Texts("zh").plain(row[name]) for name in ("unclear", "change") if row[name] is not None]
        assert "取得适航证书" in texts[0] and "机型" not in "".join(texts)


@pytest.mark.parametrize(
    ("who", "own", "outcome"),
    [
        ("被列入失信名单的企业", "失信企业", "unmet"),
        ("被列入失信名单且尚未移出的企业", "失信企业", "unknown"),
        ("高新技术企业和瞪羚企业以外的企业", "高新技术企业", "unknown"),
        ("已享受奖励的绿色工厂和瞪羚企业", "瞪羚企业", "unknown"),
        ("房地产企业、担保公司", "担保公司", "unmet"),
        ("失信企业、亏损企业", "未被列入失信名单", "unknown"),
        ("失信企业、亏损企业", "未被列入失信名单；非亏损企业", "met"),
        ("非高新技术企业", "高新技术企业", "met"),
        ("近两年发生火灾的企业", "发生火灾", "unknown"),
    ],
)
def test_wordings_of_what_leaves_a_firm_out_are_compared(who: str, own: str, outcome: str) -> None:
    assert OwnTraits(FirmProfile(has=tuple(own.split("；")))).judge_left_out(who) == outcome


def test_threshold_of_an_exclusion_says_by_how_much(strict_store: Path) -> None:
    row = find_amount(judge_strict(strict_store, "纳税额=20万元"), 300_000)
    assert Texts("zh").plain(row["change"]) == "纳税额由20万元变为不少于60万元"
    assert "原文不给：纳税额低于60万元的企业不予支持" in Texts("zh").plain(row["unclear"])


def test_policy_that_has_ended_and_a_draft_are_told(strict_store: Path) -> None:
    row = find_amount(judge_strict(strict_store, "纳税额=90万元"), 700_000)
    assert row["status"] == Code("match.not")
    unclear = Texts("zh").plain(row["unclear"])
    assert "2026-01-01" in unclear and "征求意见稿" in unclear


def test_supports_without_a_receiver_are_listed_last(strict_store: Path) -> None:
    with kg.open(strict_store) as graph:
        report = graph.report("match", place="霁川市", tier="高新技术企业", as_of=TODAY.isoformat())
    [note] = [note for note in report.notes if note.key == "match.nobody"]
    assert note.values["n"] == 1
    assert note.values["names"] == "霁川市支持工业发展若干措施.txt"
    [row] = [row for row in report.get_table("supports").to_dicts() if row["status"] == Code("match.unsaid")]
    assert row["beneficiary"] is None and row["quote"] is not None and "50元" in row["quote"].text
    assert report.get_table("supports").to_dicts()[-1] == row
