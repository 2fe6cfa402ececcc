"""What is in a store, source by source: how much, from where, read when, by which version; and does that still hold?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import NamedNode, QuerySolutions

from kg.ingest.log import Past, past
from kg.store.records import Record, records
from kg.store.store import Store
from kg.version import graph_digest
from ontology.terms import DCTERMS


class State(StrEnum):
    """Whether a source is in the store as it would be made now; the value is its key in the messages."""

    OK = "ok"
    FAILED = "failed"
    """It could not be read when it was last tried; what the store has of it, if anything, is older."""
    INCOMPLETE = "incomplete"
    """A language model did not answer for all of it, or it was written to while it was read: it is read again."""
    OTHER_VERSION = "other_version"
    """Made by another version of this software."""
    OTHER_SETTINGS = "other_settings"
    """Made with other lexicons or settings than the last build had."""
    UNKNOWN = "unknown"
    """Nothing is on record: put in by a version that kept no records."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One source of a store."""

    source: str
    documents: int
    """Letters and policy texts found in it."""
    quads: int
    """None of them, if it could never be read."""
    record: Record | None
    version: str
    """Of the software that read it; empty if that is not known."""
    state: State


def listed(store: Store) -> list[Listed]:
    """The sources of *store*, and what could not be read, by id."""
    known, builds, stored = records(store), past(store), store.sources()
    last = next(reversed(builds.values()), None)
    documents = Counter(
        getattr(q.graph_name, "value", "")
        for q in store.oxigraph.quads_for_pattern(None, NamedNode(DCTERMS + "source"), None, None)
    )
    sizes = _sizes(store)
    out = []
    for ident in sorted({*stored, *known}):
        graph, record = stored.get(ident, ""), known.get(ident)
        made = builds.get(record.build) if record else None
        state = _state(record, made, last)
        version = made.version if made else ""
        out.append(Listed(ident, documents[graph], sizes.get(graph, 0), record, version, state))
    return out


def _state(record: Record | None, made: Past | None, last: Past | None) -> State:
    if record is None:
        return State.UNKNOWN
    if record.failure is not None:
        return State.FAILED
    if made is None or made.software != graph_digest():
        return State.OTHER_VERSION
    if last is not None and made.made_with != last.made_with:
        return State.OTHER_SETTINGS
    return State.OK if record.key else State.INCOMPLETE


def _sizes(store: Store) -> dict[str, int]:
    """Quads by graph."""
    found = store.oxigraph.query("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert isinstance(found, QuerySolutions)
    return {row["g"].value: int(row["n"].value) for row in found}
