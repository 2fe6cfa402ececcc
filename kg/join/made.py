"""What the graph of links was made of: kept beside the log of builds, in one transaction with that graph."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad

from kg.store.store import Store
from ontology.terms import DCTERMS

_DIGEST = NamedNode(DCTERMS + "identifier")


def made_of(store: Store) -> str:
    """The digest that was :func:`marked`; empty if there is no graph of links, or it does not count any more."""
    found = (getattr(q.object, "value", "") for q in store.recorded(store.links_graph) if q.predicate == _DIGEST)
    return min(found, default="")


def marked(store: Store, digest: str) -> list[Quad]:
    """The record of a graph of links that is made of what has *digest*."""
    node = NamedNode(store.record_iri(store.links_graph))
    return [Quad(node, _DIGEST, Literal(digest), NamedNode(store.builds_graph))]


def outdate(store: Store) -> None:
    """Before a source is changed: the graph of links does not count until it is made anew.

    Whoever is killed in between, leaves it to the next build.
    """
    store.record(store.links_graph, ())
