"""The clauses of a page with the entities that they name: what rules about events read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any, NamedTuple

from extract.linking.link import LinkedMentions
from extract.mentions.words import PageWords
from extract.model import Entity, Kind, Outline, Relation, Sentence, Span
from extract.text.segment import Word
from ontology.lexicons import Lexicon, join_alternatives

_CLAUSE_END = re.compile(r"[。；;！？!?\n]")
_PAUSE = re.compile(r"[，,：:]")
_LIST = re.compile(r"(?:等(?:各类|各种)?|[、，,和及与或]|以及|或者|各类|[“”（）()])*")
_PAUSES = "，,；;"
_NOTE_OPENS, _NOTE_CLOSES = "（(〔[", "）)〕]"
_SHORTEST_NOTE = 6
_TRANSPARENT = frozenset(["“", "‘", "一批", "更多", "各类", "广大", "一", "批", "全", "符合条件", "的", "等"])
"""Words between a verb and its object that a look to the left passes over."""


class NamedSpan(NamedTuple):
    """A mention of an entity, by its position in the joined text of a page."""

    begin: int
    end: int
    entity: Entity


_make_named: Callable[[tuple[int, int, Entity]], NamedSpan] = partial(tuple.__new__, NamedSpan)
"""Faster than the constructor."""


@dataclass(slots=True)
class Clause:
    """A stretch between full stops or semicolons, by its position in the joined text of a page."""

    begin: int
    end: int
    sentence: Sentence
    named: Sequence[NamedSpan]
    """Mentions that lie in it, in order; the outer one of nested mentions comes first."""
    receivers: list[NamedSpan] = field(default_factory=list)
    """Who gets something in it."""


def _split_clauses(page: PageWords) -> Sequence[tuple[int, int, Sentence]]:
    """Return begin, end and sentence of the clauses of a page."""
    stretches = []
    begin = 0
    for m in _CLAUSE_END.finditer(page.text):
        if m.start() > begin:
            stretches.append((begin, m.start(), page.sentence(begin)))
        begin = m.end()
    return stretches


class ClauseIndex:
    """The clauses, words and mentions of a page, by position in its joined text.

    Args:
        page: the joined text and its words.
        outline: letters, parts and sentences of the page.
        linked: the entities and where they are mentioned.
        earlier: the clauses of the same page with other mentions.
    """

    def __init__(
        self, page: PageWords, outline: Outline, linked: LinkedMentions, earlier: ClauseIndex | None = None
    ) -> None:
        self.page, self.outline = page, outline
        self.readings: dict[str, dict[int, Any]] = {} if earlier is None else earlier.readings
        """What readers found in a clause, by reader and begin of the clause, to be used for all mentions of the page.

        A reader keeps beside it what it depends on, if that is more than the words of the clause. The readings are
        those of one page and end with its indexes.
        """
        self._stretches: Sequence[tuple[int, int, Sentence]] = (
            _split_clauses(page) if earlier is None else earlier._stretches
        )
        self._pauses: Sequence[int] = (
            [m.start() for m in _PAUSE.finditer(page.text)] if earlier is None else earlier._pauses
        )
        self.entities: dict[str, Entity] = {entity.id: entity for entity in linked.entities}
        self.letters = {letter.id: letter for letter in outline.letters}
        self.own: dict[str, str] = {}
        """Letter → the instrument that it is."""
        self.issuer: dict[str, str] = {}
        """Letter → the first agency that issues it."""
        for relation in linked.relations:
            if relation.predicate == "instrument":
                self.own[relation.subject] = relation.object
            elif relation.predicate == "issuedBy":
                self.issuer.setdefault(relation.subject, relation.object)
        self._mentions = linked.mentions
        self.named: Sequence[NamedSpan] = self._choose_named(earlier) or self._place_mentions(linked)
        self._named_begins = [named.begin for named in self.named]

    def _choose_named(self, earlier: ClauseIndex | None) -> list[NamedSpan]:
        """Return the mentions that *earlier* has placed, if those of the page are some of them; else none."""
        if earlier is None:
            return []
        entities = self.entities
        kept = tuple([mention for mention in earlier._mentions if mention[1] in entities])
        if kept != self._mentions or any(earlier.entities.get(i) is not entity for i, entity in entities.items()):
            return []
        return [named for named in earlier.named if named[2].id in entities]

    def _place_mentions(self, linked: LinkedMentions) -> list[NamedSpan]:
        page, entities = self.page, self.entities
        placed = []
        for span, ident in linked.mentions:
            begin, end = page.find_position(span[0]), page.find_end(span[1])
            if begin < end and ident in entities:
                placed.append(_make_named((begin, end, entities[ident])))
        return sorted(placed, key=lambda named: (named[0], -named[1]))

    @cached_property
    def clauses(self) -> Sequence[Clause]:
        """The clauses of the page, in order."""
        return [
            Clause(begin, end, sentence, [n for n in self.find_named_between(begin, end) if n.end <= end])
            for begin, end, sentence in self._stretches
        ]

    def find_named(self, span: Span) -> Sequence[NamedSpan]:
        """Return the mentions that begin in *span* of the source."""
        return self.find_named_between(self.page.find_position(span.begin), self.page.find_end(span.end))

    def find_named_between(self, begin: int, end: int) -> Sequence[NamedSpan]:
        """Return the mentions that begin in a stretch of the joined text."""
        return self.named[bisect_left(self._named_begins, begin) : bisect_left(self._named_begins, end)]

    def find_words(self, begin: int, end: int) -> Sequence[Word]:
        """Return the words that begin in a stretch of the joined text."""
        number = self.page.number_word
        return self.page.words[number(begin) : number(end)]

    def find_word(self, begin: int, end: int) -> Word | None:
        """Return the first word that begins in a stretch of the joined text, None if there is none."""
        words = self.page.words
        at = self.page.number_word(begin)
        return words[at] if at < len(words) and words[at][0] < end else None

    def find_word_before(self, clause: Clause, position: int) -> Word | None:
        """Return the last word of *clause* before *position* that is not transparent (的, 一批, an opening quote)."""
        words, begin = self.page.words, clause.begin
        k = self.page.number_word(position) - 1
        while k >= 0:
            word = words[k]
            if word[0] < begin:
                break
            if word[2] not in _TRANSPARENT:
                return word
            k -= 1
        return None

    def find_pause_before(self, begin: int, end: int) -> int:
        """Return where the last comma or colon of a stretch of the joined text stands, -1 if there is none."""
        k = bisect_left(self._pauses, end) - 1
        return at if k >= 0 and (at := self._pauses[k]) >= begin else -1

    def find_pause_after(self, begin: int, end: int) -> int:
        """Return where the first comma or colon of a stretch of the joined text stands, *end* if there is none."""
        k = bisect_left(self._pauses, begin)
        return min(self._pauses[k], end) if k < len(self._pauses) else end

    def count_pauses(self, begin: int, end: int) -> int:
        """Return the number of commas and colons in a stretch of the joined text."""
        return max(0, bisect_left(self._pauses, end) - bisect_left(self._pauses, begin))

    def is_listed(self, last: NamedSpan, named: NamedSpan) -> bool:
        """Whether *named* stands in the same list as *last*: only list signs between, or one inside the other."""
        if last.begin <= named.begin < last.end:
            return True
        return last.end <= named.begin and _LIST.fullmatch(self.page.text, last.end, named.begin) is not None


def ends_item(index: ClauseIndex, clause: Clause) -> bool:
    """Whether a clause stands in a note in brackets between two sentences that names agencies: it ends an item."""
    page = index.page
    begin, end = page.find_position(clause.sentence.span.begin), page.find_end(clause.sentence.span.end)
    if end - begin < _SHORTEST_NOTE or page.text[begin] not in _NOTE_OPENS or page.text[end - 1] not in _NOTE_CLOSES:
        return False
    return any(named.entity.kind is Kind.AGENCY for named in index.find_named_between(begin, end))


@cache
def _compile_refusals(lex: Lexicon) -> tuple[re.Pattern[str], Sequence[re.Pattern[str]]]:
    """Return the pattern whose stretches begin at the pause before them, and those whose stretches are all."""
    config = lex.read_config("events")["refusals"]
    return re.compile(config["withheld"]), [re.compile(p) for name, p in config.items() if name != "withheld"]


def find_refusals(text: str, begin: int, end: int, lex: Lexicon) -> Sequence[tuple[int, int]]:
    """Return the stretches of a clause that take a support back, or name who does not get it.

    Who is named there gets nothing, though the rest of the clause may give. That is also who is only checked or asked
    to give something to others.

    Args:
        text: the joined text of the page.
        begin: where the clause begins.
        end: where it ends.
        lex: the lexicon (``[refusals]`` in ``events.toml``).
    """
    withheld, whole = _compile_refusals(lex)
    found = [m.span() for pattern in whole for m in pattern.finditer(text, begin, end)]
    for m in withheld.finditer(text, begin, end):
        pause = max(text.rfind(sign, begin, m.start()) for sign in _PAUSES)
        found.append((max(begin, pause + 1), m.end()))
    return found


def drop_refused(named: Iterable[NamedSpan], text: str, begin: int, end: int, lex: Lexicon) -> Sequence[NamedSpan]:
    """Return the names of a clause that stand in no refusal."""
    refusals = find_refusals(text, begin, end, lex)
    return [n for n in named if not any(start <= n.begin < stop for start, stop in refusals)]


@dataclass(frozen=True, slots=True)
class _BenefitWords:
    """The section ``[other_benefit]`` of ``events.toml``."""

    families: Mapping[str, int]
    """The word that a name of a benefit ends with → the number of its family."""
    head: re.Pattern[str]
    given: re.Pattern[str]
    toward: re.Pattern[str]
    turns: re.Pattern[str]


@cache
def _load_benefit_words(lex: Lexicon) -> _BenefitWords:
    config = lex.read_config("events")["other_benefit"]
    families = {word: number for number, words in enumerate(config["families"]) for word in words}
    head = join_alternatives(families)
    return _BenefitWords(
        families,
        re.compile(rf"(?:{head})+”?$"),
        re.compile(rf"(?:{config['verbs']})(?P<what>[^，,。；;（(]*?(?:{head})+)"),
        *(re.compile(config[name]) for name in ("toward", "turns")),
    )


class OtherBenefits:
    """Tells who of a page gets something else than the scheme that a heading or an earlier clause names.

    Under 购房补贴, *予以退税优惠* is none; in 对甲类实行X，*对乙类给予*Y the second class gets no X.
    """

    def __init__(self, index: ClauseIndex, lex: Lexicon) -> None:
        self._index, self._words = index, _load_benefit_words(lex)

    def refuses(self, scheme: Entity, receiver: NamedSpan, clause: Clause) -> bool:
        """Whether a clause gives *receiver* something else than *scheme*."""
        if scheme.kind is not Kind.PROGRAM:
            return False
        named = [n for n in clause.named if n.entity is scheme]
        if named:
            return named[-1].end <= receiver.begin and self._turns(clause, named[-1], receiver)
        given = list(self._list_given(receiver.end, clause.end))
        return (
            bool(given)
            and self._words.head.search(scheme.label) is not None
            and not any(self._is_same(scheme.label, what) for what in given)
        )

    def refuses_stated(self, relation: Relation) -> bool:
        """The same for a relation that a rule states."""
        page, entities = self._index.page, self._index.entities
        scheme = entities.get(relation.subject)
        if relation.predicate != "supports" or scheme is None:
            return False
        begin = page.find_position(relation.span.begin)
        clause = next((c for c in self._index.clauses if c.begin <= begin < c.end), None)
        named = [n for n in clause.named if n.entity.id == relation.object] if clause is not None else []
        return clause is not None and bool(named) and all(self.refuses(scheme, n, clause) for n in named)

    def _turns(self, clause: Clause, scheme: NamedSpan, receiver: NamedSpan) -> bool:
        """Whether a clause gives the scheme to somebody and then turns to *receiver*, who gets something else."""
        text = self._index.page.text
        if self._words.toward.search(text, clause.begin, scheme.begin) is None:
            return False
        turned = [m.end() for m in self._words.turns.finditer(text, scheme.end, receiver.begin)]
        if not turned or self._index.count_pauses(turned[-1], receiver.begin):
            return False
        return any(True for _ in self._list_given(receiver.end, clause.end))

    def _list_given(self, begin: int, end: int) -> Iterator[str]:
        """Yield what a stretch says is given."""
        for found in self._words.given.finditer(self._index.page.text, begin, end):
            yield found["what"]

    def _is_same(self, label: str, what: str) -> bool:
        """Whether what is given may be the benefit of a name: it is of its family."""
        own, other = self._words.head.search(label), self._words.head.search(what)
        return own is None or other is None or self._find_family(own[0]) == self._find_family(other[0])

    def _find_family(self, head: str) -> int:
        return next(number for word, number in self._words.families.items() if head.rstrip("”").endswith(word))
