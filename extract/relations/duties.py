"""Who is in charge of an item: （牵头单位：A、B；配合单位：C）, （A、B负责）, or lines of their own below it.

They run the programs and platforms that the item's heading names, else the only program that its text sets up. A text
with several programs says nothing about which of them somebody is in charge of, so nothing is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from extract.model import Kind, Part, Relation
from extract.relations.clauses import Clause, ClauseIndex, NamedSpan
from extract.relations.frames import leave_out_inner, read_lists
from ontology.lexicons import Lexicon, join_alternatives

_PROGRAMS, _AGENCIES = frozenset({Kind.PROGRAM}), frozenset({Kind.AGENCY})
_RUNS = {Kind.PROGRAM: "administers", Kind.PLATFORM: "operates"}
TITLED = "duty.title"
"""Rule of what a heading says: it stands, whatever the words around the name are."""
SET_UP = "duty.item"
"""Rule of the only program that the text of an item sets up."""
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
_LONGEST_TITLE = 45
"""Characters of an item's first clause that is its heading."""
_CLOSERS = {"（": "）)", "(": "）)", "【": "】", "〔": "〕", "[": "]"}
_LONGEST_NOTE = 400
MOST_AGENCIES = 5
"""Of a longer list without a leader nobody is in charge more than the others."""
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
    carried: re.Pattern[str]
    """Right before a program that a heading says is set up, carried on or enlarged."""
    after: re.Pattern[str]
    """Right behind the name of such a program."""
    vague: re.Pattern[str]
    """Ends of names that are too wide to say what somebody is in charge of."""
    platform: re.Pattern[str]
    """Ends of names of a single platform."""
    spread: re.Pattern[str]
    """Words before a platform that others than its operator may do: 推广…"""
    labels: re.Pattern[str]
    """Begins a line that belongs to the note above it: 配合单位：…, 完成时限：…"""


@cache
def _compile_words(lex: Lexicon) -> _Words:
    config = lex.read_config("relations")["duties"]
    marks = join_alternatives(config["marks"])
    return _Words(
        re.compile(rf"(?:[（(【〔\[]|^|\n|。)(?:{marks})[:：]"),
        re.compile(rf"[（(〔][^（()）〔〕\n]{{2,40}}[，,；;](?:{join_alternatives(config['leading'])})[:：]"),
        re.compile(
            rf"[（(〔]([^（()）〔〕]{{2,200}}?)(?P<verb>{join_alternatives(config['closing'])})(?:[，,；;][^（()）〔〕]{{2,80}})?[）)〕]"
        ),
        re.compile(rf"[（(〔]([^（()）〔〕。；;]{{2,60}}?){_LEADING}(?:负责)?[，,、；;][^（()）〔〕]{{2,200}}?[）)〕]"),
        re.compile(rf"(?:{join_alternatives(config['set_up'])})[“”\"]?\Z"),
        re.compile(rf"(?:{join_alternatives([*config['set_up'], *config['carried']])})[“”\"]?\Z"),
        re.compile(rf"[”\"]?(?:{join_alternatives(config['after'])}|[，。；、,;（(\n])"),
        re.compile(rf"(?:{join_alternatives(config['vague'])})[”\"]?$"),
        re.compile(
            rf"^(?!.*(?:{join_alternatives(config['several'])})).*(?:{join_alternatives(config['platform'])})[”\"]?$"
        ),
        re.compile(rf"(?:{join_alternatives(config['spread'])})"),
        re.compile(rf"\n(?:{join_alternatives(config['labels'])})[:：][^\n]*"),
    )


@dataclass(frozen=True, slots=True)
class Duty:
    """A note of who is in charge of an item, by its position in the joined text."""

    begin: int
    end: int
    agencies: Sequence[NamedSpan]
    mark: str
    """The words that open it (牵头单位); ``closing`` or ``note`` if it has none."""
    until: int
    """Where the note ends, with its bracket or its lines: the next item begins there."""


class _Found(NamedTuple):
    """Words that may be a note of duties, by their position in the joined text."""

    start: int
    begin: int
    """Where the agencies may stand …"""
    end: int
    mark: str


def _cut_clause(clause: Clause, begin: int) -> Clause:
    """Return a clause without its words before *begin*."""
    if clause.begin >= begin:
        return clause
    return Clause(begin, clause.end, clause.sentence, [n for n in clause.named if n.begin >= begin], clause.receivers)


class DutyReader:
    """Reads who is in charge of the items of one page."""

    def __init__(self, index: ClauseIndex, lex: Lexicon) -> None:
        self.index = index
        self.text = index.page.text
        self.words = _compile_words(lex)
        self._parts: dict[str, Part] = {part.id: part for part in index.outline.parts}

    def read_relations(self) -> Iterator[Relation]:
        for duty, item, previous in self.list_items():
            titled = self._find_titled(item, duty) if duty.agencies else ()
            for scheme in titled:
                yield from self._relate(duty, scheme, TITLED, 0.85)
            program = self._find_program(item, previous, duty.begin)
            if program is not None and all(program.entity is not scheme.entity for scheme in titled):
                yield from self._relate(duty, program, SET_UP, 0.8)

    def _relate(self, duty: Duty, scheme: NamedSpan, rule: str, confidence: float) -> Iterator[Relation]:
        span = self.index.page.span(scheme.begin, duty.end)
        for agency in duty.agencies:
            yield Relation(agency.entity.id, _RUNS[scheme.entity.kind], scheme.entity.id, span, rule, confidence)

    def list_items(self) -> Iterator[tuple[Duty, Sequence[Clause], int]]:
        """Yield each note with the clauses of its item, and where the note before it ends."""
        previous = at = 0
        clauses = self.index.clauses
        for duty in sorted(self._find_duties(), key=lambda d: d.begin):
            item: list[Clause] = []
            while at < len(clauses) and clauses[at].begin < duty.begin:
                if clauses[at].end > previous:
                    item.append(_cut_clause(clauses[at], previous))
                at += 1
            yield duty, item, previous
            previous = max(previous, duty.until)
            if item and item[-1].end > previous:
                at -= 1  # its rest belongs to the next item

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
                yield Duty(found.start, lists[0].end, lists[0].names, "note", self._find_end(found.start, lists[0].end))

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
        named_end = max([n.end for n in agencies], default=begin)
        return Duty(start, named_end, agencies, mark, self._find_end(start, named_end))

    def _find_end(self, start: int, named_end: int) -> int:
        """Where a note ends: behind its bracket, else with its line and the lines of labels below it."""
        closers, opener = _CLOSERS.get(self.text[start], ""), self.text[start]
        depth = 0
        for at in range(start, min(len(self.text), start + _LONGEST_NOTE)) if closers else ():
            if self.text[at] == opener:
                depth += 1
            elif self.text[at] in closers:
                depth -= 1
                if not depth:
                    return at + 1
        end = self.text.find("\n", named_end)
        if closers or end < 0:
            return named_end if closers else len(self.text)
        while below := self.words.labels.match(self.text, end):
            end = below.end()
        return end

    def _find_titled(self, item: Sequence[Clause], duty: Duty) -> Sequence[NamedSpan]:
        """The programs and platforms that the heading of an item sets up or carries on: one, or those of one list."""
        title = self._find_title(item)
        if title is None or self.index.letters[item[-1].sentence.letter].kind is Kind.PROPOSAL:
            return ()
        if len(duty.agencies) > MOST_AGENCIES and not duty.mark.startswith(_LEADING):
            return ()
        begin, stop = title[0], min(title[1], duty.begin)
        if any(n.entity.kind in _RUNS for n in self.index.find_named_between(duty.begin, duty.until)):
            return ()  # the note says which of them runs what
        outer = [n for n in leave_out_inner(self.index.find_named_between(begin, stop)) if n.end <= stop]
        names = [n for n in outer if n.entity.kind in _RUNS]
        if not names or not all(self.index.is_listed(last, named) for last, named in pairwise(names)):
            return ()
        carried = self.words.carried.search(self.text, max(begin, names[0].begin - 12), names[0].begin)
        if carried is None:
            return ()
        after = self.words.after.match(self.text, names[-1].end)
        if after is None and names[-1].end < stop:
            return ()
        return [
            n
            for n in names
            if (
                not self.words.vague.search(n.entity.label)
                if n.entity.kind is Kind.PROGRAM
                else self.words.platform.search(n.entity.label) and not self.words.spread.match(carried.group())
            )
        ]

    def _find_title(self, item: Sequence[Clause]) -> tuple[int, int] | None:
        """Where the heading of an item stands: that of its part, else its short first clause without a comma."""
        if not item:
            return None
        part = self._parts.get(item[-1].sentence.part or "")
        if part is not None and part.heading is not None:
            begin, end = self.index.page.find_position(part.heading.begin), self.index.page.find_end(part.heading.end)
            if begin >= item[0].begin:
                return begin, end
        first = next((c for c in item if c.sentence.part == item[-1].sentence.part), item[-1])
        is_heading = first.end - first.begin <= _LONGEST_TITLE and not self.index.count_pauses(first.begin, first.end)
        return (first.begin, first.end) if is_heading else None

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
