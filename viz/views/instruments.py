"""Policy instruments by date, and what stands on what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from viz.views.index import Index

_CITING: Final = ("basedOn",)
_YEAR: Final = re.compile(r"〔((?:19|20)\d\d)〕")


@dataclass(frozen=True, slots=True)
class Entry:
    """One document on the line of time."""

    node: int
    date: str
    """ISO 8601 as precise as the text, or empty."""
    by_number: bool
    """The year is that of its document number; the date itself is not stated."""

    def plain(self) -> list[Any]:
        return [self.node, self.date, int(self.by_number)]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Documents, the latest first, those without a date at the end; citations between them."""

    entries: tuple[Entry, ...]
    citations: tuple[int, ...]
    """Edges ``basedOn``."""

    def plain(self) -> dict[str, Any]:
        return {"entries": [entry.plain() for entry in self.entries], "citations": list(self.citations)}


def instruments(index: Index) -> Timeline:
    """All instruments of *index*, and the other documents that cite one."""
    citations = tuple(index.edges(*_CITING))
    shown = {*index.of_kind("PolicyInstrument"), *(end for n in citations for end in index.ends[n])}
    entries = [_entry(index, node) for node in shown]
    cited = {end: sum(end in index.ends[n] for n in citations) for end in shown}
    entries.sort(key=lambda e: (-cited[e.node], -index.scores[e.node], e.node))
    entries.sort(key=lambda e: e.date, reverse=True)
    return Timeline(tuple(entries), citations)


def _entry(index: Index, node: int) -> Entry:
    date = index.fact(node, "issued")
    if date:
        return Entry(node, date, False)
    year = _YEAR.search(index.fact(node, "documentNumber"))
    return Entry(node, year[1] if year else "", bool(year))
