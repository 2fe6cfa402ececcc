"""Rows of lists: who leads, who joins in, and whose a reply or an opinion in a row is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg import read
from kg.read.tables.organs import find_subjects, is_organ, split_organs, split_roles, split_statements
from tests.support.format_files import workbook

HEAD = ["案号", "案由", "主办单位", "会办单位", "会办意见"]


def write_rows(folder: Path, cells: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return the lines below the title of each row of a workbook, without blank ones, by the row's name."""
    (folder / "表.xlsx").write_bytes(workbook(cells, merged=merged))
    found = read.find_sources([folder / "表.xlsx"]).files
    return {one.row: list(filter(None, read.load_document(one).source.text.splitlines()[1:])) for one in found}


def write_row(folder: Path, head: Sequence[str], *cells: str) -> list[str]:
    [lines] = write_rows(folder, [["案号", "案由", *head], ["215", "关于改造菜市场的提案", *cells]]).values()
    return lines


@pytest.mark.parametrize(
    "cell",
    ["甲局/乙局", "甲局、乙局", "甲局，乙局", "甲局；乙局", "甲局 乙局", "甲局\n乙局", "1.甲局 2.乙局",
     "1、甲局2、乙局", "（1）甲局（2）乙局", "①甲局②乙局", "甲局和乙局"],
)  # fmt: skip
def test_organs_stand_beside_each_other_in_many_ways(cell: str) -> None:
    named = cell.replace("甲局", "市商务局").replace("乙局", "市财政局")
    assert split_organs(named) == ["市商务局", "市财政局"]
    assert not is_organ(named)


def test_a_name_with_a_joining_word_is_one_organ() -> None:
    assert split_organs("市发展和改革局") == ["市发展和改革局"]
    assert is_organ("市住房和城乡建设局")


@pytest.mark.parametrize(
    ("cell", "lead", "co"),
    [
        ("市商务局主办，市财政局、市水务局会办", "市商务局", "市财政局、市水务局"),
        ("由市商务局牵头，市财政局配合", "市商务局", "市财政局"),
        ("主办市商务局，会办市财政局", "市商务局", "市财政局"),
        ("【主】市商务局【会】市财政局", "市商务局", "市财政局"),
        ("市商务局（分办）、市财政局（分办）", "市商务局、市财政局", ""),
    ],
)
def test_a_cell_says_in_words_who_leads(cell: str, lead: str, co: str) -> None:
    assert split_roles(cell) == (lead, co)


@pytest.mark.parametrize("cell", ["市商务局/市财政局", "市商务局和市财政局", "市会展局", "主城区管委会"])
def test_names_alone_say_nothing_of_roles(cell: str) -> None:
    assert split_roles(cell) is None


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("市财政局：同意。市水务局：无意见。", [("市财政局", "同意。"), ("市水务局", "无意见。")]),
        ("1.财政局：同意；2.水务局：无意见", [("市财政局", "同意；"), ("市水务局", "无意见")]),
        ("【市财政局】同意。", [("市财政局", "同意。")]),
        ("市财政局会办意见：同意。", [("市财政局", "同意。")]),
        ("市林业局会办意见：同意。", [("市林业局", "同意。")]),
        ("市财政局已反馈，市水务局未反馈", [("市财政局", "已反馈"), ("市水务局", "未反馈")]),
        ("同意安排。（市财政局）\n无意见。（市水务局）", [("市财政局", "同意安排。"), ("市水务局", "无意见。")]),
        ("同意安排。市财政局", [("市财政局", "同意安排。")]),
        ("同意安排。市财政局2024年5月6日", [("市财政局", "同意安排。\n市财政局\n2024年5月6日")]),
        ("会办单位：同意。", [("", "同意。")]),
        ("同意主办单位意见。", [("", "同意主办单位意见。")]),
        # a letter begins with whom it is addressed to
        ("民进市委会：您提出的提案收悉。", [("", "民进市委会：您提出的提案收悉。")]),
        ("我局意见：同意市财政局的方案。", [("", "我局意见：同意市财政局的方案。")]),
    ],
)
def test_a_cell_says_whose_words_it_holds(cell: str, said: list[tuple[str, str]]) -> None:
    found = split_statements(cell, ["市商务局"], ["市财政局", "市水务局"])
    assert [(one.organ, one.words) for one in found] == [(o, w) for o, w in said]


@pytest.mark.parametrize(
    ("cell", "organs"),
    [
        ("市财政局、市水务局均无意见。", ["市财政局", "市水务局"]),
        ("均已反馈", ["市财政局", "市水务局"]),
        ("市水务局同意。", ["市水务局"]),
        ("市水务局负责的河段尚未完工。", []),
        ("同意。", []),
    ],
)
def test_a_text_begins_with_those_who_say_it(cell: str, organs: list[str]) -> None:
    assert find_subjects(cell, ["市财政局", "市水务局"]) == organs


def test_an_opinion_is_printed_below_the_organ_whose_it_is(tmp_path: Path) -> None:
    found = write_rows(tmp_path, [
        HEAD,
        ["31", "关于改造菜市场的提案", "市商务局", "市财政局、市水务局", "市财政局：同意安排30万元。"],
        ["32", "关于改造路灯的提案", "市城管局", "市财政局、市水务局", "同意。"],
        ["33", "关于改造泵站的提案", "市水务局", "市财政局", "未反馈"],
        ["34", "关于改造桥梁的提案", "市交通局", "市财政局", "不公开"],
    ])  # fmt: skip
    assert found["31"][2:] == ["会办意见：", "市财政局", "同意安排30万元。"]
    assert found["32"][2:] == ["会办意见：", "同意。"]
    assert found["33"][2:] == []
    assert found["34"][2:] == ["会办意见：不公开"]


@pytest.mark.parametrize("cell", ["市商务局/市财政局", "1.市商务局 2.市财政局", "市商务局\n市财政局"])
@pytest.mark.parametrize("head", ["主办单位", "承办单位", "分办单位"])
def test_a_reply_in_a_row_of_two_lead_organs_is_of_neither(tmp_path: Path, head: str, cell: str) -> None:
    lines = write_row(tmp_path, [head, "答复内容"], cell, "已改造3处。")
    assert lines[-2:] == ["答复内容：", "已改造3处。"]
    lines = write_row(tmp_path, [head, "答复内容"], cell, "市财政局：已安排30万元。")
    assert lines[-3:] == ["答复内容：", "市财政局", "已安排30万元。"]


def test_a_heading_for_both_makes_the_second_organ_join_in(tmp_path: Path) -> None:
    lines = write_row(tmp_path, ["承办单位（主办/会办）", "答复内容"], "市商务局/市财政局、市水务局", "已改造3处。")
    assert lines[:2] == ["主办单位：市商务局", "会办单位：市财政局、市水务局"]
    assert write_row(tmp_path, ["承办单位（主办/会办）"], "市商务局/") == ["主办单位：市商务局"]


def test_organs_that_share_a_proposal_are_all_in_charge(tmp_path: Path) -> None:
    said = "市商务局：已改造3处。市财政局：已安排30万元。"
    lines = write_row(tmp_path, ["主办单位", "分办单位", "办理情况"], "", "市商务局、市财政局", said)
    assert lines == ["主办单位：市商务局、市财政局", "答复内容：", "市商务局", "已改造3处。", "答复内容：", "市财政局",
                     "已安排30万元。"]  # fmt: skip


def test_what_a_co_handling_organ_says_among_the_replies_is_its_opinion(tmp_path: Path) -> None:
    said = "主办单位：已改造3处。会办单位：已安排30万元。"
    lines = write_row(tmp_path, ["主办单位", "会办单位", "办理意见"], "市商务局", "市财政局", said)
    assert lines[2:] == ["答复内容：", "市商务局", "已改造3处。", "会办意见：", "市财政局", "已安排30万元。"]


def test_each_column_of_opinions_belongs_to_the_organ_beside_it(tmp_path: Path) -> None:
    head = ["主办单位", "会办单位1", "会办意见1", "会办单位2", "会办意见2"]
    lines = write_row(tmp_path, head, "市商务局", "市财政局", "", "市水务局", "无意见。")
    assert lines[1:] == ["会办单位：市财政局、市水务局", "会办意见：", "市水务局", "无意见。"]


def test_a_column_may_be_headed_by_the_organ_whose_opinions_it_holds(tmp_path: Path) -> None:
    head = ["主办单位", "会办单位", "市财政局会办意见", "市水务局意见", "提案委意见"]
    lines = write_row(tmp_path, head, "市商务局", "市财政局、市水务局", "同意。", "无意见。", "办结。")
    assert lines[2:] == ["会办意见：", "市财政局", "同意。", "会办意见：", "市水务局", "无意见。"]


def test_the_column_of_opinions_may_name_who_joins_in(tmp_path: Path) -> None:
    lines = write_row(tmp_path, ["主办单位", "会办单位及意见"], "市商务局", "市财政局：同意。")
    assert lines[1:] == ["会办单位：市财政局", "会办意见：", "市财政局", "同意。"]
    assert write_row(tmp_path, ["主办单位", "会办单位及意见"], "市商务局", "市财政局")[1:] == ["会办单位：市财政局"]


@pytest.mark.parametrize("repeated", [True, False])
def test_rows_for_each_organ_are_one_proposal(tmp_path: Path, repeated: bool) -> None:
    first = ["41", "关于改造菜市场的提案", "市商务局"]
    again = first if repeated else [None, None, None]
    cells = [HEAD, [*first, "市财政局", "同意。"], [*again, "市水务局", "无意见。"], [*again, "市住建局", None],
             ["42", "关于改造路灯的提案", "市城管局", None, None]]  # fmt: skip
    found = write_rows(tmp_path, cells)
    assert list(found) == ["41", "42"]
    assert found["41"] == [
        "主办单位：市商务局", "会办单位：市财政局、市水务局、市住建局",
        "会办意见：", "市财政局", "同意。", "会办意见：", "市水务局", "无意见。",
    ]  # fmt: skip
    merged = ["A2:A4", "B2:B4", "C2:C4"]
    assert repeated or write_rows(tmp_path, cells, merged)["41"] == found["41"]


def test_rows_of_one_number_and_two_titles_are_two_proposals(tmp_path: Path) -> None:
    cells = [HEAD, ["1", "关于改造菜市场的提案", "市商务局"], ["1", "关于改造路灯的提案", "市城管局"],
             [None, "合计", "2件"]]  # fmt: skip
    found = write_rows(tmp_path, cells)
    assert found == {"1": ["提案编号：1", "主办单位：市商务局"], "第3行": ["提案编号：1", "主办单位：市城管局"]}


def test_two_tables_of_a_page_may_use_one_number(tmp_path: Path) -> None:
    row = "<tr><td>21</td><td>关于{}的提案</td><td>市商务局</td></tr>"
    table = "<table><tr><th>案号</th><th>案由</th><th>主办单位</th></tr>{}</table>"
    tables = [table.format(row.format(what)) for what in ("改造菜市场", "改造路灯")]
    (tmp_path / "表.html").write_text(f"<html><body>{''.join(tables)}</body></html>", encoding="utf-8")
    found = read.find_sources([tmp_path / "表.html"]).files
    assert [one.row for one in found] == ["21", "21~2"]


def test_a_review_decides_who_of_the_listed_organs_leads(tmp_path: Path) -> None:
    lines = write_row(tmp_path, ["审查意见", "承办单位"], "交市商务局主办，市财政局会办", "市商务局、市财政局")
    assert lines == ["审查意见：交市商务局主办，市财政局会办", "承办单位：市商务局、市财政局"]


@pytest.mark.parametrize("cell", ["A", "B1", "A类", "（C）"])
def test_a_cell_of_a_reply_may_hold_its_class_alone(tmp_path: Path, cell: str) -> None:
    assert write_row(tmp_path, ["主办单位", "办理情况"], "市商务局", cell)[1:] == [f"办理结果：{cell}"]


def test_the_opinion_of_a_list_in_traditional_characters_is_hidden_too(tmp_path: Path) -> None:
    cells = [["案號", "案由", "主辦單位", "會辦單位", "會辦意見"],
             ["51", "關於增設托位的提案", "市教育局", "市財政局", "不公開"]]  # fmt: skip
    [lines] = write_rows(tmp_path, cells).values()
    assert lines[-1] == "会办意见：不公開"
