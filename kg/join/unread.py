"""What joining keeps beside the log of builds: files that could not be read, until they are read or taken out, and
by which rules the graph of links was made.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from kg.store import Store
from ontology.terms import PK

_FILE = NamedNode(PK + "unreadFile")
_RULES = NamedNode(PK + "lexiconDigest")


def known(store: Store) -> tuple[str, ...]:
    """Ids of the files that could not be read, and are in the store by no earlier reading."""
    log = NamedNode(store.builds_graph)
    found = {q.object.value for q in store.oxigraph.quads_for_pattern(log, _FILE, None, log)
             if isinstance(q.object, Literal)}  # fmt: skip
    return tuple(sorted(found - set(store.sources())))


def remember(store: Store, failed: Iterable[str]) -> tuple[str, ...]:
    """Keep the ids of files that *failed*, forget those that were read since; gives all that are known."""
    log = NamedNode(store.builds_graph)
    for name in failed:
        store.oxigraph.add(Quad(log, _FILE, Literal(name), log))
    left = known(store)
    for q in list(store.oxigraph.quads_for_pattern(log, _FILE, None, log)):
        if getattr(q.object, "value", "") not in left:
            store.oxigraph.remove(q)
    return left


def forget(store: Store, name: str) -> bool:
    """Take a file out that could not be read; whether it was known."""
    there = name in known(store)
    log = NamedNode(store.builds_graph)
    store.oxigraph.remove(Quad(log, _FILE, Literal(name), log))
    return there


def made_by(store: Store) -> str:
    """The digest of the rules that the graph of links was made by; empty if there is none."""
    log = NamedNode(store.builds_graph)
    found = (q.object.value for q in store.oxigraph.quads_for_pattern(log, _RULES, None, log)
             if isinstance(q.object, Literal))  # fmt: skip
    return min(found, default="")


def mark(store: Store, rules: str) -> None:
    """Keep the digest of the rules that the graph of links is made by."""
    log = NamedNode(store.builds_graph)
    for q in list(store.oxigraph.quads_for_pattern(log, _RULES, None, log)):
        store.oxigraph.remove(q)
    store.oxigraph.add(Quad(log, _RULES, Literal(rules), log))
