"""Whom or what a figure is about: a scored choice among the names around it.

Candidates are the names in the clause of the figure, in the clauses before it in the same item and in the headings
above it, and what the rules have found. ``subject_weights.tsv`` has the weights of their features (logistic regression,
fitted on annotated documents by ``scripts/fit_models.py``). The best candidate is the subject if it reaches the
threshold of the figure's class; otherwise the slot stays empty.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from extract.model import Entity, EntityId, Figure, Kind, Outline, Part, copy_with
from extract.relations.clauses import Clause, ClauseIndex, NamedSpan
from extract.relations.scoring import THRESHOLD, score
from extract.relations.slots import SlotReader
from ontology.lexicons import Lexicon

_KINDS = frozenset({
    Kind.GROUP, Kind.TIER, Kind.ENTERPRISE, Kind.ORGANIZATION, Kind.PERSON, Kind.PROGRAM, Kind.PLATFORM, Kind.PLACE,
    Kind.INSTRUMENT,
})  # fmt: skip
_FIGURES = frozenset({Kind.PROVISION, Kind.OBSERVATION, Kind.TARGET})
_CLASSES = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE})
_EARLIER = 4
"""Clauses before the figure's clause, of the same item, whose names are candidates."""
_DIGIT = re.compile(r"\d")
_RESPECTIVELY = "分别"
_WHOLE = re.compile(r"[全我本](?:国|省|市|区|县|州|镇|乡|村)|GDP|生产总值|常住人口")


@dataclass(slots=True)
class Candidate:
    """A name that a figure may be about."""

    entity: Entity
    features: dict[str, float] = field(default_factory=dict)


class SubjectFinder:
    """Lists the candidates of the figures of one page.

    Args:
        index: the clauses of the page, with the receivers that the events gave them.
        outline: its letters and parts.
        figures: the figures of the page.
        lex: the lexicon.
    """

    def __init__(self, index: ClauseIndex, outline: Outline, figures: Sequence[Figure], lex: Lexicon) -> None:
        self.index = index
        self._figures = figures
        self._slots = SlotReader(index, lex)
        self._parts: dict[str, Part] = {part.id: part for part in outline.parts}
        self._begins = [clause.begin for clause in index.clauses]

    def list_candidates(self, figure: Figure) -> list[Candidate]:
        """Return the candidates of a figure; *figure* has the subject that the rules found."""
        page = self.index.page
        begin, end = page.find_position(figure.span.begin), page.find_end(figure.span.end)
        at = bisect_right(self._begins, max(begin, end - 1)) - 1
        found: dict[EntityId, Candidate] = {}
        if at >= 0:
            clause = self.index.clauses[at]
            self._read_clause(found, clause, begin, end)
            for rank in range(1, _EARLIER + 1):
                if at < rank or not _share_item(self.index.clauses[at - rank], clause):
                    break
                self._read_earlier(found, self.index.clauses[at - rank], rank)
            self._read_headings(found, clause)
            for ident, own in self._rank_listed(figure, clause, end).items():
                if ident in found:
                    _merge(found[ident], {"respective": float(own), "not respective": float(not own)})
            whole = float(_WHOLE.search(page.text, clause.begin, clause.end) is not None)
        else:
            whole = 0.0
        ruled = self.index.entities.get(str(figure.about))
        if ruled is not None:
            _merge(_get(found, ruled), {"ruled": 1.0, f"ruled {figure.kind.value}": 1.0})
        if figure.place is not None and (place := self.index.entities.get(figure.place)) is not None:
            _merge(_get(found, place), {"place": 1.0})
        classes = sum(c.entity.kind in _CLASSES for c in found.values())
        for candidate in found.values():
            self._describe(candidate, figure, whole, classes)
        return list(found.values())

    def _read_clause(self, found: dict[EntityId, Candidate], clause: Clause, begin: int, end: int) -> None:
        text = self.index.page.text
        named = [n for n in clause.named if n.entity.kind in _KINDS]
        receivers = {r.entity.id for r in clause.receivers}
        last = next((r.entity.id for r in reversed(clause.receivers) if r.begin <= begin), None)
        classes = {n.entity.id for n in named if n.entity.kind in _CLASSES}
        for n in named:
            features = {"in clause": 1.0, "opens": float(n.begin - clause.begin <= 1)}
            left, right = (n.end, begin) if n.end <= begin else (end, n.begin)
            side = "before" if n.end <= begin else "after" if n.begin >= end else "inside"
            features[side] = 1.0
            if side != "inside":
                gap = text[left:right]
                features[f"{side} distance"] = math.log(1 + len(gap))
                features[f"{side} commas"] = float(min(3, gap.count("，") + gap.count(",")))
                features[f"{side} numbers"] = float(_DIGIT.search(gap) is not None)
                features[f"{side} joined"] = float(len(gap) <= 1)
                between = self.index.find_named_between(left, right)
                features[f"{side} names"] = float(min(3, sum(m.entity.kind in _CLASSES for m in between)))
                features["respectively"] = float("分别" in gap)
                if len(gap) <= 12:
                    for word in self.index.find_words(left, right):
                        if word.tag not in ("w", "m", "sp"):
                            features[f"{side} gap {word.text}"] = 1.0
            if n.entity.id in receivers:
                features["receives"] = 1.0
                features["only receiver"] = float(len(receivers) == 1)
                features["last receiver"] = float(n.entity.id == last)
                features["first receiver"] = float(n.entity.id == clause.receivers[0].entity.id)
            features["only class"] = float(classes == {n.entity.id})
            self._describe_words(features, n, clause, "c")
            _merge(_get(found, n.entity), features)

    def _read_earlier(self, found: dict[EntityId, Candidate], clause: Clause, rank: int) -> None:
        receivers = {r.entity.id for r in clause.receivers}
        named = [n for n in clause.named if n.entity.kind in _KINDS]
        classes = {n.entity.id for n in named if n.entity.kind in _CLASSES}
        for n in named:
            features = {
                "earlier": 1.0,
                f"earlier {rank}": 1.0,
                "earlier receives": float(n.entity.id in receivers),
                "earlier only receiver": float(receivers == {n.entity.id}),
                "earlier only class": float(classes == {n.entity.id}),
                "earlier opens": float(n.begin - clause.begin <= 1),
            }
            _merge(_get(found, n.entity), features)

    def _read_headings(self, found: dict[EntityId, Candidate], clause: Clause) -> None:
        ident, level = clause.sentence.part, 0
        while ident is not None:
            part = self._parts[ident]
            if part.heading is not None:
                named = [n for n in self.index.find_named(part.heading) if n.entity.kind in _KINDS]
                classes = {n.entity.id for n in named if n.entity.kind in _CLASSES}
                for n in named:
                    features = {
                        "heading": 1.0,
                        f"heading {min(level, 2)}": 1.0,
                        "heading only": float(len({m.entity.id for m in named}) == 1),
                        "heading only class": float(classes == {n.entity.id}),
                    }
                    _merge(_get(found, n.entity), features)
            ident, level = part.parent, level + 1

    def _rank_listed(self, figure: Figure, clause: Clause, end: int) -> Mapping[EntityId, bool]:
        """Return for each name of 对A、B分别给予50万元、30万元 whether the figure is that of the name.

        Nothing is returned if there are not as many figures as names.
        """
        page = self.index.page
        at = page.text.rfind(_RESPECTIVELY, clause.begin, end)
        lists = [names for names in self._slots.list_lists(clause) if names.end <= at] if at >= 0 else []
        if not lists:
            return {}
        names = lists[-1].names
        values = [
            f.id for f in self._figures
            if f.kind is figure.kind and f.unit == figure.unit and at < page.find_end(f.span.end) <= clause.end
        ]  # fmt: skip
        if len(names) < 2 or len(values) != len(names) or figure.id not in values:
            return {}
        rank = values.index(figure.id)
        return {n.entity.id: k == rank for k, n in enumerate(names)}

    def _describe_words(self, features: dict[str, float], named: NamedSpan, clause: Clause, key: str) -> None:
        before = self.index.find_word_before(clause, named.begin)
        features[f"{key} before {before.text if before is not None else ''}"] = 1.0
        after = self.index.find_words(named.end, min(clause.end, named.end + 6))
        features[f"{key} after {after[0].text if after else ''}"] = 1.0

    def _describe(self, candidate: Candidate, figure: Figure, whole: float, classes: int) -> None:
        entity, features = candidate.entity, candidate.features
        kind, unit = entity.kind.value, "money" if figure.unit == "CNY" else "share" if figure.unit == "%" else "count"
        crossed = {f"{figure.kind.value} {name}": value for name, value in features.items() if " before " not in name}
        features |= crossed
        features |= {
            "bias": 1.0,
            f"kind {kind}": 1.0,
            f"{figure.kind.value} kind {kind}": 1.0,
            f"{figure.kind.value} {unit} {kind}": 1.0,
            f"unit {figure.unit} {kind}": 1.0,
            f"unit {figure.unit} {entity.label[-2:]}": 1.0,
            f"whole {kind}": whole,
            "count": math.log(1 + len(entity.spans)),
            f"rule {figure.rule}": 1.0,
            "classes": float(min(classes, 5)),
            f"found {entity.rule.split('.')[0]}": 1.0,
        }


def _share_item(earlier: Clause, clause: Clause) -> bool:
    return earlier.sentence.part == clause.sentence.part and earlier.sentence.letter == clause.sentence.letter


def _get(found: dict[EntityId, Candidate], entity: Entity) -> Candidate:
    if entity.id not in found:
        found[entity.id] = Candidate(entity)
    return found[entity.id]


def _merge(candidate: Candidate, features: Mapping[str, float]) -> None:
    own = candidate.features
    for name, value in features.items():
        smaller = name.endswith(("distance", "commas", "names"))
        if name not in own or (value < own[name] if smaller else value > own[name]):
            own[name] = value


@cache
def _load_weights(lex: Lexicon) -> Mapping[str, float]:
    return {feature: float(weight) for feature, weight, *_ in lex.read_table("subject_weights")}


def choose_subjects(figures: Iterable[Figure], index: ClauseIndex, outline: Outline, lex: Lexicon) -> Iterator[Figure]:
    """Yield the figures, each about its best candidate, or about nothing if none is likely enough.

    Args:
        figures: with the subjects that the rules found.
        index: the clauses of the page.
        outline: its letters and parts.
        lex: the lexicon.
    """
    weights, listed = _load_weights(lex), list(figures)
    finder = SubjectFinder(index, outline, listed, lex)
    for figure in listed:
        if figure.kind not in _FIGURES:
            yield figure
            continue
        best = find_best(finder.list_candidates(figure), weights)
        threshold = weights.get(f"{THRESHOLD} {figure.kind.value}", 0.5)
        about = best[0].entity.id if best is not None and best[1] >= threshold else None
        yield figure if about == figure.about else copy_with(figure, about=about)


def find_best(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> tuple[Candidate, float] | None:
    """Return the likeliest candidate with its probability, None if there is none; the first of equal ones."""
    rated = [(candidate, score(weights, candidate.features)) for candidate in candidates]
    return max(rated, key=lambda r: r[1], default=None)
