"""Numbered headings above the letters of a page, and forms below them."""

from __future__ import annotations

import pytest

from extract.model import Kind
from extract.structure.cues import compile_cues
from extract.structure.letters import split_letters
from extract.structure.lines.kinds import LineKind
from extract.structure.lines.lines import classify_lines
from ontology.lexicons import load_lexicon

LEX = load_lexicon()

LETTER = (
    "罗启明代表：\n您提出的《关于停车的建议》（第12号）收悉，现答复如下：\n"
    "新增车位500个。\n溪川市交通运输局\n2024年6月21日\n"
)
FORM = """附：溪川市人大代表建议办理情况征询意见表
建议编号：12　　承办单位：市交通运输局
办理前是否联系：是√　否□
意见和建议：希望再多建一些车位。
代表签名：罗启明　　2024年6月30日
"""


def test_a_form_below_a_letter_is_no_letter() -> None:
    reply, proposal = split_letters(LETTER + "\n" + FORM, LEX)
    assert (reply.kind, proposal.kind) == (Kind.LEAD_REPLY, Kind.PROPOSAL)
    assert proposal.body is None
    assert reply.get_value("issued") == "2024-06-21"


def test_the_name_of_a_form_among_attachments_hides_no_signature() -> None:
    text = LETTER.replace("溪川市交通", "附件：建议办理情况征询意见表\n\n溪川市交通")
    (reply, _) = split_letters(text, LEX)
    assert [field.value for field in reply.get_fields("issuedBy")] == ["溪川市交通运输局"]
    assert reply.get_value("issued") == "2024-06-21"


NUMBERED = """建议编号：12
建议名称：关于停车的建议
提出代表：罗启明（领衔）、程砚
承办方式：分办
一、建议内容
建议：1.多建车位；2.加强管理。
二、答复内容
（一）市交通运输局答复
罗启明、程砚代表：
第12号建议收悉，答复如下：
新增车位500个。
溪川市交通运输局
2024年6月21日
（二）市公安局协办意见
市交通运输局：
第12号建议收悉，意见如下：
查处占道停车326起。
溪川市公安局
2024年6月2日
"""


def test_letters_under_numbered_headings() -> None:
    letters = split_letters(NUMBERED, LEX)
    assert [letter.kind for letter in letters] == [Kind.PROPOSAL, Kind.LEAD_REPLY, Kind.CO_OPINION]
    assert [field.value for field in letters[0].get_fields("submittedBy")] == ["罗启明", "程砚"]
    body = letters[0].body
    assert body is not None and "答复" not in body.of(NUMBERED)


def test_the_same_words_inside_a_letter_head_its_text() -> None:
    text = LETTER.replace("新增车位500个。", "一、答复内容\n新增车位500个。\n二、办理情况\n开放车位300个。")
    kinds = [
        line.kind for line in classify_lines(text, compile_cues(LEX)) if line.text in ("一、答复内容", "二、办理情况")
    ]
    assert kinds == [LineKind.TEXT, LineKind.TEXT]
    assert len(split_letters(text, LEX)) == 2


@pytest.mark.parametrize("heading", ["【会办意见一】", "会办意见（2）", "协办意见二"])
def test_opinions_may_be_numbered(heading: str) -> None:
    (line,) = classify_lines(heading, compile_cues(LEX))
    assert (line.kind, line.note) == (LineKind.SECTION, "co")


def test_text_behind_a_label_is_text() -> None:
    words = "【办理情况】2024年以来，全市新增停车泊位5200个，改造老旧停车场36处，群众停车难的状况得到改善。"
    (text,) = classify_lines(words, compile_cues(LEX))
    (state,) = classify_lines("办理状态：已办结", compile_cues(LEX))
    assert (text.kind, state.kind) == (LineKind.TEXT, LineKind.FIELD)
