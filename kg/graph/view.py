"""The store as things, statements and passages: what pages, reports and network exports are made from.

Nothing is loaded beforehand; each look-up goes to the store's index and is kept. What several sources say of one
thing is seen as one, in a fixed order; so are nodes that are one letter, part or figure (``pk:sameAs``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kg.rdf.iri import fold
from kg.store.store import Store
from ontology.terms import (
    DCTERMS,
    DOCUMENT_CLASSES,
    ENTITY_CLASSES,
    FIGURE_CLASSES,
    NIF,
    PART_CLASSES,
    PK,
    PROV,
    RDF,
    RDFS,
    SKOS,
)

NODE_CLASSES = DOCUMENT_CLASSES | PART_CLASSES | ENTITY_CLASSES
"""Classes of things that stand for themselves; a figure is a fact of the thing that it is about."""
FIGURE_SLOTS = ("about", "grantedUnder", "provider", "conditionOf", "partOf", "place")
"""Properties that tie a figure to things, the closest tie first."""
PART_LINKS = ("partOf", "involves", "actor")
"""Properties of a part that need no evidence beside the part's own words."""

_TYPE = RDF + "type"
_LITERALS = ("documentNumber", "proposalNumber", "session", "handlingClass", "number", "status", "level", "replyState",
             "unreadFile")  # fmt: skip
_ADDED = frozenset({PROV + "wasQuotedFrom", DCTERMS + "source"})
"""What another node that is the same adds to a part or a figure; a letter gets also what it lacks, and these:"""
_LINKED = frozenset({SKOS + "altLabel", DCTERMS + "source", PROV + "wasQuotedFrom", PK + "repliesTo"})
_REACH = 120
"""Code points shown at most on each side of quoted words."""
_STOP = re.compile(r"[。！？!?\n]")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a source, in their sentence."""

    text: str
    before: str
    after: str
    source: str
    """Id of the source."""
    begin: int
    document: str
    """IRI of the document that says it; empty if none is known."""
    locator: str = ""
    """Where in the original, if that has pages or cells: ``第3页``."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement between two things."""

    subject: str
    predicate: str
    """Local name (``issuedBy``)."""
    object: str
    passages: tuple[Passage, ...]
    confidence: float | None


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """A figure with its slots."""

    iri: str
    kind: str
    value: Decimal
    unit: str
    bound: str
    metric: str
    period: str
    per: str
    deadline: str
    frequency: str
    slots: tuple[tuple[str, str], ...]
    """Property and IRI of each thing that it is tied to."""
    passages: tuple[Passage, ...]


class View:
    """Look-ups in a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._builds = store.builds_graph
        self._props: dict[str, dict[str, list[str]]] = {}
        self._texts: dict[str, tuple[str, str]] = {}
        same = NamedNode(PK + "sameAs")
        self._main: dict[str, str] = {
            q.subject.value: q.object.value
            for q in store.oxigraph.quads_for_pattern(None, same, None, NamedNode(store.links_graph))
            if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
        }
        self._others: dict[str, list[str]] = defaultdict(list)
        for other, main in sorted(self._main.items()):
            self._others[main].append(other)

    # things

    def main(self, iri: str) -> str:
        """The node that stands for *iri*: itself, or what it is the same as."""
        return self._main.get(iri, iri)

    def nodes(self, iri: str) -> tuple[str, ...]:
        """*iri*, and the nodes that it stands for."""
        return (iri, *self._others.get(iri, ()))

    def props(self, iri: str) -> dict[str, list[str]]:
        """What is said of *iri*: values by property, each once, sorted."""
        known = self._props.get(iri)
        if known is None:
            found = self._own(iri)
            for other in self._others.get(iri, ()):
                self._merge(found, self._own(other), "#" in iri)
            known = self._props[iri] = {p: sorted(values) for p, values in sorted(found.items())}
        return known

    def _own(self, iri: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for q in self.store.oxigraph.quads_for_pattern(NamedNode(iri), None, None, None):
            if isinstance(q.object, NamedNode):
                found[q.predicate.value].add(self.main(q.object.value))
            elif isinstance(q.object, Literal):
                found[q.predicate.value].add(q.object.value)
        return found

    def _merge(self, found: dict[str, set[str]], more: dict[str, set[str]], inside: bool) -> None:
        """Add what another node that is the same has; what one of them has printed is not printed twice."""
        for prop, values in more.items():
            if prop == RDFS + "label":
                if not inside:
                    found[SKOS + "altLabel"] |= values - found[prop]
            elif prop in _ADDED or (not inside and (prop not in found or prop in _LINKED)):
                found[prop] |= values

    def get(self, iri: str, prop: str) -> str:
        """The first value of a property, given as its IRI, or nothing."""
        return next(iter(self.props(iri).get(prop, ())), "")

    def kind(self, iri: str) -> str:
        """Local name of its class, or nothing."""
        types = [t[len(PK) :] for t in self.props(iri).get(_TYPE, ()) if t.startswith(PK)]
        return next((t for t in types if t in NODE_CLASSES or t in FIGURE_CLASSES), "")

    def label(self, iri: str) -> str:
        """Its name: of several (sources may print it differently) the fullest."""
        labels = self.props(iri).get(RDFS + "label") or self.props(iri).get(DCTERMS + "title") or []
        return max(labels, key=lambda s: (len(s), s), default=iri.rpartition("/")[2])

    def aliases(self, iri: str) -> list[str]:
        """Its other names."""
        p = self.props(iri)
        return sorted({*p.get(SKOS + "altLabel", ()), *p.get(RDFS + "label", ())} - {self.label(iri)})

    def of_kind(self, *kinds: str) -> list[str]:
        """IRIs of the things of some classes, sorted."""
        found = set()
        for kind in kinds:
            for q in self.store.oxigraph.quads_for_pattern(None, NamedNode(_TYPE), NamedNode(PK + kind), None):
                if isinstance(q.subject, NamedNode) and q.subject.value not in self._main:
                    found.add(q.subject.value)
        return sorted(found)

    def literals(self, iri: str) -> Iterator[tuple[str, str]]:
        """Local name and value of its plain facts: numbers, dates, level, status."""
        p = self.props(iri)
        for name in _LITERALS:
            for value in p.get(PK + name, ()):
                yield name, value[len(PK) :] if value.startswith(PK) else value
        for value in p.get(DCTERMS + "issued", ()):
            yield "issued", value

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """IRIs of things by folded name."""
        found: dict[str, set[str]] = defaultdict(set)
        for prop in (RDFS + "label", SKOS + "altLabel", PK + "proposalNumber", PK + "documentNumber"):
            for q in self.store.oxigraph.quads_for_pattern(None, NamedNode(prop), None, None):
                if isinstance(q.subject, NamedNode) and isinstance(q.object, Literal):
                    found[fold(q.object.value)].add(self.main(q.subject.value))
        return {name: sorted(iris) for name, iris in found.items()}

    # statements

    def statements(self, iri: str) -> list[Statement]:
        """All statements with evidence that *iri* is the subject or the object of."""
        found: dict[tuple[str, str, str], Statement] = {}
        for end, node in ((e, n) for e in ("subject", "object") for n in self.nodes(iri)):
            for q in self.store.oxigraph.quads_for_pattern(None, NamedNode(RDF + end), NamedNode(node), None):
                if isinstance(q.subject, NamedNode):
                    self._join(found, q.subject.value)
        return [found[key] for key in sorted(found)]

    def all_statements(self) -> list[Statement]:
        """All statements with evidence in the store, sorted."""
        found: dict[tuple[str, str, str], Statement] = {}
        for evidence in self.of_kind("Evidence"):
            self._join(found, evidence)
        return [found[key] for key in sorted(found)]

    def _join(self, found: dict[tuple[str, str, str], Statement], evidence: str) -> None:
        p = self.props(evidence)
        key = (p[RDF + "subject"][0], p[RDF + "predicate"][0], p[RDF + "object"][0])
        if key[1] == PK + "sameAs" or key[2].startswith(PK):
            return  # what is one is seen as one; an individual of the ontology is a fact
        confidence = max((float(c) for c in p.get(PK + "confidence", ())), default=None)
        passages = self.passages(evidence)
        if before := found.get(key):
            passages = tuple(dict.fromkeys((*before.passages, *passages)))
            confidence = max((c for c in (before.confidence, confidence) if c is not None), default=None)
        found[key] = Statement(key[0], re.split(r"[#/]", key[1])[-1], key[2], passages, confidence)

    def links(self, iri: str) -> list[Statement]:
        """What ties *iri* to parts of documents: the part itself is the passage that says so."""
        found = {Statement(iri, name, other, self.passages(iri), None) for name in PART_LINKS
                 for other in self.props(iri).get(PK + name, ()) if self.kind(iri) in PART_CLASSES}  # fmt: skip
        for name, node in ((p, n) for p in PART_LINKS for n in self.nodes(iri)):
            for q in self.store.oxigraph.quads_for_pattern(None, NamedNode(PK + name), NamedNode(node), None):
                part = self.main(q.subject.value) if isinstance(q.subject, NamedNode) else ""
                if self.kind(part) in PART_CLASSES:
                    found.add(Statement(part, name, iri, self.passages(part), None))
        return sorted(found, key=lambda s: (s.subject, s.predicate, s.object))

    # figures

    def figures(self, iri: str, slots: Iterable[str] = FIGURE_SLOTS) -> list[FigureFacts]:
        """Figures tied to *iri*, in the order of the slots, then of the text."""
        found: dict[str, None] = {}
        for slot in slots:
            ask, prop = self.store.oxigraph.quads_for_pattern, NamedNode(PK + slot)
            quads = (q for node in self.nodes(iri) for q in ask(None, prop, NamedNode(node), None))
            tied = {self.main(q.subject.value) for q in quads if isinstance(q.subject, NamedNode)}
            found |= dict.fromkeys(f.iri for f in self._in_order(t for t in tied if self.kind(t) in FIGURE_CLASSES))
        return [self.figure(f) for f in found]

    def figure(self, iri: str) -> FigureFacts:
        """One figure."""
        p = self.props(iri)

        def one(name: str) -> str:
            return next(iter(p.get(PK + name, ())), "")

        return FigureFacts(
            iri, self.kind(iri), Decimal(one("value") or 0), one("unit"), one("bound")[len(PK) :], one("metric"),
            one("period"), one("per"), one("deadline"), one("frequency"),
            tuple((slot, other) for slot in FIGURE_SLOTS for other in p.get(PK + slot, ())),
            self.passages(iri),
        )  # fmt: skip

    def all_figures(self) -> list[FigureFacts]:
        """All figures of the store, in the order of the text."""
        return self._in_order(self.of_kind(*FIGURE_CLASSES))

    def _in_order(self, iris: Iterable[str]) -> list[FigureFacts]:
        figures = [self.figure(f) for f in iris]
        return sorted(figures, key=lambda f: ([(p.source, p.begin) for p in f.passages], f.iri))

    # words

    def fact_passages(self, iri: str, name: str, value: str) -> tuple[Passage, ...]:
        """Where a source says the value of a fact that is an individual of the ontology, if it was kept."""
        found: dict[Passage, None] = {}
        for q in self.store.oxigraph.quads_for_pattern(None, NamedNode(RDF + "subject"), NamedNode(iri), None):
            if isinstance(q.subject, NamedNode):
                p = self.props(q.subject.value)
                if p.get(RDF + "predicate") == [PK + name] and p.get(RDF + "object") == [PK + value]:
                    found |= dict.fromkeys(self.passages(q.subject.value))
        return tuple(found)

    def passages(self, iri: str) -> tuple[Passage, ...]:
        """Where *iri* is quoted from, in order."""
        found = {p for span in self.props(iri).get(PROV + "wasQuotedFrom", ()) if (p := self._passage(span))}
        return tuple(sorted(found, key=lambda p: (p.source, p.begin, -len(p.text))))

    def source(self, context: str) -> tuple[str, str]:
        """Id and text of a source, by the IRI of its text."""
        known = self._texts.get(context)
        if known is None:
            known = self._texts[context] = (self.get(context, PK + "sourcePath"), self.get(context, NIF + "isString"))
        return known

    def _passage(self, span: str) -> Passage | None:
        # read apart from props(): there are many spans, and each is looked at once
        facts = {
            q.predicate.value: q.object.value
            for q in self.store.oxigraph.quads_for_pattern(NamedNode(span), None, None, None)
            if isinstance(q.object, NamedNode | Literal)
        }
        context = facts.get(NIF + "referenceContext", "")
        if not context:
            return None
        ident, text = self.source(context)
        begin, end = int(facts[NIF + "beginIndex"]), int(facts[NIF + "endIndex"])
        left, right = sentence_around(text, begin, end)
        return Passage(text[begin:end], text[left:begin].lstrip(), text[end:right].rstrip(), ident, begin,
                       self._document_at(context, begin), facts.get(PK + "locator", ""))  # fmt: skip

    def _document_at(self, context: str, position: int) -> str:
        starts = self._documents.get(context, [])
        at = bisect_right(starts, (position, "\U0010ffff")) - 1
        return starts[max(at, 0)][1] if starts else ""

    @cached_property
    def _documents(self) -> dict[str, list[tuple[int, str]]]:
        """By source: where each of its documents begins, in order, as far as quoted words tell."""
        starts: dict[str, dict[str, int]] = defaultdict(dict)
        for q in self.store.oxigraph.quads_for_pattern(None, NamedNode(DCTERMS + "source"), None, None):
            if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode):
                document, context = self.main(q.subject.value), q.object.value
                own = [s for s in self._quoted(document) if s[0] == context]
                parts = [s for part in self._inside(document) for s in self._quoted(part) if s[0] == context]
                begin = min((b for _, b in parts or own), default=0)
                ahead = [b for _, b in own if b <= begin]
                starts[context][document] = min([begin, *ahead])
        return {c: sorted((b, d) for d, b in found.items()) for c, found in starts.items()}

    def _inside(self, document: str) -> Iterator[str]:
        for node in self.nodes(document):
            for q in self.store.oxigraph.quads_for_pattern(None, NamedNode(PK + "partOf"), NamedNode(node), None):
                if isinstance(q.subject, NamedNode):
                    yield self.main(q.subject.value)

    def _quoted(self, iri: str) -> Iterator[tuple[str, int]]:
        for span in self.props(iri).get(PROV + "wasQuotedFrom", ()):
            context, _, place = span.partition("#char=")
            if place:
                yield context, int(place.split(",")[0])


def sentence_around(text: str, begin: int, end: int) -> tuple[int, int]:
    """Bounds of the sentence that holds *begin* to *end*, cut where it is very long."""
    left = max((m.end() for m in _STOP.finditer(text, max(0, begin - _REACH), begin)), default=max(0, begin - _REACH))
    stop = None if text[begin:end].endswith(("。", "\n")) else _STOP.search(text, end, end + _REACH)
    if text[begin:end].endswith(("。", "\n")):
        return left, end
    return left, (stop.end() if stop else min(len(text), end + _REACH))
