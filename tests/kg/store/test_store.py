"""The store: graphs are whole, whatever happens; one writer, any number of readers."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import StoreError, UsageError
from kg.rdf.graph import build_quads
from kg.rdf.identifiers import make_context_iri
from kg.store.store import Store
from tests.support.invented_page import PAGE, make_extraction
from tests.support.processes import start
from tests.support.stores import LONGER_PAGE, build_forever, large_graph

GRAPH = make_context_iri("2024/20240015.txt")


def page_quads(text: str = PAGE) -> list[Quad]:
    return list(build_quads(make_extraction(text=text)))


def test_what_is_put_in_comes_out(tmp_path: Path) -> None:
    graph = page_quads()
    with Store(tmp_path / "s", write=True) as store:
        assert store.replace_graph(GRAPH, graph)
    with Store(tmp_path / "s") as store:
        assert set(store.read_quads(GRAPH)) == set(graph)
        assert store.list_sources() == {"2024/20240015.txt": GRAPH}
        assert len(store) == len(graph)


def test_the_same_again_doubles_and_changes_nothing(store_path: Path) -> None:
    with Store(store_path, write=True) as store:
        size = len(store)
        assert store.replace_graph(GRAPH, page_quads()) is False
        assert len(store) == size


def test_replacing_leaves_nothing_of_the_old(store_path: Path) -> None:
    new = page_quads("公告\n" + PAGE)
    with Store(store_path, write=True) as store:
        assert store.replace_graph(GRAPH, new)
        assert set(store.read_quads(GRAPH)) == set(new)


def test_removing_removes_all_of_a_source_and_nothing_else(store_path: Path) -> None:
    other = make_extraction("other.txt")
    with Store(store_path, write=True) as store:
        store.replace_graph(make_context_iri("other.txt"), build_quads(other))
        store.remove_graph(GRAPH)
        assert store.list_graphs() == [make_context_iri("other.txt")]
        assert list(store.read_quads(GRAPH)) == []
        assert set(store.read_quads(make_context_iri("other.txt"))) == set(build_quads(other))


def test_quads_of_another_graph_are_refused(tmp_path: Path) -> None:
    with Store(tmp_path / "s", write=True) as store, pytest.raises(ValueError, match="another graph"):
        store.replace_graph("https://example.org/x", page_quads())


def test_an_update_that_fails_changes_nothing(store_path: Path) -> None:
    with Store(store_path, write=True) as store:
        before = set(store.read_quads(GRAPH))
        with pytest.raises((OSError, SyntaxError)):
            store.oxigraph.update(f"DROP GRAPH <{GRAPH}>; LOAD <file:///nowhere>")
        assert set(store.read_quads(GRAPH)) == before


def test_two_readers_work_side_by_side(store_path: Path) -> None:
    with Store(store_path) as one, Store(store_path) as two:
        assert len(one) == len(two) > 0


def test_a_writer_keeps_others_out_and_lets_them_in_afterwards(store_path: Path) -> None:
    with Store(store_path, write=True):
        for write in (False, True):
            with pytest.raises(StoreError) as caught:
                Store(store_path, write=write)
            assert "正被" in caught.value.zh
    with Store(store_path) as store:
        assert len(store) > 0


def test_a_reader_keeps_writers_out(store_path: Path) -> None:
    with Store(store_path), pytest.raises(StoreError):
        Store(store_path, write=True)


def test_a_missing_store_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Store(tmp_path / "none")
    assert str(tmp_path / "none") in caught.value.zh and "kg build" in caught.value.zh
    assert not (tmp_path / "none").exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    for write in (False, True):
        with pytest.raises(StoreError):
            Store(tmp_path, write=write)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_damaged_store_is_said_in_one_line(store_path: Path) -> None:
    (store_path / "CURRENT").write_text("nonsense\n", encoding="utf-8")
    for write in (False, True):
        with pytest.raises(StoreError) as caught:
            Store(store_path, write=write)
        assert "损坏" in caught.value.zh and "\n" not in caught.value.zh


def test_a_store_of_another_format_is_refused(store_path: Path) -> None:
    settings = store_path / "kg-store.json"
    settings.write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(StoreError):
        Store(store_path)


def test_a_store_keeps_its_base(tmp_path: Path) -> None:
    with Store(tmp_path / "s", write=True, base="https://example.org/kg/"):
        pass
    with Store(tmp_path / "s") as store:
        assert store.base == "https://example.org/kg/"
    with pytest.raises(UsageError):
        Store(tmp_path / "s", write=True, base="https://example.org/other/")


def test_it_is_an_rdflib_dataset_too(store_path: Path) -> None:
    with Store(store_path) as store:
        dataset = store.as_dataset()
        rows = list(dataset.query("SELECT DISTINCT ?x { ?x a pk:Agency }"))
        assert len(rows) == 3
        del dataset, rows


def test_the_log_of_builds_counts_as_no_source(store_path: Path) -> None:
    with Store(store_path, write=True) as store:
        size = len(store)
        log = NamedNode(store.builds_graph)
        store.oxigraph.add(Quad(log, NamedNode("https://example.org/p"), Literal("x"), log))
        assert store.list_graphs() == [GRAPH]
        assert store.list_graphs(builds=True) == [store.builds_graph, GRAPH]
        assert len(store) == size


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_at_any_moment_the_store_holds_the_old_graph_or_the_new(tmp_path: Path) -> None:
    store_path, file = tmp_path / "s", tmp_path / "20240015.txt"
    graph = make_context_iri(file.name)
    versions = [large_graph(PAGE, file.name), large_graph(LONGER_PAGE, file.name)]
    assert not versions[0] <= versions[1] and not versions[1] <= versions[0]
    with Store(store_path, write=True) as store:
        store.replace_graph(graph, versions[0])
    seen = set()
    for turn in range(10):
        with start(build_forever, str(file), str(store_path)) as process:
            assert process.stdout is not None
            assert process.stdout.readline()  # one build, or two, are done: kill it somewhere in the next
            if turn % 2:
                assert process.stdout.readline()
            time.sleep(0.03 * turn)
            process.send_signal(signal.SIGKILL)
            process.wait()
        with Store(store_path, write=turn % 3 == 0) as store:
            kept = set(store.read_quads(graph))
        assert kept in versions, f"turn {turn}: {len(kept)} quads are neither version"
        seen.add(versions.index(kept))
    assert seen == {0, 1}
