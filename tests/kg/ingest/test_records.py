"""Records of sources: where each came from, by what it was read."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import pytest

from kg import read
from kg.export import rdf as export
from kg.ingest.build import build, remove
from kg.ingest.sources import SourceState, list_sources
from kg.rdf.identifiers import make_context_iri
from kg.store.store import Store
from tests.support.updates import ALL, ids, on_record, write

pytestmark = pytest.mark.usefixtures("made_by_hand")


def test_records_say_where_when_and_by_what(folder: Path, tmp_path: Path) -> None:
    import hashlib

    build(folder, tmp_path / "s")
    record = on_record(tmp_path / "s")["2023/甲.txt"]
    path = folder / "2023" / "甲.txt"
    assert (record.origin, record.member, record.media_type) == (str(path.resolve()), "", "text/plain")
    assert (
        record.sha256
        == hashlib.sha256(path.read_bytes()).hexdigest()
        == read.compute_digest(read.FoundSource("x", path))
    )
    with Store(tmp_path / "s") as store:
        [one] = [x for x in list_sources(store) if x.source == "2023/甲.txt"]
        assert one.state is SourceState.OK and one.version == importlib.import_module("kg").__version__
        assert one.documents == 3 and one.quads == len(list(store.read_quads(make_context_iri(one.source))))


def test_records_are_in_no_export_unless_asked_for(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    build(folder, tmp_path / "t")
    with Store(tmp_path / "s") as one, Store(tmp_path / "t") as other:
        for form in ("turtle", "nquads", "jsonld"):
            assert export.export_store(one, form, None) == export.export_store(other, form, None)
            assert str(tmp_path) not in str(export.export_store(one, form, None))
        assert str(tmp_path) in str(export.export_store(one, "nquads", None, with_builds=True))
        assert len(one) == str(export.export_store(one, "nquads", None)).count("\n")


def test_records_keep_to_the_shapes(folder: Path, tmp_path: Path) -> None:
    import pyshacl
    from rdflib import Graph

    (folder / "坏.txt").write_bytes(b"\0" * 9)
    write(tmp_path / "seed.txt")
    build([tmp_path / "seed.txt", folder], tmp_path / "s")
    with Store(tmp_path / "s") as store:
        data = Graph().parse(data=str(export.export_store(store, "ntriples", None, with_builds=True)), format="nt")
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
