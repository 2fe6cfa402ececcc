"""Lines below the items of a policy text that say who is in charge of them."""

from __future__ import annotations

import pytest

from extract.structure.letters import split_letters
from extract.structure.outline import build_outline
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
HEAD = """霁川市人民政府办公室关于印发霁川市优化服务工作要点的通知
霁政办〔2031〕5号
各县（区）人民政府，市政府各部门：
现将《霁川市优化服务工作要点》印发给你们，请认真贯彻落实。
"""
ITEMS = """1．深化“一窗办”改革。聚焦办事难点，再造流程，减少材料，方便企业办事。
牵头单位：市政务办、市大数据局。责任单位：各审批部门。完成时限：2031年12月。
2．升级“霁企通”平台。持续完善功能，精准推送政策，做到应享尽享。
牵头单位：
市大数据局。
责任单位：
市财政局、
市商务局。
完成时限：持续推进。
3．规范清单要素。更新办事指南，全程可回溯。
牵头单位：市政务办。
"""
PROPOSAL = """关于改造老旧菜市场的提案
提案编号：20310118
提案者：苏见溪
菜市场积水，环境较差，群众意见很大。
牵头单位：市商务局
配合单位：市财政局
建议安排经费，改造排水。
牵头单位：市商务局
"""


def read(text: str) -> list[tuple[str, str]]:
    """Return the number of the part and the words of each sentence."""
    letters = split_letters(text, LEX)
    outline = build_outline(text, letters, LEX)
    numbers = {part.id: part.number for part in outline.parts}
    return [
        (numbers.get(sentence.part or "", ""), "".join(sentence.span.of(text).split()))
        for sentence in outline.sentences
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1", "牵头单位：市政务办、市大数据局。"),
        ("1", "完成时限：2031年12月。"),
        ("2", "牵头单位：市大数据局。"),
        ("2", "责任单位：市财政局、市商务局。"),
        ("2", "完成时限：持续推进。"),
        ("3", "牵头单位：市政务办。"),
    ],
)
def test_they_are_text_of_their_item(number: str, words: str) -> None:
    assert (number, words) in read(HEAD + ITEMS)


def test_they_are_no_headings() -> None:
    letters = split_letters(HEAD + ITEMS, LEX)
    outline = build_outline(HEAD + ITEMS, letters, LEX)
    headings = [part.heading.of(HEAD + ITEMS) for part in outline.parts if part.heading]
    assert headings == ["深化“一窗办”改革", "升级“霁企通”平台", "规范清单要素"]


def test_on_the_page_of_a_proposal_they_stay_fields() -> None:
    assert not any("牵头单位" in words for _, words in read(PROPOSAL))


def test_an_item_may_follow_the_bracket_of_the_one_before_at_once() -> None:
    items = "一、重点任务\n（一）发展电商。培育品牌（市商务委牵头；责任单位：市农委）（二）发展数字商务。建设市场。\n"
    numbers = dict(reversed([(words, number) for number, words in read(HEAD + items)]))
    assert numbers["发展数字商务。"] == "一.(二)"
