"""The default graph of a store: what the named graphs say, each statement once.

Several sources say the same: they name the same agencies, and letters are published twice. In the union of the graphs
such a statement is there once for each source, and in a query with several patterns the repetitions multiply. The
default graph has it once. The store changes it in the transactions that change the named graphs (``kg.store.store``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, RdfFormat, serialize
from pyoxigraph import Store as Oxigraph

DEFAULT_GRAPH = DefaultGraph()
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE {{ {} }}"
_ANY = "?s ?p ?o"


def strip_graphs(quads: Iterable[Quad]) -> set[Quad]:
    """Return *quads* as they stand in the default graph."""
    return {Quad(q.subject, q.predicate, q.object) for q in quads}


def find_unstated(oxigraph: Oxigraph, removed: Collection[Quad], added: Collection[Quad]) -> set[Quad]:
    """Return what the default graph loses if *removed* is taken from named graphs and *added* is put into them.

    Args:
        oxigraph: the store before the change.
        removed: quads that it has.
        added: quads that it lacks.
    """
    staying, leaving = strip_graphs(added), set(removed)

    def is_stated(quad: Quad) -> bool:
        found = oxigraph.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return any(other.graph_name != DEFAULT_GRAPH and other not in leaving for other in found)

    return {quad for quad in strip_graphs(removed) if quad not in staying and not is_stated(quad)}


def format_change(removed: Iterable[Quad], added: Iterable[Quad]) -> str:
    """Return a SPARQL update that removes and adds quads; its operations are one transaction."""
    parts = [(verb, _format_data(quads)) for verb, quads in (("DELETE", removed), ("INSERT", added))]
    return ";\n".join(f"{verb} DATA {{\n{data}}}" for verb, data in parts if data)


def fill_default_graph(oxigraph: Oxigraph) -> None:
    """Make the default graph anew, in a store that was made without one."""
    oxigraph.clear_graph(DEFAULT_GRAPH)
    oxigraph.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in _read_named_graphs(oxigraph))
    oxigraph.flush()


def count_default_graph(oxigraph: Oxigraph) -> int:
    """Return the number of statements in the default graph."""
    return _count(oxigraph, _ANY)


def count_named_graph(oxigraph: Oxigraph, graph: str) -> int:
    """Return the number of quads in one named graph."""
    return _count(oxigraph, f"GRAPH <{graph}> {{ {_ANY} }}")


def fill_folder(folder: Path) -> None:
    """Make the default graph of the closed store in *folder*."""
    fill_default_graph(Oxigraph(folder))


def _count(oxigraph: Oxigraph, pattern: str) -> int:
    found = oxigraph.query(_COUNT.format(pattern))
    assert isinstance(found, QuerySolutions)
    return int(next(found)["n"].value)


def _read_named_graphs(oxigraph: Oxigraph) -> Iterator[Quad]:
    for graph in oxigraph.named_graphs():
        if isinstance(graph, NamedNode):
            yield from oxigraph.quads_for_pattern(None, None, None, graph)


def _format_data(quads: Iterable[Quad]) -> str:
    """Return *quads* as the data of a SPARQL update."""
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault("" if quad.graph_name == DEFAULT_GRAPH else str(quad.graph_name), []).append(quad)
    parts = ((graph, _format_triples(some)) for graph, some in graphs.items())
    return "".join(f"GRAPH {graph} {{\n{data}}}\n" if graph else data for graph, data in parts)


def _format_triples(quads: Iterable[Quad]) -> str:
    data = serialize((q.triple for q in quads), format=RdfFormat.N_TRIPLES)
    return (data or b"").decode("utf-8")
