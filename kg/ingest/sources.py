"""The sources of a store: size, origin, time of reading, version of the software, and whether they are current."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import NamedNode, QuerySolutions

from kg.ingest.log import LoggedBuild, read_builds
from kg.store.records import SourceRecord, read_records
from kg.store.store import Store
from kg.version import compute_graph_digest
from ontology.terms import DCTERMS


class SourceState(StrEnum):
    """Whether reading a source now would give the same graph. The value is a key of ``[sources]`` in the messages."""

    OK = "ok"
    FAILED = "failed"
    """It could not be read the last time. Its graph in the store, if there is one, is older."""
    INCOMPLETE = "incomplete"
    """The language model did not answer for all of it, or the file changed while it was read. It is read again."""
    OTHER_VERSION = "other_version"
    """Another version of this software read it."""
    OTHER_SETTINGS = "other_settings"
    """It was read with other lexicons or settings than those of the last build."""
    UNKNOWN = "unknown"
    """It has no record: a version without records read it."""


@dataclass(frozen=True, slots=True)
class ListedSource:
    """One source of a store."""

    source: str
    """Its id."""
    documents: int
    """Number of letters and policy texts in it."""
    quads: int
    """Number of quads of its graph; 0 if it was never read successfully."""
    record: SourceRecord | None
    version: str
    """Version of the software that read it; empty if that is not known."""
    state: SourceState


def list_sources(store: Store) -> list[ListedSource]:
    """Return the sources of *store* and those that could not be read, by id."""
    records, builds, stored = read_records(store), read_builds(store), store.list_sources()
    last = next(reversed(builds.values()), None)
    documents = Counter(
        getattr(quad.graph_name, "value", "")
        for quad in store.oxigraph.quads_for_pattern(None, NamedNode(DCTERMS + "source"), None, None)
    )
    sizes = _count_quads(store)
    listed = []
    for ident in sorted({*stored, *records}):
        graph, record = stored.get(ident, ""), records.get(ident)
        build = builds.get(record.build) if record else None
        state = _find_state(record, build, last)
        version = build.version if build else ""
        listed.append(ListedSource(ident, documents[graph], sizes.get(graph, 0), record, version, state))
    return listed


def _find_state(record: SourceRecord | None, build: LoggedBuild | None, last: LoggedBuild | None) -> SourceState:
    """Return the state of a source.

    Args:
        record: its record.
        build: the build that read it.
        last: the last build of the store.
    """
    if record is None:
        return SourceState.UNKNOWN
    if record.failure is not None:
        return SourceState.FAILED
    if build is None or build.software != compute_graph_digest():
        return SourceState.OTHER_VERSION
    if last is not None and build.made_with != last.made_with:
        return SourceState.OTHER_SETTINGS
    return SourceState.OK if record.key else SourceState.INCOMPLETE


def _count_quads(store: Store) -> dict[str, int]:
    """Return the number of quads of each graph, by its IRI."""
    found = store.oxigraph.query("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert isinstance(found, QuerySolutions)
    return {row["g"].value: int(row["n"].value) for row in found}
