"""Tables as pages and documents show them: divided by a column, and a quote that stands above not repeated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kg.report.model import Column, Excerpt, Note, Row, Table, Value
from kg.report.texts import Texts


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Rows of a table that stand under one heading, each with its number in the whole table."""

    heading: str
    columns: tuple[Column, ...]
    """Those with a value in any row, but for the column that divides the table."""
    rows: tuple[tuple[int, tuple[tuple[Column, Value], ...]], ...]


def split_blocks(table: Table, texts: Texts) -> Iterator[TableBlock]:
    """Yield the rows of a table by the column that divides it; without one, all rows."""
    at = table.get_position(table.group) if table.group else None

    def heading(item: tuple[int, Row]) -> str:
        return texts.plain(item[1].values[at]) if at is not None else ""

    for words, items in groupby(enumerate(table.rows, 1), key=heading):
        rows = list(items)
        used = [
            position
            for position, column in enumerate(table.columns)
            if column.key != table.group and any(row.values[position] not in (None, "") for _, row in rows)
        ]
        yield TableBlock(words, tuple(table.columns[i] for i in used), tuple(_shorten_rows(table, rows, used)))


def _shorten_rows(
    table: Table, items: Iterable[tuple[int, Row]], used: Sequence[int]
) -> Iterator[tuple[int, tuple[tuple[Column, Value], ...]]]:
    above: dict[str, Value] = {}
    for number, row in items:
        cells: list[tuple[Column, Value]] = []
        for column, value in ((table.columns[i], row.values[i]) for i in used):
            repeated = isinstance(value, Excerpt) and above.get(column.key) == value
            cells.append((column, Note("as-above") if repeated else value))
            above[column.key] = value
        yield number, tuple(cells)
