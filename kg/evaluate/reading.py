"""A graph of one source, read through the vocabulary contract: what a scorer asks of it, indexed once."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

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
# quotes, brackets, white space and punctuation: how a page prints a name, not what the name is
_DROPPED = frozenset("\"'“”‘’「」『』《》〈〉<>()（）[]【】〔〕 \t\r\n\u3000\xa0·,，、.。;；:：-—–_")
_NAMES = (RDFS + "label", SKOS + "altLabel", SKOS + "prefLabel", DCTERMS + "title")


def fold(text: str) -> str:
    """What tells a name from others to a scorer: NFKC, lower case, no quotes, brackets, punctuation or white space."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c not in _DROPPED)


def property_iri(name: str) -> str:
    """The IRI of a property as gold files name it."""
    return _SPECIAL.get(name, PK + name)


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a text: the text's IRI, and positions in Unicode code points."""

    context: str
    begin: int
    end: int

    def overlaps(self, other: Place) -> bool:
        return self.context == other.context and self.begin < other.end and other.begin < self.end


class Reading:
    """The quads of one source (their graph names are not looked at). Things come in the order of an export."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._objects: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._subjects: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._pairs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        seen: set[tuple[str, str, str]] = set()
        for quad in quads:
            if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode | Literal):
                continue
            s, p, o = quad.subject.value, quad.predicate.value, quad.object.value
            if (s, p, o) not in seen:
                seen.add((s, p, o))
                self._objects[s, p].append(o)
                self._subjects[p, o].append(s)
                self._pairs[p].append((s, o))
        self.types: dict[str, set[str]] = defaultdict(set)
        for s, o in self._pairs[RDF + "type"]:
            if o.startswith(PK):
                self.types[s].add(o.removeprefix(PK))
        self.names = {
            s: {fold(o) for p in _NAMES for o in self._objects.get((s, p), ())}
            for s, _ in self._pairs[RDF + "type"]
        }  # fmt: skip
        self.texts = dict(self._pairs[NIF + "isString"])

    def of(self, *kinds: str) -> list[str]:
        """Things of each of *kinds* in turn, by IRI."""
        return [n for kind in kinds for n in sorted((s for s, t in self.types.items() if kind in t), key="<{}>".format)]

    def objects(self, subject: str, name: str) -> list[str]:
        """Values of the property *name* (local name, or an IRI) of *subject*."""
        return self._objects.get((subject, name if ":" in name else property_iri(name)), [])

    def subjects(self, name: str, obj: str) -> list[str]:
        return self._subjects.get((property_iri(name), obj), [])

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Subjects and objects of the property *name*, sorted."""
        return sorted(self._pairs.get(name if ":" in name else property_iri(name), []))

    def label(self, node: str) -> str:
        """What *node* is called; the IRI itself if it has no name."""
        for p in (RDFS + "label", DCTERMS + "title"):
            if found := self.objects(node, p):
                return found[0]
        return node

    def kinds(self, node: str) -> set[str]:
        return self.types.get(node, set())

    def called(self, node: str) -> set[str]:
        """All names of *node*, folded; the folded value itself for what is no thing."""
        return self.names.get(node, set())

    def quotes(self, node: str) -> list[str]:
        """The words that *node* is quoted from, folded."""
        return [fold(a) for span in self.objects(node, PROV + "wasQuotedFrom")
                for a in self.objects(span, NIF + "anchorOf")]  # fmt: skip

    def places(self, node: str) -> list[Place]:
        """Where the quotes of *node* stand."""
        return [p for span in self.objects(node, PROV + "wasQuotedFrom") if (p := self.place(span)) is not None]

    def place(self, span: str) -> Place | None:
        """Where the quoted words *span* stand, if it says so."""
        context, begin, end = (
            next(iter(self.objects(span, NIF + p)), None) for p in ("referenceContext", "beginIndex", "endIndex")
        )
        if context is None or begin is None or end is None:
            return None
        return Place(context, int(begin), int(end))
