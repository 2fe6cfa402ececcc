"""The ledger of commitments: who, what, how much, by when, and what later documents report of the same metric."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter

from extract.text.normalize import name_key
from kg.errors import UsageError
from kg.report.facts import Facts, parse_day
from kg.report.figures import FigureIndex, FigureInfo
from kg.report.model import Amount, Chart, Code, Column, Count, Event, Excerpt, Filters, Note, Row, Table, Value
from kg.report.proposals import contains, list_proposals
from kg.report.times import StatedTime, end_of_period, find_stated_time
from kg.report.wording import load_patterns

FILTERS = ("proposal", "agency", "place", "year", "tier", "as_of")
_TIMINGS = ("overdue", "counted", "open", "recurring", "untimed")
_LEDGER = "commitments"
_REPLIES = frozenset({"LeadReply", "CoHandlingOpinion"})
_COLUMNS = (
    Column("agency"), Column("issued", "date"), Column("proposal"), Column("commitment"), Column("metric"),
    Column("value", "amount"), Column("about"), Column("timeWords"), Column("due", "date"), Column("frequency"),
    Column("timing", "code"), Column("quote", "quote"), Column("followUp", "code"), Column("laterQuote", "quote"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Later:
    """What a later document reports of a target."""

    state: str
    figure: FigureInfo


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report."""
    as_of = read_day(filters.as_of)
    ledger = _Ledger(facts, as_of)
    rows = tuple(ledger.list_rows(filters))
    details = Table(_LEDGER, _COLUMNS, rows, group="agency")
    notes = (
        Note("commitments.days", {"day": as_of.isoformat()}),
        Note("commitments.later"),
        Note("commitments.rows", {"n": len(rows)}),
    )
    return (_summarize(details), details), notes


def read_day(text: str) -> date:
    """Return the day that deadlines are compared with: *text*, or today.

    Raises:
        UsageError: *text* is no date.
    """
    if not text:
        return date.today()
    day = parse_day(text)
    if day is None:
        raise UsageError(f"--as-of {text}：请写成 2025-12-31 的样子", f"--as-of {text}: write it like 2025-12-31")
    return day


def make_events(tables: tuple[Table, ...]) -> tuple[Event, ...]:
    """Return the days of the ledger: deadlines, and for yearly targets the end of each year from their letter on."""
    found = []
    for row in tables[1].to_dicts():
        quote = row["quote"]
        day, yearly = row["due"], row["frequency"] in load_patterns()["yearly"]["words"]
        if not isinstance(day, date) and yearly and isinstance(row["issued"], date):
            day = date(row["issued"].year, 12, 31)
        if isinstance(day, date) and isinstance(quote, Excerpt):
            place = f"{quote.source}#{quote.begin},{quote.end}"
            uid = hashlib.sha256(place.encode()).hexdigest()[:24]
            title = " ".join(filter(None, (str(row["agency"]), str(row["metric"] or row["commitment"]))))
            found.append(Event(uid, day, title, quote, yearly))
    return tuple(dict.fromkeys(found))


class _Ledger:
    """Makes the rows of the ledger."""

    def __init__(self, facts: Facts, as_of: date) -> None:
        self._facts, self._as_of = facts, as_of
        self._targets: dict[str, list[FigureInfo]] = defaultdict(list)
        self._apart: list[tuple[str, FigureInfo]] = []
        """Targets of replies that stand in no commitment, each with its reply."""
        for figure in FigureIndex.of(facts).list_all("Target"):
            part = facts.value(figure.iri, "partOf")
            letter = facts.letter_at(figure.context, figure.begin)
            if part:
                self._targets[part].append(figure)
            elif letter and facts.view.kind(letter) in _REPLIES:
                self._apart.append((letter, figure))
        self._metric = re.compile(load_patterns()["metric"]["before"])

    def list_rows(self, filters: Filters) -> Iterator[Row]:
        """Yield the rows of the commitments that *filters* choose, by agency and date."""
        facts = self._facts
        chosen: set[str] | None = None
        proposals = list_proposals(facts, Filters(proposal=filters.proposal))
        if filters.proposal:
            chosen = {letter for p in proposals for letter in (*p.replies, *p.opinions)}
        numbers: dict[str, list[str]] = defaultdict(list)
        for p in proposals:
            for letter in (*p.replies, *p.opinions):
                numbers[letter].append(p.number or p.title)
        found: list[tuple[tuple[str, str, str, int, str], str, str, Sequence[FigureInfo | None]]] = []
        for (part,) in facts.select("commitments"):
            letter = facts.root(part)
            has_parts = any(facts.view.kind(p) == "Commitment" for p in facts.children.get(part, ()))
            if (has_parts and part not in self._targets) or (chosen is not None and letter not in chosen):
                continue
            agencies = self._find_agencies(part, letter)
            if self._is_chosen(letter, agencies, filters):
                own: Sequence[FigureInfo | None] = self._targets.get(part) or (None,)
                place = facts.position(part)
                found.append(((facts.names(agencies), facts.issued(letter), *place), part, letter, own))
        for letter, target in self._apart:
            agencies = self._find_agencies("", letter, target)
            if (chosen is None or letter in chosen) and self._is_chosen(letter, agencies, filters):
                place = target.context, target.begin, target.iri
                found.append(((facts.names(agencies), facts.issued(letter), *place), "", letter, (target,)))
        for _, part, letter, targets in sorted(found, key=itemgetter(0)):
            for one in targets:
                if not filters.tier or (one is not None and facts.matches(one.about, filters.tier)):
                    yield self._make_row(part, letter, "、".join(numbers[letter]), one)

    def _find_agencies(self, part: str, letter: str, target: FigureInfo | None = None) -> list[str]:
        """Return who promises something: who writes the letter, unless it tells a promise of others."""
        facts, written = self._facts, set(self._facts.values(letter, "issuedBy"))
        actors = (target.actors if target is not None else ()) or (facts.values(part, "actor") if part else ())
        others = [actor for actor in actors if actor not in written]
        if not others:
            return facts.agencies(letter)
        return [*(facts.agencies(letter) if written & set(actors) else ()), *others]

    def _is_chosen(self, letter: str, agencies: list[str], filters: Filters) -> bool:
        facts = self._facts
        places = [facts.name(facts.place_of(agency)) for agency in agencies]
        return (
            (not filters.agency or any(facts.matches(agency, filters.agency) for agency in agencies))
            and (not filters.place or any(contains(place, filters.place) for place in places if place))
            and (not filters.year or facts.issued(letter).startswith(filters.year))
        )

    def _make_row(self, part: str, letter: str, proposal: str, target: FigureInfo | None) -> Row:
        facts = self._facts
        quote = facts.quote(target.iri) if target else facts.whole_quote(part)
        stated = self._find_time(part, letter, quote if target else None)
        deadline = target.deadline if target else facts.value(part, "deadline")
        due, words = end_of_period(deadline), deadline or None
        if due is None and stated is not None:
            due, words = stated.day, stated.words
        frequency = target.frequency if target else facts.value(part, "frequency")
        timing = "untimed" if not words and not frequency else "recurring" if due is None else "open"
        if due is not None and due < self._as_of:
            timing = "counted" if stated is not None and words == stated.words else "overdue"
        later = self._find_later(target, letter) if target else None
        head: tuple[Value, ...] = (
            facts.names(self._find_agencies(part, letter, target)), facts.day(letter), proposal,
            " ".join(filter(None, (facts.value(part, "number"), facts.name(part)))) if part else None,
        )  # fmt: skip
        figure: tuple[Value, ...] = (None, None, None)
        if target:
            figure = (target.metric, Amount(target.value, target.unit, target.bound), facts.name(target.about))
        return Row(
            (*head, *figure, words, due, frequency or None, Code(timing), quote, *self._tell(later, target, letter))
        )

    def _find_time(self, part: str, letter: str, quote: Excerpt | None) -> StatedTime | None:
        """Return the time that the sentence of a target states before it; of a whole commitment, the first one."""
        facts = self._facts
        whole = facts.quote(part) if part else None
        if whole is None:
            return None
        text = whole.text
        if quote is not None:
            before = text[: max(quote.begin - whole.begin, 0)]
            text = before[max(before.rfind(sign) for sign in "。！？!?\n") + 1 :]
        return find_stated_time(text, parse_day(facts.issued(letter)))

    # what later documents say

    @cached_property
    def _dated(self) -> list[tuple[date, str]]:
        """The dates of the documents that have a text, in order."""
        days = ((parse_day(self._facts.issued(letter)), letter) for letter in self._facts.letter_texts)
        return sorted((day, letter) for day, letter in days if day is not None)

    @cached_property
    def _reports(self) -> dict[tuple[str, str], list[tuple[date, FigureInfo]]]:
        """Observations and targets by metric and unit, with the date and document that state them."""
        facts, found = self._facts, defaultdict(list)
        for figure in FigureIndex.of(facts).list_all("Observation", "Target"):
            letter = facts.letter_at(figure.context, figure.begin)
            day = parse_day(facts.issued(letter)) if letter else None
            if day is not None:
                found[self._metric_key(figure), figure.unit].append((day, figure))
        return found

    def _metric_key(self, figure: FigureInfo) -> str:
        """Return the metric without the place and the verbs before it."""
        metric = figure.metric
        for name in (self._facts.name(figure.place), *self._facts.view.aliases(figure.place)) if figure.place else ():
            metric = metric.removeprefix(name)
        return name_key(self._metric.sub("", metric))

    def _find_later(self, target: FigureInfo, letter: str) -> _Later | None:
        """Return the newest later statement of the same metric of the same subject; None if there is none."""
        facts = self._facts
        day, key = parse_day(facts.issued(letter)), self._metric_key(target)
        if day is None or not key or not target.about:
            return None
        places = {target.place} if target.place else {facts.place_of(agency) for agency in facts.agencies(letter)}
        newest: tuple[date, FigureInfo] | None = None
        for when, figure in self._reports.get((key, target.unit), ()):
            fits = figure.about == target.about and (not figure.place or figure.place in places)
            if figure.kind == "Observation":
                measured = end_of_period(figure.period)
                fits = fits and (measured is None or measured > day)
            if fits and when > day and (newest is None or when >= newest[0]):
                newest = (when, figure)
        if newest is None:
            return None
        return _Later(_judge(target, newest[1]), newest[1])

    def _tell(self, later: _Later | None, target: FigureInfo | None, letter: str) -> tuple[Value, Value]:
        facts = self._facts
        if later:
            return Code(later.state), facts.quote(later.figure.iri)
        if target is None:
            return None, None
        day = parse_day(facts.issued(letter))
        after = [when for when, _ in self._dated if day is not None and when > day]
        if not after:
            return Note("commitments.none-later"), None
        return Note("commitments.unseen", {"n": len(after), "day": max(after).isoformat()}), None


def _judge(target: FigureInfo, later: FigureInfo) -> str:
    """Return what a later figure says of a target."""
    if later.kind == "Target":
        return "same-target" if (later.value, later.bound) == (target.value, target.bound) else "changed"
    at_most = target.bound == "AtMost"
    return "reached" if (later.value <= target.value if at_most else later.value >= target.value) else "below"


def _summarize(details: Table) -> Table:
    """Return how many rows of the ledger each agency has, by their times."""
    by_agency: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, row in enumerate(details.to_dicts(), 1):
        found = by_agency[str(row["agency"])]
        found["all"].append(number)
        if row["value"] is not None:
            found["withFigure"].append(number)
        if isinstance(row["timing"], Code):
            found[row["timing"].key].append(number)
        if isinstance(row["followUp"], Code):
            found["reported"].append(number)
    keys = ("withFigure", *_TIMINGS, "reported")
    columns = (Column("agency"), Column("entries", "number"), *(Column(key, "count") for key in keys))
    rows = tuple(
        Row((agency, len(found["all"]), *(Count(len(found[key]), _LEDGER, tuple(found[key])) for key in keys)))
        for agency, found in sorted(by_agency.items())
    )
    return Table("by-agency", columns, rows, chart=Chart("agency", _TIMINGS, (2, 4, 0, 1, 3)))
