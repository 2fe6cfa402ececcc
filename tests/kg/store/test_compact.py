"""Writing a store anew: the same statements in less room, and a store in the end whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.ingest.build import build
from kg.store import compact
from kg.store.compact import compact_store, restore_store
from kg.store.store import NewGraph, Store
from tests.support.invented_page import make_extraction
from tests.support.updates import nquads, write

EX = "https://example.org/"


def make_store(path: Path, groups: int = 6) -> Path:
    """Make a store of several groups of graphs, and merge them as a long build does."""
    with Store(path, write=True) as store:
        for group in range(groups):
            graphs = []
            for i in range(8):
                graph = f"{store.base}source/{group}-{i}"
                name = NamedNode(graph)
                quads = [
                    Quad(NamedNode(f"{EX}{group}/{i}/{n}"), NamedNode(f"{EX}p{n % 7}"), Literal(str(n % 50)), name)
                    for n in range(700)
                ]
                graphs.append(NewGraph(graph, quads, ()))
            store.add_graphs(graphs)
        store.flush()
        store.oxigraph.optimize()
    return path


def measure(path: Path) -> int:
    return sum(file.stat().st_size for file in path.glob("*.sst"))


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compact, "_LEAST", 0)


def test_a_store_takes_less_room_and_says_the_same(tmp_path: Path) -> None:
    path = make_store(tmp_path / "s")
    before, size = nquads(path), measure(path)
    with Store(path) as store:
        history = [(step.number, step.entries) for step in store.history.read_steps()]
    assert compact_store(path)
    assert nquads(path) == before and measure(path) < 0.7 * size
    with Store(path) as store:
        assert [(step.number, step.entries) for step in store.history.read_steps()] == history
    assert sorted(file.name for file in tmp_path.iterdir()) == ["s"]
    assert not compact_store(path)  # it is compact now


def test_a_store_in_use_is_left_alone(tmp_path: Path) -> None:
    path = make_store(tmp_path / "s")
    with Store(path):
        assert not compact_store(path)
    with Store(path) as store:
        assert len(store) == 6 * 8 * 700


@pytest.mark.parametrize("fail_at", [1, 2])
def test_a_store_that_cannot_be_renamed_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail_at: int) -> None:
    path = make_store(tmp_path / "s", 2)
    before, rename, calls = nquads(path), Path.rename, []

    def fail(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == fail_at:
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    assert not compact_store(path)
    assert nquads(path) == before and [file.name for file in tmp_path.iterdir()] == ["s"]


def test_a_store_whose_renaming_was_killed_is_put_back(tmp_path: Path) -> None:
    path = make_store(tmp_path / "s", 2)
    before = nquads(path)
    path.rename(tmp_path / ".s.old")
    (tmp_path / ".s.new").mkdir()
    assert nquads(path) == before
    path.rename(tmp_path / ".s.old")
    restore_store(path)
    assert compact_store(path) and nquads(path) == before
    assert [file.name for file in tmp_path.iterdir()] == ["s"]


def test_a_first_build_leaves_a_compact_store_and_an_update_does_not_write_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.ingest.worker.extract_source", lambda s, *rest: make_extraction(s.id, s.text))
    done: list[Path] = []
    monkeypatch.setattr("kg.ingest.session.compact_store", done.append)
    for i in range(4):
        write(tmp_path / "in" / f"{i}.txt", f"第{i}号")
    build(tmp_path / "in", tmp_path / "s", workers=1)
    assert done == [tmp_path / "s"]
    write(tmp_path / "in" / "2.txt", "改了")
    build(tmp_path / "in", tmp_path / "s", workers=1)
    assert done == [tmp_path / "s"]
