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
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter

from extract.figures.tables import CELL
from extract.model import Entity, EntityId, Figure, Kind, Outline, Part
from extract.records import copy_with
from extract.relations.clauses import Clause, ClauseIndex, NamedSpan, ends_item
from extract.relations.pair import logistic, weigh
from extract.relations.scoring import THRESHOLD, score
from extract.relations.subjects.alignment import (
    align_figures,
    find_counted,
    find_ranges,
    find_series,
    find_shared,
    find_totals,
)
from extract.relations.subjects.contradiction import Contradictions
from ontology.lexicons import Lexicon

_KINDS = frozenset({
    Kind.GROUP, Kind.TIER, Kind.ENTERPRISE, Kind.ORGANIZATION, Kind.PERSON, Kind.PROGRAM, Kind.PLATFORM, Kind.PLACE,
    Kind.INSTRUMENT,
})  # fmt: skip
_FIGURES = frozenset({Kind.PROVISION, Kind.OBSERVATION, Kind.TARGET})
_CLASSES = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE})
_EARLIER = 4
"""Clauses before the figure's clause, of the same item, whose names are candidates."""
_MOST_KINDS = 10_000
"""Sums of features of classes that are kept at most."""
_SMALLER = ("distance", "commas", "names")
"""Of features whose names end so the smallest value counts."""
_get_rating = itemgetter(1)
_DIGIT = re.compile(r"\d")
_WHOLE = re.compile(r"[全我本](?:国|省|市|区|县|州|镇|乡|村)|GDP|生产总值|常住人口")


@dataclass(slots=True)
class Candidate:
    """A name that a figure may be about."""

    entity: Entity
    features: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Bystanders:
    """The names of a clause that figures may be about."""

    named: Sequence[NamedSpan]
    receivers: Set[str]
    """Ids of those that get something."""
    classes: Set[str]
    """Ids of the classes among the names."""


_Described = Sequence[tuple[Entity, Mapping[str, float]]]
"""Names with features that they have for every figure."""


class SubjectFinder:
    """Lists the candidates of the figures of one page.

    Figures of one sentence see the same names around them, so what does not depend on the figure is kept.

    Args:
        index: the clauses of the page, with the receivers that the events gave them.
        outline: its letters and parts.
    """

    def __init__(self, index: ClauseIndex, outline: Outline) -> None:
        self.index = index
        self._parts: dict[str, Part] = {part.id: part for part in outline.parts}
        self._begins = [clause.begin for clause in index.clauses]
        self._bystanders: dict[int, _Bystanders] = {}
        """By number of the clause."""
        self._wholes: dict[int, float] = {}
        """By number of the clause: 1 if it speaks of the whole place."""
        self._earlier: dict[tuple[int, int], _Described] = {}
        """By number of the clause, and how many clauses it stands before the figure's."""
        self._headings: dict[str, _Described] = {}
        """By part."""
        self._words: dict[tuple[int, int], Mapping[str, float]] = {}
        """By begin and end of the name."""

    def list_candidates(self, figure: Figure) -> list[Candidate]:
        """Return the candidates of a figure with all features; *figure* has the subject that the rules found."""
        candidates, whole = self.find_candidates(figure)
        classes = count_classes(candidates)
        for candidate in candidates:
            features, entity = candidate.features, candidate.entity
            features |= {f"{figure.kind} {name}": value for name, value in features.items() if is_crossed(name)}
            features |= describe_kinds(figure.kind, figure.unit, figure.rule, entity.kind, entity.rule)
            features |= describe_name(entity, figure, whole, classes)
        return candidates

    def find_candidates(self, figure: Figure) -> tuple[list[Candidate], float]:
        """Return the candidates of a figure with the features of their places, and 1 if it is about a whole place."""
        page = self.index.page
        begin, end = page.find_position(figure.span.begin), page.find_end(figure.span.end)
        at = bisect_right(self._begins, max(begin, end - 1)) - 1
        found: dict[EntityId, Candidate] = {}
        whole = 0.0
        if at >= 0:
            clause = self.index.clauses[at]
            self._read_clause(found, at, begin, end)
            for rank in range(1, _EARLIER + 1):
                if at < rank or not _share_item(self.index.clauses[at - rank], clause):
                    break
                if ends_item(self.index, self.index.clauses[at - rank]):
                    break
                _add_all(found, self._read_earlier(at - rank, rank))
            ident = clause.sentence.part
            if ident is not None:
                _add_all(found, self._read_headings(ident))
            if at not in self._wholes:
                self._wholes[at] = float(_WHOLE.search(page.text, clause.begin, clause.end) is not None)
            whole = self._wholes[at]
        ruled = self.index.entities.get(str(figure.about))
        if ruled is not None:
            _merge(_get(found, ruled), {"ruled": 1.0, f"ruled {figure.kind}": 1.0})
        if figure.place is not None and (place := self.index.entities.get(figure.place)) is not None:
            _merge(_get(found, place), {"place": 1.0})
        return list(found.values()), whole

    def _list_bystanders(self, at: int) -> _Bystanders:
        found = self._bystanders.get(at)
        if found is None:
            clause = self.index.clauses[at]
            named = [n for n in clause.named if n.entity.kind in _KINDS]
            found = self._bystanders[at] = _Bystanders(
                named,
                {r.entity.id for r in clause.receivers},
                {n.entity.id for n in named if n.entity.kind in _CLASSES},
            )
        return found

    def _read_clause(self, found: dict[EntityId, Candidate], at: int, begin: int, end: int) -> None:
        text, clause, around = self.index.page.text, self.index.clauses[at], self._list_bystanders(at)
        receivers = around.receivers
        last = next((r.entity.id for r in reversed(clause.receivers) if r.begin <= begin), None)
        for n in around.named:
            ident = n.entity.id
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
                features[f"{side} names"] = float(min(3, sum([m.entity.kind in _CLASSES for m in between])))
                features["respectively"] = float("分别" in gap)
                if len(gap) <= 12:
                    for word in self.index.find_words(left, right):
                        if word.tag not in ("w", "m", "sp"):
                            features[f"{side} gap {word.text}"] = 1.0
            if ident in receivers:
                features["receives"] = 1.0
                features["only receiver"] = float(len(receivers) == 1)
                features["last receiver"] = float(ident == last)
                features["first receiver"] = float(ident == clause.receivers[0].entity.id)
            features["only class"] = float(around.classes == {ident})
            features |= self._describe_words(n, clause)
            _merge(_get(found, n.entity), features)

    def _read_earlier(self, at: int, rank: int) -> _Described:
        found = self._earlier.get((at, rank))
        if found is None:
            clause, around = self.index.clauses[at], self._list_bystanders(at)
            found = self._earlier[at, rank] = [
                (
                    n.entity,
                    {
                        "earlier": 1.0,
                        f"earlier {rank}": 1.0,
                        "earlier receives": float(n.entity.id in around.receivers),
                        "earlier only receiver": float(around.receivers == {n.entity.id}),
                        "earlier only class": float(around.classes == {n.entity.id}),
                        "earlier opens": float(n.begin - clause.begin <= 1),
                    },
                )
                for n in around.named
            ]
        return found

    def _read_headings(self, ident: str) -> _Described:
        """Return the names in the headings of a part and of those above it."""
        known = self._headings.get(ident)
        if known is not None:
            return known
        found: list[tuple[Entity, Mapping[str, float]]] = []
        above: str | None = ident
        level = 0
        while above is not None:
            part = self._parts[above]
            if part.heading is not None:
                named = [n for n in self.index.find_named(part.heading) if n.entity.kind in _KINDS]
                classes = {n.entity.id for n in named if n.entity.kind in _CLASSES}
                only = float(len({n.entity.id for n in named}) == 1)
                for n in named:
                    features = {
                        "heading": 1.0,
                        f"heading {min(level, 2)}": 1.0,
                        "heading only": only,
                        "heading only class": float(classes == {n.entity.id}),
                    }
                    found.append((n.entity, features))
            above, level = part.parent, level + 1
        self._headings[ident] = found
        return found

    def _describe_words(self, named: NamedSpan, clause: Clause) -> Mapping[str, float]:
        """Return what stands before and after a name of a clause."""
        key = named[:2]
        found = self._words.get(key)
        if found is None:
            before = self.index.find_word_before(clause, named.begin)
            after = self.index.find_word(named.end, min(clause.end, named.end + 6))
            found = self._words[key] = {
                f"c before {before.text if before is not None else ''}": 1.0,
                f"c after {after.text if after is not None else ''}": 1.0,
            }
        return found


def is_crossed(name: str) -> bool:
    """Whether a feature of a place counts also for each class of figures by itself."""
    return " before " not in name


def count_classes(candidates: Iterable[Candidate]) -> int:
    """Return how many candidates are classes or firms."""
    return sum([candidate.entity.kind in _CLASSES for candidate in candidates])


def describe_kinds(figure: Kind, unit: str, figure_rule: str, kind: Kind, rule: str) -> Mapping[str, float]:
    """Return the features of a candidate by its class and rule, and by the class, unit and rule of a figure."""
    counted = "money" if unit == "CNY" else "share" if unit == "%" else "count"
    return {
        "bias": 1.0,
        f"kind {kind}": 1.0,
        f"{figure} kind {kind}": 1.0,
        f"{figure} {counted} {kind}": 1.0,
        f"unit {unit} {kind}": 1.0,
        f"rule {figure_rule}": 1.0,
        f"found {rule.partition('.')[0]}": 1.0,
    }


def describe_name(entity: Entity, figure: Figure, whole: float, classes: int) -> Mapping[str, float]:
    """Return the features of a candidate by its name, and by the other candidates of a figure.

    Args:
        entity: the candidate.
        figure: the figure.
        whole: 1 if the clause speaks of a whole place.
        classes: number of candidates that are classes.
    """
    return {
        f"unit {figure.unit} {entity.label[-2:]}": 1.0,
        f"whole {entity.kind}": whole,
        "count": math.log(1 + len(entity.spans)),
        "classes": float(min(classes, 5)),
    }


def _share_item(earlier: Clause, clause: Clause) -> bool:
    return earlier.sentence.part == clause.sentence.part and earlier.sentence.letter == clause.sentence.letter


def _get(found: dict[EntityId, Candidate], entity: Entity) -> Candidate:
    if entity.id not in found:
        found[entity.id] = Candidate(entity)
    return found[entity.id]


def _add_all(found: dict[EntityId, Candidate], described: _Described) -> None:
    for entity, features in described:
        _merge(_get(found, entity), features)


def _merge(candidate: Candidate, features: Mapping[str, float]) -> None:
    own = candidate.features
    if not own:
        own.update(features)
        return
    for name, value in features.items():
        known = own.get(name)
        if known is None or (value < known if name.endswith(_SMALLER) else value > known):
            own[name] = value


class _Weights:
    """``subject_weights.tsv``, arranged for rating."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights
        self.thresholds = {kind: weights.get(f"{THRESHOLD} {kind}", 0.5) for kind in _FIGURES}
        self.places = {kind: self._sum_crossed(f"{kind} ") for kind in _FIGURES}
        """Weights of the features of places, with those for one class of figures added."""
        self._kinds: dict[tuple[Kind, str, str, Kind, str], float] = {}
        """Sums of the features of classes; there are few different ones, and each page asks for them again."""

    def _sum_crossed(self, prefix: str) -> Mapping[str, float]:
        names = {*self.weights, *(name.removeprefix(prefix) for name in self.weights if name.startswith(prefix))}
        return {
            name: self.weights.get(name, 0.0) + (self.weights.get(prefix + name, 0.0) if is_crossed(name) else 0.0)
            for name in names
        }

    def rate(self, candidate: Candidate, figure: Figure, whole: float, classes: int) -> float:
        """Return the weighted sum of all features of a candidate, as ``SubjectFinder.list_candidates`` gives them."""
        entity = candidate.entity
        key = (figure.kind, figure.unit, figure.rule, entity.kind, entity.rule)
        kinds = self._kinds.get(key)
        if kinds is None:
            if len(self._kinds) >= _MOST_KINDS:
                self._kinds.clear()
            kinds = self._kinds[key] = weigh(self.weights, describe_kinds(*key))
        named = weigh(self.weights, describe_name(entity, figure, whole, classes))
        return weigh(self.places[figure.kind], candidate.features) + kinds + named


@cache
def _load_weights(lex: Lexicon) -> _Weights:
    return _Weights({feature: float(weight) for feature, weight, *_ in lex.read_table("subject_weights")})


def choose_subjects(figures: Iterable[Figure], index: ClauseIndex, outline: Outline, lex: Lexicon) -> Iterator[Figure]:
    """Yield the figures, each about its best candidate, or about nothing if none is likely enough.

    Args:
        figures: with the subjects that the rules found.
        index: the clauses of the page, with the receivers that the events gave them.
        outline: its letters and parts.
        lex: the lexicon.
    """
    weights = _load_weights(lex)
    finder = SubjectFinder(index, outline)
    figures = list(figures)
    in_turn = align_figures(figures, index, lex)
    aligned = find_counted(figures, index, lex) | in_turn
    aligned, shared = aligned | find_totals(figures, aligned, index, lex), find_shared(figures, in_turn, index)
    series, ranges = find_series(figures, index), find_ranges(figures)
    contradictions = Contradictions(index, lex)
    chosen: dict[str, EntityId | None] = {}
    for figure in figures:
        if figure.kind not in _FIGURES or figure.rule == CELL:
            yield figure
            continue
        low = ranges.get(figure.id, "")
        if low in chosen:
            chosen[figure.id] = chosen[low]
            yield copy_with(figure, about=chosen[low])
            continue
        if figure.id in aligned:
            chosen[figure.id] = aligned[figure.id]
            yield copy_with(figure, about=aligned[figure.id])
            continue
        candidates, whole = finder.find_candidates(figure)
        classes = count_classes(candidates)
        rated = [(candidate, weights.rate(candidate, figure, whole, classes)) for candidate in candidates]
        best = max(rated, key=_get_rating, default=None)
        likely = best is not None and logistic(best[1]) >= weights.thresholds[figure.kind]
        if best is not None and likely and contradictions.refuses(figure, best[0].entity, best[0].features):
            likely = False
        if best is not None and best[0].entity.id in shared.get(figure.id, ()):
            likely = False
        about = best[0].entity.id if best is not None and likely else chosen.get(series.get(figure.id, ""))
        chosen[figure.id] = about
        yield figure if about == figure.about else copy_with(figure, about=about)


def find_best(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> tuple[Candidate, float] | None:
    """Return the likeliest candidate with its probability, None if there is none; the first of equal ones."""
    rated = [(candidate, score(weights, candidate.features)) for candidate in candidates]
    return max(rated, key=_get_rating, default=None)
