"""What became of co-handling opinions: sentences and figures in the lead reply, and opinions that are not there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import kg
from kg.api import Graph
from kg.report.model import Code, Count, Excerpt
from kg.report.wording import Wording, keep_signs, mark_difference, split_units

REPLY = "二、全市共建成充电桩320个，覆盖21个镇。据统计，接通率达到98.5%。开展“送服务、进园区”活动。"


def compare(sentence: str) -> tuple[str, str, str]:
    [unit] = split_units(sentence, 0, len(sentence))
    found = Wording(REPLY, 0, len(REPLY)).find(unit, sentence)
    return found.likeness, REPLY[found.begin : found.end], found.difference


def test_sentences_are_compared_by_their_signs() -> None:
    assert compare("一是全市共建成充电桩320个,覆盖21个镇。") == ("exact", "全市共建成充电桩320个，覆盖21个镇", "")
    assert compare("接通率达到98.5%。") == ("exact", "接通率达到98.5%", "")
    assert compare("3.开展送服务进园区活动；")[0] == "exact"


def test_a_sentence_that_is_nearly_there_shows_what_differs() -> None:
    likeness, said, difference = compare("我局全市累计建成充电桩320个，覆盖21个镇。")
    assert (likeness, said) == ("nearly", "全市共建成充电桩320个，覆盖21个镇")
    assert difference == "〔−我局〕全市〔−累计〕〔+共〕建成充电桩320个，覆盖21个镇"


@pytest.mark.parametrize("sentence", ["全市共建成停车场15座，覆盖6个区。", "下一步将扩大覆盖范围。"])
def test_other_words_are_not_found(sentence: str) -> None:
    assert compare(sentence) == ("absent", "", "")


def test_units_are_long_enough_and_have_no_numbers() -> None:
    text = "（一）推进建设。\n二是加快审批流程；①完善统计制度！好。2.5万户企业受益。"
    assert [text[u.begin : u.end] for u in split_units(text, 0, len(text))] == [
        "加快审批流程", "完善统计制度", "2.5万户企业受益",
    ]  # fmt: skip
    assert keep_signs("“a”，１％ 好") == "a１好"
    assert mark_difference("甲乙丙", "甲丙丁") == "甲〔−乙〕丙〔+丁〕"


def test_an_opinion_is_compared_sentence_by_sentence(graph: Graph) -> None:
    report = graph.report("opinions", proposal="20240301")
    [row] = report.get_table("opinions").to_dicts()
    assert (row["agency"], row["sentences"], row["exact"]) == ("霁川市科学技术局", 3, Count(0, "sentences", ()))
    assert (row["nearly"], row["absent"]) == (Count(1, "sentences", (1,)), Count(2, "sentences", (2, 3)))
    assert (row["exactShare"], row["figures"], row["figuresNearly"]) == (Decimal(0), 3, Count(2, "figures", (1, 2)))
    near, *others = report.get_table("sentences").to_dicts()
    assert near["difference"] == "2023年全市新建研发机构120家，〔−我局〕推荐36家企业申报省级工程技术研究中心"
    assert isinstance(near["replyQuote"], Excerpt) and near["replyQuote"].source == "答复.txt"
    assert [row["replyQuote"] for row in others] == [None, None]


def test_figures_say_whether_they_are_in_the_reply(graph: Graph) -> None:
    rows = graph.report("opinions").get_table("figures").to_dicts()
    assert [(row["metric"], row["likeness"]) for row in rows] == [
        ("新建研发机构", Code("nearly")), ("推荐企业", Code("nearly")), ("青年工程师每年组织培训", Code("absent")),
    ]  # fmt: skip
    assert getattr(rows[0]["replyQuote"], "text", "") == "新建研发机构120家"


def test_an_opinion_that_is_not_published_is_no_missing_one(tmp_path: Path) -> None:
    page = (
        "关于改进校园供暖的提案\n案号：2025031\n提案者：顾云舟委员\n主办单位：市教育局\n会办单位：市财政局、市水利局\n\n"
        "建议：\n一、建立供暖设施巡检制度。\n\n会办单位：市水利局\n会办意见：不公开\n"
    )
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    kg.build(tmp_path / "page.txt", tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        rows = graph.report("opinions").get_table("asked").to_dicts()
    assert [(row["agency"], row["opinionState"]) for row in rows] == [
        ("市水利局", Code("opinion-hidden")), ("市财政局", Code("opinion-missing")),
    ]  # fmt: skip


def test_an_agency_without_an_opinion_is_named_with_the_words_that_name_it(graph: Graph) -> None:
    rows = graph.report("opinions", proposal="20240301").get_table("asked").to_dicts()
    assert [(row["agency"], row["opinionState"]) for row in rows] == [
        ("霁川市科学技术局", Code("opinion-found")), ("霁川市财政局", Code("opinion-missing")),
    ]  # fmt: skip
    assert getattr(rows[1]["named"], "text", "") == "霁川市财政局"
    one = graph.report("opinions", agency="财政").get_table("asked").list_values("agency")
    assert one == ["霁川市财政局"]
