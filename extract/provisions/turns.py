"""Numbers of a condition that are members of a list, each with its own amount.

5年以下（含5年）和5年以上的贷款利率分别为2.5%和3%: the first length of time decides the first rate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from operator import itemgetter

from extract.model import Decided, Figure, Kind
from extract.provisions.context import PlacedSupport, ProvisionPage
from extract.provisions.reading import ConditionWords
from extract.provisions.units import ConditionUnit

_DIGITS = re.compile(r"\d[\d.,]*")
_CLASSES = frozenset({Kind.TIER, Kind.GROUP})


def find_turns(
    numbers: Sequence[Figure], supports: Sequence[PlacedSupport], page: ProvisionPage, words: ConditionWords
) -> Sequence[Decided | None]:
    """Return for each number of a condition the support that it decides; nothing if the numbers are no such list.

    If the amounts behind the list are not as many as its members, none of them is known to belong to a number.

    Args:
        numbers: the thresholds of one condition, in order.
        supports: the supports of its clause, in order.
        page: the page.
        words: the words of conditions.
    """
    places = [_place(figure, page) for figure in numbers]
    last, end = places[-1]
    given = [support for support in supports if support.end > end]
    members = _number_members(places, page.text, words)
    if not members or not members[-1] or not given or not words.says_in_turn(page.text[last : given[0].end]):
        return ()
    joined = (words.goes_on_in_turn(page.text[one.end : two.begin]) for one, two in pairwise(given))
    run = [given[0], *(two for two, _ in takewhile(itemgetter(1), zip(given[1:], joined, strict=True)))]
    fits = len(run) == members[-1] + 1
    return [run[member].figure.id if fits else None for member in members]


def _place(figure: Figure, page: ProvisionPage) -> tuple[int, int]:
    """Return where the number of a figure begins, the first one of a range, and where its words end."""
    begin, end = page.index.page.find_position(figure.span.begin), page.index.page.find_end(figure.span.end)
    digits = _DIGITS.search(page.text, begin, end)
    return (digits.start() if digits is not None else begin), end


def _number_members(places: Sequence[tuple[int, int]], text: str, words: ConditionWords) -> list[int]:
    """Return to which member of a list each number belongs, both ends of a range to one; nothing if it is no list."""
    members = [0]
    for (_, end), (begin, _) in pairwise(places):
        if begin >= end and not words.goes_on_in_turn(text[end:begin]):
            return []
        members.append(members[-1] + (begin >= end))  # 1年至5年 is one member
    return members


def names_in_turn(unit: ConditionUnit, figure: Figure, page: ProvisionPage, words: ConditionWords) -> bool:
    """Return whether a unit is a list of classes of which each has its own amount: none has to be the others.

    Args:
        unit: the words of a condition of the support.
        figure: the amount of the support.
        page: the page with its supports.
        words: the words of conditions.
    """
    named = [n for n in page.index.find_named_between(unit.begin, unit.end) if n.entity.kind in _CLASSES]
    clause = page.find_clause(unit.begin)
    beside = page.by_clause.get(clause.begin, ()) if clause is not None else ()
    given = {support.figure.about for support in beside} & {n.entity.id for n in named}
    if figure.about not in given or len(given) < 2:
        return False
    places = range(unit.begin, unit.end)
    rest = (page.text[at] for at in places if not any(n.begin <= at < n.end for n in named))
    return words.tells_no_more("".join(rest))
