"""Files and stores for tests of updates, and what a build or a store says about them."""

from __future__ import annotations

from pathlib import Path

from kg.export import rdf as export
from kg.ingest.report import BuildReport
from kg.ingest.sources import list_sources
from kg.store.records import SourceRecord, read_records
from kg.store.store import Store
from tests.support.invented_page import PAGE

ALL = ["2023/甲.txt", "2024/乙.txt", "丙.txt"]
"""Ids of the files of ``folder``."""


def write(path: Path, more: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{more}\n{PAGE}" if more else PAGE, encoding="utf-8")
    return path


def nquads(store: Path) -> str:
    with Store(store) as opened:
        return str(export.export_store(opened, "nquads", None))


def on_record(store: Path) -> dict[str, SourceRecord]:
    with Store(store) as opened:
        return read_records(opened)


def ids(report: BuildReport) -> tuple[list[str], list[str]]:
    """What was read, and what was not read again."""
    return [b.source for b in report.built], [b.source for b in report.unchanged]


def states(store: Path) -> dict[str, str]:
    with Store(store) as opened:
        return {one.source: one.state.value for one in list_sources(opened)}
