"""The named queries over real files: answers, conditions, figures, with the columns that their readers need."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.errors import UsageError

PROPOSAL = """关于培育优质企业的提案

提 案 号：20240301
会    次：市政协六届三次会议
提 案 者：苏见溪
主办单位：霁川市工业和信息化局
会办单位：霁川市财政局

建议：
　　一、完善奖补政策。对首次入库的规模以上工业企业给予奖励。
　　二、推广智慧结算系统。引入人脸识别和营养分析设备。
"""
REPLY = """苏见溪委员：
　　您在市政协六届三次会议上提出的第20240301号提案收悉。现答复如下：
　　一、完善奖补政策。截至2023年底，霁川市有上市公司14家，云桥市有上市公司9家。
　　二、下一步打算。力争到2025年底上市公司达到20家，每季度举办供需对接会不少于6场。
　　霁川市工业和信息化局
　　2024年6月3日
"""
POLICY = """霁川市支持企业成长若干措施

　　第一条　对首次入库的规模以上工业企业，连续两年营业收入增速不低于15%的，由市工业和信息化局给予10万元奖励。
　　第二条　对市级专精特新中小企业，给予一次性奖励20万元，同一企业就高不重复。截至2022年底，霁川市有上市公司11家。
"""
FILES = {"提案.txt": PROPOSAL, "答复.txt": REPLY, "霁川市支持企业成长若干措施.txt": POLICY}
Rows = list[dict[str, str | None]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("named")
    for name, text in FILES.items():
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / name).write_text(text, encoding="utf-8")
    kg.build(folder / "in", folder / "store")
    return folder / "store"


def ask(store: Path, name: str, **params: str) -> Rows:
    with kg.open(store) as graph:
        return graph.query(name=name, params=params).values()


def test_each_suggestion_has_its_answer_with_both_sentences(store: Path) -> None:
    answered, other = ask(store, "suggestion-answers")
    assert (answered["suggestion"], answered["answer"], answered["agency"]) == (
        "完善奖补政策", "itself", "霁川市工业和信息化局",
    )  # fmt: skip
    assert "规模以上工业企业给予奖励" in str(answered["quote"]) and answered["source"] == "提案.txt"
    assert "上市公司14家" in str(answered["responseQuote"]) and answered["responseSource"] == "答复.txt"
    assert 0.5 < float(answered["confidence"] or 0) <= 1
    assert (other["suggestion"], other["answer"]) == ("推广智慧结算系统", "none")
    assert other["response"] is other["agency"] is other["confidence"] is None


def test_answers_can_be_asked_for_by_proposal_and_by_agency(store: Path) -> None:
    assert len(ask(store, "suggestion-answers", proposal="20240301")) == 2
    assert ask(store, "suggestion-answers", proposal="20240302") == []
    assert [row["answer"] for row in ask(store, "suggestion-answers", agency="工业和信息化局")] == ["itself"]


def test_a_benefit_has_its_conditions(store: Path) -> None:
    quality, number = ask(store, "benefit-conditions", benefit="规模以上工业企业")
    assert (quality["kind"], quality["operator"], quality["value"]) == ("Provision", "Is", None)
    assert quality["requires"] == "首次入库的规模以上工业企业"
    assert (number["operator"], number["criterion"], number["value"], number["unit"]) == (
        "GreaterOrEqual", "增长率", "15", "%",
    )  # fmt: skip
    assert number["benefitQuote"] == "10万元奖励" and number["quote"] == "连续两年营业收入增速不低于15%的"
    assert ask(store, "benefit-conditions", benefit="专精特新") == []


def test_rules_about_several_supports_say_what_they_are_about(store: Path) -> None:
    [row] = ask(store, "stacking-rules")
    assert (row["benefit"], row["stacking"], row["benefitQuote"]) == ("一次性奖励", "HighestOnly", "一次性奖励20万元")


def test_a_subsidy_has_its_condition_and_who_grants_it(store: Path) -> None:
    larger, smaller = ask(store, "subsidies")
    assert [(row["value"], row["unit"]) for row in (larger, smaller)] == [("200000", "CNY"), ("100000", "CNY")]
    assert smaller["condition"] == "首次入库的规模以上工业企业；连续两年营业收入增速不低于15%的"
    assert smaller["provider"] == "霁川市工业和信息化局"
    assert larger["condition"] is larger["provider"] is None
    conditions = {row["tier"]: row["condition"] for row in ask(store, "tier-benefits") if row["value"]}
    assert conditions["规模以上工业企业"] == smaller["condition"]


def test_a_metric_can_be_followed_over_places_and_years(store: Path) -> None:
    rows = ask(store, "metric-figures", metric="上市公司")
    observed = {(row["place"], row["period"], row["value"]) for row in rows if row["kind"] == "Observation"}
    assert observed == {("霁川市", "2022", "11"), ("霁川市", "2023", "14"), ("云桥市", "2023", "9")}
    assert {row["unit"] for row in rows} == {"家"}
    assert {row["value"] for row in ask(store, "metric-figures", metric="上市公司", place="云桥")} == {"9"}


def test_commitments_have_deadline_and_frequency(store: Path) -> None:
    rows = {row["value"]: row for row in ask(store, "commitments-with-figures")}
    assert (rows["20"]["deadline"], rows["20"]["unit"]) == ("2025", "家")
    assert (rows["6"]["frequency"], rows["6"]["unit"]) == ("每季度", "场")
    [promise] = ask(store, "promises")
    assert promise["deadline"] == "2025" and promise["frequency"] == "每季度"


@pytest.mark.parametrize(("name", "param"), [("reply-states", "state"), ("unanswered-suggestions", "answer")])
def test_a_parameter_with_listed_values_takes_no_other(store: Path, name: str, param: str) -> None:
    with pytest.raises(UsageError) as error:
        ask(store, name, **{param: "abc"})
    assert "abc" in error.value.message("en")
    assert ask(store, name, **{param: ""}) == ask(store, name)
