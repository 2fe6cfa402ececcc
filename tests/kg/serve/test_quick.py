"""Queries that are cheap by their form are answered by the connection itself, with the same result as by a process."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.serve.app import Server
from kg.serve.known import AnswerMemory, KnownAnswer, make_answer
from kg.serve.quick import CheapQuery, is_cheap, read_head
from kg.store.store import Store
from tests.kg.serve.conftest import GRAPHS, NAME, fill_many, fill_store
from tests.support.servers import make_settings, serve

THING = "http://things.invalid/a"
JSON = [(b"accept", b"*/*")]

CHEAP = (
    f"SELECT ?p ?o {{ <{THING}> ?p ?o }}",
    f"select * where{{<{THING}> ?p ?o.}}",
    f"SELECT ?s WHERE {{ ?s ?p <{THING}> . }} LIMIT 10 # why",
    'SELECT ?s { ?s <http://terms.invalid/name> "名称a"@zh }',
    f"SELECT ?o {{ <{THING}> <http://terms.invalid/name> $o }}",
)
NOT_CHEAP = (
    "SELECT * { ?s ?p ?o }",
    "SELECT * { ?s <http://terms.invalid/name> ?o }",
    f"SELECT * {{ <{THING}> ?p ?p }}",  # compares every row
    f"SELECT * {{ <{THING}> ?p $p }}",
    f"SELECT * {{ <{THING}> ?p ?o . ?o ?q ?r }}",
    f"SELECT * {{ <{THING}> <http://terms.invalid/name>* ?o }}",
    f"SELECT DISTINCT ?o {{ <{THING}> ?p ?o }}",
    f"SELECT (COUNT(*) AS ?n) {{ <{THING}> ?p ?o }}",
    f"SELECT * {{ <{THING}> ?p ?o }} ORDER BY ?o",
    f"SELECT * {{ SERVICE <{THING}> {{ ?s ?p ?o }} }}",
    f"SELECT * FROM <{THING}> {{ <{THING}> ?p ?o }}",
    f"SELECT * {{ GRAPH ?g {{ <{THING}> ?p ?o }} }}",
    f"SELECT * {{ <{THING}> ?p ?o }} # a\n LIMIT 1",
    f"DELETE WHERE {{ <{THING}> ?p ?o }}",
)


@pytest.mark.parametrize("sparql", CHEAP)
def test_a_pattern_with_its_subject_or_object_is_cheap(sparql: str) -> None:
    assert is_cheap(sparql)


@pytest.mark.parametrize("sparql", NOT_CHEAP)
def test_all_other_queries_need_a_process_that_can_be_stopped(sparql: str) -> None:
    assert not is_cheap(sparql)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(make_settings(fill_store(tmp_path / "store")))


def find(server: Server, sparql: str, headers: list[tuple[bytes, bytes]] = JSON) -> bytes | None:
    assert server.quick is not None
    found = server.quick.find(f"/sparql?query={quote(sparql, safe='')}".encode(), read_head(headers))
    if not isinstance(found, CheapQuery):
        return found.body if found else None
    results: list[KnownAnswer | None] = []

    async def run() -> None:
        assert server.quick is not None
        server.quick.run_soon(found, results.append)

    with ThreadPoolExecutor(1) as thread:  # this thread may have a loop of the browser's
        thread.submit(asyncio.run, run()).result()
    [answer] = results
    return answer.body if answer else None


def test_a_quick_result_has_the_headers_and_rows_of_others(client: httpx.Client) -> None:
    cheap, other = (
        client.get("/sparql", params={"query": f"SELECT ?o {{ <{THING}> <{NAME.value}> ?o {more}}}"})
        for more in ("", "FILTER(true) ")
    )
    assert cheap.json() == other.json()
    differing = {"date", "content-length"}
    assert {k: v for k, v in cheap.headers.items() if k not in differing} == {
        k: v for k, v in other.headers.items() if k not in differing
    }
    assert int(cheap.headers["content-length"]) == len(cheap.content)


def test_what_is_not_for_it_is_left_to_the_usual_way(server: Server) -> None:
    assert server.quick is not None
    query = CHEAP[0]
    assert find(server, query)
    assert find(server, query, [(b"accept", b"text/csv")]) is None
    assert find(server, NOT_CHEAP[0]) is None
    assert find(server, f"SELECT ?x ?x {{ <{THING} ?p ?o }}") is None  # an error, which others explain
    encoded = quote(query, safe="")
    for address in (f"/sparql?query={encoded}&default-graph-uri=x", f"/sparql?query={encoded}%FF",
                    f"/sparql?query={encoded}%", f"/sparql?query={encoded}=", f"/graphs?query={encoded}",
                    f"http://elsewhere.invalid/sparql?query={encoded}", "*"):  # fmt: skip
        assert server.quick.find(address.encode(), read_head(JSON)) is None, address
    server.close()


def test_a_large_result_is_left_to_a_process(tmp_path: Path) -> None:
    path = fill_many(tmp_path / "store", 3)
    graph = NamedNode(GRAPHS[0])
    with Store(path, write=True) as store:
        store.add_quads([Quad(NamedNode(THING), NAME, Literal(f"{i}" + "长" * 100), graph) for i in range(1500)])
    server = Server(make_settings(path))
    assert find(server, f"SELECT * {{ <{THING}> ?p ?o }}") is None
    assert find(server, f"SELECT * {{ <{THING}> ?p ?o }} LIMIT 10")
    server.close()
    with serve(make_settings(path)) as address:
        rows = httpx.get(f"{address}/sparql", params={"query": f"SELECT * {{ <{THING}> ?p ?o }}"}).json()
    assert len(rows["results"]["bindings"]) == 1500


def test_a_build_shows_in_quick_results_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.serve.snapshot._LOOK_SECONDS", 0.0)
    path = fill_store(tmp_path / "store")
    server = Server(make_settings(path))
    query = f"SELECT ?o {{ <{THING}> <{NAME.value}> ?o }}"
    for _ in range(3):  # the third time it is known
        assert "名称a".encode() in (find(server, query) or b"")
    with Store(path, write=True) as store:
        graph = NamedNode(GRAPHS[0])
        store.replace_graph(graph.value, [Quad(NamedNode(THING), NAME, Literal("新名称"), graph)])
    body = find(server, query) or b""
    assert "新名称".encode() in body and "名称a".encode() not in body
    server.close()


def test_a_desk_has_no_answers_that_pass_its_guard(tmp_path: Path) -> None:
    server = Server(make_settings(tmp_path / "none", desk=tmp_path / "desk", secret="s"))
    assert server.quick is None
    server.close()


def test_an_answer_of_an_earlier_state_is_not_kept() -> None:
    number = 1
    memory = AnswerMemory(lambda: number)
    key = memory.make_key(b"/", b"", ())
    assert not memory.is_wanted(key) and memory.is_wanted(key)
    number = 2
    memory.put(key, make_answer([(b"content-length", b"1")], b"x", False))
    assert memory.get(key) is None


def exchange(address: str, data: bytes, answers: int) -> bytes:
    """Return what a connection gives for *data*, until it has ended or given so many answers."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), 10) as connection:
        connection.sendall(data)
        found = b""
        while found.count(b"HTTP/1.1 ") < answers or not found.rstrip().endswith(b"}"):
            piece = connection.recv(65536)
            if not piece:
                break
            found += piece
    return found


def test_requests_that_follow_each_other_on_a_connection_are_answered_in_order(address: str) -> None:
    def ask(sparql: str, more: bytes = b"", end: bytes = b"") -> bytes:
        return b"GET /sparql?query=%b HTTP/1.1\r\nHost: x\r\n%b\r\n%b" % (quote(sparql, safe="").encode(), more, end)

    def name(letter: str, more: str = "") -> str:
        return f"SELECT ?o {{ <http://things.invalid/{letter}> <{NAME.value}> ?o {more}}}"

    requests = [ask(name("a")), ask(name("b", "FILTER(true) ")), ask(name("c")), ask(name("a")), ask("ASK {}")]
    found = exchange(address, b"".join(requests), 5).decode()
    places = [found.index(words) for words in ("名称a", "名称b", "名称c", "boolean")]
    assert places == sorted(places) and found.count("HTTP/1.1 200") == 5
    # a body, which a query by GET has not, is no request of its own
    body = b"GET /healthz HTTP/1.1\r\n\r\n"
    sent = ask(name("a"), b"Content-Length: %d\r\n" % len(body), body) + ask(name("b"))
    assert exchange(address, sent, 2).count(b"HTTP/1.1 200") == 2
    assert b"\r\nconnection: close" in exchange(address, ask(name("a"), b"Connection: close\r\n"), 1).lower()


def test_a_connection_goes_on_after_answers_of_each_kind(pages_address: str) -> None:
    thing = f"SELECT * {{ <{quote('https://w3id.org/proposal-kg/id/agency/hostile', safe=':/')}> ?p ?o }}"
    with httpx.Client(base_url=pages_address, trust_env=False) as client:
        for _ in range(3):  # the second time an answer is kept, the third time it is known
            for address in ("/", "/documents", f"/sparql?query={quote(thing, safe='')}", "/id/none", "/healthz",
                            f"/sparql?query={quote(CHEAP[0] + ' FILTER', safe='')}"):  # fmt: skip
                response = client.get(address)
                assert response.status_code in (200, 400, 404) and response.content, address
            assert client.post("/sparql", data={"query": thing}).status_code == 200


def test_an_idle_connection_is_closed_even_if_its_requests_are_not_parsed(
    small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.serve.run._IDLE_SECONDS", 1)
    request = b"GET /sparql?query=%b HTTP/1.1\r\nHost: x\r\n\r\n" % quote(CHEAP[0], safe="").encode()
    with serve(make_settings(small_store)) as address:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), 10) as connection:
            for _ in range(3):
                connection.sendall(request)
                assert connection.recv(65536).startswith(b"HTTP/1.1 200")
            assert connection.recv(65536) == b""
