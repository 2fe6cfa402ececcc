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


GIVES = "　　第一条　对绿色工厂，给予40万元奖励。\n　　第二条　对瞪羚企业，给予30万元奖励。\n　　"


@pytest.mark.parametrize(
    ("listed", "who"),
    [
        ("第三条　有下列情形之一的，不得享受本措施：（一）拖欠工资的；（二）近两年内发生火灾事故的。",
         ["拖欠工资", "近两年内发生火灾事故"]),
        ("第三条　下列企业不予支持：\n　　（一）被列入失信名单的；\n　　（二）年纳税额低于60万元的。",
         ["被列入失信名单", "年纳税额低于60万元"]),
        ("第三条　取消奖励资格的情形：①拖欠工资；②提供虚假数据。", ["拖欠工资", "提供虚假数据"]),
        ("第三条　本措施不适用于以下企业：（一）房地产开发企业；（二）担保公司。已完成整改的除外。",
         ["房地产开发企业", "担保公司"]),
        ("三、不予支持的情形\n　　（一）被列入失信名单的企业。\n　　（二）拖欠工资的企业。",
         ["被列入失信名单的企业", "拖欠工资的企业"]),
        ("第三条　下列情形不予支持：被列入失信名单的；拖欠工资的。", ["被列入失信名单", "拖欠工资"]),
    ],
)  # fmt: skip
def test_each_item_of_a_list_leaves_out_by_itself(listed: str, who: list[str]) -> None:
    x = read(f"{GIVES}{listed}\n　　四、申报单位应当具备下列条件：（一）在本市注册；（二）从事软件开发。")
    found = list_exclusions(x)
    assert [condition.requires for condition, _ in found] == who
    assert all(condition.operator is Operator.NOT and condition.group is None for condition, _ in found)
    assert all(len(decided) == 3 and decided[-1] == "policy" for _, decided in found)
    text = x.source.text
    assert [group.span.of(text) for group in x.requirements.groups] == ["申报单位应当具备下列条件："]


def test_a_list_in_an_article_that_gives_something_holds_for_that_article() -> None:
    x = read(
        "　　第一条　对绿色工厂，给予40万元奖励。有下列情形之一的，不予奖励：\n　　1.被列入失信名单的；\n"
        "　　2.发生火灾事故的。\n　　第二条　对瞪羚企业，给予30万元奖励。"
    )
    found = list_exclusions(x)
    assert [c.requires for c, _ in found] == ["被列入失信名单", "发生火灾事故"]
    assert all(len(decided) == 1 and "40万元" in decided[0] for _, decided in found)


def test_a_list_may_name_its_article() -> None:
    x = read(f"{GIVES}第三条　存在以下情况的，不得申报本措施第一条奖励：（一）被列入失信名单；（二）拖欠工资。")
    assert [["40万元" in one for one in decided] for _, decided in list_exclusions(x)] == [[True], [True]]


def test_what_a_receiver_must_not_be_leaves_out() -> None:
    x = read(f"{GIVES}第三条　申报企业应当未被列入失信名单，近两年内未发生火灾事故，信用良好。")
    assert [condition.requires for condition, _ in list_exclusions(x)] == ["被列入失信名单", "近两年内发生火灾事故"]


@pytest.mark.parametrize(
    "listed",
    [
        "除下列情形外，不得申报两次：（一）首次升规的；（二）首次入库的。",
        "有下列情形之一的，给予5万元奖励：（一）首次升规的；（二）首次入库的。",
        "申报企业应当按时提交材料。",
    ],
)
def test_these_lists_leave_nobody_out(listed: str) -> None:
    assert list_exclusions(read(f"{GIVES}第三条　{listed}")) == []
