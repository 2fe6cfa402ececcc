"""Tables as plain rows, for spreadsheets and CSV: a quote is its sentence and its source, an amount a true number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kg.report.model import Amount, Code, Column, Count, Excerpt, Note, Table, Value
from kg.report.texts import Texts

Cell = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class FlatTable:
    """Titles and rows of plain values."""

    titles: tuple[str, ...]
    kinds: tuple[str, ...]
    """What each column holds: ``text``, ``number``, ``share`` or ``date``."""
    rows: tuple[tuple[Cell, ...], ...]


def flatten_table(report: str, table: Table, texts: Texts) -> FlatTable:
    """Return a table of the report named *report*: quotes and amounts have several columns, rows have their numbers."""
    has_counts = any(column.kind == "count" for column in table.columns)
    titles, kinds = [texts.get("words", "number")], ["number"]
    for column in table.columns:
        for title, kind in _split_column(column, texts):
            titles.append(title)
            kinds.append(kind)
    if has_counts:
        titles.append(texts.get("words", "rows_of"))
        kinds.append("text")
    rows = []
    for number, row in enumerate(table.rows, 1):
        cells: list[Cell] = [number]
        for column, value in zip(table.columns, row.values, strict=True):
            cells += _split_value(column, value, texts)
        if has_counts:
            cells.append(describe_counts(report, table, row.values, texts))
        rows.append(tuple(cells))
    return FlatTable(tuple(titles), tuple(kinds), tuple(rows))


def describe_counts(report: str, table: Table, values: Sequence[Value], texts: Texts) -> str:
    """Return which rows the counts of a row stand for: 建议与回应：写明 3、5；未见 7."""
    found: dict[str, list[str]] = {}
    for column, value in zip(table.columns, values, strict=True):
        if isinstance(value, Count) and value.rows:
            found.setdefault(value.table, []).append(f"{texts.column(column.key)} {texts.rows(value)}")
    return " ".join(
        texts.get("words", "rows_in", table=texts.table(report, key), rows=texts.get("words", "and").join(parts))
        for key, parts in found.items()
    )


def _split_column(column: Column, texts: Texts) -> Iterator[tuple[str, str]]:
    title = texts.column(column.key)
    if column.kind == "quote":
        yield texts.get("words", "sentence", title=title), "text"
        yield texts.get("words", "quote_source", title=title), "text"
    elif column.kind == "amount":
        yield texts.get("words", "amount", title=title), "text"
        yield title, "number"
        yield texts.get("words", "unit", title=title), "text"
        yield texts.get("words", "bound", title=title), "text"
    else:
        yield title, {"count": "number", "number": "number", "share": "share", "date": "date"}.get(column.kind, "text")


def _split_value(column: Column, value: Value, texts: Texts) -> Iterator[Cell]:
    if column.kind == "quote":
        if isinstance(value, Excerpt):
            yield "".join(texts.quote(value))
            yield texts.place(value)
        else:
            yield texts.plain(value) or None
            yield None
    elif column.kind == "amount":
        if isinstance(value, Amount):
            yield texts.amount(value)
            yield value.value
            yield texts.unit(value)
            yield texts.code(value.bound)
        else:
            yield from (texts.plain(value) or None, None, None, None)
    elif isinstance(value, Count):
        yield value.number
    elif isinstance(value, Code | Note):
        yield texts.plain(value)
    else:
        yield value if not isinstance(value, Excerpt | Amount) else texts.plain(value)
