"""The default graph: what the named graphs say, each statement once, whatever was built, replaced and removed."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.errors import StoreError
from kg.graph.query import run_query
from kg.store.store import Store
from tests.support.stores import named_graph

NAMES = [f"https://example.org/{letter}" for letter in "abc"]


def default_graph(store: Store) -> set[Quad]:
    return set(store.oxigraph.quads_for_pattern(None, None, None, DefaultGraph()))


def union(store: Store) -> set[Quad]:
    graphs = store.list_graphs(links=True, builds=True)
    return {Quad(q.subject, q.predicate, q.object) for graph in graphs for q in store.read_quads(graph)}


def make_quads(graph: str, numbers: list[int]) -> list[Quad]:
    predicate, name = NamedNode("https://example.org/p"), NamedNode(graph)
    return [Quad(NamedNode(f"https://example.org/{n % 3}"), predicate, Literal(f"{n}"), name) for n in numbers]


def make_old(path: Path) -> int:
    """Make the store at *path* one of the earlier format; return the number of its statements."""
    with Store(path, write=True) as store:
        size = len(default_graph(store))
        store.oxigraph.clear_graph(DefaultGraph())
    settings = path / "kg-store.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text(encoding="utf-8")), "format": 2}), encoding="utf-8")
    return size


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_union_of_the_named_graphs_after_any_changes(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    with Store(tmp_path / "s", write=True) as store:
        for _ in range(30):
            graph = generator.choice(NAMES)
            numbers = generator.sample(range(12), generator.randint(0, 6))
            record = make_quads(store.builds_graph, [])
            if generator.random() < 0.2:
                store.remove_graph(graph)
            else:
                if generator.random() < 0.5:
                    node = NamedNode(store.make_record_iri(graph))
                    read = Literal(str(generator.randint(1, 2)))
                    record = [Quad(node, NamedNode("https://example.org/read"), read, NamedNode(store.builds_graph))]
                store.replace_graph(graph, make_quads(graph, numbers), record)
            assert default_graph(store) == union(store)
    with Store(tmp_path / "s") as store:
        assert default_graph(store) == union(store)
        assert len(store) == sum(len(list(store.read_quads(graph))) for graph in store.list_graphs())


def test_a_statement_stays_until_its_last_source_goes(tmp_path: Path) -> None:
    query = "SELECT ?o { ?s <https://example.org/p> ?o }"
    with Store(tmp_path / "s", write=True) as store:
        for graph in NAMES[:2]:
            store.replace_graph(graph, make_quads(graph, [1, 2]))
        assert len(run_query(store, query).rows) == 2
        store.remove_graph(NAMES[0])
        assert len(run_query(store, query).rows) == 2
        store.replace_graph(NAMES[1], make_quads(NAMES[1], [2]))
        assert [row["o"] for row in run_query(store, query).values()] == ["2"]
        store.remove_graph(NAMES[1])
        assert not run_query(store, query).rows and not default_graph(store)


@pytest.mark.parametrize("write", [False, True])
def test_a_store_of_the_earlier_format_is_converted_when_it_is_opened(store_path: Path, write: bool) -> None:
    size = make_old(store_path)
    with Store(store_path, write=write) as store:
        assert len(default_graph(store)) == size and default_graph(store) == union(store)
    assert json.loads((store_path / "kg-store.json").read_text(encoding="utf-8"))["format"] == 3
    with Store(store_path) as store, Store(store_path) as second:
        assert default_graph(store) == default_graph(second)


def test_an_interrupted_conversion_is_done_again(store_path: Path) -> None:
    size = make_old(store_path)
    from pyoxigraph import Store as Oxigraph

    half = Oxigraph(store_path)
    half.add(Quad(NamedNode(NAMES[0]), NamedNode(NAMES[1]), Literal("left over")))
    del half
    with Store(store_path) as store:
        assert len(default_graph(store)) == size


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="not run: root may write anywhere")
def test_a_store_that_cannot_be_converted_says_what_to_do(store_path: Path) -> None:
    make_old(store_path)
    (store_path / "kg.lock").chmod(0o400)
    try:
        with pytest.raises(StoreError, match="converted once"):
            Store(store_path)
    finally:
        (store_path / "kg.lock").chmod(0o600)


def test_a_store_in_use_is_not_converted(store_path: Path) -> None:
    make_old(store_path)
    from kg.store import folder

    held = folder.lock(store_path, write=False)
    try:
        with pytest.raises(StoreError, match="converted once"):
            Store(store_path)
    finally:
        if held is not None:
            held.close()
    with Store(store_path) as store:
        assert default_graph(store)


def test_the_source_graphs_stay_as_they_are(tmp_path: Path) -> None:
    name, quads = named_graph()
    with Store(tmp_path / "s", write=True) as store:
        store.replace_graph(name, quads)
        assert set(store.read_quads(name)) == set(quads)
        assert store.list_graphs() == [name]
        rows = run_query(store, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").values()
        assert rows == [{"n": str(len(set(quads)))}]
