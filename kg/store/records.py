"""Records of where the sources of a store came from: one record a source, in the graph of builds.

A record is written and removed in one transaction with the graph of its source (``kg.store.store``). A graph can be
without a record, and a record can be of a file that could not be read. A record never says that a source has a graph
when it has none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kg.rdf.identifiers import make_context_iri
from kg.read.found import BETWEEN, FoundSource
from kg.store.store import Store
from ontology.terms import DCTERMS, PK, PROV, RDF, XSD

_PROPERTIES = {
    "source": DCTERMS + "identifier", "origin": PK + "readFrom", "member": PK + "member",
    "sha256": PK + "originalSha256", "media_type": DCTERMS + "format", "key": PK + "buildKey",
    "read": PROV + "generatedAtTime", "build": PROV + "wasGeneratedBy", "findings": PK + "findings",
}  # fmt: skip
"""Property by field of the record."""
_TYPE, _RECORD, _OF = NamedNode(RDF + "type"), NamedNode(PK + "SourceRecord"), NamedNode(PK + "recordOf")
_FAILURE = NamedNode(PK + "failure")


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Where a source came from, and how it got into the store."""

    source: str
    """Id of the source."""
    origin: str
    """Full path of the file, or the address; ``-`` for standard input."""
    member: str = ""
    """Place of the source in its file: members of archives and the row of a list; empty for the whole file."""
    sha256: str = ""
    """Digest of the bytes that were read; for the row of a list, digest of its text."""
    media_type: str = ""
    key: str = ""
    """See ``kg.ingest.fingerprint``; empty if the source must be read again in any case."""
    read: str = ""
    """When the source was read, xsd:dateTime in UTC."""
    build: str = ""
    """IRI of the build (prov:Activity) that read it."""
    findings: str = ""
    """What a build reports about the source (``kg.ingest.report``)."""
    failure: tuple[str, str] | None = None
    """Why the last attempt to read it failed, in Chinese and English; its graph, if any, is older."""

    @property
    def where(self) -> str:
        """File and place in it, for people."""
        return BETWEEN.join(filter(None, [self.origin, self.member]))


def format_timestamp(when: datetime) -> str:
    """Return *when* (UTC) as xsd:dateTime."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_records(store: Store) -> dict[str, SourceRecord]:
    """Return the records of *store* by source id, sorted."""
    builds = NamedNode(store.builds_graph)
    values: dict[str, dict[str, Any]] = {}
    failures: dict[str, dict[str, str]] = {}
    are_records: set[str] = set()
    names = {predicate: name for name, predicate in _PROPERTIES.items()}
    # one pass over the graph, in the order of the disk: look-ups of each property take several times as long
    for q in store.oxigraph.quads_for_pattern(None, None, None, builds):
        node, predicate, term = getattr(q.subject, "value", ""), q.predicate.value, q.object
        if predicate == _TYPE.value and term == _RECORD:
            are_records.add(node)
        elif predicate == _FAILURE.value and isinstance(term, Literal):
            failures.setdefault(node, {})[term.language or ""] = term.value
        elif predicate in names:
            values.setdefault(node, {})[names[predicate]] = getattr(term, "value", "")
    for node, messages in failures.items():
        values.setdefault(node, {})["failure"] = (messages.get("zh", ""), messages.get("en", ""))
    found = (fields for node, fields in values.items() if node in are_records)
    records = [SourceRecord(**fields) for fields in found if "source" in fields and "origin" in fields]
    return {record.source: record for record in sorted(records, key=lambda record: record.source)}


def make_record_quads(record: SourceRecord, store: Store, *, has_graph: bool = True) -> list[Quad]:
    """Return *record* as RDF, for the graph of builds.

    Args:
        record: the record.
        store: the store that it is for.
        has_graph: whether the store has a graph of the source.
    """
    graph = make_context_iri(record.source, store.base)
    node, builds = NamedNode(store.make_record_iri(graph)), NamedNode(store.builds_graph)
    facts: list[tuple[NamedNode, NamedNode | Literal]] = [(_TYPE, _RECORD)]
    if has_graph:
        facts.append((_OF, NamedNode(graph)))
    for name, predicate in _PROPERTIES.items():
        if value := getattr(record, name):
            facts.append((NamedNode(predicate), _make_term(name, value)))
    for message, language in zip(record.failure or (), ("zh", "en"), strict=False):
        facts.append((_FAILURE, Literal(message, language=language)))
    return [Quad(node, predicate, term, builds) for predicate, term in facts]


def refresh_record(record: SourceRecord, found: FoundSource) -> SourceRecord:
    """Return *record* for a source that was found unchanged: where it is now, and without an earlier failure."""
    return replace(record, origin=found.origin, member=found.member, failure=None)


def _make_term(name: str, value: str) -> NamedNode | Literal:
    if name == "build":
        return NamedNode(value)
    return Literal(value, datatype=NamedNode(XSD + "dateTime")) if name == "read" else Literal(value)
