"""The index of a site: names and texts for the search, with facets, in an SQLite file beside the copy of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.graph.view import View
from kg.serve.site.words import split_text
from ontology.terms import DCTERMS, DOCUMENT_CLASSES, ENTITY_CLASSES, NIF, PART_CLASSES, PK, PROV

FACETS = ("class", "agency", "place", "year", "tier", "source")
"""What a search can be narrowed by, in the order of the page."""
LINE = "Text"
"""The class of a line of a text that belongs to no part."""
_SCHEMA = """
CREATE TABLE unit (
  id INTEGER PRIMARY KEY, iri TEXT, class TEXT, label TEXT, body TEXT, source TEXT, begin INTEGER, weight REAL
);
CREATE TABLE facet (unit INTEGER, name TEXT, value TEXT);
CREATE TABLE name (unit INTEGER, name TEXT);
CREATE VIRTUAL TABLE words USING fts5(pairs, content='', tokenize="unicode61 remove_diacritics 0");
"""
_INDEXES = """
CREATE INDEX facet_unit ON facet (unit, name);
CREATE INDEX facet_value ON facet (name, value, unit);
CREATE INDEX unit_class ON unit (class);
CREATE INDEX unit_iri ON unit (iri);
"""
_AUTHORS = ("issuedBy", "leadAgency", "coAgency", "submittedBy")
_PLACES = ("jurisdiction", "locatedIn")
_WEIGHTS = {"Agency": 5.0, "Proposal": 4.5, "PolicyInstrument": 4.0, "LeadReply": 4.0, "CoHandlingOpinion": 3.0}
_ENTITY_WEIGHT, _PART_WEIGHT, _LINE_WEIGHT = 2.0, 1.0, 0.5
_MANY = 50
"""A thing that is mentioned so often stands first among those of its class."""
_SHORTEST_LINE = 6
"""Lines of fewer characters are headings and page numbers."""


@dataclass(slots=True)
class IndexUnit:
    """What a search can find: a thing, a part of a document, or a line of a text."""

    iri: str
    kind: str
    label: str
    body: str
    source: str = ""
    begin: int = -1
    weight: float = 1.0
    names: tuple[str, ...] = ()
    facets: dict[str, set[str]] = field(default_factory=dict)


def write_index(view: View, path: Path) -> None:
    """Write the index of a store to the new file *path*."""
    units = _UnitMaker(view)
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        for number, unit in enumerate(units.make_units(), 1):
            _write_unit(connection, number, unit)
        connection.executescript(_INDEXES)
        connection.commit()
    finally:
        connection.close()


def _write_unit(connection: sqlite3.Connection, number: int, unit: IndexUnit) -> None:
    row = (number, unit.iri, unit.kind, unit.label, unit.body, unit.source, unit.begin, unit.weight)
    connection.execute("INSERT INTO unit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    words = split_text("\n".join((unit.label, *unit.names, unit.body)))
    connection.execute("INSERT INTO words (rowid, pairs) VALUES (?, ?)", (number, words))
    connection.executemany("INSERT INTO name VALUES (?, ?)", ((number, name) for name in unit.names))
    facets = {"class": {unit.kind}} | unit.facets
    rows = ((number, name, value) for name, values in facets.items() for value in sorted(values) if value)
    connection.executemany("INSERT INTO facet VALUES (?, ?, ?)", rows)


class _UnitMaker:
    """A maker of units that looks up the facets of each document once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._documents: dict[str, dict[str, set[str]]] = {}
        self._covered: dict[str, list[tuple[int, int]]] = {}

    def make_units(self) -> Iterator[IndexUnit]:
        view = self._view
        for iri in view.find_by_class(*PART_CLASSES):
            yield self._make_part(iri)
        for iri in view.find_by_class(*DOCUMENT_CLASSES):
            yield self._make_document(iri)
        for iri in view.find_by_class(*ENTITY_CLASSES):
            yield self._make_entity(iri)
        for source, context in view.store.list_sources().items():
            yield from self._make_lines(source, context)

    def _make_document(self, iri: str) -> IndexUnit:
        view, kind = self._view, self._view.kind(iri)
        numbers = [value for name, value in view.literals(iri) if name in ("proposalNumber", "documentNumber")]
        titles = view.properties(iri).get(DCTERMS + "title", [])
        names = tuple(dict.fromkeys((view.label(iri), *titles, *view.aliases(iri), *numbers)))
        has_text = bool(view.properties(iri).get(DCTERMS + "source"))
        weight = _WEIGHTS.get(kind, _ENTITY_WEIGHT) if has_text else _ENTITY_WEIGHT
        return IndexUnit(iri, kind, view.label(iri), "", *self._find_place(iri), weight, names, self._facets_of(iri))

    def _make_entity(self, iri: str) -> IndexUnit:
        view, kind = self._view, self._view.kind(iri)
        names = (view.label(iri), *view.aliases(iri))
        facets = {
            "place": self._label_all(self._follow([iri], _PLACES)),
            "tier": self._label_all(self._follow([iri], ("hasTier",))),
        }
        spans = list(self._spans(iri))
        weight = _WEIGHTS.get(kind, _ENTITY_WEIGHT) + min(len(spans), _MANY) / _MANY
        for context, begin, _ in spans:
            facets.setdefault("source", set()).add(view.source(context)[0])
            if document := view.document_at(context, begin):
                facets.setdefault("year", set()).update(self._facets_of(document)["year"])
        return IndexUnit(iri, kind, view.label(iri), "", *self._find_place(iri), weight, names, facets)

    def _make_part(self, iri: str) -> IndexUnit:
        view = self._view
        for context, begin, end in self._spans(iri):
            self._covered.setdefault(context, []).append((begin, end))
        document, text = self.find_document(iri), view.first_value(iri, PK + "text")
        own = self._facets_of(document) if document else {}
        tiers = {t for t in self._follow([iri], ("involves",)) if view.kind(t) == "EnterpriseTier"}
        facets = {**own, "tier": own.get("tier", set()) | self._label_all(tiers)}
        label = view.label(iri)
        return IndexUnit(
            iri, view.kind(iri), label, text if text != label else "", *self._find_place(iri), _PART_WEIGHT, (), facets
        )

    def _make_lines(self, source: str, context: str) -> Iterator[IndexUnit]:
        text = self._view.first_value(context, NIF + "isString")
        covered = self._covered.get(context, [])
        begin = 0
        for line in text.splitlines(keepends=True):
            end, words = begin + len(line), line.strip()
            inside = any(left < end and begin < right for left, right in covered)
            if len(words) >= _SHORTEST_LINE and not inside:
                at = begin + line.index(words)
                document = self._view.document_at(context, at)
                facets = self._facets_of(document) if document else {"source": {source}}
                yield IndexUnit(document or context, LINE, "", words, source, at, _LINE_WEIGHT, (), facets)
            begin = end

    def find_document(self, part: str) -> str:
        """Return the document that a part belongs to; empty if none is known."""
        view, seen = self._view, set[str]()
        while part and part not in seen:
            if view.kind(part) in DOCUMENT_CLASSES:
                return part
            seen.add(part)
            part = view.first_value(part, PK + "partOf")
        return ""

    def _facets_of(self, document: str) -> dict[str, set[str]]:
        known = self._documents.get(document)
        if known is None:
            view = self._view
            authors = self._follow([document], _AUTHORS)
            contexts = view.properties(document).get(DCTERMS + "source", [])
            known = self._documents[document] = {
                "agency": self._label_all(a for a in authors if view.kind(a) in ("Agency", "Organization")),
                "place": self._label_all(self._follow(authors, _PLACES)),
                "year": {date[:4] for date in view.properties(document).get(DCTERMS + "issued", [])},
                "source": {view.source(context)[0] for context in contexts},
            }
        return known

    def _follow(self, iris: Iterable[str], properties: Iterable[str]) -> set[str]:
        names = tuple(properties)
        return {value for iri in iris for name in names for value in self._view.properties(iri).get(PK + name, ())}

    def _label_all(self, iris: Iterable[str]) -> set[str]:
        return {self._view.label(iri) for iri in iris}

    def _find_place(self, iri: str) -> tuple[str, int]:
        """Return source and begin of the first words that a thing is quoted from."""
        return min(((self._view.source(context)[0], begin) for context, begin, _ in self._spans(iri)), default=("", -1))

    def _spans(self, iri: str) -> Iterator[tuple[str, int, int]]:
        """Yield the text, begin and end of each passage that a thing is quoted from."""
        for span in self._view.properties(iri).get(PROV + "wasQuotedFrom", ()):
            context, _, place = span.partition("#char=")
            begin, _, end = place.partition(",")
            if begin.isdecimal() and end.isdecimal():
                yield context, int(begin), int(end)
