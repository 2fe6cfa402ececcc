"""The reports by name, and how one is made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from kg.errors import NotFoundError, UsageError
from kg.report.facts import Facts
from kg.report.model import Build, Filters, Note, SourceInfo, Table, list_quotes
from kg.report.report import Report
from kg.report.texts import load_texts
from kg.report.times import read_year
from kg.store.records import SourceRecord, read_records
from kg.store.store import Store
from kg.version import __version__

REPORTS = (
    "coverage",
    "opinions",
    "commitments",
    "tiers",
    "money",
    "citations",
    "clock",
    "session",
    "compare",
    "conflicts",
    "match",
)
"""The reports, each a module of ``kg.report.answers``: ``FILTERS`` names the filters that it takes, ``make_tables``
makes its tables and notes, and ``make_events`` the days of its calendar, if it has any."""


def list_reports(lang: str = "zh") -> Mapping[str, str]:
    """Return what each report shows, by name."""
    return {name: load_texts()["descriptions"][name][lang] for name in REPORTS}


def list_filters(name: str) -> tuple[str, ...]:
    """Return the names of the filters that the report *name* takes."""
    return tuple(_load_module(name).FILTERS)


def make_report(store: Store, name: str, lang: str = "zh", **filters: str) -> Report:
    """Return the report *name* of an open store.

    Args:
        store: the store.
        name: one of ``REPORTS``.
        lang: language that the report is shown in, if none is given later.
        filters: what it is about (``kg.report.model.Filters``).

    Raises:
        NotFoundError: there is no such report.
        UsageError: the report does not take a filter, or a file given as filter cannot be used.
    """
    module = _load_module(name)
    _check_filters(name, filters)
    chosen, facts = Filters(**{**filters, "year": read_year(filters.get("year", ""))}), Facts(store)
    tables, notes = module.make_tables(facts, chosen)
    records = read_records(store)
    build = _describe_build(store, records, tables)
    events = module.make_events(tables) if hasattr(module, "make_events") else ()
    return Report(name, tables, (*notes, *_make_notes(build, records)), chosen, build,
                  tuple(sorted(facts.used.items())), events, lang)  # fmt: skip


def _load_module(name: str) -> Any:
    if name not in REPORTS:
        raise NotFoundError(
            f"{name}：没有这种报告（有：{'、'.join(REPORTS)}）",
            f"{name}: no such report (there are: {', '.join(REPORTS)})",
        )
    return import_module(f"kg.report.answers.{name}")


def _check_filters(name: str, filters: Mapping[str, str]) -> None:
    known = list_filters(name)
    for key, value in filters.items():
        if value and key not in known:
            option, options = f"--{key}".replace("_", "-"), [f"--{x}".replace("_", "-") for x in known]
            raise UsageError(
                f"{name}：这种报告不能用 {option}（可用：{'、'.join(options)}）",
                f"{name}: this report does not take {option} (it takes: {', '.join(options)})",
            )


def _describe_build(store: Store, records: Mapping[str, SourceRecord], tables: tuple[Table, ...]) -> Build:
    sources = store.list_sources()
    quoted = sorted({quote.source for quote in list_quotes(tables)})
    failed = [record for record in records.values() if record.failure]
    shown = [SourceInfo(source, *_tell_origin(records.get(source))) for source in quoted]
    shown += [SourceInfo(r.source, r.where, r.read[:19], r.failure) for r in failed if r.source not in quoted]
    last = max((record.read for record in records.values()), default="")
    return Build(len(sources), len(store), tuple(shown), last[:19].replace("T", " "), __version__)


def _tell_origin(record: SourceRecord | None) -> tuple[str, str, tuple[str, str] | None]:
    return (record.where, record.read[:19].replace("T", " "), record.failure) if record else ("", "", None)


def _make_notes(build: Build, records: Mapping[str, SourceRecord]) -> list[Note]:
    failed = sum(record.failure is not None for record in records.values())
    notes = [Note("read-some" if failed else "read-all",
                  {"n": build.number} | ({"failed": failed} if failed else {}))]  # fmt: skip
    omitted = sum(_count_omitted(record.findings) for record in records.values())
    if omitted:
        notes.append(Note("omitted", {"n": omitted}))
    return [*notes, Note("made"), Note("not-done")]


def _count_omitted(findings: str) -> int:
    try:
        return int(json.loads(findings).get("omitted", 0)) if findings else 0
    except (ValueError, TypeError, AttributeError):
        return 0
