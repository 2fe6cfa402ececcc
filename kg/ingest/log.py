"""The log of builds, in the graph of builds of a store.

Each build is a ``prov:Activity``. Its beginning is written before its first source is stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Quad

from kg.ingest.inputs import BuildInputs
from kg.store.records import format_timestamp
from kg.store.store import Store
from kg.version import __version__, compute_graph_digest
from ontology.terms import DCTERMS, PK, PROV, RDF, XSD

_DECISIONS = "decisions"
"""Name of the decisions in the settings. A graph depends only on the decisions about its source, so that builds with
different decisions may make the same graph."""


class BuildActivity:
    """One build in the log.

    Attributes:
        started: when the build began (UTC).
        inputs: its inputs.
        iri: its IRI; empty until the beginning is written.
    """

    def __init__(self, started: datetime, inputs: BuildInputs) -> None:
        self.started, self.inputs = started, inputs
        self.iri = ""

    def begin(self, store: Store) -> str:
        """Write the beginning of the build, if that is not done yet.

        Returns:
            The IRI of the build.
        """
        if not self.iri:
            self.iri = f"{store.builds_graph}#{self.started:%Y%m%dT%H%M%S%fZ}"
            settings = {"base": store.base, **self.inputs.settings}
            if self.inputs.decisions_file is not None:
                settings[_DECISIONS] = self.inputs.decisions_file.digest
            self._write_facts(store, [
                (RDF + "type", NamedNode(PROV + "Activity")), (PROV + "startedAtTime", _make_time(self.started)),
                (PK + "softwareVersion", Literal(__version__)),
                (PK + "softwareDigest", Literal(compute_graph_digest())),
                (PK + "lexiconDigest", Literal(self.inputs.lexicon_digest)),
                (PK + "settings", Literal(json.dumps(settings, sort_keys=True))),
            ])  # fmt: skip
        return self.iri

    def end(self, store: Store, ended: datetime, graphs: Iterable[str], sources: int) -> None:
        """Write the end of the build.

        Args:
            store: the store.
            ended: time of the end (UTC).
            graphs: IRIs of the graphs that the build changed.
            sources: number of sources that it read.
        """
        self.begin(store)
        self._write_facts(store, [
            (PROV + "endedAtTime", _make_time(ended)), *((PROV + "generated", NamedNode(graph)) for graph in graphs),
            (DCTERMS + "extent", Literal(str(sources), datatype=NamedNode(XSD + "integer"))),
        ])  # fmt: skip

    def _write_facts(self, store: Store, facts: Iterable[tuple[str, NamedNode | Literal]]) -> None:
        node, graph = NamedNode(self.iri), NamedNode(store.builds_graph)
        store.add_quads(Quad(node, NamedNode(predicate), value, graph) for predicate, value in facts)


@dataclass(frozen=True, slots=True)
class LoggedBuild:
    """An earlier build, read from the log."""

    started: str
    version: str
    software: str
    """Digest of the software; empty if an older version wrote the log."""
    made_with: str
    """Lexicons and settings as JSON, without the decisions."""


def read_builds(store: Store) -> dict[str, LoggedBuild]:
    """Return the builds in the log of *store* by IRI, the oldest first."""
    names = {
        PROV + "startedAtTime": "started", PK + "softwareVersion": "version", PK + "softwareDigest": "software",
        PK + "lexiconDigest": "lexicon", PK + "settings": "settings",
    }  # fmt: skip
    builds = NamedNode(store.builds_graph)
    found: dict[str, dict[str, str]] = {}
    for predicate, name in names.items():
        for quad in store.oxigraph.quads_for_pattern(None, NamedNode(predicate), None, builds):
            found.setdefault(getattr(quad.subject, "value", ""), {})[name] = getattr(quad.object, "value", "")
    logged = {}
    begun = {node: facts for node, facts in found.items() if "started" in facts}
    for node, facts in sorted(begun.items(), key=lambda item: item[1]["started"]):
        settings = json.loads(facts.get("settings", "{}"))
        settings.pop(_DECISIONS, None)
        made_with = json.dumps([facts.get("lexicon", ""), settings], sort_keys=True)
        logged[node] = LoggedBuild(facts["started"], facts.get("version", ""), facts.get("software", ""), made_with)
    return logged


def _make_time(when: datetime) -> Literal:
    return Literal(format_timestamp(when), datatype=NamedNode(XSD + "dateTime"))
