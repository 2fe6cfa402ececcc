"""The RDF of revisions: what a language model changed, beside what the rules had said.

A revision is no ``pk:Evidence``: that is of statements that hold, and what a revision withdraws does not hold any more.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from extract.revision import Revision
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
