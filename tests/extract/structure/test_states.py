"""Headings below which nothing came, and names of agencies with what they did behind them."""

from __future__ import annotations

import pytest

from extract.model import Extraction, Kind
from tests.support.reading import read

HEAD = "案由：关于改造菜市场的提案\n提案编号：215\n主办单位：市商务局\n"


def list_letters(x: Extraction) -> list[tuple[Kind, list[str]]]:
    return [(one.kind, [f.value for f in one.get_fields("issuedBy")]) for one in x.outline.letters if one.body]


@pytest.mark.parametrize("words", ["暂未收到", "待反馈。", "（未反馈）", "尚未提交", "暂无回复", "不公开"])
def test_what_tells_that_nothing_came_is_no_letter(words: str) -> None:
    x = read(f"{HEAD}会办单位：市财政局、市教育局\n\n会办意见：\n{words}\n\n答复内容：\n已改造菜市场3家。\n")
    assert list_letters(x) == [(Kind.LEAD_REPLY, ["市商务局"])]


@pytest.mark.parametrize("words", ["市财政局、市教育局均无意见", "市财政局、市教育局都没有意见"])
def test_no_opinion_is_an_opinion_and_no_title(words: str) -> None:
    x = read(f"{HEAD}会办单位：市财政局、市教育局\n\n会办意见：\n市财政局、市教育局\n{words}\n")
    assert list_letters(x) == [(Kind.CO_OPINION, ["市财政局", "市教育局"])]


def test_a_state_behind_a_name_is_no_part_of_it() -> None:
    x = read(HEAD.replace("市商务局", "市商务局（已办结）") + "会办单位：市财政局（已回）、市教育局（未回）\n")
    [proposal] = x.outline.letters
    assert [f.value for f in proposal.get_fields("leadAgency")] == ["市商务局"]
    assert [f.value for f in proposal.get_fields("coAgency")] == ["市财政局", "市教育局"]
    assert {e.label for e in x.entities} == {"市商务局", "市财政局", "市教育局"}


def test_a_proposal_that_has_only_a_number_is_answered_by_the_letters_below_it() -> None:
    x = read("提案编号：215\n主办单位：市商务局\n会办单位：市财政局\n\n会办意见：\n市财政局\n同意。\n")
    [opinion, proposal] = x.outline.letters
    assert opinion.get_value("repliesTo") == proposal.id
