"""Who a policy leaves out, as the conditions of the graph say, and until when its text says that it holds, for a firm.

纳税额低于50万元的企业不予支持。外资企业不适用本措施。本措施有效期至2027年12月31日。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from extract.model import Bound
from extract.provisions.exclusions import Exclusion, find_exclusions
from extract.text.normalize import print_line
from extract.text.numerals import parse_numeral
from extract.text.quantities import find_quantities
from kg.report.facts import Facts
from kg.report.figures import FigureIndex
from kg.report.match.profile import FirmProfile, Outcome, load_match
from kg.report.match.requirements import Requirement, RequirementGroup, find_property
from kg.report.match.traits import OwnTraits, read_trait
from kg.report.model import Amount, Excerpt
from ontology.lexicons import load_lexicon


@cache
def _compile(section: str, name: str) -> re.Pattern[str]:
    return re.compile(load_match()[section][name])


class ExclusionReader:
    """Reads the exclusions of policy texts for one firm."""

    def __init__(self, facts: Facts, profile: FirmProfile) -> None:
        self._facts, self._figures = facts, FigureIndex.of(facts)
        self._numbers = profile.numbers
        self._own = OwnTraits(profile)
        self._exclusions: dict[tuple[str, int, int], list[Exclusion]] = {}
        self.conditions = {row[0] for row in facts.select("exclusions")}
        """Conditions of the graph that say who is left out."""
        self._known = {(facts.context_of(quote), quote.begin) for quote in map(facts.quote, self.conditions) if quote}
        self._ends: dict[tuple[str, int, int], date | None] = {}

    def _find_letter(self, quote: Excerpt) -> tuple[str, int, int] | None:
        """Return text, begin and end of the document that a quote stands in: up to where the next one begins."""
        context = self._facts.context_of(quote)
        if not context:
            return None
        begins = [letter.begin for letter in self._facts.letters.get(context, ())]
        begin = max((b for b in begins if b <= quote.begin), default=0)
        end = min((b for b in begins if b > quote.begin), default=len(self._facts.view.source(context)[1]))
        return context, begin, end

    # exclusions

    def judge(self, condition: str) -> RequirementGroup:
        """Return the requirement that a condition of the graph makes: to be none of those who are left out."""
        quote = self._facts.quote(condition)
        words = print_line(quote.text) if quote is not None else ""
        return RequirementGroup(1, (self._judge(words, self._facts.value(condition, "requires"), quote),))

    def list_for(self, quote: Excerpt) -> Iterator[RequirementGroup]:
        """Yield a requirement for each exclusion that may hold for the support of a quote, and decides nothing surely.

        Such a one is not in the graph: the support of its article has no amount, or its letter is no policy.
        """
        place = self._find_letter(quote)
        if place is None:
            return
        context, text = place[0], self._facts.view.source(place[0])[1]
        if place not in self._exclusions:
            found = find_exclusions(text, place[1], place[2], load_lexicon(""))
            self._exclusions[place] = [one for one in found if (context, one.begin) not in self._known]
        for exclusion in self._exclusions[place]:
            begin, end = exclusion.article
            gives = any(figure.kind == "Provision" for figure in self._figures.list_between(context, begin, end))
            inside = begin <= quote.begin < end
            if (inside or not gives) and not exclusion.named and not exclusion.begin <= quote.begin < exclusion.end:
                words = print_line(text[exclusion.begin : exclusion.end])
                place_of = self._facts.quote_at(context, exclusion.begin, exclusion.end)
                requirement = self._judge(words, exclusion.who, place_of)
                if requirement.outcome == "unmet" and not (inside or exclusion.is_general):
                    requirement = replace(requirement, kind="excluded", outcome="unknown")
                yield RequirementGroup(1, (requirement,))

    def _judge(self, words: str, who: str, quote: Excerpt | None) -> Requirement:
        number = self._judge_number(who)
        if number is not None:
            key, needed, outcome = number
            return Requirement("exclude", words, outcome, quote, key, needed, self._numbers.get(key))
        outcome = self._own.judge_left_out(who)
        who_trait, trait = read_trait(who), read_trait(words)
        if trait is not None and who_trait is not None and trait in (who_trait, who_trait.deny()):
            return Requirement("exclude", who, outcome, quote, denies=True)
        return Requirement("exclude", words, outcome, quote)

    def _judge_number(self, who: str) -> tuple[str, Amount, Outcome] | None:
        """Return property, what is needed, and whether a firm has it, if one threshold alone leaves firms out."""
        found = find_quantities(who, load_lexicon(""))
        if len(found) != 1 or _compile("exclusions", "several").search(who):
            return None
        [quantity] = found
        key = find_property(who, quantity.unit)
        own = self._numbers.get(key)
        if own is None or quantity.bound not in (Bound.AT_LEAST, Bound.AT_MOST):
            return None
        strict = _compile("exclusions", "strict").search(who) is not None
        low = quantity.bound is Bound.AT_MOST
        left_out = own < quantity.value if low else own > quantity.value
        left_out = left_out or (not strict and own == quantity.value)
        needed = Amount(quantity.value, quantity.unit, "AtLeast" if low else "AtMost")
        return key, needed, "unmet" if left_out else "met"

    # validity

    def find_end(self, quote: Excerpt) -> date | None:
        """Return the last day on which the policy of a quote holds; None if its text does not say it."""
        place = self._find_letter(quote)
        if place is None:
            return None
        if place not in self._ends:
            context, begin, end = place
            self._ends[place] = _find_end(self._facts.view.source(context)[1][begin:end])
        return self._ends[place]


def _find_end(text: str) -> date | None:
    found = []
    for sentence in re.split("[。\n]", text):
        if not _compile("validity", "own").search(sentence):
            continue
        days = [_make_day(m) for m in _compile("validity", "until").finditer(sentence)]
        if m := _compile("validity", "term").search(sentence):
            first = _make_day(m)
            years = parse_numeral(m["n"].replace("两", "二"))
            days.append(first.replace(year=first.year + int(years), day=min(first.day, 28)) if first else None)
        found += [day for day in days if day is not None]
    return max(found, default=None)


def _make_day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
