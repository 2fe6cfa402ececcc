"""The steps below letters and outline, each alone: lines, header fields, signatures, references, numbered items."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from extract.model import Field, Kind, Letter, Outline, Span
from extract.structure.blocks import group_blocks
from extract.structure.cues import compile_cues
from extract.structure.fields import (
    find_basis,
    find_co_handlers,
    find_consulted,
    find_document_numbers,
    read_header_fields,
    read_signature,
    split_glued_signature,
)
from extract.structure.items import find_items
from extract.structure.lines.lines import classify_lines
from extract.structure.outline import build_outline
from extract.structure.references import find_references, find_sessions
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
CUES = compile_cues(LEX)
PAGE = """案　号：第20240015号
案由：关于扶持企业的提案
主办：市工业和信息化局　会办：市科学技术局、市财政局
民建霁川市委会：
　　贵会提出的《关于扶持企业的提案》收悉，现答复如下：
　　一、关于奖补。
　　霁川市工业和信息化局
　　2024年5月20日
"""
OPENING = "《关于扶持企业的提案》（第20240015号）收悉，由我局主办，市财政局会办，经综合市科技局、市人社局意见，"
BASIS = "根据《霁川市人才办法》（霁府办〔2022〕8号）要求，"


def values(fields: Iterable[Field]) -> list[tuple[str, str]]:
    return [(f.name, f.value) for f in fields]


def test_each_line_is_judged() -> None:
    kinds = [line.kind for line in classify_lines(PAGE, CUES)][:8]
    assert kinds == ["field", "field", "field", "salutation", "text", "text", "organ", "date"]


def test_lines_are_cut_at_their_white_space() -> None:
    lines = classify_lines(PAGE, CUES)
    assert all(line.span.of(PAGE) == line.text == line.text.strip() for line in lines)
    assert [line.indent for line in lines][3:5] == [0, 2]


def test_lines_of_one_letter_make_a_block() -> None:
    blocks, outside = group_blocks(classify_lines(PAGE, CUES), CUES)
    assert [(b.head, b.salutation, b.body, b.tail) for b in blocks] == [
        ([0, 1, 2], None, [], []),
        ([], 3, [4, 5], [6, 7]),
    ]
    assert outside == []


def test_a_line_may_have_several_header_fields() -> None:
    found = read_header_fields(PAGE, classify_lines(PAGE, CUES), range(3), CUES)
    assert values(found) == [
        ("proposalNumber", "20240015"),
        ("title", "关于扶持企业的提案"),
        ("leadAgency", "市工业和信息化局"),
        ("coAgency", "市科学技术局"),
        ("coAgency", "市财政局"),
    ]
    assert all(f.span.of(PAGE) == f.value for f in found)


def test_a_signature_has_issuer_and_date() -> None:
    found = read_signature(PAGE, classify_lines(PAGE, CUES), [6, 7], CUES)
    assert values(found) == [("issuedBy", "霁川市工业和信息化局"), ("issued", "2024-05-20")]


def test_a_signature_on_the_last_line_of_the_text_is_cut_off() -> None:
    text = "感谢您的支持！霁川市财政局2024年8月20日"
    cut = split_glued_signature(text, Span(0, len(text)), CUES)
    assert cut is not None
    assert (cut[0].of(text), values(cut[1])) == (
        "感谢您的支持！",
        [("issuedBy", "霁川市财政局"), ("issued", "2024-08-20")],
    )
    plain = "感谢您的支持！"
    assert split_glued_signature(plain, Span(0, len(plain)), CUES) is None


def test_an_opening_says_who_handles_and_who_was_asked() -> None:
    assert values(find_co_handlers(OPENING, 0, len(OPENING), CUES)) == [("coAgency", "市财政局")]
    assert values(find_consulted(OPENING, 0, len(OPENING), CUES)) == [
        ("consulted", "市科技局"),
        ("consulted", "市人社局"),
    ]


def test_the_ground_of_a_reply_and_its_number() -> None:
    assert values(find_basis(BASIS, 0, len(BASIS), CUES)) == [("basedOn", "霁川市人才办法")]
    [number] = find_document_numbers("霁府办[2022]8号", 0, 11, CUES)
    assert number.value == "霁府办〔2022〕8号"


def test_a_reference_has_title_and_number_of_one_proposal() -> None:
    [found] = find_references(OPENING, 0, len(OPENING), CUES)
    assert found.title is not None and found.title.value == "关于扶持企业的提案"
    assert found.number is not None and found.number.value == "20240015"
    assert find_references(BASIS, 0, len(BASIS), CUES) == []


def test_a_session_is_named_as_short_as_it_can_be() -> None:
    text = "关于霁川市政协十四届二次会议第20230044号提案的答复"
    assert [s.of(text) for s in find_sessions(text, 0, len(text), CUES)] == ["霁川市政协十四届二次会议"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、奖补。一是给予奖励。二是设立资金。", [("一", 1, False), ("一", 1, True), ("二", 2, True)]),
        ("（三）下一步工作。", [("(三)", 3, False)]),
        ("没有编号的一段话。", [("", 0, False)]),
    ],
)
def test_a_paragraph_is_taken_apart_at_its_numbers(text: str, found: list[tuple[str, int, bool]]) -> None:
    items = find_items(text, [Span(0, len(text))], CUES)
    assert [(i.label, i.value, i.inline) for i in items] == found
    assert "".join(text[i.begin : i.end] for i in items) == text


def parts(body: str, kind: Kind) -> Outline:
    whole = Span(0, len(body))
    return build_outline(body, (Letter("d1", kind, whole, whole),), LEX)


@pytest.mark.parametrize(
    ("kind", "body", "found"),
    [
        (Kind.PROPOSAL, "一、存在问题\n融资难。\n二、建议\n加大奖补力度。", {Kind.PROBLEM, Kind.SUGGESTION}),
        (
            Kind.LEAD_REPLY,
            "一、开展工作情况\n我局已开展调研。\n二、下一步工作\n我局将加大力度。",
            {Kind.MEASURE, Kind.COMMITMENT},
        ),
    ],
)
def test_the_kind_of_a_letter_decides_what_its_parts_can_be(kind: Kind, body: str, found: set[Kind]) -> None:
    outline = parts(body, kind)
    assert {p.kind for p in outline.parts if p.kind is not None} == found
    assert {s.part for s in outline.sentences} <= {p.id for p in outline.parts} | {None}
