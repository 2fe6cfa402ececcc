"""Subjects that the words of a provision contradict, however likely they are by their place.

The clause of the amount names a receiver of its own that is no entity (*引进人才购房的*，额度上浮20%), or another level
than the candidate has (国家级标杆奖励200万元，*省级的*奖励100万元). Then nobody is better than somebody else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from extract.model import Entity, Figure, Kind
from extract.relations.clauses import Clause, ClauseIndex
from ontology.lexicons import Lexicon

_CLASSES = frozenset({Kind.TIER, Kind.GROUP})
_DIGIT = re.compile(r"\d")
_PLACED = ("in clause", "heading", "place")
"""Features of names that stand in the clause of the figure, or above it."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    own: re.Pattern[str]
    goes_on: re.Pattern[str]
    topic: re.Pattern[str]
    level: re.Pattern[str]
    pause: re.Pattern[str]
    inside: re.Pattern[str]


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    config = lex.read_config("events")["own_receiver"]
    words = [config[name] for name in ("pattern", "goes_on", "topic", "level", "pause")]
    return _Patterns(*map(re.compile, [*words, lex.read_config("events")["refusals"]["inside"]]))


class Contradictions:
    """Tells which subjects the words of a page contradict."""

    def __init__(self, index: ClauseIndex, lex: Lexicon) -> None:
        self.index, self.patterns = index, _compile_patterns(lex)
        self._begins = [clause.begin for clause in index.clauses]
        self._own: dict[int, bool] = {}

    def refuses(self, figure: Figure, entity: Entity, features: Mapping[str, float]) -> bool:
        """Whether a provision cannot be about *entity*, whose place *features* describe."""
        if figure.kind is not Kind.PROVISION:
            return False
        page = self.index.page
        begin, end = page.find_position(figure.span.begin), page.find_end(figure.span.end)
        at = bisect_right(self._begins, max(begin, end - 1)) - 1
        if at < 0:
            return False
        clause = self.index.clauses[at]
        if self.differs_in_level(clause, end, entity) or self._is_in_other_name(clause, entity):
            return True
        if any(features.get(name) for name in _PLACED) and not self._stands_in_sentence(entity, features, begin):
            return False
        return self._names_own(clause, begin) or self._opens_with_topic(clause, entity)

    def differs_in_level(self, clause: Clause, end: int, entity: Entity) -> bool:
        """Whether the words right before an amount say another level than the name of the candidate has."""
        named = self.patterns.level.match(entity.label)
        if named is None:
            return False
        text = self.index.page.text
        begin = max((m.end() for m in self.patterns.pause.finditer(text, clause.begin, end)), default=clause.begin)
        said = [m[0] for m in self.patterns.level.finditer(text, begin, end)]
        return len(said) == 1 and said[0] != named[0]

    def _names_own(self, clause: Clause, end: int) -> bool:
        """Whether a clause begins with words for a receiver of its own."""
        if clause.begin not in self._own:
            text = self.index.page.text
            found = self.patterns.own.match(text, clause.begin, clause.end)
            goes_on = self.patterns.goes_on.match(text, clause.begin, clause.end)
            self._own[clause.begin] = found is not None and goes_on is None
        return self._own[clause.begin]

    def _is_in_other_name(self, clause: Clause, entity: Entity) -> bool:
        """Whether a clause names *entity* only inside the quoted name of something else: 在“专精特新*板*”挂牌的企业."""
        named = [n for n in clause.named if n.entity is entity and entity.kind in _CLASSES]
        text = self.index.page.text
        quoted = [m.span() for m in self.patterns.inside.finditer(text, clause.begin, clause.end)] if named else []
        return bool(quoted) and all(any(begin <= n.begin < end for begin, end in quoted) for n in named)

    def _stands_in_sentence(self, entity: Entity, features: Mapping[str, float], begin: int) -> bool:
        """Whether the heading that names *entity* is the first sentence of its item, with a number of its own."""
        if any(features.get(name) for name in _PLACED if name != "heading"):
            return False
        source = self._find_source(entity, begin)
        return _DIGIT.search(self.index.page.text, source.begin, source.end) is not None

    def _find_source(self, entity: Entity, begin: int) -> Clause:
        """Return the clause of the last mention of *entity* before a place."""
        find = self.index.page.find_position
        named = max((at for span in entity.spans if (at := find(span.begin)) < begin), default=0)
        return self.index.clauses[max(0, bisect_right(self._begins, named) - 1)]

    def _opens_with_topic(self, clause: Clause, entity: Entity) -> bool:
        """Whether a clause begins with a thing of its own, which the words since the last mention of *entity* lack."""
        text = self.index.page.text
        topic = self.patterns.topic.match(text, clause.begin, clause.end)
        if topic is None:
            return False
        return topic["noun"] not in text[self._find_source(entity, clause.begin).begin : clause.begin]
