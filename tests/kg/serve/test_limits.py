"""A query that takes too much is stopped, others go on, and builds are seen as a whole or not at all."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad

import kg
from kg.errors import StoreError
from kg.graph.query import QueryDataset
from kg.processes import ChildProcess, ProcessDied
from kg.serve.snapshot import StoreCopies
from kg.serve.sparql import work
from kg.store.records import read_records
from kg.store.store import Store
from tests.kg.serve.conftest import GRAPHS, NAME, fill_many, fill_store
from tests.support.servers import SMALL, make_settings, serve

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c < ?f || ?f < ?i) }"
QUICK = "ASK { ?s ?p ?o }"


@pytest.fixture
def large(large_address: str) -> httpx.Client:
    return httpx.Client(base_url=large_address, timeout=30, trust_env=False)


def ask(client: httpx.Client, query: str) -> httpx.Response:
    return client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"})


def test_a_runaway_query_is_stopped_while_others_go_on(large: httpx.Client) -> None:
    found: list[tuple[float, httpx.Response]] = []

    def run_away() -> None:
        began = time.monotonic()
        response = ask(large, RUNAWAY)
        found.append((time.monotonic() - began, response))

    assert ask(large, QUICK).status_code == 200
    thread = threading.Thread(target=run_away)
    thread.start()
    answered = 0
    while thread.is_alive():
        assert ask(large, QUICK).json()["boolean"] is True
        answered += 1
    [(seconds, response)] = found
    assert response.status_code == 503 and "1.5" in response.text
    assert answered >= 1
    assert seconds < SMALL.seconds + 5  # not a measurement: a busy machine is no fault of ours
    assert ask(large, QUICK).status_code == 200


def test_too_many_queries_at_once_are_told_to_come_again(large: httpx.Client) -> None:
    responses: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: responses.append(ask(large, RUNAWAY))) for _ in range(SMALL.at_once + 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {response.status_code for response in responses} == {503}
    assert sum("retry-after" in response.headers for response in responses) >= 1
    assert ask(large, QUICK).status_code == 200


def test_a_result_with_too_many_rows_is_refused(large: httpx.Client) -> None:
    response = ask(large, "SELECT ?a { ?a ?p ?o . ?c ?p ?o2 } LIMIT 2001")
    assert response.status_code == 413 and "2000" in response.text
    assert len(ask(large, "SELECT ?a { ?a ?p ?o . ?c ?p ?o2 } LIMIT 2000").json()["results"]["bindings"]) == 2000
    assert ask(large, "CONSTRUCT { ?a ?p ?o2 } WHERE { ?a ?p ?o . ?c ?p ?o2 } LIMIT 2001").status_code == 413


def test_a_result_that_grows_too_large_is_cut_off_so_that_it_is_not_taken_for_whole(large: httpx.Client) -> None:
    wide = f"SELECT (CONCAT(?o, '{'长' * 4000}') AS ?x) {{ ?s ?p ?o }}"
    with (
        pytest.raises(httpx.RemoteProtocolError),
        large.stream("POST", "/sparql", content=wide, headers={"Content-Type": "application/sparql-query"}) as response,
    ):
        assert response.status_code == 200
        for _ in response.iter_bytes():
            pass
    assert ask(large, QUICK).status_code == 200


def test_a_query_of_ten_megabytes_is_refused(large: httpx.Client) -> None:
    query = f"ASK {{}} # {'x' * 10_000_000}"
    response = ask(large, query)
    assert response.status_code == 413
    response = large.post("/sparql", data={"query": query})
    assert response.status_code == 413


def test_a_client_that_leaves_stops_its_query(large: httpx.Client, large_address: str) -> None:
    host, port = large_address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        body = RUNAWAY.encode()
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        time.sleep(0.3)
    for _ in range(100):
        if "kg_queries_running 0" in large.get("/metrics").text:
            break
        time.sleep(0.05)
    assert "kg_queries_running 0" in large.get("/metrics").text
    assert 'kg_queries_total{outcome="gone"}' in large.get("/metrics").text


def test_a_slow_client_keeps_nobody_waiting(large: httpx.Client, large_address: str) -> None:
    host, port = large_address.removeprefix("http://").split(":")
    slow = [socket.create_connection((host, int(port))) for _ in range(20)]
    for connection in slow:
        connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n")
    assert ask(large, QUICK).status_code == 200
    for connection in slow:
        connection.close()


def connect(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def read_all(connection: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    found = b""
    try:
        while data := connection.recv(65536):
            found += data
    except ConnectionError:
        pass
    return found


def test_a_head_that_does_not_end_closes_its_connection(
    large: httpx.Client, large_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("httptools")
    monkeypatch.setattr("kg.serve.connection.HEAD_SECONDS", 0.3)
    with connect(large_address) as slow, connect(large_address) as endless:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")
        assert read_all(slow) == b""
        with suppress(ConnectionError):
            for _ in range(100):
                endless.sendall(b"X-A: " + b"x" * 8000 + b"\r\n")
        assert b" 200 " not in read_all(endless)
    assert ask(large, QUICK).status_code == 200


def test_a_body_that_does_not_arrive_is_refused(large_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.serve.sparql.protocol.BODY_SECONDS", 0.3)
    with connect(large_address) as slow:
        slow.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 100\r\n\r\nASK"
        )
        assert read_all(slow).startswith(b"HTTP/1.1 408 ")


def test_a_head_in_one_piece_has_the_same_limit(large_address: str) -> None:
    with connect(large_address) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + b"x" * 70_000 + b"\r\n\r\n")
        assert read_all(connection).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"])
def test_a_request_has_one_host(large_address: str, hosts: bytes) -> None:
    for path in (b"/documents", b"/sparql?query=ASK%7B%7D"):
        with connect(large_address) as connection:
            connection.sendall(b"GET %b HTTP/1.1\r\n%b\r\n" % (path, hosts))
            assert read_all(connection).startswith(b"HTTP/1.1 400 ")


def test_what_is_not_http_is_refused_in_both_languages(large_address: str) -> None:
    with connect(large_address) as connection:
        connection.sendall("GET /search?q=科技局 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ") and b"content-length: %d" % len(body) in head
    assert "Invalid HTTP request" in body.decode() and "百分号编码" in body.decode()


@pytest.mark.parametrize("joined", [False, True])
def test_a_long_body_is_not_taken_for_a_long_head(large_address: str, joined: bool) -> None:
    """Whatever the pieces are in which head and body arrive, and in each request of a connection."""
    query = b"ASK { ?s ?p ?o } #" + b"x" * 90_000
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n"
    head %= len(query)
    with connect(large_address) as connection:
        for _ in range(3):
            connection.sendall(head + query if joined else head)
            if not joined:
                time.sleep(0.05)
                connection.sendall(query)
            found = b""
            while b"\r\n\r\n" not in found or not found.rstrip().endswith(b"}"):
                piece = connection.recv(65536)
                assert piece, found
                found += piece
            assert found.startswith(b"HTTP/1.1 200 "), found[:200]


def test_a_client_that_reads_nothing_is_let_go(
    large: httpx.Client, large_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("httptools")
    monkeypatch.setattr("kg.serve.connection.WRITE_SECONDS", 0.3)
    with connect(large_address) as deaf:
        deaf.sendall(b"GET /static/yasqe.min.js HTTP/1.1\r\nHost: x\r\n\r\n" * 60)
        watch = select.poll()
        watch.register(deaf, 0)  # nothing is read meanwhile; an error or hang-up ends the wait early
        watch.poll(900)
        assert len(read_all(deaf)) < 60 * 500_000
    assert ask(large, QUICK).status_code == 200


def test_no_query_and_no_graph_makes_the_server_connect_or_read_a_file(large: httpx.Client, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text("<http://secret.invalid/> <http://secret.invalid/> 'secret' .", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        other = f"http://127.0.0.1:{trap.getsockname()[1]}/x.ttl"
        for where in (other, secret.as_uri()):
            for query in (
                f"SELECT * {{ SERVICE <{where}> {{ ?s ?p ?o }} }}",
                f"SELECT * {{ SERVICE SILENT <{where}> {{ ?s ?p ?o }} }}",
                f"SELECT * FROM <{where}> {{ ?s ?p ?o }}",
                f"SELECT * FROM NAMED <{where}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
                f"CONSTRUCT {{ ?s ?p ?o }} FROM <{where}> WHERE {{ ?s ?p ?o }}",
                f"DESCRIBE <{where}>",
            ):
                response = ask(large, query)
                assert response.status_code in (200, 400) and "secret.invalid" not in response.text, query
            asked = {"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": where, "named-graph-uri": where}
            assert "secret.invalid" not in large.get("/sparql", params=asked).text
            assert large.get("/graphs", params={"graph": where}).status_code == 404
        with pytest.raises(TimeoutError):
            trap.accept()


def test_no_text_is_taken_for_a_page(large: httpx.Client) -> None:
    for path in ("/graphs?graph=<script>", "/none", "/healthz", "/metrics", "/sparql?query=x", "/api/thing?iri=<b>"):
        assert large.get(path).headers["x-content-type-options"] == "nosniff", path


def test_health_and_metrics(large: httpx.Client) -> None:
    assert large.get("/healthz").json()["status"] == "ok"
    text = large.get("/metrics").text
    assert "kg_requests_total" in text and 'le="+Inf"' in text


def test_an_error_of_the_program_is_answered_counted_and_logged(
    small_store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("an error of the tests")

    with serve(make_settings(small_store)) as address, httpx.Client(base_url=address, trust_env=False) as client:
        monkeypatch.setattr("kg.serve.site.pages.list_documents", fail)
        with caplog.at_level("ERROR", logger="kg.serve"):
            page = client.get("/documents", headers={"Accept": "text/html", "Accept-Language": "zh"})
        assert page.status_code == 500 and "服务器内部出错" in page.text and "ZeroDivision" not in page.text
        assert 'kg_requests_total{method="GET",status="500"} 1' in client.get("/metrics").text
    [line] = [record.getMessage() for record in caplog.records if record.name == "kg.serve"]
    assert "an error of the tests" in json.loads(line)["error"]


def change_name(path: Path, name: str) -> None:
    with Store(path, write=True) as store:
        graph = NamedNode(GRAPHS[0])
        store.replace_graph(graph.value, [Quad(NamedNode("http://things.invalid/a"), NAME, Literal(name), graph)])
        store.flush()


def test_a_build_shows_at_once(tmp_path: Path) -> None:
    from tests.support.servers import make_settings, serve

    store = fill_store(tmp_path / "store")
    query = "SELECT ?n { <http://things.invalid/a> ?p ?n }"
    with serve(make_settings(store)) as address, httpx.Client(base_url=address, trust_env=False) as client:
        assert ask(client, query).json()["results"]["bindings"][0]["n"]["value"] == "名称a"
        change_name(store, "新名称")  # the server keeps no build out
        shown = ""
        for _ in range(100):
            shown = ask(client, query).json()["results"]["bindings"][0]["n"]["value"]
            if shown == "新名称":
                break
            time.sleep(0.05)
        assert shown == "新名称"
    assert not list(store.glob("kg-serve-*"))


def test_half_a_build_is_not_served(tmp_path: Path) -> None:
    path = fill_store(tmp_path / "store")
    with StoreCopies(path) as copies:
        before = copies.path
        with Store(path, write=True) as store:
            store.remove_graph(GRAPHS[0])
            store.flush()
            copies._looked = 0.0
            assert copies.path == before
            with Store(copies.path) as copy:
                assert GRAPHS[0] in copy.list_graphs()
        copies._looked = 0.0
        with Store(copies.path) as copy:
            assert GRAPHS[0] not in copy.list_graphs()
        assert before.exists(), "a query may still read the state before"


def test_a_copy_has_what_was_not_yet_flushed(tmp_path: Path) -> None:
    path = fill_many(tmp_path / "store", 10)
    with Store(path, write=True) as store:
        store.add_quads([Quad(NamedNode("http://things.invalid/new"), NAME, Literal("新"), NamedNode(GRAPHS[0]))])
    with StoreCopies(path) as copies, Store(copies.path) as copy:
        assert list(copy.find_statements("http://things.invalid/new"))


def test_visitors_see_no_folders_of_the_server(tmp_path: Path) -> None:
    folder = tmp_path / "内部" / "letters"
    folder.mkdir(parents=True)
    (folder / "好.txt").write_text("关于扶持企业的提案\n\n建议市财政局给予补助10万元。\n", encoding="utf-8")
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    kg.build([folder], store=tmp_path / "store")
    query = f"SELECT * {{ {{ GRAPH ?g {{ ?s ?p ?o }} }} UNION {{ ?s ?p ?o }} FILTER(CONTAINS(STR(?o), '{tmp_path}')) }}"
    names = "SELECT ?o { ?s pk:readFrom|pk:failure ?o }"
    with serve(make_settings(tmp_path / "store")) as address:
        client = httpx.Client(base_url=address, timeout=30, trust_env=False)
        assert ask(client, query).json()["results"]["bindings"] == []
        shown = sorted(row["o"]["value"] for row in ask(client, names).json()["results"]["bindings"])
        assert {"好.txt", "坏.pdf"} <= set(shown)
        assert [text for text in shown if text.startswith("坏.pdf：")] and "内部" not in "".join(shown)
        for path in ("/documents", "/api/documents", "/graphs?default", "/reports/money", "/api/reports/session"):
            assert "内部" not in client.get(path).text, path
    with Store(tmp_path / "store") as store:  # the store itself still knows where it read
        assert {record.origin for record in read_records(store).values()} == {
            str(folder / "好.txt"), str(folder / "坏.pdf")
        }  # fmt: skip


def test_copies_of_a_killed_server_are_removed(tmp_path: Path) -> None:
    path = fill_many(tmp_path / "store", 10)
    old = path / "kg-serve-999999999-abc" / "1"
    old.mkdir(parents=True)
    with StoreCopies(path):
        assert not old.exists()


def test_no_store_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        StoreCopies(tmp_path / "none")


def test_a_process_ends_itself_at_its_limit_even_if_the_server_cannot_end_it(tmp_path: Path) -> None:
    path = str(fill_many(tmp_path / "store", 1500))
    task = work.QueryTask(path, RUNAWAY, QueryDataset(), "*/*", 1000, 1000)
    process = ChildProcess()
    try:
        assert process.call(work.run_limited, 30.0, work.begin_query, replace(task, sparql=QUICK)).last
        began = time.monotonic()
        with pytest.raises(ProcessDied):
            process.call(work.run_limited, 0.3, work.begin_query, task)
        assert 0.3 <= time.monotonic() - began < 5
    finally:
        process.kill()


def test_the_time_of_a_query_ends_with_its_answer() -> None:
    process = ChildProcess()
    try:
        for _ in range(3):
            assert process.call(work.run_limited, 0.2, len, "ab") == 2
        process.call(time.sleep, 0.4)
        assert process.call(work.run_limited, 0.2, len, "ab") == 2
    finally:
        process.kill()
