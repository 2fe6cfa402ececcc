"""A store behind a SPARQL 1.1 server, with the methods of a pyoxigraph store that the project uses.

Graphs are fetched as a whole when they are first asked for, and a number of them is kept.

A change first puts all its statements into the graph ``…/pending``, and adds them to the default graph. Then it puts
the graphs of the sources as a whole, then their records. At last it takes from the default graph what stands in
``…/pending`` and is said by no other graph, and drops ``…/pending``. If it is interrupted, the record is missing or
old, so that the next build reads the source again; the next writer does what is left of the last step. Statements are
added and taken by the server from graph to graph, because servers refuse long texts in updates.

Virtuoso has no default graph: the graph ``…/distinct`` stands for it. It stores and gives back graphs as they are, but
loses rows of queries with sub-selects; therefore it is queried as a copy in memory.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)
from pyoxigraph import Store as Oxigraph

from kg.rdf import iri
from kg.store.distinct import DEFAULT_GRAPH, strip_graphs
from kg.store.endpoint import Endpoint
from kg.store.history import History
from ontology.terms import PK

_KEPT = 256
"""How many graphs are kept."""
_LOOKUPS = 40
"""After so many look-ups in the default graph it is fetched as a whole, unless the store is being changed."""
_MARK = "/source/"
"""What follows the base in the name of the graph of a source."""

Term = NamedNode | Literal


class RemoteGraphs:
    """The graphs of a server.

    Attributes:
        base: the beginning of the IRIs of the things of the store.
    """

    def __init__(self, url: str, base: str | None, *, write: bool) -> None:
        """Connect with the server.

        Raises:
            StoreError: it does not answer.
        """
        self._endpoint = Endpoint(url)
        self._write = write
        self._kept: OrderedDict[str, Oxigraph] = OrderedDict()
        self._lookups = 0
        self.base = self._find_base() or base or iri.BASE
        self._default = f"{self.base}distinct" if self._endpoint.is_virtuoso else ""
        self._builds = f"{self.base}builds"
        self._pending = f"{self.base}pending"
        if write:
            self._finish_change()

    # reading

    def quads_for_pattern(self, subject: Any, predicate: Any, obj: Any, graph: Any = None) -> Iterator[Quad]:
        """Yield the quads that fit, of one graph, or of all named graphs."""
        if self._copy is not None:
            yield from self._copy.quads_for_pattern(subject, predicate, obj, graph)
            return
        if isinstance(graph, NamedNode):
            yield from self._fetch(graph.value).quads_for_pattern(subject, predicate, obj, graph)
            return
        if graph == DEFAULT_GRAPH:
            self._lookups += 1
            if not self._write and self._lookups > _LOOKUPS:
                yield from self._fetch("").quads_for_pattern(subject, predicate, obj, DEFAULT_GRAPH)
                return
        given = {"s": subject, "p": predicate, "o": obj}
        triple = " ".join(str(term) if term is not None else f"?{name}" for name, term in given.items())
        inside = triple if graph == DEFAULT_GRAPH else f"GRAPH ?g {{ {triple} }}"
        for row in self._select(f"SELECT * WHERE {{ {inside} }}"):
            s, p, o = (row[name] if term is None else term for name, term in given.items())
            if graph == DEFAULT_GRAPH:
                yield Quad(s, p, o)
            elif self._is_own(row["g"].value):
                yield Quad(s, p, o, row["g"])

    def named_graphs(self) -> Iterator[NamedNode]:
        """Yield the graphs of the store; a server may have others."""
        if self._copy is not None:
            yield from (graph for graph in self._copy.named_graphs() if isinstance(graph, NamedNode))
        else:
            yield from self._list_graphs()

    def _list_graphs(self) -> Iterator[NamedNode]:
        yield from map(NamedNode, self._count_graphs())

    def _count_graphs(self) -> dict[str, int]:
        """Return how many quads each graph of the store has; Virtuoso needs 20 s for the names alone."""
        rows = self._select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        counts = {row["g"].value: int(row["n"].value) for row in rows}
        return {name: number for name, number in sorted(counts.items()) if self._is_own(name)}

    def query(self, sparql: str, *, prefixes: dict[str, str] | None = None, default_graph: Any = None,
              named_graphs: Any = None, **_: Any) -> Any:  # fmt: skip
        """Return the answer to a query, as pyoxigraph returns it."""
        if self._copy is not None:
            return self._copy.query(sparql, prefixes=prefixes, default_graph=default_graph, named_graphs=named_graphs)
        return self._ask(sparql, prefixes or {}, default_graph, named_graphs)

    @cached_property
    def _copy(self) -> Oxigraph | None:
        """All graphs in memory, from a server whose answers to queries with several parts are wrong; else None."""
        if self._write or not self._endpoint.is_virtuoso:
            return None
        copy = Oxigraph()
        for graph in (DEFAULT_GRAPH, *self._list_graphs()):
            name = getattr(graph, "value", "")
            copy.bulk_extend(_name(self._endpoint.read_graph(name or self._default), name))
        return copy

    def _ask(self, sparql: str, prefixes: dict[str, str], default_graph: Any = None, named_graphs: Any = None) -> Any:
        head = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in prefixes.items())
        default = [graph.value for graph in default_graph] if default_graph is not None else [self._default]
        named = [graph.value for graph in named_graphs or ()]
        parameters = [("default-graph-uri", name) for name in default if name]
        body, kind = self._endpoint.ask(head + sparql, [*parameters, *(("named-graph-uri", name) for name in named)])
        if "json" in kind:
            return parse_query_results(body, format=QueryResultsFormat.JSON)
        local = Oxigraph()
        local.extend(Quad(q.subject, q.predicate, q.object) for q in parse(body, format=RdfFormat.N_TRIPLES))
        return local.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")

    def __len__(self) -> int:
        if self._copy is not None:
            return len(self._copy)
        default = next(self._select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"))
        return sum(self._count_graphs().values()) + int(default["n"].value)

    # writing

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add quads to their graphs."""
        self.change(set(), {quad for quad in quads if quad.graph_name != DEFAULT_GRAPH})

    def bulk_extend(self, quads: Iterable[Quad]) -> None:
        """Add quads to their graphs."""
        self.extend(quads)

    def flush(self) -> None:
        """Do nothing: the server keeps what it has confirmed."""

    def change(self, removed: Collection[Quad], added: Collection[Quad], drop: str = "") -> None:
        """Remove and add quads of named graphs, and change the default graph with them.

        Args:
            removed: quads that the store has.
            added: quads that it lacks.
            drop: IRI of a graph that is removed; empty for none.
        """
        taken, given = _group(removed), _group(added)
        graphs = sorted({*taken, *given, *filter(None, [drop])} - {self._builds})
        self._kept.pop("", None)
        if removed or added:
            self._endpoint.put_graph(self._pending, strip_graphs(removed) | strip_graphs(added))
            self._endpoint.copy_graph(self._pending, self._default)
        for graph in graphs:
            kept = self._fetch(graph)
            content = {*kept.quads_for_pattern(None, None, None, None)} - taken[graph] | given[graph]
            self._kept.pop(graph, None)
            if content and graph != drop:
                self._endpoint.put_graph(graph, content)
            else:
                self._endpoint.drop_graph(graph)
        if taken[self._builds] or given[self._builds]:
            records = self._fetch(self._builds)
            self._endpoint.add_to_graph(self._builds, given[self._builds])
            self._endpoint.take_from_graph(self._builds, taken[self._builds])
            for quad in taken[self._builds]:
                records.remove(quad)
            records.extend(given[self._builds])
        if removed:
            self._finish_change()
        elif added:
            self._endpoint.drop_graph(self._pending)

    def _finish_change(self) -> None:
        """Take from the default graph what a change concerned and no other graph says; nothing if there was none."""
        pending = {Quad(q.subject, q.predicate, q.object) for q in self._endpoint.read_graph(self._pending)}
        if not pending:
            return
        others = f'STRSTARTS(STR(?g), "{self.base}") && ?g != <{self.base}distinct> && ?g != <{self._pending}>'
        stated = self._select(
            f"SELECT ?s ?p ?o WHERE {{ GRAPH <{self._pending}> {{ ?s ?p ?o }} "
            f"FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({others}) }} }}"
        )
        gone = pending - {Quad(row["s"], row["p"], row["o"]) for row in stated}
        if gone:
            self._endpoint.put_graph(self._pending, gone)
            self._endpoint.subtract_graph(self._pending, self._default)
        self._endpoint.drop_graph(self._pending)

    # the server

    def _fetch(self, graph: str) -> Oxigraph:
        """Return a graph as a store in memory; an empty name stands for the default graph."""
        if (kept := self._kept.get(graph)) is not None:
            self._kept.move_to_end(graph)
            return kept
        local = Oxigraph()
        local.extend(_name(self._endpoint.read_graph(graph or self._default), graph))
        self._kept[graph] = local
        for old in [name for name in self._kept if name not in ("", self._builds)][:-_KEPT]:
            del self._kept[old]
        return local

    def _select(self, sparql: str) -> Iterator[Any]:
        """Yield the rows of a query. With GRAPH no default graph is named: it would exclude all others."""
        found = self._ask(sparql, {}, default_graph=() if "GRAPH" in sparql else None)
        assert isinstance(found, QuerySolutions) and not isinstance(found, QueryBoolean)
        yield from found

    def _is_own(self, graph: str) -> bool:
        return graph.startswith(self.base) and graph not in (f"{self.base}distinct", self._pending)

    def _find_base(self) -> str:
        """Return what the IRIs of the store begin with; empty if it has no source yet."""
        body, _ = self._endpoint.ask(f"SELECT ?g WHERE {{ GRAPH ?g {{ ?g <{PK}sourcePath> ?path }} }} LIMIT 1")
        rows: Any = parse_query_results(body, format=QueryResultsFormat.JSON)
        for row in rows:
            name = str(row["g"].value)
            if _MARK in name:
                return name[: name.index(_MARK) + 1]
        return ""


class NoHistory(History):
    """The history of a store behind a server: none is kept."""

    @contextmanager
    def record_change(self, graph: str, old: Collection[Quad], new: Collection[Quad]) -> Iterator[None]:
        """Record nothing."""
        yield

    def read_steps(self) -> tuple[()]:
        """Return no steps."""
        return ()

    @property
    def limit(self) -> int:
        """Return that no step is kept."""
        return 0


def _group(quads: Iterable[Quad]) -> dict[str, set[Quad]]:
    found: dict[str, set[Quad]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            found[quad.graph_name.value].add(quad)
    return found


def _name(quads: Iterable[Quad], graph: str) -> Iterator[Quad]:
    name = NamedNode(graph) if graph else DefaultGraph()
    return (Quad(q.subject, q.predicate, q.object, name) for q in quads)
