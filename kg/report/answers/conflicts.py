"""Contradictions and echoes: one metric with different values, and sentences that letters repeat from each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from extract.text.normalize import name_key
from kg.report.facts import Facts, LetterText
from kg.report.figures import FigureIndex, FigureInfo
from kg.report.model import Amount, Column, Count, Excerpt, Filters, Note, Row, Table
from kg.report.places import Setting, find_setting
from kg.report.proposals import contains
from kg.report.wording import TextUnit, load_patterns, split_units

FILTERS = ("agency", "place", "year", "metric", "tier")
_REPEATS, _VALUES = "repeats", "values"
_REPEAT_COLUMNS = (
    Column("echo", "number"), Column("issued", "date"), Column("agency"), Column("place"), Column("document"),
    Column("quote", "quote"),
)  # fmt: skip
_VALUE_COLUMNS = (
    Column("conflict", "number"), Column("metric"), Column("about"), Column("place"), Column("period"),
    Column("value", "amount"), Column("agency"), Column("issued", "date"), Column("quote", "quote"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """A unit in a letter."""

    letter: LetterText
    unit: TextUnit


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report."""
    values = tuple(_list_conflicts(facts, filters))
    conflicts = Table(_VALUES, _VALUE_COLUMNS, values, notes=(Note("conflicts.same"),))
    summary, repeats = _list_echoes(facts, filters)
    tables = (conflicts, summary, Table(_REPEATS, _REPEAT_COLUMNS, tuple(repeats)))
    return tables, (Note("conflicts.echo"), Note("conflicts.first"))


# contradictions


def _list_conflicts(facts: Facts, filters: Filters) -> Iterator[Row]:
    """Yield the figures of one metric, subject, place and time that have different values."""
    groups: dict[tuple[str, ...], list[tuple[FigureInfo, Setting]]] = defaultdict(list)
    for figure in FigureIndex.of(facts).list_all("Observation"):
        if figure.metric and figure.period and figure.bound == "Exactly":
            setting = find_setting(facts, figure)
            key = (name_key(figure.metric), figure.about, setting.place, figure.period, figure.unit, figure.per)
            groups[key].append((figure, setting))
    number = 0
    for _, members in sorted(groups.items(), key=lambda item: item[0]):
        chosen = any(_is_chosen_figure(facts, figure, setting, filters) for figure, setting in members)
        if len({figure.value for figure, _ in members}) < 2 or not chosen:
            continue
        number += 1
        for figure, setting in members:
            yield Row((number, figure.metric, facts.name(figure.about), setting.place, figure.period,
                       Amount(figure.value, figure.unit, figure.bound), setting.agency,
                       facts.day(setting.letter) if setting.letter else None, facts.quote(figure.iri)))  # fmt: skip


def _is_chosen_figure(facts: Facts, figure: FigureInfo, setting: Setting, filters: Filters) -> bool:
    return (
        contains(setting.agency, filters.agency)
        and contains(setting.place, filters.place)
        and contains(figure.metric, filters.metric)
        and (not filters.year or setting.year == filters.year)
        and (not filters.tier or facts.matches(figure.about, filters.tier))
    )


# echoes


def _list_echoes(facts: Facts, filters: Filters) -> tuple[Table, list[Row]]:
    """Return the sentences that stand in several letters, and where each stands, the first one first."""
    shortest = int(load_patterns()["echo"]["shortest"])
    found: dict[str, list[_Place]] = defaultdict(list)
    for place in _list_units(facts):
        if len(place.unit.signs) >= shortest:
            found[place.unit.signs].append(place)
    repeats: list[Row] = []
    summary: list[Row] = []
    for places in sorted(found.values(), key=lambda some: (-len(some), _sort_key(facts, some[0]))):
        once = {place.letter.iri: place for place in reversed(places)}
        ordered = sorted(once.values(), key=lambda place: _sort_key(facts, place))
        if len(ordered) < 2 or not any(_is_chosen_letter(facts, place.letter.iri, filters) for place in ordered):
            continue
        rows = [_make_repeat(facts, place, len(summary) + 1) for place in ordered]
        numbers = tuple(range(len(repeats) + 1, len(repeats) + len(rows) + 1))
        repeats += rows
        quote, agency = _quote(facts, ordered[0]), facts.names(facts.agencies(ordered[0].letter.iri))
        figures = FigureIndex.of(facts).list_between(
            ordered[0].letter.context, ordered[0].unit.begin, ordered[0].unit.end
        )
        summary.append(Row((Count(len(rows), _REPEATS, numbers), agency, facts.day(ordered[0].letter.iri),
                            len(figures), quote)))  # fmt: skip
    columns = (Column("letters", "count"), Column("firstAgency"), Column("firstIssued", "date"),
               Column("figures", "number"), Column("quote", "quote"))  # fmt: skip
    return Table("echoes", columns, tuple(summary)), repeats


def _list_units(facts: Facts) -> Iterator[_Place]:
    """Yield the units of the parts of replies and opinions, and of instruments."""
    for context, letters in sorted(facts.letters.items()):
        _, text = facts.view.source(context)
        for letter in letters:
            for part in facts.list_below(letter.iri):
                quote = facts.quote(part)
                if quote and not facts.children.get(part) and facts.context_of(quote) == context:
                    yield from (_Place(letter, unit) for unit in split_units(text, quote.begin, quote.end))


def _sort_key(facts: Facts, place: _Place) -> tuple[bool, str, str, int]:
    issued = facts.issued(place.letter.iri)
    return not issued, issued, place.letter.context, place.unit.begin


def _is_chosen_letter(facts: Facts, letter: str, filters: Filters) -> bool:
    agencies = facts.agencies(letter)
    return (
        not (filters.metric or filters.tier)
        and (not filters.agency or any(facts.matches(agency, filters.agency) for agency in agencies))
        and (not filters.place or any(contains(facts.name(facts.place_of(a)), filters.place) for a in agencies))
        and (not filters.year or facts.issued(letter).startswith(filters.year))
    )


def _make_repeat(facts: Facts, place: _Place, echo: int) -> Row:
    letter = place.letter.iri
    agencies = facts.agencies(letter)
    places = [name for agency in agencies if (name := facts.name(facts.place_of(agency)))]
    return Row((echo, facts.day(letter), facts.names(agencies), places[0] if places else None, facts.name(letter),
                _quote(facts, place)))  # fmt: skip


def _quote(facts: Facts, place: _Place) -> Excerpt:
    return facts.quote_words(place.letter.context, place.unit.begin, place.unit.end)
