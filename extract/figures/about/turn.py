"""Names of which each belongs to one number of a list, in the same order: 甲县、乙县分别新建*12座、8座*."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from extract.figures.around import find_list
from extract.figures.context import FigureContext, Number, Scene, Seen
from extract.model import Kind
from ontology.lexicons import Lexicon

SEPARATORS = ("、", "和", "及", "与", "以及")
_SIGNS = re.compile("[、，,；;]|以及|[和及与](?=[\u4e00-\u9fff])")
_LONGEST_LEAD = 14
"""Characters between a word such as 分别 and the names behind it."""


class _Words:
    """The patterns of ``[turn]`` in ``figures.toml``, compiled."""

    def __init__(self, lex: Lexicon) -> None:
        at = {name: re.compile(pattern) for name, pattern in lex.read_config("figures")["turn"].items()}
        self.each, self.together, self.opens = at["each"], at["together"], at["opens"]


@cache
def _load_words(lex: Lexicon) -> _Words:
    return _Words(lex)


def find_member(page: FigureContext, scene: Scene, number: Number, kinds: Collection[Kind]) -> Seen | None:
    """Return the name that *number*, a member of a list, belongs to by its rank; None if no list of names tells it."""
    members = find_list(scene, number)
    names = list_members(page, scene, members, kinds)
    return names[members.index(number)] if names else None


def list_members(
    page: FigureContext, scene: Scene, members: Sequence[Number], kinds: Collection[Kind]
) -> Sequence[Seen]:
    """Return one name for each number of a list, nothing if the text tells none.

    A word such as 分别 stands between them, before or behind the numbers; a list of as many names at the beginning of
    the clause needs none, if nothing else there stands in a list: 甲县、乙县新建12座、8座.

    Args:
        page: the page.
        scene: the sentence.
        members: the numbers of the list.
        kinds: the classes of the names.
    """
    if len(members) < 2 or members[0].quantity.ranged:
        return ()
    words, clause = _load_words(page.lex), scene.clause(members[0].begin)
    first, last = members[0].outer_begin, members[-1].outer_end
    runs = list_runs(page, scene, (clause.begin, first), kinds)
    fit = [run for run in runs if len(run) == len(members)]
    if fit and words.each.search(page.text, fit[-1][-1].end, first):
        return fit[-1]
    if len(runs) == len(fit) == 1:
        opening, between = page.text[clause.begin : fit[0][0].begin], page.text[fit[0][-1].end : first]
        times = [t for t in scene.times if fit[0][-1].end <= t.span.begin < first and "/" in t.value]
        if words.opens.fullmatch(opening) and not times and not _SIGNS.search(between):
            return () if words.together.search(between) else fit[0]
    end = scene.clause(last - 1).end
    for run in list_runs(page, scene, (last, end), kinds):
        lead = page.text[last : run[0].begin]
        if len(run) == len(members) and (each := words.each.search(lead)) and len(lead) - each.end() <= _LONGEST_LEAD:
            return run
    return ()


def list_runs(page: FigureContext, scene: Scene, stretch: tuple[int, int], kinds: Collection[Kind]) -> list[list[Seen]]:
    """Return the lists of names in a stretch, in order; a name that stands alone is a list of one.

    Args:
        page: the page.
        scene: the sentence.
        stretch: where it begins and ends.
        kinds: the classes of the names.
    """
    runs: list[list[Seen]] = []
    for name in scene.seen:
        if not stretch[0] <= name.begin < stretch[1] or name.kind not in kinds:
            continue
        last = runs[-1][-1] if runs else None
        if last is not None and (name.begin < last.end or page.text[last.end : name.begin] in SEPARATORS):
            runs[-1].append(name)
        else:
            runs.append([name])
    return runs


def find_after_places(page: FigureContext, scene: Scene, begin: int, end: int) -> int:
    """Return where a list of places ends in the words before a number, if the places have their numbers in turn.

    Args:
        page: the page.
        scene: the sentence.
        begin: where the words begin; returned if there is no such list.
        end: where they end, before the number.
    """
    number = next((n for n in scene.numbers if n.outer_begin == end), None)
    turn = list_members(page, scene, find_list(scene, number), {Kind.PLACE}) if number is not None else ()
    if turn and begin <= turn[0].begin and turn[-1].end < end:
        return turn[-1].end
    runs = list_runs(page, scene, (begin, end), {Kind.PLACE})
    opens = len(runs) == 1 and len(runs[0]) > 1 and not page.text[begin : runs[0][0].begin].strip()
    last = runs[0][-1].end if opens else begin
    return last if last < end and _load_words(page.lex).each.search(page.text, last, end) else begin
