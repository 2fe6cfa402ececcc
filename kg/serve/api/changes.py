"""What builds changed: for each build and each source, whether it is new, changed or gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from kg.errors import StoreError
from kg.serve.site.state import SiteState
from kg.store.steps import HistoryEntry, HistoryStep, read_triples
from ontology.terms import DCTERMS, PK, RDFS

MOST = 60
"""Changes of the feed."""
_MOST_STEPS = 200
_LARGEST = 20_000
"""Triples of an entry that are looked through for its things."""


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What one build did to one source."""

    step: int
    time: str
    graph: str
    kind: str
    """``new``, ``changed`` or ``gone``."""
    added: int
    removed: int
    titles: tuple[str, ...]
    """Titles of its documents."""
    source: str
    """Its id; empty if it is not known any more."""


def list_changes(state: SiteState, iri: str = "") -> list[SourceChange]:
    """Return the changes of the sources by the builds that the history of the store keeps, the newest first.

    Args:
        state: the state of the store.
        iri: only what speaks of this thing; empty for everything.
    """
    try:
        steps = state.store.history.read_steps()[-_MOST_STEPS:]
    except (StoreError, OSError):
        return []  # a damaged history stops no page
    reader = _Reader(state)
    found: list[SourceChange] = []
    for step in reversed(steps):
        for entry in _join_entries(step, {state.store.links_graph, state.store.builds_graph}):
            change = reader.read(step, entry, iri)
            if change is not None:
                found.append(change)
                if len(found) == MOST:
                    return found
    return found


def _join_entries(step: HistoryStep, left_out: set[str]) -> Iterator[HistoryEntry]:
    """Yield the last entry of each graph of a source."""
    last = {entry.graph: entry for entry in step.entries if entry.graph not in left_out}
    yield from last.values()


class _Reader:
    def __init__(self, state: SiteState) -> None:
        self._state = state
        self._sources = {graph: source for source, graph in state.sources.items()}

    def read(self, step: HistoryStep, entry: HistoryEntry, iri: str) -> SourceChange | None:
        """Return the change of an entry; None if it does not speak of *iri*."""
        added, removed = read_triples(step, entry)
        kind = "new" if not entry.before else "changed" if entry.after else "gone"
        touched = self._read_graph(entry.graph) if kind == "new" else [*added, *removed]
        if iri and not _speak_of(touched[:_LARGEST] if kind != "new" else touched, iri):
            return None
        stated = list(removed) if kind == "gone" else self._read_graph(entry.graph)
        number = entry.after if kind == "new" else len(added)
        return SourceChange(
            step.number, step.time.strftime("%Y-%m-%dT%H:%M:%SZ"), entry.graph, kind, number, len(removed),
            tuple(sorted(_find_titles(stated, entry.graph))), self._sources.get(entry.graph) or _find_path(stated),
        )  # fmt: skip

    def _read_graph(self, graph: str) -> list[Triple]:
        made: list[Triple] = self._state.remember(
            ("triples", graph), lambda: [quad.triple for quad in self._state.store.read_quads(graph)]
        )
        return made


def _speak_of(triples: Iterable[Triple], iri: str) -> bool:
    node = NamedNode(iri)
    return any(node in (triple.subject, triple.object) for triple in triples)


def _find_titles(triples: Iterable[Triple], graph: str) -> set[str]:
    """Return the titles of the documents whose text is in a graph."""
    context = NamedNode(graph)
    documents: set[object] = set()
    titles: dict[object, str] = {}
    for triple in triples:
        if triple.predicate.value == DCTERMS + "source" and triple.object == context:
            documents.add(triple.subject)
        elif triple.predicate.value in (DCTERMS + "title", RDFS + "label"):
            titles.setdefault(triple.subject, str(getattr(triple.object, "value", "")))
    return {titles[one] for one in documents if one in titles}


def _find_path(triples: Iterable[Triple]) -> str:
    return next((str(getattr(t.object, "value", "")) for t in triples if t.predicate.value == PK + "sourcePath"), "")
