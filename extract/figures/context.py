"""A page as the figure rules see it: folded text with letters, parts, sentences, mentions and numbers in place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from extract.model import Entity, Kind, Letter, Outline, Part, Sentence, Span
from extract.records import copy_with
from extract.text.cells import find_bare_values
from extract.text.elsewhere import is_elsewhere
from extract.text.folding import FoldedText, fold_text
from extract.text.periods import TimeExpression, find_times
from extract.text.quantities import Quantity, find_folded_quantities
from extract.text.rows import find_tables
from ontology.lexicons import Lexicon

_STOPS = re.compile(r"[，；;：,:|](?:(?<=[，；;：|])|(?<!\d.)|(?!\d))")
_LONGEST_RUN = 1500
"""Characters of a sentence that are looked at together."""
_LONGEST_CLAUSE = 500
_NAMED = frozenset({Kind.TIER, Kind.GROUP, Kind.PROGRAM, Kind.PLATFORM})


class Seen(NamedTuple):
    """A mention in folded places."""

    begin: int
    end: int
    entity: Entity

    @property
    def kind(self) -> Kind:
        return self.entity.kind


class Number(NamedTuple):
    """A quantity in folded places."""

    begin: int
    end: int
    outer_begin: int
    outer_end: int
    quantity: Quantity


class FigureClause(NamedTuple):
    """A stretch between commas; ``segment`` counts the semicolons before it."""

    begin: int
    end: int
    segment: int


class Scene(NamedTuple):
    """One sentence with all that stands in it."""

    sentence: Sentence
    begin: int
    end: int
    clauses: tuple[FigureClause, ...]
    letter: Letter
    chain: tuple[Part, ...]
    """The parts that it stands in, the innermost first."""
    numbers: tuple[Number, ...]
    seen: tuple[Seen, ...]
    times: tuple[TimeExpression, ...]

    def clause(self, position: int) -> FigureClause:
        i = bisect_right(self.clauses, (position + 1,)) - 1
        return self.clauses[max(i, 0)]


class FigureContext:
    """All of one text; scenes in order. Everything is looked up by bisection."""

    def __init__(self, text: str, outline: Outline, entities: Sequence[Entity], lex: Lexicon) -> None:
        self.lex = lex
        self.outline = outline
        self.entities = entities
        self.by_id = {e.id: e for e in entities}
        self.folded: FoldedText = fold_text(text)
        self.text = self.folded.text
        self.tables = find_tables(text)
        self.letters = {x.id: x for x in outline.letters}
        self.parts: dict[str, Part] = {x.id: x for x in outline.parts}
        self._numbers = self._place_numbers(text)
        self._number_begins = [n.begin for n in self._numbers]
        self._seen = self._place_mentions()
        self._seen_begins = [s.begin for s in self._seen]
        self._times: dict[str, tuple[list[TimeExpression], list[int]]] = {}
        self._elsewhere: dict[str, bool] = {}

    def is_elsewhere(self, name: str) -> bool:
        """Whether the page only tells of the place *name*: 邻市*甲市*."""
        if name not in self._elsewhere:
            self._elsewhere[name] = is_elsewhere(self.text, name, self.lex)
        return self._elsewhere[name]

    def _place_numbers(self, source: str) -> list[Number]:
        place = self.folded.map_offset
        found = find_folded_quantities(self.folded, self.lex)
        if self.tables and (bare := find_bare_values(source, self.tables, found, self.lex)):
            found = sorted([*found, *bare], key=lambda quantity: quantity.span)
        return [
            Number(place(q.span.begin), place(q.span.end), place(q.outer.begin), place(q.outer.end), q) for q in found
        ]

    def _place_mentions(self) -> list[Seen]:
        """Outermost mentions; a named program or tier inside an instrument's title is kept beside it."""
        back = self.folded.folded_offsets
        rows = [(back[s.begin], -back[s.end], e.id, n) for n, e in enumerate(self.entities) for s in e.spans]
        rows.sort()
        kept: list[Seen] = []
        reach, holder = -1, None
        for begin, end, _, n in rows:
            s = Seen(begin, -end, self.entities[n])
            if s.end > reach:
                kept.append(s)
                reach, holder = s.end, s
            elif holder is not None and holder.kind in (Kind.INSTRUMENT, Kind.PLACE, Kind.REPORT) and s.kind in _NAMED:
                kept.append(s)
        return kept

    def mentions(self, begin: int, end: int) -> tuple[Seen, ...]:
        """Those that begin in the stretch."""
        return tuple(self._seen[bisect_left(self._seen_begins, begin) : bisect_left(self._seen_begins, end)])

    def numbers(self, begin: int, end: int) -> tuple[Number, ...]:
        return tuple(self._numbers[bisect_left(self._number_begins, begin) : bisect_left(self._number_begins, end)])

    def times(self, letter: Letter, begin: int, end: int) -> tuple[TimeExpression, ...]:
        """The times stated in a stretch of *letter*."""
        if letter.id not in self._times:
            where = self.folded.map_span(letter.span)
            found = [
                copy_with(t, span=Span(t.span.begin + where.begin, t.span.end + where.begin))
                for t in find_times(self.text[where.begin : where.end], letter.get_value("issued") or "", self.lex)
            ]
            self._times[letter.id] = found, [t.span.begin for t in found]
        found, begins = self._times[letter.id]
        return tuple(found[bisect_left(begins, begin) : bisect_left(begins, end)])

    def chain(self, part: str | None) -> tuple[Part, ...]:
        found: list[Part] = []
        while part is not None and part in self.parts and len(found) < 12:
            found.append(self.parts[part])
            part = self.parts[part].parent
        return tuple(found)

    @cached_property
    def scenes(self) -> list[Scene]:
        """The sentences that hold numbers, mentions or times, in order."""
        found = []
        for sentence in self.outline.sentences:
            begin, end = self.folded.map_offset(sentence.span.begin), self.folded.map_offset(sentence.span.end)
            numbers, seen = self.numbers(begin, end), self.mentions(begin, end)
            letter = self.letters[sentence.letter]
            if not numbers and not seen and not self.times(letter, begin, end):
                continue
            chain = self.chain(sentence.part)
            if numbers or end - begin > _LONGEST_CLAUSE:
                clauses = _clauses(self.text, begin, end)
            else:  # of interest for what it names only
                clauses = (FigureClause(begin, end, 0),)
            for run in _runs(clauses):
                b, e = run[0].begin, run[-1].end
                found.append(
                    Scene(
                        sentence, b, e, run, letter, chain,
                        self.numbers(b, e), self.mentions(b, e), self.times(letter, b, e),
                    )
                )  # fmt: skip
        return found

    def heading(self, part: Part) -> str:
        """The words of a part's heading, folded; empty if it has none."""
        if part.heading is None:
            return ""
        where = self.folded.map_span(part.heading)
        return self.text[where.begin : where.end]

    def heading_mentions(self, part: Part) -> tuple[Seen, ...]:
        if part.heading is None:
            return ()
        where = self.folded.map_span(part.heading)
        return self.mentions(where.begin, where.end)


def _runs(clauses: tuple[FigureClause, ...]) -> Iterator[tuple[FigureClause, ...]]:
    """The clauses of one sentence; of a table or the like without full stops, a manageable number at a time."""
    begin = 0
    for i, clause in enumerate(clauses):
        if clause.end - clauses[begin].begin > _LONGEST_RUN and i > begin:
            yield clauses[begin:i]
            begin = i
    yield clauses[begin:]


def _clauses(text: str, begin: int, end: int) -> tuple[FigureClause, ...]:
    found, segment, last = [], 0, begin
    for m in _STOPS.finditer(text, begin, end):
        while m.end() - last > _LONGEST_CLAUSE:
            found.append(FigureClause(last, last + _LONGEST_CLAUSE, segment))
            last += _LONGEST_CLAUSE
        found.append(FigureClause(last, m.end(), segment))
        segment += m[0] in ";；"
        last = m.end()
    while end - last > _LONGEST_CLAUSE:
        found.append(FigureClause(last, last + _LONGEST_CLAUSE, segment))
        last += _LONGEST_CLAUSE
    if last < end or not found:
        found.append(FigureClause(last, end, segment))
    return tuple(found)
