"""The frame of every report: tables with typed columns, quotes behind each row, notes on what was counted and not read.

A frame has no language: columns, codes and notes are keys of ``texts.toml``. Writers (``kg.report.writers``) turn it
into pages and files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "number", "date", "code", "quote", "count", "share", "amount"]
"""What a column holds. ``share`` is a number from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a source, with the rest of their sentence."""

    text: str
    before: str = ""
    after: str = ""
    source: str = ""
    """Id of the source."""
    begin: int = 0
    end: int = 0
    locator: str = ""
    """Place in the original file, if that has pages or cells."""

    @property
    def sentence(self) -> str:
        """The words with what stands around them in their sentence."""
        return self.before + self.text + self.after


@dataclass(frozen=True, slots=True)
class Code:
    """One of a fixed number of values; ``texts.toml`` has its words."""

    key: str


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows of a table of the same report, with the rows that it counts."""

    number: int
    table: str = ""
    """Key of the table that has the rows."""
    rows: tuple[int, ...] = ()
    """Their numbers, from 1."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity: value, unit and bound as the graph has them."""

    value: Decimal
    unit: str = ""
    bound: str = "Exactly"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its title, and what it holds."""

    key: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: one value for each column."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about a report or table: a key of ``texts.toml`` and what is filled in."""

    key: str
    values: Mapping[str, str | int | Amount | Code | tuple[Note, ...]] = field(default_factory=dict, hash=False)
    """Amounts, codes and notes are filled in in words."""


Value = str | int | Decimal | date | Excerpt | Code | Count | Amount | Note | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of a table: one bar for each row, made of the counts in some columns."""

    label: str
    """Column that names the bars."""
    parts: tuple[str, ...]
    """Columns with counts, from left to right."""
    shades: tuple[int, ...] = (0, 1, 2, 3)
    """The look of each part: 0 strong, 1 weak, 2 a warning, 3 grey, 4 a weak warning."""


@dataclass(frozen=True, slots=True)
class Table:
    """An answer: rows under typed columns."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    group: str = ""
    """Column by which pages and documents divide the table; its rows stand together."""
    chart: Chart | None = None
    notes: tuple[Note, ...] = ()

    def get_position(self, key: str) -> int:
        """Return the position of the column *key*."""
        return next(i for i, column in enumerate(self.columns) if column.key == key)

    def list_values(self, key: str) -> list[Value]:
        """Return the values of the column *key*, row by row."""
        at = self.get_position(key)
        return [row.values[at] for row in self.rows]

    def to_dicts(self) -> list[dict[str, Value]]:
        """Return the rows as dictionaries by the keys of the columns."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row.values, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source that a report rests on."""

    source: str
    origin: str = ""
    read: str = ""
    failure: tuple[str, str] | None = None
    """Why it could not be read, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Build:
    """The state of the store that a report rests on."""

    number: int
    """How many sources the store has."""
    quads: int
    sources: tuple[SourceInfo, ...]
    """The sources that are quoted, then those that could not be read."""
    last: str = ""
    """When the newest source was read."""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a report is about; empty texts choose everything."""

    proposal: str = ""
    """Number or title of the proposal, or a part of it."""
    agency: str = ""
    place: str = ""
    year: str = ""
    tier: str = ""
    metric: str = ""
    as_of: str = ""
    """ISO date that deadlines are compared with; empty: today."""
    limits: str = ""
    """File with the limits of the report ``clock``."""
    session: str = ""
    """File with the list of proposals of a session."""
    profile: str = ""
    """File with the profile of a firm (``match``)."""
    facts: str = ""
    """More facts of its profile: ``营业收入=4.5亿元；职工人数=320``."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Yield name and value of each filter that is set."""
        for name in self.__slots__:
            if value := getattr(self, name):
                yield name, value


@dataclass(frozen=True, slots=True)
class Event:
    """A day in a calendar, made of a row of a report."""

    uid: str
    day: date
    title: str
    quote: Excerpt | None = None
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The content of a report."""

    name: str
    tables: tuple[Table, ...]
    notes: tuple[Note, ...]
    filters: Filters
    build: Build
    queries: tuple[tuple[str, str], ...] = ()
    """Names and texts of the queries that it was made with."""
    events: tuple[Event, ...] = ()
    lang: str = "zh"
    """Language of the words, if none is given."""

    def get_table(self, key: str) -> Table:
        """Return the table *key*."""
        return next(table for table in self.tables if table.key == key)


def list_quotes(tables: Iterable[Table]) -> Iterable[Excerpt]:
    """Yield the quotes of tables, table by table."""
    for table in tables:
        for row in table.rows:
            yield from (value for value in row.values if isinstance(value, Excerpt))
