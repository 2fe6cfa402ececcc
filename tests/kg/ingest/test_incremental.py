"""Keeping up with folders: what did not change is not read again, what did is, and nothing is skipped by mistake."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extract.corrections.model import Decision, DecisionTopic, DecisionVerdict, render_decisions
from kg import read
from kg.errors import NotFoundError
from kg.ingest.build import build, remove
from kg.ingest.sources import SourceState
from kg.ingest.worker import process_source
from kg.rdf.identifiers import make_context_iri
from kg.store.store import Store
from ontology.lexicons import load_lexicon
from tests.support.paths import EXAMPLES, FORMATS, ROOT
from tests.support.updates import ALL, ids, nquads, on_record, states, write

pytestmark = pytest.mark.usefixtures("made_by_hand")

# what is skipped, what is not


def test_an_unchanged_folder_is_not_read_again(folder: Path, tmp_path: Path, made_by_hand: list[str]) -> None:
    first = build(folder, tmp_path / "s")
    before = nquads(tmp_path / "s")
    assert made_by_hand == ALL
    again = build(folder, tmp_path / "s")
    assert ids(again) == ([], ALL) and made_by_hand == ALL
    assert (again.counts, again.quads) == (first.counts, first.quads)
    assert [(b.gaps, b.omitted) for b in again.sources] == [(b.gaps, b.omitted) for b in first.built]
    assert nquads(tmp_path / "s") == before


def test_a_file_that_was_only_touched_is_not_read_again(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    for path in folder.rglob("*.txt"):
        os.utime(path, (1, 1))
    assert ids(build(folder, tmp_path / "s")) == ([], ALL)


def test_one_changed_file_is_read_and_no_other(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    write(folder / "丙.txt", "改过")
    report = build(folder, tmp_path / "s")
    assert ids(report) == (["丙.txt"], ALL[:2])
    assert report.replaced == ("丙.txt",)
    build(folder, tmp_path / "fresh")
    assert nquads(tmp_path / "s") == nquads(tmp_path / "fresh")


def test_a_change_that_keeps_size_and_time_is_seen(folder: Path, tmp_path: Path) -> None:
    path = folder / "丙.txt"
    build(folder, tmp_path / "s")
    told = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("第2号", "第9号"), encoding="utf-8")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert path.stat().st_size == told.st_size
    assert ids(build(folder, tmp_path / "s"))[0] == ["丙.txt"]


def test_a_new_file_is_read_and_no_other(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    write(folder / "丁.txt", "新来的")
    report = build(folder, tmp_path / "s", workers=2)
    assert ids(report) == (["丁.txt"], ALL) and report.replaced == ()


def test_force_reads_all(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    before = nquads(tmp_path / "s")
    report = build(folder, tmp_path / "s", force=True)
    assert ids(report) == (ALL, []) and not any(b.changed for b in report.built)
    assert nquads(tmp_path / "s") == before


def test_another_version_reads_all_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(folder, tmp_path / "s")
    for module in ("kg.ingest.fingerprint", "kg.ingest.log", "kg.ingest.sources"):
        monkeypatch.setattr(f"{module}.compute_graph_digest", lambda: "0" * 64)
    assert set(states(tmp_path / "s").values()) == {SourceState.OTHER_VERSION}
    assert ids(build(folder, tmp_path / "s")) == (ALL, [])
    assert ids(build(folder, tmp_path / "s")) == ([], ALL)
    assert set(states(tmp_path / "s").values()) == {SourceState.OK}


def test_other_lexicons_read_all_again(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    own = tmp_path / "词表"
    own.mkdir()
    (own / "units.tsv").write_text("# 空的\n", encoding="utf-8")
    assert ids(build(folder, tmp_path / "s", lexicon_dir=own)) == (ALL, [])
    assert ids(build(folder, tmp_path / "s", lexicon_dir=own)) == ([], ALL)
    shutil.move(own, tmp_path / "搬走")  # where it lies is no part of it
    assert ids(build(folder, tmp_path / "s", lexicon_dir=tmp_path / "搬走")) == ([], ALL)
    (tmp_path / "搬走" / "units.tsv").write_text("# 不同了\n", encoding="utf-8")
    load_lexicon.cache_clear()  # a process reads its lexicons once; this is as another
    assert ids(build(folder / "丙.txt", tmp_path / "s", lexicon_dir=tmp_path / "搬走")) == (["丙.txt"], [])
    assert states(tmp_path / "s") == {n: "ok" if n == "丙.txt" else "other_settings" for n in ALL}


def test_a_decision_reads_again_only_the_sources_that_it_is_about(folder: Path, tmp_path: Path) -> None:
    def decided(*sources: str) -> Path:
        path = tmp_path / "决定.tsv"
        some = [
            Decision(s, DecisionTopic.ENTITY, "Agency", "无名局", "", "", "", "", "", DecisionVerdict.REJECT)
            for s in sources
        ]
        path.write_text(render_decisions(some), encoding="utf-8")
        return path

    build(folder, tmp_path / "s")
    assert ids(build(folder, tmp_path / "s", decisions=decided())) == ([], ALL)
    report = build(folder, tmp_path / "s", decisions=decided("丙.txt"))
    assert ids(report) == (["丙.txt"], ALL[:2])
    told = [u.decision.source for u in report.unapplied]
    assert told == ["丙.txt"]
    # what does not apply is said in every build, whether its source was read or not
    again = build(folder, tmp_path / "s", decisions=decided("丙.txt"))
    assert ids(again) == ([], ALL) and again.unapplied == report.unapplied
    everywhere = build(folder, tmp_path / "s", decisions=decided("丙.txt", "*"))
    assert ids(everywhere) == (ALL, [])
    once_more = build(folder, tmp_path / "s", decisions=decided("丙.txt", "*"))
    assert ids(once_more) == ([], ALL) and once_more.unapplied == everywhere.unapplied != ()


def test_another_program_reads_again_what_it_takes_part_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(FORMATS / "答复.pdf", write(tmp_path / "in" / "甲.txt").parent)
    assert build(tmp_path / "in", tmp_path / "s").failed == ()
    monkeypatch.setattr("kg.ingest.fingerprint.identify_software", lambda kind: "another" if kind == "pdf" else "")
    report = build(tmp_path / "in", tmp_path / "s")
    assert report.failed == () and ids(report)[0] == ["答复.pdf"]


def test_a_store_without_records_is_read_again_once(store_path: Path, tmp_path: Path) -> None:
    write(tmp_path / "in" / "2024" / "20240015.txt")
    assert states(store_path) == {"2024/20240015.txt": "unknown"}
    assert ids(build(tmp_path / "in", store_path))[0] == ["2024/20240015.txt"]
    assert ids(build(tmp_path / "in", store_path))[0] == []


def test_a_graph_that_was_put_in_otherwise_loses_its_record(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    before = nquads(tmp_path / "s")
    with Store(tmp_path / "s", write=True) as store:
        graph = make_context_iri("丙.txt", store.base)
        store.replace_graph(graph, list(store.read_quads(graph))[:-1])
    assert "丙.txt" not in on_record(tmp_path / "s")
    assert ids(build(folder, tmp_path / "s"))[0] == ["丙.txt"]
    assert nquads(tmp_path / "s") == before


@pytest.mark.rules
def test_what_need_not_be_read_loads_no_pipeline(tmp_path: Path) -> None:
    page = EXAMPLES / "提案_农村电商.txt"
    build(page, tmp_path / "s")
    code = (
        "import sys, kg\n"
        "report = kg.build(sys.argv[1], sys.argv[2])\n"
        "print(len(report.unchanged), [m for m in ('spacy', 'numpy', 'ahocorasick_rs', 'rdflib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, page, tmp_path / "s"], capture_output=True, encoding="utf-8", cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "1 []"


# what fails


def test_a_file_that_failed_is_on_record_and_tried_again(folder: Path, tmp_path: Path) -> None:
    bad = folder / "坏.txt"
    bad.write_bytes(b"\0" * 9 + b"x")
    build(folder, tmp_path / "s")
    assert states(tmp_path / "s")["坏.txt"] == "failed"
    again = build(folder, tmp_path / "s")
    assert [Path(f.path).name for f in again.failed] == ["坏.txt"]
    write(bad, "好了")
    assert ids(build(folder, tmp_path / "s"))[0] == ["坏.txt"]
    assert set(states(tmp_path / "s").values()) == {"ok"}


def test_what_the_store_has_stays_when_its_file_cannot_be_read(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    before, good = nquads(tmp_path / "s"), (folder / "丙.txt").read_bytes()
    (folder / "丙.txt").write_bytes(b"\0\1" * 9)
    report = build(folder, tmp_path / "s", prune=True)
    assert len(report.failed) == 1 and report.dropped == () and nquads(tmp_path / "s") == before
    assert states(tmp_path / "s")["丙.txt"] == "failed"
    (folder / "丙.txt").write_bytes(good)  # what the store has is of these bytes
    assert ids(build(folder, tmp_path / "s")) == ([], ALL)
    assert states(tmp_path / "s")["丙.txt"] == "ok"


def test_a_failure_is_forgotten_when_its_file_is_gone(folder: Path, tmp_path: Path) -> None:
    (folder / "坏.txt").write_bytes(b"\0" * 9 + b"x")
    build(folder, tmp_path / "s")
    (folder / "坏.txt").unlink()
    report = build(folder, tmp_path / "s")
    assert report.gone == () and sorted(on_record(tmp_path / "s")) == ALL


def test_a_failure_can_be_removed_by_hand(folder: Path, tmp_path: Path) -> None:
    (folder / "坏.txt").write_bytes(b"\0" * 9 + b"x")
    build(folder, tmp_path / "s")
    with Store(tmp_path / "s", write=True) as store:
        remove("坏.txt", store)
        with pytest.raises(NotFoundError):
            remove("坏.txt", store)


def test_a_file_that_changes_while_it_is_read_is_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker reads other bytes than those that the key was made of."""

    def work(found: read.FoundSource, **more: Any) -> Any:
        if found.id == "丙.txt":
            write(folder / "丙.txt", "换掉了")
        return process_source(found, **more)

    with monkeypatch.context() as patch:
        patch.setattr("kg.ingest.build.process_source", work)
        build(folder, tmp_path / "s")
    assert states(tmp_path / "s")["丙.txt"] == "incomplete"
    write(folder / "丙.txt", "第2号")
    assert ids(build(folder, tmp_path / "s"))[0] == ["丙.txt"]
    build(folder, tmp_path / "fresh")
    assert nquads(tmp_path / "s") == nquads(tmp_path / "fresh")


def test_lexicons_that_change_while_a_build_runs_do_not_count_as_read(folder: Path, tmp_path: Path) -> None:
    """Processes that start later read other words than those that the key was made of."""
    own = tmp_path / "词表"
    own.mkdir()
    (own / "units.tsv").write_text("# 起先\n", encoding="utf-8")
    assert load_lexicon(str(own)).digest  # read now, by this process
    (own / "units.tsv").write_text("# 后来\n", encoding="utf-8")
    build(folder, tmp_path / "s", lexicon_dir=own)
    assert set(states(tmp_path / "s").values()) == {"incomplete"}
    assert ids(build(folder, tmp_path / "s", lexicon_dir=own))[0] == ALL


def test_what_a_program_did_not_finish_is_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_document = read.load_document

    def load(found: read.FoundSource) -> read.Document:
        document = load_document(found)
        return replace(document, report=replace(document.report, unfinished=found.id == "丙.txt"))

    with monkeypatch.context() as patch:
        patch.setattr("kg.ingest.worker.read.load_document", load)
        build(folder, tmp_path / "s")
    assert ids(build(folder, tmp_path / "s"))[0] == ["丙.txt"]
