"""What the reports ask of a store: small queries, one step each, and look-ups of names and quotes.

A query is a file ``queries/NAME.rq``. Its rows are plain strings. Reports join the rows of several queries themselves,
because one query with many patterns multiplies rows. Nodes that are the same (``pk:sameAs``) are one node here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import zip_longest
from pathlib import Path

from pyoxigraph import NamedNode

from extract.text.normalize import name_key
from kg.graph.query import run_query
from kg.graph.sentences import sentence_around
from kg.graph.view import View
from kg.report.model import Code, Excerpt
from kg.store.store import Store
from ontology.terms import DCTERMS, PK, PROV

QUERIES = Path(__file__).parent / "queries"
_STOPS = "。！？!?\n"
_CLAUSE = re.compile("[，,；;、]")
_LONGEST_CLAUSE = 40
"""A sentence that is cut begins behind a comma within so many signs."""
_EDGE = " \t\n\u3000,，、;；:：)）"
"""Signs that a sentence does not begin with, where it is cut."""


@dataclass(frozen=True, slots=True)
class LetterText:
    """Where a document stands in a source."""

    iri: str
    context: str
    """IRI of the text of the source."""
    begin: int
    end: int
    """From the first to the last word of its parts and quotes."""


class Facts:
    """Look-ups in an open store, each made once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.view = View(store)
        self.used: dict[str, str] = {}
        """The queries that were run, by name."""
        self.figures: object = None
        """The index of figures (``kg.report.figures``), made when it is first needed."""
        self.places: dict[str, tuple[str, int, int]] = {}
        """Text, begin and end of the first quote of figures and parts, once all of them are looked at."""
        self._rows: dict[str, list[tuple[str, ...]]] = {}

    # queries

    def select(self, name: str) -> list[tuple[str, ...]]:
        """Return the rows of the query ``queries/NAME.rq`` as strings, each row once; empty where there is no value."""
        if name not in self._rows:
            text = self.used[name] = _load_query(name)
            found = run_query(self.store, text).rows
            rows = {tuple(self._plain(term) for term in row) for row in found}
            self._rows[name] = sorted(rows)
        return self._rows[name]

    def _plain(self, term: object) -> str:
        if isinstance(term, NamedNode):
            return self.view.main_node(term.value)
        return str(getattr(term, "value", "")) if term is not None else ""

    def map_many(self, name: str, key: int = 0, value: int = 1) -> dict[str, list[str]]:
        """Return the values of one column of a query by those of another."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self.select(name):
            found[row[key]][row[value]] = None
        return {k: list(values) for k, values in found.items()}

    # names

    def name(self, iri: str) -> str:
        """Return the name of a thing; empty for none."""
        return self.view.label(iri) if iri else ""

    def names(self, iris: Iterable[str]) -> str:
        """Return the names of things, joined."""
        return "、".join(dict.fromkeys(self.name(iri) for iri in iris))

    def value(self, iri: str, prop: str) -> str:
        """Return the first value of the property with the local name *prop*."""
        return self.view.first_value(iri, PK + prop)

    def values(self, iri: str, prop: str) -> list[str]:
        """Return the values of the property with the local name *prop*."""
        return self.view.properties(iri).get(PK + prop, [])

    def agencies(self, letter: str, role: str = "issuedBy") -> list[str]:
        """Return the agencies of a letter; of a short and a full name for the same body the full one.

        The graph keeps a short name (市民政局) beside the full one (霁川市民政局) if other files leave it open whose
        short name it is.
        """
        found = self.values(letter, role)
        names = {iri: self.name(iri) for iri in found}
        return [
            iri for iri in found
            if not any(other != iri and len(names[other]) > len(names[iri]) and names[other].endswith(names[iri])
                       for other in found)
        ]  # fmt: skip

    def matches(self, iri: str, words: str) -> bool:
        """Return whether a name of the thing contains *words*; so does everything contain the empty text."""
        if not words:
            return True
        if not iri:
            return False
        key = name_key(words)
        return any(key in name_key(name) for name in (self.name(iri), *self.view.aliases(iri)))

    def issued(self, letter: str) -> str:
        """Return the date of a document as ISO text; empty if it is not known."""
        return self.view.first_value(letter, DCTERMS + "issued")

    def day(self, letter: str) -> date | str:
        """Return the date of a document as a date, or as text if it is no whole date."""
        text = self.issued(letter)
        return parse_day(text) or text

    def place_of(self, iri: str) -> str:
        """Return the jurisdiction of an agency, program or instrument; empty if it is not known."""
        return self.value(iri, "jurisdiction")

    @cached_property
    def place_names(self) -> frozenset[str]:
        """The names of all places."""
        return frozenset(self.name(place) for (place,) in self.select("places"))

    # quotes

    def quote(self, iri: str) -> Excerpt | None:
        """Return the first passage that a thing is quoted from."""
        if iri in self.places:
            return self.quote_at(*self.places[iri])
        return next(iter(self.quotes(iri)), None)

    def quote_words(self, context: str, begin: int, end: int) -> Excerpt:
        """Return the words from *begin* to *end* of a text alone."""
        return replace(self.quote_at(context, begin, end), before="", after="")

    def whole_quote(self, iri: str) -> Excerpt | None:
        """Return the words of a part alone, which are whole sentences."""
        found = self.quote(iri)
        return replace(found, before="", after="") if found else None

    def quotes(self, iri: str) -> list[Excerpt]:
        """Return the passages that a thing is quoted from, in the order of sources and text."""
        spans = self.view.properties(iri).get(PROV + "wasQuotedFrom", [])
        return sorted(filter(None, map(self.read_span, spans)), key=lambda q: (q.source, q.begin, -q.end))

    def quote_at(self, context: str, begin: int, end: int) -> Excerpt:
        """Return the words from *begin* to *end* of a text, with the rest of their sentence."""
        ident, text = self.view.source(context)
        left, right = sentence_around(text, begin, end)
        before = text[left:begin]
        if left and text[left - 1] not in _STOPS:  # the sentence is cut: begin at a clause
            before = before[next((found.end() for found in _CLAUSE.finditer(before, 0, _LONGEST_CLAUSE)), 0) :]
        return Excerpt(text[begin:end], before.lstrip(_EDGE), text[end:right].rstrip(), ident, begin, end,
                     self._locator(f"{context}#char={begin},{end}"))  # fmt: skip

    def read_span(self, span: str) -> Excerpt | None:
        """Return the words of a quote, by its IRI; None if it is no quote."""
        place = split_span(span)
        return self.quote_at(*place) if place else None

    def find_sentence(self, quote: Excerpt) -> tuple[str, int]:
        """Return source and begin of the whole sentence that a quote ends in."""
        _, text = self.view.source(self.context_of(quote))
        return quote.source, max(text.rfind(sign, 0, quote.end - 1) for sign in _STOPS) + 1

    @cached_property
    def _has_locators(self) -> bool:
        """Whether any quote names its page or cell."""
        return next(self.store.find_statements(None, PK + "locator"), None) is not None

    def _locator(self, span: str) -> str:
        if not self._has_locators:
            return ""
        quads = self.store.find_statements(span, PK + "locator")
        return next((str(getattr(quad.object, "value", "")) for quad in quads), "")

    # letters

    @cached_property
    def letters(self) -> dict[str, list[LetterText]]:
        """The documents of each text, by the IRI of the text, in order."""
        own = self.map_many("letter-texts")
        spans: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for part, span in self.select("part-quotes"):
            letter, place = find_root(part, self.parents), split_span(span)
            if place:
                self.places[part] = min(self.places.get(part, place), place, key=self.order_place)
            if place and place[0] in own.get(letter, ()):
                spans[place[0], letter].append(place[1:])
        quotes: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for letter, span in self.select("letter-quotes"):
            place = split_span(span)
            if place and place[0] in own.get(letter, ()):
                quotes[place[0], letter].append(place[1:])
        found: dict[str, list[LetterText]] = defaultdict(list)
        for (context, letter), places in (quotes | spans).items():
            found[context].append(LetterText(letter, context, min(places)[0], max(end for _, end in places)))
        return {context: _add_signatures(some, quotes) for context, some in found.items()}

    @cached_property
    def letter_texts(self) -> dict[str, LetterText]:
        """The first place of each document, by its IRI."""
        found: dict[str, LetterText] = {}
        for context in sorted(self.letters):
            for letter in self.letters[context]:
                found.setdefault(letter.iri, letter)
        return found

    def letter_at(self, context: str, begin: int) -> str:
        """Return the document that stands at a position of a text; empty if there is none."""
        some = self.letters.get(context, [])
        earlier = [letter for letter in some if letter.begin <= begin]
        inside = [letter for letter in earlier if begin < letter.end]
        if inside:
            return inside[-1].iri
        later = next((letter for letter in some if letter.begin > begin), None)
        # a header stands before the first part of its letter, a signature behind the last one
        return (later or earlier[-1]).iri if some else ""

    def context_of(self, quote: Excerpt) -> str:
        """Return the IRI of the text of a quote."""
        return self._contexts.get(quote.source, "")

    def order_place(self, place: tuple[str, int, int]) -> tuple[str, int, int]:
        """Return what places are sorted by: source and begin; of two that begin together the longer one is first."""
        context, begin, end = place
        return self._sources.get(context, context), begin, -end

    @cached_property
    def _sources(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self.select("sources")}

    @cached_property
    def _contexts(self) -> dict[str, str]:
        return {source: context for context, source in self.select("sources")}

    # parts

    @cached_property
    def parents(self) -> dict[str, str]:
        """The part or document that each part belongs to."""
        return {row[0]: row[1] for row in self.select("part-parents")}

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """The parts of each part or document, in no order."""
        found: dict[str, list[str]] = defaultdict(list)
        for part, whole in self.parents.items():
            found[whole].append(part)
        return found

    @cached_property
    def _part_places(self) -> dict[str, tuple[str, int]]:
        """The first place of each part: text and begin."""
        found: dict[str, tuple[str, int]] = {}
        for part, span in self.select("part-quotes"):
            if place := split_span(span):
                found[part] = min(found.get(part, place[:2]), place[:2])
        return found

    def position(self, part: str) -> tuple[str, int, str]:
        """Return where a part stands, for sorting."""
        return (*self._part_places.get(part, ("", 0)), part)

    def list_below(self, whole: str) -> list[str]:
        """Return the parts of a document or part and their parts, each before its own."""
        found: list[str] = []
        for part in sorted(self.children.get(whole, ()), key=self.position):
            found += [part, *self.list_below(part)]
        return found

    def root(self, part: str) -> str:
        """Return the document that a part belongs to."""
        return find_root(part, self.parents)

    def kind(self, iri: str) -> Code:
        """Return the class of a thing."""
        return Code(self.view.kind(iri))


def _add_signatures(
    letters: list[LetterText], quotes: dict[tuple[str, str], list[tuple[int, int]]]
) -> list[LetterText]:
    """Return *letters* in order, each with its own quotes (its signature) up to the begin of the next one."""
    ordered = sorted(letters, key=lambda letter: (letter.begin, letter.iri))
    nexts = [letter.begin for letter in ordered[1:]]
    found = []
    for letter, following in zip_longest(ordered, nexts):
        ends = [e for b, e in quotes.get((letter.context, letter.iri), ()) if following is None or b < following]
        # a proposal is quoted wherever a letter names it
        is_signed = "/proposal/" not in letter.iri
        found.append(replace(letter, end=max([letter.end, *(ends if is_signed else ())])))
    return found


def find_root(part: str, parents: dict[str, str]) -> str:
    """Return the last of the chain of wholes above *part*."""
    seen = {part}
    while (whole := parents.get(part, "")) and whole not in seen:
        seen.add(whole)
        part = whole
    return part


def drop_wider(rows: list[tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    """Yield statements to an object without those whose words contain all the words of another one to it.

    In 甲类视同乙类，对丙类，视同丁类 the words from 乙类 to 丁类 state nothing: 丙类 stands nearer to 丁类.
    """
    for subject, other, span in rows:
        place = split_span(span)
        others = [split_span(s) for a, b, s in rows if b == other and a != subject]
        if place and not any(
            o and o[0] == place[0] and place[1] <= o[1] and o[2] <= place[2] and o != place for o in others
        ):
            yield subject, other, span


def split_span(span: str) -> tuple[str, int, int] | None:
    """Return text, begin and end of the IRI of a quote; None if it is none."""
    context, mark, place = span.partition("#char=")
    begin, _, end = place.partition(",")
    return (context, int(begin), int(end)) if mark and begin.isdigit() and end.isdigit() else None


def parse_day(text: str) -> date | None:
    """Return an ISO date, or None if *text* is no whole date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@cache
def _load_query(name: str) -> str:
    return (QUERIES / f"{name}.rq").read_text(encoding="utf-8")
