"""Tables of a PDF with level rules only; all places are invented."""

from __future__ import annotations

from pathlib import Path

from tests.support.documents import text
from tests.support.pdf_files import drawn_pdf, show

COLUMNS = (80, 230, 380)
HEADS = ("县区", "投入（万元）", "占比")
ROWS = (("芦溪县", "300", "60%"), ("岚山县", "200", "40%"), ("青棠县", "15.5", "3%"))


def draw_rules(*heights: float) -> str:
    return "".join(f"70 {y} m 500 {y} l S\n" for y in heights)


def draw_rows(rows: tuple[tuple[str, ...], ...], y: float = 680) -> str:
    """Return the operators that draw rows, 24 points apart, the first one as heads."""
    return "".join(
        show(cell, x, y - 24 * i, 12)
        for i, row in enumerate(rows)
        for x, cell in zip(COLUMNS, row, strict=False)
        if cell
    )


def read_page(folder: Path, drawn: str) -> list[str]:
    return text(folder / "a.pdf", drawn_pdf([drawn])).splitlines()


def test_three_level_rules_make_a_table(tmp_path: Path) -> None:
    drawn = show("投入情况如下表。", 80, 740, 12) + draw_rules(700, 672, 600) + draw_rows((HEADS, *ROWS))
    expected = ["县区 | 投入（万元） | 占比", "芦溪县 | 300 | 60%", "岚山县 | 200 | 40%", "青棠县 | 15.5 | 3%"]
    assert read_page(tmp_path, drawn) == ["投入情况如下表。", *expected]


def test_an_empty_cell_keeps_its_place_and_a_line_that_goes_on_is_joined(tmp_path: Path) -> None:
    rows = (HEADS, ("芦溪县", "", "60%"), ("岚山县高新", "200", "40%"), ("青棠县", "15", ""))
    assert read_page(tmp_path, draw_rules(700, 672, 600) + draw_rows(rows))[1:] == [
        "芦溪县 | | 60%", "岚山县高新 | 200 | 40%", "青棠县 | 15",
    ]  # fmt: skip


def test_rules_below_each_row_and_open_sides_make_a_table_too(tmp_path: Path) -> None:
    drawn = draw_rules(700, 672, 648, 624, 600) + draw_rows((HEADS, *ROWS))
    assert "岚山县 | 200 | 40%" in read_page(tmp_path, drawn)


def test_a_head_over_two_columns_stands_above_the_first(tmp_path: Path) -> None:
    drawn = draw_rules(724, 672, 600) + show("近两年情况", 290, 705, 12) + show("县区", 80, 692, 12)
    assert read_page(tmp_path, drawn + draw_rows((("", "投入", "占比"), *ROWS)))[:3] == [
        "县区 | 近两年情况", "| 投入 | 占比", "芦溪县 | 300 | 60%",
    ]  # fmt: skip


def test_the_end_of_an_official_document_is_no_table(tmp_path: Path) -> None:
    drawn = draw_rules(700, 672, 648) + show("抄送：市人大常委会办公室，市政协办公室。", 80, 680, 12)
    drawn += show("云筱市水务局办公室", 80, 656, 12) + show("2024年3月8日印发", 380, 656, 12)
    assert not any(" | " in line for line in read_page(tmp_path, drawn))


def test_lines_under_running_text_are_no_table(tmp_path: Path) -> None:
    words = (
        "全市新建社区图书室二十六个，发放补助，",
        "服务读者四万五千人次，群众反映良好，",
        "下一步将继续加大投入力度。",
    )
    drawn = draw_rules(700, 672, 648, 624) + "".join(show(line, 80, 680 - 24 * i, 12) for i, line in enumerate(words))
    assert not any(" | " in line for line in read_page(tmp_path, drawn))
