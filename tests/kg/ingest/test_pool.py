"""The processes of a build: how many, and what happens when they die."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad

from kg.ingest import pool, session
from kg.ingest.build import build
from kg.store.store import Store
from tests.support.dying import LETHAL, LETHAL_ONCE, build_with_workers, process_or_die
from tests.support.invented_page import PAGE, make_extraction
from tests.support.processes import start
from tests.support.updates import ids, nquads, write

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    for i in range(9):
        write(tmp_path / "in" / f"{i}.txt", f"第{i}号" * 5)
    return tmp_path / "in"


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.ingest.build.process_source", process_or_die)
    monkeypatch.setattr("kg.ingest.worker.extract_source", lambda s, *rest: make_extraction(s.id, s.text))


def test_there_is_a_process_for_each_core_but_none_for_a_few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(4)), raising=False)
    monkeypatch.setattr("kg.ingest.pool.get_memory", lambda: 8 << 30)
    assert [pool.choose_workers(n) for n in (0, 1, 15, 16, 24, 5000)] == [1, 1, 1, 2, 3, 4]
    assert [pool.choose_workers(n, 2) for n in (0, 1, 3, 5000)] == [1, 1, 2, 2]
    monkeypatch.setattr("kg.ingest.pool.get_memory", lambda: 1 << 30)
    assert (pool.choose_workers(5000), pool.choose_workers(5000, 3)) == (2, 3)


@pytest.mark.parametrize("workers", [2, 3])
def test_a_process_that_dies_is_replaced_and_its_file_tried_once_more(
    pages: Path, tmp_path: Path, workers: int
) -> None:
    build(pages, tmp_path / "whole", workers=1)
    name = f"4{LETHAL_ONCE}.txt"
    (pages / "4.txt").rename(pages / name)
    report = build(pages, tmp_path / "s", workers=workers)
    assert (pages / f"{name}.tried").exists()
    assert not report.failed and len(report.built) == 9
    (pages / name).rename(pages / "4.txt")
    build(pages, tmp_path / "s", prune=True, workers=1)
    assert nquads(tmp_path / "s") == nquads(tmp_path / "whole")


def test_a_file_that_kills_each_process_is_set_aside_by_name_and_the_rest_is_whole(pages: Path, tmp_path: Path) -> None:
    build(pages, tmp_path / "whole", workers=1)
    for name in (f"00{LETHAL}.txt", f"5{LETHAL}.txt"):
        (pages / name).write_text(PAGE, encoding="utf-8")
    report = build(pages, tmp_path / "s", workers=2)
    assert [failed.source for failed in report.failed] == [f"00{LETHAL}.txt", f"5{LETHAL}.txt"]
    assert all("died twice" in failed.error.en and LETHAL in failed.error.en for failed in report.failed)
    assert nquads(tmp_path / "s") == nquads(tmp_path / "whole")
    for name in (f"00{LETHAL}.txt", f"5{LETHAL}.txt"):
        (pages / name).unlink()
        (pages / f"{name}.tried").unlink()
    again = build(pages, tmp_path / "s", workers=2)
    assert ids(again) == ([], [f"{i}.txt" for i in range(9)])


def test_a_build_with_workers_that_is_killed_goes_on_where_it_stopped(pages: Path, tmp_path: Path) -> None:
    for i in range(10, 40):
        write(pages / f"{i}.txt", f"第{i}号" * 5)
    store = tmp_path / "s"
    with start(build_with_workers, str(pages), str(store)) as process:
        assert process.stdout is not None
        for _ in range(session.GROUP + 5):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
    with Store(store) as opened:
        kept = opened.list_sources()
        assert len(kept) >= session.GROUP
        union = {
            Quad(q.subject, q.predicate, q.object)
            for g in opened.list_graphs(builds=True)
            for q in opened.read_quads(g)
        }
        assert set(opened.oxigraph.quads_for_pattern(None, None, None, DefaultGraph())) == union
    report = build(pages, store, workers=2)
    assert (len(report.built), len(report.unchanged)) == (39 - len(kept), len(kept))
    build(pages, tmp_path / "fresh", workers=1)
    assert nquads(store) == nquads(tmp_path / "fresh")


def test_an_error_of_the_progress_keeps_what_was_read(pages: Path, tmp_path: Path) -> None:
    def stop(number: int, total: int, name: str) -> None:
        if number == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(pages, tmp_path / "s", workers=2, progress=stop)
    report = build(pages, tmp_path / "s", workers=2)
    assert (len(report.built), len(report.unchanged)) == (2, 7)
