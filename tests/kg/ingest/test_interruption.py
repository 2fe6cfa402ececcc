"""A build that is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from kg.ingest.build import build
from kg.rdf.identifiers import make_context_iri
from kg.store.records import read_records
from kg.store.store import Store
from tests.support.invented_page import make_extraction
from tests.support.processes import start
from tests.support.stores import build_once, large_graph
from tests.support.updates import nquads, write

pytestmark = pytest.mark.usefixtures("made_by_hand")


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_build_that_was_killed_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.ingest.worker.extract_source", lambda s, *rest: make_extraction(s.id, s.text))
    monkeypatch.setattr(
        "kg.ingest.worker.build_quads", lambda x, base: sorted(large_graph(x.source.text, x.source.id), key=str)
    )
    folder, store = tmp_path / "in", tmp_path / "s"
    for i in range(8):
        write(folder / f"{i}.txt", f"第{i}号" * 20)
    done = 0
    for turn, steps in enumerate((2, 3)):
        for i in range(turn * 2):
            write(folder / f"{i}.txt", f"改{i}" * 30)  # what is there is replaced, too
        with start(build_once, str(folder), str(store)) as process:
            assert process.stdout is not None
            for _ in range(steps):
                assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.wait()
        with Store(store) as opened:
            known = {r.source: r for r in read_records(opened).values() if r.key}
            for ident in known:
                text = (folder / ident).read_text(encoding="utf-8")
                assert set(opened.read_quads(make_context_iri(ident))) == large_graph(text, ident)
        done = len(known)
        assert done >= steps
    report = build(folder, store)
    assert len(report.unchanged) == done and len(report.built) == 8 - done
    build(folder, tmp_path / "fresh")
    assert nquads(store) == nquads(tmp_path / "fresh")
