"""Days of handling: what the letters print, limits of one's own, working days with a calendar of holidays."""

from __future__ import annotations

import sys
import types
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kg.api import Graph
from kg.errors import UsageError
from kg.report.answers.clock import count_workdays, load_calendar
from kg.report.model import Code, Count, Note

HOLIDAY = date(2024, 5, 10)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calendar in which one Friday is a holiday, and which knows the year 2024 only."""

    def is_workday(day: date) -> bool:
        if day.year != 2024:
            raise NotImplementedError
        return day.weekday() < 5 and day != HOLIDAY

    module = types.ModuleType("chinese_calendar")
    module.is_workday = is_workday  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "chinese_calendar", module)


@pytest.fixture
def no_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "chinese_calendar", None)


def steps(graph: Graph, **filters: str) -> list[dict[str, Any]]:
    return graph.report("clock", proposal="20240301", **filters).get_table("steps").to_dicts()


def write(folder: Path, text: str) -> str:
    path = folder / "期限.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_days_are_counted_between_printed_dates_and_unknown_without(graph: Graph, no_calendar: None) -> None:
    rows = {row["step"].key: row for row in steps(graph)}
    assert (rows["opinion-replied"]["days"], rows["opinion-replied"]["workdays"]) == (26, None)
    assert rows["opinion-replied"]["clockState"] == Code("no-limit")
    assert (rows["submitted-replied"]["days"], rows["submitted-replied"]["clockState"]) == (None, Code("no-date"))
    assert rows["opinion-replied"]["quote"].text == "2024年6月3日"


@pytest.mark.parametrize(("days", "state"), [(26, "within"), (25, "beyond")])
def test_days_are_compared_with_a_limit(graph: Graph, tmp_path: Path, days: int, state: str) -> None:
    rows = steps(graph, limits=write(tmp_path, f"[opinion-replied]\ndays = {days}\n"))
    [row] = [row for row in rows if row["days"] is not None]
    assert (row["clockState"], row["limit"]) == (Code(state), Note("clock.days", {"n": days}))


@pytest.mark.parametrize(("days", "state"), [(17, "within"), (16, "beyond")])
def test_working_days_know_holidays(graph: Graph, tmp_path: Path, calendar: None, days: int, state: str) -> None:
    rows = steps(graph, limits=write(tmp_path, f"[opinion-replied]\nworkdays = {days}\n"))
    [row] = [row for row in rows if row["workdays"] is not None]
    assert (row["workdays"], row["clockState"]) == (17, Code(state))


def test_years_that_the_calendar_does_not_know_have_no_working_days(calendar: None) -> None:
    is_workday = load_calendar(needed=True)
    assert is_workday is not None
    assert count_workdays(date(2024, 5, 8), date(2024, 5, 13), is_workday) == 2
    assert count_workdays(date(2024, 12, 30), date(2025, 1, 3), is_workday) is None


def test_the_summary_counts_the_steps(graph: Graph, tmp_path: Path, no_calendar: None) -> None:
    report = graph.report("clock", proposal="20240301", limits=write(tmp_path, "[opinion-replied]\ndays = 30\n"))
    [row] = report.get_table("summary").to_dicts()
    assert isinstance(row["within"], Count) and (row["within"].number, row["beyond"]) == (1, Count(0, "steps", ()))
    assert any(note.key == "clock.no-calendar" for note in report.notes)


def test_working_days_without_a_calendar_are_an_error(graph: Graph, tmp_path: Path, no_calendar: None) -> None:
    with pytest.raises(UsageError) as error:
        steps(graph, limits=write(tmp_path, "[opinion-replied]\nworkdays = 5\n"))
    assert "proposal-kg[calendar]" in error.value.message("en")


WRONG_LIMITS = (
    "[unknown-step]\ndays = 3",
    "[opinion-replied]\ndays = 'x'",
    "[opinion-replied]\nweeks = 3",
    "[opinion-replied]\ndays = 3\nworkdays = 3",
    "[opinion-replied]\ndays = 0",
    "days = 3",
    "[",
)


@pytest.mark.parametrize("text", WRONG_LIMITS)
def test_limits_that_cannot_be_used_are_an_error(graph: Graph, tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        steps(graph, limits=write(tmp_path, text))
