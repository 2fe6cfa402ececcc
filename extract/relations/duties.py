"""Who is in charge of an item: （牵头单位：A、B；配合单位：C）, （A、B负责）. They run the item's only program.

An item with several programs says nothing about which of them somebody is in charge of, so nothing is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from extract.model import Kind, Relation
from extract.relations.clauses import Clause, ClauseIndex, NamedSpan
from extract.relations.frames import read_lists
from ontology.lexicons import Lexicon, join_alternatives

_PROGRAMS, _AGENCIES = frozenset({Kind.PROGRAM}), frozenset({Kind.AGENCY})
_SECOND = re.compile(r"[；;。）)〕】\]]|(?:配合|参与|协助|协同|支持|落实|责任)(?:单位|部门|处室)|牵头[，,、]")
_NOTE_LENGTH = 200
_NOTE = re.compile(r"[（(〔](?<![^。\n].)([^（()）〔〕]{2,120})[）)〕]")
"""A note behind a sentence …"""
_ENDED = re.compile(r"(?:等(?:部门|单位)?)?[）)〕]|[，,][^（()）]{0,12}[，,]?[\d－-]{7,}[）)]")
"""… says who is in charge if it holds nothing but agencies, or an agency with a name and a telephone number."""
_BORDER = '，。；、,;”"（(\n和及与等的'
"""A name ends before one of these; before other words it is only the beginning of one (失业保险待遇)."""
_LEADING = "牵头"
_LEADS = "牵头单位"
"""Mark of a note that says who leads without these words: （A牵头，B配合）."""
_BETWEEN = re.compile(r"(?:等(?:相关|有关)?(?:部门|单位)?)?[。；;，,\s]*")
"""What stands between two notes of one item."""
_EACH = re.compile(r"各(?!自)|有关|相关")
"""Before agencies that are named as a class only: 各市、县政府."""


@dataclass(frozen=True, slots=True)
class _Words:
    marked: re.Pattern[str]
    """Before the agencies: （牵头单位："""
    within: re.Pattern[str]
    """The same inside brackets, behind other words: （6月底完成，牵头单位："""
    closing: re.Pattern[str]
    """A note in brackets that ends so: …负责）"""
    led: re.Pattern[str]
    """A note in brackets that says first who leads: （A牵头，B、C配合）."""
    set_up: re.Pattern[str]
    """Right before a program that an item is about."""


@cache
def _compile_words(lex: Lexicon) -> _Words:
    config = lex.read_config("relations")["duties"]
    marks = join_alternatives(config["marks"])
    return _Words(
        re.compile(rf"(?:[（(【〔\[]|^|\n|。)(?:{marks})[:：]"),
        re.compile(rf"[（(〔][^（()）〔〕\n]{{2,40}}[，,；;](?:{join_alternatives(config['leading'])})[:：]"),
        re.compile(rf"[（(〔]([^（()）〔〕]{{2,200}}?)(?P<verb>{join_alternatives(config['closing'])})[）)〕]"),
        re.compile(rf"[（(〔]([^（()）〔〕。；;]{{2,60}}?){_LEADING}(?:负责)?[，,、；;][^（()）〔〕]{{2,200}}?[）)〕]"),
        re.compile(rf"(?:{join_alternatives(config['set_up'])})[“”\"]?\Z"),
    )


@dataclass(frozen=True, slots=True)
class Duty:
    """A note of who is in charge of an item, by its position in the joined text."""

    begin: int
    end: int
    agencies: Sequence[NamedSpan]
    mark: str
    """The words that open it (牵头单位); ``closing`` or ``note`` if it has none."""


class _Found(NamedTuple):
    """Words that may be a note of duties, by their position in the joined text."""

    start: int
    begin: int
    """Where the agencies may stand …"""
    end: int
    mark: str


class DutyReader:
    """Reads who is in charge of the items of one page."""

    def __init__(self, index: ClauseIndex, lex: Lexicon) -> None:
        self.index = index
        self.text = index.page.text
        self.words = _compile_words(lex)

    def read_relations(self) -> Iterator[Relation]:
        for duty, item, previous in self.list_items():
            program = self._find_program(item, previous, duty.begin)
            if program is not None:
                span = self.index.page.span(program.begin, duty.end)
                for agency in duty.agencies:
                    yield Relation(agency.entity.id, "administers", program.entity.id, span, "duty.item", 0.8)

    def list_items(self) -> Iterator[tuple[Duty, Sequence[Clause], int]]:
        """Yield each note with the clauses of its item, and where the note before it ends."""
        previous = at = 0
        clauses = self.index.clauses
        for duty in sorted(self._find_duties(), key=lambda d: d.begin):
            item: list[Clause] = []
            while at < len(clauses) and clauses[at].begin < duty.begin:
                item.append(clauses[at])
                at += 1
            yield duty, item, previous
            previous = duty.end

    def list_notes(self) -> Iterator[tuple[Duty, bool]]:
        """Yield each note, also those behind other words in brackets, and whether it stands right behind another."""
        within = [
            self._make_duty(_Found(found.start(), found.end(), found.end() + _NOTE_LENGTH, _LEADING))
            for found in self.words.within.finditer(self.text)
            if not self.words.marked.match(self.text, found.start())
        ]
        last = 0
        for duty in sorted((*self._find_duties(), *within), key=lambda d: d.begin):
            yield duty, last > 0 and _BETWEEN.fullmatch(self.text, last, duty.begin) is not None
            last = duty.end

    def _find_duties(self) -> Iterator[Duty]:
        for found in self._find_notes():
            if found.mark != "note":
                yield self._make_duty(found)
                continue
            named = self.index.find_named_between(found.begin, found.end)
            lists = read_lists(self.text, named, _AGENCIES)
            if lists and lists[0].begin == found.begin and _ENDED.match(self.text, lists[0].end):
                yield Duty(found.start, lists[0].end, lists[0].names, "note")

    def _find_notes(self) -> Sequence[_Found]:
        """Return where notes may stand: found once a page, for all readings of its names."""
        known: dict[int, Sequence[_Found]] = self.index.readings.setdefault("duties", {})
        if 0 not in known:
            known[0] = list(self._search_notes())
        return known[0]

    def _search_notes(self) -> Iterator[_Found]:
        for found in self.words.marked.finditer(self.text):
            mark = found.group().strip("（(【〔[\n。:：")
            yield _Found(found.start(), found.end(), found.end() + _NOTE_LENGTH, mark)
        for found in self.words.closing.finditer(self.text):
            if self.words.marked.search(self.text, found.start(), found.start() + 8):
                continue
            if not self.words.led.match(self.text, found.start()):
                yield _Found(found.start(), *found.span(1), _LEADS if _LEADING in found["verb"] else "closing")
        for found in self.words.led.finditer(self.text):
            if not self.words.marked.search(self.text, found.start(), found.start() + 8):
                yield _Found(found.start(), *found.span(1), _LEADS)
        for found in _NOTE.finditer(self.text):
            yield _Found(found.start(), *found.span(1), "note")

    def _make_duty(self, found: _Found) -> Duty:
        start, begin, end, mark = found
        second = _SECOND.search(self.text, begin, end)
        named = self.index.find_named_between(begin, second.start() if second else end)
        lists = read_lists(self.text, named, _AGENCIES)
        agencies = [n for names in lists for n in names.names if not _EACH.search(self.text, begin, n.begin)]
        return Duty(start, max([n.end for n in agencies], default=begin), agencies, mark)

    def _find_program(self, item: Sequence[Clause], begin: int, end: int) -> NamedSpan | None:
        """The only program that an item sets up or is entitled by."""
        part = item[-1].sentence.part if item else None
        found: dict[str, NamedSpan] = {}
        for clause in item:
            letter = self.index.letters[clause.sentence.letter]
            if clause.sentence.part != part or clause.end <= begin or letter.kind is Kind.PROPOSAL:
                continue
            for names in read_lists(self.text, clause.named, _PROGRAMS):
                after = self.text[names.end : names.end + 1]
                if names.begin < begin or after not in _BORDER:
                    continue
                titled = names.begin - clause.begin <= 1 and clause.end - names.end <= 1
                if titled or self.words.set_up.search(self.text[max(0, names.begin - 8) : names.begin]):
                    found |= {n.entity.id: n for n in reversed(names.names) if n.end <= end}
        return next(iter(found.values())) if len(found) == 1 else None


def read_duties(index: ClauseIndex, lex: Lexicon) -> list[Relation]:
    """Return which agencies run what, by the notes of who is in charge of each item."""
    return list(DutyReader(index, lex).read_relations())
