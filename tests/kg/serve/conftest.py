"""A small store with several graphs, served on a real port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.store.store import Store
from tests.support.servers import make_settings, serve

GRAPHS = ("http://graphs.invalid/a", "http://graphs.invalid/b", "http://graphs.invalid/c")
NAME = NamedNode("http://terms.invalid/name")


def fill_store(path: Path) -> Path:
    """A store with three graphs, each with a statement of its own and one that all share."""
    with Store(path, write=True) as store:
        for graph in GRAPHS:
            letter = graph[-1]
            own = Quad(NamedNode(f"http://things.invalid/{letter}"), NAME, Literal(f"名称{letter}"), NamedNode(graph))
            shared = Quad(NamedNode("http://things.invalid/all"), NAME, Literal('<共>&\t\n"x'), NamedNode(graph))
            store.replace_graph(graph, [own, shared])
    return path


def fill_many(path: Path, number: int) -> Path:
    """A store with a graph of *number* statements."""
    with Store(path, write=True) as store:
        graph = NamedNode(GRAPHS[0])
        store.replace_graph(
            graph.value,
            [Quad(NamedNode(f"http://things.invalid/{i}"), NAME, Literal(f"名称{i}"), graph) for i in range(number)],
        )
    return path


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_store(tmp_path_factory.mktemp("serve") / "store")


@pytest.fixture(scope="session")
def address(small_store: Path) -> Iterator[str]:
    """The address of a server of the small store."""
    with serve(make_settings(small_store)) as found:
        yield found


@pytest.fixture(scope="session")
def large_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of a store with 1,500 statements."""
    with serve(make_settings(fill_many(tmp_path_factory.mktemp("large") / "store", 1500))) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as opened:
        yield opened


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
"""A name that a page must show as it is."""


def fill_pages(path: Path) -> Path:
    """A store of the invented page with one doubtful relation, and of an agency with a hostile name."""
    from kg.rdf.graph import build_quads
    from kg.rdf.identifiers import make_context_iri
    from ontology.terms import PK, RDF, RDFS
    from tests.support.invented_page import make_extraction

    with Store(path, write=True) as store:
        extraction = make_extraction()
        doubtful = [replace(r, confidence=0.5) if r.predicate == "availableOn" else r for r in extraction.relations]
        extraction = replace(extraction, relations=tuple(doubtful))
        store.replace_graph(make_context_iri(extraction.source.id, store.base), build_quads(extraction, store.base))
        graph = NamedNode("https://w3id.org/proposal-kg/id/source/hostile.txt")
        thing = NamedNode("https://w3id.org/proposal-kg/id/agency/hostile")
        store.replace_graph(graph.value, [
            Quad(thing, NamedNode(RDF + "type"), NamedNode(PK + "Agency"), graph),
            Quad(thing, NamedNode(RDFS + "label"), Literal(HOSTILE), graph),
        ])  # fmt: skip
    return path


@pytest.fixture(scope="session")
def pages_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the invented page."""
    with serve(make_settings(fill_pages(tmp_path_factory.mktemp("pages") / "store"))) as found:
        yield found


@pytest.fixture
def site(pages_address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages_address, timeout=30, trust_env=False) as opened:
        yield opened
