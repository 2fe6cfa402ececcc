"""Numbers of cells whose unit stands elsewhere: at the head of their column or row, or above the table.

12 below 助餐点（个）, 60 below 单位：万元, 3.5 in a row with a column 单位.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extract.model import Span
from extract.records import copy_with
from extract.text.quantities import Quantity, find_quantities
from extract.text.rows import PrintedRow, PrintedTable
from ontology.lexicons import Lexicon

_VALUE = re.compile(r"[-－]?(?:\d{1,3}(?:[,，]\d{3})+|\d{1,12})(?:\.\d{1,6})?")
_UNIT = re.compile(r"(?P<head>.*?)[(（\[](?:单位[:：]\s*)?(?P<unit>[^()（）\[\]\d:：]{1,8})[)）\]]$", re.DOTALL)
"""The head of a column or a row with a unit in brackets at its end."""
_MOST_HEAD_ROWS = 3
_MOST_LINES = 2
"""Lines above a table in which its units may stand."""
_NOT_COUNTED = frozenset({"time", "age", "part", "bare", "score"})
_BETWEEN = re.compile(r"[、,，;；\s]+")


class _Words:
    """The patterns of ``tables.toml`` that tell the units of cells."""

    def __init__(self, lex: Lexicon) -> None:
        config = lex.read_config("tables")
        self.other, self.rate = re.compile(config["other_unit"]), re.compile(config["rate"])
        self.money, self.counted = re.compile(config["money_head"]), re.compile(config["counted_head"])
        self.line, self.column = re.compile(config["unit_line"]), re.compile(config["unit_column"])
        self.no_value = re.compile(config["no_value"])


@cache
def _load_words(lex: Lexicon) -> _Words:
    return _Words(lex)


def find_bare_values(
    text: str, tables: Sequence[PrintedTable], taken: Sequence[Quantity], lex: Lexicon
) -> list[Quantity]:
    """Return the numbers that fill a cell of a table without a unit, with the unit that is stated for them.

    Args:
        text: the source's text.
        tables: its tables.
        taken: the quantities that the text itself has; their cells are left out.
        lex: the lexicon (``units.tsv``, ``tables.toml``).
    """
    begins = {quantity.span.begin for quantity in taken}
    found: list[Quantity] = []
    for table in tables:
        reader = _UnitReader(text, table, lex)
        for y, x, cell in _list_values(text, table):
            if any(place in begins for place in range(*cell)):
                continue
            if (quantity := reader.read(y, x, cell)) is not None:
                found.append(quantity)
    return found


def find_unitless(text: str, tables: Sequence[PrintedTable], lex: Lexicon) -> list[list[Span]]:
    """Return for each table the cells with nothing but a number whose unit nothing states; years and numbers of rows
    have none and are left out.

    Args:
        text: the source's text.
        tables: its tables.
        lex: the lexicon (``units.tsv``, ``tables.toml``).
    """
    words = _load_words(lex)
    found: list[list[Span]] = []
    for table in tables:
        reader = _UnitReader(text, table, lex)
        bare = [
            (x, cell)
            for y, x, cell in _list_values(text, table)
            if not words.no_value.search(reader.read_column(x)) and reader.read(y, x, cell) is None
        ]
        columns = {x: [cell.of(text) for at, cell in bare if at == x] for x in {x for x, _ in bare}}
        counted = {x for x, cells in columns.items() if cells == [str(n) for n in range(1, len(cells) + 1)]}
        found.append([cell for x, cell in bare if x not in counted])
    return found


def _list_values(text: str, table: PrintedTable) -> Iterator[tuple[int, int, Span]]:
    """Yield row, column and place of the cells below the first row that have nothing but a number."""
    for y, row in enumerate(table.rows[1:], 1):
        for x, cell in enumerate(row.cells):
            if _VALUE.fullmatch(text, *cell):
                yield y, x, cell


class _UnitReader:
    """The units of the cells of one table."""

    def __init__(self, text: str, table: PrintedTable, lex: Lexicon) -> None:
        self.text, self.rows, self.lex, self.words = text, table.rows, lex, _load_words(lex)
        self.units = [unit for unit in self._read_lines(table.span.begin) if self._sort(unit)]
        heads = enumerate(table.rows[0].cells)
        self.column = next((x for x, head in heads if self.words.column.fullmatch(text, *head)), -1)
        """The column that has the unit of each row, -1 if there is none."""

    def read(self, y: int, x: int, cell: Span) -> Quantity | None:
        """Return the value of a cell in the unit that is stated for it; None if none is, or if it counts nothing.

        The unit is that of the first head that has one, else of the row's own cell for units, else one above the
        table. A unit of the column is not that of a row of rates or ranks, and the other way round.
        """
        column, left = _list_heads(self.rows, y, x)
        for heads, crossing in ((column, left), (left, column)):
            stated = next((m for head in heads if (m := _UNIT.fullmatch(self.text, *head))), None)
            if stated is None:
                continue
            if stated["unit"] != "%" and any(self.words.other.search(self.text, *head) for head in crossing):
                return None
            return self._make(cell, stated["unit"], stated["head"])
        words = "\n".join(head.of(self.text) for head in (*column, *left) if len(head))
        if self.words.no_value.search(self.read_column(x)):
            return None
        if 0 <= self.column < x and self.column < len(self.rows[y].cells):
            own = self.rows[y].cells[self.column].of(self.text)
            left_of = "".join(head.of(self.text) for head in left[-self.column :] if len(head))
            return None if self.words.other.search(words) and own != "%" else self._make(cell, own, left_of)
        unit = self._choose(words)
        return self._make(cell, unit, words.split("\n")[0]) if unit else None

    def read_column(self, x: int) -> str:
        """Return the words of the first row in a column."""
        cells = self.rows[0].cells
        return cells[x].of(self.text) if x < len(cells) else ""

    def _read_lines(self, end: int) -> list[str]:
        """Return the units that a line above the table states: 单位：个、万元."""
        for _ in range(_MOST_LINES):
            end = len(self.text[:end].rstrip())
            begin = self.text.rfind("\n", 0, end) + 1
            if stated := self.words.line.search(self.text, begin, end):
                return _BETWEEN.split(stated["units"].strip())
            end = begin
        return []

    def _sort(self, unit: str) -> str:
        """Return what sort of unit it is, empty if it is none that counts anything."""
        quantities = find_quantities(f"1{unit}", self.lex)
        if len(quantities) != 1 or quantities[0].span.end != len(unit) + 1 or quantities[0].kind in _NOT_COUNTED:
            return ""
        return quantities[0].kind

    def _choose(self, words: str) -> str:
        """Return the unit above the table of a cell by the *words* of its heads; empty if it is unclear which one."""
        sorts = [(unit, self._sort(unit)) for unit in self.units]
        if self.words.other.search(words):
            fit = [unit for unit, sort in sorts if sort == "percent" and self.words.rate.search(words)]
        else:
            money = [unit for unit, sort in sorts if sort == "money"]
            things = [unit for unit, sort in sorts if sort not in ("money", "percent")]
            named = [unit for unit in things if unit.lstrip("千百万亿") in words]
            heads = "".join(cell.of(self.text) for cell in self.rows[0].cells if len(cell))
            unnamed = [unit for unit in things if unit.lstrip("千百万亿") not in heads]
            counts = self.words.counted.search(words) is not None
            if self.words.money.search(words) and not counts:
                fit = money
            elif named:
                fit = named
            elif things:
                fit = unnamed
            else:
                fit = [] if counts else money
        return fit[0] if len(fit) == 1 else ""

    def _make(self, cell: Span, unit: str, head: str) -> Quantity | None:
        digits = cell.of(self.text)
        for counted in ("", head[-2:], head[-1:]):  # 服务人次（万）: 8.5万人次
            quantities = find_quantities(digits + unit + counted, self.lex)
            if len(quantities) != 1 or quantities[0].kind in _NOT_COUNTED:
                continue
            (quantity,) = quantities
            if quantity.span.end == len(digits + unit + counted) and quantity.span.begin <= 1:
                return copy_with(quantity, span=cell, outer=cell)
        return None


def _list_heads(rows: Sequence[PrintedRow], y: int, x: int) -> tuple[list[Span], list[Span]]:
    """Return the cells of the first rows above a cell, from the lowest on, and those left of it."""
    width = len(rows[y].cells)
    above = [row.cells[x] for row in rows[: min(y, _MOST_HEAD_ROWS)] if len(row.cells) == width]
    return above[::-1], list(rows[y].cells[:x][::-1])
