"""What the judges of all kinds of changes share: the draft, the section, and the letter's own names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from extract.llm.naming import EntityNamer, get_namer
from extract.llm.review.draft import Draft
from extract.llm.review.names import find_name_pieces
from extract.llm.review.quotes import QuotedText, RefusedChangeError
from extract.llm.review.rules import matches_rule, read_rules
from extract.llm.review.sections import Section
from extract.llm.settings import read_prompt
from extract.model import Entity, Kind, Letter, Part, Span
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon

_SHORT = 3
"""Least characters of the end of a name that stand for it."""


@dataclass
class ReviewContext:
    """The changes of one answer are judged in one context."""

    draft: Draft
    section: Section
    quoted: QuotedText
    keys: dict[str, str] = field(default_factory=dict)
    """Ids of the things that the answer added, by its own keys."""
    used: frozenset[str] = frozenset()
    """Ids that changes of the answer refer to as ends of relations or slots: it cannot mean to drop these as well."""

    supported: frozenset[str] = frozenset()
    """Ids of what the answer says something is given to."""

    @property
    def lex(self) -> Lexicon:
        return self.draft.lex

    @property
    def letter(self) -> Letter:
        return self.draft.letters[self.section.letter]

    @cached_property
    def namer(self) -> EntityNamer:
        return get_namer(self.draft.text, self.draft.base.outline, self.lex)

    # ids

    def find_id(self, given: str) -> str:
        """Return the id that an id or key of an answer means now."""
        return self.draft.resolve(self.keys.get(given, given))

    def get_entity(self, given: str) -> Entity:
        """Return an entity.

        Raises:
            RefusedChangeError: there is none with that id, or it was withdrawn.
        """
        entity = self.draft.entities.get(self.find_id(given))
        if entity is None:
            was_there = any(entity.id == given for entity in self.draft.base.entities)
            raise RefusedChangeError("gone" if was_there else "id")
        return entity

    def need_trust(self, change: str) -> None:
        """Refuse a change that overrides the rules, unless a check has shown that such changes are right."""
        if not self.draft.trust.may_override(change):
            raise RefusedChangeError("untrusted")

    # own names of the letter

    def find_own_name(self, ident: str, spans: Iterable[Span]) -> Span | None:
        """Return where *spans* mean a thing by the letter's own words for it: 我局, 本办法, 全市."""
        names = []
        if ident in self.issuers:
            names.append("issuer")
            if matches_rule(self.draft.describe(ident), self.lex, "own", "government"):
                names.append("place")
        if ident == self.letter.id or (self.letter_entity and ident == self.letter_entity.id):
            names.append("letter")
        if ident in self.places:
            names.append("place")
        for span in spans:
            for name in names:
                found = re.search(read_rules(self.lex)["own"][name], span.of(self.draft.text))
                if found:
                    return Span(span.begin + found.start(), span.begin + found.end())
        return None

    @property
    def issuers(self) -> set[str]:
        return self.draft.list_issuers(self.letter)

    @property
    def letter_entity(self) -> Entity | None:
        return self.draft.find_letter_entity(self.letter)

    @property
    def places(self) -> set[str]:
        """Ids of the places that the letter's issuers speak for."""
        issuers = self.issuers
        return {r.object for r in self.draft.relations if r.predicate == "jurisdiction" and r.subject in issuers}

    # places

    def locate(self, ident: str, spans: Sequence[Span]) -> Span | None:
        """Return where *spans* name the thing with that id, None if they do not."""
        entity = self.draft.entities.get(ident)
        if entity is not None:
            found = next(self.quoted.find_names(entity, spans), None)
            if found is not None:
                return found
        own = self.find_own_name(ident, spans)
        if own is not None or entity is None:
            return own
        if (quoted := self._find_quoted_name(entity, spans)) is not None:
            return quoted
        pieces = (find_name_pieces(entity.label, span, self.quoted, self.lex) for span in spans)
        return next((piece for piece in pieces if piece is not None), None)

    def _find_quoted_name(self, entity: Entity, spans: Sequence[Span]) -> Span | None:
        """Return where *spans* have the name that stands in quotes in the label, and in that of no other entity."""
        for name in re.findall("“([^“”]{2,})”", entity.label):
            if sum(name in other.label for other in self.draft.entities.values()) == 1:
                places = self.quoted.find_all(f"“{name}”")
                found = (place for place in places if any(span.contains(place) for span in spans))
                if (place := next(found, None)) is not None:
                    return place
        return None

    def find_short_name(self, ident: str, span: Span) -> Span | None:
        """Return where *span* has the end of the name of an entity, if no other name of the text ends so: 示范区."""
        label, words = self.draft.describe(ident), span.of(self.draft.text)
        for begin in range(1, len(label) - _SHORT + 1):
            at = words.find(label[begin:])
            if at >= 0:
                others = (e for e in self.draft.entities.values() if e.id != ident)
                is_other = any(name.endswith(label[begin:]) for e in others for name in (e.label, *e.aliases))
                return None if is_other else Span(span.begin + at, span.begin + at + len(label) - begin)
        return None

    def find_part(self, span: Span, kind: Kind | None = None) -> Part | None:
        """Return the innermost part (of *kind*, if given) that contains *span*."""
        parts = [p for p in self.draft.parts.values() if p.kind is not None and kind in (None, p.kind)]
        around = [part for part in parts if part.span.contains(span)]
        return min(around, key=lambda part: len(part.span), default=None)

    def count_cut_words(self, span: Span) -> int:
        """Return how many of the two ends of *span* are inside a word."""
        sentence = self.quoted.find_sentence(span)
        words = segmenter(self.lex).segment(sentence.of(self.draft.text))
        ends = (span.begin - sentence.begin, span.end - sentence.begin)
        return sum(word.begin < end < word.end for end in ends for word in words)

    # denials and wishes

    def is_denied(self, places: Iterable[Span]) -> bool:
        """Return whether a clause with one of *places* denies something."""
        pattern, named = re.compile(read_prompt()["refuse"]["negated"]), list(places)
        return any(self._denies(self.quoted.find_clause(place), place, named, pattern) for place in named)

    def _denies(self, clause: Span, place: Span, named: Sequence[Span], pattern: re.Pattern[str]) -> bool:
        """Return whether a clause denies something. X未享受Y的，可…, a condition of what stands before it, does not.

        Nor does a name: 离校未就业高校毕业生.
        """
        text = self.draft.text
        at = (clause.begin + found.start() for found in pattern.finditer(clause.of(text)))
        denial = next((begin for begin in at if not any(name.begin <= begin < name.end for name in named)), None)
        is_condition = matches_rule(text[clause.begin : clause.end + 1], self.lex, "own", "condition")
        return denial is not None and not (is_condition and place.end <= denial)

    def is_wished(self, places: Sequence[Span]) -> bool:
        """Return whether one of *places* is in a suggestion, or its clause asks for something."""
        if self.letter.kind is Kind.PROPOSAL and any(self._is_suggested(place) for place in places):
            return True
        pattern = read_prompt()["refuse"]["wished"]
        return any(re.search(pattern, clause) for clause in self.quoted.list_clauses(places))

    def _is_suggested(self, span: Span) -> bool:
        parts = [p for p in self.draft.parts.values() if p.letter == self.letter.id and p.kind is Kind.SUGGESTION]
        return not parts or any(part.span.overlaps(span) for part in parts)

    def clause_matches(self, place: Span, *path: str) -> bool:
        """Return whether the clause around *place* has the pattern at *path* of the rules."""
        return matches_rule(self.quoted.find_clause(place).of(self.draft.text), self.lex, *path)
