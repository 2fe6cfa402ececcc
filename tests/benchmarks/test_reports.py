"""The benchmark of reports measures every report but the one that needs a file, and questions."""

from __future__ import annotations

from pathlib import Path

from benchmarks.reports import measure_reports
from kg.report.catalog import REPORTS


def test_every_report_and_some_questions_are_measured(store_path: Path) -> None:
    found = dict(measure_reports(store_path))
    assert {name for name in found if not name.startswith("ask ")} == set(REPORTS) - {"session"}
    assert all(seconds >= 0 for seconds in found.values()) and len(found) > len(REPORTS)
