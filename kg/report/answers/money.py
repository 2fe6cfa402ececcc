"""Sums of money by who states them, program, class, place and year; and stated totals beside the sum of their parts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.report.facts import Facts
from kg.report.figures import FigureIndex, FigureInfo
from kg.report.model import Amount, Code, Column, Count, Filters, Note, Row, Table
from kg.report.places import Setting, find_setting
from kg.report.proposals import contains
from kg.report.wording import load_patterns
from ontology.terms import PK

FILTERS = ("agency", "place", "year", "tier", "metric")
_AMOUNTS = "amounts"
_COLUMNS = (
    Column("agency"), Column("kind", "code"), Column("supportType", "code"), Column("metric"),
    Column("value", "amount"), Column("per"), Column("about"), Column("under"), Column("place"), Column("year"),
    Column("quote", "quote"),
)  # fmt: skip
_TOTAL_COLUMNS = (
    Column("agency"), Column("metric"), Column("total", "amount"), Column("partCount", "number"),
    Column("sum", "amount"), Column("gap", "amount"), Column("totalState", "code"), Column("quote", "quote"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Entry:
    figure: FigureInfo
    setting: Setting


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report."""
    index = FigureIndex.of(facts)
    wanted = {iri for (iri,) in facts.select("money")}
    entries = [
        _Entry(figure, find_setting(facts, figure))
        for figure in index.list_all("Provision", "Observation", "Target")
        if figure.iri in wanted
    ]
    entries = [entry for entry in entries if _is_chosen(facts, entry, filters)]
    entries.sort(key=lambda e: (e.setting.agency, -e.figure.value, e.figure.context, e.figure.begin))
    rows = tuple(_make_row(facts, entry) for entry in entries)
    groups: dict[str, Callable[[_Entry], str]] = {
        "agency": lambda e: e.setting.agency,
        "under": lambda e: facts.name(e.figure.under),
        "about": lambda e: facts.name(e.figure.about),
        "place": lambda e: e.setting.place,
        "year": lambda e: e.setting.year,
    }
    tables = [_make_group(key, find, entries) for key, find in groups.items()]
    totals = Table("totals", _TOTAL_COLUMNS, tuple(_list_totals(facts, index, filters)), notes=(Note("money.totals"),))
    return (*tables, totals, Table(_AMOUNTS, _COLUMNS, rows)), (Note("money.no-sum"), Note("money.empty"))


def _is_chosen(facts: Facts, entry: _Entry, filters: Filters) -> bool:
    figure, setting = entry.figure, entry.setting
    return (
        contains(setting.agency, filters.agency)
        and contains(setting.place, filters.place)
        and (not filters.year or setting.year == filters.year)
        and contains(figure.metric, filters.metric)
        and facts.matches(figure.about, filters.tier)
    )


def _make_row(facts: Facts, entry: _Entry) -> Row:
    figure, setting = entry.figure, entry.setting
    sort = facts.value(figure.iri, "supportType").removeprefix(PK)
    return Row((setting.agency, Code(figure.kind), Code(sort) if sort else None, figure.metric,
                Amount(figure.value, figure.unit, figure.bound), figure.per or None, facts.name(figure.about),
                facts.name(figure.under), setting.place, setting.year, facts.quote(figure.iri)))  # fmt: skip


def _make_group(key: str, find: Callable[[_Entry], str], entries: Iterable[_Entry]) -> Table:
    """Return number, smallest and largest of the amounts of each group, by class of figure."""
    found: dict[tuple[str, str], list[tuple[int, Decimal]]] = defaultdict(list)
    for number, entry in enumerate(entries, 1):
        found[find(entry), entry.figure.kind].append((number, entry.figure.value))
    columns = (Column(key), Column("kind", "code"), Column("amounts", "count"), Column("smallest", "amount"),
               Column("largest", "amount"))  # fmt: skip
    rows = tuple(
        Row((name or Code("unknown"), Code(kind), Count(len(some), _AMOUNTS, tuple(n for n, _ in some)),
             Amount(min(v for _, v in some), "CNY"), Amount(max(v for _, v in some), "CNY")))
        for (name, kind), some in sorted(found.items(), key=lambda item: (not item[0][0], item[0]))
    )  # fmt: skip
    return Table(f"by-{key}", columns, rows)


def _list_totals(facts: Facts, index: FigureIndex, filters: Filters) -> Iterator[Row]:
    """Yield the totals of all units that a sentence divides into parts (其中)."""
    settings = load_patterns()["totals"]
    ends, begins = re.compile(settings["ends"]), re.compile(settings["begins"])
    mark = re.compile(re.escape(settings["parts"]))
    for context, _ in facts.select("sources"):
        _, text = facts.view.source(context)
        places = [found.span() for found in mark.finditer(text)]
        for position, (begin, end) in enumerate(places):
            stop = ends.search(text, end)
            last = min([stop.start() if stop else len(text), *(b for b, _ in places[position + 1 : position + 2])])
            earlier = [found.end() for found in begins.finditer(text, 0, begin)]
            inside = bool(earlier) and text[earlier[-1] - 1] in "(（"
            first = earlier[-2 if inside and len(earlier) > 1 else -1] if earlier else 0
            row = _compare_parts(facts, index, (context, first, begin, last), filters)
            if row:
                yield row


def _compare_parts(facts: Facts, index: FigureIndex, place: tuple[str, int, int, int], filters: Filters) -> Row | None:
    """Return the row of one total; None if the stretch has no total or no parts of its unit."""
    context, first, middle, last = place
    before = [f for f in index.list_between(context, first, middle) if f.kind in ("Observation", "Target", "Provision")]
    if not before:
        return None
    total = before[-1]
    parts = [f for f in index.list_between(context, middle, last) if f.unit == total.unit and f.kind == total.kind]
    setting = find_setting(facts, total)
    if not parts or total.unit.startswith("%") or not _is_chosen(facts, _Entry(total, setting), filters):
        return None
    found = sum((part.value for part in parts), Decimal(0))
    state = "equal" if found == total.value else "less" if found < total.value else "more"
    quote = facts.quote_words(context, total.begin, parts[-1].end)
    gap = Amount(total.value - found, total.unit)
    return Row((setting.agency, total.metric, Amount(total.value, total.unit, total.bound), len(parts),
                Amount(found, total.unit), gap, Code(f"total-{state}"), quote))  # fmt: skip
