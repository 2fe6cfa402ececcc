"""Rows of lists that say who answered and who did not, rows without a title, and dates that do not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import read
from kg.join.replies.notices import find_reply_dates
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


REPLIED = ["案号", "案由", "主办单位", "会办单位", "答复情况"]
STATE = ["案号", "案由", "主办单位", "会办单位", "办理状态", "答复内容"]


@pytest.mark.parametrize(
    "words",
    ["正在研究，拟于9月底前书面答复委员。", "拟于2024年9月底前答复", "延期至11月答复", "预计下周回复", "暂未答复",
     "同上", "委员主动撤案", "退回", "撤回提案", "不予立案", "转为社情民意"],
)  # fmt: skip
def test_a_cell_for_a_reply_that_tells_its_state_is_no_reply(words: str, tmp_path: Path) -> None:
    x = extract_text(write_row(tmp_path, "市商务局", "市财政局", words, head=REPLIED))
    assert [letter.kind for letter in x.outline.letters] == ["Proposal"]


@pytest.mark.parametrize(
    "words", ["正在研究选址方案。", "拟于9月底前建成2处。", "已撤回摊位3个。", "已退回押金2万元。"]
)
def test_these_are_replies(words: str, tmp_path: Path) -> None:
    x = extract_text(write_row(tmp_path, "市商务局", "市财政局", words, head=REPLIED))
    assert [letter.kind for letter in x.outline.letters] == ["LeadReply", "Proposal"]


def test_a_page_with_a_state_below_the_heading_of_a_reply_has_none() -> None:
    x = extract_text(
        f"案号：215\n案由：{TITLE}\n主办单位：市商务局\n\n答复内容：\n正在办理，拟于9月底前书面答复代表。\n"
    )
    assert [letter.kind for letter in x.outline.letters] == ["Proposal"]


def test_what_stands_beside_a_return_is_its_reason(tmp_path: Path) -> None:
    text = write_row(tmp_path, "市商务局", "市财政局", "退回", "不属于本市职权。", head=STATE)
    assert text.endswith("办理状态：退回，不属于本市职权。\n") and "答复内容" not in text


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("已答复（不公开）", ["是否公开：不公开", "办理状态：已答复（不公开）"]),
        ("B类", ["办理结果：B类"]),
        ("办理中", ["办理状态：办理中"]),
        ("是", ["是否答复：是"]),
    ],
)
def test_the_state_of_a_reply_is_read(words: str, lines: list[str], tmp_path: Path) -> None:
    text = write_row(tmp_path, "市商务局", "", words, "", head=STATE)
    assert text.splitlines()[2:] == lines


@pytest.mark.parametrize(
    ("line", "is_there"),
    [("办理状态：已答复", True), ("是否答复：是", True), ("办理状态：办理中", False), ("是否答复：否", False),
     ("办理状态：未答复", False), ("办理状态：撤案", False)],
)  # fmt: skip
def test_a_state_tells_that_there_is_a_reply(line: str, is_there: bool) -> None:
    assert bool(list(find_reply_dates(line, 0, len(line)))) is is_there


@pytest.mark.parametrize("day", ["计划2024-09-30", "9月底前", "2024年9月30日前答复", "2024-09-30（拟）"])
def test_a_planned_day_dates_no_reply(day: str, tmp_path: Path) -> None:
    assert "答复日期" not in write_row(tmp_path, "市商务局", day, head=[*HEAD[:3], "答复日期"])


def test_a_column_says_what_the_agency_of_its_row_does(tmp_path: Path) -> None:
    head = ["案号", "案由", "承办单位", "承办方式", "答复情况"]
    texts, warnings, _ = write_rows(
        tmp_path,
        head,
        ["215", TITLE, "市商务局", "主办", "未按期答复"],
        ["215", TITLE, "市财政局", "会办", "已反馈"],
        ["216", TITLE, "市水务局", "分办", ""],
        ["216", TITLE, "市教育局", "分办", "2024年6月20日书面答复"],
    )
    assert not warnings
    assert "主办单位：市商务局\n会办单位：市财政局\n" in texts["215"]
    assert texts["215"].endswith("会办意见：\n市财政局\n已反馈\n")
    assert "主办单位：市水务局、市教育局\n" in texts["216"]
    [reply, _] = extract_text(texts["216"]).outline.letters
    assert reply.kind == "LeadReply" and [f.value for f in reply.get_fields("issuedBy")] == ["市教育局"]


def test_the_state_in_the_row_of_an_agency_is_its_own(tmp_path: Path) -> None:
    head = ["案号", "案由", "承办单位", "承办方式", "是否答复"]
    rows = (["215", TITLE, "市商务局", "主办", "否"], ["215", TITLE, "市财政局", "协办", "是"])
    text = write_rows(tmp_path, head, *rows)[0]["215"]
    assert text.endswith("会办意见：\n市财政局\n是\n") and "是否答复" not in text


def test_a_cell_may_repeat_the_one_above_in_words(tmp_path: Path) -> None:
    rows = (["215", TITLE, "市商务局", "市财政局", "已建成2处。"], ["216", "关于修缮古桥的提案", "同上", "〃", "同上"])
    text = write_rows(tmp_path, REPLIED, *rows)[0]["216"]
    assert text.splitlines()[1:] == ["主办单位：市商务局", "会办单位：市财政局"]


def test_agencies_that_share_a_proposal_are_told_from_what_they_do(tmp_path: Path) -> None:
    text = write_row(tmp_path, "市商务局、市财政局分别办理", "", "", head=HEAD)
    assert text.splitlines()[1:] == ["主办单位：市商务局、市财政局"]
