"""Tables with level rules only, above and below the head and at the end: rows and columns by the places of the words.

Journals and statistics print tables so (三线表). Their columns are where the rows below the head leave the same gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from kg.read.pdf.grids import Grid, RuledLine
from kg.read.pdf.lines import PlacedChar, TextLine, group_rows, make_line, split_row
from kg.read.tables import Cell

_SNAP = 3.0
"""Distance up to which the ends of two rules are at one place, in points."""
_LEAST_RULES = 3
_MOST_RULES = 200
_LEAST_WIDTH = 120.0
"""Least width of such a table, in points."""
_COLUMN_GAP = 0.7
"""Least gap between two columns, in characters."""
_LONGEST_HEAD = 16
"""Characters of a head of a column."""
_NO_HEAD = "：:。；;"
"""Signs that no head of a column has: the end of an official document also stands between rules."""

_Box = tuple[float, float]


@dataclass(frozen=True, slots=True)
class OpenTable:
    """Level rules of one width, from top to bottom."""

    x0: float
    x1: float
    ys: tuple[float, ...]

    def contains(self, char: PlacedChar) -> bool:
        """Return whether a character stands between the first rule and the last one."""
        x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
        return self.x0 - _SNAP <= x <= self.x1 + _SNAP and self.ys[0] <= y <= self.ys[-1]

    def make_rows(self, chars: Sequence[PlacedChar], number: int) -> list[TextLine]:
        """Return the rows of table *number* with their cells; an empty list if the words form no table."""
        bands = [
            group_rows([char for char in chars if top <= (char.y0 + char.y1) / 2 < bottom])
            for top, bottom in pairwise(self.ys)
        ]
        bands = [band for band in bands if band]
        columns = _find_columns([row for band in bands[1:] for row in band])
        if len(bands) < 2 or len(columns) < 2:
            return []
        head = _make_head(bands[0], columns)
        if len([cell for cell in head[-1] if cell.text]) < 2 or any(map(_is_no_head, (c for r in head for c in r))):
            return []
        body = [row for band in bands[1:] for row in _make_body(band, columns)]
        if sum(sum(map(bool, row)) > 1 for row in body) * 2 < len(body):
            return []
        rows = [*head, *([Cell(words) for words in row] for row in body)]
        size = median(char.size for char in chars)
        step = (self.ys[-1] - self.ys[0]) / len(rows)
        tops = [self.ys[0] + step * k for k in range(len(rows) + 1)]
        return [
            TextLine(self.x0, top, self.x1, bottom, text="", size=size, cells=cells, table=number)
            for cells, (top, bottom) in zip(rows, pairwise(tops), strict=True)
        ]


def find_open_tables(rules: Iterable[RuledLine], grids: Sequence[Grid]) -> list[OpenTable]:
    """Return the tables whose rules are level and of one width, from top to bottom.

    Args:
        rules: the rules of a page.
        grids: its grids, whose rules are left out.
    """
    used = {rule for grid in grids for rule in grid.level}
    groups: list[list[RuledLine]] = []
    for rule in sorted((r for r in rules if r.is_level and r not in used), key=lambda rule: rule.y0):
        if rule.x1 - rule.x0 < _LEAST_WIDTH:
            continue
        same = next((g for g in groups if abs(g[0].x0 - rule.x0) <= _SNAP and abs(g[0].x1 - rule.x1) <= _SNAP), None)
        if same is None:
            groups.append([rule])
        elif rule.y0 - same[-1].y0 > _SNAP:
            same.append(rule)
    return [
        OpenTable(group[0].x0, group[0].x1, tuple(rule.y0 for rule in group))
        for group in groups
        if _LEAST_RULES <= len(group) <= _MOST_RULES
    ]


def _find_columns(rows: Sequence[Sequence[PlacedChar]]) -> list[_Box]:
    """Return where the columns of some rows begin and end: between them no row has a character."""
    columns: list[_Box] = []
    for char in sorted((char for row in rows for char in row), key=lambda char: char.x0):
        if columns and char.x0 - columns[-1][1] < _COLUMN_GAP * char.size:
            columns[-1] = (columns[-1][0], max(columns[-1][1], char.x1))
        else:
            columns.append((char.x0, char.x1))
    return columns


def _make_head(rows: Sequence[Sequence[PlacedChar]], columns: Sequence[_Box]) -> list[list[Cell]]:
    """Return the rows of the head: one, or two if heads over several columns stand above the others."""
    placed = [split_row(row) for row in rows]
    lower = placed[-1]
    upper = [part for row in placed[:-1] for part in row] if any(len(row) < len(lower) for row in placed[:-1]) else []
    words = [""] * len(columns)
    for part in lower if upper else (part for row in placed for part in row):
        words[_find_nearest(part, columns)] += part.text
    if not upper:
        return [[Cell(text) for text in words]]
    own = [k for k, text in enumerate(words) if text]
    over = [part for part in upper if _find_nearest(part, columns) in own]
    cells = {_find_nearest(part, columns): Cell(part.text) for part in upper if part not in over}
    for part in over:
        below = [k for k in own if min(over, key=lambda other: abs(_middle(other) - sum(columns[k]) / 2)) is part]
        if below:
            cells[below[0]] = Cell(part.text, columns=below[-1] - below[0] + 1)
    covered = {k for at, cell in cells.items() for k in range(at + 1, at + cell.columns)}
    first = [cells.get(k, Cell("")) for k in range(len(columns)) if k not in covered]
    return [first, [Cell(text) for text in words]]


def _middle(part: TextLine) -> float:
    return (part.x0 + part.x1) / 2


def _find_nearest(part: TextLine, columns: Sequence[_Box]) -> int:
    """Return the column that a stretch of a head stands over, or next to."""
    return min(range(len(columns)), key=lambda k: abs(sum(columns[k]) / 2 - _middle(part)))


def _make_body(rows: Sequence[Sequence[PlacedChar]], columns: Sequence[_Box]) -> list[list[str]]:
    """Return the rows below a rule; a line that only goes on with words of the row above it is joined to it."""
    made: list[list[str]] = []
    for row in rows:
        words = []
        for x0, x1 in columns:
            inside = [char for char in row if x0 <= (char.x0 + char.x1) / 2 <= x1]
            words.append(make_line(inside).text if inside else "")
        goes_on = bool(made) and not words[0] and not any(any(c.isdigit() for c in cell) for cell in words)
        if goes_on:
            made[-1] = [above + below for above, below in zip(made[-1], words, strict=True)]
        else:
            made.append(words)
    return made


def _is_no_head(cell: Cell) -> bool:
    return len(cell.text) > _LONGEST_HEAD or any(sign in cell.text for sign in _NO_HEAD)
