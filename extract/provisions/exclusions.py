"""Whom a policy leaves out: 亏损企业不享受, 纳税额低于50万元的企业不予支持, 外资企业不适用本措施.

Each such clause is a condition of the supports that it holds for: the receiver must be none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extract.model import (
    Condition,
    ConditionId,
    Decided,
    EntityId,
    Figure,
    Kind,
    Letter,
    Operator,
    Requirements,
    Span,
)
from extract.provisions.exclusion_lists import ListedItem, find_denied, find_listed
from extract.records import copy_with
from extract.relations.clauses import ClauseIndex
from ontology.lexicons import Lexicon

RULE = "condition.exclusion"
"""The rule that makes a condition of who is left out."""
_STOP = re.compile(r"[。；;\n]")
_PAUSE = re.compile(r"[，,：:]")
_COMMAS = "，,：: "


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A clause that leaves somebody out."""

    begin: int
    end: int
    who: str
    """Who is left out, as printed."""
    article: tuple[int, int]
    """Begin and end of the article that it stands in."""
    named: str = ""
    """The article that it holds for, if it names one (不适用第一条)."""
    is_general: bool = False
    """Whether it holds for the whole policy: it says so, or its article gives nothing."""
    lead: int | None = None
    """Where the clause begins that leads in the list in which it is an item."""


@cache
def _compile(lex: Lexicon, name: str) -> re.Pattern[str]:
    return re.compile(lex.read_config("conditions")["exclusions"][name])


def find_exclusions(text: str, begin: int, end: int, lex: Lexicon) -> Iterator[Exclusion]:
    """Yield the clauses of a document that leave somebody out.

    Args:
        text: the text of the source.
        begin: where the document begins.
        end: where it ends.
        lex: the lexicon (``[exclusions]`` in ``conditions.toml``).
    """
    if not any(_compile(lex, name).search(text, begin, end) for name in ("verb", "list_verb", "must_not")):
        return
    marks = [m.end() for m in _compile(lex, "article").finditer(text, begin, end)]
    done = begin
    for article in zip([begin, *marks], [*marks, end], strict=True):
        start = max(article[0], done)
        while start < article[1]:
            stop = _STOP.search(text, start, article[1])
            after = stop.start() if stop is not None else article[1]
            items, last = find_listed(text, start, after, end, lex)
            if items:
                whole = article[0], max(article[1], last)
                listed = _make_listed(text, items, (start, last), whole, lex)
                yield from (replace(exclusion, lead=start) for exclusion in listed)
                start = done = last
                continue
            yield from _read_clause(text, (start, after), article, lex)
            yield from _make_listed(text, find_denied(text, start, after, lex), (start, after), article, lex)
            start = after + 1


def _make_listed(
    text: str, items: Iterable[ListedItem], place: tuple[int, int], article: tuple[int, int], lex: Lexicon
) -> Iterator[Exclusion]:
    """Yield each item of a list as who is left out, for what the clause that leads them in holds for."""
    begin, end = place
    rest = text[article[0] : begin] + text[end : article[1]]
    general = _compile(lex, "gives").search(rest) is None
    for item in items:
        verb = _compile(lex, "verb").search(text, begin, item.begin)
        named = _compile(lex, "named").search(text, verb.end(), item.begin) if verb is not None else None
        whole = general or _compile(lex, "all").search(text, begin, item.begin) is not None
        yield Exclusion(item.begin, item.end, item.who, article, named[0] if named is not None else "", whole)


def _read_clause(text: str, clause: tuple[int, int], article: tuple[int, int], lex: Lexicon) -> Iterator[Exclusion]:
    begin, end = clause
    if _compile(lex, "skip").search(text, begin, end):
        return
    for verb in _compile(lex, "verb").finditer(text, begin, end):
        left = text[begin : verb.start()].rstrip(_COMMAS)
        pause = max(left.rfind(sign) for sign in _COMMAS) + 1
        opened = _compile(lex, "opens").match(left, pause)
        start = opened.end() if opened is not None else pause
        who = _compile(lex, "tail").sub("", left[start:])
        if len(who) > 1 and _compile(lex, "who").search(who):
            named = _compile(lex, "named").match(text, verb.end(), end)
            behind = _PAUSE.search(text, verb.end(), end)
            first, last = begin + start, behind.start() if behind is not None else end
            rest = text[article[0] : first] + text[last : article[1]]
            general = _compile(lex, "all").search(text, first, last) or not _compile(lex, "gives").search(rest)
            yield Exclusion(first, last, who, article, named[0] if named is not None else "", bool(general))


def stands_in_article(text: str, position: int, named: str, lex: Lexicon) -> bool:
    """Return whether a position of a text stands in the article that an exclusion names (第一条)."""
    marks = [m[0].lstrip() for m in _compile(lex, "number").finditer(text, 0, position)]
    return bool(marks) and marks[-1] == named[named.index("第") :]


def add_exclusions(
    figures: Sequence[Figure], requirements: Requirements, text: str, index: ClauseIndex, lex: Lexicon
) -> tuple[Sequence[Figure], Requirements]:
    """Return the figures and conditions of a page, with whom the supports leave out among the conditions.

    Args:
        figures: all figures.
        requirements: the other conditions.
        text: the text of the source.
        index: its clauses and names.
        lex: the lexicon.
    """
    given = [figure for figure in figures if figure.kind is Kind.PROVISION]
    found: list[tuple[Exclusion, tuple[Decided, ...]]] = []
    for letter in index.letters.values():
        if letter.body is not None:
            inside = [figure for figure in given if letter.span.begin <= figure.span.begin < letter.span.end]
            own = index.own.get(letter.id)
            for exclusion in find_exclusions(text, letter.span.begin, letter.span.end, lex):
                if decided := _find_decided(exclusion, text, (letter, inside), lex):
                    general = exclusion.is_general and not exclusion.named and own is not None
                    found.append((exclusion, (*decided, *([EntityId(own)] if general and own is not None else []))))
    if not found:
        return figures, requirements
    spans = [Span(exclusion.begin, exclusion.end) for exclusion, _ in found]
    leads = [Span(one.lead, one.begin) for one, _ in found if one.lead is not None]
    others = {group.id for group in requirements.groups if any(group.span.overlaps(lead) for lead in leads)}
    kept = [one for one in requirements.conditions if not any(one.span.overlaps(span) for span in spans)]
    kept = [one for one in kept if one.group not in others]
    kept += [_make_condition(exclusion, decided) for exclusion, decided in found]
    kept.sort(key=lambda condition: condition.span)
    conditions = tuple(copy_with(one, id=ConditionId(f"c{n}")) for n, one in enumerate(kept, 1))
    freed = [_free(figure, spans) for figure in figures]
    filled = {one.group for one in conditions}
    groups = tuple(group for group in requirements.groups if group.id in filled - others)
    return freed, Requirements(conditions, groups, requirements.stacking)


def _find_decided(
    exclusion: Exclusion, text: str, supports: tuple[Letter, Iterable[Figure]], lex: Lexicon
) -> tuple[Decided, ...]:
    """Return the supports of a letter that an exclusion holds for: of its article, of the one it names, or all."""
    letter, figures = supports
    others = [f for f in figures if not exclusion.begin <= f.span.begin < exclusion.end]
    if exclusion.named:
        return tuple(f.id for f in others if stands_in_article(text, f.span.begin, exclusion.named, lex))
    if exclusion.is_general and letter.kind is Kind.INSTRUMENT:
        return tuple(figure.id for figure in others)
    begin, end = exclusion.article
    return tuple(figure.id for figure in others if begin <= figure.span.begin < end)


def _make_condition(exclusion: Exclusion, decided: Sequence[Decided]) -> Condition:
    """Return the condition to be none of those who are left out; it is about nobody who gets the support."""
    span = Span(exclusion.begin, exclusion.end)
    decides = tuple(dict.fromkeys(decided))
    return Condition(ConditionId(""), span, Operator.NOT, decides, requires=exclusion.who, rule=RULE)


def _free(figure: Figure, spans: Iterable[Span]) -> Figure:
    """Return a threshold of those who are left out without what it decides: nobody has to meet it."""
    is_inside = figure.kind is Kind.CONDITION and any(figure.span.overlaps(span) for span in spans)
    return copy_with(figure, condition_of=None) if is_inside and figure.condition_of is not None else figure
