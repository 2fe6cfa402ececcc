"""Rows of lists that say who answered and who did not, rows without a title, and dates that do not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import read
from kg.join.notices import find_reply_dates
from kg.read.tables.organs import find_subjects, says_none, split_statements, split_states
from tests.support.format_files import workbook
from tests.support.reading import read as extract_text

HEAD = ["案号", "案由", "主办单位", "会办单位", "会办意见"]
TITLE = "关于改造菜市场的提案"


def write_rows(folder: Path, *rows: list[str]) -> tuple[dict[str, str], tuple[str, ...], list[str]]:
    """Return the texts of a workbook by row, the warnings, and the errors."""
    (folder / "表.xlsx").write_bytes(workbook(rows))
    listing = read.find_sources([folder / "表.xlsx"])
    documents = {one.row: read.load_document(one) for one in listing.files}
    warnings = tuple(warning for one in documents.values() for warning in one.report.warnings)
    return {row: one.source.text for row, one in documents.items()}, warnings, [u.error.en for u in listing.unreadable]


def write_row(folder: Path, *cells: str, head: list[str] = HEAD) -> str:
    texts, _, _ = write_rows(folder, head, ["215", TITLE, *cells])
    return texts["215"]


@pytest.mark.parametrize(
    "words",
    ["暂未收到", "暂未收到。", "待反馈", "未反馈", "尚未提交", "未回", "暂无反馈", "无回复", "没有收到", "待提交",
     "未收到会办意见", "仍未反馈意见", "已催办",
     "征求意见中", "尚未收悉", "待收", "未按时反馈", "暂未回复意见", "逾期", "等待反馈"],
)  # fmt: skip
def test_a_cell_says_that_nothing_came(words: str, tmp_path: Path) -> None:
    assert says_none(words)
    assert "会办意见" not in write_row(tmp_path, "市商务局", "市财政局", words)


@pytest.mark.parametrize(
    "words", ["无意见", "没有意见", "未提出意见", "无不同意见", "同意", "已反馈", "未反馈不同意见", "无答复期限要求"]
)
def test_these_are_opinions(words: str) -> None:
    assert not says_none(words)


def test_a_bracket_behind_a_name_is_its_state_and_no_part_of_it(tmp_path: Path) -> None:
    cell = "市财政局（已回）、市教育局（未回）"
    assert split_states(cell) == ("市财政局、市教育局", {"市财政局": "已回", "市教育局": "未回"})
    text = write_row(tmp_path, "市商务局", cell, head=HEAD[:4])
    assert "会办单位：市财政局、市教育局\n" in text and "会办意见：\n市财政局\n已回\n" in text
    x = extract_text(text)
    assert {e.label for e in x.entities} == {"市商务局", "市财政局", "市教育局"}
    [opinion] = [one for one in x.outline.letters if one.kind == "CoHandlingOpinion"]
    assert [field.value for field in opinion.get_fields("issuedBy")] == ["市财政局"]


@pytest.mark.parametrize(
    ("cell", "bare", "states"),
    [
        ("市财政局√ 市教育局×", "市财政局 市教育局", {"市财政局": "√", "市教育局": "×"}),
        ("市财政局（会办，已反馈）", "市财政局（会办）", {"市财政局": "已反馈"}),
        (
            "市财政局(待反馈)\n市教育局（已书面回复）",
            "市财政局\n市教育局",
            {"市财政局": "待反馈", "市教育局": "已书面回复"},
        ),
        ("市财政局：已报送；市教育局：尚未提交", "市财政局；市教育局", {"市财政局": "已报送", "市教育局": "尚未提交"}),
        ("市商务局（口岸办）", "市商务局（口岸办）", {}),
        ("市财政局（主办）、市教育局（会办）", "市财政局（主办）、市教育局（会办）", {}),
    ],
)
def test_states_stand_behind_names_in_many_ways(cell: str, bare: str, states: dict[str, str]) -> None:
    assert split_states(cell) == (bare, states)


def test_an_opinion_in_the_row_says_more_than_the_state(tmp_path: Path) -> None:
    text = write_row(tmp_path, "市商务局", "市财政局（已回）、市教育局（未回）", "市财政局：同意改造。")
    assert "市财政局\n同意改造。" in text and "已回" not in text


def test_states_in_the_column_of_opinions_name_the_agencies(tmp_path: Path) -> None:
    text = write_row(tmp_path, "市商务局", "市财政局（已回）\n市教育局（未回）", head=[*HEAD[:3], "会办意见"])
    assert "会办单位：市财政局、市教育局\n" in text and text.endswith("会办意见：\n市财政局\n已回\n")


@pytest.mark.parametrize(
    "words",
    ["市财政局、市教育局均无意见", "市财政局、市教育局均同意", "市财政局和市教育局都没有意见",
     "市财政局、市教育局两家单位均无不同意见",
     "财政局、教育局均原则同意", "均无意见", "各会办单位均同意"],
)  # fmt: skip
def test_what_several_agencies_say_together_is_said_by_each(words: str, tmp_path: Path) -> None:
    assert find_subjects(words, ["市财政局", "市教育局"]) == ["市财政局", "市教育局"]
    x = extract_text(write_row(tmp_path, "市商务局", "市财政局、市教育局", words))
    [opinion] = [one for one in x.outline.letters if one.kind == "CoHandlingOpinion"]
    assert [field.value for field in opinion.get_fields("issuedBy")] == ["市财政局", "市教育局"]


def test_a_list_without_a_column_of_agencies_has_them_from_the_opinion(tmp_path: Path) -> None:
    head = [*HEAD[:3], "会办意见"]
    text = write_row(tmp_path, "市商务局", "市财政局、市教育局都没有意见", head=head)
    assert "会办单位：市财政局、市教育局\n" in text


def test_clauses_with_a_mark_of_lists_between_them_are_told_apart() -> None:
    said = split_statements("市财政局已回、市教育局未回、市水务局已回", [], ["市财政局", "市教育局", "市水务局"])
    assert [(one.organ, one.words) for one in said] == [
        ("市财政局", "已回"),
        ("市教育局", "未回"),
        ("市水务局", "已回"),
    ]


def test_a_row_without_a_title_is_kept_by_its_number(tmp_path: Path) -> None:
    texts, _, _ = write_rows(
        tmp_path, HEAD, ["215", "", "市商务局", "市财政局", "市财政局：同意。"], ["216", TITLE, "市水务局", "", ""]
    )
    assert list(texts) == ["215", "216"]
    x = extract_text(texts["215"])
    [opinion] = [one for one in x.outline.letters if one.kind == "CoHandlingOpinion"]
    assert len(opinion.get_fields("repliesTo")) == 1


def test_a_row_that_names_no_proposal_is_named(tmp_path: Path) -> None:
    rows = (HEAD, ["", "", "市商务局", "市财政局", ""], ["216", TITLE, "市水务局", "", ""])
    texts, warnings, _ = write_rows(tmp_path, *rows)
    assert list(texts) == ["216"] and warnings == ("rows:第2行",)
    [error] = write_rows(tmp_path, *rows[:2])[2]
    assert error.endswith("表.xlsx: no row of the list has a number, a title or a reply")


@pytest.mark.parametrize("day", ["2024-13-45", "2023年2月30日", "20240231", "2024.00.12", "2024/6/31"])
def test_a_date_that_does_not_exist_is_none_and_is_told(day: str, tmp_path: Path) -> None:
    texts, warnings, _ = write_rows(tmp_path, [*HEAD[:3], "答复日期"], ["215", TITLE, "市商务局", day])
    assert [one.partition(":")[0] for one in warnings] == ["dates"] and warnings[0].startswith("dates:提案!D2 ")
    assert not list(find_reply_dates(texts["215"], 0, len(texts["215"])))
    assert not [f for one in extract_text(texts["215"]).outline.letters for f in one.fields if f.name == "issued"]


def test_a_date_that_exists_is_one(tmp_path: Path) -> None:
    texts, warnings, _ = write_rows(tmp_path, [*HEAD[:3], "答复日期"], ["215", TITLE, "市商务局", "2024-06-30"])
    assert not warnings and list(find_reply_dates(texts["215"], 0, len(texts["215"])))


def test_a_form_says_who_answered_too(tmp_path: Path) -> None:
    rows = (
        ("提案编号", "215"),
        ("案由", TITLE),
        ("主办单位", "市商务局"),
        ("会办单位", "市财政局（已回）、市教育局（未回）"),
    )
    cells = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
    (tmp_path / "表.html").write_text(f"<html><body><p>提案办理情况表</p><table>{cells}</table></body></html>")
    x = extract_text(read.read_source(tmp_path / "表.html").text)
    [opinion, proposal] = x.outline.letters
    assert [f.value for f in opinion.get_fields("issuedBy")] == ["市财政局"]
    assert [f.value for f in proposal.get_fields("coAgency")] == ["市财政局", "市教育局"]


def test_a_table_of_suggestions_and_answers_lists_no_proposals(tmp_path: Path) -> None:
    rows = (("建议内容", "答复意见"), ("增加托位", "已新增托位120个。"), ("加强培训", "已培训保育员30名。"))
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    (tmp_path / "复.html").write_text(
        f"<html><body><p>王芳委员：</p><p>答复如下：</p><table>{cells}</table></body></html>"
    )
    assert "增加托位 | 已新增托位120个。" in read.read_source(tmp_path / "复.html").text
    assert len(read.find_sources([tmp_path / "复.html"]).files) == 1
