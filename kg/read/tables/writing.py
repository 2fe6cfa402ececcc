"""Write tables as readable lines: forms as 标签：值, lists of proposals row by row, any other table row by row.

A long answer in a form becomes a heading with a text below it, as on the page of a portal.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from kg.read.formats import compile_pattern, load_settings
from kg.read.tables.grid import Area, TableGrid, name_column
from kg.read.tables.lists import find_list, write_list
from kg.read.tables.organs import is_organ, says_none, split_states
from kg.read.tables.row_pages import SIGNATURE
from kg.read.values import NamedText, TextWriter

_LABEL = 12
"""Largest number of characters of a cell that labels the next cell."""
_LONG = 60
"""Number of characters above which a cell with several lines is running text."""
_TEXT = 20
"""Number of characters from which a value can be a text with a heading of its own."""
_SHORT = 80
"""Largest number of characters of a line that can be page furniture."""
_MOST_SPAN = 2_000
_FORM_ROWS = 2
"""Number of rows with known labels from which a table is a form."""
_SQUEEZE = re.compile(r"[\s:：\u3000\xa0【】\[\]]+")
_NO_LABEL = re.compile(r"[\d。；，,;、/%％]")
_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, with its line breaks."""

    text: str
    head: bool = False
    """Whether the cell is marked as a heading."""
    rows: int = 1
    """Number of rows that the cell is merged over."""
    columns: int = 1


class _Placed(NamedTuple):
    """A cell at its place."""

    column: int
    """Number of its first column, from 1."""
    cell: Cell
    repeated: bool
    """Whether the cell began in a row above."""


class _Pair(NamedTuple):
    """A label and its value."""

    column: int
    """Column of the value, from 1."""
    label: str
    value: str


def write_table(out: TextWriter, rows: Sequence[Sequence[Cell]], place: str = "", numbers: Sequence[int] = ()) -> None:
    """Write a table.

    A pair of label and value becomes a line. A cell with running text becomes lines of its own. Any other row becomes
    one line with `` | `` between its cells, empty ones included, so that each keeps its column; a cell that is merged
    down a column is written in each of its rows.

    Args:
        out: where to write.
        rows: the cells by row. Cells that a merged cell above covers are left out.
        place: text before the name of a cell in marks (``表1 `` for ``表1 B2``); empty for no marks.
        numbers: the numbers of the rows; 1, 2, 3 … if not given.
    """
    placed = _place_cells(rows)
    writer = _TableWriter(out, place, _is_form(placed), _list_columns(placed))
    for y, row in zip(numbers or range(1, len(rows) + 1), placed, strict=True):
        pairs = writer.pair_cells(row)
        if pairs:
            writer.write_pairs(pairs, y)
        else:
            writer.write_row(row, y)
    writer.write_answered()
    if place:
        out.mark("")


def read_listed(
    rows: Sequence[Sequence[Cell]], kind: str, encoding: str, place: str, title: str
) -> list[NamedText]:  # fmt: skip
    """Return the texts of the rows, after their names, of a table that lists proposals; empty for any other table.

    Args:
        rows: see :func:`write_table`.
        kind: the format of the document.
        encoding: its encoding.
        place: see :func:`write_table`.
        title: what is printed above the table.
    """
    grid = _make_grid(_place_cells(rows))
    table = find_list(grid, title)
    if table is None or table.kind != "proposals":
        return []
    return list(write_list(table, grid, kind, encoding, place))


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


def _place_cells(rows: Sequence[Sequence[Cell]]) -> list[list[_Placed]]:
    """Return the cells of each row at their columns, with the cells that are merged into it from above."""
    open_cells: dict[int, tuple[int, Cell]] = {}  # column → rows that are left, and the cell
    placed: list[list[_Placed]] = []
    for row in rows:
        line: list[_Placed] = []
        covered = {
            x: (column, left, cell)
            for column, (left, cell) in open_cells.items()
            for x in range(column, column + cell.columns)
        }
        todo, column = list(row), 1
        still: dict[int, tuple[int, Cell]] = {}
        while todo or any(x >= column for x in covered):
            if column in covered:
                begin, left, cell = covered[column]
                line.append(_Placed(begin, cell, True))
                if left > 1:
                    still[begin] = (left - 1, cell)
                column = begin + cell.columns
            elif todo:
                cell = todo.pop(0)
                line.append(_Placed(column, cell, False))
                if cell.rows > 1:
                    still[column] = (min(cell.rows, _MOST_SPAN) - 1, cell)
                column += min(max(cell.columns, 1), _MOST_SPAN)
            else:
                column += 1
        open_cells = still
        placed.append(line)
    return placed


def _list_columns(placed: list[list[_Placed]]) -> list[int]:
    """Return the columns in which cells with words begin, in order."""
    return sorted({one.column for row in placed for one in row if one.cell.text.strip()})


def _join_empty(steps: int) -> str:
    """Return what stands between two cells that are so many columns apart."""
    return _SEPARATOR.rstrip() * (steps - 1) + _SEPARATOR


def _make_grid(placed: list[list[_Placed]]) -> TableGrid:
    rows: dict[int, list[str]] = {}
    areas: list[Area] = []
    for y, line in enumerate(placed, 1):
        cells = [""] * max((one.column for one in line), default=0)
        for one in line:
            if one.repeated:
                continue
            cells[one.column - 1] = one.cell.text
            if one.cell.rows > 1 or one.cell.columns > 1:
                right = one.column + one.cell.columns - 1
                areas.append(Area(y, one.column, y + one.cell.rows - 1, right))
        if any(cells):
            rows[y] = cells
    return TableGrid(rows, tuple(areas))


def _is_label(cell: Cell) -> bool:
    """Return whether the text of a cell is a known label, or ends in a colon; vertical writing is allowed."""
    words = cell.text.strip()
    has_colon = words.endswith(("：", ":")) and len(words) <= _LABEL + 1 and "\n" not in words
    return len(_SQUEEZE.sub("", words)) <= _LABEL and (bool(match_label(words)) or has_colon)


def _may_be_label(cell: Cell) -> bool:
    """Return whether the text of a cell can be a label that nobody listed."""
    squeezed = _SQUEEZE.sub("", cell.text)
    return 2 <= len(squeezed) <= _LABEL and not _NO_LABEL.search(squeezed)


def _is_form(placed: list[list[_Placed]]) -> bool:
    """Return whether a table is a form: several rows have known labels beside values that are no labels."""
    labelled = 0
    for row in placed:
        cells = [one.cell for one in row if not one.repeated]
        labelled += any(_is_label(cell) and not _is_label(following) for cell, following in pairwise(cells))
    return labelled >= _FORM_ROWS


class _TableWriter:
    """Writes the rows of one table."""

    def __init__(self, out: TextWriter, place: str, form: bool, columns: Sequence[int]) -> None:
        self.out = out
        self.place = place
        self.form = form
        self.columns = columns
        self.lead: tuple[_Pair, int] | None = None
        """The organ that handles the proposal, and its row."""
        self.answered: list[tuple[str, str]] = []
        """Organs that join in and answered by what stands behind their names, and these words."""

    def write_pairs(self, pairs: list[_Pair], y: int) -> None:
        for pair in pairs:
            self.mark_cell(pair.column, y)
            if not pair.value:
                continue
            is_text = len(pair.value) > _TEXT or "。" in pair.value
            if is_text and compile_pattern("tables", "text_labels").fullmatch(pair.label):
                self.write_text(pair, y)
            else:
                if compile_pattern("tables", "lead_labels").fullmatch(pair.label):
                    self.lead = (pair, y)
                self.write_value(pair)

    def write_value(self, pair: _Pair) -> None:
        """Write a pair in a line; who has answered by what stands behind the name (甲局（已回）) has an opinion."""
        states: dict[str, str] = {}
        value = pair.value
        if compile_pattern("tables", "join_labels").fullmatch(pair.label):
            value, states = split_states(value)
        gap = "\n" if "\n" in value else ""
        self.out.write_lines(f"{pair.label}：{gap}{value}")
        self.answered += [(organ, state) for organ, state in states.items() if not says_none(state)]

    def write_answered(self) -> None:
        """Write the opinions of those of whom the form only says that they answered."""
        for organ, state in self.answered:
            self.out.write_blank()
            self.out.write_lines(f"{load_settings()['tables']['opinion_heading']}\n{organ}\n{state}")

    def write_text(self, pair: _Pair, y: int) -> None:
        """Write a text below its label; an unsigned answer gets the organ that the form names before it."""
        self.out.write_blank()
        self.out.write_lines(f"{pair.label}：")
        if self.lead and compile_pattern("tables", "answer_labels").fullmatch(pair.label):
            lead, row = self.lead
            if is_organ(lead.value) and lead.value not in pair.value[-SIGNATURE:]:
                self.mark_cell(lead.column, row)
                self.out.write_lines(lead.value)
        self.mark_cell(pair.column, y)
        self.out.write_lines(pair.value)
        self.out.write_blank()

    def write_row(self, row: list[_Placed], y: int) -> None:
        cells = [one for one in row if one.cell.text and not is_boilerplate(one.cell.text)]
        if all(one.repeated for one in cells):
            return
        in_table = len(cells) > _FORM_ROWS  # the cells of a row with several columns stay together
        written, column = False, 0
        for one in cells:
            text = one.cell.text
            running = not in_table and len(text) > _LONG and "\n" in text
            steps = bisect_left(self.columns, one.column) - column
            if written:
                self.out.write("\n" if running else _join_empty(max(steps, 1)))
            elif steps and len(cells) > 1 and not running:
                self.out.write(_join_empty(steps).lstrip())
            self.mark_cell(one.column, y)
            if running:
                self.out.write_lines(text)
            else:
                self.out.write(" ".join(text.split()))
            written, column = not running, column + steps
        if written:
            self.out.write("\n")

    def mark_cell(self, column: int, row: int) -> None:
        if self.place:
            self.out.mark(f"{self.place}{name_column(column)}{row}")

    def pair_cells(self, row: list[_Placed]) -> list[_Pair]:
        """Return the pairs of label and value in a row; an empty list if the row has other cells."""
        group, cells = _split_group(row)
        pairs: list[_Pair] = []
        x = 0
        while x < len(cells):
            cell = cells[x].cell
            words = cell.text.strip()
            if not words:
                x += 1
                continue
            following = cells[x + 1] if x + 1 < len(cells) else None
            if following is not None and self.is_pair(cell, following.cell, has_others=len(cells) > x + 2):
                label = match_label(words) or _SQUEEZE.sub("", words)
                pairs.append(_Pair(following.column, _name_in_group(group, label), following.cell.text.strip()))
                x += 2
            elif pair := _split_cell(words, cells[x].column):
                pairs.append(pair)
                x += 1
            else:
                return []
        return pairs

    def is_pair(self, cell: Cell, following: Cell, has_others: bool) -> bool:
        """Return whether a cell labels the cell after it."""
        if _is_label(cell):
            return not (_is_label(following) and (has_others or match_label(following.text)))
        if cell.head and not following.head:
            return _may_be_label(cell)
        return self.form and _may_be_label(cell) and not _is_label(following)


def _split_group(row: list[_Placed]) -> tuple[str, list[_Placed]]:
    """Return the label that stands beside several rows (提案者 beside 姓名, 电话), and the other cells of a row."""
    fresh = [one for one in row if not one.repeated]
    if row and row[0].cell.rows > 1 and len(row) >= 3 and _may_be_label(row[0].cell) and _may_be_label(row[1].cell):
        return _SQUEEZE.sub("", row[0].cell.text), row[1:]
    return "", fresh


def _name_in_group(group: str, label: str) -> str:
    """Return the name of a label in a group: 提案者 for 姓名, 提案者电话 for 电话."""
    if not group or label in load_labels():
        return label
    return group if compile_pattern("tables", "group_names").fullmatch(label) else group + label


def _split_cell(words: str, column: int) -> _Pair | None:
    """Return the pair in a cell that contains label and value (索引号：000014349/2023-00001), or None."""
    head, colon, value = words.partition("：") if "：" in words[: _LABEL + 6] else words.partition(":")
    label = match_label(head)
    return _Pair(column, label, value.strip()) if colon and label else None
