"""Who a policy leaves out, and until when it holds: read from the sentences of its text, judged for a firm.

纳税额低于50万元的企业不予支持。外资企业不适用本措施。本措施有效期至2027年12月31日。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from extract.model import Bound
from extract.text.normalize import name_key, print_line
from extract.text.numerals import parse_numeral
from extract.text.quantities import find_quantities
from kg.report.facts import Facts
from kg.report.figures import FigureIndex
from kg.report.match.profile import FirmProfile, load_match
from kg.report.match.requirements import Outcome, Requirement, RequirementGroup, find_property
from kg.report.model import Amount, Excerpt
from ontology.lexicons import load_lexicon

_STOP = re.compile(r"[。；;\n]")
_PAUSE = re.compile(r"[，,：:]")
_COMMAS = "，,：: "


@dataclass(frozen=True, slots=True)
class _Exclusion:
    """A clause that leaves somebody out."""

    begin: int
    end: int
    who: str
    article: tuple[int, int]
    """Begin and end of the article that it stands in."""
    named: str = ""
    """The article that it holds for, if it names one (不适用第一条)."""


@cache
def _compile(section: str, name: str) -> re.Pattern[str]:
    return re.compile(load_match()[section][name])


class ExclusionReader:
    """Reads the exclusions of policy texts for one firm."""

    def __init__(self, facts: Facts, profile: FirmProfile) -> None:
        self._facts, self._figures = facts, FigureIndex.of(facts)
        self._numbers = profile.numbers
        self._own = {name_key(item) for item in (*profile.groups, *profile.tiers, *profile.has)}
        self._exclusions: dict[tuple[str, int, int], list[_Exclusion]] = {}
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

    def list_for(self, quote: Excerpt) -> Iterator[RequirementGroup]:
        """Yield a requirement for each exclusion that may hold for the support of a quote."""
        place = self._find_letter(quote)
        if place is None:
            return
        context, text = place[0], self._facts.view.source(place[0])[1]
        if place not in self._exclusions:
            self._exclusions[place] = list(_find_exclusions(text, place[1], place[2]))
        for exclusion in self._exclusions[place]:
            begin, end = exclusion.article
            inside = begin <= quote.begin < end
            if exclusion.named:
                inside = text[text.rfind("\n", 0, quote.begin) + 1 : quote.begin].strip().startswith(exclusion.named)
                holds = sure = inside
            else:
                sure = inside or _compile("exclusions", "all").search(text, exclusion.begin, exclusion.end) is not None
                rest = text[begin : exclusion.begin] + text[exclusion.end : end]
                sure = sure or _compile("exclusions", "gives").search(rest) is None
                gives = any(figure.kind == "Provision" for figure in self._figures.list_between(context, begin, end))
                holds = inside or sure or not gives
            if holds and not exclusion.begin <= quote.begin < exclusion.end:
                found = self._judge(context, text, exclusion)
                if found.outcome == "unmet" and not sure:
                    found = replace(found, kind="excluded", outcome="unknown")
                yield RequirementGroup(1, (found,))

    def _judge(self, context: str, text: str, exclusion: _Exclusion) -> Requirement:
        words = print_line(text[exclusion.begin : exclusion.end])
        quote = self._facts.quote_at(context, exclusion.begin, exclusion.end)
        number = self._judge_number(exclusion.who)
        if number is not None:
            key, needed, outcome = number
            return Requirement("exclude", words, outcome, quote, key, needed, self._numbers.get(key))
        parts = {name_key(part) for part in _compile("exclusions", "and").split(exclusion.who) if part}
        return Requirement("exclude", words, "unmet" if parts & self._own else "unknown", quote)

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


def _find_exclusions(text: str, begin: int, end: int) -> Iterator[_Exclusion]:
    """Yield the clauses of a document that leave somebody out."""
    marks = [m.end() for m in _compile("exclusions", "article").finditer(text, begin, end)]
    articles = list(zip([begin, *marks], [*marks, end], strict=True))
    for article in articles:
        start = article[0]
        while start < article[1]:
            stop = _STOP.search(text, start, article[1])
            after = stop.start() if stop is not None else article[1]
            yield from _read_clause(text, start, after, article)
            start = after + 1


def _read_clause(text: str, begin: int, end: int, article: tuple[int, int]) -> Iterator[_Exclusion]:
    if _compile("exclusions", "skip").search(text, begin, end):
        return
    for verb in _compile("exclusions", "verb").finditer(text, begin, end):
        left = text[begin : verb.start()].rstrip(_COMMAS)
        pause = max(left.rfind(sign) for sign in _COMMAS) + 1
        opened = _compile("exclusions", "opens").match(left, pause)
        start = opened.end() if opened is not None else pause
        who = _compile("exclusions", "tail").sub("", left[start:])
        if len(who) > 1:
            named = _compile("exclusions", "named").match(text, verb.end(), end)
            behind = _PAUSE.search(text, verb.end(), end)
            stop = behind.start() if behind is not None else end
            yield _Exclusion(begin + start, stop, who, article, named[0] if named is not None else "")


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
