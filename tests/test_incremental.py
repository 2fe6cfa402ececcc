"""Keeping up with folders: what did not change is not read again, what did is, and nothing is skipped by mistake."""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from invented_page import make_extraction
from updates import ALL, ids, nquads, on_record, states, write

from extract.corrections.model import Decision, Verdict, What, render
from kg import read
from kg.cli import run
from kg.errors import NotFoundError
from kg.export import rdf as export
from kg.ingest.build import build, remove
from kg.ingest.sources import State, listed
from kg.rdf.identifiers import context_iri
from kg.store.records import records
from kg.store.store import Store
from kg.version import graph_digest
from ontology.lexicons import lexicon

ROOT = Path(__file__).parent.parent
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
        monkeypatch.setattr(f"{module}.graph_digest", lambda: "0" * 64)
    assert set(states(tmp_path / "s").values()) == {State.OTHER_VERSION}
    assert ids(build(folder, tmp_path / "s")) == (ALL, [])
    assert ids(build(folder, tmp_path / "s")) == ([], ALL)
    assert set(states(tmp_path / "s").values()) == {State.OK}


def test_only_code_and_data_that_can_change_a_graph_count_as_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("kg", "extract", "ontology"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))

    def digests() -> tuple[str, str]:
        code = "from kg.version import graph_digest, links_digest; print(graph_digest(), links_digest())"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
        graph, links = done.stdout.split()
        return graph, links

    before = digests()
    assert before[0] == graph_digest()  # what Python compiled beside it is no part of it
    for name in (
        "kg/rdf/graph.py", "kg/rdf/documents.toml", "kg/read/formats.toml", "kg/read/web/html.py",
        "kg/ingest/worker.py", "extract/pipeline.py", "ontology/lexicon/units.tsv",
    ):  # fmt: skip
        path = tmp_path / name
        kept = path.read_bytes()
        path.write_bytes(kept + b"\n")
        assert digests()[0] != before[0], name
        path.write_bytes(kept)
    for name in ("kg/graph/show.py", "kg/cli/messages.toml", "kg/export/rdf.py", "kg/review/gaps.py"):
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\n")
        assert digests() == before, name
    (tmp_path / "kg/join/match.py").write_bytes((tmp_path / "kg/join/match.py").read_bytes() + b"\n")
    assert digests()[0] == before[0] and digests()[1] != before[1]


def test_no_graph_depends_on_code_that_the_version_leaves_out() -> None:
    """Reading, extracting and making quads import only the packages that the digest covers."""
    code = (
        "import sys, extract.pipeline, extract.proposer.component, extract.llm.session, extract.corrections.apply\n"
        "import kg.rdf.graph, kg.read.web.html, kg.read.office.docx, kg.read.pdf.pdf, kg.read.office.sheets\n"
        "import kg.read.web.mht, kg.read.office.convert, kg.read.pdf.ocr\n"
        "covered = ('kg.read', 'kg.rdf', 'kg.errors', 'kg.version')\n"
        "print([m for m in sys.modules if m.startswith('kg.') and not m.startswith(covered)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


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
    lexicon.cache_clear()  # a process reads its lexicons once; this is as another
    assert ids(build(folder / "丙.txt", tmp_path / "s", lexicon_dir=tmp_path / "搬走")) == (["丙.txt"], [])
    assert states(tmp_path / "s") == {n: "ok" if n == "丙.txt" else "other_settings" for n in ALL}


def test_a_decision_reads_again_only_the_sources_that_it_is_about(folder: Path, tmp_path: Path) -> None:
    def decided(*sources: str) -> Path:
        path = tmp_path / "决定.tsv"
        some = [Decision(s, What.ENTITY, "Agency", "无名局", "", "", "", "", "", Verdict.REJECT) for s in sources]
        path.write_text(render(some), encoding="utf-8")
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
    shutil.copy(ROOT / "tests" / "formats" / "答复.pdf", write(tmp_path / "in" / "甲.txt").parent)
    build(tmp_path / "in", tmp_path / "s")
    monkeypatch.setattr("kg.ingest.fingerprint.identity", lambda kind: "another" if kind == "pdf" else "")
    assert ids(build(tmp_path / "in", tmp_path / "s"))[0] == ["答复.pdf"]


def test_a_store_without_records_is_read_again_once(store_path: Path, tmp_path: Path) -> None:
    write(tmp_path / "in" / "2024" / "20240015.txt")
    assert states(store_path) == {"2024/20240015.txt": "unknown"}
    assert ids(build(tmp_path / "in", store_path))[0] == ["2024/20240015.txt"]
    assert ids(build(tmp_path / "in", store_path))[0] == []


def test_a_graph_that_was_put_in_otherwise_loses_its_record(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    before = nquads(tmp_path / "s")
    with Store(tmp_path / "s", write=True) as store:
        graph = context_iri("丙.txt", store.base)
        store.replace(graph, list(store.quads(graph))[:-1])
    assert "丙.txt" not in on_record(tmp_path / "s")
    assert ids(build(folder, tmp_path / "s"))[0] == ["丙.txt"]
    assert nquads(tmp_path / "s") == before


@pytest.mark.rules
def test_what_need_not_be_read_loads_no_pipeline(tmp_path: Path) -> None:
    page = ROOT / "examples" / "提案_农村电商.txt"
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


# records


def test_records_say_where_when_and_by_what(folder: Path, tmp_path: Path) -> None:
    import hashlib

    build(folder, tmp_path / "s")
    record = on_record(tmp_path / "s")["2023/甲.txt"]
    path = folder / "2023" / "甲.txt"
    assert (record.origin, record.member, record.media_type) == (str(path.resolve()), "", "text/plain")
    assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == read.digest(read.Found("x", path))
    with Store(tmp_path / "s") as store:
        [one] = [x for x in listed(store) if x.source == "2023/甲.txt"]
        assert one.state is State.OK and one.version == importlib.import_module("kg").__version__
        assert one.documents == 3 and one.quads == len(list(store.quads(context_iri(one.source))))


def test_records_are_in_no_export_unless_asked_for(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    build(folder, tmp_path / "t")
    with Store(tmp_path / "s") as one, Store(tmp_path / "t") as other:
        for form in ("turtle", "nquads", "jsonld"):
            assert export.export(one, form, None) == export.export(other, form, None)
            assert str(tmp_path) not in str(export.export(one, form, None))
        assert str(tmp_path) in str(export.export(one, "nquads", None, with_builds=True))
        assert len(one) == str(export.export(one, "nquads", None)).count("\n")


def test_records_keep_to_the_shapes(folder: Path, tmp_path: Path) -> None:
    import pyshacl
    from rdflib import Graph

    (folder / "坏.txt").write_bytes(b"\0" * 9)
    write(tmp_path / "seed.txt")
    build([tmp_path / "seed.txt", folder], tmp_path / "s")
    with Store(tmp_path / "s") as store:
        data = Graph().parse(data=str(export.export(store, "ntriples", None, with_builds=True)), format="nt")
    assert len(list(data.subjects(None, None))) > 100
    from ontology import ONTOLOGY, SHAPES

    good, _, text = pyshacl.validate(data, shacl_graph=Graph().parse(SHAPES), ont_graph=Graph().parse(ONTOLOGY))
    assert good, text


def test_removing_a_source_removes_its_record(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    with Store(tmp_path / "s", write=True) as store:
        remove("丙.txt", store)
    assert sorted(on_record(tmp_path / "s")) == ALL[:2]
    assert ids(build(folder, tmp_path / "s"))[0] == ["丙.txt"]


def test_a_folder_that_was_moved_is_not_read_again(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    shutil.move(folder, tmp_path / "别处")
    assert ids(build(tmp_path / "别处", tmp_path / "s")) == ([], ALL)
    assert {r.origin.split("/")[-3] for n, r in on_record(tmp_path / "s").items() if "/" in n} == {"别处"}


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


def test_a_file_that_changes_while_it_is_read_is_read_again(folder: Path, tmp_path: Path) -> None:
    """The worker reads other bytes than those that the key was made of."""
    from kg.ingest import build as module

    before = module.process_source

    def work(found: read.Found, **more: Any) -> Any:
        if found.id == "丙.txt":
            write(folder / "丙.txt", "换掉了")
        return before(found, **more)

    module.process_source = work
    try:
        build(folder, tmp_path / "s")
    finally:
        module.process_source = before
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
    assert lexicon(str(own)).digest  # read now, by this process
    (own / "units.tsv").write_text("# 后来\n", encoding="utf-8")
    build(folder, tmp_path / "s", lexicon_dir=own)
    assert set(states(tmp_path / "s").values()) == {"incomplete"}
    assert ids(build(folder, tmp_path / "s", lexicon_dir=own))[0] == ALL


def test_what_a_program_did_not_finish_is_read_again(folder: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    from kg.ingest import worker as module

    before = read.load

    def load(found: read.Found) -> read.Document:
        document = before(found)
        return replace(document, report=replace(document.report, unfinished=found.id == "丙.txt"))

    module.read.load = load
    try:
        build(folder, tmp_path / "s")
    finally:
        module.read.load = before
    assert ids(build(folder, tmp_path / "s"))[0] == ["丙.txt"]


# a build that is killed

KILLED = """
    import sys
    sys.path.insert(0, {tests!r})
    from invented_page import make_extraction
    from test_store import large

    from kg.ingest import build, worker

    worker.extract_source = lambda source, lexicon_dir, model="": make_extraction(source.id, source.text)
    worker.quads = lambda x, base: sorted(large(x.source.text, x.source.id), key=str)
    build.build({folder!r}, {store!r}, progress=lambda n, *rest: print(n, flush=True), prune=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_build_that_was_killed_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from test_store import large

    monkeypatch.setattr("kg.ingest.worker.extract_source", lambda s, *rest: make_extraction(s.id, s.text))
    monkeypatch.setattr("kg.ingest.worker.quads", lambda x, base: sorted(large(x.source.text, x.source.id), key=str))
    folder, store = tmp_path / "in", tmp_path / "s"
    for i in range(8):
        write(folder / f"{i}.txt", f"第{i}号" * 20)
    script = textwrap.dedent(KILLED).format(tests=str(Path(__file__).parent), folder=str(folder), store=str(store))
    done = 0
    for turn, steps in enumerate((2, 3)):
        for i in range(turn * 2):
            write(folder / f"{i}.txt", f"改{i}" * 30)  # what is there is replaced, too
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=tmp_path) as process:
            assert process.stdout is not None
            for _ in range(steps):
                assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.wait()
        with Store(store) as opened:
            known = {r.source: r for r in records(opened).values() if r.key}
            for ident in known:
                text = (folder / ident).read_text(encoding="utf-8")
                assert set(opened.quads(context_iri(ident))) == large(text, ident)
        done = len(known)
        assert done >= steps
    report = build(folder, store)
    assert len(report.unchanged) == done and len(report.built) == 8 - done
    build(folder, tmp_path / "fresh")
    assert nquads(store) == nquads(tmp_path / "fresh")


# the commands


def kg(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = run([str(a) for a in arguments])
    return code, *capsys.readouterr()


def test_the_closing_table_tells_what_was_read_and_what_was_not(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "s"
    assert "未变" not in kg(capsys, "build", folder, "--store", store)[1]
    write(folder / "丙.txt", "改过")
    (folder / "2023" / "甲.txt").rename(folder / "甲.txt")
    code, out, err = kg(capsys, "build", folder, "--store", store)
    assert (code, err) == (0, "")
    for words in ("其中未变，没有重读", "读取 2 份，未变 1 份", "2023/甲.txt → 甲.txt", "--prune"):
        assert words in out
    code, out, _ = kg(capsys, "build", folder, "--store", store, "--prune", "--lang", "en")
    assert "taken out of the store" in out and "2023/甲.txt" in out and "0 sources read, 3 unchanged" in out
    _, out, _ = kg(capsys, "build", folder, "--store", store, "--force")
    assert "其中重读后与原来相同" in out and "3 份来源，用时" in out


def test_sources_are_listed_with_where_and_when(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (folder / "坏.txt").write_bytes(b"\0" * 9 + b"x")
    kg(capsys, "build", "in", "--store", "s")
    _, out, _ = kg(capsys, "sources", "--store", "s")
    for words in ("in/2023/甲.txt", "读取失败：in/坏.txt：不是文本文件", "正常", "4 份来源", "0.1.0"):
        assert words in out
    _, out, _ = kg(capsys, "sources", "--store", "s", "--format", "json")
    told = {row["source"]: row for row in json.loads(out)}
    assert told["2023/甲.txt"]["from"] == str(folder / "2023" / "甲.txt") and len(told["2023/甲.txt"]["sha256"]) == 64
    assert told["坏.txt"]["state"] == "failed" and told["坏.txt"]["quads"] == 0
    _, out, _ = kg(capsys, "sources", "--store", "s", "--format", "csv", "--lang", "en")
    rows = {row["source"]: row for row in csv.DictReader(io.StringIO(out))}
    assert rows["坏.txt"]["state"] == "could not be read" and "not a text file" in rows["坏.txt"]["why"]
    assert kg(capsys, "sources", "--store", "s", "--format", "pdf")[0] == 2


def test_the_version_of_the_software_is_the_same_in_every_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from kg.version import graph_digest; print(graph_digest())"],
        capture_output=True, encoding="utf-8", cwd=ROOT, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == graph_digest()
