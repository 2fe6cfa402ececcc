"""Tables: a source a row where they list proposals, else one text."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from kg import read
from kg.read.values import Limits
from tests.support.documents import OFFICE
from tests.support.format_files import package, workbook

HEAD = ["序号", "案号", "案由", "提案者", "主办单位", "会办单位", "提案内容", "答复内容", "答复日期"]
ROWS = [
    ["栖河市政协五届三次会议提案一览表"],
    HEAD,
    [1, 20240015, "关于扶持企业的提案", "民建栖河市委会", "市工信局", "市财政局、市科技局", "建议加大奖补。",
     "已办理。", None],
    [2, 20240016, "关于治理河道的提案", "苏禾", "市水务局", None, "建议治理河道。", None, None],
]  # fmt: skip


def test_a_list_of_proposals_gives_a_source_a_row(tmp_path: Path) -> None:
    (tmp_path / "一览.xlsx").write_bytes(workbook(ROWS))
    found = read.find_sources([tmp_path]).files
    assert [f.id for f in found] == ["一览.xlsx/20240015", "一览.xlsx/20240016"]
    source = read.load_document(found[0]).source
    assert source.text.splitlines() == [
        "案由：(20240015)关于扶持企业的提案", "会议名称：栖河市政协五届三次会议", "提案者：民建栖河市委会",
        "主办单位：市工信局", "会办单位：市财政局、市科技局", "答复状态：已办理", "", "提案内容：", "建议加大奖补。",
    ]  # fmt: skip
    assert source.find_place(source.text.index("民建")) == "提案!D3"
    assert source.find_place(source.text.index("提案内容")) == ""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_list_may_be_csv(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [HEAD, *[["" if c is None else str(c) for c in row] for row in ROWS[2:]]]
    (tmp_path / "一览.csv").write_bytes("\r\n".join(delimiter.join(r) for r in rows).encode(encoding))
    found = read.find_sources([tmp_path / "一览.csv"]).files
    assert [f.row for f in found] == ["20240015", "20240016"]
    assert "主办单位：市水务局" in read.load_document(found[1]).source.text


def test_rows_without_a_number_are_named_by_their_place_and_merged_cells_hold_for_all(tmp_path: Path) -> None:
    rows = [["建议标题", "领衔代表", "承办单位"], ["关于养老的建议", "柳青", "市民政局"],
            ["关于托育的建议", "白榆", None]]  # fmt: skip
    (tmp_path / "清单.xlsx").write_bytes(workbook(rows, merged=["C2:C3"]))
    found = read.find_sources([tmp_path]).files
    assert [f.row for f in found] == ["第2行", "第3行"]
    assert "主办单位：市民政局" in read.load_document(found[1]).source.text


def test_any_other_table_is_one_text(tmp_path: Path) -> None:
    (tmp_path / "名单.xlsx").write_bytes(workbook([["企业", "街道"], ["甲公司", "临江街道"]], title="名单"))
    (found,) = read.find_sources([tmp_path]).files
    source = read.load_document(found).source
    assert source.text == "企业 | 街道\n甲公司 | 临江街道\n"
    assert source.find_place(source.text.index("甲公司")) == "名单!A2"


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice")
def test_older_workbooks_are_converted(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("提案")
    for y, row in enumerate(ROWS[1:]):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    book.save(str(tmp_path / "一览.xls"))
    assert [f.row for f in read.find_sources([tmp_path]).files] == ["20240015", "20240016"]


def test_styled_empty_rows_cost_nothing(tmp_path: Path) -> None:
    """A book whose style was drawn down over 65,000 rows has two rows."""
    empty = "".join(f'<c r="{c}{{y}}" s="1"/>' for c in "ABCDEFGHIJ")
    body = "".join(f'<row r="{y}">{empty.format(y=y)}</row>' for y in range(3, 65_003))
    data = workbook([["案号", "案由"], ["15", "关于托育的提案"]])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = next(name for name in parts if name.startswith("xl/worksheets/"))
    parts[sheet] = parts[sheet].replace(b"</sheetData>", body.encode() + b"</sheetData>")
    (tmp_path / "一览.xlsx").write_bytes(package(parts))
    assert [f.row for f in read.find_sources([tmp_path], limits=Limits(memory=400 << 20)).files] == ["15"]


def test_values_are_what_a_reader_of_the_sheet_sees(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([date(2024, 6, 14), 0.815, 12.5, 20240015, True, "甲\n乙"])
    sheet["B1"].number_format = "0.0%"
    book.save(tmp_path / "表.xlsx")
    assert read.read_source(tmp_path / "表.xlsx").text == "2024年6月14日 | 81.5% | 12.5 | 20240015 | 是 | 甲 乙\n"
