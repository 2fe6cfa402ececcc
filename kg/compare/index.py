"""One side of a comparison: its quads as things, facts, statements and figures, and the text that states them.

The index is made in one pass over the quads. Passages are looked up only for facts that turn out to be different.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from extract.text.normalize import name_key
from kg.graph.facts import FigureFacts, Passage
from kg.graph.sentences import sentence_around
from kg.graph.view import FIGURE_SLOTS, NODE_CLASSES
from kg.rdf.identifiers import make_context_iri
from ontology.terms import DCTERMS, FIGURE_CLASSES, NIF, PART_CLASSES, PK, PROV, RDF, RDFS, SKOS

_TYPE, _QUOTED, _LOCATOR = RDF + "type", PROV + "wasQuotedFrom", PK + "locator"
_LABEL, _ALT, _TITLE = RDFS + "label", SKOS + "altLabel", DCTERMS + "title"
_TEXT, _PATH = NIF + "isString", PK + "sourcePath"
_SPAN = "#char="
_FIGURE_LITERALS = ("unit", "metric", "period", "per", "deadline", "frequency")
_UNREAD = frozenset(
    {NIF + "beginIndex", NIF + "endIndex", NIF + "anchorOf", NIF + "referenceContext", PK + "confidence",
     PK + "extractor", PK + "sha256"}
)  # fmt: skip
"""Properties that are skipped; they are most quads of a graph. Those of spans repeat what the IRI of the span says, and
those of evidence are not facts."""

PropertyValues = dict[str, set[str]]


@dataclass(slots=True)
class ComparedFigure:
    """A figure, with everything that distinguishes it from other figures."""

    facts: FigureFacts
    slots: dict[str, str]
    """IRI of the thing in each slot, by property; the first one if there are several."""
    subject: str
    """IRI of the thing that the figure describes: in the slot ``about``, or else in another slot, or else its
    document."""
    document: str
    """IRI of the document that the figure stands in, or the id of its source if the document is not known."""
    place: str
    """IRI of the place that the figure holds for: its own place, or else the jurisdiction of the document's agency;
    empty if neither is known."""
    spans: tuple[str, ...]
    """IRIs of the spans that state the figure."""


class FactIndex:
    """The facts of one side.

    Attributes:
        kinds: local name of the class of each thing, part and figure, by IRI.
        links: IRIs of the objects of each property, by subject and property.
        literals: literal values of each property, by subject and property.
        sources: ids of the sources, by the IRI of their text.
        statement_spans: spans that state each statement, by subject, predicate and object.
    """

    def __init__(self, quads: Iterable[Quad], base: tuple[str, str] | None = None) -> None:
        """Index *quads*.

        Args:
            quads: the quads of one side, in any order; their graph is not used.
            base: what the IRIs begin with, and what they are read to begin with instead. None leaves them as they are.
        """
        self._rebase = base
        self.kinds: dict[str, str] = {}
        self.links: dict[str, PropertyValues] = defaultdict(lambda: defaultdict(set))
        self.literals: dict[str, PropertyValues] = defaultdict(lambda: defaultdict(set))
        self.sources: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._locators: dict[str, str] = {}
        evidence = self._sort_quads(quads)
        self.statement_spans: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for node in evidence:
            found = self.links.pop(node, {})
            ends = [next(iter(found.get(RDF + end, ())), "") for end in ("subject", "predicate", "object")]
            self.statement_spans[ends[0], ends[1], ends[2]] |= found.get(_QUOTED, set())

    def _sort_quads(self, quads: Iterable[Quad]) -> set[str]:
        """Sort *quads* into the attributes, and return the IRIs of the evidence."""
        evidence: set[str] = set()
        for quad in quads:
            predicate = quad.predicate.value
            if predicate in _UNREAD or not isinstance(quad.subject, NamedNode):
                continue
            subject, obj = self._change_base(quad.subject), quad.object
            if isinstance(obj, Literal):
                if predicate == _TEXT:
                    self._texts[subject] = obj.value
                elif predicate == _PATH:
                    self.sources[subject] = obj.value
                elif predicate == _LOCATOR:
                    self._locators[subject] = obj.value
                else:
                    self.literals[subject][predicate].add(obj.value)
            elif isinstance(obj, NamedNode):
                if predicate == _TYPE:
                    kind = obj.value.removeprefix(PK)
                    if kind in NODE_CLASSES or kind in FIGURE_CLASSES:
                        # A thing should have one class. If it has several, take one that does not depend on the order.
                        self.kinds[subject] = min(kind, self.kinds.get(subject, kind))
                    elif kind == "Evidence":
                        evidence.add(subject)
                else:
                    self.links[subject][predicate].add(self._change_base(obj))
        return evidence

    def _change_base(self, node: NamedNode) -> str:
        if self._rebase and node.value.startswith(self._rebase[0]):
            return self._rebase[1] + node.value[len(self._rebase[0]) :]
        return node.value

    @property
    def base(self) -> str:
        """What the IRIs begin with, taken from the IRIs of the sources; empty if there are no sources."""
        for context, ident in sorted(self.sources.items()):
            name = make_context_iri(ident, "")
            if context.endswith(name):
                return context.removesuffix(name)
        return ""

    # things

    def main_node(self, iri: str) -> str:
        """Return *iri*: a comparison does not merge nodes that are the same."""
        return iri

    def kind(self, iri: str) -> str:
        """Return the local name of the class of *iri*, or ``""``."""
        return self.kinds.get(iri, "")

    def label(self, iri: str) -> str:
        """Return the longest name of *iri*."""
        found = self.literals.get(iri, {})
        labels = found.get(_LABEL) or found.get(_TITLE) or ()
        return max(
            labels, key=lambda label: (len(label), label), default=self.sources.get(iri) or iri.rpartition("/")[2]
        )

    def aliases(self, iri: str) -> set[str]:
        """Return the other names of *iri*."""
        found = self.literals.get(iri, {})
        return (found.get(_ALT, set()) | found.get(_LABEL, set())) - {self.label(iri)}

    @cached_property
    def iris_by_name(self) -> Mapping[str, list[str]]:
        """IRIs of things, by folded name or number."""
        found: dict[str, set[str]] = defaultdict(set)
        for iri, values in self.literals.items():
            for prop in (_LABEL, _ALT, PK + "proposalNumber", PK + "documentNumber"):
                for name in values.get(prop, ()):
                    found[name_key(name)].add(iri)
        return {name: sorted(iris) for name, iris in found.items()}

    def find_by_class(self, classes: frozenset[str]) -> list[str]:
        """Return the IRIs of the things of *classes*, sorted."""
        return sorted(iri for iri, kind in self.kinds.items() if kind in classes)

    def first_link(self, iri: str, prop: str) -> str:
        """Return the first thing that the property with the IRI *prop* links to, or ``""``."""
        return min(self.links.get(iri, {}).get(prop, ()), default="")

    def text(self, part: str) -> str:
        """Return the text of *part*, or ``""``."""
        return min(self.literals.get(part, {}).get(PK + "text", ()), default="")

    def document(self, iri: str) -> str:
        """Return the document that a part is in; for anything else *iri* itself."""
        seen = set()
        while self.kind(iri) in PART_CLASSES and iri not in seen:
            seen.add(iri)
            iri = self.first_link(iri, PK + "partOf") or iri
        return iri

    def contexts(self, document: str) -> set[str]:
        """Return the ids of the sources that *document* is in."""
        return {
            self.sources.get(context, context) for context in self.links.get(document, {}).get(DCTERMS + "source", ())
        }

    @cached_property
    def parts(self) -> Mapping[str, list[str]]:
        """IRIs of the parts in the order of the text, by document."""
        found: dict[str, list[str]] = defaultdict(list)
        for part in sorted(self.find_by_class(PART_CLASSES), key=lambda part: (self._find_begin(part), part)):
            found[self.document(part)].append(part)
        return found

    # figures

    @cached_property
    def figures(self) -> list[ComparedFigure]:
        """All figures, in the order of the text."""
        figures = [self._read_figure(iri) for iri in self.find_by_class(FIGURE_CLASSES)]

        def find_position(figure: ComparedFigure) -> tuple[str, tuple[str, int, int], str]:
            return figure.document, self._find_begin(figure.facts.iri), figure.facts.iri

        return sorted(figures, key=find_position)

    def _read_figure(self, iri: str) -> ComparedFigure:
        literals, links = self.literals.get(iri, {}), self.links.get(iri, {})

        def first_literal(name: str) -> str:
            return min(literals.get(PK + name, ()), default="")

        try:
            value = Decimal(first_literal("value") or 0)
        except InvalidOperation:  # an exported file that was changed by hand
            value = Decimal(0)
        slots = {slot: min(links[PK + slot]) for slot in FIGURE_SLOTS if links.get(PK + slot)}
        holder = slots.get("partOf") or self.first_link(iri, DCTERMS + "isPartOf")
        spans = sorted(links.get(_QUOTED, ()), key=_split_span)
        document = self.document(holder) if holder else self.sources.get(_get_context(spans), "")
        things = [slots[slot] for slot in ("about", "grantedUnder", "provider", "conditionOf") if slot in slots]
        subject = next((thing for thing in things if self.kind(thing) not in FIGURE_CLASSES), "") or document
        bound = self.first_link(iri, PK + "bound").removeprefix(PK)
        unit, metric, period, per, deadline, frequency = map(first_literal, _FIGURE_LITERALS)
        facts = FigureFacts(
            iri,
            self.kind(iri),
            value,
            unit,
            bound,
            metric,
            period,
            per,
            deadline,
            frequency,
            tuple(slots.items()),
            (),
            first_literal("requires"),
        )
        place = slots.get("place") or self._find_place(document)
        return ComparedFigure(facts, slots, subject, document, place, tuple(spans))

    def _find_place(self, document: str) -> str:
        """Return the jurisdiction of the agency that *document* comes from or goes to, or that agency itself."""
        for role in ("issuedBy", "leadAgency", "addressedTo"):
            if agency := self.first_link(document, PK + role):
                return self.first_link(agency, PK + "jurisdiction") or agency
        return ""

    # passages

    def passages(self, iri: str) -> tuple[Passage, ...]:
        """Return the passages that a thing is quoted from, in order."""
        return self.read_passages(self.links.get(iri, {}).get(_QUOTED, ()))

    def statement_passages(self, subject: str, predicate: str, obj: str) -> tuple[Passage, ...]:
        """Return the passages that state a statement, or else those of the subject if it is a part."""
        return self.read_passages(self.statement_spans.get((subject, predicate, obj), ())) or (
            self.passages(subject) if self.kind(subject) in PART_CLASSES else ()
        )

    def read_passages(self, spans: Iterable[str]) -> tuple[Passage, ...]:
        """Return the passages at *spans* (IRIs), in order."""
        found = {passage for span in spans if (passage := self._read_passage(span))}
        return tuple(sorted(found, key=lambda passage: (passage.source, passage.begin, -len(passage.text))))

    def _read_passage(self, span: str) -> Passage | None:
        context, begin, end = _split_span(span)
        text = self._texts.get(context)
        if text is None or not 0 <= begin < end <= len(text):
            return None
        left, right = sentence_around(text, begin, end)
        return Passage(text[begin:end], text[left:begin].lstrip(), text[end:right].rstrip(),
                       self.sources.get(context, ""), begin, "", self._locators.get(span, ""))  # fmt: skip

    def sentence(self, figure: ComparedFigure) -> str:
        """Return the sentence that *figure* is in."""
        found = self._read_passage(figure.spans[0]) if figure.spans else None
        return f"{found.before}{found.text}{found.after}" if found else ""

    def _find_begin(self, iri: str) -> tuple[str, int, int]:
        """Return text, begin and end of the first span that *iri* is quoted from."""
        return min(map(_split_span, self.links.get(iri, {}).get(_QUOTED, ())), default=("", 0, 0))


def _split_span(span: str) -> tuple[str, int, int]:
    """Return text, begin and end of a span, which are parts of its IRI (RFC 5147)."""
    context, _, position = span.partition(_SPAN)
    begin, _, end = position.partition(",")
    return (context, int(begin), int(end)) if begin.isdecimal() and end.isdecimal() else (context, 0, 0)


def _get_context(spans: list[str]) -> str:
    return spans[0].partition(_SPAN)[0] if spans else ""
