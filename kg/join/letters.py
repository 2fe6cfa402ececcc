"""The letters of a store as plain values. A text is read only when it is asked for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import astuple
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from kg.join import keys
from kg.join.kept import KeptResults, decode_links, encode_links
from kg.join.model import JoinLink, LetterNode, Piece, QuotedSpan, Sighting
from kg.join.settings import compile_pattern
from kg.rdf.identifiers import load_document_forms
from kg.rdf.iri import MARK, hash_values
from kg.store.store import Store
from ontology.terms import DCTERMS, FIGURE_CLASSES, NIF, PART_CLASSES, PK, PROV, RDF, RDFS, SKOS

LETTER_CLASSES = ("Proposal", "LeadReply", "CoHandlingOpinion")
_SPAN = re.compile(r"#char=(\d+),(\d+)$")
_PLACE_ROLES = ("leadAgency", "issuedBy", "coAgency")
"""Relations to the agencies that show where a proposal was made, the surest first (as in ``kg.rdf.identifiers``)."""
_AROUND = 12
"""Code points before the number of a proposal in which a page names the body: 提案号, 号建议."""
_AFTER = 4
"""Code points after the number, for the same purpose."""

_MOST_KEPT = 4000
"""Of so many sources texts, parts and names are kept in memory."""

Facts = dict[str, list[str]]
"""Values of a node by property IRI."""


class StoredLetters:
    """All letters of a store, with cached access to texts, parts and figures.

    Args:
        store: an open store.
        kept: results of earlier builds.
    """

    def __init__(self, store: Store, kept: KeptResults | None = None) -> None:
        self._store = store
        self.kept = kept or KeptResults()
        self._texts: dict[str, str] = {}
        self._words: dict[QuotedSpan, str] = {}
        self._sources = {graph: source for source, graph in store.list_sources().items()}
        self._jurisdictions: dict[tuple[str, str], str] = {}
        self._pieces: dict[str, tuple[Piece, ...]] = {}
        self._names: dict[tuple[str, str], dict[str, set[str]]] = {}
        self.nodes: dict[str, LetterNode] = {x.iri: x for x in sorted(self._read_nodes(), key=lambda x: x.iri)}
        """Letters by IRI, sorted."""

    @property
    def proposals(self) -> list[LetterNode]:
        return [node for node in self.nodes.values() if not node.is_reply]

    @property
    def replies(self) -> list[LetterNode]:
        return [node for node in self.nodes.values() if node.is_reply]

    @cached_property
    def within(self) -> frozenset[tuple[str, str]]:
        """Pairs of a place and a place that it lies in, as sources say."""
        pairs = self._store.find_statements(None, PK + "locatedIn")
        return frozenset((decode_name(_get_iri(quad.subject)), decode_name(_get_iri(quad.object))) for quad in pairs)

    @cached_property
    def texts_by_graph(self) -> Counter[str]:
        """How many letters the source of a graph has the text of."""
        return Counter(s.graph for node in self.nodes.values() for s in node.sightings if s.has_text)

    @cached_property
    def graphs_of_one_letter(self) -> frozenset[str]:
        """Graphs of the sources that have the text of exactly one letter."""
        return frozenset(graph for graph, n in self.texts_by_graph.items() if n == 1)

    @property
    def graphs_without_letters(self) -> list[str]:
        """Graphs of the sources that have no letter, sorted."""
        with_letters = {s.graph for node in self.nodes.values() for s in node.sightings}
        return sorted(set(self._sources) - with_letters)

    def get_source(self, graph: str) -> str:
        """Return the id of the source of *graph*."""
        return self._sources[graph]

    def get_text(self, graph: str) -> str:
        """Return the text of a source, by its graph."""
        known = self._texts.get(graph)
        if known is None:
            _make_room(self._texts)
            known = self._texts[graph] = self._get_value(graph, NIF + "isString", graph)
        return known

    def get_words(self, quote: QuotedSpan) -> str:
        """Return the quoted words."""
        known = self._words.get(quote)
        return known if known is not None else self.get_text(quote.graph)[quote.begin : quote.end]

    def find_links(
        self, key: str, graphs: Collection[str], find: Callable[[], Iterable[JoinLink]], given: object = None,
    ) -> list[JoinLink]:  # fmt: skip
        """Return links from an earlier build, or find them (``KeptResults.get``)."""
        values = self.kept.get(key, graphs, lambda: encode_links(find(), self.get_words), given)
        return decode_links(values, self._words.__setitem__)

    def get_body(self, sighting: Sighting) -> str:
        """Return the words of the parts of a letter.

        If the letter has no parts, return the whole text of its source, provided that the source has no other letter.
        """
        parts = [piece for piece in self.find_letter_pieces(sighting) if piece.kind in PART_CLASSES]
        if not parts:
            return self.get_text(sighting.graph) if sighting.graph in self.graphs_of_one_letter else ""
        return "\n".join(self.get_words(quote) for part in parts for quote in part.quotes)

    def get_jurisdiction(self, agency: str, graph: str) -> str:
        """Return the place that an agency governs, as the source of *graph* says; empty if it does not."""
        known = self._jurisdictions.get((agency, graph))
        if known is None:
            place = decode_name(self._get_value(agency, PK + "jurisdiction", graph))
            known = self._jurisdictions[agency, graph] = place
        return known

    def find_names(self, kind: str, graph: str) -> dict[str, set[str]]:
        """Return the things of a class (local name) that a source names, each with its names."""
        known = self._names.get((kind, graph))
        if known is None:
            _make_room(self._names)
            look_up = self._store.oxigraph.quads_for_pattern
            known = {}
            for quad in look_up(None, NamedNode(RDF + "type"), NamedNode(PK + kind), NamedNode(graph)):
                iri = _get_iri(quad.subject)
                facts = self._read_facts(iri, graph)
                known[iri] = {*facts.get(RDFS + "label", ()), *facts.get(SKOS + "altLabel", ())}
            known = self._names[kind, graph] = dict(sorted(known.items()))
        return known

    def find_graphs(self, iri: str) -> set[str]:
        """Return the graphs of the sources that name a thing."""
        quads = self._store.oxigraph.quads_for_pattern(NamedNode(iri), NamedNode(RDF + "type"), None, None)
        return {_get_iri(quad.graph_name) for quad in quads} & set(self._sources)

    def find_objects(self, iri: str, predicate: str, graph: str) -> list[str]:
        """Return the things that a letter has as values of a property (local name) in one source, sorted."""
        pattern = (NamedNode(iri), NamedNode(PK + predicate), None, NamedNode(graph))
        found = {_get_iri(quad.object) for quad in self._store.oxigraph.quads_for_pattern(*pattern)}
        return sorted(found - {""})

    def find_values(self, iri: str, prop: str, graph: str) -> list[str]:
        """Return the values of a property of a thing in one source, sorted."""
        quads = self._store.oxigraph.quads_for_pattern(NamedNode(iri), NamedNode(prop), None, NamedNode(graph))
        return sorted(getattr(quad.object, "value", "") for quad in quads)

    def find_things(self, kind: str) -> list[tuple[str, tuple[str, ...]]]:
        """Return the things of a class (local name), each with the graphs of the sources that name it, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for quad in self._store.oxigraph.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(PK + kind), None):
            if (graph := _get_iri(quad.graph_name)) in self._sources:
                found[_get_iri(quad.subject)].add(graph)
        return [(iri, tuple(sorted(graphs))) for iri, graphs in sorted(found.items())]

    def find_pieces(self, graph: str) -> tuple[Piece, ...]:
        """Return the parts and figures of a source, in the order of its text."""
        known = self._pieces.get(graph)
        if known is None:
            _make_room(self._pieces)
            found = []
            for kind in sorted(PART_CLASSES | FIGURE_CLASSES):
                pattern = (None, NamedNode(RDF + "type"), NamedNode(PK + kind), NamedNode(graph))
                for quad in self._store.oxigraph.quads_for_pattern(*pattern):
                    iri = _get_iri(quad.subject)
                    found.append(Piece(iri, kind, self.find_quotes(iri, graph)))
            known = self._pieces[graph] = tuple(sorted(found, key=lambda piece: (piece.quotes, piece.iri)))
        return known

    def has_pieces(self, iri: str, graph: str) -> bool:
        """Return whether a letter has parts or figures in one source. Their quotes, which cost most, are not read."""
        if graph in self._pieces:
            return any(piece.iri.startswith(f"{iri}#") for piece in self._pieces[graph])
        return any(
            _get_iri(quad.subject).startswith(f"{iri}#")
            for kind in sorted(PART_CLASSES | FIGURE_CLASSES)
            for quad in self._store.oxigraph.quads_for_pattern(
                None, NamedNode(RDF + "type"), NamedNode(PK + kind), NamedNode(graph)
            )
        )

    def find_letter_pieces(self, sighting: Sighting) -> list[Piece]:
        """Return the parts and figures of a letter in one source, in the order of its text."""
        return [piece for piece in self.find_pieces(sighting.graph) if piece.iri.startswith(f"{sighting.iri}#")]

    def find_quotes(self, iri: str, graph: str) -> tuple[QuotedSpan, ...]:
        """Return the quotes of a node in one source, in the order of its text."""
        pattern = (NamedNode(iri), NamedNode(PROV + "wasQuotedFrom"), None, NamedNode(graph))
        return _parse_spans(graph, (_get_iri(quad.object) for quad in self._store.oxigraph.quads_for_pattern(*pattern)))

    def find_first_quote(self, node: LetterNode) -> tuple[QuotedSpan, ...]:
        """Return the first quote of a letter as a tuple of one; if it has none, the first line of its source."""
        for sighting in node.sightings:
            if sighting.quotes:
                return sighting.quotes[:1]
        graph = node.sightings[0].graph
        text = self.get_text(graph)
        begin = len(text) - len(text.lstrip())
        end = text.find("\n", begin)
        return (QuotedSpan(graph, begin, end if end > begin else len(text)),)

    def find_evidence(self, subject: str, predicate: str, obj: str, graph: str) -> tuple[QuotedSpan, ...]:
        """Return the quotes that are the evidence of a statement in one source."""
        return self.find_quotes(f"{graph}#e-{hash_values(subject, PK + predicate, obj, size=12)}", graph)

    # reading

    def _read_nodes(self) -> Iterator[LetterNode]:
        found: dict[str, list[Sighting]] = defaultdict(list)
        by_graph: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for kind in LETTER_CLASSES:
            pattern = (None, NamedNode(RDF + "type"), NamedNode(PK + kind), None)
            for quad in self._store.oxigraph.quads_for_pattern(*pattern):
                graph = _get_iri(quad.graph_name)
                if graph in self._sources:
                    by_graph[graph].append((_get_iri(quad.subject), kind))
        for graph in sorted(by_graph):
            for sighting in self._recall_sightings(graph, sorted(by_graph[graph])):
                found[sighting.iri].append(sighting)
        for iri, sightings in found.items():
            yield _make_node(iri, sightings)

    def _recall_sightings(self, graph: str, letters: list[tuple[str, str]]) -> Iterator[Sighting]:
        """Yield the letters of a source as an earlier build read them, or read them."""

        def read() -> list[list[object]]:
            found = list(self._read_sightings(graph, letters))
            return [[*astuple(x)[:-1], [(q.begin, q.end, self.get_words(q)) for q in x.quotes]] for x in found]

        for *values, quotes in self.kept.get(f"letters {graph}", [graph], read, self._sources[graph]):
            fields: list[Any] = [tuple(value) if isinstance(value, list) else value for value in values]
            spans = {QuotedSpan(graph, begin, end): words for begin, end, words in quotes}
            self._words |= spans
            fields.append(tuple(spans))
            yield Sighting(*fields)

    def _read_sightings(self, graph: str, letters: list[tuple[str, str]]) -> Iterator[Sighting]:
        all_facts = {iri: self._read_facts(iri, graph) for iri, _ in letters}
        kinds = dict(letters)
        repliers: dict[str, list[str]] = defaultdict(list)
        for iri, kind in letters:
            if kind != "Proposal":
                for proposal in all_facts[iri].get(PK + "repliesTo", ()):
                    repliers[proposal].append(iri)
        for iri, kind in sorted(kinds.items()):
            facts = all_facts[iri]
            quotes = _parse_spans(graph, facts.get(PROV + "wasQuotedFrom", ()))
            numbers = _sort_values(facts, PK + "proposalNumber")
            sessions = _sort_values(facts, PK + "session")
            place = body = ""
            if kind == "Proposal":
                place = self._find_place(iri, graph, [facts, *(all_facts[r] for r in repliers.get(iri, ()))])
                # a generator: the text is read only if neither IRI nor session names the body
                body = self._find_body(iri, sessions, (q for q in quotes if self.get_words(q) in numbers))
            yield Sighting(
                iri, graph, self._sources[graph], kind, DCTERMS + "source" in facts, numbers,
                _sort_values(facts, DCTERMS + "title"), sessions, _sort_values(facts, DCTERMS + "issued"),
                _sort_values(facts, PK + "documentNumber"), _sort_values(facts, PK + "repliesTo"),
                _sort_values(facts, PK + "issuedBy"),
                tuple(sorted({*facts.get(PK + "leadAgency", ()), *facts.get(PK + "coAgency", ())})),
                place, body, bool(repliers.get(iri)) and not self._has_header(quotes), quotes,
            )  # fmt: skip

    def _has_header(self, quotes: Iterable[QuotedSpan]) -> bool:
        """Return whether words that name a proposal are fields with labels (案由：…), as on a form or in a list."""
        header = compile_pattern("reference", "header")
        return any(header.match(self.get_words(quote)) for quote in quotes)

    def _read_facts(self, iri: str, graph: str) -> Facts:
        found: Facts = {}
        for quad in self._store.oxigraph.quads_for_pattern(NamedNode(iri), None, None, NamedNode(graph)):
            found.setdefault(quad.predicate.value, []).append(getattr(quad.object, "value", ""))
        return found

    def _find_place(self, iri: str, graph: str, facts_around: list[Facts]) -> str:
        """Return where a proposal was made: the place in its IRI, else that of an agency that is connected with it.

        Args:
            iri: the proposal.
            graph: the graph of the source.
            facts_around: facts of the proposal and of the replies to it in the same source.
        """
        bodies = _load_body_segments()
        segments = [unquote(segment) for segment in _split_proposal_iri(iri)]
        if len(segments) > 2 and segments[1] in bodies:
            return segments[0]
        for facts in facts_around:
            for role in _PLACE_ROLES:
                for agency in sorted(facts.get(PK + role, ())):
                    if place := self.get_jurisdiction(agency, graph):
                        return place
        return ""

    def _find_body(self, iri: str, sessions: Iterable[str], number_quotes: Iterable[QuotedSpan]) -> str:
        """Return the body of a proposal: as its IRI, its sessions or the words around its number name it."""
        bodies = _load_body_segments()
        for segment in _split_proposal_iri(iri):
            if segment in bodies:
                return segment
        for words in sessions:
            if body := keys.find_body(words):
                return body
        for quote in number_quotes:
            text = self.get_text(quote.graph)
            begin = max(text.rfind("\n", 0, quote.begin) + 1, quote.begin - _AROUND)
            if body := keys.find_body(text[begin : quote.end + _AFTER].split("\n")[0]):
                return body
        return ""

    def _get_value(self, subject: str, predicate: str, graph: str) -> str:
        pattern = (NamedNode(subject), NamedNode(predicate), None, NamedNode(graph))
        found = (quad.object.value for quad in self._store.oxigraph.quads_for_pattern(*pattern)
                 if isinstance(quad.object, NamedNode | Literal))  # fmt: skip
        return min(found, default="")


def _make_room(kept: dict[Any, Any]) -> None:
    """Forget the oldest of what is kept of many sources."""
    while len(kept) >= _MOST_KEPT:
        del kept[next(iter(kept))]


def decode_name(iri: str) -> str:
    """Return the name in an IRI, its last segment without a mark: ``霁川市`` for ``place/霁川市``."""
    return unquote(iri.rpartition("/")[2].partition(MARK)[0])


def _make_node(iri: str, sightings: list[Sighting]) -> LetterNode:
    sightings = sorted(sightings, key=lambda s: s.source)
    numbers = {number for s in sightings for printed in s.numbers if (number := keys.normalize_number(printed))}
    sessions = {session for s in sightings for printed in s.sessions if (session := keys.parse_session(printed))}
    titles = {title for s in sightings for printed in s.titles if (title := keys.normalize_title(printed))}
    years = {int(number[:4]) for number in numbers if keys.is_long_number(number) and number[:2] in ("19", "20")}
    if not years:
        years = {int(date[:4]) for s in sightings for date in s.issued}
    return LetterNode(
        iri, sightings[0].kind, tuple(sightings), any(s.has_text for s in sightings), frozenset(numbers),
        frozenset(titles), frozenset(sessions),
        frozenset(s.place for s in sightings if s.place), frozenset(s.body for s in sightings if s.body),
        frozenset(agency for s in sightings for agency in s.handlers), frozenset(years),
    )  # fmt: skip


def _parse_spans(graph: str, spans: Iterable[str]) -> tuple[QuotedSpan, ...]:
    found = (_SPAN.search(span) for span in spans)
    return tuple(sorted(QuotedSpan(graph, int(m[1]), int(m[2])) for m in found if m))


def _sort_values(facts: Facts, prop: str) -> tuple[str, ...]:
    return tuple(sorted(facts.get(prop, ())))


def _load_body_segments() -> set[str]:
    """Return the segments that stand for bodies in the IRIs of proposals."""
    return {body["segment"] for body in load_document_forms()["body"]}


def _split_proposal_iri(iri: str) -> list[str]:
    return iri.split("/proposal/", 1)[-1].split("/")


def _get_iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
