"""The supports that a store knows, each with its place, beneficiary, source and status."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from extract.text.normalize import name_key
from kg.report.facts import Facts, drop_wider, split_span
from kg.report.figures import FigureIndex, FigureInfo
from kg.report.match.profile import load_match
from kg.report.model import Amount, Excerpt
from kg.report.places import find_named_place, find_setting
from ontology.terms import PK


@dataclass(frozen=True, slots=True)
class FirmSupport:
    """One thing that somebody may get, as one sentence states it."""

    name: str
    gives: str
    """``Provision``, ``supports`` or ``treatedAs``."""
    beneficiary: str
    """IRI of whom it is for."""
    place: str
    """Name of the place where it is given; empty if it is not known."""
    quote: Excerpt | None
    thing: str = ""
    """IRI of the program, instrument or tier."""
    figure: str = ""
    amount: Amount | None = None
    per: str = ""
    metric: str = ""
    provider: str = ""
    period: str = ""
    is_planned: bool = False
    """Whether it stands in a commitment."""
    status: str = ""
    """Status of the instrument (``Repealed``)."""

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same in two sentences that state the same support."""
        return name_key(self.name), self.gives, self.beneficiary, name_key(self.place), self.amount, self.per


class SupportReader:
    """Reads the supports of a store."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._figures = FigureIndex.of(facts)
        self._planned = self._list_commitments()
        budget = set(load_match()["budget"]["kinds"])
        self._budgets = {iri for iri, kind in facts.select("provisions") if kind.removeprefix(PK) in budget}

    def list_all(self) -> Iterator[FirmSupport]:
        """Yield provisions, then the statements that nothing more is known of."""
        facts = self._facts
        paid: dict[str, set[str]] = defaultdict(set)
        beneficiaries: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for thing, beneficiary, span in facts.select("supports"):
            beneficiaries[thing].append((beneficiary, span))
        for figure in self._figures.list_all("Provision"):
            if figure.iri in self._budgets:
                continue
            is_program = facts.view.kind(figure.under) == "Program" if figure.under else False
            whom = [(figure.about, "")] if figure.about else beneficiaries.get(figure.under, []) if is_program else []
            for beneficiary, span in whom or [("", "")]:
                paid[figure.under].add(beneficiary)
                yield self._make_provision(figure, beneficiary, span)
        for thing, some in beneficiaries.items():
            for beneficiary, span in some:
                if beneficiary not in paid[thing]:
                    yield self._make_statement(thing, beneficiary, span, "supports")
        for tier, other, span in drop_wider(facts.select("treated")):
            yield self._make_statement(other, tier, span, "treatedAs")

    def _make_provision(self, figure: FigureInfo, beneficiary: str, span: str) -> FirmSupport:
        facts = self._facts
        setting, quote = find_setting(facts, figure), facts.quote(figure.iri)
        return FirmSupport(
            facts.name(figure.under) or figure.metric, "Provision", beneficiary, setting.place, quote, figure.under,
            figure.iri, Amount(figure.value, figure.unit, figure.bound), figure.per, figure.metric,
            facts.name(figure.provider), figure.period or figure.deadline, self._is_planned(quote),
            facts.value(figure.under, "status").removeprefix(PK) if figure.under else "",
        )  # fmt: skip

    def _make_statement(self, thing: str, beneficiary: str, span: str, gives: str) -> FirmSupport:
        facts = self._facts
        quote = facts.read_span(span)
        letter = facts.letter_at(facts.context_of(quote), quote.begin) if quote else ""
        agencies = facts.agencies(letter) if letter else []
        places = (facts.name(facts.place_of(iri)) for iri in (thing, *agencies, letter) if iri)
        place = next(filter(None, places), "") or find_named_place(facts, thing) or find_named_place(facts, letter)
        return FirmSupport(
            facts.name(thing), gives, beneficiary, place, quote, thing, is_planned=self._is_planned(quote),
            status=facts.value(thing, "status").removeprefix(PK),
        )  # fmt: skip

    # what stands in commitments

    def _list_commitments(self) -> dict[str, list[tuple[int, int]]]:
        parts = {part for (part,) in self._facts.select("commitments")}
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for part, span in self._facts.select("part-quotes"):
            if part in parts and (place := split_span(span)):
                found[place[0]].append(place[1:])
        return {context: sorted(places) for context, places in found.items()}

    def _is_planned(self, quote: Excerpt | None) -> bool:
        places = self._planned.get(self._facts.context_of(quote), []) if quote else []
        at = bisect_right(places, (quote.begin, len(places) and 10**9)) if quote else 0
        return any(begin <= quote.begin < end for begin, end in places[max(0, at - 3) : at]) if quote else False
