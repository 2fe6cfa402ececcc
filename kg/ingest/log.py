"""The log of builds, in the graph of builds: each a ``prov:Activity``, begun before its first source is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Quad

from kg.ingest.inputs import Inputs
from kg.store.records import moment
from kg.store.store import Store
from kg.version import __version__, graph_digest
from ontology.terms import DCTERMS, PK, PROV, RDF, XSD

_DECISIONS = "decisions"
"""In the settings: of each source only some count (``kg.ingest.fingerprint``), so that builds with others may agree."""


class Activity:
    """One build, as the log tells of it.

    Args:
        started: when it began (UTC).
        given: what it was asked for.
    """

    def __init__(self, started: datetime, given: Inputs) -> None:
        self.started, self.given = started, given
        self.iri = ""
        """Its IRI, once it is begun."""

    def begin(self, store: Store) -> str:
        """Write down that it began, if that is not done yet.

        Returns:
            Its IRI.
        """
        if not self.iri:
            self.iri = f"{store.builds_graph}#{self.started:%Y%m%dT%H%M%S%fZ}"
            told = {"base": store.base, **self.given.settings}
            if self.given.decided is not None:
                told[_DECISIONS] = self.given.decided.digest
            self._say(store, [
                (RDF + "type", NamedNode(PROV + "Activity")), (PROV + "startedAtTime", _time(self.started)),
                (PK + "softwareVersion", Literal(__version__)), (PK + "softwareDigest", Literal(graph_digest())),
                (PK + "lexiconDigest", Literal(self.given.lexicon)),
                (PK + "settings", Literal(json.dumps(told, sort_keys=True))),
            ])  # fmt: skip
        return self.iri

    def end(self, store: Store, ended: datetime, graphs: Iterable[str], sources: int) -> None:
        """Write down when it ended, the *graphs* that it changed, and how many *sources* it read."""
        self.begin(store)
        self._say(store, [
            (PROV + "endedAtTime", _time(ended)), *((PROV + "generated", NamedNode(graph)) for graph in graphs),
            (DCTERMS + "extent", Literal(str(sources), datatype=NamedNode(XSD + "integer"))),
        ])  # fmt: skip

    def _say(self, store: Store, facts: Iterable[tuple[str, NamedNode | Literal]]) -> None:
        node, graph = NamedNode(self.iri), NamedNode(store.builds_graph)
        store.oxigraph.extend([Quad(node, NamedNode(p), o, graph) for p, o in facts])


@dataclass(frozen=True, slots=True)
class Past:
    """A build that was, read from the log."""

    started: str
    version: str
    software: str
    """Digest of the software; empty in logs of older versions."""
    made_with: str
    """Lexicons and settings, but for decisions."""


def past(store: Store) -> dict[str, Past]:
    """The builds in the log of *store*, by IRI, the oldest first."""
    names = {
        PROV + "startedAtTime": "started", PK + "softwareVersion": "version", PK + "softwareDigest": "software",
        PK + "lexiconDigest": "lexicon", PK + "settings": "settings",
    }  # fmt: skip
    builds = NamedNode(store.builds_graph)
    found: dict[str, dict[str, str]] = {}
    for predicate, name in names.items():
        for q in store.oxigraph.quads_for_pattern(None, NamedNode(predicate), None, builds):
            found.setdefault(getattr(q.subject, "value", ""), {})[name] = getattr(q.object, "value", "")
    out = {}
    begun = {node: told for node, told in found.items() if "started" in told}
    for node, told in sorted(begun.items(), key=lambda item: item[1]["started"]):
        settings = json.loads(told.get("settings", "{}"))
        settings.pop(_DECISIONS, None)
        made_with = json.dumps([told.get("lexicon", ""), settings], sort_keys=True)
        out[node] = Past(told["started"], told.get("version", ""), told.get("software", ""), made_with)
    return out


def _time(when: datetime) -> Literal:
    return Literal(moment(when), datatype=NamedNode(XSD + "dateTime"))
