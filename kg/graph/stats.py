"""Counts of the things and statements of a store."""

from __future__ import annotations

from dataclasses import dataclass

from kg.graph.query import run_query
from kg.graph.view import NODE_CLASSES
from kg.store.store import Store
from ontology.terms import FIGURE_CLASSES

_BY_CLASS = """
SELECT ?class (COUNT(?x) AS ?n) WHERE { ?x a ?class MINUS { ?x pk:sameAs ?main } }
GROUP BY ?class HAVING (STRSTARTS(STR(?class), STR(pk:)))
"""
_BY_PREDICATE = """
SELECT ?p (COUNT(*) AS ?n) WHERE {
  SELECT DISTINCT ?s ?p ?o WHERE {
    ?e a pk:Evidence ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
    MINUS { ?s pk:bound ?figure }
  }
} GROUP BY ?p
"""


@dataclass(frozen=True, slots=True)
class Stats:
    """The counts of a store. A thing that is in several sources counts once."""

    sources: int
    quads: int
    classes: dict[str, int]
    """Number of documents, parts, entities and figures by class, most frequent first."""
    predicates: dict[str, int]
    """Number of statements between things by property, most frequent first."""


def count_store(store: Store) -> Stats:
    """Return the counts of *store*."""
    shown = NODE_CLASSES | FIGURE_CLASSES
    classes = {name: n for name, n in _count_by(store, _BY_CLASS).items() if name in shown}
    return Stats(len(store.list_sources()), len(store), classes, _count_by(store, _BY_PREDICATE))


def _count_by(store: Store, sparql: str) -> dict[str, int]:
    found = {}
    for name, number in run_query(store, sparql).rows:
        if name is not None and number is not None:
            local = str(getattr(name, "value", "")).replace("/", "#").rpartition("#")[2]
            found[local] = int(getattr(number, "value", "0"))
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
