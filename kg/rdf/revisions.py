"""The RDF of revisions: what a language model changed, beside what the rules had said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from extract.model import Extraction, Revision
from kg.rdf import iri
from kg.rdf.identifiers import GraphNames
from ontology.terms import PK, RDF, RDFS, XSD

_DECIMAL = NamedNode(XSD + "decimal")


def name_revision(revision: Revision, names: GraphNames) -> NamedNode:
    """Return the node of a revision. It depends on what was changed and where."""
    values = (revision.change, revision.name, revision.before, revision.after, str(tuple(revision.span)))
    return NamedNode(f"{names.context}#r-{iri.hash_values(*values, size=12)}")


def describe_revision(revision: Revision, names: GraphNames) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """Yield the properties of a revision, without its quote."""
    yield NamedNode(RDF + "type"), NamedNode(PK + "Revision")
    yield NamedNode(RDFS + "label"), Literal(revision.name, language="zh")
    if revision.about in names.iris:
        yield NamedNode(PK + "revisionOf"), NamedNode(names.iris[revision.about])
    texts = {
        "change": revision.change, "before": revision.before, "after": revision.after, "extractor": revision.rule,
        "withdrawnExtractor": revision.withdrawn_rule,
    }  # fmt: skip
    for name, value in texts.items():
        if value:
            yield NamedNode(PK + name), Literal(value)
    yield NamedNode(PK + "confidence"), Literal(f"{revision.confidence:.3g}", datatype=_DECIMAL)
    if revision.withdrawn_rule:
        confidence = Literal(f"{revision.withdrawn_confidence:.3g}", datatype=_DECIMAL)
        yield NamedNode(PK + "withdrawnConfidence"), confidence


def index_revised_slots(extraction: Extraction) -> Mapping[tuple[str, str], Revision]:
    """Return the last revision of each slot of a figure, by id of the figure and name of the slot in ``pk:``."""
    renamed = {"under": "grantedUnder", "condition_of": "conditionOf"}
    found: dict[tuple[str, str], Revision] = {}
    for revision in extraction.revisions:
        kind, _, slot = revision.change.partition(".")
        if kind == "slot" and revision.after:
            found[revision.about, renamed.get(slot, slot)] = revision
    return found
