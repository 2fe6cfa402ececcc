"""The comparison of working copies."""

from __future__ import annotations

from pathlib import Path

from benchmarks.versions import VersionTimes, format_versions, measure_versions
from tests.support.paths import ROOT


def test_the_last_column_is_the_median_share_by_turn() -> None:
    old = VersionTimes(Path("old"), (0.2, 0.4, 0.2), (0.0, 0.0, 0.0))
    new = VersionTimes(Path("new"), (0.1, 0.1, 0.1), (0.0, 0.1, 0.0))
    rows = format_versions([old, new]).splitlines()
    assert rows[1].split() == ["0.200", "s", "0.000", "s", "0.200", "s", "1.00", "times", "old"]
    assert rows[2].split() == ["0.100", "s", "0.000", "s", "0.100", "s", "0.50", "times", "new"]


def test_a_working_copy_reads_a_page_as_often_as_asked(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("霁川市给予企业10万元补助。", encoding="utf-8")
    (found,) = measure_versions([ROOT], page, 2)
    assert len(found.extraction) == len(found.quads) == 2
    assert all(seconds > 0 for seconds in found.total)
