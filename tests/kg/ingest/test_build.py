"""Reading and building: what can be read is read, what cannot is said, and nothing is ever half done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from extract.model import Extraction, Source
from kg import read
from kg.errors import NotFoundError, SourceError, StoreError, UsageError
from kg.export import rdf as export
from kg.ingest.build import build, remove
from kg.store.store import Store
from tests.support.invented_page import PAGE, make_extraction
from tests.support.paths import EXAMPLES


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extraction by hand instead of by rule: these tests are of what comes around it."""

    def extract_source(source: Source, lexicon_dir: str, model: str = "") -> Extraction:
        if "出错" in source.text:
            raise RuntimeError("a fault of ours")
        return make_extraction(source.id, source.text)

    monkeypatch.setattr("kg.ingest.worker.extract_source", extract_source)


def write(path: Path, text: str = PAGE, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def nquads(store: Path) -> str:
    with Store(store) as opened:
        return str(export.export_store(opened, "nquads", None))


# reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_the_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    assert read.read_source(write(tmp_path / "提案.txt", encoding=encoding)).text == PAGE


def test_utf_16_of_either_order_is_read(tmp_path: Path) -> None:
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        (tmp_path / "a.txt").write_bytes(bom + PAGE.encode(encoding))
        assert read.read_source(tmp_path / "a.txt").text == PAGE


def test_newlines_are_made_one_kind_and_nothing_else_is_changed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("一\r\n二\r三\n\u3000四 \t\f".encode())
    assert read.read_source(tmp_path / "a.txt").text == "一\n二\n三\n\u3000四 \t\f"


@given(st.binary(max_size=300))
def test_bytes_are_read_as_text_or_refused(data: bytes) -> None:
    try:
        text = read.decode_bytes(data)
    except SourceError:
        return
    assert "\0" not in text and "\r" not in text


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 50, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, b"\xff\xfe\x00"])
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read.read_source(tmp_path / "a.txt")
    assert "a.txt" in caught.value.zh and "不是文本文件" in caught.value.zh


@pytest.mark.parametrize("data", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(SourceError, match="empty"):
        read.read_source(tmp_path / "a.txt")


def test_a_folder_is_walked_in_order_and_other_files_are_listed(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.md", "a/1.TXT", "图/照片.jpg", ".hidden/x.txt", "a/.x.txt"):
        write(tmp_path / name)
    listing = read.find_sources([tmp_path])
    assert [f.id for f in listing.files] == ["a/1.TXT", "a/2.md", "b.txt"]
    assert [p.name for p in listing.skipped] == ["照片.jpg"]


def test_a_file_argument_is_named_by_its_name(tmp_path: Path) -> None:
    path = write(tmp_path / "深" / "20240015.txt")
    assert [f.id for f in read.find_sources([path, path]).files] == ["20240015.txt"]


def test_two_files_of_one_name_are_two_sources(tmp_path: Path) -> None:
    paths = [write(tmp_path / "2023" / "a.txt"), write(tmp_path / "2024" / "a.txt")]
    assert [f.id for f in read.find_sources(paths).files] == ["2024/a.txt", "a.txt"]


def test_what_is_not_there_or_cannot_be_read_is_said(tmp_path: Path) -> None:
    write(tmp_path / "only" / "x.jpg")
    for path in (tmp_path / "none", tmp_path / "only", tmp_path / "only" / "x.jpg"):
        with pytest.raises(SourceError) as caught:
            read.find_sources([path])
        assert str(path) in caught.value.zh and str(path) in caught.value.en


# building


@pytest.mark.usefixtures("by_hand")
def test_a_build_reports_what_it_found(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    write(tmp_path / "in" / "b.jpg")
    seen = []
    report = build(tmp_path / "in", tmp_path / "s", progress=lambda *step: seen.append(step))
    assert [b.source for b in report.built] == ["a.txt"]
    assert report.counts["Agency"] == 3 and report.counts["Commitment"] == 1 and report.counts["statement"] > 10
    assert report.built[0].quads == report.quads > 400
    assert [Path(p).name for p in report.skipped] == ["b.jpg"]
    assert seen == [(1, 1, "a.txt")]


@pytest.mark.usefixtures("by_hand")
def test_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "b.txt").write_bytes(b"\0" * 100)
    write(tmp_path / "in" / "c.txt", "")
    write(tmp_path / "in" / "d.txt", "出错")
    write(tmp_path / "in" / "e.txt")
    report = build([tmp_path / "in"], tmp_path / "s")
    assert [b.source for b in report.built] == ["a.txt", "e.txt"]
    assert [Path(f.path).name for f in report.failed] == ["b.txt", "c.txt", "d.txt"]
    assert "a fault of ours" in report.failed[2].error.zh
    assert all("\n" not in f.error.zh for f in report.failed)


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("text", ["", "\0\0\0", "出错"])
def test_a_build_of_nothing_makes_no_store(tmp_path: Path, text: str) -> None:
    write(tmp_path / "a.txt", text)
    assert not build(tmp_path / "a.txt", tmp_path / "s").built
    assert not (tmp_path / "s").exists()


@pytest.mark.usefixtures("by_hand")
def test_a_missing_path_among_others_builds_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    with pytest.raises(SourceError):
        build([tmp_path / "a.txt", tmp_path / "none"], tmp_path / "s")
    assert not (tmp_path / "s").exists()


@pytest.mark.usefixtures("by_hand")
def test_building_again_doubles_and_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    build(tmp_path / "in", tmp_path / "s")
    before = nquads(tmp_path / "s")
    report = build(tmp_path / "in", tmp_path / "s")
    assert (report.built, [b.source for b in report.unchanged]) == ((), ["a.txt"])
    assert nquads(tmp_path / "s") == before
    [again] = build(tmp_path / "in", tmp_path / "s", force=True).built
    assert again.replaced and not again.changed
    assert nquads(tmp_path / "s") == before


@pytest.mark.usefixtures("by_hand")
def test_a_source_that_changed_is_replaced_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    build(path, tmp_path / "s")
    write(path, "公告\n" + PAGE)
    assert build(path, tmp_path / "s").built[0].changed
    build(path, tmp_path / "fresh")
    assert nquads(tmp_path / "s") == nquads(tmp_path / "fresh")


@pytest.mark.usefixtures("by_hand")
def test_a_source_can_be_removed(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    build(tmp_path / "in", tmp_path / "s")
    before = nquads(tmp_path / "s")
    write(tmp_path / "in" / "b.txt", "公告\n" + PAGE)
    build(tmp_path / "in", tmp_path / "s")
    with Store(tmp_path / "s", write=True) as store:
        remove("b.txt", store)
        with pytest.raises(NotFoundError):
            remove("b.txt", store)
    assert nquads(tmp_path / "s") == before


@pytest.mark.usefixtures("by_hand")
def test_every_build_is_logged_apart_from_the_sources(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    for _ in range(2):
        build(tmp_path / "a.txt", tmp_path / "s")
    with Store(tmp_path / "s") as store:
        log = list(store.read_quads(store.builds_graph))
        assert sum(q.object.value == "http://www.w3.org/ns/prov#Activity" for q in log) == 2
        assert {q.object.value for q in log if q.predicate.value.endswith("softwareVersion")} == {kg.__version__}
        assert "lexiconDigest" not in str(export.export_store(store, "nquads", None))


@pytest.mark.usefixtures("by_hand")
def test_the_base_of_iris_can_be_chosen(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    build(tmp_path / "a.txt", tmp_path / "s", base="https://data.example.org/id/")
    assert "w3id.org/proposal-kg/id/" not in nquads(tmp_path / "s")
    with pytest.raises(UsageError):
        build(tmp_path / "a.txt", tmp_path / "s", base="https://other.example.org/")


@pytest.mark.usefixtures("by_hand")
def test_arguments_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    for wrong in ({"workers": 0}, {"base": "x"}, {"lexicon_dir": tmp_path / "none"}):
        with pytest.raises(UsageError):
            build(path, tmp_path / "s", **wrong)  # type: ignore[arg-type]
    write(tmp_path / "full" / "x.doc")
    with pytest.raises(StoreError):
        build(path, tmp_path / "full")
    assert not (tmp_path / "s").exists()


# with the real rules


def test_order_and_workers_do_not_change_a_byte(tmp_path: Path) -> None:
    files = sorted(EXAMPLES.rglob("*.txt"))
    assert len(files) >= 3
    build(files, tmp_path / "one")
    for path in reversed(files):
        build(path, tmp_path / "two")
    report = build(files, tmp_path / "three", workers=2)
    assert not report.failed
    assert nquads(tmp_path / "one") == nquads(tmp_path / "two") == nquads(tmp_path / "three")


def test_a_source_has_the_same_graph_whatever_else_is_in_the_store(tmp_path: Path) -> None:
    first, *rest = sorted(EXAMPLES.rglob("*.txt"))
    build(first, tmp_path / "alone")
    build([*rest, first], tmp_path / "all")
    with Store(tmp_path / "alone") as alone, Store(tmp_path / "all") as together:
        [graph] = alone.list_graphs()
        assert set(alone.read_quads(graph)) == set(together.read_quads(graph))


def test_an_error_from_another_process_keeps_both_its_messages(tmp_path: Path) -> None:
    paths = [write(tmp_path / "in" / f"{name}.txt", "") for name in "ab"]
    report = build(paths, tmp_path / "s", workers=2)
    assert [f.error.zh for f in report.failed] == [f"{p}：文件是空的" for p in paths]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    path.chmod(0)
    with pytest.raises(SourceError, match="cannot be read"):
        read.read_source(path)
