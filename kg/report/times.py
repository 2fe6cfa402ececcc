"""Deadlines as days: ISO periods, and times that are counted from the date of a letter."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache

from extract.text.numerals import parse_numeral
from kg.errors import UsageError
from kg.report.wording import load_patterns

_YEAR = re.compile("((?:19|20)[0-9]{2})年?")
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d{2})(?:-(\d{2}))?))?")


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A time that a sentence states, counted from the date of its letter."""

    words: str
    begin: int
    day: date | None
    """The day by which it has passed; None if the letter has no date."""


def end_of_period(text: str) -> date | None:
    """Return the last day of an ISO period (``2025``, ``2025-06``, ``2025-Q3``, ``2021/2025``), else None."""
    found = _PERIOD.fullmatch(text.rpartition("/")[2])
    if not found:
        return None
    year, quarter, half, month, day = found.groups()
    last = int(month or (int(quarter) * 3 if quarter else int(half) * 6 if half else 12))
    try:
        return date(int(year), last, int(day) if day else monthrange(int(year), last)[1])
    except ValueError:
        return None


def read_year(text: str) -> str:
    """Return the year that a user gives as ``2024`` or ``2024年``; empty for empty *text*.

    Raises:
        UsageError: *text* is no year.
    """
    found = _YEAR.fullmatch(text.strip())
    if text and found is None:
        raise UsageError(f"--year {text}：请写成 2024 的样子", f"--year {text}: write it like 2024")
    return found[1] if found else ""


def find_stated_time(text: str, issued: date | None) -> StatedTime | None:
    """Return the first time of *text* that is counted from the date *issued* of its letter."""
    found = []
    for pattern, rule in _compile_times():
        if match := pattern.search(text):
            found.append((match.start(), -len(match[0]), match, rule))
    if not found:
        return None
    begin, _, match, rule = min(found, key=lambda item: item[:2])
    return StatedTime(match[0], begin, _count_from(issued, match, rule) if issued else None)


def _count_from(issued: date, match: re.Match[str], rule: dict[str, str | int]) -> date | None:
    if "year" in rule:
        year, month = issued.year + int(rule["year"]), int(match["month"]) if _has(match, "month") else 12
        return date(year, month, monthrange(year, month)[1])
    number = parse_numeral((match["n"] if not _has(match, "last") else match["last"]).replace("两", "二"))
    return _add_months(issued, number * (12 if rule["unit"] == "years" else 1))


def _has(match: re.Match[str], group: str) -> bool:
    return group in match.re.groupindex and match[group] is not None


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def _compile_times() -> list[tuple[re.Pattern[str], dict[str, str | int]]]:
    return [(re.compile(rule["pattern"]), rule) for rule in load_patterns()["time"]]
