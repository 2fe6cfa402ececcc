"""A view of a store as things, statements and passages, for pages, reports and network exports.

Nothing is loaded in advance: each look-up asks the index of the store, and its result is cached. The facts that several
sources state about one thing are merged in a fixed order, as are nodes that are the same letter, part or figure
(``pk:sameAs``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad

from extract.text.normalize import name_key
from kg.graph.facts import FigureFacts, Passage, Statement
from kg.graph.memory import Remembered
from kg.graph.sentences import sentence_around
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
    RULE_CLASSES,
    SKOS,
)

NODE_CLASSES = DOCUMENT_CLASSES | PART_CLASSES | ENTITY_CLASSES
"""Classes of things that are shown on their own. A figure is shown as a fact of the thing that it is about."""
_SHOWN = {PK + name: name for name in sorted(NODE_CLASSES | FIGURE_CLASSES)}
FIGURE_SLOTS = ("about", "grantedUnder", "provider", "conditionOf", "partOf", "place")
"""Properties that connect a figure with things, the closest connection first."""
PART_LINKS = ("partOf", "involves", "actor")
"""Properties of a part whose evidence is the part itself."""

_TYPE = RDF + "type"
_LITERALS = ("documentNumber", "proposalNumber", "session", "handlingClass", "number", "status", "level", "replyState",
             "unreadFile", "outcome")  # fmt: skip
_ADDED = frozenset({PROV + "wasQuotedFrom", DCTERMS + "source"})
"""Properties that a part or figure takes over from a node that is the same."""
_LINKED = frozenset({SKOS + "altLabel", DCTERMS + "source", PROV + "wasQuotedFrom", PK + "repliesTo"})
"""Properties that a letter takes over in addition to those that it lacks."""

_MOST_THINGS, _MOST_PASSAGES = 200_000, 50_000
"""How many things, and how many quotes and figures, a view remembers; all of a large store would fill the memory."""


class View:
    """Cached look-ups in an open store. Things are given by their IRIs."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._builds = store.builds_graph
        self._props = Remembered[str, dict[str, list[str]]](_MOST_THINGS)
        self._texts: dict[str, tuple[str, str]] = {}
        self._pointing = Remembered[str, dict[str, list[str]]](_MOST_THINGS)
        self._known_passages = Remembered[str, Passage | None](_MOST_PASSAGES)
        self._quoted = Remembered[str, tuple[Passage, ...]](_MOST_PASSAGES)
        self._known_figures = Remembered[str, FigureFacts](_MOST_PASSAGES)
        same = NamedNode(PK + "sameAs")
        self._main: dict[str, str] = {
            quad.subject.value: quad.object.value
            for quad in store.oxigraph.quads_for_pattern(None, same, None, NamedNode(store.links_graph))
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
        }
        self._others: dict[str, list[str]] = defaultdict(list)
        for other, main in sorted(self._main.items()):
            self._others[main].append(other)

    # things

    def main_node(self, iri: str) -> str:
        """Return the node that represents *iri*: the node itself, or the one that it is the same as."""
        return self._main.get(iri, iri)

    def same_nodes(self, iri: str) -> tuple[str, ...]:
        """Return *iri* and the nodes that it represents."""
        return (iri, *self._others.get(iri, ()))

    def properties(self, iri: str) -> dict[str, list[str]]:
        """Return the values of *iri* by property IRI, each value once, sorted."""
        known = self._props.get(iri)
        if known is None:
            found = self._own(iri)
            for other in self._others.get(iri, ()):
                self._merge(found, self._own(other), "#" in iri)
            known = self._props.keep(iri, {p: sorted(values) for p, values in sorted(found.items())})
        return known

    def _own(self, iri: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for quad in self.store.find_statements(iri):
            value = quad.object  # made anew by each access
            if isinstance(value, NamedNode):
                found[quad.predicate.value].add(self.main_node(value.value))
            elif isinstance(value, Literal):
                found[quad.predicate.value].add(value.value)
        return found

    def _merge(self, found: dict[str, set[str]], more: dict[str, set[str]], inside: bool) -> None:
        """Add to *found* the values *more* of a node that is the same.

        Args:
            found: values by property of the representing node; changed in place.
            more: values by property of the other node.
            inside: whether the nodes are parts or figures, not letters. A part keeps its own label and text.
        """
        for prop, values in more.items():
            if prop == RDFS + "label":
                if not inside:
                    found[SKOS + "altLabel"] |= values - found[prop]
            elif prop in _ADDED or (not inside and (prop not in found or prop in _LINKED)):
                found[prop] |= values

    def first_value(self, iri: str, prop: str) -> str:
        """Return the first value of the property with the IRI *prop*; empty if there is none."""
        return next(iter(self.properties(iri).get(prop, ())), "")

    def kind(self, iri: str) -> str:
        """Return the local name of the class of *iri*; empty if it has none."""
        for name in self.properties(iri).get(_TYPE, ()):
            if name in _SHOWN:
                return _SHOWN[name]
        return ""

    def rule_class(self, iri: str) -> str:
        """Return the local name of the class of *iri* if it is a group of conditions or a rule of stacking."""
        names = (name.removeprefix(PK) for name in self.properties(iri).get(_TYPE, ()))
        return next((name for name in names if name in RULE_CLASSES), "")

    def label(self, iri: str) -> str:
        """Return the name of *iri*: the longest one, if sources print it differently."""
        labels = self.properties(iri).get(RDFS + "label") or self.properties(iri).get(DCTERMS + "title") or []
        return max(labels, key=lambda s: (len(s), s), default=iri.rpartition("/")[2])

    def aliases(self, iri: str) -> list[str]:
        """Return the other names of *iri*, sorted."""
        values = self.properties(iri)
        return sorted({*values.get(SKOS + "altLabel", ()), *values.get(RDFS + "label", ())} - {self.label(iri)})

    def find_by_class(self, *classes: str) -> list[str]:
        """Return the IRIs of the things of any of *classes* (local names), sorted."""
        found = set()
        for name in classes:
            for quad in self.store.find_statements(None, _TYPE, PK + name):
                if isinstance(quad.subject, NamedNode) and quad.subject.value not in self._main:
                    found.add(quad.subject.value)
        return sorted(found)

    def literals(self, iri: str) -> Iterator[tuple[str, str]]:
        """Yield the local name and value of each plain fact of *iri*: numbers, dates, level, status."""
        values = self.properties(iri)
        for name in _LITERALS:
            for value in values.get(PK + name, ()):
                yield name, value[len(PK) :] if value.startswith(PK) else value
        for value in values.get(DCTERMS + "issued", ()):
            yield "issued", value

    @cached_property
    def iris_by_name(self) -> dict[str, list[str]]:
        """The IRIs of things by the ``name_key`` of each name, proposal number and 文号."""
        found: dict[str, set[str]] = defaultdict(set)
        for prop in (RDFS + "label", SKOS + "altLabel", PK + "proposalNumber", PK + "documentNumber"):
            for quad in self.store.find_statements(None, prop):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                    found[name_key(quad.object.value)].add(self.main_node(quad.subject.value))
        return {name: sorted(iris) for name, iris in found.items()}

    # statements

    def statements(self, iri: str) -> list[Statement]:
        """Return all statements with evidence whose subject or object is *iri*, sorted."""
        found: dict[tuple[str, str, str], Statement] = {}
        for end in ("subject", "object"):
            for node in self.same_nodes(iri):
                for evidence in self._subjects(RDF + end, node):
                    self._add_statement(found, evidence)
        return [found[key] for key in sorted(found)]

    def all_statements(self) -> list[Statement]:
        """Return all statements with evidence in the store, sorted."""
        found: dict[tuple[str, str, str], Statement] = {}
        for evidence in self.find_by_class("Evidence"):
            self._add_statement(found, evidence)
        return [found[key] for key in sorted(found)]

    def _add_statement(self, found: dict[tuple[str, str, str], Statement], evidence: str) -> None:
        values = self.properties(evidence)
        key = (values[RDF + "subject"][0], values[RDF + "predicate"][0], values[RDF + "object"][0])
        if key[1] == PK + "sameAs" or key[2].startswith(PK):
            return  # nodes that are the same are merged already; an individual of the ontology is a plain fact
        if self.kind(key[0]) in FIGURE_CLASSES:
            return  # a figure is shown as a fact of what it is connected with
        confidence = max(map(float, values.get(PK + "confidence", ())), default=None)
        passages = self.passages(evidence)
        if earlier := found.get(key):
            passages = tuple(dict.fromkeys((*earlier.passages, *passages)))
            confidence = max((c for c in (earlier.confidence, confidence) if c is not None), default=None)
        found[key] = Statement(key[0], _get_local_name(key[1]), key[2], passages, confidence)

    def links(self, iri: str) -> list[Statement]:
        """Return the statements between *iri* and parts of documents; the passage of each is the part itself."""
        found = {Statement(iri, name, other, self.passages(iri), None) for name in PART_LINKS
                 for other in self.properties(iri).get(PK + name, ()) if self.kind(iri) in PART_CLASSES}  # fmt: skip
        for name in PART_LINKS:
            for node in self.same_nodes(iri):
                for part in map(self.main_node, self._subjects(PK + name, node)):
                    if self.kind(part) in PART_CLASSES:
                        found.add(Statement(part, name, iri, self.passages(part), None))
        return sorted(found, key=lambda s: (s.subject, s.predicate, s.object))

    # figures

    def figures(self, iri: str, slots: Iterable[str] = FIGURE_SLOTS) -> list[FigureFacts]:
        """Return the figures connected with *iri*, in the order of the slots, then of the text."""
        found: dict[str, None] = {}
        for slot in slots:
            connected = {self.main_node(x) for node in self.same_nodes(iri) for x in self._subjects(PK + slot, node)}
            figures = self._sort_figures(node for node in connected if self.kind(node) in FIGURE_CLASSES)
            found |= dict.fromkeys(figure.iri for figure in figures)
        return [self.figure(figure) for figure in found]

    def figure(self, iri: str) -> FigureFacts:
        """Return the figure *iri*."""
        known = self._known_figures.get(iri)
        return known or self._known_figures.keep(iri, self._read_figure(iri))

    def _read_figure(self, iri: str) -> FigureFacts:
        values = self.properties(iri)

        def first(name: str) -> str:
            return next(iter(values.get(PK + name, ())), "")

        return FigureFacts(
            iri, self.kind(iri), Decimal(first("value") or 0), first("unit"), first("bound")[len(PK) :],
            first("metric") or first("criterion"), first("period"), first("per"), first("deadline"), first("frequency"),
            tuple((slot, other) for slot in FIGURE_SLOTS for other in values.get(PK + slot, ())),
            self.passages(iri), first("requires"),
        )  # fmt: skip

    def all_figures(self) -> list[FigureFacts]:
        """Return all figures of the store, in the order of the text."""
        return self._sort_figures(self.find_by_class(*FIGURE_CLASSES))

    def _sort_figures(self, iris: Iterable[str]) -> list[FigureFacts]:
        figures = [self.figure(iri) for iri in iris]
        return sorted(figures, key=lambda figure: ([(p.source, p.begin) for p in figure.passages], figure.iri))

    # passages

    def fact_passages(self, iri: str, name: str, value: str) -> tuple[Passage, ...]:
        """Return the passages that state a fact whose value is an individual of the ontology.

        Args:
            iri: the thing.
            name: local name of the property.
            value: local name of the individual.
        """
        found: dict[Passage, None] = {}
        for evidence in self._subjects(RDF + "subject", iri):
            values = self.properties(evidence)
            if values.get(RDF + "predicate") == [PK + name] and values.get(RDF + "object") == [PK + value]:
                found |= dict.fromkeys(self.passages(evidence))
        return tuple(found)

    def passages(self, iri: str) -> tuple[Passage, ...]:
        """Return the passages that *iri* is quoted from, in order."""
        known = self._quoted.get(iri)
        if known is None:
            spans = self.properties(iri).get(PROV + "wasQuotedFrom", ())
            found = set(filter(None, map(self._passage, spans)))
            known = self._quoted.keep(iri, tuple(sorted(found, key=lambda p: (p.source, p.begin, -len(p.text)))))
        return known

    def source(self, context: str) -> tuple[str, str]:
        """Return the id and the text of a source, by the IRI of its text."""
        known = self._texts.get(context)
        if known is None:
            known = self._texts[context] = (
                self.first_value(context, PK + "sourcePath"),
                self.first_value(context, NIF + "isString"),
            )
        return known

    def _passage(self, span: str) -> Passage | None:
        try:
            return self._known_passages[span]
        except KeyError:
            pass
        return self._known_passages.keep(span, self._read_passage(span))

    def _read_passage(self, span: str) -> Passage | None:
        context, _, place = span.partition("#char=")  # its place stands in its IRI
        first, _, last = place.partition(",")
        ident, text = self.source(context)
        if not (text and first.isdecimal() and last.isdecimal()):
            return None
        begin, end = int(first), int(last)
        left, right = sentence_around(text, begin, end)
        printed = next(self.store.find_statements(span, PK + "locator"), None) if self._has_locators else None
        return Passage(text[begin:end], text[left:begin].lstrip(), text[end:right].rstrip(), ident, begin,
                       self.document_at(context, begin), getattr(printed and printed.object, "value", ""))  # fmt: skip

    @cached_property
    def _has_locators(self) -> bool:
        """Whether the store has places in original files at all."""
        return next(self.store.find_statements(None, PK + "locator"), None) is not None

    def document_at(self, context: str, position: int) -> str:
        """Return the document that stands at a position of a text, by the IRI of the text; empty if there is none."""
        starts = self._documents.get(context, [])
        at = bisect_right(starts, (position, "\U0010ffff")) - 1
        return starts[max(at, 0)][1] if starts else ""

    @cached_property
    def _documents(self) -> dict[str, list[tuple[int, str]]]:
        """The documents of each source as pairs of begin and IRI, sorted. The begin is that of the first quote."""
        starts: dict[str, dict[str, int]] = defaultdict(dict)
        for quad in self.store.find_statements(None, DCTERMS + "source"):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                document, context = self.main_node(quad.subject.value), quad.object.value
                own = [begin for text, begin in self._quote_begins(document) if text == context]
                parts = [
                    begin
                    for part in self._parts(document)
                    for text, begin in self._quote_begins(part)
                    if text == context
                ]
                first = min(parts or own, default=0)
                starts[context][document] = min([first, *(begin for begin in own if begin <= first)])
        return {c: sorted((begin, d) for d, begin in found.items()) for c, found in starts.items()}

    def _parts(self, document: str) -> Iterator[str]:
        for node in self.same_nodes(document):
            yield from map(self.main_node, self._subjects(PK + "partOf", node))

    def _quote_begins(self, iri: str) -> Iterator[tuple[str, int]]:
        for span in self.properties(iri).get(PROV + "wasQuotedFrom", ()):
            context, _, place = span.partition("#char=")
            if place:
                yield context, int(place.split(",")[0])

    def knows(self, iri: str) -> bool:
        """Return whether the store states anything of *iri*. What is not there is not remembered."""
        try:
            return bool(self._props.get(iri)) or next(self.store.find_statements(iri), None) is not None
        except ValueError:  # it is no IRI
            return False

    def is_small(self, iri: str, most: int) -> bool:
        """Return whether at most *most* statements are about *iri* or have it as their value; no more are read."""
        left = most
        for node in self.same_nodes(iri):
            pointing = self._pointing.get(node)
            if pointing is None:
                quads = list(islice(self.store.find_statements(None, None, node), left + 1))
                if len(quads) > left:
                    return False
                pointing = self._keep_pointing(node, quads)
            known = self._props.get(node)
            own = known.values() if known else [list(islice(self.store.find_statements(node), left + 1))]
            left -= sum(map(len, pointing.values())) + sum(map(len, own))
        return left >= 0

    def _subjects(self, prop: str, iri: str) -> Sequence[str]:
        """Return the IRIs of which the store states *prop* with the value *iri*."""
        known = self._pointing.get(iri)
        if known is None:  # one look-up for all properties: the page of a thing needs most of them
            known = self._keep_pointing(iri, self.store.find_statements(None, None, iri))
        return known.get(prop, ())

    def _keep_pointing(self, iri: str, quads: Iterable[Quad]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for quad in quads:
            subject = quad.subject
            if isinstance(subject, NamedNode):
                found.setdefault(quad.predicate.value, []).append(subject.value)
        return self._pointing.keep(iri, found)


@lru_cache(maxsize=1000)
def _get_local_name(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]
