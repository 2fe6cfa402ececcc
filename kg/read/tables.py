"""Write tables as readable lines: a header table as 标签：值, any other table row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from kg.read.formats import compile_pattern, load_settings
from kg.read.values import TextWriter

_LABEL = 12
"""Largest number of characters of a cell that labels the next cell."""
_LONG = 60
"""Number of characters above which a cell with several lines is running text."""
_SHORT = 80
"""Largest number of characters of a line that can be page furniture."""
_SQUEEZE = re.compile(r"[\s:：\u3000\xa0【】\[\]]+")
_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, with its line breaks."""

    text: str
    head: bool = False
    """Whether the cell is marked as a heading."""


class _Pair(NamedTuple):
    """A label and its value."""

    column: int
    """Column of the value, from 1."""
    label: str
    value: str


def write_table(out: TextWriter, rows: list[list[Cell]], number: int = 0) -> None:
    """Write a table.

    A pair of label and value becomes a line. A cell with running text becomes lines of its own. Any other row becomes
    one line with `` | `` between its cells.

    Args:
        out: where to write.
        rows: the cells by row.
        number: number of the table in its document, for marks like ``表1 B2``; 0 for no marks.
    """
    for y, row in enumerate(rows, 1):
        pairs = _pair_cells(row)
        if pairs:
            for pair in pairs:
                _mark_cell(out, number, pair.column, y)
                if pair.value:
                    gap = "\n" if "\n" in pair.value else ""
                    out.write_lines(f"{pair.label}：{gap}{pair.value}")
            continue
        written = False
        for x, cell in enumerate(row, 1):
            if not cell.text or is_boilerplate(cell.text):
                continue
            running = len(cell.text) > _LONG and "\n" in cell.text
            if written:
                out.write("\n" if running else _SEPARATOR)
            _mark_cell(out, number, x, y)
            if running:
                out.write_lines(cell.text)
                written = False
            else:
                out.write(" ".join(cell.text.split()))
                written = True
        if written:
            out.write("\n")
    if number:
        out.mark("")


def is_boilerplate(line: str) -> bool:
    """Return whether a line of text is only page furniture: 字号：大 中 小, 上一篇：…"""
    return len(line) <= _SHORT and bool(compile_pattern("html", "drop_lines").search(line))


@cache
def load_labels() -> frozenset[str]:
    """Return the labels of header tables, without padding."""
    return frozenset(load_settings()["html"]["header_labels"])


def match_label(cell: str) -> str:
    """Return the text of a cell without padding if it is a label, else an empty string."""
    squeezed = _SQUEEZE.sub("", cell)
    return squeezed if squeezed in load_labels() else ""


def name_column(column: int) -> str:
    """Return the letters of a column: A for 1, AA for 27."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _mark_cell(out: TextWriter, number: int, column: int, row: int) -> None:
    if number:
        out.mark(f"表{number} {name_column(column)}{row}")


def _pair_cells(row: list[Cell]) -> list[_Pair]:
    """Return the pairs of label and value in a row; an empty list if the row has other cells."""
    pairs: list[_Pair] = []
    x = 0
    while x < len(row):
        words = row[x].text.strip()
        if not words:
            x += 1
            continue
        label = words.rstrip("：: ")
        colon = label != words
        if len(label) <= _LABEL and "\n" not in words and (match_label(label) or colon) and x + 1 < len(row):
            pairs.append(_Pair(x + 2, match_label(label) or label, row[x + 1].text.strip()))
            x += 2
        elif pair := _split_cell(words, x + 1):
            pairs.append(pair)
            x += 1
        else:
            return []
    return pairs


def _split_cell(words: str, column: int) -> _Pair | None:
    """Return the pair in a cell that contains label and value (索引号：000014349/2023-00001), or None."""
    head, colon, value = words.partition("：") if "：" in words[: _LABEL + 6] else words.partition(":")
    label = match_label(head)
    return _Pair(column, label, value.strip()) if colon and label else None
