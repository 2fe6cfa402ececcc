"""Tables as a spreadsheet (Excel): filters, fitting widths, wrapped text, numbers and dates as such.

Of the result of a query it makes a whole file; reports fill their sheets with it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from pyoxigraph import Literal

from kg.errors import UsageError
from kg.files import make_xml_safe
from kg.graph.result import Result, Term, get_python_value
from ontology.terms import XSD

CellValue = str | int | float | bool | Decimal | date | None
"""What a cell can be given."""

_HEAD = PatternFill("solid", fgColor="FF1F4E79")
_WRAP = Alignment(wrap_text=True, vertical="top")
_EPOCH = datetime(2000, 1, 1)
"""Date of every file, so that equal results give equal bytes."""
_LEAST_WIDTH, _MOST_WIDTH = 8, 60
"""Bounds of the width of a column, in characters."""
_PAGE_WIDTH = 230
"""Widest sheet that is shrunk to the width of a page, in characters; a wider one would be too small to read."""
_LINE_HEIGHT = 16.0
"""Height of a line of text in points."""
_MOST_LINES = 25
"""Most lines of a row: spreadsheets allow 409 points."""
MOST_ROWS = 1_048_576
"""Rows of a sheet, that of the titles included."""
_MOST_CHARACTERS = 32_767
_CUT = "…"
_MOST_DIGITS = 15
"""A number with more digits would lose some; it is written as text."""


def make_spreadsheet(result: Result, title: str = "") -> bytes:
    """Return the bytes of an .xlsx file of *result*; equal results give equal bytes.

    Args:
        result: rows, a truth value or triples.
        title: name of the sheet.

    Raises:
        UsageError: there are more rows than a sheet can hold.
    """
    rows = result.list_rows()
    if len(rows) >= MOST_ROWS:
        raise UsageError(
            f"结果有 {len(rows):,} 行，一张表最多 {MOST_ROWS - 1:,} 行；请加上 LIMIT 或写成 csv",
            f"the result has {len(rows):,} rows, a sheet holds {MOST_ROWS - 1:,}; add LIMIT or write csv",
        )
    book = Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "result"
    fill_sheet(sheet, result.list_columns(), [[_get_cell_value(term) for term in row] for row in rows])
    return save_book(book, "kg query")


def fill_sheet(
    sheet: Worksheet, columns: Sequence[str], rows: Sequence[Sequence[CellValue]], kinds: Sequence[str] = ()
) -> None:
    """Fill an empty sheet: a frozen head with filters, fitting widths, wrapped text.

    Args:
        sheet: the sheet.
        columns: titles of the columns.
        rows: the cells; text is never a formula.
        kinds: ``share`` for each column whose numbers are shown as percentages.
    """
    shares = {number for number, kind in enumerate(kinds, 1) if kind == "share"}
    widths = [_LEAST_WIDTH] * len(columns)
    lines: list[list[str]] = []
    for number, name in enumerate(columns, 1):
        head = sheet.cell(1, number, name)
        head.font, head.fill, head.alignment = Font(bold=True, color="FFFFFFFF"), _HEAD, _WRAP
        widths[number - 1] = max(widths[number - 1], _measure_width(name) + 4)  # room for the button of the filter
    for row_number, row in enumerate(rows, 2):
        lines.append(
            [
                _fill_cell(sheet.cell(row_number, number), value, is_share=number in shares)
                for number, value in enumerate(row, 1)
            ]
        )
        widths = [max(width, _measure_width(text) + 2) for width, text in zip(widths, lines[-1], strict=True)]
    widths = [min(width, _MOST_WIDTH) for width in widths]
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row_number, texts in enumerate(lines, 2):
        most = max((_count_lines(text, width) for text, width in zip(texts, widths, strict=True)), default=1)
        sheet.row_dimensions[row_number].height = _LINE_HEIGHT * most
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    if sum(widths) <= _PAGE_WIDTH:
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0  # as many pages as it takes, each as wide as the sheet
    if columns:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"


def save_book(book: Workbook, creator: str) -> bytes:
    """Return the bytes of a file without the time of writing, so that equal books give equal bytes."""
    book.properties.creator, book.properties.created, book.properties.modified = creator, _EPOCH, _EPOCH
    return _save_without_time(book)


def _fill_cell(cell: Cell, value: CellValue, *, is_share: bool = False) -> str:
    """Write *value* into *cell* and return the text that the cell shows."""
    cell.alignment = _WRAP
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() and not is_share else float(value)
    if isinstance(value, str):
        value = _cut_text(value)
    if value is None or value == "":
        return ""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # text that begins with = must not become a formula
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif is_share:
        cell.number_format = "0%"
    elif not isinstance(value, bool) and abs(value) >= 10_000:
        cell.number_format = "#,##0" if isinstance(value, int) else "#,##0.00"
    return str(value)


def _get_cell_value(term: Term | None) -> CellValue:
    """Return *term* as a number, truth value or date if a sheet can hold it as such, else as text."""
    if isinstance(term, Literal) and term.datatype.value == XSD + "date":
        try:
            found = date.fromisoformat(term.value)
        except ValueError:
            return term.value
        return found if found.year >= 1900 else term.value
    if isinstance(term, Literal) and term.datatype.value == XSD + "gYear" and re.fullmatch(r"\d{4}", term.value):
        return int(term.value)
    value = get_python_value(term)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        printed = getattr(term, "value", str(value))
        if not isfinite(value) or len(re.sub(r"\D", "", printed).strip("0")) > _MOST_DIGITS:
            return str(printed)
        return int(value) if float(value).is_integer() else value
    return value


def _cut_text(value: str) -> str:
    """Return text that a cell can hold."""
    text = make_xml_safe(value)
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + _CUT


def _measure_width(text: str) -> int:
    """Return the width of the longest line of *text*; a Chinese character is two wide."""
    lines = text[: 4 * _MOST_WIDTH].split("\n")
    return max(sum(2 if east_asian_width(char) in "WF" else 1 for char in line) for line in lines)


def _count_lines(text: str, width: int) -> int:
    """Return the number of lines of *text* in a column: programs do not measure wrapped text themselves."""
    count = 0
    for line in text.split("\n")[:_MOST_LINES]:
        count += max(1, -(-sum(2 if east_asian_width(char) in "WF" else 1 for char in line[:2000]) // (width - 1)))
    return min(count, _MOST_LINES)


def _save_without_time(book: Workbook) -> bytes:
    """Return the bytes of the file with fixed times instead of the time of writing, which openpyxl puts into it."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
