"""Policy instruments by date, and their citations of each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from viz.views.index import PageIndex

_CITATION: Final = "basedOn"
_YEAR: Final = re.compile(r"〔((?:19|20)\d\d)〕")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One document on the timeline."""

    node: int
    date: str
    """ISO 8601, as precise as the text. Empty if unknown."""
    by_number: bool
    """Whether *date* is the year in the document number, because the text states no date."""

    def to_json(self) -> list[Any]:
        return [self.node, self.date, int(self.by_number)]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Documents, the latest first and those without a date last, and the citations between them."""

    entries: tuple[TimelineEntry, ...]
    citations: tuple[int, ...]
    """Edges ``basedOn``."""

    def to_json(self) -> dict[str, Any]:
        return {"entries": [entry.to_json() for entry in self.entries], "citations": list(self.citations)}


def build_timeline(index: PageIndex) -> Timeline:
    """Return the timeline of all instruments of *index* and of the other documents that cite one."""
    citations = tuple(index.find_edges(_CITATION))
    shown = {*index.find_nodes("PolicyInstrument"), *(end for edge in citations for end in index.ends[edge])}
    entries = [_make_entry(index, node) for node in shown]
    citation_counts = {node: sum(node in index.ends[edge] for edge in citations) for node in shown}
    entries.sort(key=lambda entry: (-citation_counts[entry.node], -index.scores[entry.node], entry.node))
    entries.sort(key=lambda entry: entry.date, reverse=True)
    return Timeline(tuple(entries), citations)


def _make_entry(index: PageIndex, node: int) -> TimelineEntry:
    date = index.find_fact(node, "issued")
    if date:
        return TimelineEntry(node, date, by_number=False)
    year = _YEAR.search(index.find_fact(node, "documentNumber"))
    return TimelineEntry(node, year[1] if year else "", by_number=bool(year))
