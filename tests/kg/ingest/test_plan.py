"""What is gone, was moved or is there twice; and what lies in archives and lists, or came over the net."""

from __future__ import annotations

import io
import os
import shutil
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg import read
from kg.errors import SourceError
from kg.ingest.build import build
from kg.ingest.plan import PlannedSource, find_gone, find_moved, index_places
from kg.ingest.report import BuildReport, MovedSource
from kg.store.records import SourceRecord, read_records
from kg.store.store import Store
from tests.support.format_files import workbook
from tests.support.invented_page import PAGE
from tests.support.updates import ALL, ids, nquads, on_record, states, write

HEAD = ["提案号", "案由", "提案者", "承办单位"]
ROWS = [[str(20240015 + i), f"关于建设第{i}个充电站的提案", "林知夏", "云桥市发展和改革局"] for i in range(3)]
pytestmark = pytest.mark.usefixtures("made_by_hand")


# what is gone, moved, there twice


def test_prune_drops_what_is_gone_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "其他" / "丁.txt", "别处的")
    build([folder, tmp_path / "其他"], tmp_path / "s")
    (folder / "2023" / "甲.txt").unlink()
    shutil.rmtree(tmp_path / "其他")
    report = build(folder, tmp_path / "s")
    assert (report.gone, report.dropped) == (("2023/甲.txt",), ())
    report = build(folder, tmp_path / "s", prune=True)
    assert (report.gone, report.dropped) == ((), ("2023/甲.txt",))
    with Store(tmp_path / "s") as store:
        assert list(store.list_sources()) == sorted([*ALL[1:], "丁.txt"]) == sorted(read_records(store))
    assert build(folder, tmp_path / "s", prune=True).dropped == ()


def test_prune_of_one_file_or_folder_leaves_its_neighbours(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    (folder / "2023" / "甲.txt").unlink()
    assert build(folder / "丙.txt", tmp_path / "s", prune=True).dropped == ()
    write(tmp_path / "in2" / "丁.txt")
    assert build(tmp_path / "in2", tmp_path / "s", prune=True).dropped == ()  # "in2" begins as "in" does


def test_an_emptied_folder_is_an_error_and_drops_nothing(folder: Path, tmp_path: Path) -> None:
    """A drive that is not mounted looks the same."""
    build(folder, tmp_path / "s")
    before = nquads(tmp_path / "s")
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(SourceError):
        build(folder, tmp_path / "s", prune=True)
    assert nquads(tmp_path / "s") == before


def test_the_same_files_under_other_ids_are_not_kept_twice(folder: Path, tmp_path: Path) -> None:
    """``kg build in/2023`` calls a file otherwise than ``kg build in``."""
    build(folder / "2023", tmp_path / "s")
    report = build(folder, tmp_path / "s")
    assert report.moved == (MovedSource("甲.txt", "2023/甲.txt"),) and report.gone == ("甲.txt",)
    assert build(folder, tmp_path / "s", prune=True).dropped == ("甲.txt",)
    build(folder, tmp_path / "fresh")
    assert nquads(tmp_path / "s") == nquads(tmp_path / "fresh")


def test_of_two_folders_with_files_of_one_name_one_may_lose_its_own(tmp_path: Path) -> None:
    for name in ("一区", "二区"):
        write(tmp_path / name / "a.txt", name)
    both = [tmp_path / "一区", tmp_path / "二区"]
    write(both[0] / "b.txt", "留下")
    build(both, tmp_path / "s")
    (both[0] / "a.txt").unlink()
    report = build(both, tmp_path / "s", prune=True)
    assert report.moved == (MovedSource("二区/a.txt", "a.txt"),) and report.dropped == ("二区/a.txt",)
    build(both, tmp_path / "fresh")
    assert nquads(tmp_path / "s") == nquads(tmp_path / "fresh")


def test_a_file_that_was_moved_is_known_by_its_bytes(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    (folder / "丙.txt").rename(folder / "2024" / "改名.txt")
    report = build(folder, tmp_path / "s")
    assert report.moved == (MovedSource("丙.txt", "2024/改名.txt"),) and report.gone == ("丙.txt",)
    assert report.duplicates == ()
    with Store(tmp_path / "s") as store:
        assert "丙.txt" in store.list_sources()  # nothing goes unless --prune says so
    assert build(folder, tmp_path / "s", prune=True).dropped == ("丙.txt",)
    build(folder, tmp_path / "fresh")
    assert nquads(tmp_path / "s") == nquads(tmp_path / "fresh")


def test_what_was_moved_here_from_elsewhere_is_said_and_stays(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    (tmp_path / "新").mkdir()
    shutil.move(folder / "丙.txt", tmp_path / "新" / "丁.txt")
    report = build(tmp_path / "新", tmp_path / "s", prune=True)
    assert report.moved == (MovedSource("丙.txt", "丁.txt"),) and report.dropped == ()


def test_two_files_of_the_same_bytes_are_both_kept_and_said(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "丙.txt", folder / "2024" / "副本.txt")
    for _ in range(2):
        report = build(folder, tmp_path / "s")
        assert report.duplicates == (("2024/副本.txt", "丙.txt"),) and report.moved == ()
    with Store(tmp_path / "s") as store:
        assert {"2024/副本.txt", "丙.txt"} <= set(store.list_sources())
    # one of them is elsewhere, and was built before
    shutil.copy(folder / "丙.txt", tmp_path / "又一份.txt")
    assert build(tmp_path / "又一份.txt", tmp_path / "s").duplicates == (("2024/副本.txt", "丙.txt", "又一份.txt"),)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_said_and_loses_nothing(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "s")
    (folder / "2023").chmod(0)
    try:
        report = build(folder, tmp_path / "s", prune=True)
    finally:
        (folder / "2023").chmod(0o755)
    assert report.dropped == () and "2023" in report.failed[0].path


def test_what_lies_where_nothing_can_be_seen_is_not_gone() -> None:
    def record(source: str, origin: str, member: str = "") -> SourceRecord:
        return SourceRecord(source, origin, member)

    known = {r.source: r for r in (
        record("a", "/in/a.txt"), record("b", "/in/closed/b.txt"), record("z/x", "/in/z.zip", "x"),
        record("z/y", "/in/z.zip", "y"), record("w/x", "/in/w.zip", "x"), record("w/y.zip/q", "/in/w.zip", "y.zip » q"),
        record("h", "/in/.hidden/h.zip", "x"), record("out", "/other/a.txt"), record("net", "https://example.org/a"),
        record("stdin.txt", "-"),
    )}  # fmt: skip
    error = SourceError("读不了", "cannot be read")
    hidden = (("/in/closed", ""), ("/in/z.zip", ""), ("/in/w.zip", "y.zip"))
    lost = tuple(read.UnreadableSource("", error, *place) for place in hidden)
    listing = read.SourceListing((), (), lost, ("/in",), frozenset({"/in/w.zip"}))
    there = {"/in/z.zip", "/in/w.zip", "/in/.hidden/h.zip"}.__contains__
    assert find_gone(listing, {}, known, there) == ("a", "w/x")


def test_of_several_copies_those_of_one_name_belong_together() -> None:
    known = {s: SourceRecord(s, f"/old/{s}", sha256="1") for s in ("x/a.txt", "x/b.txt", "x/c.txt")}
    found = [read.FoundSource(f"y/{n}.txt", Path(f"/new/{n}.txt")) for n in "dba"]
    items = [PlannedSource(f, read.Fingerprint("1", "text", ".txt"), "k") for f in found]
    pairs = find_moved(items, index_places(found), set(known), known, lambda path: False)
    assert pairs == (
        MovedSource("x/a.txt", "y/a.txt"),
        MovedSource("x/b.txt", "y/b.txt"),
        MovedSource("x/c.txt", "y/d.txt"),
    )


# archives, lists, standard input, addresses


def archive(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for name, text in members.items():
            out.writestr(zipfile.ZipInfo(name), text)
    return path


def test_of_an_archive_only_the_changed_member_is_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "档.zip", {"一.txt": f"甲{PAGE}", "二.txt": f"乙{PAGE}"})
    build(path, tmp_path / "s")
    archive(path, {"一.txt": f"甲{PAGE}", "二.txt": f"丙{PAGE}"})
    assert ids(build(path, tmp_path / "s")) == (["档.zip/二.txt"], ["档.zip/一.txt"])
    archive(path, {"二.txt": f"丙{PAGE}"})
    report = build(path, tmp_path / "s", prune=True)
    assert ids(report)[0] == [] and report.dropped == ("档.zip/一.txt",)
    path.write_bytes(path.read_bytes()[:50])  # damaged: what is in it cannot be seen
    write(tmp_path / "甲.txt")
    report = build([path, tmp_path / "甲.txt"], tmp_path / "s", prune=True)
    assert len(report.failed) == 1 and report.dropped == ()
    assert states(tmp_path / "s")["档.zip"] == "failed"
    archive(path, {"二.txt": f"丙{PAGE}"})
    assert ids(build(path, tmp_path / "s")) == ([], ["档.zip/二.txt"])
    assert "档.zip" not in on_record(tmp_path / "s")


def test_of_a_list_only_the_changed_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "清单.xlsx"
    path.write_bytes(workbook([HEAD, *ROWS]))
    build(path, tmp_path / "s")
    assert on_record(tmp_path / "s")["清单.xlsx/20240015"].media_type == read.MEDIA_TYPES[".xlsx"]
    names = [f"清单.xlsx/{row[0]}" for row in ROWS]
    path.write_bytes(workbook([HEAD, *ROWS]))  # saved again: other bytes, the same rows
    assert ids(build(path, tmp_path / "s")) == ([], names)
    changed = [[ROWS[0][0], ROWS[0][1], "沈清若", ROWS[0][3]], *ROWS[1:]]
    path.write_bytes(workbook([HEAD, *changed]))
    assert ids(build(path, tmp_path / "s")) == ([names[0]], names[1:])
    path.write_bytes(workbook([HEAD, *changed[:2]]))
    assert build(path, tmp_path / "s", prune=True).dropped == (names[2],)


def test_a_row_that_moved_down_is_quoted_from_its_new_cell(tmp_path: Path) -> None:
    """Its text is the same, but the cells that it stands in are not."""
    path = tmp_path / "清单.csv"

    def save(rows: list[list[str]]) -> None:
        path.write_text("\n".join(map(",".join, [HEAD, *rows])), encoding="utf-8")

    save(ROWS[1:])
    build(path, tmp_path / "s")
    save(ROWS)
    assert len(build(path, tmp_path / "s").built) == 3
    build(path, tmp_path / "fresh")
    assert nquads(tmp_path / "s") == nquads(tmp_path / "fresh")


def test_standard_input_is_known_by_its_bytes_and_never_pruned(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def feed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))

    feed(PAGE)
    assert ids(build("-", tmp_path / "s"))[0] == ["stdin.txt"]
    feed(PAGE)
    assert ids(build("-", tmp_path / "s"))[0] == []
    feed(f"另一份\n{PAGE}")
    assert ids(build("-", tmp_path / "s"))[0] == ["stdin.txt"]
    assert build(folder, tmp_path / "s", prune=True).dropped == ()
    assert on_record(tmp_path / "s")["stdin.txt"].origin == "-"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, dict[str, bytes]]]:
    """A web server and its pages, which may change."""
    pages: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *arguments: object) -> None:
            pass

    monkeypatch.setattr("kg.read.web.fetch._PAUSE", 0.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    server.server_close()


def test_an_address_is_fetched_each_time_and_its_bytes_decide(
    site: tuple[str, dict[str, bytes]], tmp_path: Path
) -> None:
    host, pages = site
    address, name = f"{host}/a.txt", f"{host.removeprefix('http://')}/a.txt"
    pages["/a.txt"] = PAGE.encode()

    def again() -> BuildReport:
        return build(address, tmp_path / "s", allow_private=True, prune=True)

    assert ids(again())[0] == [name]
    assert ids(again()) == ([], [name])
    pages["/a.txt"] = f"新\n{PAGE}".encode()
    assert ids(again())[0] == [name]
    assert on_record(tmp_path / "s")[name].where == address
    del pages["/a.txt"]  # the site fails: nothing is lost
    report = again()
    assert len(report.failed) == 1 and report.dropped == ()
    assert states(tmp_path / "s") == {name: "ok", address: "failed"}
    pages["/a.txt"] = f"新\n{PAGE}".encode()
    assert ids(again()) == ([], [name])
    assert states(tmp_path / "s") == {name: "ok"}
