"""Events in clauses: who gets what, what an instrument sets up.

One reading of a clause gives ``supports`` and ``establishes``, and the receivers that figures are
about. Participants stand in the clause. What the clause leaves out comes from the item's heading, then from the letter:
in a policy the instrument itself supports whom its clauses name. A clause that denies, forbids or takes something back
states nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extract.linking.link import LinkedMentions
from extract.mentions.words import PageWords
from extract.model import Kind, Letter, Outline, Part, Relation
from extract.relations.clauses import Clause, ClauseIndex, NamedSpan, drop_refused
from ontology.lexicons import Lexicon

_RECEIVERS = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE})
_SCHEMES = frozenset({Kind.PROGRAM, Kind.PLATFORM})
_HEADING = 30
"""Largest number of characters of a heading."""
_LABEL = 12
"""Characters at the beginning of a clause that may say that it names no benefit (责任单位：)."""
_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class _EventPatterns:
    """Words of ``events.toml``."""

    receiver_prepositions: frozenset[str]
    give: frozenset[str]
    strong_give: frozenset[str]
    support: frozenset[str]
    establish: frozenset[str]
    giving_heads: tuple[str, ...]
    duty: re.Pattern[str]
    urge: frozenset[str]
    founding: frozenset[str]
    acts_for: re.Pattern[str]
    amount: re.Pattern[str]
    negative: re.Pattern[str]
    passed: re.Pattern[str]


@cache
def _compile_patterns(lex: Lexicon) -> _EventPatterns:
    config = lex.read_config("events")

    def read_words(name: str) -> frozenset[str]:
        return frozenset(config[name].split())

    def read_pattern(name: str) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, config[name].split())))

    return _EventPatterns(
        receiver_prepositions=read_words("receiver_prepositions"),
        give=read_words("give"),
        strong_give=read_words("strong_give"),
        support=read_words("support"),
        establish=read_words("establish"),
        giving_heads=tuple(config["giving_heads"].split()),
        duty=re.compile(config["duty"]),
        urge=read_words("urge"),
        founding=read_words("founding"),
        acts_for=re.compile(config["acts_for"]),
        amount=re.compile(config["amount"]),
        negative=read_pattern("negative"),
        passed=read_pattern("passed"),
    )


class EventReader:
    """Reads the events of one page.

    Args:
        page: the joined text of the page and its words.
        outline: letters, parts and sentences.
        linked: the entities and where they are mentioned.
        lex: the lexicon.
        earlier: a reader of the same page, for other entities: what depends on the words alone is read only once.
    """

    def __init__(
        self,
        page: PageWords,
        outline: Outline,
        linked: LinkedMentions,
        lex: Lexicon,
        earlier: EventReader | None = None,
    ) -> None:
        self.index: ClauseIndex = ClauseIndex(page, outline, linked, earlier.index if earlier is not None else None)
        self._lex = lex
        self._patterns = _compile_patterns(lex)
        self._verbs: dict[int, tuple[int, Sequence[int]]] = self.index.readings.setdefault("verbs", {})
        self._receivers: dict[int, tuple[Sequence[NamedSpan], Sequence[NamedSpan]]] = self.index.readings.setdefault(
            "receivers", {}
        )
        self._texts: dict[int, tuple[bool, bool]] = self.index.readings.setdefault("texts", {})
        self._parts: dict[str, Part] = {part.id: part for part in outline.parts}
        self._part: str | None = None
        self._title: Sequence[NamedSpan] = ()

    def read_relations(self) -> list[Relation]:
        """Return the relations that the clauses state, each once; fill in the receivers of the clauses."""
        found: dict[tuple[str, str, str], Relation] = {}
        for clause in self.index.clauses:
            letter = self.index.letters[clause.sentence.letter]
            if letter.kind is Kind.PROPOSAL:
                continue
            heads, gives = self._read_text(clause)
            self._enter(clause, heads)
            if not gives:
                continue
            self._find_receivers(clause)
            for relation in self._find_relations(clause, letter):
                found.setdefault((relation.subject, relation.predicate, relation.object), relation)
        return list(found.values())

    # ---- headings

    def _read_text(self, clause: Clause) -> tuple[bool, bool]:
        """Return whether a clause may be a heading, and whether it may give something, by its words alone."""
        found = self._texts.get(clause.begin)
        if found is None:
            text = self.index.page.text[clause.begin : clause.end]
            heads = len(text) <= _HEADING and "，" not in text and "," not in text and self._begins_sentence(clause)
            heads = heads and self._patterns.amount.search(text) is None
            gives = not (self._patterns.passed.search(text[:_LABEL]) or self._patterns.negative.search(text))
            found = self._texts[clause.begin] = heads, gives
        return found

    def _enter(self, clause: Clause, heads: bool) -> None:
        """Keep the schemes of a heading: they hold for the part under it, or until the next heading."""
        part = clause.sentence.part
        if part != self._part:
            self._part, self._title = part, ()
        if heads:
            self._title = [named for named in clause.named if self._gives(named)]

    def _begins_sentence(self, clause: Clause) -> bool:
        return clause.begin == self.index.page.find_end(clause.sentence.span.begin)

    def _find_heading_schemes(self, clause: Clause) -> Sequence[NamedSpan]:
        """Return the scheme that the nearest heading above a clause names; none if it names several."""
        if self._title:
            return _only_one(self._title)
        ident: str | None = clause.sentence.part
        while ident is not None:
            part = self._parts[ident]
            if part.heading is not None and not part.heading.contains(clause.sentence.span):
                named = [n for n in self.index.find_named(part.heading) if self._gives(n)]
                if named:
                    return _only_one(named)
            ident = part.parent
        return ()

    def _gives(self, named: NamedSpan) -> bool:
        """Whether a name in a heading is a scheme that gives something: a subsidy, an award, a loan."""
        return named.entity.kind in _SCHEMES and named.entity.label.rstrip("”").endswith(self._patterns.giving_heads)

    # ---- receivers

    def _find_receivers(self, clause: Clause) -> None:
        groups = [named for named in clause.named if named[2].kind in _RECEIVERS]
        if groups:
            groups = list(drop_refused(groups, self.index.page.text, clause.begin, clause.end, self._lex))
        if not groups:
            return
        known = self._receivers.get(clause.begin)
        if known is not None and known[0] == groups:
            clause.receivers += known[1]
            return
        self._receivers[clause.begin] = groups, clause.receivers
        gives, prepositions = self._find_verbs(clause)
        for named in groups:
            if self._receives(clause, named, gives >= named.end, prepositions) and all(
                named.entity is not other.entity for other in clause.receivers
            ):
                clause.receivers.append(named)

    def _find_verbs(self, clause: Clause) -> tuple[int, Sequence[int]]:
        """Return where the last verb of giving and the prepositions before receivers begin in a clause."""
        found = self._verbs.get(clause.begin)
        if found is None:
            words = self.index.find_words(clause.begin, clause.end)
            give, prepositions = self._patterns.give, self._patterns.receiver_prepositions
            gives = max([word.begin for word in words if word.text in give], default=-1)
            found = gives, [word.begin for word in words if word.text in prepositions]
            self._verbs[clause.begin] = found
        return found

    def _receives(self, clause: Clause, named: NamedSpan, given: bool, prepositions: Sequence[int]) -> bool:
        """Whether a clause says that *named* gets something.

        Args:
            clause: the clause.
            named: a class or firm in it.
            given: whether a verb of giving follows.
            prepositions: where words such as 对 and 为 stand.
        """
        before = self.index.find_word_before(clause, named.begin)
        if before is not None and before.text in self._patterns.support:
            acts = before.text in self._patterns.urge and self._patterns.acts_for.match(
                self.index.page.text, named.end, clause.end
            )
            return not acts
        if clause.receivers and self.index.is_listed(clause.receivers[-1], named):
            return True
        founded = before is not None and before.text in self._patterns.founding and bool(clause.receivers)
        if not given or founded:
            return False
        begin = max(self.index.find_pause_before(clause.begin, named.begin) + 1, clause.begin)
        return any(begin <= at < named.begin for at in prepositions) or self._is_subject(clause, named)

    def _is_subject(self, clause: Clause, named: NamedSpan) -> bool:
        """Whether *named* stands where a subject stands, and the clause asks nothing of it."""
        text = self.index.page.text
        if named.begin != clause.begin and text[named.begin - 1] not in "，,：:的）)、":
            return False
        return self._patterns.duty.match(text, named.end, clause.end) is None

    # ---- relations

    def _find_relations(self, clause: Clause, letter: Letter) -> Iterator[Relation]:
        own = self.index.own.get(letter.id)
        schemes = [named for named in clause.named if named.entity.kind in _SCHEMES]
        if not clause.receivers and not schemes:
            return
        span = self.index.page.span(clause.begin, clause.end)
        if clause.receivers:
            givers, rule = self._find_givers(clause, schemes), "event.program"
            if not givers and own is not None and self._gives_itself(clause):
                givers, rule = [own], "event.instrument"
            for named in clause.receivers:
                for giver in givers:
                    if giver != named.entity.id:
                        yield Relation(giver, "supports", named.entity.id, span, rule, _CONFIDENCE)
        for scheme in schemes:
            before = self.index.find_word_before(clause, scheme.begin)
            if own is not None and before is not None and before.text in self._patterns.establish:
                yield Relation(own, "establishes", scheme.entity.id, span, "event.establish", _CONFIDENCE)

    def _gives_itself(self, clause: Clause) -> bool:
        """Whether a clause of an instrument gives something without a scheme: it supports somebody, or says what.

        In 抵押权人向债务人提供资料 someone has a duty; the instrument gives nothing.
        """
        words = self.index.find_words(clause.begin, clause.end)
        return any(w.text in self._patterns.support or w.text in self._patterns.strong_give for w in words) or any(
            w.tag == "m" for w in words
        )

    def _find_givers(self, clause: Clause, schemes: Sequence[NamedSpan]) -> list[str]:
        """Return the schemes that give something: what the clause says is given, else what the heading names."""
        given = [scheme for scheme in schemes if self._is_given(clause, scheme)]
        return list(dict.fromkeys(named.entity.id for named in given or self._find_heading_schemes(clause)))

    def _is_given(self, clause: Clause, scheme: NamedSpan) -> bool:
        before = self.index.find_word_before(clause, scheme.begin)
        return scheme.begin == clause.begin or (before is not None and before.text in self._patterns.give)


def _only_one(named: Sequence[NamedSpan]) -> Sequence[NamedSpan]:
    return named if len({one.entity.id for one in named}) == 1 else ()
