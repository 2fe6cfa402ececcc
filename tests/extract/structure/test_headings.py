"""Headings of letters that are not their own, and texts below headings that are no letters."""

from __future__ import annotations

import pytest

from extract.structure.letters import split_letters
from ontology.lexicons import load_lexicon

PROPOSAL = """案由：关于改造菜市场的提案
提案编号：20240118
提案者：苏见溪
主办单位：市商务局
会办单位：市财政局、市水务局

提案内容：
　　菜市场积水。为此建议：
　　1.改造排水。
　　2.安排经费。

"""
OPINION = """市商务局：
　　市政协六届三次会议第20240118号提案收悉，{opening}如下：
　　一、已安排改造经费50万元。
　　市财政局
　　2024年5月6日
"""


REPLY = """苏见溪委员：
　　您提出的第20240118号提案收悉。{opening}
　　一、已改造排水。
　　市商务局
　　2024年6月3日
"""


def read(text: str) -> list[tuple[str, list[str]]]:
    """Return kind and issuers of each reply and opinion of a page."""
    letters = split_letters(text, load_lexicon())
    return [
        (one.kind.value, [f.value for f in one.get_fields("issuedBy")])
        for one in letters
        if one.kind.value != "Proposal"
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "答复（不公开）",
        "答复：不公开",
        "不公开",
        "答复内容：\n依申请公开",
        "主办单位答复\n（不公开）",
        "办理情况\n正在办理",
        "答复",
    ],
)
@pytest.mark.parametrize("opening", ["现提出会办意见", "现将会办意见函告", "现将有关情况函告"])
def test_an_opinion_below_the_heading_of_a_reply_is_an_opinion(heading: str, opening: str) -> None:
    found = read(f"{PROPOSAL}{heading}\n\n{OPINION.format(opening=opening)}")
    assert found == [("CoHandlingOpinion", ["市财政局"])]


def test_an_opinion_without_addressee_is_told_by_its_opening() -> None:
    text = OPINION.format(opening="现提出会办意见").partition("：\n")[2].partition("　　市财政局")[0]
    assert read(f"{PROPOSAL}答复（不公开）\n\n{text}") == [("CoHandlingOpinion", [])]


@pytest.mark.parametrize(
    "opening",
    [
        "经综合市财政局会办意见，现答复如下：",
        "结合市财政局、市水务局提出的会办意见，现将办理情况答复如下：",
        "由我局主办，市财政局会办，现答复如下：",
    ],
)
def test_a_reply_that_takes_up_opinions_stays_a_reply(opening: str) -> None:
    assert read(f"{PROPOSAL}答复\n{REPLY.format(opening=opening)}") == [("LeadReply", ["市商务局"])]


def test_a_reply_to_the_proposer_below_the_heading_of_opinions_is_that_of_its_lead_agency() -> None:
    assert read(f"{PROPOSAL}会办意见\n{REPLY.format(opening='现答复如下：')}") == [("LeadReply", ["市商务局"])]


@pytest.mark.parametrize("words", ["不公开", "（不公开）", "依申请公开", "未答复", "正在办理", "办理中", "暂无", "—"])
@pytest.mark.parametrize("heading", ["答复内容：", "会办意见："])
def test_a_text_that_tells_of_no_letter_is_none(heading: str, words: str) -> None:
    assert read(f"{PROPOSAL}{heading}\n{words}\n") == []


def test_a_heading_names_the_agency_that_answers() -> None:
    text = f"{PROPOSAL}市财政局会办意见\n同意安排50万元。\n\n市水务局会办意见\n无意见。\n\n市商务局答复\n已改造排水。\n"
    assert read(text) == [
        ("CoHandlingOpinion", ["市财政局"]),
        ("CoHandlingOpinion", ["市水务局"]),
        ("LeadReply", ["市商务局"]),
    ]


def test_the_text_below_the_fields_of_a_proposal_is_not_the_proposal_if_an_agency_heads_it() -> None:
    fields = PROPOSAL.partition("\n\n")[0]
    assert read(f"{fields}\n\n市财政局会办意见\n同意安排50万元。\n") == [("CoHandlingOpinion", ["市财政局"])]


def test_an_unsigned_opinion_is_that_of_the_only_agency_that_joins_in() -> None:
    one = PROPOSAL.replace("、市水务局", "")
    assert read(f"{one}会办意见：\n同意安排50万元。\n") == [("CoHandlingOpinion", ["市财政局"])]
    assert read(f"{PROPOSAL}会办意见：\n同意安排50万元。\n") == [("CoHandlingOpinion", [])]
    named = f"{PROPOSAL}会办意见：\n市财政局：同意安排50万元。\n市水务局：无意见。\n"
    assert read(named) == [("CoHandlingOpinion", ["市财政局", "市水务局"])]


@pytest.mark.parametrize(
    ("value", "leads"),
    [
        ("市商务局/市财政局", ["市商务局", "市财政局"]),
        ("1.市商务局 2.市财政局", ["市商务局", "市财政局"]),
        ("（1）市商务局（2）市财政局", ["市商务局", "市财政局"]),
        ("市商务局和市财政局", ["市商务局", "市财政局"]),
        ("市发展和改革局等3个单位", ["市发展和改革局"]),
        ("各县（市、区）人民政府、市商务局", ["市商务局"]),
        ("待定", []),
    ],
)
def test_organs_in_a_field_are_told_apart(value: str, leads: list[str]) -> None:
    [letter] = split_letters(f"案由：关于改造菜市场的提案\n提案编号：20240118\n主办单位：{value}\n", load_lexicon())
    assert [field.value for field in letter.get_fields("leadAgency")] == leads
