"""Amounts of replies that nobody grants, promises or states, on sentences about invented matters."""

from __future__ import annotations

import pytest

from extract.model import Kind
from tests.extract.figures.test_kinds import read
from tests.extract.figures.test_kinds_policy import read as read_policy


@pytest.mark.parametrize(
    "text",
    [
        "不同意将护理补贴标准提高至2000元。",
        "我局不建议对此类企业补助30%。",
        "暂不具备提高到15万元的条件。",
        "暂不安排专项资金600万元。",
        "您建议对护理员每月补贴900元，因无政策依据，难以实施。",
        "您建议设立养老专项资金700万元。",
        "贵党派建议设立专项资金，规模700万元，每家机构补助15万元。",
        "关于对护理员每月补贴900元的建议，经研究，暂不采纳。",
        "拟报请区政府给予不超过投资额6%的补助。",
        "对护理员每月补贴900元，该政策尚在研究。",
        "对护理员每月补贴900元，受财力所限，暂不实施。",
        "2024年原计划安排900万元，因财力紧张未予安排。",
    ],
)
def test_refused_and_wished_amounts_are_no_figures(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("根据您的建议，我局对护理员每月补贴900元。", Kind.PROVISION),
        ("您建议增加床位，我市2023年新增床位1500张。", Kind.OBSERVATION),
        ("针对您提出的床位不足问题，2023年新增床位1500张。", Kind.OBSERVATION),
        ("对护理员每月补贴900元，具体细则尚未出台。", Kind.PROVISION),
        ("对不同意搬迁的住户每户补偿3万元。", Kind.PROVISION),
        ("已拨付资金400万元，第二期资金尚未确定。", Kind.OBSERVATION),
        ("计划2025年安排资金900万元。", Kind.TARGET),
    ],
)
def test_answers_beside_a_wish_are_kept(text: str, kind: Kind) -> None:
    (figure,) = read(text)
    assert figure.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "不得收取400元入场费。",
        "任何单位不得收取押金400元。",
        "学校不得要求学生购买400元的校服。",
        "严禁以任何名义，向家长收取400元赞助费。",
        "禁止学校向家长收取每人200元的托管费。",
        "不得设置注册资本600万元以上的门槛。",
    ],
)
def test_forbidden_prices_and_demands_are_no_figures_of_any_letter(text: str) -> None:
    assert read(text) == []
    assert read_policy(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "收费标准不得超过400元。",
        "对不得收费的学校每年补助400元。",
        "该校不得收费，去年收取的400元已退还。",
        "全年免收门票400元。",
    ],
)
def test_limits_and_what_stands_beside_a_ban_are_kept(text: str) -> None:
    assert [int(f.value) for f in read(text)] == [400]
