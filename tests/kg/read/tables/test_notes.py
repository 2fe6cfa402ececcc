"""Notes in the rows of lists: who answered, who leads, that no answer is due, and what is not understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.read.tables.notes import read_note
from kg.read.tables.organs import says_answered, says_undue
from tests.kg.read.tables.test_states import TITLE, write_rows
from tests.support.reading import read as extract_text

HEAD = ["案号", "案由", "主办单位", "会办单位", "答复内容", "备注"]


def write_row(folder: Path, *cells: str, head: list[str] = HEAD) -> tuple[list[str], tuple[str, ...]]:
    """Return the lines of the page of a row below its title, and the warnings of the list."""
    texts, warnings, _ = write_rows(folder, head, ["215", TITLE, *cells])
    return [line for line in texts["215"].splitlines()[1:] if line], warnings


@pytest.mark.parametrize(
    "words",
    ["撤案", "委员主动撤案", "退回", "不予立案", "经审查，不予立案", "不作提案办理",
     "建议转为社情民意，不作提案办理", "作来信处理",
     "与第9号合并办理", "与第9号、第12号提案并案办理", "并入第9号", "合并至第9号提案办理", "见第9号答复", "并案",
     "已并案办理（第9号）", "同12号"],
)  # fmt: skip
def test_these_say_that_no_answer_of_its_own_is_due(words: str) -> None:
    assert says_undue(words)


@pytest.mark.parametrize(
    "words", ["未办理", "退回押金", "与财政局合并办公", "合并资金2笔", "见第九章", "同意", "转市水务局办理", "退回重办"]
)
def test_these_do_not(words: str) -> None:
    assert not says_undue(words)


@pytest.mark.parametrize(
    ("words", "organs"),
    [
        ("市财政局已书面答复", {("市财政局",): True}),
        ("协办意见已收到", {("市财政局", "市水务局"): True}),
        ("会办单位均已反馈", {("市财政局", "市水务局"): True}),
        ("已收到会办单位意见", {("市财政局", "市水务局"): True}),
        ("财政局、水务局已回复，市商务局已面复", {("市财政局", "市水务局"): True, ("市商务局",): False}),
        ("主办单位已答复委员，市水务局尚未反馈", {("市商务局",): False}),
    ],
)
def test_a_note_says_who_answered(words: str, organs: dict[tuple[str, ...], bool]) -> None:
    note = read_note(words, ["市商务局"], ["市财政局", "市水务局"])
    assert {names: joins for names, joins, _ in note.answered} == organs and note.tells_state


def test_what_is_not_understood_is_left() -> None:
    note = read_note("重点提案，市教育局已答复，市财政局已回", ["市商务局"], ["市财政局"])
    assert note.unread == ["重点提案", "市教育局已答复"] and [one[0] for one in note.answered] == [("市财政局",)]
    assert read_note("退回，不属于本市职权", ["市商务局"], []).unread == []


@pytest.mark.parametrize(
    ("note", "lines"),
    [
        ("委员主动撤案", ["备注：委员主动撤案"]),
        ("与第9号合并办理", ["备注：与第9号合并办理"]),
        ("协办意见已收到", ["会办意见：", "市财政局", "协办意见已收到"]),
        ("市财政局已书面答复", ["会办意见：", "市财政局", "已书面答复"]),
        ("市商务局已书面答复委员", ["答复状态：已书面答复委员"]),
        ("会办意见不公开", ["会办意见：会办意见不公开"]),
        ("答复件不公开", ["是否公开：答复件不公开"]),
        ("会办单位尚未反馈", ["意见未收到：市财政局：会办单位尚未反馈"]),
        ("市财政局会办（协办）意见已收到", ["会办意见：", "市财政局", "会办（协办）意见已收到"]),
        ("已面复，市财政局会办意见未收到", ["答复状态：已面复", "意见未收到：市财政局：市财政局会办意见未收到"]),
        ("市财政局会办意见不公开", ["会办意见：市财政局会办意见不公开"]),
    ],
)
def test_a_row_is_printed_with_what_its_note_says(note: str, lines: list[str], tmp_path: Path) -> None:
    found, warnings = write_row(tmp_path, "市商务局", "市财政局", "", note)
    assert found[2:] == lines and not warnings


def test_a_column_of_notes_with_other_words_is_named_for_the_list(tmp_path: Path) -> None:
    rows = (
        ["215", TITLE, "市商务局", "市财政局", "", "撤案"],
        ["216", TITLE, "市商务局", "市财政局", "", "重点提案"],
    )
    texts, warnings, _ = write_rows(tmp_path, HEAD, *rows)
    assert warnings == ("columns:备注（提案!F3）",) and "重点提案" not in texts["216"]


@pytest.mark.parametrize(
    "words",
    ["已面复", "已答复", "已办结", "已书面答复委员", "2024年6月20日书面答复", "已答复，委员满意",
     "已电话答复，详见附件", "市商务局已答复"],
)  # fmt: skip
def test_that_a_reply_exists_is_no_text_of_it(words: str, tmp_path: Path) -> None:
    found, warnings = write_row(tmp_path, "市商务局", "市财政局", words, "")
    assert len(found) == 3 and found[2].startswith("答复状态：") and not warnings
    x = extract_text("\n".join([f"案由：(215){TITLE}", *found]))
    assert [letter.kind for letter in x.outline.letters] == ["Proposal"]


@pytest.mark.parametrize("words", ["已建成2处，市民满意。", "已答复群众诉求120件。", "市财政局已安排30万元。"])
def test_these_are_texts(words: str, tmp_path: Path) -> None:
    assert not says_answered(words)
    assert "答复内容：" in write_row(tmp_path, "市商务局", "市财政局", words, "")[0]


def test_one_of_two_in_charge_has_a_reply_without_text(tmp_path: Path) -> None:
    found, _ = write_row(tmp_path, "市商务局、市水务局", "", "市商务局：已书面答复", "")
    x = extract_text("\n".join([f"案由：(215){TITLE}", *found[:1], "", *found[1:], ""]))
    [reply] = [letter for letter in x.outline.letters if letter.kind == "LeadReply"]
    assert reply.body is None and reply.get_value("issuedBy") == "市商务局"


def test_all_that_share_a_proposal_lead_it(tmp_path: Path) -> None:
    head = ["案号", "案由", "承办单位（主/会办）", "承办方式"]
    assert write_row(tmp_path, "市商务局、市水务局", "双主办", head=head)[0] == ["主办单位：市商务局、市水务局"]
    assert write_row(tmp_path, "市商务局、市水务局", "", head=head)[0] == ["承办单位：市商务局、市水务局"]


def test_a_cell_of_roles_that_says_something_else_makes_nobody_join(tmp_path: Path) -> None:
    head = ["案号", "案由", "承办单位", "承办方式"]
    rows = [["21", TITLE, "市商务局", "主办"], ["22", TITLE, "市水务局", "会办"], ["23", TITLE, "市教育局", "主办"],
            ["24", TITLE, "市民政局", "主办"], ["25", TITLE, "市体育局", "待定"]]  # fmt: skip
    texts, warnings, _ = write_rows(tmp_path, head, *rows)
    assert "主办单位：市体育局" in texts["25"] and warnings == ("columns:承办方式（提案!D6）",)


def test_an_agency_that_sends_it_back_is_not_the_end_of_the_proposal(tmp_path: Path) -> None:
    head = ["案号", "案由", "承办单位", "承办方式", "办理状态"]
    rows = (["215", TITLE, "市商务局", "主办", "已答复"], ["215", TITLE, "市财政局", "协办", "退回"])
    text = write_rows(tmp_path, head, *rows)[0]["215"]
    assert "办理状态：退回" not in text and "答复状态：已答复" in text and text.endswith("市财政局\n退回\n")
