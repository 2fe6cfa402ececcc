"""Events in clauses: who gives what to whom, what an instrument sets up, who runs a program.

One reading of a sentence gives ``supports``, ``establishes`` and ``administers``, and the receivers that figures are
about. Participants stand in the clause; what the clause leaves out comes from the sentence, the item's heading, the
letter. A clause that denies, forbids or asks for something back states nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from extract.linking.link import Linked
from extract.mentions.words import BREAK, PageWords
from extract.model import TITLED, Entity, Kind, Letter, Outline, Relation, Sentence, Span
from extract.text.segment import Word
from ontology.lexicons import Lexicon

_RECEIVERS = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE})
_SCHEMES = frozenset({Kind.PROGRAM, Kind.PLATFORM})
_SENTENCE_END = frozenset("。；;！？!?\n")
_LIST = re.compile(r"(?:等(?:各类|各种)?|[、，,和及与或]|以及|或者|各类|[“”（）()])*")


@dataclass(frozen=True, slots=True)
class _Patterns:
    prepositions: frozenset[str]
    give: frozenset[str]
    support: frozenset[str]
    entitle: frozenset[str]
    establish: frozenset[str]
    run: frozenset[str]
    negative: re.Pattern[str]
    passed: re.Pattern[str]


@cache
def _patterns(lex: Lexicon) -> _Patterns:
    config = lex.config("events")

    def words(name: str) -> frozenset[str]:
        return frozenset(config[name].split())

    def pattern(name: str) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, config[name].split())))

    return _Patterns(
        words("receiver_prepositions"), words("give"), words("support"), words("entitle"), words("establish"),
        words("run"), pattern("negative"), pattern("passed"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A mention in the joined text of a page."""

    begin: int
    end: int
    entity: Entity


@dataclass(slots=True)
class Clause:
    """A stretch between full stops or semicolons, with its words and mentions."""

    begin: int
    end: int
    sentence: Sentence
    words: Sequence[Word]
    named: Sequence[Named]
    receivers: list[Named] = field(default_factory=list)
    """Who gets something in it."""
    given: list[Named] = field(default_factory=list)
    """Programs and platforms that give or are given."""


class EventReader:
    """Reads the events of one page."""

    def __init__(self, page: PageWords, outline: Outline, linked: Linked, lex: Lexicon) -> None:
        self.page, self.outline, self.p = page, outline, _patterns(lex)
        self.entities = {e.id: e for e in linked.entities}
        self.letters = {x.id: x for x in outline.letters}
        self.own = {r.subject: r.object for r in linked.relations if r.predicate == "instrument"}
        self.issuer: dict[str, str] = {}
        for r in linked.relations:
            if r.predicate == "issuedBy":
                self.issuer.setdefault(r.subject, r.object)
        self.named = self._place(linked)
        self._begins = [n.begin for n in self.named]
        self._word_begins = [w.begin for w in page.words]

    def _place(self, linked: Linked) -> list[Named]:
        """Mentions by their positions in the joined text, the outermost of nested ones first."""
        offsets = self.page.offsets
        out = []
        for span, ident in linked.mentions:
            begin = bisect_left(offsets, span.begin)
            end = bisect_left(offsets, span.end)
            if begin < end and ident in self.entities:
                out.append(Named(begin, end, self.entities[ident]))
        return sorted(out, key=lambda n: (n.begin, -n.end))

    def clauses(self) -> Iterator[Clause]:
        text = self.page.text
        begin = 0
        for i, sign in enumerate(text):
            if sign in _SENTENCE_END:
                if i > begin:
                    yield self._clause(begin, i)
                begin = i + 1

    def _clause(self, begin: int, end: int) -> Clause:
        words = self.page.words[bisect_left(self._word_begins, begin) : bisect_left(self._word_begins, end)]
        named = [n for n in self.named[bisect_left(self._begins, begin) : bisect_left(self._begins, end)] if n.end <= end]
        return Clause(begin, end, self.page.sentence(begin), words, named)

    # ---- participants

    def read(self) -> list[Relation]:
        out: dict[tuple[str, str, str], Relation] = {}
        item: tuple[str | None, str] = (None, "")
        heading: list[Named] = []
        for clause in self.clauses():
            letter = self.letters[clause.sentence.letter]
            if letter.kind is Kind.PROPOSAL:
                continue
            text = self.page.text[clause.begin : clause.end]
            if self._is_heading(text):
                heading = [n for n in clause.named if n.entity.kind in _SCHEMES]
            if self.p.passed.search(text[:12]) or self.p.negative.search(text):
                continue
            self._find_receivers(clause, text)
            for relation in self._relations(clause, letter, heading, text):
                out.setdefault((relation.subject, relation.predicate, relation.object), relation)
        return list(out.values())

    def _is_heading(self, text: str) -> bool:
        return len(text) <= 30 and not any(c in text for c in "，,")

    def _find_receivers(self, clause: Clause, text: str) -> None:
        groups = [n for n in clause.named if n.entity.kind in _RECEIVERS]
        if not groups:
            return
        gives = [w for w in clause.words if w.text in self.p.give]
        for n in groups:
            before = self._before(clause, n.begin)
            after = [w for w in gives if w.begin >= n.end]
            if before is not None and before.text in self.p.support:
                self._add(clause.receivers, n)
            elif before is not None and before.text in self.p.prepositions and after:
                self._add(clause.receivers, n)
            elif self._governed(clause, n) and after:
                self._add(clause.receivers, n)
            elif self._starts(clause, n) and after:
                self._add(clause.receivers, n)
            elif clause.receivers and self._continues(clause.receivers[-1], n):
                self._add(clause.receivers, n)

    def _add(self, receivers: list[Named], n: Named) -> None:
        if all(n.entity is not r.entity for r in receivers):
            receivers.append(n)

    def _continues(self, last: Named, n: Named) -> bool:
        """Whether *n* stands in the same list as *last*."""
        return last.end <= n.begin and _LIST.fullmatch(self.page.text, last.end, n.begin) is not None or (
            last.begin <= n.begin < last.end
        )

    def _before(self, clause: Clause, position: int) -> Word | None:
        """The last word before *position* that is no modifier or quote."""
        k = bisect_left([w.begin for w in clause.words], position) - 1
        while k >= 0 and clause.words[k].text in ("“", "‘", "一批", "更多", "各类", "广大", "一", "批", "全", "符合条件", "的", "等"):
            k -= 1
        return clause.words[k] if k >= 0 else None

    def _governed(self, clause: Clause, n: Named) -> bool:
        """Whether a preposition such as 对 opens the stretch before *n*: 对新认定的X."""
        comma = max(self.page.text.rfind(c, clause.begin, n.begin) for c in "，,：:")
        left = max(comma + 1, clause.begin)
        return any(w.text in self.p.prepositions and left <= w.begin < n.begin for w in clause.words)

    def _starts(self, clause: Clause, n: Named) -> bool:
        """Whether *n* stands where a subject stands: at the beginning of a clause or after 的."""
        before = self.page.text[max(clause.begin, n.begin - 1) : n.begin]
        return before in ("", "，", ",", "：", ":", "的", "）", ")", "、") or n.begin == clause.begin

    # ---- relations

    def _relations(self, clause: Clause, letter: Letter, heading: Sequence[Named], text: str) -> Iterator[Relation]:
        span = self.page.span(clause.begin, clause.end)
        own = self.own.get(letter.id)
        schemes = [n for n in clause.named if n.entity.kind in _SCHEMES]
        if clause.receivers:
            givers = self._givers(clause, schemes, heading)
            for n in clause.receivers:
                for giver in givers:
                    if giver != n.entity.id:
                        yield Relation(giver, "supports", n.entity.id, span, "event.give", 0.8)
                if not givers and own is not None:
                    yield Relation(own, "supports", n.entity.id, span, "event.instrument", 0.8)
        for scheme in schemes:
            before = self._before(clause, scheme.begin)
            if own is not None and before is not None and before.text in self.p.establish:
                yield Relation(own, "establishes", scheme.entity.id, span, "event.establish", 0.8)
            agency = self._runner(clause, scheme)
            if agency is not None:
                yield Relation(agency, "administers", scheme.entity.id, span, "event.run", 0.8)

    def _givers(self, clause: Clause, schemes: Sequence[Named], heading: Sequence[Named]) -> list[str]:
        """Programs that the clause says give something: what is given, or what its heading names."""
        out = []
        for scheme in schemes:
            before = self._before(clause, scheme.begin)
            if (before is not None and before.text in self.p.give) or scheme.begin == clause.begin:
                out.append(scheme.entity.id)
        return out or [n.entity.id for n in heading]

    def _runner(self, clause: Clause, scheme: Named) -> str | None:
        """The agency that a clause says runs *scheme*: 由X负责, X实施."""
        verb = self._before(clause, scheme.begin)
        agencies = [n for n in clause.named if n.entity.kind is Kind.AGENCY]
        if verb is not None and verb.text in self.p.run:
            left = [n for n in agencies if n.end <= verb.begin]
            if left:
                return left[-1].entity.id
        after = [n for n in agencies if n.begin >= scheme.end]
        if after and self.page.text[scheme.end : after[0].begin] in ("由", "的主管部门是", "由", "工作由"):
            return after[0].entity.id
        return None


def read_events(page: PageWords, outline: Outline, linked: Linked, lex: Lexicon) -> list[Relation]:
    """Return the relations that the events of a page state."""
    return EventReader(page, outline, linked, lex).read()
