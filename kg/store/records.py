"""What the store knows of where its sources came from: one record a source, in the graph of builds.

A record is written and removed in one transaction with its graph (``kg.store.store``).
It may be missing, or tell of a file that failed; it never tells of a graph that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kg.rdf.identifiers import context_iri
from kg.read.found import BETWEEN, Found
from kg.store.store import Store
from ontology.terms import DCTERMS, PK, PROV, RDF, XSD

_FIELDS = {
    "source": DCTERMS + "identifier", "origin": PK + "readFrom", "member": PK + "member",
    "sha256": PK + "originalSha256", "media_type": DCTERMS + "format", "key": PK + "buildKey",
    "read": PROV + "generatedAtTime", "build": PROV + "wasGeneratedBy", "findings": PK + "findings",
}  # fmt: skip
_TYPE, _RECORD, _OF = NamedNode(RDF + "type"), NamedNode(PK + "SourceRecord"), NamedNode(PK + "recordOf")
_FAILURE = NamedNode(PK + "failure")


@dataclass(frozen=True, slots=True)
class Record:
    """Where a source came from, and how it got into the store."""

    source: str
    origin: str
    """Full path of the file, or the address; ``-`` for standard input."""
    member: str = ""
    """What it is in that: members of archives and the row of a list; empty for all of it."""
    sha256: str = ""
    """Of the bytes it was made from; of its text, for the row of a list."""
    media_type: str = ""
    key: str = ""
    """See ``kg.ingest.fingerprint``; empty if it has to be read again in any case."""
    read: str = ""
    """When it was read, xsd:dateTime in UTC."""
    build: str = ""
    """IRI of the build (prov:Activity) that read it."""
    findings: str = ""
    """What is told of it after a build (``kg.ingest.report``)."""
    failure: tuple[str, str] | None = None
    """Why it could not be read when it was last tried, in Chinese and English; what the store has of it is older."""

    @property
    def where(self) -> str:
        """For people: file, and place in it."""
        return BETWEEN.join(filter(None, [self.origin, self.member]))


def moment(when: datetime) -> str:
    """*when* (UTC) as xsd:dateTime."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def records(store: Store) -> dict[str, Record]:
    """The records of *store* by source id, sorted."""
    builds = NamedNode(store.builds_graph)
    found: dict[str, dict[str, Any]] = {
        q.subject.value: {} for q in store.oxigraph.quads_for_pattern(None, _TYPE, _RECORD, builds)
        if isinstance(q.subject, NamedNode)
    }  # fmt: skip
    for name, predicate in _FIELDS.items():
        for q in store.oxigraph.quads_for_pattern(None, NamedNode(predicate), None, builds):
            if isinstance(q.subject, NamedNode) and q.subject.value in found:
                found[q.subject.value][name] = getattr(q.object, "value", "")
    failures: dict[str, dict[str, str]] = {}
    for q in store.oxigraph.quads_for_pattern(None, _FAILURE, None, builds):
        if isinstance(q.subject, NamedNode) and isinstance(q.object, Literal):
            failures.setdefault(q.subject.value, {})[q.object.language or ""] = q.object.value
    for node, said in failures.items():
        if node in found:
            found[node]["failure"] = (said.get("zh", ""), said.get("en", ""))
    made = [Record(**values) for values in found.values() if "source" in values and "origin" in values]
    return {one.source: one for one in sorted(made, key=lambda one: one.source)}


def quads_of(record: Record, store: Store, *, kept: bool = True) -> list[Quad]:
    """*record* as RDF, for the graph of builds.

    Args:
        record: the record.
        store: the store that it is for.
        kept: whether the store has a graph of the source.
    """
    graph = context_iri(record.source, store.base)
    node, builds = NamedNode(store.record_iri(graph)), NamedNode(store.builds_graph)
    facts: list[tuple[NamedNode, NamedNode | Literal]] = [(_TYPE, _RECORD)]
    if kept:
        facts.append((_OF, NamedNode(graph)))
    for name, predicate in _FIELDS.items():
        if value := getattr(record, name):
            facts.append((NamedNode(predicate), _term(name, value)))
    for said, language in zip(record.failure or (), ("zh", "en"), strict=False):
        facts.append((_FAILURE, Literal(said, language=language)))
    return [Quad(node, p, o, builds) for p, o in facts]


def again(record: Record, found: Found) -> Record:
    """*record*, when what it is of was found unchanged: perhaps at another place, and whole again."""
    return replace(record, origin=found.origin, member=found.member, failure=None)


def _term(name: str, value: str) -> NamedNode | Literal:
    if name == "build":
        return NamedNode(value)
    return Literal(value, datatype=NamedNode(XSD + "dateTime")) if name == "read" else Literal(value)
