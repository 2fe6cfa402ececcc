"""The queries of a report for the editor: those that ask what it answers, and the small ones that it was made with."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.graph.query import list_named_queries, load_named_query


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """A query that the editor can open."""

    title: str
    sparql: str


@dataclass(frozen=True, slots=True)
class ReportQueries:
    """The queries of a report."""

    asked: tuple[ReportQuery, ...]
    """Those that ask what the report answers, the closest first."""
    steps: tuple[ReportQuery, ...]
    """Those that it was made with."""
    lacking: tuple[str, ...]
    """Filters of the report that the first one does not have."""


def list_report_queries(
    name: str, filters: Mapping[str, str], steps: Iterable[tuple[str, str]], lang: str
) -> ReportQueries:
    """Return the queries of a report.

    Args:
        name: the report.
        filters: what it is about, by the names of its filters.
        steps: names and texts of the queries that it was made with.
        lang: language of the titles.
    """
    known = _load()
    entries: list[dict[str, str]] = known["reports"][name]
    asked = tuple(_fill(entry, filters, lang) for entry in entries)
    made = tuple(ReportQuery(known["steps"][step][lang], text) for step, text in steps)
    return ReportQueries(asked, made, tuple(option for option in filters if option not in entries[0]))


def _fill(entry: Mapping[str, str], filters: Mapping[str, str], lang: str) -> ReportQuery:
    query = list_named_queries()[entry["query"]]
    params = {entry[option]: value for option, value in filters.items() if option in entry and option != "query"}
    return ReportQuery(query.title(lang), load_named_query(query.name, params))


@cache
def _load() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))
