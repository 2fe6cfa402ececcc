"""What the sources of a store say of their letters, as plain values: no text is read that is not asked for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from kg.join import keys
from kg.rdf.identifiers import settings as documents
from kg.rdf.iri import digest
from kg.store.store import Store
from ontology.terms import DCTERMS, FIGURE_CLASSES, NIF, PART_CLASSES, PK, PROV, RDF

LETTER_CLASSES = ("Proposal", "LeadReply", "CoHandlingOpinion")
_SPAN = re.compile(r"#char=(\d+),(\d+)$")
_PLACE_ROLES = ("leadAgency", "issuedBy", "coAgency")
"""Relations whose object tells where a proposal was made, the surest first (as in ``kg.rdf.identifiers``)."""
_AROUND = 12
"""Code points beside a proposal's number in which the page says whose number it is: 提案号, 号建议."""


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """Words of a source."""

    graph: str
    begin: int
    end: int

    @property
    def iri(self) -> str:
        return f"{self.graph}#char={self.begin},{self.end}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part or figure as one source has it."""

    iri: str
    kind: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A letter as one source has it."""

    iri: str
    graph: str
    source: str
    """Id of the source."""
    kind: str
    text: bool
    """Whether its text is there; else it is only named, or a row of a list."""
    numbers: tuple[str, ...]
    titles: tuple[str, ...]
    sessions: tuple[str, ...]
    issued: tuple[str, ...]
    documents: tuple[str, ...]
    """文号 of a reply."""
    answers: tuple[str, ...]
    """IRIs of the proposals that a reply answers, as its source says."""
    issuers: tuple[str, ...]
    handlers: tuple[str, ...]
    """IRIs of the agencies in charge of a proposal, and of those that join in."""
    place: str
    body: str
    answered: bool
    """Whether a reply of this source answers it."""
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A node of the graph: a letter as all sources have it that give it the same IRI."""

    iri: str
    kind: str
    sightings: tuple[Sighting, ...]
    text: bool
    numbers: frozenset[str]
    """In normal form, as ``titles``, ``sessions`` and ``places``."""
    titles: frozenset[str]
    sessions: frozenset[keys.Session]
    places: frozenset[str]
    bodies: frozenset[str]
    handlers: frozenset[str]
    years: frozenset[int]
    """Of a proposal: when it can have been made; of a reply: when it was issued."""

    @property
    def is_reply(self) -> bool:
        return self.kind != "Proposal"

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(s.source for s in self.sightings)

    @property
    def itself(self) -> bool:
        """Whether a source has it for itself, and not only as what a reply answers."""
        return any(s.text or not s.answered for s in self.sightings)


class Letters:
    """All letters of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[str, str] = {}
        self._sources = {graph: source for source, graph in store.sources().items()}
        self._homes: dict[tuple[str, str], str] = {}
        self._pieces: dict[str, tuple[Piece, ...]] = {}
        self.all: dict[str, Letter] = {x.iri: x for x in sorted(self._letters(), key=lambda x: x.iri)}

    def text(self, graph: str) -> str:
        """The kept text of a source, by its graph."""
        known = self._texts.get(graph)
        if known is None:
            known = self._texts[graph] = self._value(graph, NIF + "isString", graph)
        return known

    def words(self, quote: Quote) -> str:
        return self.text(quote.graph)[quote.begin : quote.end]

    @property
    def proposals(self) -> list[Letter]:
        return [x for x in self.all.values() if not x.is_reply]

    @property
    def replies(self) -> list[Letter]:
        return [x for x in self.all.values() if x.is_reply]

    @cached_property
    def within(self) -> frozenset[tuple[str, str]]:
        """Places and the places that they lie in, as sources say."""
        pairs = self._store.oxigraph.quads_for_pattern(None, NamedNode(PK + "locatedIn"), None, None)
        return frozenset((_tail(_iri(q.subject)), _tail(_iri(q.object))) for q in pairs)

    @cached_property
    def alone(self) -> frozenset[str]:
        """Graphs of the sources that hold the text of one letter."""
        counted = Counter(s.graph for x in self.all.values() for s in x.sightings if s.text)
        return frozenset(graph for graph, n in counted.items() if n == 1)

    @property
    def silent(self) -> list[str]:
        """Graphs of the sources that hold no letter."""
        told = {s.graph for x in self.all.values() for s in x.sightings}
        return sorted(set(self._sources) - told)

    def source(self, graph: str) -> str:
        """Id of a source."""
        return self._sources[graph]

    def pieces(self, graph: str) -> tuple[Piece, ...]:
        """Parts and figures of a source, in the order of the text."""
        known = self._pieces.get(graph)
        if known is None:
            found = []
            for kind in sorted(PART_CLASSES | FIGURE_CLASSES):
                pattern = (None, NamedNode(RDF + "type"), NamedNode(PK + kind), NamedNode(graph))
                for q in self._store.oxigraph.quads_for_pattern(*pattern):
                    iri = _iri(q.subject)
                    found.append(Piece(iri, kind, self.quoted(iri, graph)))
            known = self._pieces[graph] = tuple(sorted(found, key=lambda p: (p.quotes, p.iri)))
        return known

    def pieces_of(self, sighting: Sighting) -> list[Piece]:
        """Parts and figures of a letter in one source."""
        return [p for p in self.pieces(sighting.graph) if p.iri.startswith(f"{sighting.iri}#")]

    def body(self, sighting: Sighting) -> str:
        """The words of a letter that its parts have; all of a source that holds nothing else, if it has no parts."""
        parts = [p for p in self.pieces_of(sighting) if p.kind in PART_CLASSES]
        if not parts:
            return self.text(sighting.graph) if sighting.graph in self.alone else ""
        return "\n".join(self.words(q) for p in parts for q in p.quotes)

    def quoted(self, iri: str, graph: str) -> tuple[Quote, ...]:
        """Where a node is quoted from in a source."""
        pattern = (NamedNode(iri), NamedNode(PROV + "wasQuotedFrom"), None, NamedNode(graph))
        return _quotes(graph, (_iri(q.object) for q in self._store.oxigraph.quads_for_pattern(*pattern)))

    def first_words(self, letter: Letter) -> tuple[Quote, ...]:
        """Where a letter is quoted from first; else the first line of its source."""
        for sighting in letter.sightings:
            if sighting.quotes:
                return sighting.quotes[:1]
        graph = letter.sightings[0].graph
        text = self.text(graph)
        begin = len(text) - len(text.lstrip())
        end = text.find("\n", begin)
        return (Quote(graph, begin, end if end > begin else len(text)),)

    def evidence(self, subject: str, predicate: str, obj: str, graph: str) -> tuple[Quote, ...]:
        """The words that back a statement in a source."""
        return self.quoted(f"{graph}#e-{digest(subject, PK + predicate, obj, size=12)}", graph)

    # reading

    def _letters(self) -> Iterator[Letter]:
        found: dict[str, list[Sighting]] = defaultdict(list)
        by_graph: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for kind in LETTER_CLASSES:
            pattern = (None, NamedNode(RDF + "type"), NamedNode(PK + kind), None)
            for q in self._store.oxigraph.quads_for_pattern(*pattern):
                graph = _iri(q.graph_name)
                if graph in self._sources:
                    by_graph[graph].append((_iri(q.subject), kind))
        for graph in sorted(by_graph):
            for one in self._sightings(graph, sorted(by_graph[graph])):
                found[one.iri].append(one)
        for iri, sightings in found.items():
            yield _letter(iri, sightings)

    def _sightings(self, graph: str, letters: list[tuple[str, str]]) -> Iterator[Sighting]:
        facts = {iri: self._facts(iri, graph) for iri, _ in letters}
        kinds = dict(letters)
        repliers: dict[str, list[str]] = defaultdict(list)
        for iri, kind in letters:
            if kind != "Proposal":
                for proposal in facts[iri].get(PK + "repliesTo", ()):
                    repliers[proposal].append(iri)
        for iri, kind in sorted(kinds.items()):
            told = facts[iri]
            quotes = _quotes(graph, told.get(PROV + "wasQuotedFrom", ()))
            numbers = tuple(sorted(told.get(PK + "proposalNumber", ())))
            sessions = tuple(sorted(told.get(PK + "session", ())))
            around = [told, *(facts[r] for r in repliers.get(iri, ()))]
            yield Sighting(
                iri, graph, self._sources[graph], kind, DCTERMS + "source" in told, numbers,
                tuple(sorted(told.get(DCTERMS + "title", ()))), sessions,
                tuple(sorted(told.get(DCTERMS + "issued", ()))),
                tuple(sorted(told.get(PK + "documentNumber", ()))),
                tuple(sorted(told.get(PK + "repliesTo", ()))), tuple(sorted(told.get(PK + "issuedBy", ()))),
                tuple(sorted({*told.get(PK + "leadAgency", ()), *told.get(PK + "coAgency", ())})),
                self._place(iri, graph, around) if kind == "Proposal" else "",
                self._body(iri, graph, sessions, numbers, quotes) if kind == "Proposal" else "",
                bool(repliers.get(iri)), quotes,
            )  # fmt: skip

    def _facts(self, iri: str, graph: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for q in self._store.oxigraph.quads_for_pattern(NamedNode(iri), None, None, NamedNode(graph)):
            found.setdefault(q.predicate.value, []).append(getattr(q.object, "value", ""))
        return found

    def _place(self, iri: str, graph: str, around: list[dict[str, list[str]]]) -> str:
        """Where a proposal was made: its IRI says it, or else the agencies that are concerned with it."""
        body = {b["segment"] for b in documents()["body"]}
        segments = [unquote(s) for s in iri.split("/proposal/", 1)[-1].split("/")]
        if len(segments) > 2 and segments[1] in body:
            return segments[0]
        for told in around:
            for role in _PLACE_ROLES:
                for agency in sorted(told.get(PK + role, ())):
                    if home := self.home(agency, graph):
                        return home
        return ""

    def home(self, agency: str, graph: str) -> str:
        """The place that an agency governs, as a source says; empty if it does not."""
        known = self._homes.get((agency, graph))
        if known is None:
            known = self._homes[agency, graph] = _tail(self._value(agency, PK + "jurisdiction", graph))
        return known

    def _body(
        self, iri: str, graph: str, sessions: tuple[str, ...], numbers: tuple[str, ...], quotes: tuple[Quote, ...]
    ) -> str:
        for segment in iri.split("/proposal/", 1)[-1].split("/"):
            if segment in {b["segment"] for b in documents()["body"]}:
                return segment
        for words in sessions:
            if told := keys.body(words):
                return told
        text = self.text(graph)
        for quote in quotes:
            if self.words(quote) in numbers:
                begin = max(text.rfind("\n", 0, quote.begin) + 1, quote.begin - _AROUND)
                if told := keys.body(text[begin : quote.end + 4].split("\n")[0]):
                    return told
        return ""

    def _value(self, subject: str, predicate: str, graph: str) -> str:
        pattern = (NamedNode(subject), NamedNode(predicate), None, NamedNode(graph))
        found = (q.object.value for q in self._store.oxigraph.quads_for_pattern(*pattern)
                 if isinstance(q.object, NamedNode | Literal))  # fmt: skip
        return min(found, default="")


def _letter(iri: str, sightings: list[Sighting]) -> Letter:
    sightings = sorted(sightings, key=lambda s: s.source)
    numbers = {n for s in sightings for x in s.numbers if (n := keys.number(x))}
    sessions = {p for s in sightings for x in s.sessions if (p := keys.session(x))}
    years = {int(n[:4]) for n in numbers if keys.is_long(n) and n[:2] in ("19", "20")}
    if not years:
        years = {int(d[:4]) for s in sightings for d in s.issued}
    return Letter(
        iri, sightings[0].kind, tuple(sightings), any(s.text for s in sightings), frozenset(numbers),
        frozenset(t for s in sightings for x in s.titles if (t := keys.title(x))), frozenset(sessions),
        frozenset(s.place for s in sightings if s.place), frozenset(s.body for s in sightings if s.body),
        frozenset(h for s in sightings for h in s.handlers), frozenset(years),
    )  # fmt: skip


def _quotes(graph: str, spans: Iterable[str]) -> tuple[Quote, ...]:
    found = (_SPAN.search(span) for span in spans)
    return tuple(sorted(Quote(graph, int(m[1]), int(m[2])) for m in found if m))


def name(iri: str) -> str:
    """What a thing is called, as its IRI has it."""
    return _tail(iri)


def _tail(iri: str) -> str:
    """``place/霁川市`` as ``霁川市``."""
    return unquote(iri.rpartition("/")[2])


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
