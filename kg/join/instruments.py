"""Instruments and reports of equal titles in different sources: which of them are one.

A title without a place is of one instrument within one division. A source that only names such a title gives it the
division of its letter, or its number. It is the same as an instrument of the store that has this title if both have the
number, or if the instrument is the only one of this title that the letter's division, one above it or the centre has
issued.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import unquote

from extract.text.normalize import number_key
from kg.join.agree import lies_in
from kg.join.letters import StoredLetters
from kg.join.model import JoinLink, QuotedSpan
from kg.join.settings import get_confidence
from kg.rdf.identifiers import to_kebab_case
from kg.rdf.iri import MARK
from ontology.terms import DCTERMS, PK

_CLASSES = ("PolicyInstrument", "Report")


@dataclass(frozen=True, slots=True)
class _Titled:
    """An instrument or report of the store whose title does not say its place."""

    iri: str
    place: str
    """The segment of its IRI before the title: the division of its issuer or of the letters that name it, or its
    number; empty for one of the centre, ``~`` for one of its source alone."""
    numbers: frozenset[str]
    graphs: tuple[str, ...]
    is_stated: bool
    """Whether a source has its text, or says who issued it."""


def find_same_instruments(letters: StoredLetters) -> Iterator[JoinLink]:
    """Yield ``sameAs`` between instruments of equal titles that are one."""
    for kind in _CLASSES:
        groups: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for iri, graphs in letters.find_things(kind):
            title = iri.rpartition("/")[2].partition(MARK)[0]
            if title:
                groups[title].append((iri, graphs))
        for title in sorted(groups):
            if len(groups[title]) > 1:
                head = f"/{to_kebab_case(kind)}/"
                group = [_read_titled(letters, iri, graphs, head) for iri, graphs in groups[title]]
                yield from _link_group(letters, group)


def _read_titled(letters: StoredLetters, iri: str, graphs: tuple[str, ...], head: str) -> _Titled:
    places = iri.partition(head)[2].split("/")[:-1]
    numbers = frozenset(
        number_key(number) for graph in graphs for number in letters.find_values(iri, PK + "documentNumber", graph)
    )
    is_stated = any(
        letters.find_values(iri, prop, graph) for graph in graphs for prop in (DCTERMS + "source", PK + "issuedBy")
    )
    place = unquote("".join(places)) or (MARK if MARK in iri.rpartition("/")[2] else "")
    return _Titled(iri, place, numbers, graphs, is_stated)


def _link_group(letters: StoredLetters, group: list[_Titled]) -> Iterator[JoinLink]:
    """Yield the links between instruments of one title: each to the one that represents it."""
    main: dict[str, tuple[_Titled, str]] = {}
    ordered = sorted(group, key=lambda titled: (not titled.is_stated, titled.iri))
    for first, other in combinations(ordered, 2):
        if first.numbers & other.numbers and first.iri not in main and other.iri not in main:
            main[other.iri] = first, "number"
    for named in ordered:
        if named.is_stated or named.iri in main or named.place == MARK:
            continue
        candidates = [titled for titled in ordered if titled.is_stated and _may_be(named, titled, letters)]
        if len(candidates) == 1 and candidates[0].iri not in main:
            main[named.iri] = candidates[0], "instrument"
    for titled in ordered:
        if titled.iri in main:
            same, ground = main[titled.iri]
            quotes = (*_find_quote(letters, titled), *_find_quote(letters, same))
            yield JoinLink(titled.iri, "sameAs", same.iri, f"join.{ground}", get_confidence(ground), quotes)


def _may_be(named: _Titled, stated: _Titled, letters: StoredLetters) -> bool:
    """Whether letters of the division *named.place* may mean an instrument of *stated.place*."""
    if named.numbers:
        return False  # it would have the number of the other one
    return not stated.place or lies_in(named.place, stated.place, letters.within)


def _find_quote(letters: StoredLetters, titled: _Titled) -> tuple[QuotedSpan, ...]:
    return next((quotes[:1] for graph in titled.graphs if (quotes := letters.find_quotes(titled.iri, graph))), ())
