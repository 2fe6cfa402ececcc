"""Where the conditions of a support stand: the stretches before its amount, cut into units at commas.

    对2024年新认定的省级冷链企业，年营业收入2000万元以上的，|给予|10万元奖励

Units that open with 对 or close with 的, 后, 期间 and the units between them are conditions. A support without any of
its own, such as a limit (最高不超过50万元), has those of the support before it. A sentence that leads in items gives
its own to each item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from extract.model import Kind
from extract.provisions.context import PlacedSupport, ProvisionPage
from extract.relations.clauses import Clause
from ontology.lexicons import Lexicon

_OPEN, _CLOSED = "(（〔[“", ")）〕]”"
_BRACKETS = re.compile(r"[(（〔\[][^()（）〔〕\[\]]*[)）〕\]]")
_CLASSES = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE, Kind.ORGANIZATION, Kind.PERSON})
_SHARES = frozenset({"%", "倍"})
_DIGITS = re.compile(r"\d[\d.,]*")
_SHORTEST = 3
"""Characters of a condition, at least."""
_LONGEST_UNIT = 240
_OPENING = 8
"""Characters at the beginning of a condition in which its subject ends."""
_LONGEST_LIST = 40
"""Clauses of a list of items, at most."""


class ConditionUnit(NamedTuple):
    """The words of one condition, by position in the joined text of the page."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class StretchWords:
    """The section ``[stretch]`` of ``conditions.toml``."""

    signs: str
    gives: re.Pattern[str]
    gives_weak: re.Pattern[str]
    gives_before: re.Pattern[str]
    opens: re.Pattern[str]
    closes: re.Pattern[str]
    not_closed: re.Pattern[str]
    case: re.Pattern[str]
    turns: re.Pattern[str]
    own_gift: re.Pattern[str]
    skips: re.Pattern[str]
    strip_left: re.Pattern[str]
    strip_right: re.Pattern[str]
    goes_on: re.Pattern[str]
    own_case: re.Pattern[str]
    goes_on_case: re.Pattern[str]
    level: re.Pattern[str]
    leads: re.Pattern[str]
    listed: re.Pattern[str]
    item: re.Pattern[str]


@cache
def load_stretch_words(lex: Lexicon) -> StretchWords:
    """Return the section ``[stretch]``, compiled."""
    config = lex.read_config("conditions")["stretch"]
    names = [name for name in StretchWords.__dataclass_fields__ if name != "signs"]
    return StretchWords(config["signs"], *(re.compile(config[name]) for name in names))


class UnitReader:
    """Finds the conditions of the supports of a page."""

    def __init__(self, page: ProvisionPage, lex: Lexicon) -> None:
        self._page, self._text = page, page.text
        self.words = load_stretch_words(lex)
        self._last: tuple[PlacedSupport, tuple[ConditionUnit, ...]] | None = None
        self._leads: dict[int, tuple[ConditionUnit, ...]] = {}

    def read(self, supports: Sequence[PlacedSupport]) -> Iterator[tuple[PlacedSupport, tuple[ConditionUnit, ...]]]:
        """Yield each support with its conditions, in the order of the text."""
        self._last = None
        for support in supports:
            begin = support.clause.begin
            if self._last is not None and self._last[0].clause is support.clause:
                begin = max(begin, min(self._last[0].end, support.end))
            share = support.figure.unit in _SHARES
            units = self._read_stretch(begin, self._find_amount(support), share=share)
            if self._last is not None and (not units or begin > support.clause.begin or self._is_same(support)):
                units = self._inherit(support, begin, units)
            units = tuple(sorted({*self._read_lead(support), *units}))
            self._last = support, units
            yield support, units

    def _is_same(self, support: PlacedSupport) -> bool:
        """Whether a support stands in the sentence of the one before it."""
        return self._last is not None and self._last[0].clause.sentence is support.clause.sentence

    def _inherit(
        self, support: PlacedSupport, begin: int, units: tuple[ConditionUnit, ...]
    ) -> tuple[ConditionUnit, ...]:
        """Return *units* with those that a support shares with the one before it.

        A limit has all of them; a further case (面积144平方米以上的，…) has those before the case that it stands
        beside, or the first one, if that names the receiver (对个人购买唯一住房，…). A case that names a receiver or a
        recognition of its own has none of them.
        """
        assert self._last is not None
        before = self._last[1]
        if not units and self._continues(support, begin) and not self._tells_case(begin, self._find_amount(support)):
            return before if self._last[0].clause is support.clause else self._select_shared(support, begin)
        if not units:
            return ()
        if not before or self._opens(units[0]) or self._has_subject(units[0]):
            return units
        if self._tells_case(begin, units[0].begin):
            return units
        if level := self.words.level.match(self._text, units[0].begin, units[0].end):
            before = tuple(u for u in before if not self._has_other_level(u, level[0]))
            return (*before, *units)
        opening = self._text[units[0].begin : units[0].begin + 2]
        beside = next((k for k, u in enumerate(before) if self._text.startswith(opening, u.begin)), None)
        if beside is None and self._is_case(units[0]):
            beside = next((k for k, u in enumerate(before) if self._is_case(u)), None)
        if beside is not None:
            return (*before[:beside], *units)
        return (before[0], *units) if self._opens(before[0]) else units

    def _tells_case(self, begin: int, end: int) -> bool:
        """Whether the words between two supports tell a case of its own: 获评标杆+奖励100万元."""
        words = self._text[begin:end]
        return self.words.own_case.search(words) is not None and self.words.goes_on_case.match(words) is None

    def _has_subject(self, unit: ConditionUnit) -> bool:
        """Whether a unit begins with a class of receivers that the conditions before do not name."""
        named = self._page.index.find_named_between(unit.begin, unit.begin + _OPENING)
        end = max((n.end for n in named if n.entity.kind in _CLASSES), default=unit.begin)
        return end < unit.end and self._names_class(unit.begin, min(end, unit.begin + _OPENING))

    def _has_other_level(self, unit: ConditionUnit, level: str) -> bool:
        found = self.words.level.search(self._text, unit.begin, unit.end)
        return found is not None and found[0] != level

    def _select_shared(self, support: PlacedSupport, begin: int) -> tuple[ConditionUnit, ...]:
        """Return the conditions of the support before that hold in a later clause: all, or only who gets it."""
        assert self._last is not None
        goes_on = self.words.goes_on.match(self._text[begin : support.clause.end]) is not None
        return self._last[1] if goes_on else self._last[1][:1]

    def _opens(self, unit: ConditionUnit) -> bool:
        """Whether a unit opens with words such as 对, which were cut off before it."""
        return any(self.words.opens.match(self._text[unit.begin - size : unit.end]) for size in (2, 1))

    def _find_amount(self, support: PlacedSupport) -> int:
        """Return where the number of a support begins: its words may begin before it."""
        found = list(_DIGITS.finditer(self._text, support.begin, support.end))
        return found[-1].start() if found else support.begin

    def _continues(self, support: PlacedSupport, begin: int) -> bool:
        """Whether a support goes on about the one before it: in its clause, or with words that say so."""
        if self._last is None:
            return False
        last, clause = self._last[0].clause, support.clause
        if last is clause:
            own = {self._last[0].figure.about}
            return not self._names_class(begin, support.end, own)
        if last.sentence is clause.sentence and not self._names_class(begin, support.end):
            return self._opens_with(self._last[1])
        same_item = last.sentence.part == clause.sentence.part and last.sentence.letter == clause.sentence.letter
        return same_item and self.words.goes_on.match(self._text[begin : clause.end]) is not None

    def _names_class(self, begin: int, end: int, known: Set[str | None] = frozenset()) -> bool:
        """Whether a stretch names a class of receivers besides *known* ones and those of the conditions before."""
        told = [self._text[u.begin : u.end] for u in (self._last[1] if self._last is not None else ())]
        return any(
            n.entity.kind in _CLASSES
            and n.entity.id not in known
            and not any(self._text[n.begin : n.end] in words for words in told)
            for n in self._page.index.find_named_between(begin, end)
        )

    def _opens_with(self, units: Sequence[ConditionUnit]) -> bool:
        return bool(units) and self._opens(units[0])

    # units

    def _read_stretch(self, begin: int, end: int, *, share: bool = False) -> tuple[ConditionUnit, ...]:
        """Return the conditions in a stretch that ends at an amount; a *share* has its base right before it."""
        units = list(self._cut(begin, end))
        if not units:
            return ()
        last = units[-1]
        words = self._mask(last)
        gives = self.words.gives.search(words) or self.words.gives_weak.search(words)
        if gives is not None:
            units[-1] = ConditionUnit(last.begin, last.begin + gives.start())
        elif share:
            units.pop()
        units = units[self._find_turn(units) :]
        told = [i for i, unit in enumerate(units) if self._is_condition(unit, final=i == len(units) - 1)]
        if not told:
            return ()
        chosen = [u for u in units[told[0] : told[-1] + 1] if self._tells(u) or self._is_condition(u, final=False)]
        return tuple(filter(None, map(self.trim, chosen)))

    def _mask(self, unit: ConditionUnit) -> str:
        """Return the words of a unit with blanks for what stands in brackets."""
        return _BRACKETS.sub(lambda m: " " * len(m[0]), self._text[unit.begin : unit.end])

    def _cut(self, begin: int, end: int) -> Iterator[ConditionUnit]:
        """Yield the units of a stretch: what stands between commas outside brackets."""
        depth = 0
        start = begin
        for i in range(begin, end):
            sign = self._text[i]
            if sign in _OPEN:
                depth += 1
            elif sign in _CLOSED:
                depth = max(0, depth - 1)
            elif sign in self.words.signs and not depth:
                yield ConditionUnit(start, i)
                start = i + 1
        if depth and start == begin:  # an opening bracket without its fellow
            start = begin
        yield ConditionUnit(start, end)

    def _is_condition(self, unit: ConditionUnit, *, final: bool) -> bool:
        words = self._mask(unit).strip()
        if len(words) < _SHORTEST:
            return False
        if self.words.opens.match(words):
            return True
        if self._is_case(unit):
            return True
        if self.words.closes.search(words) and not self.words.not_closed.search(words):
            return not self.words.skips.search(words) or words.endswith("的")
        return final and "的" in words[2:-1] and not self.words.skips.search(words)

    def _find_turn(self, units: Sequence[ConditionUnit]) -> int:
        """Return the unit with which a clause turns to another receiver than it has given something to before.

        对小微企业实行基本保险，*对中小企业*给予最高30%贴息: the small firms are no condition of it.
        """
        for k in range(len(units) - 1, 0, -1):
            if self.words.turns.match(self._mask(units[k]).strip()):
                return k if any(self.words.own_gift.search(self._mask(unit)) for unit in units[:k]) else 0
        return 0

    def _is_case(self, unit: ConditionUnit) -> bool:
        """Whether a unit is a short case, without 对 or 的: *单人缴存*，最高72万元，*夫妻缴存*，最高96万元."""
        return self.words.case.fullmatch(self._mask(unit).strip()) is not None

    def _tells(self, unit: ConditionUnit) -> bool:
        """Whether a unit between conditions is one: it does not say who pays, or on which ground."""
        words = self._mask(unit).strip()
        return len(words) >= _SHORTEST and self.words.skips.search(words) is None

    def trim(self, unit: ConditionUnit) -> ConditionUnit | None:
        """Return a unit without the words around the condition; None if nothing is left."""
        words = self._text[unit.begin : unit.end]
        left = self.words.strip_left.match(words)
        right = self.words.strip_right.search(words)
        begin = unit.begin + (left.end() if left is not None else 0)
        end = unit.begin + right.start() if right is not None else unit.end
        if gives := self.words.gives_before.search(self._mask(ConditionUnit(begin, end))):
            end = begin + gives.start()
        return ConditionUnit(begin, end) if _SHORTEST <= end - begin <= _LONGEST_UNIT else None

    # leads

    def _read_lead(self, support: PlacedSupport) -> tuple[ConditionUnit, ...]:
        """Return the conditions of the sentence that leads in the items among which a support stands."""
        lead = self.find_lead(support.clause)
        if lead is None:
            return ()
        if lead.begin not in self._leads:
            self._leads[lead.begin] = self._read_stretch(lead.begin, lead.end)
        return self._leads[lead.begin]

    def find_lead(self, clause: Clause) -> Clause | None:
        """Return the clause that leads in the item of *clause*: 对X，按下列标准给予奖励：; None if there is none."""
        clauses = self._page.index.clauses
        at = self._page.number_clause(clause)
        own = clause.sentence.part
        numbered = own is not None and own in self._page.parts and bool(self._page.parts[own].number)
        inline = self.is_item(clause)
        for k in range(at - 1, max(at - _LONGEST_LIST, -1), -1):
            other = clauses[k]
            if other.sentence.letter != clause.sentence.letter:
                return None
            same = other.sentence.part == own
            if inline and same:
                if not self.is_item(other):
                    return other if self._leads_in(other) else None
                continue
            if numbered and not same and self._page.find_parent(other.sentence.part) != self._page.find_parent(own):
                above = self._page.find_parent(own)
                return other if other.sentence.part == above and self._leads_in(other) else None
            if same and not inline and not numbered:
                return None
        return None

    def is_item(self, clause: Clause) -> bool:
        """Whether a clause opens with the number of an item: （一）, 1."""
        return self.words.item.match(self._text[clause.begin : clause.end]) is not None

    def _leads_in(self, clause: Clause) -> bool:
        words = self._text[clause.begin : clause.end + 1].rstrip()
        return self.words.leads.search(words) is not None
