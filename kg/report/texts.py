"""The texts of reports (``texts.toml``) in one language, and values in words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from extract.text.normalize import join_lines, print_line
from kg.graph.result import load_columns
from kg.graph.wording import format_amount, name_unit
from kg.report.model import Amount, Code, Count, Excerpt, Filters, Note, Value
from ontology.labels import name_class, name_value

FILE_FILTERS = frozenset({"limits", "session", "profile"})
"""Filters that are files: a report names them without their folder, and a server takes none of them."""
_MOST_RANGES = 12
"""How many ranges of row numbers are printed at most."""


class Texts:
    """Words for the keys of a report."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._texts = load_texts()

    def get(self, table: str, key: str, /, **values: object) -> str:
        """Return the text *key* of a table of ``texts.toml`` with *values* filled in."""
        text: str = self._texts[table][key][self.lang]
        return text.format(**values) if values else text

    def title(self, name: str) -> str:
        """Return the title of a report."""
        return self.get("reports", name)

    def table(self, report: str, key: str) -> str:
        """Return the title of a table."""
        return self.get("tables", f"{report}.{key}" if f"{report}.{key}" in self._texts["tables"] else key)

    def column(self, key: str) -> str:
        """Return the title of a column; those of named queries are used where reports have none of their own."""
        own = self._texts["columns"].get(key) or load_columns()["columns"].get(key)
        return str(own[self.lang]) if own else key

    def code(self, key: str) -> str:
        """Return the words for a code."""
        if own := self._texts["codes"].get(key) or load_columns()["codes"].get(key):
            return str(own[self.lang])
        words = name_class(key, self.lang)
        return words if words != key else name_value(key, self.lang)

    def note(self, note: Note) -> str:
        """Return a note as a sentence."""
        return self.get("notes", note.key, **{key: self._fill(value) for key, value in note.values.items()})

    def _fill(self, value: str | int | Amount | Code | tuple[Note, ...]) -> str | int:
        if isinstance(value, tuple):
            return self.get("words", "joint_notes").join(map(self.note, value))
        return self.plain(value) if isinstance(value, Amount | Code) else value

    def filters(self, filters: Filters) -> str:
        """Return what a report is about, in words; empty for everything."""
        joint = self.get("words", "joint")
        values = ((name, Path(value).name if name in FILE_FILTERS else value) for name, value in filters.items())
        return joint.join(self.get("filters", name, value=value) for name, value in values)

    def amount(self, amount: Amount) -> str:
        """Return a quantity in words: 最高50万元."""
        return format_amount(amount.value, amount.unit, amount.bound, self.lang)

    def unit(self, amount: Amount) -> str:
        """Return the unit of a quantity as people write it: 元."""
        return name_unit(amount.unit, self.lang)

    def quote(self, quote: Excerpt) -> tuple[str, str, str]:
        """Return what stands before the quoted words, the words, and what stands behind them, as one line."""
        return join_lines(quote.before), join_lines(quote.text), join_lines(quote.after)

    def place(self, quote: Excerpt) -> str:
        """Return where a quote stands: source, page or cell, and characters."""
        return self.get("words", "place", source=quote.source, locator=f" {quote.locator}" if quote.locator else "",
                        begin=quote.begin, end=quote.end)  # fmt: skip

    def share(self, value: Decimal) -> str:
        """Return a number from 0 to 1 as a percentage."""
        return f"{value * 100:.0f}%"

    def rows(self, count: Count) -> str:
        """Return the numbers of the counted rows: 3、5–7."""
        return format_ranges(count.rows, self.get("words", "list"), self.get("words", "more"))

    def plain(self, value: Value, kind: str = "") -> str:
        """Return a value as one line of text."""
        if value is None:
            return ""
        if isinstance(value, Code):
            return self.code(value.key)
        if isinstance(value, Amount):
            return self.amount(value)
        if isinstance(value, Count):
            return str(value.number)
        if isinstance(value, Excerpt):
            return print_line(value.sentence)
        if isinstance(value, Note):
            return self.note(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return self.share(value) if kind == "share" else f"{value.normalize():f}"
        return str(value)


def format_ranges(numbers: Sequence[int], joint: str, more: str) -> str:
    """Return numbers as ranges: 1, 3–5."""
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [str(a) if a == b else f"{a}–{b}" for a, b in ranges[:_MOST_RANGES]]
    return joint.join(shown) + (more if len(ranges) > _MOST_RANGES else "")


@cache
def load_texts() -> Mapping[str, Any]:
    """Return ``texts.toml`` as nested dictionaries: table → key → language → words."""
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))
