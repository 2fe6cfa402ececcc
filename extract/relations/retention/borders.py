"""Features that tell the right borders of a name from wrong ones, for the decision on candidates.

They say what the sequence model holds of the first word, of the words inside and of the word behind a candidate, which
words these are, and how likely the candidates are that overlap it with other borders.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from extract.linking.link import LinkedMentions
from extract.mentions.overlaps import FAMILIES
from extract.mentions.words import PageWords
from extract.model import Entity, EntityId
from extract.tagging.tagger import NameTags

_SMOOTHING = 0.02
"""Added to probabilities, so that 0 and 1 have a logit."""
_LONGEST_WHOLE = 6
"""Characters of a name that counts as one word: 企业, 申请人."""
_RATED = ("begins", "begins_before", "goes_on", "begins_inside", "outside", "ends_outside")
"""Features of the words at the borders of a place, in their order."""
_PREFIXED = {family: tuple(f"{family}_{name}" for name in _RATED) for family in {*FAMILIES.values()}}
_REACH = 40
"""Words before a place within which a name that overlaps it begins."""


class _Place(NamedTuple):
    """A mention of a class or scheme, in words."""

    first: int
    last: int
    """The first word after it."""
    ident: EntityId
    family: str
    probability: float
    """How likely the sequence model holds it for one whole name of its family."""


_make_place: Callable[[tuple[int, int, EntityId, str, float]], _Place] = partial(tuple.__new__, _Place)
"""Faster than the constructor."""
_get_probability = itemgetter(4)


class BorderReader:
    """Reads the borders of the candidates of a page.

    Args:
        linked: all names of the page.
        page: its words.
        tags: what the sequence model says of the words.
    """

    def __init__(self, linked: LinkedMentions, page: PageWords, tags: NameTags) -> None:
        self._page = page
        self._outside = tags.get_column("O")
        kinds = set(FAMILIES.values())
        self._columns = {kind: (tags.get_column(f"B-{kind}"), tags.get_column(f"I-{kind}")) for kind in kinds}
        families = {e.id: FAMILIES[e.kind] for e in linked.entities if e.kind in FAMILIES}
        self._places: dict[EntityId, list[_Place]] = {}
        for span, ident in linked.mentions:
            family = families.get(ident)
            if family is not None:
                first, last = page.number_words(span)
                probability = tags.get_probability(family, first, last)
                place = _make_place((first, last, ident, family, probability))
                self._places.setdefault(ident, []).append(place)
        self._ordered = sorted(place for places in self._places.values() for place in places)
        self._firsts = [place.first for place in self._ordered]

    def add_features(self, found: dict[str, float], entity: Entity) -> None:
        """Add the features of a class or scheme, by its likeliest place; nothing for other names."""
        places = self._places.get(entity.id)
        if not places:
            return
        best = max(places, key=_get_probability) if len(places) > 1 else places[0]
        first, last, _, family, _ = best
        if not first < last <= len(self._outside):
            return
        found.update(zip(_PREFIXED[family], self._rate_words(best), strict=True))
        for name, value in self._compare(places).items():
            found[f"{family}_{name}"] = value
        words, label = self._page.texts, entity.label
        for where, text in (
            ("first_word", words[first]),
            ("last_word", words[last - 1]),
            ("word_before", words[first - 1] if first else ""),
            ("word_after", words[last] if last < len(words) else ""),
            ("whole", label if family == "class" and len(label) <= _LONGEST_WHOLE else ""),
        ):
            if text and not text.isspace():
                found[f"{where}_{text}"] = 1.0

    def _rate_words(self, place: _Place) -> Sequence[float]:
        """Return what the model says of the words at the borders of a place and inside, in the order of ``_RATED``."""
        first, last, _, family, _ = place
        begin, inner = self._columns[family]
        outside = self._outside
        single = last - first == 1
        return (
            _logit(begin[first]),
            _logit(inner[first]),
            _logit(inner[last] if last < len(inner) else 0.0),
            _logit(0.0 if single else max(begin[first + 1 : last])),
            _logit(outside[first] if single else max(outside[first:last])),
            _logit(outside[last - 1]),
        )

    def _compare(self, places: Sequence[_Place]) -> Mapping[str, float]:
        """Which names of its family overlap a name, and how likely they are."""
        found: dict[str, float] = {}
        likeliest = 0.0
        for place in places:
            for rival in self._find_rivals(place):
                longer = rival.first <= place.first and rival.last >= place.last
                shorter = rival.first >= place.first and rival.last <= place.last
                relation = "longer" if longer else "shorter" if shorter else "crossing"
                side = "left" if rival.last == place.last else "right" if rival.first == place.first else "both"
                found[f"rival_{relation}_{side}"] = 1.0
                if rival.probability > place.probability:
                    found[f"rival_{relation}_{side}_likelier"] = 1.0
                likeliest = max(likeliest, rival.probability)
        if found:
            found["rival"] = 1.0
            found["rival_logit"] = _logit(likeliest)
            found["lead"] = _logit(max(place.probability for place in places)) - _logit(likeliest)
        return found

    def _find_rivals(self, place: _Place) -> Iterator[_Place]:
        first, last, ident, family, _ = place
        for other in self._ordered[bisect_left(self._firsts, first - _REACH) : bisect_left(self._firsts, last)]:
            if other[1] > first and other[3] == family and other[2] != ident:
                yield other


def _logit(probability: float) -> float:
    return math.log((probability + _SMOOTHING) / (1 + _SMOOTHING - probability))
