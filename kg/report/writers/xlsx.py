"""A report as a spreadsheet: one sheet for each answer, then sheets on notes, sources, queries and the build."""

from __future__ import annotations

import re

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kg.errors import UsageError
from kg.graph.spreadsheet import MOST_ROWS, fill_sheet, save_book
from kg.report.model import ReportContent
from kg.report.texts import Texts
from kg.report.writers.flat import Cell, flatten_table

_LONGEST_NAME = 31
_SIGNS = re.compile(r"[\[\]:*?/\\']")


def render(report: ReportContent, lang: str) -> bytes:
    """Return the bytes of an .xlsx file.

    Raises:
        UsageError: a table has more rows than a sheet can hold.
    """
    texts, book = Texts(lang), Workbook()
    book.remove(book.active)
    for table in report.tables:
        flat = flatten_table(report.name, table, texts)
        if len(flat.rows) >= MOST_ROWS:
            title, many = texts.table(report.name, table.key), f"{len(flat.rows):,}"
            raise UsageError(
                f"表“{title}”有 {many} 行，一张工作表放不下；请缩小范围或写成 csv",
                f"the table “{title}” has {many} rows, more than a sheet holds; choose less or write csv",
            )
        fill_sheet(_add_sheet(book, texts.table(report.name, table.key)), flat.titles, flat.rows, flat.kinds)
    for title, titles, rows in _list_appendices(report, texts):
        fill_sheet(_add_sheet(book, title), titles, rows, ())
    return save_book(book, "kg report")


def _list_appendices(
    report: ReportContent, texts: Texts
) -> list[tuple[str, tuple[str, ...], tuple[tuple[Cell, ...], ...]]]:
    """Return title, column titles and rows of the sheets behind the answers."""

    def word(key: str) -> str:
        return texts.get("words", key)

    build = report.build
    notes = [(texts.note(note),) for note in report.notes]
    notes += [(texts.note(note),) for table in report.tables for note in table.notes]
    sources = tuple(
        (s.source, s.origin, s.read, (s.failure[0] if texts.lang == "zh" else s.failure[1]) if s.failure else None)
        for s in build.sources
    )
    facts: tuple[tuple[Cell, ...], ...] = (
        (word("report"), texts.title(report.name)),
        (word("about"), texts.filters(report.filters) or word("everything")),
        (word("source_count"), build.number),
        (word("last"), build.last),
        (word("version"), build.version),
    )
    return [
        (word("notes"), (word("notes"),), tuple(dict.fromkeys(notes))),
        (word("sources"), (word("source"), word("origin"), word("read"), word("failure")), sources),
        (word("queries"), (word("query"), word("text")), report.queries),
        (word("build"), (word("item"), word("value")), facts),
    ]


def _add_sheet(book: Workbook, title: str) -> Worksheet:
    name = _SIGNS.sub(" ", title)[:_LONGEST_NAME] or "report"
    number = 1
    while name in book.sheetnames:
        number += 1
        name = f"{name[: _LONGEST_NAME - 3]} {number}"
    return book.create_sheet(name)
