"""Stores behind SPARQL servers: the same quads, rows and reports as in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.errors import StoreError
from kg.graph.query import list_named_queries, load_named_query, run_query
from kg.graph.result import serialize_result
from kg.ingest.build import build
from kg.store.endpoint import Endpoint
from kg.store.remote import RemoteGraphs
from kg.store.store import Store
from tests.support.commands import run_kg
from tests.support.endpoints import ACCOUNT, find_port, is_installed, run_endpoint
from tests.support.invented_page import make_extraction
from tests.support.paths import ROOT
from tests.support.updates import ids, nquads, write


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not is_installed(request.param):
        pytest.skip(f"{request.param} is not installed")
    with pytest.MonkeyPatch.context() as patch, run_endpoint(request.param, tmp_path_factory.mktemp("server")) as found:
        for name, value in ACCOUNT.items():
            patch.setenv(name, value)
        yield found


@pytest.fixture(scope="module")
def examples(url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder and a server with the examples."""
    folder = tmp_path_factory.mktemp("examples") / "store"
    empty(url)
    build(ROOT / "examples", folder, workers=1)
    build(ROOT / "examples", url, workers=1)
    return folder, url


def empty(url: str) -> None:
    """Remove all graphs of the store behind a server."""
    with Store(url, write=True) as store:
        for graph in store.list_graphs(links=True, builds=True):
            store.remove_graph(graph)
        assert isinstance(store.remote, RemoteGraphs)
        assert list(store.remote.named_graphs()) == [] and list(store.find_statements()) == []


def test_the_same_examples_give_the_same_quads_rows_and_reports(
    examples: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, url = examples
    assert nquads(url) == nquads(folder)  # type: ignore[arg-type]
    with Store(folder) as here, Store(url) as there:
        assert len(here) == len(there)
        for name in list_named_queries():
            text = load_named_query(name, {})
            one, other = (
                sorted(serialize_result(run_query(store, text), "csv").splitlines()) for store in (here, there)
            )
            assert one == other, name  # sorted: the order of rows that a query leaves open may differ
        for text in ("ASK { ?s a ?o }", "CONSTRUCT { ?s a ?o } WHERE { GRAPH ?g { ?s a ?o } ?s <http://e/none> ?x }"):
            assert run_query(here, text) == run_query(there, text)
    for command in (("report", "tiers", "--format", "csv"), ("stats",)):
        one, other = (run_kg(capsys, *command, "--store", store)[:2] for store in (folder, url))
        assert one == other, command
    with kg.open(url) as graph:
        assert len(graph.query(name="handling").rows) > 0


def test_a_build_is_idempotent_and_replaces_what_changed(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.ingest.worker.extract_source", lambda s, *rest: make_extraction(s.id, s.text))
    empty(url)
    pages = tmp_path / "in"
    for i in range(7):
        write(pages / f"{i}.txt", f"第{i}号")
    assert len(build(pages, url, workers=1).built) == 7
    assert ids(build(pages, url, workers=1)) == ([], [f"{i}.txt" for i in range(7)])
    build(pages, tmp_path / "s", workers=1)
    assert nquads(url) == nquads(tmp_path / "s")  # type: ignore[arg-type]
    write(pages / "3.txt", "改了")
    (pages / "5.txt").unlink()
    for store in (url, tmp_path / "s"):
        report = build(pages, store, workers=1, prune=True)
        assert ids(report)[0] == ["3.txt"] and report.dropped == ("5.txt",)
    assert nquads(url) == nquads(tmp_path / "s")  # type: ignore[arg-type]
    with Store(url) as there, Store(tmp_path / "s") as here:
        builds = there.builds_graph
        mine, theirs = (
            {(q.subject, q.predicate, q.object) for q in s.find_statements() if builds not in str(q)}
            for s in (here, there)
        )
        assert mine == theirs


def test_an_interrupted_replacement_is_done_again(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.ingest.worker.extract_source", lambda s, *rest: make_extraction(s.id, s.text))
    empty(url)
    pages = tmp_path / "in"
    write(pages / "1.txt", "第1号")
    write(pages / "2.txt", "第2号")
    build(pages, url, workers=1)
    write(pages / "1.txt", "改了")

    send, writes = Endpoint._send, 0

    def fail(self: Endpoint, address: str, data: bytes | None, **more: str) -> tuple[bytes, dict[str, str]]:
        nonlocal writes
        writes -= more.get("method") in ("PUT", "POST", "DELETE") or b"update=" in (data or b"")[:7]
        if writes < 0:
            raise StoreError("断了", "gone")
        return send(self, address, data, **more)

    for last in range(0, 15, 2):  # 16 requests write
        write(pages / "1.txt", f"改了{last}")
        writes = last
        with monkeypatch.context() as broken:
            broken.setattr(Endpoint, "_send", fail)
            with pytest.raises(StoreError):
                build(pages, url, workers=1)
        build(pages, url, workers=1)
    build(pages, tmp_path / "s", workers=1)
    assert nquads(url) == nquads(tmp_path / "s")  # type: ignore[arg-type]
    with Store(url) as there, Store(tmp_path / "s") as here:
        one, other = ({q.triple for q in s.find_statements() if s.builds_graph not in str(q)} for s in (here, there))
        assert one == other


def test_a_busy_server_is_asked_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = Endpoint(url)
    opened, tries = endpoint._opener.open, []

    def refuse_twice(*args: object, **more: object) -> object:
        tries.append(args)
        if len(tries) < 3:
            raise ConnectionResetError("busy")
        return opened(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(endpoint._opener, "open", refuse_twice)
    monkeypatch.setattr("kg.store.endpoint._PAUSE", 0.001)
    assert endpoint.read_graph("https://example.org/none") == [] and len(tries) == 3


def test_a_server_that_is_not_there_or_refuses_is_an_error(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.endpoint._PAUSE", 0.001)
    with pytest.raises(StoreError, match="does not answer"):
        Store(f"http://127.0.0.1:{find_port()}/query")
    if "sparql-auth" in url:
        monkeypatch.setenv("KG_STORE_PASSWORD", "wrong")
        with pytest.raises(StoreError, match="KG_STORE_PASSWORD"):
            Store(url)


def test_what_needs_a_folder_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (("builds",), ("publish", "--output", str(tmp_path / "out")), ("serve",)):
        code, _, errors = run_kg(capsys, *command, "--store", "http://127.0.0.1:1/query", "--lang", "en")
        assert code == 2 and "needs a store in a folder" in errors


def test_a_wrong_query_is_named(examples: tuple[Path, str]) -> None:
    with Store(examples[1]) as store, pytest.raises(kg.QueryError):
        run_query(store, "SELECT ?s WHERE { ?s ")
