"""Tables of Word files, web pages, spreadsheets and PDF files keep each cell in its column, the empty ones too."""

from __future__ import annotations

from pathlib import Path

from tests.support.documents import text
from tests.support.format_files import docx, paragraph, workbook
from tests.support.pdf_files import drawn_pdf, show

LINES = [
    "指标 | 芦溪县 | | 岚山县",
    "指标 | 2023年 | 2024年 | 2023年 | 2024年",
    "失业率 | 3% | 2.9% | 2.5% | 2.2%",
    "新增就业 | 1200人 | 1300人 | | 900人",
]


def test_a_web_page_keeps_empty_cells_and_heads_over_several_columns(tmp_path: Path) -> None:
    rows = (
        "<tr><td rowspan=2>指标</td><td colspan=2>芦溪县</td><td colspan=2>岚山县</td></tr>"
        "<tr><td>2023年</td><td>2024年</td><td>2023年</td><td>2024年</td></tr>"
        "<tr><td>失业率</td><td>3%</td><td>2.9%</td><td>2.5%</td><td>2.2%</td></tr>"
        "<tr><td>新增就业</td><td>1200人</td><td>1300人</td><td></td><td>900人</td></tr>"
    )
    page = f"<html><body><p>就业情况如下</p><table>{rows}</table><p>下一步继续努力。</p></body></html>"
    assert text(tmp_path / "a.html", page.encode()).splitlines() == ["就业情况如下", *LINES, "下一步继续努力。"]


def cell(words: str, wide: int = 1, merge: str = "") -> str:
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{wide}"/>{merged}</w:tcPr>{paragraph(words)}</w:tc>'


def test_a_word_file_does_too(tmp_path: Path) -> None:
    rows = (
        (cell("指标", merge="restart"), cell("芦溪县", 2), cell("岚山县", 2)),
        (cell("", merge="continue"), *map(cell, ("2023年", "2024年", "2023年", "2024年"))),
        tuple(map(cell, ("失业率", "3%", "2.9%", "2.5%", "2.2%"))),
        tuple(map(cell, ("新增就业", "1200人", "1300人", "", "900人"))),
    )
    table = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    body = paragraph("就业情况如下") + f"<w:tbl>{table}</w:tbl>" + paragraph("下一步继续努力。")
    assert text(tmp_path / "a.docx", docx(body)).splitlines() == ["就业情况如下", *LINES, "下一步继续努力。"]


def test_a_spreadsheet_does_too(tmp_path: Path) -> None:
    rows = [
        ["指标", "芦溪县", "", "岚山县", ""],
        ["指标", "2023年", "2024年", "2023年", "2024年"],
        ["失业率", "3%", "2.9%", "2.5%", "2.2%"],
        ["新增就业", "1200人", "1300人", "", "900人"],
    ]
    data = workbook(rows, "就业", ("B1:C1", "D1:E1"))
    assert text(tmp_path / "a.xlsx", data).splitlines() == LINES


def test_a_pdf_file_does_too(tmp_path: Path) -> None:
    drawn = ""
    rows = (("县区", 1, "2024年", 2), ("", 1, "增速", 1, "投资", 1), ("芦溪县", 1, "", 1, "3亿元", 1))
    for y, row in enumerate(rows):
        x = 0
        for words, wide in zip(row[::2], row[1::2], strict=True):
            drawn += f"{70 + 100 * x} {700 - 30 * y} {100 * int(wide)} 30 re S\n"
            drawn += show(str(words), 80 + 100 * x, 710 - 30 * y) if words else ""
            x += int(wide)
    lines = text(tmp_path / "a.pdf", drawn_pdf([drawn])).splitlines()
    assert lines == ["县区 | 2024年", "| 增速 | 投资", "芦溪县 | | 3亿元"]


def test_columns_without_words_are_left_out(tmp_path: Path) -> None:
    rows = (tuple(map(cell, ("甲", "", "", "3家"))), tuple(map(cell, ("", "", "", "5家"))))
    table = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    assert text(tmp_path / "a.docx", docx(f"<w:tbl>{table}</w:tbl>")).splitlines() == ["甲 | 3家", "5家"]
