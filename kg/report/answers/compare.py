"""One metric over places and years: figures of the same unit and rate side by side, and what cannot be compared."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from extract.text.normalize import name_key
from kg.report.facts import Facts
from kg.report.figures import FigureIndex, FigureInfo
from kg.report.model import Amount, Code, Column, Count, Filters, Note, Row, Table, Value
from kg.report.places import Setting, find_setting
from kg.report.proposals import contains
from kg.report.wording import load_patterns
from ontology.labels import load_labels

FILTERS = ("metric", "tier", "place", "year", "agency")
_DETAILS = "figures"
_COLUMNS = (
    Column("metric"), Column("about"), Column("place"), Column("year"), Column("period"), Column("kind", "code"),
    Column("value", "amount"), Column("per"), Column("agency"), Column("quote", "quote"),
)  # fmt: skip
_OTHER_COLUMNS = (*_COLUMNS[:-1], Column("reason", "code"), _COLUMNS[-1])


@dataclass(frozen=True, slots=True)
class _Compared:
    figure: FigureInfo
    setting: Setting
    metric: str
    """The metric without its place and the verbs before it."""
    year: str
    """Year of the figure's own time, else of its document if it is a promise or support; empty if unknown."""


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report."""
    groups: dict[tuple[str, str], list[_Compared]] = defaultdict(list)
    for one in _list_figures(facts, filters):
        groups[name_key(one.metric), one.figure.about].append(one)
    details: list[Row] = []
    others: list[Row] = []
    summary: list[Row] = []
    for _, members in sorted(groups.items(), key=lambda item: (item[0][0], facts.name(item[0][1]))):
        series, rest = _split(members)
        for some in series:
            first = len(details) + 1
            details += [Row(_make_values(facts, one)) for one in some]
            summary.append(_summarize(facts, some, range(first, len(details) + 1)))
        if series:
            for one, reason in rest:
                *values, quote = _make_values(facts, one)
                others.append(Row((*values, Code(reason), quote)))
    columns = (Column("metric"), Column("about"), Column("unit"), Column("per"), Column("places"), Column("years"),
               Column("figures", "count"), Column("smallest", "amount"), Column("largest", "amount"))  # fmt: skip
    tables = (
        Table("series", columns, tuple(summary)),
        Table(_DETAILS, _COLUMNS, tuple(details)),
        Table("incomparable", _OTHER_COLUMNS, tuple(others)),
    )
    return tables, (Note("compare.same"), Note("compare.bounds"))


def _list_figures(facts: Facts, filters: Filters) -> Iterator[_Compared]:
    before = re.compile(load_patterns()["metric"]["before"])
    for figure in FigureIndex.of(facts).list_all("Observation", "Target", "Provision"):
        if not figure.metric or not contains(figure.metric, filters.metric):
            continue
        if filters.tier and not facts.matches(figure.about, filters.tier):
            continue
        setting = find_setting(facts, figure)
        metric = figure.metric
        for name in (setting.place, *(facts.view.aliases(figure.place) if figure.place else ())):
            metric = metric.removeprefix(name) if name else metric
        own = (figure.period or figure.deadline)[:4]
        year = own if own.isdigit() else "" if figure.kind == "Observation" else setting.year
        if (
            contains(setting.place, filters.place)
            and (not filters.year or year == filters.year)
            and contains(setting.agency, filters.agency)
        ):
            yield _Compared(figure, setting, before.sub("", metric) or metric, year)


def _split(members: list[_Compared]) -> tuple[list[list[_Compared]], list[tuple[_Compared, str]]]:
    """Return the figures of one metric as series of the same class, unit and rate; and the rest, with the reason.

    A series has at least two places or two years.
    """
    by_unit: dict[tuple[str, str, str], list[_Compared]] = defaultdict(list)
    rest: list[tuple[_Compared, str]] = []
    for one in members:
        if not one.setting.place:
            rest.append((one, "no-place"))
        elif not one.year:
            rest.append((one, "no-year"))
        else:
            by_unit[one.figure.kind, one.figure.unit, one.figure.per].append(one)
    series = []
    for some in by_unit.values():
        if len({(one.setting.place, one.year) for one in some}) > 1:
            series.append(
                sorted(some, key=lambda one: (one.setting.place, one.year, one.figure.period, one.figure.iri))
            )
        else:
            rest += [(one, "other-unit") for one in some]
    return series, rest


def _make_values(facts: Facts, one: _Compared) -> tuple[Value, ...]:
    figure, setting = one.figure, one.setting
    return (one.metric, facts.name(figure.about), setting.place, one.year, figure.period or figure.deadline,
            Code(figure.kind), Amount(figure.value, figure.unit, figure.bound), figure.per or None, setting.agency,
            facts.quote(figure.iri))  # fmt: skip


def _summarize(facts: Facts, some: list[_Compared], numbers: range) -> Row:
    figures = [one.figure for one in some]
    low, high = min(figures, key=lambda f: f.value), max(figures, key=lambda f: f.value)
    first = some[0]
    return Row((
        first.metric, facts.name(first.figure.about), _name_unit(first.figure.unit), first.figure.per or None,
        "、".join(sorted({one.setting.place for one in some})), "、".join(sorted({one.year for one in some})),
        Count(len(some), _DETAILS, tuple(numbers)), Amount(low.value, low.unit, low.bound),
        Amount(high.value, high.unit, high.bound),
    ))  # fmt: skip


def _name_unit(unit: str) -> str | Code:
    """Return a unit as it is printed: the code of a currency has words."""
    return Code(unit) if unit in load_labels()["units"] else unit
