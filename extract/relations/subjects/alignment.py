"""Figures whose subjects the form of the text proves, so that no score decides on them again.

Figures belong to the members of a list one by one: 对A、B，*分别*给予50万元、20万元, as many figures as members.
A number of things is about the name right behind it: 50个“零材料办”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from extract.model import Bound, Entity, EntityId, Figure, Kind
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
_FORMER = "figure.former"
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


def align_figures(figures: Sequence[Figure], index: ClauseIndex, lex: Lexicon) -> dict[str, EntityId | None]:
    """Return for each figure of a list of values the member that it belongs to, by the id of the figure.

    None for figures of which a list before them proves that each belongs to another member, but not to which.

    Args:
        figures: the figures of a page.
        index: its clauses.
        lex: the lexicon (``allotments.toml`` has the words that bring in such values).
    """
    config = lex.read_config("allotments")
    mark, lead = re.compile(join_alternatives(config["respectively"].split())), int(config["lead"])
    found: dict[str, EntityId | None] = {}
    text = index.page.text
    runs = [*_list_runs(figures, index, re.compile(config["next_figure"]), Kind.PROVISION), *_list_runs(figures, index)]
    for run in runs:
        first = index.page.find_position(run[0].span.begin)
        start = max(0, *(m.end() for m in _STOPS.finditer(text, max(0, first - _REACH), first)), first - _REACH)
        marks = list(mark.finditer(text, start, index.page.find_end(run[0].span.end)))
        if any(figure.id in found for figure in run):
            continue
        if not marks:
            found |= _align_bare(run, index, start, lead)
        if not marks or first - marks[-1].end() > lead:
            continue
        lists = _find_lists(index, start, marks[-1].start())
        for part in (run, _cut_at_name(run, index)):
            if members := next((named for named in reversed(lists) if len(_count(named)) == len(part)), None):
                found |= {f.id: m.id for f, m in zip(part, _count(members), strict=True)}
                break
        else:
            if _are_of_one_time(run) and lists and len(_count(lists[-1])) > 1:
                found |= _align_last(run, lists[-1], text)
    return found


def _align_bare(run: list[Figure], index: ClauseIndex, start: int, lead: int) -> dict[str, EntityId | None]:
    """Return the members of the list of classes that stands right before as many amounts of one support.

    对甲类、乙类企业给予*2万元、1万元*奖励: no word says so, but each amount is for one of them.
    """
    text, end = index.page.text, index.page.find_end(run[0].span.end)
    alike = len({(figure.unit, figure.support) for figure in run}) == 1 and _cut_at_name(run, index) == run
    between = text[end : index.page.find_position(run[1].span.begin)]
    lists = _find_lists(index, start, end)
    if run[0].kind is not Kind.PROVISION or not alike or _GAP.fullmatch(between) is None or not lists:
        return {}
    members, gap = _count(lists[-1]), text[lists[-1][-1].end : end]
    if len(members) != len(run) or len(gap) > lead or "，" in gap:
        return {}
    return {figure.id: member.id for figure, member in zip(run, members, strict=True)}


def _count(named: Sequence[NamedSpan]) -> list[Entity]:
    """Return the members of a list, each once."""
    return list({n.entity.id: n.entity for n in named}.values())


def _align_last(run: Sequence[Figure], named: Sequence[NamedSpan], text: str) -> dict[str, EntityId | None]:
    """Return no member for each figure; if a list goes on before its first name, its last names for the last figures.

    轻度、*中度、重度失能老年人*: the list has a member more than names are known.
    """
    found: dict[str, EntityId | None] = dict.fromkeys(figure.id for figure in run)
    members = _count(named)
    if len(members) < len(run) and text[named[0].begin - 1] in "、和":
        found |= {f.id: m.id for f, m in zip(run[-len(members) :], members, strict=True)}
    return found


def find_series(figures: Sequence[Figure], index: ClauseIndex) -> dict[str, str]:
    """Return for each later figure of a list over several times the id of the first: 首年、次年分别新增2家、3家."""
    found: dict[str, str] = {}
    for run in _list_runs(figures, index):
        periods = {figure.period for figure in run}
        if len(periods) == len(run) and all(figure.kind is run[0].kind for figure in run):
            found |= dict.fromkeys((figure.id for figure in run[1:]), run[0].id)
    return found


def find_ranges(figures: Sequence[Figure]) -> dict[str, str]:
    """Return for each upper end of a range the id of its lower end, in whose words it stands: *2—3个*专业市场."""
    ordered = sorted(figures, key=lambda figure: (figure.span.begin, -figure.span.end))
    return {
        high.id: low.id
        for low, high in pairwise(ordered)
        if (low.bound, high.bound) == (Bound.AT_LEAST, Bound.AT_MOST)
        and low.kind is high.kind
        and low.unit == high.unit
        and low.span.begin < high.span.begin < low.span.end
    }


def find_shared(
    figures: Sequence[Figure], aligned: Mapping[str, EntityId | None], index: ClauseIndex
) -> dict[str, frozenset[EntityId]]:
    """Return for each fact behind a list of values the members of it, of all of which the fact may be told.

    对甲类和乙类企业分别奖励2万元、5万元，*兑现资金800万元*: the sum is that of both. By the id of the figure.
    """
    found: dict[str, frozenset[EntityId]] = {}
    page, members, end = index.page, frozenset[EntityId](), 0
    for figure in sorted(figures, key=lambda figure: figure.span):
        begin = page.find_position(figure.span.begin)
        if members and _STOPS.search(page.text, end, begin):
            members = frozenset()
        if (member := aligned.get(figure.id)) is not None:
            members, end = members | {member}, page.find_end(figure.span.end)
        elif len(members) > 1 and figure.kind in (Kind.OBSERVATION, Kind.TARGET):
            named = {n.entity.id for n in index.find_named_between(end, page.find_end(figure.span.end))}
            found[figure.id] = members - named
    return found


def find_totals(
    figures: Sequence[Figure], aligned: Mapping[str, EntityId | None], index: ClauseIndex, lex: Lexicon
) -> dict[str, EntityId | None]:
    """Return None for the facts that are told of all members of a list together, and so of nobody alone, by their id.

    对甲类和乙类企业兑现资金*共计800万元，惠及90家*: what goes on without a name of its own is about both too.
    """
    together = re.compile(lex.read_config("allotments")["together"])
    found: dict[str, EntityId | None] = {}
    page, members, reached = index.page, frozenset[EntityId](), 0
    for figure in sorted(figures, key=lambda figure: figure.span):
        begin, end = page.find_position(figure.span.begin), page.find_end(figure.span.end)
        if figure.kind not in (Kind.OBSERVATION, Kind.TARGET) or figure.id in aligned:
            members = frozenset()
            continue
        start = max(0, *(m.end() for m in _STOPS.finditer(page.text, max(0, end - _REACH), begin)), end - _REACH)
        lists = _find_lists(index, max(start, reached), end)
        if lists:
            named = _count(lists[-1])
            ids = frozenset(entity.id for entity in named)
            whole = together.search(page.text, lists[-1][-1].end, end) is not None
            whole = whole or (all(entity.kind is Kind.PLACE for entity in named) and figure.place not in ids)
            members = ids if whole and len(ids) > 1 else frozenset()
        elif start > reached:
            members = frozenset()
        if members:
            found[figure.id] = None
        reached = end
    return found


def _cut_at_name(run: list[Figure], index: ClauseIndex) -> list[Figure]:
    """Return the figures up to the first that ends with the name of a support: 2万元、1万元*补贴*和300元培训费."""
    page = index.page
    texts = [page.text[page.find_position(f.span.begin) : page.find_end(f.span.end)] for f in run]
    named = (k for k, words in enumerate(texts) if run[k].metric and words.endswith(run[k].metric))
    return run[: next(named, len(run) - 1) + 1]


def _are_of_one_time(run: Sequence[Figure]) -> bool:
    """Whether the figures of a list are no series of one subject over several times."""
    return len({figure.period for figure in run}) == 1


def _list_runs(
    figures: Sequence[Figure], index: ClauseIndex, gap: re.Pattern[str] = _GAP, kind: Kind | None = None
) -> Iterator[list[Figure]]:
    """Yield the lists of figures with nothing but *gap* between them, two or more in each.

    Args:
        figures: the figures of a page.
        index: its clauses.
        gap: what may stand between two figures of a list.
        kind: the class of the figures of a list; None for figures of any class with one unit.
    """
    ordered = sorted(figures, key=lambda figure: figure.span)
    number = 0
    numbered = []
    for k, figure in enumerate(ordered):
        if k:
            last = ordered[k - 1]
            changed = (last.rule == _FORMER) != (figure.rule == _FORMER)  # 由1100元、700元+提高至1250元、820元
            alike = last.unit == figure.unit and not changed if kind is None else last.kind is figure.kind is kind
            end, begin = index.page.find_end(last.span.end), index.page.find_position(figure.span.begin)
            joined = end <= begin and gap.fullmatch(index.page.text, end, begin) is not None
            number += not (joined and alike)
        numbered.append((number, figure))
    for _, run in groupby(numbered, key=lambda pair: pair[0]):
        found = [figure for _, figure in run]
        if len(found) > 1:
            yield found


def _find_lists(index: ClauseIndex, begin: int, end: int) -> list[list[NamedSpan]]:
    """Return each list of names between two places."""
    lists: list[list[NamedSpan]] = []
    for named in index.find_named_between(begin, end):
        if named.entity.kind not in _KINDS:
            continue
        last = lists[-1][-1] if lists else None
        if last is not None and _are_listed(last, named, index.page.text):
            lists[-1].append(named)
        else:
            lists.append([named])
    return lists


def _are_listed(one: NamedSpan, two: NamedSpan, text: str) -> bool:
    """Whether two names stand in one list, or share their last words."""
    if _FAMILIES.get(one.entity.kind) != _FAMILIES.get(two.entity.kind):
        return False
    if one.end > two.begin:
        return one.begin < two.begin and one.end == two.end
    return one.end < two.begin and _SEPARATOR.fullmatch(text, one.end, two.begin) is not None
