"""The names of a store in a question: whole names and aliases, names of tiers, and short forms of agencies (工信局)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from extract.text.normalize import name_key
from extract.text.segment import segmenter
from kg.graph.view import View
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import Named
from ontology.lexicons import load_lexicon
from ontology.tiers import load_tiers

_LONGEST = 90
_SHORTEST_NUMBER = 5
"""A number of fewer digits is that of a proposal only if the question says so."""
_CERTAIN = 4
"""A name of so many signs counts wherever it stands; a shorter one must not cut a word."""
_SHORT_QUOTE = re.compile(r"[“「『]([^”」』]{2,6})[”」』]")
"""A short name in quotation marks, which is one name."""
_YEAR = r"(?:19|20)\d\d"
_YEAR_BEFORE = re.compile(rf"(?<!\d)({_YEAR})年度?(?:第\s*)?$")
_SHORT_FORM = (3, 9)
"""Least and most signs of the short form of an agency."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """A sign of the key of a question, with its place in the question."""

    key: str
    at: int


class NameIndex:
    """Finds the things of a store that a question names."""

    def __init__(self, view: View, grammar: QuestionGrammar) -> None:
        self._view, self._grammar = view, grammar
        self._by_key = view.iris_by_name
        self._more = dict(self._list_tier_names())
        self._more |= {key: iris for key, iris in self._list_place_names() if key not in self._more}
        self._more |= {key: iris for key, iris in self._list_titles() if key not in self._more}
        self._agencies: tuple[tuple[str, str], ...] | None = None
        self._inside: frozenset[int] = frozenset()
        self._quoted: list[tuple[int, int]] = []

    def find(self, question: str) -> list[Named]:
        """Return the names of *question* from left to right: of two that overlap the one that begins first, then the
        longer one."""
        signs = [_Sign(key, at) for at, char in enumerate(question)
                 for key in name_key(unicodedata.normalize("NFKC", char))]  # fmt: skip
        text = "".join(sign.key for sign in signs)
        self._inside = _list_inside(question)
        self._quoted = [found.span(1) for found in _SHORT_QUOTE.finditer(question)]
        found: list[Named] = []
        at = 0
        while at < len(text):
            named = next(filter(None, (self._match(question, signs, text, at, size)
                                       for size in range(min(_LONGEST, len(text) - at), 1, -1))), None)  # fmt: skip
            if named:
                found.append(named)
                at += len(name_key(named.text)) or 1
            else:
                at += 1
        return sorted([*found, *self._find_short_forms(question, found)], key=lambda named: named.begin)

    def _match(self, question: str, signs: list[_Sign], text: str, at: int, size: int) -> Named | None:
        key = text[at : at + size]
        begin, end = signs[at].at, signs[at + size - 1].at + 1
        iris = self._look_up(key)
        if not iris:
            return self._match_number(question, begin, end) if key.isdigit() else None
        if any(first <= begin and end <= last and (first, last) != (begin, end) for first, last in self._quoted):
            return None  # “岚汀办” is a name as a whole, not one of 岚汀
        if size < _CERTAIN and (begin in self._inside or end in self._inside):
            return None  # 博士 is no name in 博士生
        if _cuts_word(question, begin, end) or (key.isdigit() and not self._is_number(question, begin, end)):
            return None
        kinds = self._list_kinds(iris)
        known = tuple(iri for iri in iris if self._view.kind(iri) in kinds)
        if not kinds or (set(kinds) <= {"TargetGroup"} and key in self._grammar.generic):
            return None
        if kinds == ("Agency",) and all(name_key(self._view.label(iri)) != key for iri in known):
            known = tuple(dict.fromkeys((*known, *self._expand(key))))  # 市科技局 is the name of one in each city
        return Named(begin, end, question[begin:end], known, kinds)

    def _match_number(self, question: str, begin: int, end: int) -> Named | None:
        """Return the one proposal whose number a shorter one stands for: 0117, or 117 of 2024, for 20240117."""
        if _cuts_word(question, begin, end) or not self._is_number(question, begin, end):
            return None
        year = _YEAR_BEFORE.search(question, 0, begin)
        own = question[begin:end].lstrip("0")
        whole = re.compile(rf"0*{own}|{year[1] if year else _YEAR}0*{own}")
        found = {iri for number, iris in self._numbers.items() if own and whole.fullmatch(number) for iri in iris}
        if len({self._view.main_node(iri) for iri in found}) != 1:
            return None
        is_dated = year is not None and any(number.startswith(year[1]) for number, iris in self._numbers.items()
                                            if found & {*iris})  # fmt: skip
        first = year.start() if year and is_dated else begin
        return Named(first, end, question[begin:end], tuple(sorted(found)), ("Proposal",))

    @cached_property
    def _numbers(self) -> dict[str, tuple[str, ...]]:
        """The proposals by their numbers."""
        found = {}
        for key, iris in self._by_key.items():
            if key.isdigit() and (own := tuple(i for i in iris if self._view.kind(i) == "Proposal" and "#" not in i)):
                found[key] = own
        return found

    def look_up(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the things with a name or a short form of it, and their classes."""
        iris = self._look_up(name_key(name))
        kinds = self._list_kinds(iris)
        return tuple(iri for iri in iris if self._view.kind(iri) in kinds), kinds

    def list_agencies(self) -> tuple[tuple[str, str], ...]:
        """Return the key of the name of each agency, and the agency."""
        if self._agencies is None:
            agencies = self._view.find_by_class("Agency")
            self._agencies = tuple((name_key(self._view.label(iri)), iri) for iri in agencies)
        return self._agencies

    def _look_up(self, key: str) -> tuple[str, ...]:
        own = [iri for iri in self._by_key.get(key, ()) if "#" not in iri]
        return tuple(dict.fromkeys((*own, *self._more.get(key, ()))))

    def _list_kinds(self, iris: Iterable[str]) -> tuple[str, ...]:
        kinds = {self._view.kind(iri) for iri in iris}
        return tuple(kind for kind in self._grammar.kinds if kind in kinds)

    def _is_number(self, question: str, begin: int, end: int) -> bool:
        """Return whether digits that are the number of a proposal stand for it here."""
        around = self._grammar.number_context.search(f"{question[:begin]}#{question[end:]}".lower())
        return end - begin >= _SHORTEST_NUMBER or around is not None

    def _list_tier_names(self) -> Iterator[tuple[str, list[str]]]:
        """Yield all spellings of the tiers that the store has, in both languages."""
        for tier in load_tiers():
            if iris := self._by_key.get(name_key(tier.label)):
                names = [*tier.names, *tier.hidden, *(f"{tier.label_en}{ending}" for ending in ("", "s"))]
                for key in filter(None, map(name_key, names)):
                    if key not in self._by_key:
                        yield key, iris

    def _list_place_names(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the names of places without 省, 市, 县, 区."""
        for iri in self._view.find_by_class("Place"):
            short = name_key(self._view.label(iri))[:-1]
            if len(short) > 1 and self._view.label(iri).endswith(self._grammar.place_endings):
                yield short, [iri]

    def _list_titles(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the titles of instruments without what stands in brackets at their end."""
        for iri in self._view.find_by_class("PolicyInstrument"):
            title = self._view.label(iri)
            short = self._grammar.title_end.sub("", title)
            if short != title and name_key(short) not in self._by_key:
                yield name_key(short), [iri]

    # short forms of agencies

    def _find_short_forms(self, question: str, found: list[Named]) -> Iterator[Named]:
        taken = {at for named in found for at in range(named.begin, named.end)}
        least, most = _SHORT_FORM
        for end in range(len(question), 0, -1):
            if question[end - 1] not in self._grammar.agency_endings:
                continue
            for size in range(min(most, end), least - 1, -1):
                begin = end - size
                short = question[begin:end]
                if taken & set(range(begin, end)) or not self._grammar.is_plain(short):
                    continue
                if iris := self._expand(name_key(short)):
                    taken |= set(range(begin, end))
                    yield Named(begin, end, short, iris, ("Agency",), is_short=True)
                    break

    def _expand(self, short: str) -> tuple[str, ...]:
        """Return the agencies whose names have the signs of *short* in this order, the ends being the same."""
        fits = [
            (len(name), iri)
            for name, iri in self.list_agencies()
            if _is_subsequence(short, name) and name.endswith(self._grammar.agency_endings.get(short[-1], (short[-1],)))
        ]
        shortest = min((size for size, _ in fits), default=0)
        return tuple(iri for size, iri in fits if size <= shortest + self._grammar.agency_slack)


def _list_inside(question: str) -> frozenset[int]:
    """Return the positions inside of the words of a question."""
    words = segmenter(load_lexicon("")).segment(question)
    return frozenset(at for word in words for at in range(word.begin + 1, word.end))


def _is_subsequence(short: str, name: str) -> bool:
    signs = iter(name)
    return all(sign in signs for sign in short)


def _cuts_word(question: str, begin: int, end: int) -> bool:
    """Return whether a name begins or ends inside a number or a word of Latin letters."""
    return bool(
        (begin and re.fullmatch(r"[0-9A-Za-z]{2}", question[begin - 1 : begin + 1]))
        or re.fullmatch(r"[0-9A-Za-z]{2}", question[end - 1 : end + 1])
    )
