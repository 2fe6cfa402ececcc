"""Spreadsheets and CSV files: a list of proposals gives one text for each row, any other table one text.

A row of a list is written like the page of a portal, so that the same rules read it; each value keeps its cell.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

from kg.read.decoding import decode_text
from kg.read.office.package import OfficePackage
from kg.read.tables import Cell, name_column, write_table
from kg.read.values import DocumentText, Limits, ReadError, TextWriter

_MOST_COLUMNS = 200
_WITH_MERGED = 4 << 20
"""Largest size of a workbook whose merged cells are read, in bytes: they need the whole workbook in memory."""
_MOST_MERGED_AREAS = 5_000
_MOST_MERGED_ROWS = 2_000
_SIGNATURE = 80
"""Number of characters at the end of a reply that contain its signature."""
_LONG_HEAD = 20
"""Largest number of characters of a column's heading."""
_CONTROL = re.compile(r"_x000D_|[\x00-\x08\x0b-\x1f\u200b\ufeff]")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table as it was read."""

    rows: list[list[str]]
    kind: str
    """Format of the document: ``xlsx`` or ``csv``."""
    encoding: str = ""
    mark_prefix: str = ""
    """Text before the name of a cell in a mark: ``Sheet1!``."""
    name_prefix: str = ""
    """Text before the name of a row: the sheet, if it is not the first."""


def read_xlsx(data: bytes, limits: Limits) -> list[tuple[str, DocumentText]]:
    """Return the texts of a workbook, each after its name: the number of the proposal, or that of the row.

    Raises:
        ReadError: damaged, encrypted, hostile, too long, or the library is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise ReadError(
            "读 Excel 需要 openpyxl：pip install proposal-kg[excel]",
            "Excel needs openpyxl: pip install proposal-kg[excel]",
        ) from error
    _check_package(data, limits)
    with_merged = len(data) <= _WITH_MERGED
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=not with_merged, data_only=True, keep_links=False)
    texts: list[tuple[str, DocumentText]] = []
    size = 0
    for number, sheet in enumerate(book.worksheets, 1):
        merged = _read_merged_cells(sheet) if with_merged else {}
        rows: list[list[str]] = []
        for y, values in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
            if y > limits.rows:
                raise _make_length_error(limits)
            row = [_format_value(merged.get((y, x), value)) for x, value in enumerate(values, 1)]
            size += sum(map(len, row))
            if size > limits.file_bytes:
                raise _make_length_error(limits)
            rows.append(row)
        if any(any(row) for row in rows):
            name_prefix = f"{sheet.title}/" if number > 1 else ""
            texts += _convert_sheet(_Sheet(rows, "xlsx", "", f"{sheet.title}!", name_prefix))
    return texts or [("", DocumentText(""))]


def read_csv(data: bytes, limits: Limits) -> list[tuple[str, DocumentText]]:
    """Return the texts of a CSV or TSV file; see :func:`read_xlsx`.

    Raises:
        ReadError: not text, or too long.
    """
    text, encoding = decode_text(data)
    head = text[:20_000]
    delimiter = max(",\t;", key=lambda sign: (head.count(sign), sign == ","))
    csv.field_size_limit(limits.text_chars)
    rows: list[list[str]] = []
    try:
        for values in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= limits.rows:
                raise _make_length_error(limits)
            rows.append([_format_value(value) for value in values[:_MOST_COLUMNS]])
    except csv.Error as error:
        raise ReadError(f"CSV 格式有错（{error}）", f"broken CSV ({error})") from error
    return _convert_sheet(_Sheet(rows, "csv", encoding))


def find_columns(row: Sequence[str]) -> dict[str, int]:
    """Return the index of each column that a row names; empty if the row is not the head of a list of proposals."""
    columns: dict[str, int] = {}
    taken: set[int] = set()
    words = ["".join(cell.split()).strip("*：:") for cell in row]
    for name, pattern in _compile_headings():
        for x, word in enumerate(words):
            if x not in taken and name not in columns and len(word) <= _LONG_HEAD and pattern.fullmatch(word):
                columns[name] = x
                taken.add(x)
    settings = _load_settings()
    enough = len(columns) >= settings["least"] and any(name in columns for name in settings["needed"])
    return columns if enough else {}


@cache
def _load_settings() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "lists.toml").read_text(encoding="utf-8"))


@cache
def _compile_headings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    settings = _load_settings()
    return tuple((name, re.compile("|".join(settings["columns"][name]))) for name in settings["order"]["claim"])


def _convert_sheet(sheet: _Sheet) -> list[tuple[str, DocumentText]]:
    for y, row in enumerate(sheet.rows[: _load_settings()["head_rows"]]):
        columns = find_columns(row)
        if columns:
            return list(_convert_list(sheet, y, columns))
    out = TextWriter(sheet.kind, sheet.encoding)
    for y, row in enumerate(sheet.rows, 1):
        if any(row):
            out.mark(f"{sheet.mark_prefix}A{y}")
            write_table(out, [[Cell(cell) for cell in row if cell]])
    return [(sheet.name_prefix.rstrip("/"), out.finish())]


def _convert_list(sheet: _Sheet, head: int, columns: dict[str, int]) -> Iterator[tuple[str, DocumentText]]:
    """Yield the text of each row below the row *head*, after its name."""
    patterns = _load_settings()["patterns"]
    title = " ".join(cell for row in sheet.rows[:head] for cell in row if cell)
    session = re.search(patterns["session"], title)
    for y, row in enumerate(sheet.rows[head + 1 :], head + 2):
        values = {name: row[x].strip() for name, x in columns.items() if x < len(row) and row[x].strip()}
        if not {"title", "content", "reply", "opinion"} & set(values) or find_columns(row):
            continue
        if session and session["s"]:
            values.setdefault("session", session["s"])
        number = values.get("number", "")
        name = number if re.fullmatch(patterns["number"], number) else f"第{y}行"
        marks = {column: f"{sheet.mark_prefix}{name_column(x + 1)}{y}" for column, x in columns.items()}
        yield sheet.name_prefix + name, _write_page(TextWriter(sheet.kind, sheet.encoding), values, marks)


def _write_page(out: TextWriter, values: dict[str, str], marks: dict[str, str]) -> DocumentText:
    """Return a row as the page of a portal.

    Args:
        out: a new writer.
        values: text of the cells by name of the column.
        marks: name of the cell by name of the column.
    """
    settings = _load_settings()

    def write_field(name: str, value: str, before: str = "") -> None:
        out.write(f"{settings['print'][name]}：{before}")
        out.mark(marks.get(name, ""))
        out.write(" ".join(value.split()) + "\n")
        out.mark("")

    number = values.get("number", "")
    if "title" in values:
        write_field("title", values["title"], f"({number})" if number else "")
    elif number:
        write_field("number", number)
    for name in settings["print"]:
        if name in values and name not in ("title", "number"):
            write_field(name, values[name])
    for name, heading in settings["texts"].items():
        if name in values:
            out.write_blank()
            out.write_lines(f"{heading}：")
            organ = values.get("lead", "") if name == "reply" else ""
            if re.fullmatch(settings["patterns"]["organ"], organ) and organ not in values[name][-_SIGNATURE:]:
                out.mark(marks["lead"])  # an unsigned reply: the list says who wrote it
                out.write_lines(organ)
            out.mark(marks[name])
            out.write_lines(values[name])
            out.mark("")
    return out.finish()


def _read_merged_cells(sheet: Any) -> dict[tuple[int, int], object]:
    """Return the value of merged cells by row and column, for cells merged down a column."""
    merged: dict[tuple[int, int], object] = {}
    for area in list(sheet.merged_cells.ranges)[:_MOST_MERGED_AREAS]:
        value = sheet.cell(area.min_row, area.min_col).value
        is_wide = area.max_col > area.min_col  # a title over several columns is written once
        if value is None or is_wide or (area.max_row - area.min_row) > _MOST_MERGED_ROWS:
            continue
        for y in range(area.min_row, area.max_row + 1):
            merged[(y, area.min_col)] = value
    return merged


def _format_value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date() if value.time() == time(0) else value
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()


def _check_package(data: bytes, limits: Limits) -> None:
    """Check size, DTD and depth of each XML part, before the library reads it."""
    package = OfficePackage(data, limits)
    for name in package.list_names():
        if name.endswith((".xml", ".rels")):
            package.read_part(name)


def _make_length_error(limits: Limits) -> ReadError:
    return ReadError(
        f"表格过长（上限 {limits.rows} 行），未读取", f"table too long (limit {limits.rows} rows); not read"
    )
