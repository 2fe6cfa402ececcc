"""Days between submission, opinions and reply of each proposal, against limits that a user sets in a file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.errors import UsageError
from kg.report.facts import Facts, parse_day
from kg.report.model import Code, Column, Count, Excerpt, Filters, Note, Row, Table, Value
from kg.report.proposals import ProposalInfo, list_proposals

FILTERS = ("proposal", "agency", "place", "year", "limits")
STEPS = ("submitted-replied", "submitted-opinion", "opinion-replied")
"""From which day to which: of the proposal, the opinion of an agency, the lead reply."""
_STATES = ("within", "beyond", "no-limit", "no-date")
_DETAILS = "steps"
_COLUMNS = (
    Column("proposal"), Column("step", "code"), Column("agency"), Column("from", "date"), Column("until", "date"),
    Column("days", "number"), Column("workdays", "number"), Column("limit"), Column("clockState", "code"),
    Column("quote", "quote"),
)  # fmt: skip
_MODULE = "chinese_calendar"


@dataclass(frozen=True, slots=True)
class _Limit:
    days: int = 0
    workdays: int = 0


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report.

    Raises:
        UsageError: the file of limits cannot be used, or counts working days and there is no calendar of holidays.
    """
    limits = read_limits(filters.limits) if filters.limits else {}
    is_workday = load_calendar(needed=any(limit.workdays for limit in limits.values()))
    rows: list[Row] = []
    for proposal in list_proposals(facts, filters):
        for step, agency, begin, end in _list_steps(facts, proposal):
            rows.append(_make_row(facts, (proposal.heading, step, agency), (begin, end), limits.get(step), is_workday))
    states = {state: [n for n, row in enumerate(rows, 1) if row.values[8] == Code(state)] for state in _STATES}
    summary = Row(tuple(Count(len(states[state]), _DETAILS, tuple(states[state])) for state in _STATES))
    tables = (
        Table("summary", tuple(Column(state, "count") for state in _STATES), (summary,)),
        Table(_DETAILS, _COLUMNS, tuple(rows), group="proposal"),
    )
    calendar = Note("clock.calendar" if is_workday else "clock.no-calendar")
    return tables, (Note("clock.dates"), calendar, Note("clock.limits"))


def read_limits(name: str) -> Mapping[str, _Limit]:
    """Return the limits of a TOML file: a table for each of ``STEPS``, with ``days`` or ``workdays``.

    Raises:
        UsageError: the file cannot be read, or has other tables or values.
    """
    try:
        data: dict[str, Any] = tomllib.loads(Path(name).read_text(encoding="utf-8-sig"))
        limits = {step: _Limit(**values) for step, values in data.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise UsageError(
            f"{name}：读不了这份期限（{error}）", f"{name}: the limits cannot be read ({error})"
        ) from error
    wrong = [s for s, limit in limits.items() if s not in STEPS or _is_wrong(limit)]
    if wrong:
        raise UsageError(
            f"{name}：[{wrong[0]}] 不对；可用 {'、'.join(STEPS)}，各写 days 或 workdays（正整数）",
            f"{name}: [{wrong[0]}] is wrong; use {', '.join(STEPS)}, each with days or workdays (above 0)",
        )
    return limits


def _is_wrong(limit: _Limit) -> bool:
    numbers = (limit.days, limit.workdays)
    return any(type(n) is not int or n < 0 for n in numbers) or (limit.days > 0) == (limit.workdays > 0)


def load_calendar(*, needed: bool) -> Callable[[date], bool] | None:
    """Return whether a day is a working day in mainland China, holidays and moved weekends included.

    Raises:
        UsageError: it is needed, and the package ``chinesecalendar`` is not installed.
    """
    try:
        found: Callable[[date], bool] = import_module(_MODULE).is_workday
    except ImportError as error:
        if needed:
            raise UsageError(
                '按工作日计算需要节假日历，请先安装：pip install "proposal-kg[calendar]"',
                'working days need a calendar of holidays; install it first: pip install "proposal-kg[calendar]"',
            ) from error
        return None
    return found


def _list_steps(
    facts: Facts, proposal: ProposalInfo
) -> list[tuple[str, str, tuple[str, date | None], tuple[str, date | None]]]:
    """Return the steps of a proposal: name, agency, and document and day of both ends."""

    def when(iri: str) -> tuple[str, date | None]:
        return iri, parse_day(facts.issued(iri)) if iri else None

    submitted = when(proposal.iri)
    reply = when(proposal.replies[0]) if proposal.replies else ("", None)
    found = []
    if reply[0]:
        found.append((STEPS[0], facts.names(facts.agencies(reply[0])), submitted, reply))
    for opinion in proposal.opinions:
        agency = facts.names(facts.agencies(opinion))
        found.append((STEPS[1], agency, submitted, when(opinion)))
        if reply[0]:
            found.append((STEPS[2], agency, when(opinion), reply))
    return found


def _make_row(
    facts: Facts,
    head: tuple[str, str, str],
    ends: tuple[tuple[str, date | None], tuple[str, date | None]],
    limit: _Limit | None,
    is_workday: Callable[[date], bool] | None,
) -> Row:
    (_, begin), (document, end) = ends
    proposal, step, agency = head
    days = (end - begin).days if begin and end else None
    workdays = count_workdays(begin, end, is_workday) if begin and end and is_workday else None
    measured = workdays if limit and limit.workdays else days
    most = (limit.workdays or limit.days) if limit else 0
    if measured is None:
        state = "no-date"
    elif not limit:
        state = "no-limit"
    else:
        state = "within" if measured <= most else "beyond"
    words: Value = Note("clock.workdays" if limit.workdays else "clock.days", {"n": most}) if limit else None
    quote: Excerpt | None = facts.quote(document) if document else None
    return Row((proposal, Code(step), agency, begin, end, days, workdays, words, Code(state), quote))


def count_workdays(begin: date, end: date, is_workday: Callable[[date], bool]) -> int | None:
    """Return the working days after *begin* up to *end*; None for years that the calendar does not know."""
    try:
        return sum(is_workday(begin + timedelta(days=n)) for n in range(1, (end - begin).days + 1))
    except NotImplementedError:
        return None
