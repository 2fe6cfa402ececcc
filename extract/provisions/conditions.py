"""The conditions of a page: read from the units before each amount and from lists of conditions.

Each unit makes one condition for each number in it, or one without a number. All conditions of a support must be met,
unless they stand in a group: 符合下列条件之一, or 或 between two numbers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import takewhile

from extract.model import (
    Bound,
    Condition,
    ConditionGroup,
    ConditionId,
    Decided,
    EntityId,
    Figure,
    FigureId,
    GroupId,
    GroupKind,
    Kind,
    Requirements,
    Support,
)
from extract.provisions.context import ProvisionPage
from extract.provisions.reading import ConditionReading, ConditionWords, GroupWords, load_condition_words
from extract.provisions.stacking import find_stacking
from extract.provisions.turns import find_turns, names_in_turn
from extract.provisions.units import ConditionUnit, UnitReader
from extract.relations.clauses import Clause
from ontology.lexicons import Lexicon

_CLASSES = frozenset({Kind.TIER, Kind.GROUP})
_DIGITS = re.compile(r"\d[\d.,]*")
_MODIFIED = re.compile(r"的|\d|^新|^首次")
"""In a name that says itself what is asked for: 在本市注册*的*企业."""
_BEYOND = 12
"""Characters behind a condition that may say of how many it is one (6项条件之一)."""
_LONGEST_ITEM = 160
_MOST_ITEMS = 20


@dataclass(slots=True)
class _Draft:
    """A condition while what it decides is collected."""

    unit: ConditionUnit
    reading: ConditionReading
    about: EntityId | None
    figure: Figure | None
    decides: list[Decided] = field(default_factory=list)
    group: int | None = None
    listed: bool = False
    """Whether its number goes on the list of the one before it."""


@dataclass(slots=True)
class _GroupDraft:
    begin: int
    end: int
    words: GroupWords
    decides: list[Decided] = field(default_factory=list)


class _Collector:
    """Collects the conditions of one page."""

    def __init__(self, page: ProvisionPage, figures: Sequence[Figure], lex: Lexicon) -> None:
        self.page, self.text = page, page.text
        self.words: ConditionWords = load_condition_words(lex)
        self.units = UnitReader(page, lex)
        self.numbers = self._place_numbers(f for f in figures if f.kind is Kind.CONDITION)
        self._facts = self._place_numbers(f for f in figures if f.kind in (Kind.OBSERVATION, Kind.TARGET))
        self.thresholds: set[FigureId] = set()
        """Facts and promises that are thresholds, since they stand in a list of conditions."""
        self.drafts: dict[tuple[ConditionUnit, str], _Draft] = {}
        self.groups: list[_GroupDraft] = []
        self._by_unit: dict[ConditionUnit, list[_Draft]] = {}

    def _place_numbers(self, figures: Iterable[Figure]) -> list[tuple[int, int, Figure]]:
        """Return begin and end of the number of each figure."""
        index = self.page.index.page
        found = []
        for figure in figures:
            begin, end = index.find_position(figure.span.begin), index.find_end(figure.span.end)
            digits = list(_DIGITS.finditer(self.text, begin, end))
            found.append((digits[-1].start() if digits else begin, end, figure))
        return sorted(found, key=lambda n: n[:2])

    # units

    def read_unit(self, unit: ConditionUnit) -> list[_Draft]:
        """Return the conditions of a unit, each made once."""
        known = self._by_unit.get(unit)
        if known is None:
            known = self._by_unit[unit] = list(self._make_drafts(unit))
        return known

    def _make_drafts(self, unit: ConditionUnit) -> Iterator[_Draft]:
        inside = [n for n in self.numbers if unit.begin <= n[0] < unit.end]
        drafts = []
        for begin, _, figure in inside:
            reading = self.words.read_number(self.text[unit.begin : begin], self.text[begin : unit.end], figure)
            drafts.append(_Draft(unit, reading, None, figure))
        if not inside:
            reading = self.words.read_quality(self.text[unit.begin : unit.end])
            drafts.append(_Draft(unit, reading, self._find_class(unit, reading.requires), None))
        self._share_readings(inside, drafts)
        for earlier, later, draft, other in zip(inside, inside[1:], drafts, drafts[1:], strict=False):
            if self.words.joins_or(self.text[earlier[1] : later[0]]):
                if draft.group is None:
                    draft.group = self._add_group(earlier[0], later[1], GroupWords(GroupKind.ANY_OF, 1, 0))
                other.group = draft.group
        if inside:
            drafts += self._read_joined(unit, inside)
        for draft in drafts:
            yield self.drafts.setdefault((draft.unit, str(draft.figure.id if draft.figure else "")), draft)

    def _read_joined(self, unit: ConditionUnit, numbers: Sequence[tuple[int, int, Figure]]) -> Iterator[_Draft]:
        """Yield what a unit asks for beside its numbers: 床位20张以上且*取得许可证*的民宿."""
        for begin, end in self.words.split_joined(self.text[unit.begin : unit.end]):
            part = self.units.trim(ConditionUnit(unit.begin + begin, unit.begin + end))
            if part is None or part == unit or any(part.begin <= n[0] < part.end for n in numbers):
                continue
            reading = self.words.read_quality(self.text[part.begin : part.end])
            if reading.criterion:
                yield _Draft(part, reading, self._find_class(part, reading.requires), None)

    def _share_readings(self, numbers: Sequence[tuple[int, int, Figure]], drafts: Sequence[_Draft]) -> None:
        """Give the members of a list what its first one compares: 年营业收入达到*5000万元、1亿元*的."""
        for (_, end, one), (begin, _, two), draft, other in zip(numbers, numbers[1:], drafts, drafts[1:], strict=False):
            if one.unit == two.unit and one.bound is two.bound and self.words.lists_next(self.text[end:begin]):
                other.reading, other.listed = draft.reading, True

    def _add_group(self, begin: int, end: int, words: GroupWords) -> int:
        self.groups.append(_GroupDraft(begin, end, words))
        return len(self.groups) - 1

    def _find_class(self, unit: ConditionUnit, requires: str) -> EntityId | None:
        """Return the only class that is asked for."""
        named = self.page.index.find_named_between(unit.begin, unit.end)
        classes = {n.entity.id for n in named if n.entity.kind in _CLASSES and self.text[n.begin : n.end] in requires}
        return classes.pop() if len(classes) == 1 else None

    # supports and lists

    def read_supports(self) -> None:
        end = 0
        for support, units in self.units.read(self.page.grants):
            if support.figure.support is Support.BUDGET:
                continue
            drafts = [
                draft
                for unit in units
                if not self._only_names(unit, support.figure.about)
                and not names_in_turn(unit, support.figure, self.page, self.words)
                for draft in self.read_unit(unit)
            ]
            own = [draft for draft in drafts if draft.unit.begin >= end]
            self._decide((d for d in drafts if d.unit.begin >= end or not _replaces(own, d)), support.figure.id)
            end = support.end
        for drafts in self._by_unit.values():
            for rank, draft in enumerate(drafts):
                if not draft.listed and draft.group is None:
                    self._share_out([draft, *takewhile(lambda d: d.listed, drafts[rank + 1 :])])

    def read_in_turn(self) -> None:
        """Let each number of a list decide its own amount: *5年以下和5年以上*利率分别为*2%、3%*."""
        for unit, drafts in self._by_unit.items():
            clause = self.page.find_clause(unit.begin)
            drafts = [draft for draft in drafts if draft.unit == unit]
            numbered = [draft.figure for draft in drafts if draft.figure is not None and draft.group is None]
            if clause is not None and len(numbered) == len(drafts) > 1:
                turns = find_turns(numbered, self.page.by_clause.get(clause.begin, ()), self.page, self.words)
                for draft, decided in zip(drafts, turns, strict=False):
                    draft.decides = [decided] if decided is not None else []

    def _share_out(self, listed: Sequence[_Draft]) -> None:
        """Let each threshold of a list decide its own amount: 达到5000万元、1亿元的，分别给予10万元、20万元.

        What stands for no single one of them, such as a limit, asks for the first.
        """
        if len(listed) < 2:
            return
        own = [draft.figure.condition_of if draft.figure is not None else None for draft in listed]
        in_turn = len(set(own)) == len(own) and all(
            draft.decides and ident in draft.decides for draft, ident in zip(listed, own, strict=True)
        )
        for rank, draft in enumerate(listed):
            if in_turn:
                draft.decides = [d for d in draft.decides if d == own[rank] or (rank == 0 and d not in own)]
            elif rank:
                draft.decides = []

    def _only_names(self, unit: ConditionUnit, receiver: EntityId | None) -> bool:
        """Whether the words of a unit are nothing but the name of who gets the support."""
        words = self.text[unit.begin : unit.end]
        return not _MODIFIED.search(words) and any(
            (n.begin, n.end) == (unit.begin, unit.end) and n.entity.id == receiver
            for n in self.page.index.find_named_between(unit.begin, unit.begin + 1)
        )

    def _decide(self, drafts: Iterable[_Draft], decided: Decided) -> None:
        for draft in drafts:
            target = draft.decides if draft.group is None else self.groups[draft.group].decides
            if decided not in target:
                target.append(decided)

    def read_lists(self) -> None:
        """Read the lists of conditions behind 符合下列条件之一：, and the sections that are such lists."""
        for clause in self.page.index.clauses:
            words = self.text[clause.begin : clause.end]
            if not self.units.words.listed.search(words):
                continue
            counted = self.words.read_group(words)
            if counted is None and not self.words.lead.search(words):
                continue
            items = list(self._list_items(clause))
            decided = self._find_decided(clause)
            if len(items) < 2 or not decided:
                continue
            counted = counted or GroupWords(GroupKind.ALL_OF, 0, 0)
            number = self._add_group(clause.begin, clause.end, counted)
            self.groups[number].decides += decided
            for item in items:
                self._take_thresholds(item)
                for draft in self.read_unit(item)[:1]:
                    draft.group = number

    def _take_thresholds(self, item: ConditionUnit) -> None:
        """Make the bounded numbers of an item of a list of conditions thresholds."""
        taken = [n for n in self._facts if item.begin <= n[0] < item.end and n[2].bound is not Bound.EXACTLY]
        self.thresholds |= {n[2].id for n in taken}
        self.numbers = sorted((*self.numbers, *taken), key=lambda n: n[:2])

    def _list_items(self, clause: Clause) -> Iterator[ConditionUnit]:
        """Yield the items that follow a clause: sub-items of its item, or clauses that open with a number."""
        clauses = self.page.index.clauses
        at = self.page.number_clause(clause)
        own, seen = clause.sentence.part, 0
        for other in clauses[at + 1 : at + 1 + _MOST_ITEMS * 3]:
            if other.sentence.letter != clause.sentence.letter or seen >= _MOST_ITEMS:
                return
            part = other.sentence.part
            inline = part == own and self.units.is_item(other)
            below = part != own and self.page.find_parent(part) == own and own is not None
            if not (inline or below):
                return
            if unit := self.units.trim(ConditionUnit(other.begin, min(other.end, other.begin + _LONGEST_ITEM))):
                seen += 1
                yield unit

    def _find_decided(self, clause: Clause) -> list[Decided]:
        """Return what a list of conditions decides about: the supports beside it, else the program or policy."""
        found: list[Decided] = [g.figure.id for g in self.page.by_clause.get(clause.begin, ())]
        if found:
            return found
        programs = {n.entity.id for n in clause.named if n.entity.kind is Kind.PROGRAM}
        if len(programs) == 1:
            return [programs.pop()]
        letter, part = clause.sentence.letter, clause.sentence.part
        above = self.page.find_parent(part)
        if part is not None:
            near = self.page.by_part.get((letter, part), [])
            beside = self.page.by_parent.get((letter, above), []) if above is not None else []
            found += dict.fromkeys(g.figure.id for g in (*near, *beside))
        own = self.page.index.own.get(clause.sentence.letter)
        return found or ([EntityId(own)] if own is not None else [])

    def read_rest(self) -> None:
        """Read the thresholds that stand in no unit: what they decide was found with their number, or nothing."""
        used = {draft.figure.id for draft in self.drafts.values() if draft.figure is not None}
        for begin, end, figure in self.numbers:
            if figure.id in used:
                continue
            clause = self.page.find_clause(begin)
            if clause is None:
                continue
            left = max(clause.begin, max(self.text.rfind(s, clause.begin, begin) for s in self.units.words.signs) + 1)
            rights = [p for s in self.units.words.signs if (p := self.text.find(s, end, clause.end)) >= 0]
            drafts = self.read_unit(ConditionUnit(left, min([*rights, clause.end])))
            for draft in drafts:
                if draft.figure in (figure, None) and figure.condition_of is not None:
                    self._decide([draft], figure.condition_of)

    def read_counted(self) -> None:
        """Read of how many a condition is one, by the words behind it: 营业收入4亿元以上（6项条件之一）."""
        for draft in self.drafts.values():
            if draft.group is not None or draft.figure is None:
                continue
            clause = self.page.find_clause(draft.unit.begin)
            if clause is None:
                continue
            begin, end = draft.unit.begin, min(clause.end, draft.unit.end + _BEYOND)
            counted, place = self.words.read_group(self.text[begin:end]), self.words.find_count(self.text[begin:end])
            if counted is None or place is None:
                continue
            first, last = begin + place[0], begin + place[1]
            decides = draft.decides or self._find_program(begin, first)
            if decides:
                draft.group = self._add_group(first, last, counted)
                self.groups[draft.group].decides += decides
                draft.decides = []

    def _find_program(self, begin: int, end: int) -> list[Decided]:
        """Return the last program in a stretch: 作为新设立*博士后工作站*5项条件之一."""
        named = self.page.index.find_named_between(begin, end)
        programs: list[Decided] = [n.entity.id for n in named if n.entity.kind is Kind.PROGRAM and n.end <= end]
        return programs[-1:]

    # results

    def build(self) -> tuple[tuple[Condition, ...], tuple[ConditionGroup, ...]]:
        span = self.page.index.page.span
        members: dict[int, int] = defaultdict(int)
        drafts = sorted(self.drafts.values(), key=lambda d: (d.unit, d.figure.id if d.figure else ""))
        kept = [d for d in drafts if d.decides or d.figure is not None or self._has_group(d)]
        for draft in kept:
            if draft.group is not None:
                members[draft.group] += 1
        order = sorted(
            (k for k, g in enumerate(self.groups) if members[k] and g.decides), key=lambda k: (self.groups[k].begin, k)
        )
        names = {k: GroupId(f"g{n}") for n, k in enumerate(order, 1)}
        groups = [
            ConditionGroup(
                names[k], span(g.begin, g.end), g.words.kind, tuple(g.decides), g.words.needed, g.words.total
            )
            for k in order
            for g in [self.groups[k]]
        ]
        conditions = [
            Condition(
                ConditionId(f"c{n}"), span(d.unit.begin, d.unit.end), d.reading.operator,
                () if d.group in names else tuple(d.decides), d.reading.criterion, d.reading.property,
                d.reading.requires, d.about, d.figure.id if d.figure else None,
                names.get(d.group) if d.group is not None else None,
                "condition.number" if d.figure else "condition.quality",
            )
            for n, d in enumerate(kept, 1)
        ]  # fmt: skip
        return tuple(conditions), tuple(groups)

    def _has_group(self, draft: _Draft) -> bool:
        return draft.group is not None and bool(self.groups[draft.group].decides)


def _replaces(own: Iterable[_Draft], other: _Draft) -> bool:
    """Whether a case has a threshold of its own for what a condition compares that it has from the case before it."""
    figure = other.figure
    return figure is not None and any(
        draft.figure is not None
        and draft.figure.unit == figure.unit
        and (not draft.reading.property or draft.reading.property == other.reading.property)
        for draft in own
    )


def find_requirements(
    figures: Sequence[Figure], page: ProvisionPage, lex: Lexicon
) -> tuple[Requirements, Set[FigureId]]:
    """Return what decides who gets the supports of a page, and the figures that are thresholds after all.

    Args:
        figures: all figures, the thresholds among them.
        page: the page with its supports.
        lex: the lexicon (``conditions.toml``, ``criteria.tsv``).
    """
    collector = _Collector(page, figures, lex)
    collector.read_supports()
    collector.read_lists()
    collector.read_rest()
    collector.read_in_turn()
    collector.read_counted()
    conditions, groups = collector.build()
    return Requirements(conditions, groups, find_stacking(page, lex)), collector.thresholds


def list_decided(requirements: Requirements) -> dict[FigureId, Decided]:
    """Return for each threshold the first thing that it decides about."""
    decided = {group.id: group.decides for group in requirements.groups}
    found = {}
    for condition in requirements.conditions:
        targets = condition.decides or (decided.get(condition.group, ()) if condition.group else ())
        if condition.figure is not None and targets:
            found[condition.figure] = targets[0]
    return found
