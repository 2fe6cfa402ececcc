"""Where a name stands in its clause: its list, the preposition and verbs that govern the list, what is given.

The members of a list (对A、B和C给予…) stand in one slot: each has the features of the whole list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from extract.model import Kind
from extract.records import set_slots
from extract.relations.clauses import Clause, ClauseIndex, NamedSpan
from ontology.lexicons import Lexicon, join_alternatives

CLASSES = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE})
_GROUPS = (CLASSES, frozenset({Kind.AGENCY, Kind.ORGANIZATION}), frozenset({Kind.PROGRAM, Kind.PLATFORM}))
_DIGIT = re.compile(r"\d")
_TAIL = 6
"""Characters behind a list in which the next word begins."""
_NEAR = 4
"""Characters between a preposition and the list that it governs directly."""


@dataclass(frozen=True, slots=True)
class _Words:
    prepositions: frozenset[str]
    give: frozenset[str]
    joint: re.Pattern[str]


@cache
def _compile_words(lex: Lexicon) -> _Words:
    config = lex.read_config("events")
    lists = ("receiver_prepositions", "support", "other_prepositions")
    return _Words(
        frozenset(word for name in lists for word in config[name].split()),
        frozenset(config["give"].split()),
        re.compile(rf"(?:{join_alternatives(config['joint'].split())}|[、，,和及与或])+"),
    )


@set_slots
@dataclass(frozen=True, slots=True)
class _Run:
    """Names of a clause with only list signs between them."""

    begin: int
    end: int
    names: Sequence[NamedSpan]


class SlotReader:
    """Describes the slots of the names of a page; each clause is read once."""

    def __init__(self, index: ClauseIndex, lex: Lexicon) -> None:
        self.index = index
        self._words = _compile_words(lex)
        self._clause: Clause | None = None
        self._found: dict[tuple[int, int], Mapping[str, float]] = {}
        self._lists: Mapping[tuple[int, int], _Run] = {}
        self._classes: Sequence[NamedSpan] = ()

    def describe(self, clause: Clause, named: NamedSpan, role: str) -> Mapping[str, float]:
        """Return the features of the slot of a name, each with *role* before it."""
        if clause is not self._clause:
            self._clause, self._found, self._lists = clause, {}, self._find_lists(clause.named)
            self._classes = [n for n in clause.named if n.entity.kind in CLASSES]
        key = named.begin, named.end
        names = self._lists.get(key) or _Run(*key, (named,))
        place = names.begin, names.end
        features = self._found.get(place)
        if features is None:
            described = self._describe(clause, names)
            features = self._found[place] = {name: value for name, value in described.items() if value}
        return {f"{role} {name}": value for name, value in features.items()}

    def _find_lists(self, named: Sequence[NamedSpan]) -> Mapping[tuple[int, int], _Run]:
        found: dict[tuple[int, int], _Run] = {}
        for group in _GROUPS:
            run: list[NamedSpan] = []
            for n in (*(n for n in named if n.entity.kind in group), None):
                if n is not None and run and self._continues(run[-1], n):
                    run.append(n)
                    continue
                if run:
                    whole = _Run(run[0].begin, max(m.end for m in run), tuple(run))
                    found |= {(m.begin, m.end): whole for m in run}
                run = [n] if n is not None else []
        return found

    def _continues(self, last: NamedSpan, named: NamedSpan) -> bool:
        return self.index.is_listed(last, named) or (
            last.entity.kind is Kind.AGENCY
            and self._words.joint.fullmatch(self.index.page.text, last.end, named.begin) is not None
        )

    def _describe(self, clause: Clause, names: _Run) -> Mapping[str, float]:
        index, text = self.index, self.index.page.text
        before = index.find_word_before(clause, names.begin)
        after = index.find_word(names.end, min(clause.end, names.end + _TAIL))
        features = {
            f"list before {before.text if before is not None else ''}": 1.0,
            f"list after {after.text if after is not None else ''}": 1.0,
            "list size": float(min(len(names.names), 4)),
        }
        left = max(clause.begin, index.find_pause_before(clause.begin, names.begin) + 1)
        right = index.find_pause_after(names.end, clause.end)
        features["list opens"] = float(names.begin - left <= 1)
        features["list closes"] = float(right - names.end <= 1)
        prepositions, give = self._words.prepositions, self._words.give
        for word in reversed(index.find_words(left, names.begin)):
            if word[2] in prepositions:
                gap = "near" if names.begin - word.end <= _NEAR else "far"
                features |= {f"prep {gap}": 1.0, f"prep {gap} {word.text}": 1.0}
                break
        else:
            features["no prep"] = 1.0
        for word in index.find_words(names.end, clause.end):
            if word[2] in give:
                place = "same" if word.begin < right else "later"
                features |= {f"given {place}": 1.0, f"given {place} {word.text}": 1.0}
                break
        features["amount behind"] = float(_DIGIT.search(text, names.end, clause.end) is not None)
        begin, end = names.begin, names.end
        features["class behind"] = float(True in [end <= n[0] < right for n in self._classes])
        features["class ahead"] = float(True in [left <= n[0] and n[1] <= begin for n in self._classes])
        return features
