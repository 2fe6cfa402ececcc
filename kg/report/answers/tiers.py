"""The ladder of tiers, and what each rung gets: from which instrument, how much, per what, where, under what terms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from kg.report.conditions import ConditionIndex
from kg.report.facts import Facts, drop_wider, split_span
from kg.report.figures import FigureIndex, FigureInfo
from kg.report.model import Amount, Code, Column, Count, Excerpt, Filters, Note, Row, Table, Value
from kg.report.places import find_setting
from kg.report.proposals import contains
from kg.report.wording import load_patterns
from ontology.terms import PK

FILTERS = ("tier", "place", "agency", "year")
_BENEFITS = "benefits"
_COLUMNS = (
    Column("tier"), Column("place"), Column("benefit"), Column("kind", "code"), Column("value", "amount"),
    Column("per"), Column("metric"), Column("provider"), Column("inCharge"), Column("year"), Column("condition"),
    Column("alsoFor"), Column("quote", "quote"), Column("amountQuote", "quote"),
)  # fmt: skip


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report."""
    reader = _TierReader(facts, filters)
    ladder = tuple(
        Row((facts.name(tier), facts.name(following), facts.read_span(span)))
        for tier, following, span in sorted(facts.select("ladder"), key=lambda row: facts.name(row[0]))
        if facts.matches(tier, filters.tier) or facts.matches(following, filters.tier)
    )
    benefits = Table(_BENEFITS, _COLUMNS, tuple(reader.list_benefits()), group="tier")
    tables = [
        Table("ladder", (Column("tier"), Column("next"), Column("quote", "quote")), ladder),
        _count_by_place(benefits),
        benefits,
        Table("conditions", _CONDITION_COLUMNS, tuple(reader.list_conditions())),
    ]
    return tuple(tables), (Note("tiers.program"), Note("tiers.place"), Note("tiers.conditions"))


_CONDITION_COLUMNS = (
    Column("tier"), Column("metric"), Column("value", "amount"), Column("requires"), Column("oneOf"),
    Column("conditionOf"), Column("place"), Column("quote", "quote"),
)  # fmt: skip


class _TierReader:
    """Reads what tiers get and what it takes to get it."""

    def __init__(self, facts: Facts, filters: Filters) -> None:
        self._facts, self._filters = facts, filters
        self._figures = FigureIndex.of(facts)
        self._tiers = [iri for (iri,) in facts.select("tiers") if facts.matches(iri, filters.tier)]
        self._places = [words for words in re.split(r"[,，、]", filters.place) if words]
        self._conditions = ConditionIndex(facts)
        self._granted: dict[str, list[FigureInfo]] = defaultdict(list)
        self._about: dict[str, list[FigureInfo]] = defaultdict(list)
        for figure in self._figures.list_all("Provision"):
            if figure.about:
                self._about[figure.about].append(figure)
            elif figure.under:
                self._granted[figure.under].append(figure)
        self._supports: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._beneficiaries: dict[str, list[str]] = defaultdict(list)
        for support, beneficiary, span in facts.select("supports"):
            self._supports[beneficiary].append((support, span))
            self._beneficiaries[support].append(beneficiary)

    def list_benefits(self) -> Iterator[Row]:
        """Yield what each tier gets, tier by tier."""
        treated: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for tier, other, span in drop_wider(self._facts.select("treated")):
            treated[tier].append((other, span))
        for tier in sorted(self._tiers, key=lambda iri: (self._facts.name(iri), iri)):
            for figure in self._about.get(tier, ()):
                yield from self._keep(self._make_provision(tier, figure), figure)
            for support, span in self._supports.get(tier, ()):
                if not self._is_told(tier, support, span):
                    yield from self._list_support(tier, support, span)
            for other, span in treated.get(tier, ()):
                quote = self._facts.read_span(span)
                row = (self._facts.name(tier), self._place_at(quote), self._facts.name(other), Code("treatedAs"))
                yield from self._keep((*row, *(None,) * 8, quote, None), None, quote)

    def _is_told(self, tier: str, support: str, span: str) -> bool:
        """Whether other rows tell what the words of a support say: with its amount, or by its program."""
        place = split_span(span)
        if place is None:
            return False
        amounts = [(f.context, f.begin, f.end) for f in self._about.get(tier, ())]
        if any(_overlap(place, amount) for amount in amounts):
            return True
        if self._facts.view.kind(support) != "PolicyInstrument":
            return False
        programs = [s for p, s in self._supports[tier] if self._facts.view.kind(p) == "Program"]
        return any(other is not None and _overlap(place, other) for other in map(split_span, programs))

    def _make_provision(self, tier: str, figure: FigureInfo) -> tuple[Value, ...]:
        facts = self._facts
        setting = find_setting(facts, figure)
        return (
            facts.name(tier), setting.place, facts.name(figure.under) or figure.metric, self._name_sort(figure),
            Amount(figure.value, figure.unit, figure.bound), figure.per or None, figure.metric,
            facts.name(figure.provider), facts.names(facts.values(figure.iri, "actor")) or None,
            figure.period or figure.deadline, self._conditions.describe(figure.iri), None,
            facts.quote(figure.iri), None,
        )  # fmt: skip

    def _name_sort(self, figure: FigureInfo) -> Code:
        """Return what a provision gives: a grant, relief, credit …"""
        return Code(self._facts.value(figure.iri, "supportType").removeprefix(PK) or "Provision")

    def _list_support(self, tier: str, support: str, span: str) -> Iterator[Row]:
        """Yield what a tier gets from a program, with the sums that the program gives without naming a receiver."""
        facts = self._facts
        quote = facts.read_span(span)
        place = facts.name(facts.place_of(support)) or self._place_at(quote)
        also = facts.names(iri for iri in self._beneficiaries[support] if iri != tier) or None
        head = (facts.name(tier), place, facts.name(support), Code("supports"))
        sums = self._granted.get(support, ()) if facts.view.kind(support) == "Program" else ()
        for figure in sums:
            row = (*head, Amount(figure.value, figure.unit, figure.bound), figure.per or None, figure.metric,
                   facts.name(figure.provider), facts.names(facts.values(figure.iri, "actor")) or None,
                   figure.period or figure.deadline, self._conditions.describe(figure.iri),
                   also, quote, facts.quote(figure.iri))  # fmt: skip
            yield from self._keep(row, figure)
        if not sums:
            yield from self._keep(
                (*head, *(None,) * 6, self._conditions.describe(support), also, quote, None), None, quote
            )

    def _keep(
        self, values: tuple[Value, ...], figure: FigureInfo | None, quote: Excerpt | None = None
    ) -> Iterator[Row]:
        """Yield the row if the filters choose it."""
        filters, facts = self._filters, self._facts
        if self._places and not any(contains(str(values[1] or ""), words) for words in self._places):
            return
        if figure:
            letter = facts.letter_at(figure.context, figure.begin)
        else:
            letter = facts.letter_at(facts.context_of(quote), quote.begin) if quote else ""
        if filters.agency and not any(facts.matches(agency, filters.agency) for agency in facts.agencies(letter)):
            return
        if filters.year and not facts.issued(letter).startswith(filters.year):
            return
        yield Row(values)

    def _place_at(self, quote: Excerpt | None) -> str:
        """Return the jurisdiction of who wrote the words."""
        facts = self._facts
        letter = facts.letter_at(facts.context_of(quote), quote.begin) if quote else ""
        places = [place for agency in facts.agencies(letter) if (place := facts.place_of(agency))] if letter else []
        return facts.name(places[0]) if places else ""

    def list_conditions(self) -> Iterator[Row]:
        """Yield the conditions for tiers, with the number of conditions of which one has to be met."""
        facts = self._facts
        groups = re.compile(load_patterns()["groups"]["pattern"])
        wanted = set(self._tiers)
        for figure in self._figures.list_all("Condition"):
            decided = self._conditions.list_decided(figure.iri)
            subjects = [iri for iri in (figure.about, *decided) if iri]
            subjects += [self._figures.get(iri).about for iri in decided if facts.view.kind(iri) == "Provision"]
            tiers = [iri for iri in dict.fromkeys(subjects) if iri in wanted]
            setting, quote = find_setting(facts, figure), facts.quote(figure.iri)
            if not tiers or quote is None or not self._is_chosen_place(setting.place):
                continue
            clause = re.split(r"[，,。；;\n]", quote.after)[0]
            group = groups.search(quote.text + clause)
            names = [
                facts.name(iri) if facts.view.kind(iri) != "Provision" else self._name_provision(iri) for iri in decided
            ]
            one_of = group[0] if group else self._conditions.quote_group(figure.iri)
            requires = facts.value(figure.iri, "requires")
            what = figure.metric or facts.value(figure.iri, "criterion") or None
            value = None if requires else Amount(figure.value, figure.unit, figure.bound)
            yield Row((facts.names(tiers), what, value, requires or None, one_of, "、".join(names) or None,
                       setting.place, quote))  # fmt: skip

    def _is_chosen_place(self, place: str) -> bool:
        return not self._places or any(contains(place, words) for words in self._places)

    def _name_provision(self, iri: str) -> str:
        quote = self._facts.quote(iri)
        return quote.text if quote else ""


def _overlap(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    """Whether two stretches of one text have words in common."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _count_by_place(benefits: Table) -> Table:
    """Return how many benefits each tier has in each place, side by side."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    largest: dict[tuple[str, str], Amount] = {}
    for number, row in enumerate(benefits.to_dicts(), 1):
        key = (str(row["tier"]), str(row["place"] or ""))
        found[key].append(number)
        value = row["value"]
        if (
            isinstance(value, Amount)
            and value.unit == "CNY"
            and (key not in largest or value.value > largest[key].value)
        ):
            largest[key] = value
    columns = (Column("tier"), Column("place"), Column("benefits", "count"), Column("largest", "amount"))
    rows = tuple(
        Row(
            (tier, place or Code("unknown"), Count(len(numbers), _BENEFITS, tuple(numbers)), largest.get((tier, place)))
        )
        for (tier, place), numbers in sorted(found.items())
    )
    return Table("by-place", columns, rows)
