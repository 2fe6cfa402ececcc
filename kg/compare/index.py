"""One side of a comparison: its quads as things, facts, statements and figures, and the words that say them.

Made in one pass; words are looked up only for what turns out to be different.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from kg.graph.view import FIGURE_SLOTS, NODE_CLASSES, FigureFacts, Passage, sentence_around
from kg.rdf.identifiers import context_iri
from kg.rdf.iri import fold
from ontology.terms import DCTERMS, FIGURE_CLASSES, NIF, PART_CLASSES, PK, PROV, RDF, RDFS, SKOS

_TYPE, _QUOTED, _LOCATOR = RDF + "type", PROV + "wasQuotedFrom", PK + "locator"
_LABEL, _ALT, _TITLE = RDFS + "label", SKOS + "altLabel", DCTERMS + "title"
_TEXT, _PATH = NIF + "isString", PK + "sourcePath"
_SPAN = "#char="
_UNREAD = frozenset(
    {NIF + "beginIndex", NIF + "endIndex", NIF + "anchorOf", NIF + "referenceContext", PK + "confidence",
     PK + "extractor", PK + "sha256"}
)  # fmt: skip
"""Of spans, which their IRIs tell, and of evidence, which is no fact: most quads of a graph."""

Values = dict[str, set[str]]


@dataclass(slots=True)
class Figure:
    """A figure, with what tells it from others."""

    facts: FigureFacts
    slots: dict[str, str]
    """Things that it is tied to, by property; the first of several."""
    subject: str
    """What it is a fact of: what it is about, else the nearest thing that it is tied to, else its document."""
    document: str
    """Where it stands: its document, or its source if that is not known."""
    place: str
    """Where it holds: its place, else that of the document's agency; empty if nothing tells."""
    spans: tuple[str, ...]


class Index:
    """The facts of one side."""

    def __init__(self, quads: Iterable[Quad], base: tuple[str, str] | None = None) -> None:
        """Sort *quads*; which graph they are in does not matter.

        Args:
            quads: all of one side.
            base: what IRIs begin with, and what they shall begin with instead.
        """
        self._rebase = base
        self.kinds: dict[str, str] = {}
        self.links: dict[str, Values] = defaultdict(lambda: defaultdict(set))
        self.literals: dict[str, Values] = defaultdict(lambda: defaultdict(set))
        self.sources: dict[str, str] = {}
        """Ids of sources by the IRI of their text."""
        self._texts: dict[str, str] = {}
        self._locators: dict[str, str] = {}
        evidence = self._sort(quads)
        self.statement_spans: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for node in evidence:
            found = self.links.pop(node, {})
            ends = [next(iter(found.get(RDF + end, ())), "") for end in ("subject", "predicate", "object")]
            self.statement_spans[ends[0], ends[1], ends[2]] |= found.get(_QUOTED, set())

    def _sort(self, quads: Iterable[Quad]) -> set[str]:
        evidence: set[str] = set()
        for q in quads:
            predicate = q.predicate.value
            if predicate in _UNREAD or not isinstance(q.subject, NamedNode):
                continue
            subject, obj = self._name(q.subject), q.object
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
                        # of several (that should not be) the same one, however the quads come
                        self.kinds[subject] = min(kind, self.kinds.get(subject, kind))
                    elif kind == "Evidence":
                        evidence.add(subject)
                else:
                    self.links[subject][predicate].add(self._name(obj))
        return evidence

    def _name(self, node: NamedNode) -> str:
        if self._rebase and node.value.startswith(self._rebase[0]):
            return self._rebase[1] + node.value[len(self._rebase[0]) :]
        return node.value

    @property
    def base(self) -> str:
        """What the IRIs of its things begin with, as the names of its sources tell; empty if there are none."""
        for context, ident in sorted(self.sources.items()):
            name = context_iri(ident, "")
            if context.endswith(name):
                return context.removesuffix(name)
        return ""

    # things

    def main(self, iri: str) -> str:
        """*iri* itself: a comparison takes each node as it is stated."""
        return iri

    def kind(self, iri: str) -> str:
        """Local name of its class, or nothing."""
        return self.kinds.get(iri, "")

    def label(self, iri: str) -> str:
        """Its name: of several the fullest."""
        found = self.literals.get(iri, {})
        labels = found.get(_LABEL) or found.get(_TITLE) or ()
        return max(labels, key=lambda s: (len(s), s), default=self.sources.get(iri) or iri.rpartition("/")[2])

    def aliases(self, iri: str) -> set[str]:
        """Its other names."""
        found = self.literals.get(iri, {})
        return (found.get(_ALT, set()) | found.get(_LABEL, set())) - {self.label(iri)}

    @cached_property
    def names(self) -> Mapping[str, list[str]]:
        """IRIs of things by folded name or number."""
        found: dict[str, set[str]] = defaultdict(set)
        for iri, values in self.literals.items():
            for prop in (_LABEL, _ALT, PK + "proposalNumber", PK + "documentNumber"):
                for name in values.get(prop, ()):
                    found[fold(name)].add(iri)
        return {name: sorted(iris) for name, iris in found.items()}

    def of(self, classes: frozenset[str]) -> list[str]:
        """Things of some classes, sorted."""
        return sorted(i for i, kind in self.kinds.items() if kind in classes)

    def one(self, iri: str, prop: str) -> str:
        """The first thing that a property, given as its IRI, links to, or nothing."""
        return min(self.links.get(iri, {}).get(prop, ()), default="")

    def text(self, part: str) -> str:
        """The words of a part, or nothing."""
        return min(self.literals.get(part, {}).get(PK + "text", ()), default="")

    def document(self, iri: str) -> str:
        """The document that a part stands in; anything else is its own."""
        seen = set()
        while self.kind(iri) in PART_CLASSES and iri not in seen:
            seen.add(iri)
            iri = self.one(iri, PK + "partOf") or iri
        return iri

    def contexts(self, document: str) -> set[str]:
        """Ids of the sources that a document stands in."""
        return {self.sources.get(c, c) for c in self.links.get(document, {}).get(DCTERMS + "source", ())}

    @cached_property
    def parts(self) -> Mapping[str, list[str]]:
        """Parts by document, in the order of the text."""
        found: dict[str, list[str]] = defaultdict(list)
        for part in sorted(self.of(PART_CLASSES), key=lambda p: (self._begins(p), p)):
            found[self.document(part)].append(part)
        return found

    # figures

    @cached_property
    def figures(self) -> list[Figure]:
        """All figures, in the order of the text."""
        made = [self._figure(i) for i in self.of(FIGURE_CLASSES)]
        return sorted(made, key=lambda f: (f.document, self._begins(f.facts.iri), f.facts.iri))

    def _figure(self, iri: str) -> Figure:
        said, links = self.literals.get(iri, {}), self.links.get(iri, {})

        def one(name: str) -> str:
            return min(said.get(PK + name, ()), default="")

        try:
            value = Decimal(one("value") or 0)
        except InvalidOperation:  # an export that was changed by hand
            value = Decimal(0)
        slots = {slot: min(links[PK + slot]) for slot in FIGURE_SLOTS if links.get(PK + slot)}
        holder = slots.get("partOf") or self.one(iri, DCTERMS + "isPartOf")
        spans = sorted(links.get(_QUOTED, ()), key=_place)
        document = self.document(holder) if holder else self.sources.get(_context(spans), "")
        tied = [slots[s] for s in ("about", "grantedUnder", "provider", "conditionOf") if s in slots]
        subject = next((t for t in tied if self.kind(t) not in FIGURE_CLASSES), "") or document
        facts = FigureFacts(
            iri, self.kind(iri), value, one("unit"), self.one(iri, PK + "bound").removeprefix(PK), one("metric"),
            one("period"), one("per"), one("deadline"), one("frequency"), tuple(slots.items()), (),
        )  # fmt: skip
        place = slots.get("place") or self._place_of(document)
        return Figure(facts, slots, subject, document, place, tuple(spans))

    def _place_of(self, document: str) -> str:
        for role in ("issuedBy", "leadAgency", "addressedTo"):
            if agency := self.one(document, PK + role):
                return self.one(agency, PK + "jurisdiction") or agency
        return ""

    # words

    def passages(self, iri: str) -> tuple[Passage, ...]:
        """Where a thing is quoted from, in order."""
        return self.quoted(self.links.get(iri, {}).get(_QUOTED, ()))

    def statement(self, subject: str, predicate: str, obj: str) -> tuple[Passage, ...]:
        """The words that state something; of a part that says it itself, the part's."""
        return self.quoted(self.statement_spans.get((subject, predicate, obj), ())) or (
            self.passages(subject) if self.kind(subject) in PART_CLASSES else ()
        )

    def quoted(self, spans: Iterable[str]) -> tuple[Passage, ...]:
        """Spans as passages, in order."""
        found = {p for span in spans if (p := self._passage(span))}
        return tuple(sorted(found, key=lambda p: (p.source, p.begin, -len(p.text))))

    def _passage(self, span: str) -> Passage | None:
        context, begin, end = _place(span)
        text = self._texts.get(context)
        if text is None or not 0 <= begin < end <= len(text):
            return None
        left, right = sentence_around(text, begin, end)
        return Passage(text[begin:end], text[left:begin].lstrip(), text[end:right].rstrip(),
                       self.sources.get(context, ""), begin, "", self._locators.get(span, ""))  # fmt: skip

    def sentence(self, figure: Figure) -> str:
        """The sentence that a figure stands in."""
        found = self._passage(figure.spans[0]) if figure.spans else None
        return f"{found.before}{found.text}{found.after}" if found else ""

    def _begins(self, iri: str) -> tuple[str, int, int]:
        return min(map(_place, self.links.get(iri, {}).get(_QUOTED, ())), default=("", 0, 0))


def _place(span: str) -> tuple[str, int, int]:
    """Text, begin and end of a span, which its IRI tells (RFC 5147)."""
    context, _, place = span.partition(_SPAN)
    begin, _, end = place.partition(",")
    return (context, int(begin), int(end)) if begin.isdecimal() and end.isdecimal() else (context, 0, 0)


def _context(spans: list[str]) -> str:
    return spans[0].partition(_SPAN)[0] if spans else ""
