"""The words of a condition as operator, criterion and what is asked for.

年营业收入2000万元以上的      营业收入  GreaterOrEqual (the number is a figure)
首次认定为省级绿色工厂的      认定      Is  省级绿色工厂
在本市注册的                  注册地    Is  本市
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from extract.model import Bound, Figure, GroupKind, Operator
from extract.text.literals import find_required_words
from ontology.lexicons import Lexicon, join_alternatives

_BY_BOUND: Mapping[Bound, Operator] = {
    Bound.AT_LEAST: Operator.GREATER_OR_EQUAL,
    Bound.AT_MOST: Operator.LESS_OR_EQUAL,
    Bound.EXACTLY: Operator.EQUAL,
    Bound.ABOUT: Operator.EQUAL,
}
_STRICT = frozenset({Operator.GREATER, Operator.LESS})
_AROUND = 6
"""Characters before and after a number in which words tell its operator."""
_BEHIND = 16
"""Characters behind a number in which its criterion may stand: 3年以上*工作*经历."""
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_LONGEST_PROPERTY = 24
_SHORTEST_PROPERTY = 2
_NUMERALS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


@dataclass(frozen=True, slots=True)
class ConditionReading:
    """What a condition says."""

    operator: Operator
    criterion: str
    property: str = ""
    requires: str = ""


@dataclass(frozen=True, slots=True)
class GroupWords:
    """How many of several conditions must be met."""

    kind: GroupKind
    needed: int
    total: int


@dataclass(frozen=True, slots=True)
class _Quality:
    criterion: str
    operator: Operator
    pattern: re.Pattern[str]


class ConditionWords:
    """``conditions.toml`` and ``criteria.tsv``, compiled."""

    def __init__(self, lex: Lexicon) -> None:
        config = lex.read_config("conditions")
        self._measures: dict[str, list[tuple[str, frozenset[str]]]] = {}
        """Word → the criteria that it may stand for, each with the units of its numbers."""
        self._by_unit: dict[str, str] = {}
        for name, _, words, units, *_ in lex.read_table("criteria"):
            self._by_unit |= {unit[1:]: name for unit in units.split() if unit.startswith("!")}
            if units:
                known = frozenset(unit.lstrip("!") for unit in units.split())
                for word in words.split():
                    self._measures.setdefault(word, []).append((name, known))
        self._words = re.compile(join_alternatives(self._measures))
        operators = config["operators"]
        self._negated = re.compile(operators["negated"])
        self._operators = [(Operator(name), re.compile(p)) for name, p in operators.items() if name != "negated"]
        self._qualities = [
            _Quality(q["criterion"], Operator(q["operator"]), re.compile(q["pattern"])) for q in config["quality"]
        ]
        self._border = re.compile(config["numeric"]["border"], re.DOTALL)
        self._strip_left = re.compile(config["numeric"]["strip_left"])
        self._strip_right = re.compile(config["numeric"]["strip_right"])
        self._joins = re.compile(config["numeric"]["joins"])
        self._next = re.compile(config["numeric"]["next"])
        self._turn_next = re.compile(config["numeric"]["turn_next"])
        self._turn = re.compile(config["numeric"]["turn"])
        groups = config["groups"]
        self._groups = {name: re.compile(pattern) for name, pattern in groups.items()}
        stacking = {name: re.compile(pattern) for name, pattern in config["stacking"].items()}
        self._stacking = [(name, pattern, find_required_words(pattern)) for name, pattern in stacking.items()]
        self.heading = re.compile(config["sections"]["heading"])
        self.lead = re.compile(config["sections"]["lead"])

    def list_stacking(self, text: str) -> list[tuple[str, re.Pattern[str]]]:
        """Return kind and pattern of the stacking rules that *text* may hold: it has words that they require."""
        return [
            (name, pattern)
            for name, pattern, required in self._stacking
            if not required or any(word in text for word in required)
        ]

    def read_number(self, left: str, right: str, figure: Figure) -> ConditionReading:
        """Return what a number compares.

        Args:
            left: the words of the condition before the number.
            right: the number and the words behind it.
            figure: the number.
        """
        left = _BRACKETS.sub("", left)
        criterion, word = self._find_criterion(left, right, figure.unit)
        border = self._border.match(left)
        name = self._strip_right.sub("", left[border.end() if border is not None else 0 :])[-_LONGEST_PROPERTY:]
        stripped = self._strip_left.match(name)
        name = name[stripped.end() :] if stripped is not None else name
        if len(name) < _SHORTEST_PROPERTY or (criterion and (not word or word not in name)):
            name = word or criterion
        return ConditionReading(self._find_operator(left, right, figure), criterion, name)

    def _find_criterion(self, left: str, right: str, unit: str) -> tuple[str, str]:
        """Return what a number of a unit compares, and the word that says so."""
        for m in [*reversed(list(self._words.finditer(left))), *self._words.finditer(right[:_BEHIND])]:
            for name, units in self._measures[m[0]]:
                if unit in units:
                    return name, m[0]
        return self._by_unit.get(unit, ""), ""

    def _find_operator(self, left: str, right: str, figure: Figure) -> Operator:
        words = left[-_AROUND:] + right[: len(right.split("，")[0])][: _AROUND * 3]
        negated = self._negated.search(words) is not None
        default = _BY_BOUND[figure.bound]
        for operator, pattern in self._operators:
            if operator in _STRICT and negated:
                continue
            if pattern.search(words):
                raised = operator in (Operator.GREATER, Operator.GREATER_OR_EQUAL)
                fits = figure.bound is Bound.EXACTLY or raised == (figure.bound is Bound.AT_LEAST)
                return operator if fits else default
        return default

    def read_quality(self, words: str) -> ConditionReading:
        """Return what a condition without a number asks for."""
        words = _BRACKETS.sub("", words)
        for quality in self._qualities:
            if m := quality.pattern.search(words):
                what = next((v for v in m.groupdict().values() if v), m[0]).strip("，,、。；;：: 的")
                if what:
                    return ConditionReading(quality.operator, quality.criterion, "", what)
        return ConditionReading(Operator.IS, "", "", words)

    def read_group(self, words: str) -> GroupWords | None:
        """Return how many of several conditions must be met, None if *words* do not say it."""
        found = self._groups["of"].search(words)
        total = _read_count(found["total"]) if found is not None else 0
        if total:
            return GroupWords(GroupKind.SOME_OF, 1, total)
        if self._groups["any"].search(words):
            return GroupWords(GroupKind.ANY_OF, 1, 0)
        if m := self._groups["some"].search(words):
            needed = _read_count(next((v for v in m.groupdict().values() if v), ""))
            return GroupWords(GroupKind.SOME_OF, needed, 0) if needed else None
        return GroupWords(GroupKind.ALL_OF, 0, 0) if self._groups["all"].search(words) else None

    def find_count(self, words: str) -> tuple[int, int] | None:
        """Return where *words* say of how many conditions they are one (6项推荐条件之一), None if they do not."""
        found = self._groups["of"].search(words)
        return found.span() if found is not None else None

    def split_joined(self, words: str) -> list[tuple[int, int]]:
        """Return begin and end of the conditions that *words* join: 床位20张以上, 取得许可证的民宿."""
        marks = list(self._joins.finditer(words))
        return list(zip([0, *(m.end() for m in marks)], [*(m.start() for m in marks), len(words)], strict=True))

    def lists_next(self, words: str) -> bool:
        """Whether *words* between two numbers make the second the next of a list."""
        return self._next.fullmatch(words) is not None

    def goes_on_in_turn(self, words: str) -> bool:
        """Whether *words* between two numbers make them members of a list: 5年以下(含5年)和5年以上."""
        return self._turn_next.fullmatch(_BRACKETS.sub("", words)) is not None

    def says_in_turn(self, words: str) -> bool:
        """Whether *words* give each member of a list its own amount: 分别调整为."""
        return self._turn.search(words) is not None

    def tells_no_more(self, words: str) -> bool:
        """Whether *words* beside the names of a list ask for nothing else."""
        return not self._groups["beside_names"].sub("", words).strip()

    def joins_or(self, words: str) -> bool:
        """Whether *words* between two conditions make them alternatives."""
        return self._groups["or"].search(words) is not None


def _read_count(words: str) -> int:
    return int(words) if words.isdigit() else _NUMERALS.get(words, 0)


@cache
def load_condition_words(lex: Lexicon) -> ConditionWords:
    """Return the words of conditions of a lexicon."""
    return ConditionWords(lex)
