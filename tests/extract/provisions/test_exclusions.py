"""Whom a policy leaves out: conditions of the supports that it holds for."""

from __future__ import annotations

import pytest

from extract.model import Condition, Extraction, FigureId, Kind, Operator, Source
from extract.pipeline import extract

TITLE = "澄溪市支持企业发展若干措施\n\n"


def read(text: str) -> Extraction:
    return extract(Source("措施.txt", f"{TITLE}{text}\n"))


def list_exclusions(extraction: Extraction) -> list[tuple[Condition, list[str]]]:
    """Return the conditions that leave somebody out, each with the numbers of the supports that it decides."""
    text = extraction.source.text
    names = {f.id: f.span.of(text) for f in extraction.figures if f.kind is Kind.PROVISION}
    found = [c for c in extraction.requirements.conditions if c.rule == "condition.exclusion"]
    return [(c, [names.get(FigureId(str(one)), "policy") for one in c.decides]) for c in found]


@pytest.mark.parametrize(
    ("clause", "who"),
    [
        ("亏损企业、失信企业不享受", "亏损企业、失信企业"),
        ("列入失信名单的企业不予支持", "列入失信名单的企业"),
        ("对已享受省级奖励的绿色工厂不再给予", "已享受省级奖励的绿色工厂"),
        ("房地产企业除外", "房地产企业"),
    ],
)
def test_who_is_left_out_of_an_article_is_a_condition_of_its_supports(clause: str, who: str) -> None:
    x = read(f"　　第一条　对绿色工厂，给予40万元奖励。{clause}。\n　　第二条　对瞪羚企业，给予30万元奖励。")
    [(condition, decided)] = list_exclusions(x)
    assert (condition.operator, condition.requires) == (Operator.NOT, who)
    assert len(decided) == 1 and "40万元" in decided[0]
    assert condition.span.of(x.source.text).endswith(clause.removeprefix("对"))


@pytest.mark.parametrize(
    "clause", ["外资企业不适用本措施", "纳税额低于60万元的企业不予支持", "被列入经营异常名录的单位不予支持"]
)
def test_an_article_that_gives_nothing_leaves_out_of_the_whole_policy(clause: str) -> None:
    gives = "　　第一条　对绿色工厂，给予40万元奖励。\n　　第二条　对瞪羚企业，给予30万元奖励。\n"
    x = read(f"{gives}　　第三条　{clause}。")
    [(_, decided)] = list_exclusions(x)
    assert len(decided) == 3 and decided[-1] == "policy"


def test_an_article_may_be_named() -> None:
    x = read(
        "　　第一条　对绿色工厂，给予40万元奖励。\n　　第二条　对瞪羚企业，给予30万元奖励。\n"
        "　　第三条　上市公司不适用第二条。"
    )
    [(_, decided)] = list_exclusions(x)
    assert len(decided) == 1 and "30万元" in decided[0]


def test_nobody_has_to_meet_the_threshold_of_those_who_are_left_out() -> None:
    x = read("　　第一条　对绿色工厂，给予40万元奖励，纳税额低于60万元的企业不予支持。")
    assert [c.operator for c in x.requirements.conditions if "60万元" in c.span.of(x.source.text)] == [Operator.NOT]
    assert all(f.condition_of is None for f in x.figures if "60万元" in f.span.of(x.source.text))


@pytest.mark.parametrize(
    "sentence",
    ["因财力有限，目前暂不支持。", "申报材料不全的不予受理。", "弄虚作假的企业取消申报资格。", "系统不支持手机申报。",
     "同一企业不得重复申报。"],
)  # fmt: skip
def test_these_leave_nobody_out(sentence: str) -> None:
    assert list_exclusions(read(f"　　第一条　对绿色工厂，给予40万元奖励。{sentence}")) == []


def test_a_reply_says_so_of_its_own_paragraph_only() -> None:
    letter = (
        "对市政协六届三次会议第20240315号提案的答复\n\n王芳委员：\n　　您提出的关于扶持企业的提案收悉，现答复如下：\n"
        "　　一、对绿色工厂，给予40万元奖励。\n　　二、失信企业不予支持。\n　　感谢您的支持。\n"
        "　　澄溪市工业和信息化局\n　　2024年5月20日\n"
    )
    x = extract(Source("答复.txt", letter))
    assert list_exclusions(x) == []
