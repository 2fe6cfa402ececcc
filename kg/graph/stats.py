"""What a store holds, counted."""

from __future__ import annotations

from dataclasses import dataclass

from kg.graph.query import run
from kg.graph.view import NODE_CLASSES
from kg.store.store import Store
from ontology.terms import FIGURE_CLASSES

_BY_CLASS = """
SELECT ?class (COUNT(DISTINCT ?x) AS ?n) WHERE {
  ?x a ?class FILTER (STRSTARTS(STR(?class), STR(pk:)))
  FILTER NOT EXISTS { ?x pk:sameAs ?main }
} GROUP BY ?class
"""
_BY_PREDICATE = """
SELECT ?p (COUNT(DISTINCT CONCAT(STR(?s), " ", STR(?o))) AS ?n) WHERE {
  ?e a pk:Evidence ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
} GROUP BY ?p
"""


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of a store; a thing in many sources counts once."""

    sources: int
    quads: int
    classes: dict[str, int]
    """Documents, parts, entities and figures by class, the most frequent first."""
    predicates: dict[str, int]
    """Statements with evidence by property, the most frequent first."""


def stats(store: Store) -> Stats:
    """Count what *store* holds."""
    classes = _counts(store, _BY_CLASS)
    kept = NODE_CLASSES | FIGURE_CLASSES
    return Stats(
        len(store.sources()), len(store), {k: n for k, n in classes.items() if k in kept}, _counts(store, _BY_PREDICATE)
    )


def _counts(store: Store, sparql: str) -> dict[str, int]:
    found = {}
    for name, number in run(store, sparql).rows:
        if name is not None and number is not None:
            local = str(getattr(name, "value", "")).replace("/", "#").rpartition("#")[2]
            found[local] = int(getattr(number, "value", "0"))
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
