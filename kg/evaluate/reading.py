"""The graph of one source, indexed for the look-ups of the scorer. It knows the graph by the vocabulary only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from extract.text.normalize import name_key
from ontology.terms import DCTERMS, NIF, PK, PROV, RDF, RDFS, SKOS

DOCUMENT_TYPES = ("Proposal", "LeadReply", "CoHandlingOpinion")
PART_TYPES = ("Problem", "Suggestion", "Measure", "Commitment")
ENTITY_TYPES = (
    "Agency", "Organization", "Enterprise", "Person", "PolicyInstrument", "Report", "Program", "Platform",
    "EnterpriseTier", "TargetGroup", "Place",
)  # fmt: skip
FIGURE_TYPES = ("Provision", "Observation", "Target")
EDGES = (
    "issuedBy", "approvedBy", "basedOn", "administers", "operates", "establishes", "supports", "availableOn",
    "treatedAs", "advancesTo", "hasTier", "participatesIn", "broader",
)  # fmt: skip
_SPECIAL = {"title": DCTERMS + "title", "issued": DCTERMS + "issued", "broader": SKOS + "broader"}
_NAMES = (RDFS + "label", SKOS + "altLabel", SKOS + "prefLabel", DCTERMS + "title")


def make_property_iri(name: str) -> str:
    """Return the IRI of a property by its name in annotated files."""
    return _SPECIAL.get(name, PK + name)


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A place in a text: the IRI of the text, begin and end in Unicode code points."""

    context: str
    begin: int
    end: int

    def overlaps(self, other: TextPlace) -> bool:
        """Return whether the two places share a code point."""
        return self.context == other.context and self.begin < other.end and other.begin < self.end


class SourceGraph:
    """The graph of one source. Nodes are given by their IRIs, and come in the order of an export.

    Args:
        quads: the quads of the source; the names of their graphs are ignored.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._objects: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._subjects: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._pairs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        seen: set[tuple[str, str, str]] = set()
        for quad in quads:
            if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode | Literal):
                continue
            subject, predicate, obj = quad.subject.value, quad.predicate.value, quad.object.value
            if (subject, predicate, obj) not in seen:
                seen.add((subject, predicate, obj))
                self._objects[subject, predicate].append(obj)
                self._subjects[predicate, obj].append(subject)
                self._pairs[predicate].append((subject, obj))
        self._classes: dict[str, set[str]] = defaultdict(set)
        for subject, class_iri in self._pairs[RDF + "type"]:
            if class_iri.startswith(PK):
                self._classes[subject].add(class_iri.removeprefix(PK))
        self._names = {
            subject: {name_key(name) for prop in _NAMES for name in self._objects.get((subject, prop), ())}
            for subject, _ in self._pairs[RDF + "type"]
        }
        self.texts = dict(self._pairs[NIF + "isString"])
        """Texts by their IRI."""

    def find_by_class(self, *classes: str) -> list[str]:
        """Return the nodes of each of *classes* in turn, by IRI."""
        return [
            node
            for name in classes
            for node in sorted((node for node, own in self._classes.items() if name in own), key="<{}>".format)
        ]

    def objects(self, subject: str, name: str) -> list[str]:
        """Return the values of the property *name* (a local name or an IRI) of *subject*."""
        return self._objects.get((subject, name if ":" in name else make_property_iri(name)), [])

    def subjects(self, name: str, obj: str) -> list[str]:
        """Return the nodes whose property *name* (a local name) has the value *obj*."""
        return self._subjects.get((make_property_iri(name), obj), [])

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Return the subjects and objects of the property *name*, sorted."""
        return sorted(self._pairs.get(name if ":" in name else make_property_iri(name), []))

    def label(self, node: str) -> str:
        """Return the label or title of *node*; the IRI if it has none."""
        for prop in (RDFS + "label", DCTERMS + "title"):
            if found := self.objects(node, prop):
                return found[0]
        return node

    def classes(self, node: str) -> set[str]:
        """Return the local names of the classes of *node*."""
        return self._classes.get(node, set())

    def folded_names(self, node: str) -> set[str]:
        """Return all names of *node*, folded; empty if *node* is a literal."""
        return self._names.get(node, set())

    def quotes(self, node: str) -> list[str]:
        """Return the words that *node* is quoted from, folded."""
        return [
            name_key(words)
            for span in self.objects(node, PROV + "wasQuotedFrom")
            for words in self.objects(span, NIF + "anchorOf")
        ]

    def places(self, node: str) -> list[TextPlace]:
        """Return the places that *node* is quoted from."""
        spans = self.objects(node, PROV + "wasQuotedFrom")
        return [place for span in spans if (place := self.place(span)) is not None]

    def place(self, span: str) -> TextPlace | None:
        """Return the place of the node *span*; None if it has no text or position."""
        context, begin, end = (
            next(iter(self.objects(span, NIF + name)), None) for name in ("referenceContext", "beginIndex", "endIndex")
        )
        if context is None or begin is None or end is None:
            return None
        return TextPlace(context, int(begin), int(end))
