"""The RDF of an extraction, in the terms of the vocabulary contract: one named graph a source, a quote for each fact.

The quads depend on the extraction and the base of IRIs only. The graph is kept small: each span occurs once, a
statement made several times has one evidence node, and an entity is quoted from a span that already backs a
statement if such a span contains its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from extract.garbage import pause_collection
from extract.model import ENTITY_KINDS, Entity, Extraction, Figure, Kind, Letter, Part, Relation, Span
from extract.revision import index_revised_slots
from extract.text.search import SpanIndex, holds_any, index_shortest_first
from kg.rdf import iri
from kg.rdf.identifiers import GraphNames, mint_iris
from kg.rdf.labels import label_document, shorten_text
from kg.rdf.parts import find_parent_ids, select_own_text
from kg.rdf.requirements import RuleNode, list_rule_nodes
from kg.rdf.revisions import describe_revision, name_revision
from kg.rdf.slots import EVIDENT_SLOTS, SLOTS_OF, SLOTS_OF_ALL, choose_quotes, find_slots
from kg.rdf.terms import (
    DECIMAL,
    make_class,
    make_date_literal,
    make_number,
    make_property,
    make_property_iri,
    make_share,
)
from ontology.terms import NIF, PK, PROV, RDF, RDFS, SKOS

_MOST_SPANS = 3
"""Largest number of quotes for one statement that a source makes several times."""
_SHORT = 150
"""Largest number of code points of a part that serves as the quote of an entity named in it."""
_TITLE_FIELDS = ("proposalNumber", "title", "session", "issued", "documentNumber", "handlingClass", "status")
_UNQUOTED = frozenset({"partOf", "actor", "involves"})
"""Relations of a part without evidence of their own: the part itself is quoted."""
_NOT_NAMED = 0.8
"""Factor of the confidence of a slot whose thing is not named in the quoted words, but before them."""
_FIGURE_RULE = "figure"
"""Extractor of the slots of a figure without a rule of its own."""
_INDIVIDUALS = frozenset({"level", "status"})
"""Facts whose value is an individual of the ontology."""
_MODEL = re.compile(r"^[a-z]+:.")
"""Extractors that are models (``llm:NAME``); rules have names like ``issued.by-agency``."""

_TYPE, _LABEL, _ALT_LABEL = NamedNode(RDF + "type"), NamedNode(RDFS + "label"), NamedNode(SKOS + "altLabel")
_SUBJECT, _PREDICATE, _OBJECT = NamedNode(RDF + "subject"), NamedNode(RDF + "predicate"), NamedNode(RDF + "object")
_QUOTED_FROM = NamedNode(PROV + "wasQuotedFrom")
_PHRASE, _BEGIN, _END = NamedNode(NIF + "Phrase"), NamedNode(NIF + "beginIndex"), NamedNode(NIF + "endIndex")
_ANCHOR, _REFERENCE = NamedNode(NIF + "anchorOf"), NamedNode(NIF + "referenceContext")
_EVIDENCE, _CONFIDENCE, _EXTRACTOR = (
    NamedNode(PK + "Evidence"),
    NamedNode(PK + "confidence"),
    NamedNode(PK + "extractor"),
)


def build_quads(extraction: Extraction, base: str = iri.BASE) -> Iterator[Quad]:
    """Yield the graph of one source, each quad once, in a fixed order."""
    with pause_collection():
        return iter(_GraphBuilder(extraction, mint_iris(extraction, base), base).build())


class _GraphBuilder:
    """Collects the quads of one source."""

    def __init__(self, extraction: Extraction, names: GraphNames, base: str) -> None:
        self.extraction = extraction
        self.base = base
        self.text = extraction.source.text
        self.names = names
        self.context = NamedNode(names.context)
        self.quads: list[Quad] = []
        self.seen: set[Quad] = set()
        """Those that could be added again: spans and evidence are known by what they are made of."""
        self.evidence: dict[tuple[str, str, str], list[Quad]] = {}
        """The quads of the evidence of each statement."""
        self.nodes: dict[str, NamedNode] = {}
        self.spans: dict[Span, NamedNode] = {}
        self.backing: list[Span] = []
        """Spans that back a statement: an entity named in one is quoted from it."""
        outline = extraction.outline
        self.parents = find_parent_ids(outline.parts)
        parts = [part for part in outline.parts if part.kind is not None]
        self.part_ids = {part.span: part.id for part in reversed(parts)}  # of parts with equal spans, the first
        self.part_spans = SpanIndex(sorted((part.span for part in parts), key=len))
        self.rules: Sequence[RuleNode] = tuple(list_rule_nodes(extraction))
        self.ruled = {rule.ident for rule in self.rules}
        """Conditions whose figures do not say what they decide: the rules do."""
        self.bodies = [letter for letter in outline.letters if letter.body is not None]

    def build(self) -> Iterable[Quad]:
        outline = self.extraction.outline
        self.add_source()
        for letter in outline.letters:
            self.add_letter(letter)
        for part in outline.parts:
            if part.kind is not None:
                self.add_part(part)
        for figure in self.extraction.figures:
            self.add_figure(figure)
        for rule in self.rules:
            self.add_rule(rule)
        self.add_relations()
        self.add_slot_evidence()
        backing = index_shortest_first(self.backing)
        for entity in self.extraction.entities:
            self.add_entity(entity, backing)
        for revision in self.extraction.revisions:
            for prop, value in describe_revision(revision, self.names):
                self.add(name_revision(revision, self.names), prop, value)
            self.add_quote(name_revision(revision, self.names), Span(*revision.span))
        return self.quads

    # terms

    def get_node(self, value: str) -> NamedNode:
        node = self.nodes.get(value)
        if node is None:
            node = self.nodes[value] = NamedNode(value)
        return node

    def get_thing(self, ident: str) -> NamedNode:
        """Return the node of a Letter, Part, Entity or Figure."""
        return self.get_node(self.names.iris[ident])

    def add(self, subject: NamedNode, predicate: NamedNode, obj: NamedNode | Literal) -> None:
        quad = Quad(subject, predicate, obj, self.context)
        if quad not in self.seen:
            self.seen.add(quad)
            self.quads.append(quad)

    def add_literal(self, subject: NamedNode, name: str, value: str) -> None:
        """Add a literal property, unless the value is empty."""
        if value:
            self.add(subject, make_property(name), Literal(value))

    def add_type(self, subject: NamedNode, kind: str) -> None:
        self.add(subject, _TYPE, make_class(kind))

    def add_quote(self, subject: NamedNode, span: Span) -> None:
        self.add(subject, _QUOTED_FROM, self.add_span(span))

    def add_backing(self, span: Span) -> NamedNode:
        """Add a span from which entities named in it can be quoted."""
        self.backing.append(span)
        return self.add_span(span)

    def add_span(self, span: Span) -> NamedNode:
        known = self.spans.get(span)
        if known is not None:
            return known
        begin, end = span
        if not 0 <= begin < end <= len(self.text):
            raise ValueError(f"{self.extraction.source.id}: span {begin},{end} is not in the text")
        node = self.spans[span] = NamedNode(self.names.make_span_iri(span))
        context = self.context
        self.quads += (
            Quad(node, _TYPE, _PHRASE, context),
            Quad(node, _BEGIN, make_number(begin), context),
            Quad(node, _END, make_number(end), context),
            Quad(node, _ANCHOR, Literal(self.text[begin:end]), context),
            Quad(node, _REFERENCE, context, context),
        )
        self.add_literal(node, "locator", self.extraction.source.find_place(begin))
        return node

    # documents, parts, figures, entities

    def add_source(self) -> None:
        source = self.extraction.source
        self.add(self.context, _TYPE, self.get_node(NIF + "Context"))
        self.add(self.context, self.get_node(NIF + "isString"), Literal(self.text))
        self.add_literal(self.context, "sourcePath", source.id)
        self.add_literal(self.context, "sha256", source.sha256)
        self.add_literal(self.context, "dcterms:format", source.media_type)

    def add_letter(self, letter: Letter) -> None:
        node = self.get_thing(letter.id)
        if letter.body is not None:
            self.add(node, make_property("dcterms:source"), self.context)
        if letter.id in self.names.letter_entities:
            return
        self.add_type(node, letter.kind.value)
        self.add(node, _LABEL, Literal(label_document(letter, self.extraction), language="zh"))
        for field in letter.fields:
            if field.name in _TITLE_FIELDS and self.add_fact(node, field.name, field.value):
                self.add_quote(node, field.span)
        if letter.body is None:
            self.add_quote(node, letter.span)
        elif letter.kind in ENTITY_KINDS and not letter.get_value("title"):
            self.add_quote(node, self._find_opening(letter))

    def _find_opening(self, letter: Letter) -> Span:
        """Return the first clause of a policy text without a title."""
        words = letter.span.of(self.text)
        begin = letter.span.begin + len(words) - len(words.lstrip())
        length = len(shorten_text(words))
        return Span(begin, min(begin + length, letter.span.end))

    def add_part(self, part: Part) -> None:
        node = self.get_thing(part.id)
        own = select_own_text(part, self.parents)
        self.add_type(node, part.kind.value if part.kind else "Part")
        self.add(node, _LABEL, Literal(shorten_text(part.label_span.of(self.text)), language="zh"))
        self.add_literal(node, "text", own.of(self.text))
        self.add_literal(node, "number", part.number)
        self.add_literal(node, "deadline", part.deadline)
        self.add_literal(node, "frequency", part.frequency)
        if part.refused:
            self.add(node, make_property("outcome"), self.get_node(PK + "NotTakenUp"))
        parent = self.find_proper_part(part.parent)
        self.add(node, make_property("partOf"), self.get_thing(parent.id if parent else part.letter))
        self.add(node, _QUOTED_FROM, self.add_backing(own) if len(own) <= _SHORT else self.add_span(own))

    def find_proper_part(self, ident: str | None) -> Part | None:
        """Return the part *ident*, or the nearest one above it that is not a mere heading."""
        while ident is not None:
            part = self.extraction.outline.get_part(ident)
            if part.kind is not None:
                return part
            ident = part.parent
        return None

    def add_figure(self, figure: Figure) -> None:
        node = self.get_thing(figure.id)
        self.add_type(node, figure.kind.value)
        value = f"{figure.value.normalize():f}"
        self.add(node, make_property("value"), Literal(value, datatype=DECIMAL))
        self.add(node, make_property("bound"), self.get_node(PK + figure.bound.value))
        if figure.support is not None and figure.kind is Kind.PROVISION:
            self.add(node, make_property("supportType"), self.get_node(PK + figure.support.value))
        allowed = SLOTS_OF_ALL | SLOTS_OF[figure.kind]
        for name in ("unit", "metric", "period", "per", "deadline", "frequency"):
            if name in allowed:
                self.add_literal(node, name, getattr(figure, name))
        for name, ident in self.list_slots(figure):
            self.add(node, make_property(name), self.get_thing(ident))
        if ("partOf" not in allowed or figure.part_of is None) and (holder := self.find_holder(figure.span)):
            self.add(node, make_property("dcterms:isPartOf"), self.get_thing(holder))
        self.add(node, _QUOTED_FROM, self.add_backing(figure.span))
        self.add_model(node, figure.rule)

    def add_rule(self, rule: RuleNode) -> None:
        """Add a condition, a group of conditions or a stacking rule, with evidence for what it is about."""
        node = self.get_thing(rule.ident)
        self.add_type(node, rule.kind)
        for name, text in rule.texts:
            self.add_literal(node, name, text)
        for name, number in rule.numbers:
            self.add(node, make_property(name), Literal(str(number), datatype=DECIMAL))
        for name, value in rule.values:
            self.add(node, make_property(name), self.get_node(PK + value))
        for name, ident in rule.links:
            statement = self.names.iris[rule.ident], make_property_iri(name), self.names.iris[ident]
            self.add(node, make_property(name), self.get_thing(ident))
            self.add_evidence_node(statement, rule.confidence, rule.rule, [self.add_backing(rule.span)])
        if not rule.has_number:
            if holder := self.find_holder(rule.span):
                self.add(node, make_property("dcterms:isPartOf"), self.get_thing(holder))
            self.add(node, _QUOTED_FROM, self.add_backing(rule.span))

    def find_holder(self, span: Span) -> str | None:
        """Return the id of the innermost part, else of the document, that contains *span*."""
        span_of_part = self.part_spans.find_holder(span)
        if span_of_part is not None:
            return self.part_ids[span_of_part]
        letters = [letter for letter in self.bodies if letter.span.contains(span)]
        return min(letters, key=lambda letter: len(letter.span)).id if letters else None

    def add_entity(self, entity: Entity, backing: SpanIndex) -> None:
        node = self.get_thing(entity.id)
        self.add_type(node, entity.kind.value)
        self.add(node, _LABEL, Literal(entity.label, language="zh"))
        for alias in entity.aliases:
            if alias != entity.label:
                self.add(node, _ALT_LABEL, Literal(alias, language="zh"))
        quoted = choose_quotes(entity.spans, backing)
        for fact in entity.facts:
            if self.add_fact(node, fact.name, fact.value) and not any(span.contains(fact.span) for span in quoted):
                quoted += choose_quotes((fact.span,), backing)
        for span in quoted:
            self.add_quote(node, span)
        self.add_model(node, entity.rule)

    def add_model(self, node: NamedNode, extractor: str) -> None:
        """Add which model found a thing. For rules nothing is added: ``pk:extractor`` of the statements names them."""
        if _MODEL.match(extractor):
            agent = self.get_node(f"{self.base}extractor/{iri.percent_encode(extractor)}")
            self.add(node, self.get_node(PROV + "wasAttributedTo"), agent)
            self.add(agent, _TYPE, self.get_node(PROV + "SoftwareAgent"))
            self.add(agent, _LABEL, Literal(extractor))

    def add_fact(self, node: NamedNode, name: str, value: str) -> bool:
        """Add a literal or an individual; return False if the value is empty or no date where one is needed."""
        if name == "issued":
            literal = make_date_literal(value)
            if literal is None:
                return False
            self.add(node, make_property("dcterms:issued"), literal)
        elif name in _INDIVIDUALS:
            self.add(node, make_property(name), self.get_node(PK + value))
        else:
            self.add_literal(node, name, value)
        return bool(value)

    # statements

    def add_relations(self) -> None:
        iris = self.names.iris
        statements: dict[tuple[str, str, str], list[Relation]] = {}
        for relation in self.extraction.relations:
            subject, obj = iris[relation.subject], iris[relation.object]
            if relation.predicate.rpartition(":")[2] in {"source", "sameAs"} or subject == obj:
                continue  # a policy text and its entity have one IRI
            statements.setdefault((subject, make_property_iri(relation.predicate), obj), []).append(relation)
        quotable: set[str] = {part.id for part in self.extraction.outline.parts}
        for statement, relations in statements.items():
            subject, predicate, obj = statement
            self.add(self.get_node(subject), self.get_node(predicate), self.get_node(obj))
            if relations[0].subject not in quotable or relations[0].predicate not in _UNQUOTED:
                self.add_evidence(statement, relations)

    def add_evidence(self, statement: tuple[str, str, str], relations: list[Relation]) -> None:
        """Add the evidence of a statement: confidence and extractor of its surest relation, quotes of all."""
        best = max(relations, key=lambda relation: relation.confidence)
        quotes = [self.add_backing(span) for span in sorted({relation.span for relation in relations})[:_MOST_SPANS]]
        self.add_evidence_node(statement, best.confidence, best.rule, quotes)

    def add_evidence_node(
        self, statement: tuple[str, str, str], confidence: float, rule: str, quotes: Iterable[NamedNode]
    ) -> None:
        """Add an evidence node, or what is new of it."""
        context, get_node = self.context, self.get_node
        subject, predicate, obj = statement
        node = get_node(self.names.make_evidence_iri(subject, predicate, obj))
        told = [
            Quad(node, _TYPE, _EVIDENCE, context),
            Quad(node, _SUBJECT, get_node(subject), context),
            Quad(node, _PREDICATE, get_node(predicate), context),
            Quad(node, _OBJECT, get_node(obj), context),
            Quad(node, _CONFIDENCE, make_share(confidence), context),
        ]
        if rule:
            told.append(Quad(node, _EXTRACTOR, Literal(rule), context))
        told += [Quad(node, _QUOTED_FROM, quote, context) for quote in quotes]
        known = self.evidence.setdefault(statement, [])
        new = [quad for quad in told if quad not in known] if known else told
        known += new
        self.quads += new

    def add_slot_evidence(self) -> None:
        """Add the evidence of what each figure is connected with, quoted from spans that the graph has already.

        The quote is the shortest span with the figure and the name of the thing. If there is none, it is the figure.
        """
        known, revised = index_shortest_first(self.spans), index_revised_slots(self.extraction.revisions)
        entities: dict[str, Entity] = {entity.id: entity for entity in self.extraction.entities}
        figures: dict[str, Figure] = {figure.id: figure for figure in self.extraction.figures}
        for figure in self.extraction.figures:
            for name, ident in self.list_slots(figure):
                if name not in EVIDENT_SLOTS:
                    continue
                entity = entities.get(ident)
                mentions = sorted(entity.spans) if entity else [figures[ident].span]
                own_confidence = entity.confidence if entity else figures[ident].confidence
                holders = (span for span in known.find_holders(figure.span) if holds_any(span, mentions))
                holder = next(holders, None)
                confidence = figure.confidence * own_confidence * (_NOT_NAMED if holder is None else 1.0)
                statement = self.names.iris[figure.id], make_property_iri(name), self.names.iris[ident]
                quote, rule = self.add_span(holder or figure.span), figure.rule or _FIGURE_RULE
                if change := revised.get((figure.id, name)):
                    confidence, rule = change.confidence, change.rule
                self.add_evidence_node(statement, confidence, rule, [quote])

    def list_slots(self, figure: Figure) -> Iterator[tuple[str, str]]:
        """Yield the properties of a figure, but not what it decides if a condition says that."""
        ruled = figure.id in self.ruled
        yield from ((name, ident) for name, ident in find_slots(figure) if not (ruled and name == "conditionOf"))
