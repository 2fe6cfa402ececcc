"""An extraction as RDF, in the terms of the vocabulary contract: one named graph a source, words behind every fact.

The graph is a set of quads that depends on the extraction and the base of IRIs alone. It is kept lean: each span
stands once, a statement made several times has one evidence node, and an entity is quoted from a span that already
backs a statement, where one holds its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad

from extract.model import ENTITY_KINDS, REPLIES, Entity, Extraction, Figure, Kind, Letter, Part, Relation, Span
from kg.rdf import iri
from kg.rdf.identifiers import Names, mint, proposals_of, settings
from ontology.terms import DCTERMS, NIF, PK, PREFIXES, PROV, RDF, RDFS, SKOS, XSD

_MOST_SPANS = 3
"""Quotes kept for one statement that a source makes several times."""
_SHORT = 150
"""Code points of a part that an entity named in it may be quoted from as a whole."""
_LABEL_LENGTH = 40
"""Code points of a part's label, when its first clause is longer."""
_LABEL_LEAST = 6
"""Code points that a part's label has at least, if the part has: 下一步 alone is none."""
_TITLE_FIELDS = ("proposalNumber", "title", "session", "issued", "documentNumber", "handlingClass", "status")
_UNQUOTED = frozenset({"partOf", "actor", "involves"})
"""Slots of a part: the part itself is quoted."""
_SPECIAL = {"broader": SKOS + "broader", "title": DCTERMS + "title", "issued": DCTERMS + "issued"}
_SLOTS_OF = {
    Kind.PROVISION: frozenset({"grantedUnder", "provider", "per", "frequency"}),
    Kind.OBSERVATION: frozenset({"place"}),
    Kind.TARGET: frozenset({"place", "deadline", "frequency", "partOf"}),
    Kind.CONDITION: frozenset({"conditionOf"}),
}
"""What the vocabulary lets a figure of a class have, beside value, unit, bound, metric, period and subject."""
_SLOTS_OF_ALL = frozenset({"unit", "metric", "period", "about"})
_INDIVIDUALS = frozenset({"level", "status"})
"""Facts whose value is an individual of the ontology."""
_MODEL = re.compile(r"^[a-z]+:.")
"""Extractors that have a name of their own (``llm:NAME``); rules are called ``issued.by-agency``."""
_CLAUSE_END = re.compile(r"[,，。；;：:！!？?]")


def quads(extraction: Extraction, base: str = iri.BASE) -> Iterator[Quad]:
    """The graph of one source, in a fixed order, each quad once."""
    return iter(_Graph(extraction, mint(extraction, base), base).build())


def property_iri(name: str) -> str:
    """The IRI of a property as extraction names it: ``issuedBy``, ``broader``, ``dcterms:source``."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return _SPECIAL.get(name, PK + name)


def date_literal(value: str) -> Literal | None:
    """*value* (``2023-06-19``, ``2023-06``, ``2023``) typed as precisely as it is a real date; None if it is none."""
    parts = value.split("-")
    for size, datatype in ((3, "date"), (2, "gYearMonth"), (1, "gYear")):
        if len(parts) >= size and re.fullmatch(r"\d{4}(-\d\d)*", "-".join(parts[:size])):
            try:
                date(*([int(p) for p in parts[:size]] + [1, 1])[:3])
            except ValueError:
                continue
            return Literal("-".join(parts[:size]), datatype=NamedNode(XSD + datatype))
    return None


def with_children(parts: Iterable[Part]) -> frozenset[str]:
    """Ids of the parts that have others right below them, headings that only give context left out."""
    return frozenset(p.parent for p in parts if p.kind is not None and p.parent is not None)


def text_of(part: Part, above: frozenset[str]) -> Span:
    """A part's own words: all of it, or its heading where its children (see :func:`with_children`) say the rest."""
    return part.heading if part.id in above and part.heading else part.span


class _Graph:
    """Collects the quads of one source."""

    def __init__(self, extraction: Extraction, names: Names, base: str) -> None:
        self.x = extraction
        self.base = base
        self.text = extraction.source.text
        self.names = names
        self.context = NamedNode(names.context)
        self.quads: dict[Quad, None] = {}
        self.nodes: dict[str, NamedNode] = {}
        self.spans: dict[Span, NamedNode] = {}
        self.backing: list[Span] = []
        self.above = with_children(self.x.outline.parts)

    def build(self) -> Iterable[Quad]:
        self._source()
        for letter in self.x.outline.letters:
            self._letter(letter)
        for part in self.x.outline.parts:
            if part.kind is not None:
                self._part(part)
        for figure in self.x.figures:
            self._figure(figure)
        self._relations()
        for entity in self.x.entities:
            self._entity(entity)
        return self.quads

    # terms

    def node(self, value: str) -> NamedNode:
        found = self.nodes.get(value)
        if found is None:
            found = self.nodes[value] = NamedNode(value)
        return found

    def add(self, subject: NamedNode, predicate: str, obj: NamedNode | Literal) -> None:
        self.quads[Quad(subject, self.node(predicate), obj, self.context)] = None

    def say(self, subject: NamedNode, name: str, value: str) -> None:
        """State a literal property, if there is a value."""
        if value:
            self.add(subject, property_iri(name), Literal(value))

    def type(self, subject: NamedNode, kind: str) -> None:
        self.add(subject, RDF + "type", self.node(PK + kind))

    def quote(self, subject: NamedNode, span: Span) -> None:
        self.add(subject, PROV + "wasQuotedFrom", self.span(span))

    def span(self, span: Span) -> NamedNode:
        known = self.spans.get(span)
        if known is not None:
            return known
        if not 0 <= span.begin < span.end <= len(self.text):
            raise ValueError(f"{self.x.source.id}: span {span.begin},{span.end} is not in the text")
        node = self.spans[span] = self.node(self.names.span(span))
        self.add(node, RDF + "type", self.node(NIF + "Phrase"))
        self.add(node, NIF + "beginIndex", _index(span.begin))
        self.add(node, NIF + "endIndex", _index(span.end))
        self.add(node, NIF + "anchorOf", Literal(span.of(self.text)))
        self.add(node, NIF + "referenceContext", self.context)
        self.say(node, "locator", self.x.source.place(span.begin))
        return node

    def back(self, span: Span) -> NamedNode:
        """A span that backs a fact, so that entities named in it may be quoted from it."""
        self.backing.append(span)
        return self.span(span)

    # things

    def _source(self) -> None:
        self.add(self.context, RDF + "type", self.node(NIF + "Context"))
        self.add(self.context, NIF + "isString", Literal(self.text))
        self.say(self.context, "sourcePath", self.x.source.id)
        self.say(self.context, "sha256", self.x.source.sha256)
        if self.x.source.media_type:
            self.add(self.context, DCTERMS + "format", Literal(self.x.source.media_type))

    def _letter(self, letter: Letter) -> None:
        node = self.node(self.names.things[letter.id])
        if letter.body is not None:
            self.add(node, DCTERMS + "source", self.context)
        if letter.id in self.names.same:
            return
        self.type(node, letter.kind.value)
        self.add(node, RDFS + "label", Literal(_document_label(letter, self.x), language="zh"))
        for field in letter.fields:
            if field.name in _TITLE_FIELDS and self._fact(node, field.name, field.value):
                self.quote(node, field.span)
        if letter.body is None:
            self.quote(node, letter.span)

    def _part(self, part: Part) -> None:
        node = self.node(self.names.things[part.id])
        whole = text_of(part, self.above)
        self.type(node, part.kind.value if part.kind else "Part")
        self.add(node, RDFS + "label", Literal(_short(part.own.of(self.text)), language="zh"))
        self.say(node, "text", whole.of(self.text))
        self.say(node, "number", part.number)
        parent = self._upper(part.parent)
        self.add(node, PK + "partOf", self.node(self.names.things[parent.id if parent else part.letter]))
        self.add(node, PROV + "wasQuotedFrom", self.back(whole) if len(whole) <= _SHORT else self.span(whole))

    def _upper(self, ident: str | None) -> Part | None:
        """The part *ident*, or the nearest above it that is no mere heading."""
        while ident is not None:
            part = self.x.outline.part(ident)
            if part.kind is not None:
                return part
            ident = part.parent
        return None

    def _figure(self, figure: Figure) -> None:
        node = self.node(self.names.things[figure.id])
        self.type(node, figure.kind.value)
        value = f"{figure.value.normalize():f}"
        self.add(node, PK + "value", Literal(value, datatype=NamedNode(XSD + "decimal")))
        self.add(node, PK + "bound", self.node(PK + figure.bound.value))
        allowed = _SLOTS_OF_ALL | _SLOTS_OF[figure.kind]
        for name in ("unit", "metric", "period", "per", "deadline", "frequency"):
            if name in allowed:
                self.say(node, name, getattr(figure, name))
        slots = {
            "about": figure.about,
            "place": figure.place,
            "grantedUnder": figure.granted_under,
            "provider": figure.provider,
            "partOf": figure.part_of,
            "conditionOf": figure.condition_of,
        }
        for name, ident in slots.items():
            if ident is not None and name in allowed:
                self.add(node, PK + name, self.node(self.names.things[ident]))
        if "partOf" not in allowed or figure.part_of is None:
            self._place_in_document(node, figure.span)
        self.add(node, PROV + "wasQuotedFrom", self.back(figure.span))
        self._attribute(node, figure.rule)

    def _place_in_document(self, node: NamedNode, span: Span) -> None:
        if holder := self._holder(span):
            self.add(node, DCTERMS + "isPartOf", self.node(holder))

    def _holder(self, span: Span) -> str | None:
        """The innermost part, else the document, that *span* stands in."""
        parts = [p for p in self.x.outline.parts if p.kind is not None and p.span.contains(span)]
        letters = [x for x in self.x.outline.letters if x.body is not None and x.span.contains(span)]
        inner = min(parts, key=lambda p: len(p.span), default=None) or min(
            letters, key=lambda x: len(x.span), default=None
        )
        return self.names.things[inner.id] if inner else None

    def _entity(self, entity: Entity) -> None:
        node = self.node(self.names.things[entity.id])
        self.type(node, entity.kind.value)
        self.add(node, RDFS + "label", Literal(entity.label, language="zh"))
        for alias in entity.aliases:
            if alias != entity.label:
                self.add(node, SKOS + "altLabel", Literal(alias, language="zh"))
        quoted = self._quotes(entity.spans)
        for fact in entity.facts:
            if self._fact(node, fact.name, fact.value) and not any(s.contains(fact.span) for s in quoted):
                quoted += self._quotes((fact.span,))
        for span in quoted:
            self.quote(node, span)
        self._attribute(node, entity.rule)

    def _attribute(self, node: NamedNode, extractor: str) -> None:
        """Say which model found a thing, where none of the rules did: statements have ``pk:extractor`` for that."""
        if _MODEL.match(extractor):
            agent = self.node(f"{self.base}extractor/{iri.encode(extractor)}")
            self.add(node, PROV + "wasAttributedTo", agent)
            self.add(agent, RDF + "type", self.node(PROV + "SoftwareAgent"))
            self.add(agent, RDFS + "label", Literal(extractor))

    def _quotes(self, spans: tuple[Span, ...]) -> list[Span]:
        """Where to quote a name from: words that back a statement and hold it, else the first place it stands at."""
        holding = (b for s in spans for b in self.backing if b.contains(s))
        best = min(holding, key=lambda b: (len(b), b), default=None)
        return [best] if best else list(spans[:1])

    def _fact(self, node: NamedNode, name: str, value: str) -> bool:
        """State a literal or an individual; False if the value fits neither."""
        if name == "issued":
            literal = date_literal(value)
            if literal is None:
                return False
            self.add(node, DCTERMS + "issued", literal)
        elif name in _INDIVIDUALS:
            self.add(node, PK + name, self.node(PK + value))
        else:
            self.say(node, name, value)
        return bool(value)

    # statements

    def _relations(self) -> None:
        stated: dict[tuple[str, str, str], list[Relation]] = {}
        for r in self.x.relations:
            subject, obj = self.names.things[r.subject], self.names.things[r.object]
            if r.predicate.rpartition(":")[2] in {"source", "sameAs"} or subject == obj:
                continue  # which entity a policy text is
            stated.setdefault((subject, property_iri(r.predicate), obj), []).append(r)
        quotable = {p.id for p in self.x.outline.parts} | {f.id for f in self.x.figures}
        for (subject, predicate, obj), made in stated.items():
            self.add(self.node(subject), predicate, self.node(obj))
            if made[0].subject in quotable and made[0].predicate in _UNQUOTED:
                continue
            self._evidence(subject, predicate, obj, made)

    def _evidence(self, subject: str, predicate: str, obj: str, made: list[Relation]) -> None:
        best = max(made, key=lambda r: r.confidence)
        node = self.node(self.names.evidence(subject, predicate, obj))
        self.type(node, "Evidence")
        self.add(node, RDF + "subject", self.node(subject))
        self.add(node, RDF + "predicate", self.node(predicate))
        self.add(node, RDF + "object", self.node(obj))
        self.add(node, PK + "confidence", Literal(f"{best.confidence:.3g}", datatype=NamedNode(XSD + "decimal")))
        self.say(node, "extractor", best.rule)
        for span in sorted({r.span for r in made})[:_MOST_SPANS]:
            self.add(node, PROV + "wasQuotedFrom", self.back(span))


def _index(position: int) -> Literal:
    # no narrower type: Oxigraph keeps all integers as xsd:integer
    return Literal(str(position), datatype=NamedNode(XSD + "integer"))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    """The first clauses of *text* that say something: a label."""
    flat = _flat(text)
    end = next((m.start() for m in _CLAUSE_END.finditer(flat) if m.start() >= _LABEL_LEAST), len(flat))
    return flat[: min(end, _LABEL_LENGTH)] or flat


def _document_label(letter: Letter, extraction: Extraction) -> str:
    forms = settings()["label"]
    title, number = letter.first("title") or "", letter.first("proposalNumber") or ""
    if letter.kind not in REPLIES:
        if title:
            return str(forms[letter.kind.value]).format(title=title)
        if letter.kind is not Kind.PROPOSAL:  # a policy text whose title was not found: its first words
            return _short(letter.span.of(extraction.source.text))
        key = "Proposal_numbered" if number else "Proposal_unknown"
        return str(forms[key]).format(number=number)
    by_id = {x.id: x for x in extraction.outline.letters}
    answered = [by_id[i] for i in proposals_of(letter, extraction)]
    about = forms["separator"].join(_called(x) for x in answered) or forms["about_unknown"]
    entities = {e.id: e.label for e in extraction.entities if e.kind in ENTITY_KINDS}
    issuers = [
        entities[r.object]
        for r in extraction.relations
        if r.subject == letter.id and r.predicate == "issuedBy" and r.object in entities
    ]
    issuer = forms["separator"].join(dict.fromkeys(issuers)) or letter.first("issuedBy") or forms["issuer_unknown"]
    return str(forms[letter.kind.value]).format(issuer=issuer, about=about)


def _called(letter: Letter) -> str:
    forms = settings()["label"]
    if number := letter.first("proposalNumber"):
        return str(forms["about_numbered"]).format(number=number)
    if title := letter.first("title"):
        return str(forms["about_titled"]).format(title=title)
    return str(forms["about_unknown"])
