"""Numbers of cells whose unit stands in the head of their column or row: 12 below 助餐点（个）."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.model import Span
from extract.records import copy_with
from extract.text.quantities import Quantity, find_quantities
from extract.text.rows import PrintedRow, PrintedTable
from ontology.lexicons import Lexicon

_VALUE = re.compile(r"[-－]?(?:\d{1,3}(?:[,，]\d{3})+|\d{1,12})(?:\.\d{1,6})?")
_UNIT = re.compile(r"(?P<head>.*?)[(（\[](?:单位[:：]\s*)?(?P<unit>[^()（）\[\]\d:：]{1,8})[)）\]]$", re.DOTALL)
"""The head of a column or a row with a unit in brackets at its end."""
_MOST_HEAD_ROWS = 3
_NOT_COUNTED = frozenset({"time", "age", "part", "bare", "score"})


def find_bare_values(
    text: str, tables: Sequence[PrintedTable], taken: Sequence[Quantity], lex: Lexicon
) -> list[Quantity]:
    """Return the numbers that fill a cell of a table without a unit, with the unit that one of their heads states.

    Args:
        text: the source's text.
        tables: its tables.
        taken: the quantities that the text itself has; their cells are left out.
        lex: the lexicon (``units.tsv``).
    """
    begins = {quantity.span.begin for quantity in taken}
    other = re.compile(lex.read_config("tables")["other_unit"])
    found: list[Quantity] = []
    for table in tables:
        for y, row in enumerate(table.rows[1:], 1):
            for x, cell in enumerate(row.cells):
                if not _VALUE.fullmatch(text, *cell) or any(place in begins for place in range(*cell)):
                    continue
                column, left = _list_heads(table.rows, y, x)
                quantity = _read_value(text, cell, column, left, other, lex)
                if quantity is not None:
                    found.append(quantity)
    return found


def _list_heads(rows: Sequence[PrintedRow], y: int, x: int) -> tuple[list[Span], list[Span]]:
    """Return the cells of the first rows above a cell, from the lowest on, and those left of it."""
    width = len(rows[y].cells)
    above = [row.cells[x] for row in rows[: min(y, _MOST_HEAD_ROWS)] if len(row.cells) == width]
    return above[::-1], list(rows[y].cells[:x][::-1])


def _read_value(
    text: str, cell: Span, column: Sequence[Span], left: Sequence[Span], other: re.Pattern[str], lex: Lexicon
) -> Quantity | None:
    """Return the value of a cell in the unit of the first head that has one, None if the unit counts nothing.

    A unit of the column is not that of a row of rates or ranks (*other*), and the other way round.
    """
    for heads, crossing in ((column, left), (left, column)):
        stated = next((m for head in heads if (m := _UNIT.fullmatch(text, *head))), None)
        if stated is None:
            continue
        if stated["unit"] != "%" and any(other.search(text, *head) for head in crossing):
            return None
        digits, unit = text[cell.begin : cell.end], stated["unit"]
        for counted in ("", stated["head"][-2:], stated["head"][-1:]):  # 服务人次（万）: 8.5万人次
            quantities = find_quantities(digits + unit + counted, lex)
            if len(quantities) != 1 or quantities[0].kind in _NOT_COUNTED:
                continue
            (quantity,) = quantities
            if quantity.span.end == len(digits + unit + counted) and quantity.span.begin <= 1:
                return copy_with(quantity, span=cell, outer=cell)
        return None
    return None
