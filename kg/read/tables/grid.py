"""Tables as grids of cells, with the areas that were merged; what the columns of a grid are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_MOST_HEAD_ROWS = 3
_MOST_FILLED_ROWS = 2_000
_LONG_HEAD = 20
"""Largest number of characters of a column's heading."""
_CONTROL = re.compile(r"_x000D_|[\x00-\x08\x0b-\x1f\u200b\ufeff]")
_PADDING = "*＊：:"

Headings = list[tuple[str, ...]]
"""For each column, the words of its heading from top to bottom."""


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells; rows and columns are numbered from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_wide(self) -> bool:
        return self.right > self.left


@dataclass(frozen=True, slots=True)
class TableGrid:
    """The cells of a table by row number, without empty rows. A merged area has its value in its first cell."""

    rows: dict[int, list[str]]
    areas: tuple[Area, ...] = ()

    def fill_down(self) -> dict[int, list[str]]:
        """Return the rows with the value of cells that are merged down a column in each of their rows."""
        rows = {number: list(cells) for number, cells in self.rows.items()}
        for area in self.areas:
            if not area.is_wide and area.bottom - area.top <= _MOST_FILLED_ROWS:
                self._fill_area(rows, area)
        return rows

    def read_headings(self, top: int, height: int) -> Headings:
        """Return the headings of the columns, from *height* rows below *top*."""
        rows = {number: list(self.rows.get(number, ())) for number in range(top, top + height)}
        for area in self.areas:
            if top <= area.top and area.bottom < top + height:
                self._fill_area(rows, area)
        width = max(map(len, rows.values()), default=0)
        columns = ([squeeze(row[x]) for row in rows.values() if x < len(row)] for x in range(width))
        return [tuple(dict.fromkeys(filter(None, words))) for words in columns]

    def measure_head(self, top: int, is_heading: Callable[[str], bool]) -> int:
        """Return the number of rows of the table's head whose first row is *top*.

        Args:
            top: the number of a row.
            is_heading: whether the text of a cell is the heading of a column.
        """
        spans = [area.bottom - area.top + 1 for area in self.areas if area.top == top]
        height = max((span for span in spans if span <= _MOST_HEAD_ROWS), default=1)
        has_groups = any(area.is_wide and area.top == area.bottom == top for area in self.areas)
        while height < _MOST_HEAD_ROWS:
            words = [squeeze(cell) for cell in self.rows.get(top + height, ()) if cell]
            named = sum(map(is_heading, words))
            short = all(len(word) <= _LONG_HEAD and not word.isdigit() for word in words)
            if not words or not short or named < (len(words) / 2 if has_groups else len(words)):
                break
            height += 1
        return height

    def _fill_area(self, rows: dict[int, list[str]], area: Area) -> None:
        first = self.rows.get(area.top, [])
        value = first[area.left - 1] if area.left <= len(first) else ""
        if not value:
            return
        for number in range(area.top, area.bottom + 1):
            row = rows.get(number)
            if row is not None:
                row.extend([""] * (area.right - len(row)))
                row[area.left - 1 : area.right] = [value] * (area.right - area.left + 1)


def count_values(row: Sequence[str]) -> int:
    """Return the number of different values in a row."""
    return len(set(filter(None, row)))


def name_column(column: int) -> str:
    """Return the letters of a column: A for 1, AA for 27."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def squeeze(cell: str) -> str:
    """Return the text of a heading without white space and padding."""
    return "".join(cell.split()).strip(_PADDING)


def clean_cell(value: str) -> str:
    """Return the text of a cell with ``\\n`` newlines and without control characters."""
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
