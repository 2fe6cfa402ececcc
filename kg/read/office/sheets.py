"""Spreadsheets and CSV files: a list of proposals gives a text a row, any other table one text.

A row is printed as the page that a portal would show, so that the same rules read it; every value keeps its cell.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

from kg.read.decoding import decode_text
from kg.read.office.package import Package
from kg.read.tables import Cell, column_name, table_lines
from kg.read.values import Limits, Reading, Unreadable, Writer

_MOST_COLUMNS = 200
_WITH_MERGED = 4 << 20
"""Bytes of a workbook up to which merged cells are looked up: that needs all of it in memory."""
_SIGNATURE = 80
"""Characters at the end of a reply that its signature stands in."""
_CONTROL = re.compile(r"_x000D_|[\x00-\x08\x0b-\x1f\u200b\ufeff]")

Row = list[str]


def read_xlsx(data: bytes, limits: Limits) -> list[tuple[str, Reading]]:
    """The texts of a workbook, each with its name: the number of the proposal, else the row's.

    Raises:
        Unreadable: damaged, encrypted, hostile, too long, or the library is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise Unreadable(
            "读 Excel 需要 openpyxl：pip install proposal-kg[excel]",
            "Excel needs openpyxl: pip install proposal-kg[excel]",
        ) from error
    _check_package(data, limits)
    whole = len(data) <= _WITH_MERGED
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=not whole, data_only=True, keep_links=False)
    out: list[tuple[str, Reading]] = []
    size = 0
    for number, sheet in enumerate(book.worksheets, 1):
        merged = _merged(sheet) if whole else {}
        rows: list[Row] = []
        for y, values in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
            if y > limits.rows:
                raise _too_long(limits)
            row = [_text(merged.get((y, x), v)) for x, v in enumerate(values, 1)]
            size += sum(map(len, row))
            if size > limits.file_bytes:
                raise _too_long(limits)
            rows.append(row)
        if any(any(row) for row in rows):
            out += _texts(rows, "xlsx", f"{sheet.title}!", f"{sheet.title}/" if number > 1 else "")
    return out or [("", Reading(""))]


def read_csv(data: bytes, limits: Limits) -> list[tuple[str, Reading]]:
    """The texts of a CSV or TSV file; see :func:`read_xlsx`.

    Raises:
        Unreadable: no text, or too long.
    """
    text, encoding = decode_text(data)
    head = text[:20_000]
    delimiter = max(",\t;", key=lambda sign: (head.count(sign), sign == ","))
    csv.field_size_limit(limits.text_chars)
    rows: list[Row] = []
    try:
        for values in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= limits.rows:
                raise _too_long(limits)
            rows.append([_text(v) for v in values[:_MOST_COLUMNS]])
    except csv.Error as error:
        raise Unreadable(f"CSV 格式有错（{error}）", f"broken CSV ({error})") from error
    return _texts(rows, "csv", "", "", encoding)


@cache
def _settings() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "lists.toml").read_text(encoding="utf-8"))


@cache
def _columns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    told = _settings()
    return tuple((name, re.compile("|".join(told["columns"][name]))) for name in told["order"]["claim"])


def head(row: Sequence[str]) -> dict[str, int]:
    """What the cells of a row name, by their places; empty if it is no head of a list of proposals."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    words = ["".join(cell.split()).strip("*：:") for cell in row]
    for name, words_of in _columns():
        for x, word in enumerate(words):
            if x not in taken and name not in found and len(word) <= 20 and words_of.fullmatch(word):
                found[name] = x
                taken.add(x)
    told = _settings()
    enough = len(found) >= told["least"] and any(n in found for n in told["needed"])
    return found if enough else {}


def _texts(rows: list[Row], kind: str, sheet: str, prefix: str, encoding: str = "") -> list[tuple[str, Reading]]:
    for y, row in enumerate(rows[: _settings()["head_rows"]]):
        columns = head(row)
        if columns:
            above = " ".join(cell for above in rows[:y] for cell in above if cell)
            session = re.search(_settings()["patterns"]["session"], above)
            return list(_list(rows, y, columns, session["s"] if session else "", kind, sheet, prefix, encoding))
    out = Writer(kind, encoding)
    for y, row in enumerate(rows, 1):
        if any(row):
            out.mark(f"{sheet}A{y}")
            table_lines(out, [[Cell(c) for c in row if c]])
    return [(prefix.rstrip("/"), out.finish())]


def _list(
    rows: list[Row], at: int, columns: dict[str, int], session: str,
    kind: str, sheet: str, prefix: str, encoding: str,
) -> Iterator[tuple[str, Reading]]:  # fmt: skip
    number_form = re.compile(_settings()["patterns"]["number"])
    for y, row in enumerate(rows[at + 1 :], at + 2):
        values = {name: row[x].strip() for name, x in columns.items() if x < len(row) and row[x].strip()}
        if not {"title", "content", "reply", "opinion"} & set(values) or head(row):
            continue
        if session:
            values.setdefault("session", session)
        number = values.get("number", "")
        name = number if number_form.fullmatch(number) else f"第{y}行"
        places = {n: f"{sheet}{column_name(x + 1)}{y}" for n, x in columns.items()}
        yield prefix + name, _page(values, places, kind, encoding)


def _page(values: dict[str, str], places: dict[str, str], kind: str, encoding: str) -> Reading:
    """A row as a portal's page."""
    told = _settings()
    out = Writer(kind, encoding)

    def field(name: str, value: str, before: str = "") -> None:
        out.write(f"{told['print'][name]}：{before}")
        out.mark(places.get(name, ""))
        out.write(" ".join(value.split()) + "\n")
        out.mark("")

    number = values.get("number", "")
    if "title" in values:
        field("title", values["title"], f"({number})" if number else "")
    elif number:
        field("number", number)
    for name in told["print"]:
        if name in values and name not in ("title", "number"):
            field(name, values[name])
    for name, heading in told["texts"].items():
        if name in values:
            out.blank()
            out.line(f"{heading}：")
            organ = values.get("lead", "") if name == "reply" else ""
            if re.fullmatch(told["patterns"]["organ"], organ) and organ not in values[name][-_SIGNATURE:]:
                out.mark(places["lead"])  # a reply that nobody signed is by whom the list says
                out.line(organ)
            out.mark(places[name])
            out.line(values[name])
            out.mark("")
    return out.finish()


def _merged(sheet: Any) -> dict[tuple[int, int], object]:
    """Cells that are merged with others, with the value that is printed across them."""
    out: dict[tuple[int, int], object] = {}
    for area in list(sheet.merged_cells.ranges)[:5_000]:
        value = sheet.cell(area.min_row, area.min_col).value
        wide = area.max_col - area.min_col
        if value is None or wide or (area.max_row - area.min_row) > 2_000:
            continue  # a title over several columns stands once
        for y in range(area.min_row, area.max_row + 1):
            out[(y, area.min_col)] = value
    return out


def _text(value: object) -> str:
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
    """Look at each XML part before a library does: size, DTD, depth."""
    package = Package(data, limits)
    for name in package.names():
        if name.endswith((".xml", ".rels")):
            package.part(name)


def _too_long(limits: Limits) -> Unreadable:
    return Unreadable(
        f"表格过长（上限 {limits.rows} 行），未读取", f"table too long (limit {limits.rows} rows); not read"
    )
