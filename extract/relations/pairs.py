"""Pairs of entities that a page may relate, each with features: what a scored decision on relations reads.

A pair is a candidate if its two names stand in one sentence, or if one stands in the heading over the other, or if one
is the page's own instrument or its issuer. Which of them the page states, ``extract.relations.scoring`` decides.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from extract.model import Entity, Kind, Part, Relation, Span
from extract.relations.clauses import Clause, ClauseIndex, NamedSpan, OtherBenefits, find_refusals
from extract.relations.duties import Duty, DutyReader
from extract.relations.pair import Fragment, Pair, Place
from extract.relations.slots import CLASSES, SlotReader
from ontology.lexicons import Lexicon

SCHEMES = frozenset({Kind.PROGRAM, Kind.PLATFORM})
_ACTORS = frozenset({Kind.ENTERPRISE, Kind.ORGANIZATION, Kind.PLACE})
PAIRED = ("establishes", "supports", "administers", "operates", "availableOn", "participatesIn", "hasTier")
"""Properties whose pairs are looked for."""
SCORED = (*PAIRED, "broader", "advancesTo")
"""Properties that are decided by score."""
_NUMBER = re.compile(r"\d|[一二三四五六七八九十百千万]+(?:元|%)")
_SHORT = 30
"""Characters of a clause that may be a heading."""
_MOST_NAMES = 24
"""Names of a clause that are paired at most: a longer list is a table or an enumeration."""
_VERB_TAGS = frozenset({"v", "vn", "vd", "p"})
_PERSON = Kind.PERSON


def find_pairs(index: ClauseIndex, stated: Iterable[Relation], lex: Lexicon) -> list[Pair]:
    """Return the pairs of a page, in the order of the text.

    Args:
        index: the clauses of the page, with the receivers that the events gave them.
        stated: the relations that rules state. Each is a pair too, and its rule is a feature.
        lex: the lexicon.
    """
    finder = _PairFinder(index, lex)
    for duty, item, previous in DutyReader(index, lex).list_items():
        finder.read_duty(duty, item, previous)
    denial = _compile_denial(lex)
    for clause in index.clauses:
        asks = index.letters[clause.sentence.letter].kind is Kind.PROPOSAL
        if clause.named and not asks and not denial.search(index.page.text, clause.begin, clause.end):
            finder.read_clause(clause)
    for relation in stated:
        if relation.predicate in SCORED:
            finder.add_stated(relation)
    return list(finder.pairs.values())


@cache
def _compile_denial(lex: Lexicon) -> re.Pattern[str]:
    """Return the pattern of the words with which a clause denies, forbids or takes something back."""
    config = lex.read_config("events")
    return re.compile("|".join([*map(re.escape, config["negative"].split()), config["denied"]]))


class _Setting(NamedTuple):
    """Where a pair stands, and how its names come together."""

    clause: Clause
    source: str
    """``own``, ``issuer``, ``clause``, ``heading``, ``headed`` or ``duty``."""
    span: Span
    """The words of the clause."""
    shared: Sequence[Fragment]
    """Features that all pairs of the clause have."""


class _Surroundings(NamedTuple):
    """What stands around a name in its clause."""

    before: str
    after: str
    opens: float
    closes: float
    verb: str


class _PairFinder:
    def __init__(self, index: ClauseIndex, lex: Lexicon) -> None:
        self.index = index
        self._lex = lex
        self._slots = SlotReader(index, lex)
        self._others = OtherBenefits(index, lex)
        self._amount = re.compile(lex.read_config("events")["amount"])
        self._refusals: dict[int, Sequence[tuple[int, int]]] = {}
        """Beginning of a clause → the stretches in which nobody gets anything."""
        self.pairs: dict[tuple[str, str, str], Pair] = {}
        self._parts: dict[str, Part] = {part.id: part for part in index.outline.parts}
        self._heading_names: dict[str, Sequence[NamedSpan]] = {}
        self._size = max(1, len(index.page.text))
        self._title: tuple[str | None, Sequence[NamedSpan]] = (None, ())
        """The part whose last heading-like clause named these schemes."""
        self._fragments: dict[tuple[str | int, ...], Fragment] = {}
        """Features that several pairs of the page have, by what they depend on."""
        self._receives = Fragment({"receives": 1.0})
        self._surroundings: dict[tuple[int, int], _Surroundings] = {}
        """By begin and end of the name."""

    def read_clause(self, clause: Clause) -> None:
        named = [n for n in clause.named if n.entity.kind is not _PERSON][:_MOST_NAMES]
        if not named:
            return
        letter = clause.sentence.letter
        shared = (Fragment(self._describe_clause(clause, named)),)
        span = self.index.page.span(clause.begin, clause.end)
        own = self.index.entities.get(self.index.own.get(letter, ""))
        issuer = self.index.entities.get(self.index.issuer.get(letter, ""))
        by_own, by_issuer = _Setting(clause, "own", span, shared), _Setting(clause, "issuer", span, shared)
        for obj in named:
            if own is not None and obj.entity is not own:
                for predicate in _list_predicates(own.kind, obj.entity.kind):
                    self._add(own, predicate, obj.entity, by_own, None, obj)
            if issuer is not None:
                for predicate in _list_predicates(Kind.AGENCY, obj.entity.kind):
                    self._add(issuer, predicate, obj.entity, by_issuer, None, obj)
        inside = _Setting(clause, "clause", span, shared)
        for subject in named:
            related = _PREDICATES[subject.entity.kind]
            for obj in named if related else ():
                if (predicates := related.get(obj.entity.kind)) and subject.entity is not obj.entity:
                    for predicate in predicates:
                        self._add(subject.entity, predicate, obj.entity, inside, subject, obj)
        self._pair_with_heading(inside, named)
        if clause.end - clause.begin <= _SHORT and not self._amount.search(
            self.index.page.text, clause.begin, clause.end
        ):
            self._title = (clause.sentence.part, [n for n in named if n.entity.kind in SCHEMES])

    def _pair_with_heading(self, setting: _Setting, named: Sequence[NamedSpan]) -> None:
        clause, _, span, shared = setting
        above = self._find_heading_names(clause)
        part, titled = self._title
        if part == clause.sentence.part:
            above = [*above, *titled]
        seen: set[str] = set()
        for head in above:
            if head.entity.id in seen or len(seen) > 3:
                continue
            seen.add(head.entity.id)
            only = Fragment({"only_heading": float(len({n.entity.id for n in above}) == 1)})
            under, over = (_Setting(clause, source, span, (*shared, only)) for source in ("heading", "headed"))
            for other in named:
                if other.entity is head.entity:
                    continue
                for predicate in _list_predicates(head.entity.kind, other.entity.kind):
                    self._add(head.entity, predicate, other.entity, under, None, other)
                for predicate in _list_predicates(other.entity.kind, head.entity.kind):
                    self._add(other.entity, predicate, head.entity, over, other, None)

    def _gets_nothing(self, giver: Entity, named: NamedSpan, clause: Clause) -> bool:
        """Whether a name is who does the work, gets something else, or stands where a support is taken back."""
        if self._look_around(named, clause).before == "由" or self._others.refuses(giver, named, clause):
            return True
        if clause.begin not in self._refusals:
            self._refusals[clause.begin] = find_refusals(self.index.page.text, clause.begin, clause.end, self._lex)
        return any(begin <= named.begin < end for begin, end in self._refusals[clause.begin])

    def read_duty(self, duty: Duty, item: Sequence[Clause], previous: int) -> None:
        """Pair the agencies of a note of duties with the schemes of its item."""
        part = item[-1].sentence.part if item else None
        clauses = [c for c in item if c.sentence.part == part and c.end > previous]
        schemes = [(c, n) for c in clauses for n in c.named if n.entity.kind in SCHEMES and n.begin >= previous]
        count = len({n.entity.id for _, n in schemes})
        if not schemes or len(schemes) > _MOST_NAMES:
            return
        for rank, agency in enumerate(duty.agencies):
            for clause, scheme in schemes:
                shared = {
                    f"duty {duty.mark}": 1.0,
                    "duty_schemes": float(min(count, 4)),
                    "duty_only": float(count == 1),
                    "duty_first": float(rank == 0),
                    "duty_agencies": float(min(len(duty.agencies), 6)),
                    "duty_title": float(clause is clauses[0]),
                }
                span = self.index.page.span(clause.begin, clause.end)
                setting = _Setting(clause, "duty", span, (Fragment(shared),))
                for predicate in _list_predicates(Kind.AGENCY, scheme.entity.kind):
                    self._add(agency.entity, predicate, scheme.entity, setting, None, scheme)

    def add_stated(self, relation: Relation) -> None:
        subject, obj = (self.index.entities.get(ident) for ident in (relation.subject, relation.object))
        if subject is None or obj is None or subject is obj:
            return
        letter = next((v for v in self.index.letters.values() if v.span.contains(relation.span)), None)
        features = {"bias": 1.0, f"rule {relation.rule}": 1.0, "stated": 1.0}
        if letter is not None:
            features |= {f"letter {letter.kind}": 1.0, f"{letter.kind} rule {relation.rule}": 1.0}
        place = Place(relation.span, (Fragment(features),))
        self._get_pair(subject, relation.predicate, obj).places.insert(0, place)

    # ---- features

    def _describe_clause(self, clause: Clause, named: Sequence[NamedSpan]) -> dict[str, float]:
        """Return the features that all pairs of a clause share."""
        page = self.index.page
        text = page.text[clause.begin : clause.end]
        words = self.index.find_words(clause.begin, clause.end)
        kinds = [n.entity.kind for n in named]
        letter = self.index.letters[clause.sentence.letter]
        found = {
            "schemes": float(min(3, sum([k in SCHEMES for k in kinds]))),
            "classes": float(min(3, sum([k in CLASSES for k in kinds]))),
            "bodies": float(min(3, kinds.count(Kind.AGENCY))),
            "number": float(_NUMBER.search(text) is not None),
            "short": float(len(text) <= _SHORT),
            "early": float(clause.begin < self._size * 0.1),
            "length": min(3.0, len(text) / 60),
            f"letter {letter.kind}": 1.0,
        }
        if words:
            found[f"first {words[0].text}"] = 1.0
        for _, _, word, tag in words[:40]:
            if tag in _VERB_TAGS and len(word) > 1:
                found[f"has {word}"] = 1.0
        part = self._parts.get(clause.sentence.part or "")
        found["no_part"] = float(part is None)
        return found

    def _add(
        self,
        subject: Entity,
        predicate: str,
        obj: Entity,
        setting: _Setting,
        first: NamedSpan | None,
        second: NamedSpan | None,
    ) -> None:
        clause, source, span, shared = setting
        if predicate == "supports" and second is not None and self._gets_nothing(subject, second, clause):
            return
        fragments = [self._find_common(source, subject.kind, obj.kind), *shared, self._count(subject, obj)]
        if first is not None:
            fragments += self._find_surroundings("s", first, clause, source), self._find_slot("s", first, clause)
        if second is not None:
            fragments += self._find_surroundings("o", second, clause, source), self._find_slot("o", second, clause)
            if any(second.entity is r.entity for r in clause.receivers):
                fragments.append(self._receives)
            if first is not None:
                fragments.append(self._find_between(first, second))
        self._get_pair(subject, predicate, obj).places.append(Place(span, fragments))

    def _keep(self, key: tuple[str | int, ...], features: Mapping[str, float]) -> Fragment:
        found = self._fragments[key] = Fragment(features)
        return found

    def _find_common(self, source: str, subject: Kind, obj: Kind) -> Fragment:
        key = (source, subject, obj)
        return self._fragments.get(key) or self._keep(
            key, {"bias": 1.0, f"from {source}": 1.0, f"kinds {subject} {obj}": 1.0}
        )

    def _count(self, subject: Entity, obj: Entity) -> Fragment:
        key = (subject.id, obj.id)
        return self._fragments.get(key) or self._keep(
            key,
            {
                "count": math.log(len(obj.spans)),
                "subject_count": math.log(len(subject.spans)),
                f"found {obj.rule.partition('.')[0]}": 1.0,
            },
        )

    def _find_surroundings(self, name: str, named: NamedSpan, clause: Clause, source: str) -> Fragment:
        key = (name, source, named.begin, named.end)
        known = self._fragments.get(key)
        if known is not None:
            return known
        before, after, opens, closes, verb = self._look_around(named, clause)
        prefix = f"{name} {source}"
        features = {
            f"{prefix} before {before}": 1.0,
            f"{prefix} after {after}": 1.0,
            f"{prefix} opens": opens,
            f"{prefix} closes": closes,
            f"{prefix} verb {verb}": 1.0,
        }
        return self._keep(key, features)

    def _find_slot(self, name: str, named: NamedSpan, clause: Clause) -> Fragment:
        key = (name, named.begin, named.end)
        return self._fragments.get(key) or self._keep(key, self._slots.describe(clause, named, name))

    def _look_around(self, named: NamedSpan, clause: Clause) -> _Surroundings:
        key = named[:2]
        found = self._surroundings.get(key)
        if found is None:
            before = self.index.find_word_before(clause, named.begin)
            after = self.index.find_word(named.end, min(clause.end, named.end + 6))
            words = self.index.find_words(max(clause.begin, named.begin - 16), named.begin)
            found = self._surroundings[key] = _Surroundings(
                before.text if before is not None else "",
                after.text if after is not None else "",
                float(named.begin - clause.begin <= 1),
                float(clause.end - named.end <= 1),
                next((word for _, _, word, tag in reversed(words) if tag in ("v", "vn") and len(word) > 1), ""),
            )
        return found

    def _find_between(self, first: NamedSpan, second: NamedSpan) -> Fragment:
        key = (*first[:2], *second[:2])
        return self._fragments.get(key) or self._keep(key, self._describe_between(first, second))

    def _describe_between(self, first: NamedSpan, second: NamedSpan) -> Mapping[str, float]:
        left, right = (first, second) if first.begin <= second.begin else (second, first)
        order = "so" if left is first else "os"
        gap = self.index.page.text[left.end : right.begin]
        features = {
            f"order {order}": 1.0,
            "nested": float(right.begin < left.end),
            "gap": math.log(1 + len(gap)),
            "gap_comma": float(min(3, self.index.count_pauses(left.end, right.begin))),
        }
        for word in self.index.find_words(left.end, right.begin)[:6] if gap else ():
            if word[3] not in ("w", "sp", "m"):
                features[f"{order} between {word[2]}"] = 1.0
        features[f"{order} names_between"] = float(min(3, len(self.index.find_named_between(left.end, right.begin))))
        return features

    def _get_pair(self, subject: Entity, predicate: str, obj: Entity) -> Pair:
        key = (subject.id, predicate, obj.id)
        pair = self.pairs.get(key)
        if pair is None:
            pair = self.pairs[key] = Pair(*key)
        return pair

    def _find_heading_names(self, clause: Clause) -> Sequence[NamedSpan]:
        """Return the names in the nearest heading above a clause that names anything."""
        ident: str | None = clause.sentence.part
        if ident is None:
            return ()
        if ident not in self._heading_names:
            found: Sequence[NamedSpan] = ()
            at: str | None = ident
            while at is not None and not found:
                part = self._parts[at]
                if part.heading is not None:
                    found = self.index.find_named(part.heading)
                at = part.parent
            self._heading_names[ident] = found
        names = self._heading_names[ident]
        return () if any(clause.begin <= n.begin < clause.end for n in names) else names


def _list_possible(subject: Kind, obj: Kind) -> Sequence[str]:
    """Return the scored properties that may hold between two classes."""
    if obj in SCHEMES:
        if subject is Kind.INSTRUMENT:
            return ("establishes",)
        if subject is Kind.AGENCY:
            return ("administers",) if obj is Kind.PROGRAM else ("operates",)
        if subject in _ACTORS and obj is Kind.PROGRAM:
            return ("participatesIn",)
        if subject is Kind.PROGRAM and obj is Kind.PLATFORM:
            return ("availableOn",)
    elif obj in CLASSES or obj is Kind.PLACE:
        if subject in SCHEMES or subject is Kind.INSTRUMENT:
            return ("supports",)
        if subject is Kind.ENTERPRISE and obj is Kind.TIER:
            return ("hasTier",)
    return ()


_PREDICATES: Mapping[Kind, Mapping[Kind, Sequence[str]]] = {
    subject: {obj: found for obj in Kind if (found := _list_possible(subject, obj))} for subject in Kind
}
"""For the class of a subject: the classes of its possible objects, each with the scored properties between them."""


def _list_predicates(subject: Kind, obj: Kind) -> Sequence[str]:
    """Return the scored properties that may hold between two classes."""
    return _PREDICATES[subject].get(obj, ())
