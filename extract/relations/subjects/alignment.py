"""Figures whose subjects the form of the text proves, so that no score decides on them again.

Figures belong to the members of a list one by one: 对A、B，*分别*给予50万元、20万元, as many figures as members.
A number of things is about the name right behind it: 50个“零材料办”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from extract.model import Entity, EntityId, Figure, Kind
from extract.relations.clauses import ClauseIndex, NamedSpan
from ontology.lexicons import Lexicon, join_alternatives

_KINDS = frozenset({
    Kind.GROUP, Kind.TIER, Kind.ENTERPRISE, Kind.ORGANIZATION, Kind.PROGRAM, Kind.PLATFORM, Kind.PLACE,
})  # fmt: skip
"""Classes of the members of such lists."""
_FAMILIES: Mapping[Kind, str] = {
    Kind.GROUP: "class",
    Kind.TIER: "class",
    Kind.PROGRAM: "scheme",
    Kind.PLATFORM: "scheme",
}
"""Classes that may stand beside each other in one list."""
_GAP = re.compile(r"(?:[、，,和与及]|以及|最高|不超过|不低于)*")
"""What stands between two figures of a list."""
_SEPARATOR = re.compile(r"[“”]?(?:、|和|及|与|或|以及|或者)?[“”]?")
"""What stands between two members; nothing if they share words."""
_STOPS = re.compile(r"[。；;！？\n]")
_REACH = 100
"""Characters before the figures in which their list stands."""


_COUNTABLE = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE, Kind.ORGANIZATION, Kind.PROGRAM, Kind.PLATFORM})
"""Classes of names that a number counts."""
_COUNTED = frozenset({Kind.PROVISION, Kind.OBSERVATION, Kind.TARGET})
_SIGNS = frozenset({"", "%", "CNY"})
"""Units that count no things."""
_BEHIND = 3
"""Characters behind a figure in which the name of what it counts begins: 50家以上“…."""


def find_counted(figures: Sequence[Figure], index: ClauseIndex, lex: Lexicon) -> dict[str, EntityId]:
    """Return for each number of things the name that stands right behind its unit, by the id of the figure.

    Args:
        figures: the figures of a page.
        index: its clauses.
        lex: the lexicon (``allotments.toml`` has what stands between a number and its name).
    """
    config = lex.read_config("allotments")
    found: dict[str, EntityId] = {}
    text = index.page.text
    for figure in figures:
        if figure.kind not in _COUNTED or figure.unit in _SIGNS:
            continue
        begin, end = index.page.find_position(figure.span.begin), index.page.find_end(figure.span.end) + _BEHIND
        behind = re.compile(f"{config['number_end']}{re.escape(figure.unit)}{config['before_name']}")
        for m in behind.finditer(text, begin, end):
            near = [n for n in index.find_named_between(m.end() - 1, m.end() + 1) if n.entity.kind in _COUNTABLE]
            near = [n for n in near if n.begin == m.end() or text[n.begin] in '“"']
            if near:
                found[figure.id] = max(near, key=lambda named: named.end).entity.id
                break
    return found


def align_figures(figures: Sequence[Figure], index: ClauseIndex, lex: Lexicon) -> dict[str, EntityId]:
    """Return for each figure of a list of values the member that it belongs to, by the id of the figure.

    Args:
        figures: the figures of a page.
        index: its clauses.
        lex: the lexicon (``allotments.toml`` has the words that bring in such values).
    """
    config = lex.read_config("allotments")
    mark, lead = re.compile(join_alternatives(config["respectively"].split())), int(config["lead"])
    found: dict[str, EntityId] = {}
    for run in _list_runs(figures, index):
        text, first = index.page.text, index.page.find_position(run[0].span.begin)
        start = max((m.end() for m in _STOPS.finditer(text, max(0, first - _REACH), first)), default=first - _REACH)
        end = index.page.find_end(run[0].span.end)
        marks = list(mark.finditer(text, max(0, start), end))
        if not marks or first - marks[-1].end() > lead:
            continue
        members = _find_members(index, max(0, start), marks[-1].start(), len(run))
        found |= {figure.id: member.id for figure, member in zip(run, members, strict=False)}
    return found


def _list_runs(figures: Sequence[Figure], index: ClauseIndex) -> Iterator[list[Figure]]:
    """Yield the lists of figures with nothing but separators between them, two or more in each."""
    ordered = sorted(figures, key=lambda figure: figure.span)
    number = 0
    numbered = []
    for k, figure in enumerate(ordered):
        if k:
            end, begin = index.page.find_end(ordered[k - 1].span.end), index.page.find_position(figure.span.begin)
            joined = end <= begin and _GAP.fullmatch(index.page.text, end, begin) is not None
            number += not (joined and ordered[k - 1].unit == figure.unit)
        numbered.append((number, figure))
    for _, run in groupby(numbered, key=lambda pair: pair[0]):
        found = [figure for _, figure in run]
        if len(found) > 1:
            yield found


def _find_members(index: ClauseIndex, begin: int, end: int, count: int) -> Sequence[Entity]:
    """Return the members of the last list between two places that has *count* members, nothing if there is none."""
    lists: list[list[NamedSpan]] = []
    for named in index.find_named_between(begin, end):
        if named.entity.kind not in _KINDS:
            continue
        last = lists[-1][-1] if lists else None
        if last is not None and _are_listed(last, named, index.page.text):
            lists[-1].append(named)
        else:
            lists.append([named])
    for found in reversed(lists):
        members = list({named.entity.id: named.entity for named in found}.values())
        if len(members) == count:
            return members
    return ()


def _are_listed(one: NamedSpan, two: NamedSpan, text: str) -> bool:
    """Whether two names stand in one list, or share their last words."""
    if _FAMILIES.get(one.entity.kind) != _FAMILIES.get(two.entity.kind):
        return False
    if one.end > two.begin:
        return one.begin < two.begin and one.end == two.end
    return one.end < two.begin and _SEPARATOR.fullmatch(text, one.end, two.begin) is not None
