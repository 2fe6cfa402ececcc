"""Results of joining that are kept: the same links as joined anew, and only what changed is read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Quad

from benchmarks.corpus import write_corpus
from kg.ingest.build import build, remove
from kg.join.graph import build_link_quads, find_unread_files
from kg.join.kept import KeptResults
from kg.join.letters import StoredLetters
from kg.store.folder import KEPT
from kg.store.records import read_records
from kg.store.store import Store
from ontology.lexicons import load_lexicon


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    write_corpus(folder, 14)
    return folder


def read_links(store: Path) -> set[Quad]:
    with Store(store) as opened:
        return set(opened.read_quads(opened.links_graph))


def join_anew(store: Path) -> set[Quad]:
    with Store(store) as opened:
        unread = find_unread_files(opened, read_records(opened))
        return set(build_link_quads(opened, unread, load_lexicon("")))


def test_links_are_the_same_as_joined_anew_after_each_change(pages: Path, tmp_path: Path) -> None:
    store, files = tmp_path / "s", sorted(path for path in pages.rglob("*") if path.is_file())
    build(pages, store, workers=1)
    assert read_links(store) == join_anew(store) and (store / KEPT).exists()
    texts = [path.read_bytes() for path in files]
    for number in (3, 9):
        files[number].write_bytes(texts[number] + "\n答复未公开。\n".encode())
        build(pages, store, workers=1)
        assert read_links(store) == join_anew(store)
    files[3].write_bytes(texts[8])  # one letter twice
    files[5].unlink()
    build(pages, store, workers=1, prune=True)
    assert read_links(store) == join_anew(store)
    with Store(store, write=True) as opened:
        remove(next(iter(opened.list_sources())), opened)
    assert read_links(store) == join_anew(store)


def test_only_changed_sources_are_read(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "s"
    build(pages, store, workers=1)
    read: set[str] = set()
    look_up = StoredLetters._get_value

    def record(self: StoredLetters, subject: str, predicate: str, graph: str) -> str:
        read.add(graph)
        return look_up(self, subject, predicate, graph)

    monkeypatch.setattr(StoredLetters, "_get_value", record)
    changed = sorted(pages.rglob("*.txt"))[0]
    changed.write_text(changed.read_text(encoding="utf-8") + "\n补充。\n", encoding="utf-8")
    report = build(pages, store, workers=1)
    total = len(list(pages.rglob("*.txt")))
    assert {built.graph for built in report.built} <= read and len(read) <= 4 < total


def test_a_damaged_file_is_made_anew(pages: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    build(pages, store, workers=1)
    (store / KEPT).write_bytes(b"nothing" * 1000)
    build(pages, store, workers=1, force=True)
    assert read_links(store) == join_anew(store)
    with sqlite3.connect(store / KEPT) as file:
        assert file.execute("SELECT COUNT(*) FROM kept").fetchone()[0] > 0


@pytest.fixture
def results(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "kept.db"
    kept = KeptResults(path, "rules", {"g": "1"})
    assert kept.get("a", ["g"], lambda: [1]) == [1] and kept.get("b", ["g"], lambda: [2], "given") == [2]
    kept.close()
    yield path


@pytest.mark.parametrize(
    ("rules", "version", "given", "value"),
    [("rules", "1", None, [1]), ("others", "1", None, [9]), ("rules", "2", None, [9]), ("rules", "1", "x", [9])],
)
def test_a_result_is_used_only_with_the_same_rules_versions_and_values(
    results: Path, rules: str, version: str, given: str | None, value: list[int]
) -> None:
    kept = KeptResults(results, rules, {"g": version})
    assert kept.get("a", ["g"], lambda: [9], given) == value
    kept.close()


def test_what_is_not_asked_for_is_deleted(results: Path) -> None:
    kept = KeptResults(results, "rules", {"g": "1"})
    kept.get("a", ["g"], lambda: [9])
    kept.close()
    with sqlite3.connect(results) as file:
        assert file.execute("SELECT key FROM kept").fetchall() == [("a",)]


def test_a_source_without_a_record_is_not_kept(results: Path) -> None:
    kept = KeptResults(results, "rules", {"g": "1"})
    assert [kept.get("c", ["g", "unknown"], lambda value=value: [value]) for value in (1, 2)] == [[1], [2]]
    kept.close()
