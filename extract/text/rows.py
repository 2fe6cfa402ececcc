"""Rows of tables in a text: lines whose cells have `` | `` between them, as ``kg.read`` writes them.

A row is a text of its own: nothing that stands in it goes on in the line before or after it, and no name or number goes
over from one cell into the next.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from extract.model import Span, make_span

SEPARATOR = " | "
"""Stands between two cells of a row."""
_BORDER = re.compile(r"(?:^|(?<=\s))\|(?=\s|$)")
_MOST_BETWEEN = 40
"""Most characters of a line of one cell that heads the rows of a table below it."""
_ENDS_TEXT = ("。", "：", ":", "；", ";")
"""A line that ends so is no row: 补助标准如下："""
_SHORTEST_HEAD = 2
_DIGIT = re.compile(r"\d")


class PrintedRow(NamedTuple):
    """One row of a table."""

    span: Span
    cells: tuple[Span, ...]
    """Without the white space around them; a cell without words is an empty span."""


class PrintedTable(NamedTuple):
    """Rows that stand below each other."""

    rows: tuple[PrintedRow, ...]

    @property
    def span(self) -> Span:
        return Span(self.rows[0].span.begin, self.rows[-1].span.end)


def is_row(line: str) -> bool:
    """Return whether a line is a row of a table."""
    return "|" in line and (SEPARATOR in line or _BORDER.search(line) is not None)


def list_rows(text: str) -> list[Span]:
    """Return where the lines of *text* are that are rows of tables, in order."""
    rows: list[Span] = []
    if "|" not in text:
        return rows
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        if is_row(line):
            rows.append(make_span((begin, end)))
        begin = end + 1
    return rows


def find_tables(text: str) -> list[PrintedTable]:
    """Return the tables of *text*, in order.

    A short line of one cell between two rows with as many cells belongs to their table: it heads the rows below it,
    unless the next row is the head of a table of its own.
    """
    return [PrintedTable(tuple(_cut_title(rows))) for rows in _join_rows(text)]


def _cut_title(rows: Sequence[PrintedRow]) -> Sequence[PrintedRow]:
    """Return rows without those at their beginning that have words in one cell only, as a title has."""
    begin = 0
    while begin + 2 < len(rows) and len(rows[begin].cells) > 1 and sum(map(bool, map(len, rows[begin].cells))) == 1:
        begin += 1
    return rows[begin:]


def _join_rows(text: str) -> list[list[PrintedRow]]:
    tables: list[list[PrintedRow]] = []
    for span in list_rows(text):
        row = _split_row(text, span)
        if tables:
            last = tables[-1][-1]
            between = text[last.span.end : span.begin].strip("\n")
            if not between.strip() and text.count("\n", last.span.end, span.begin) == 1:
                tables[-1].append(row)
                continue
            heads = "\n" not in between and len(between) <= _MOST_BETWEEN and not between.rstrip().endswith(_ENDS_TEXT)
            if between and heads and len(last.cells) == len(row.cells) and not _heads_table(text, row, tables[-1]):
                tables[-1].append(row)
                continue
        tables.append([row])
    return tables


def crosses_row(rows: Sequence[Span], begin: int, end: int) -> bool:
    """Return whether a row begins or ends between two places of the text: *rows* as :func:`list_rows` returns them."""
    i = max(0, bisect_right(rows, (begin,)) - 1)
    return any(begin < row.begin < end or begin <= row.end < end for row in rows[i : i + 2])


def _heads_table(text: str, row: PrintedRow, above: Sequence[PrintedRow]) -> bool:
    """Whether a row is a head: it has a word of its own in each cell, also where the rows above it have numbers."""
    words = [text[cell.begin : cell.end] for cell in row.cells]
    if len(set(words)) < len(words) or any(len(word) < _SHORTEST_HEAD or _DIGIT.search(word) for word in words):
        return False
    numbers = [
        sum(1 for other in above if x < len(other.cells) and _DIGIT.search(text, *other.cells[x]))
        for x in range(len(words))
    ]
    return max(numbers, default=0) * 2 >= max(len(above), 2)


def _split_row(text: str, row: Span) -> PrintedRow:
    cells: list[Span] = []
    begin = row.begin
    for end in [*(m.start() for m in _BORDER.finditer(text, row.begin, row.end)), row.end]:
        first, last = begin, end
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        cells.append(make_span((first, last)))
        begin = end + 1
    return PrintedRow(row, tuple(cells))
