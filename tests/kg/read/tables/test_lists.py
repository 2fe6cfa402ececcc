"""Lists: what a column holds is told by its head and its values; what is not read is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

import kg
from kg import read
from kg.read.tables.grid import Area, TableGrid
from kg.read.tables.lists import find_list
from kg.read.tables.organs import split_roles
from tests.support.format_files import workbook


def rows(folder: Path, cells: Sequence[Sequence[object]], **options: object) -> dict[str, list[str]]:
    """Return the lines of each row of a workbook by the row's name."""
    (folder / "表.xlsx").write_bytes(workbook(cells, **options))  # type: ignore[arg-type]
    found = read.find_sources([folder / "表.xlsx"]).files
    return {one.row: read.load_document(one).source.text.splitlines() for one in found}


def test_a_head_of_two_rows_names_each_column_with_both(tmp_path: Path) -> None:
    cells = [
        ["栖河市政协五届三次会议提案办理情况一览表"],
        ["序号", "提案编号", "案由", "承办单位", None, "答复", None],
        [None, None, None, "主办", "会办", "日期", "文号"],
        [1, "20240101", "关于建设口袋公园的提案", "市园林局", "市财政局、市水务局", date(2024, 6, 14), "栖园3号"],
        [2, "20240102", "关于整治积水点的提案", None, "市住建局", 45463, "—"],
    ]
    merged = ["A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2", "D4:D5"]
    found = rows(tmp_path, cells, merged=merged)
    assert found["20240101"][2:] == [
        "主办单位：市园林局", "会办单位：市财政局、市水务局", "答复日期：2024年6月14日", "答复文号：栖园3号",
    ]  # fmt: skip
    assert found["20240102"][2:] == ["主办单位：市园林局", "会办单位：市住建局", "答复日期：2024年6月20日"]


def test_a_head_of_two_rows_is_found_without_merged_cells(tmp_path: Path) -> None:
    text = "提案编号,案由,承办单位,,答复日期\n,,主办,会办,\n15,关于建设口袋公园的提案,市园林局,市财政局,20240614\n"
    (tmp_path / "表.csv").write_text(text, encoding="utf-8")
    (found,) = read.find_sources([tmp_path / "表.csv"]).files
    lines = read.load_document(found).source.text.splitlines()
    assert lines[1:] == ["主办单位：市园林局", "会办单位：市财政局", "答复日期：2024年6月14日"]


@pytest.mark.parametrize(
    ("cell", "lead", "co"),
    [
        ("主：市教育局；会：市财政局", "市教育局", "市财政局"),
        ("主办单位：市教育局 会办单位：市财政局、市水务局", "市教育局", "市财政局、市水务局"),
        ("市教育局（主办）、市财政局（会办）、市水务局（会办）", "市教育局", "市财政局、市水务局"),
        ("市教育局(主)\n市财政局(协)", "市教育局", "市财政局"),
    ],
)
def test_a_cell_may_name_lead_and_co_handling_organs(cell: str, lead: str, co: str) -> None:
    assert split_roles(cell) == (lead, co)


def test_a_cell_without_roles_is_left_as_it_is() -> None:
    assert split_roles("市教育局、市财政局") is None


@pytest.mark.parametrize("head", ["承办单位（主/会）", "主/会办单位", "主会办单位", "办理单位（主办、协办）"])
@pytest.mark.parametrize("cell", ["主：市教育局；会：市财政局", "市教育局（主）、市财政局（会）", "市教育局/市财政局"])
def test_one_column_for_lead_and_co_handling_organs_is_no_reply(tmp_path: Path, head: str, cell: str) -> None:
    found = rows(tmp_path, [["案号", "案由", head], ["15", "关于托育的提案", cell]])
    assert found["15"] == ["案由：(15)关于托育的提案", "主办单位：市教育局", "会办单位：市财政局"]


@pytest.mark.parametrize(
    "head", ["答复摘要", "办理情况说明", "落实情况", "答复内容要点", "办理及落实情况", "反馈情况", "承办单位意见"]
)
def test_offices_call_the_column_of_answers_by_many_names(tmp_path: Path, head: str) -> None:
    found = rows(tmp_path, [["案号", "案由", head], ["15", "关于托育的提案", "新增托位120个。"]])
    assert found["15"][-2:] == ["答复内容：", "新增托位120个。"]


def test_a_column_named_like_organs_that_holds_sentences_is_the_answer(tmp_path: Path) -> None:
    found = rows(tmp_path, [["案号", "案由", "答复"], ["15", "关于托育的提案", "已新增托位120个。"]])
    assert found["15"][-2:] == ["答复内容：", "已新增托位120个。"]


def test_a_column_says_in_words_who_handles_a_proposal(tmp_path: Path) -> None:
    found = rows(tmp_path, [["案号", "案由", "分办意见"], ["15", "关于托育的提案", "由市教育局主办，市财政局会办"]])
    assert found["15"][-1] == "审查意见：由市教育局主办，市财政局会办"


def test_columns_that_are_not_read_are_named_once(tmp_path: Path) -> None:
    cells = [["序号", "案号", "案由", "联系电话", "满意度", "备注"],
             [1, "15", "关于托育的提案", "0700-1", "满意", None],
             [2, "16", "关于养老的提案", "0700-2", "满意", None]]  # fmt: skip
    (tmp_path / "表.xlsx").write_bytes(workbook(cells))
    found = read.find_sources([tmp_path]).files
    assert [read.load_document(one).report.warnings for one in found] == [("columns:联系电话、满意度",), ()]


def test_a_list_of_policies_is_no_list_of_proposals(tmp_path: Path) -> None:
    cells = [["发布时间", "标题", "文号", "发文机关", "内容"],
             [date(2024, 3, 1), "关于支持托育服务的若干措施", "栖政办发〔2024〕7号", "栖河市人民政府办公室",
              "对新建托位每个补助1万元。"]]  # fmt: skip
    assert rows(tmp_path, cells)["第2行"] == [
        "发文机关：栖河市人民政府办公室", "发文字号：栖政办发〔2024〕7号", "发布日期：2024年3月1日", "",
        "关于支持托育服务的若干措施", "", "对新建托位每个补助1万元。",
    ]  # fmt: skip


def test_a_list_of_messages_keeps_the_message_beside_the_answer(tmp_path: Path) -> None:
    cells = [["留言编号", "留言主题", "留言详情", "答复意见", "答复时间"],
             ["3001", "路灯不亮", "临江路有路灯不亮。", "已修复。", date(2024, 3, 6)]]  # fmt: skip
    assert rows(tmp_path, cells)["3001"] == [
        "留言编号：3001", "留言主题：路灯不亮", "回复时间：2024年3月6日", "留言详情：临江路有路灯不亮。",
        "回复：已修复。",
    ]  # fmt: skip


def test_a_list_in_traditional_characters_is_found_and_written_as_printed(tmp_path: Path) -> None:
    cells = [
        ["棲河市政協五屆三次會議提案辦理情況"],
        ["提案編號", "案由", "提案者", "承辦單位", "答覆日期", "聯繫電話"],
        ["20250118", "關於完善農村供水的提案", "顧雲舟", "主辦：市水利局；會辦：市財政局", 45463, "0000"],
    ]
    (tmp_path / "表.xlsx").write_bytes(workbook(cells))
    [found] = read.find_sources([tmp_path / "表.xlsx"]).files
    document = read.load_document(found)
    assert found.row == "20250118"
    assert document.source.text.splitlines() == [
        "案由：(20250118)關於完善農村供水的提案", "会议名称：棲河市政協五屆三次會議", "提案者：顧雲舟",
        "主办单位：市水利局", "会办单位：市財政局", "答覆日期：2024年6月20日",
    ]  # fmt: skip
    assert document.report.warnings == ("columns:聯繫電話",)


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        (
            [["發佈日期", "標題", "文號", "發文機關", "內容"],
             ["2024-03-01", "關於支持託育服務的若干措施", "棲政辦發〔2024〕7號", "棲河市人民政府辦公室",
              "對新建託位每個補助1萬元。"]],
            ["發文機關：棲河市人民政府辦公室", "文號：棲政辦發〔2024〕7號", "發佈日期：2024-03-01", "",
             "關於支持託育服務的若干措施", "", "對新建託位每個補助1萬元。"],
        ),
        (
            [["留言編號", "留言主題", "留言詳情", "回覆", "回覆時間"],
             ["3001", "路燈不亮", "臨江路有路燈不亮，請盡快維修。", "已經修復。", "2024-03-06"]],
            ["留言編號：3001", "留言主題：路燈不亮", "回覆時間：2024-03-06", "留言詳情：臨江路有路燈不亮，請盡快維修。",
             "回覆：已經修復。"],
        ),
    ],
)  # fmt: skip
def test_lists_of_policies_and_messages_may_be_in_traditional_characters(
    tmp_path: Path, cells: Sequence[Sequence[object]], lines: list[str]
) -> None:
    assert list(rows(tmp_path, cells).values()) == [lines]


def test_a_title_above_the_table_tells_what_an_ambiguous_head_lists() -> None:
    grid = TableGrid({1: ["标题", "承办单位"], 2: ["关于托育", "市教育局"]})
    found = find_list(grid, "栖河市政协提案一览")
    assert found is not None and found.kind == "proposals"
    assert find_list(grid, "处室电话表") is None


def test_merged_cells_without_a_value_are_no_error() -> None:
    grid = TableGrid({1: ["案号", "案由"], 2: ["1", "关于托育的提案"]}, (Area(2, 3, 4, 3), Area(9, 1, 12, 1)))
    assert grid.fill_down() == {1: ["案号", "案由"], 2: ["1", "关于托育的提案"]}


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("未答复", "no"),
        ("正在办理", "no"),
        ("待答复", "no"),
        ("不公开", "ReplyNotPublished"),
        ("已新建绿道三公里。", "yes"),
    ],
)
def test_a_cell_that_says_there_is_no_reply_answers_nothing(tmp_path: Path, cell: str, state: str) -> None:
    (tmp_path / "list.csv").write_text(
        f"提案号,案由,提案人,主办单位,办理情况\n201,关于修建绿道的提案,张三,市园林局,{cell}\n"
        "202,关于扩建学校的提案,李四,市教育局,已增设学位500个。\n",
        encoding="utf-8",
    )
    kg.build(tmp_path / "list.csv", tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        rows = list(graph.query(name="handling"))
    assert [row["opinion"] for row in rows if row["number"] == "201"] == [state]
