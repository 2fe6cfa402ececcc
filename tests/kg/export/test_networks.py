"""The network of a store: things are nodes, statements edges; figures are a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

from kg.export.networks import build_network, serialize_csv, serialize_network, serialize_tables
from kg.store.store import Store


@pytest.fixture
def store(store_path: Path) -> Iterator[Store]:
    with Store(store_path) as opened:
        yield opened


def test_nodes_have_names_and_edges_have_words(store: Store) -> None:
    network = build_network(store)
    names = {node: data["label"] for node, data in network.nodes(data=True)}
    edges = {(names[a], data["predicate"], names[b]): data for a, b, data in network.edges(data=True)}
    stated = edges[("澄溪市工业和信息化局", "administers", "登高计划")]
    assert (stated["quote"], stated["predicate_zh"], stated["document"]) == (
        "我局实施“登高计划”",
        "主管",
        "2024/20240015.txt",
    )


@pytest.mark.parametrize(("form", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_other_programs_read_the_same_network(store: Store, form: str, read: object) -> None:
    assert callable(read)
    text = serialize_network(store, form)
    assert text == serialize_network(store, form)
    found, network = read(io.BytesIO(text.encode())), build_network(store)
    assert (len(found), found.number_of_edges()) == (len(network), network.number_of_edges())


def test_tables_refer_to_each_other(store: Store) -> None:
    tables = {
        name: list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        for name, data in serialize_tables(store).items()
    }
    nodes = {row["id"] for row in tables["nodes"]}
    assert {end for row in tables["edges"] for end in (row["source"], row["target"])} <= nodes
    assert {row["about"] for row in tables["figures"]} <= nodes and len(tables["figures"]) == 3


def test_a_table_has_its_columns_in_order_and_empty_cells() -> None:
    lines = serialize_csv(("b", "a"), [{"a": 1, "b": "甲"}, {"a": 2}]).decode("utf-8-sig").splitlines()
    assert lines == ["b,a", "甲,1", ",2"]
