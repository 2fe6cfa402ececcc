"""Spreadsheets and CSV files: a list gives one text for each row, any other table one text.

A row of a list is written like the page of a portal, so that the same rules read it; each value keeps its cell.
"""

from __future__ import annotations

import csv
import io

from kg.read.decoding import decode_text
from kg.read.office.workbook import make_length_error, read_workbook
from kg.read.tables import Cell, write_table
from kg.read.tables.grid import TableGrid, clean_cell
from kg.read.tables.lists import find_list, write_list
from kg.read.values import DocumentText, Limits, NamedText, ReadError, TextWriter

_MOST_COLUMNS = 200


def read_xlsx(data: bytes, limits: Limits) -> list[NamedText]:
    """Return the texts of a workbook, each after its name: the number of the proposal, or that of the row.

    Raises:
        ReadError: damaged, encrypted, hostile, or too long.
    """
    texts: list[NamedText] = []
    empty: ReadError | None = None
    for number, (name, grid) in enumerate(read_workbook(data, limits)):
        prefix = f"{name}/" if number else ""
        try:
            rows = _convert_sheet(grid, name)
        except ReadError as error:
            empty = error
            continue
        texts += [(prefix + row if row else name if number else "", text) for row, text in rows]
    if empty is not None and not texts:
        raise empty
    return texts or [("", DocumentText(""))]


def read_csv(data: bytes, limits: Limits) -> list[NamedText]:
    """Return the texts of a CSV or TSV file; see :func:`read_xlsx`.

    Raises:
        ReadError: not text, or too long.
    """
    text, encoding = decode_text(data)
    head = text[:20_000]
    delimiter = max(",\t;", key=lambda sign: (head.count(sign), sign == ","))
    csv.field_size_limit(limits.text_chars)
    rows: dict[int, list[str]] = {}
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            row = [clean_cell(value) for value in values[:_MOST_COLUMNS]]
            if any(row):
                rows[number] = row
            if len(rows) > limits.rows:
                raise make_length_error(limits)
    except csv.Error as error:
        raise ReadError(f"CSV 格式有错（{error}）", f"broken CSV ({error})") from error
    return _convert_sheet(TableGrid(rows), "", "csv", encoding)


def _convert_sheet(grid: TableGrid, name: str, kind: str = "xlsx", encoding: str = "") -> list[NamedText]:
    """Return the texts of a sheet by the names of their rows; a table that lists nothing is one text without a name."""
    place = f"{name}!" if name else ""
    if table := find_list(grid, name):
        listed = list(write_list(table, grid, kind, encoding, place))
        if not listed and max(grid.rows) >= table.first_row:
            raise ReadError("表里没有一行有编号、标题或答复", "no row of the list has a number, a title or a reply")
        return listed
    out = TextWriter(kind, encoding)
    rows = grid.fill_down()
    write_table(out, [[Cell(cell) for cell in row] for row in rows.values()], place, tuple(rows))
    return [("", out.finish())]
