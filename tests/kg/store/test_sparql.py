"""What a query says before it runs: services are refused, whatever the spelling, and nothing else is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.errors import QueryError, UsageError
from kg.graph.query import fill_parameters, run_query
from kg.store.sparql import find_service, replace_variables
from kg.store.store import Store

SERVICES = [
    "SELECT * { SERVICE URL { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT URL { ?s ?p ?o } }",
    "SELECT * { service silent URL { ?s ?p ?o } }",
    "SELECT * { SERVICE# a comment { \n URL# another <\n{} }",
    "SELECT * { SERVICE ex:a {} }",
    "SELECT * { SERVICEex:a{} }",
    "SELECT * { SERVICESILENT:a{} }",
    "SELECT * { SERVICE service:a {} }",
    "SELECT * { ?s ?p 1SERVICE URL {} }",
    "SELECT * { ?s ?p trueSERVICE URL {} }",
    "SELECT * { ?s ?p ex:a.b.SERVICE URL {} }",
    "SELECT * { ?s ?p 'a'SERVICE URL {} }",
    "SELECT * { VALUES ?e { URL } SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE URL { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE SILENT URL { ?s ?p ?o } } }",
    "SELECT (EXISTS { SERVICE URL {} } AS ?x) {}",
    "SELECT * { { SELECT * { SERVICE URL {} } } }",
    "SELECT * { OPTIONAL { GRAPH ?g { SERVICE URL {} } } }",
    "ASK { SERVICE URL {} }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE URL { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE URL { ?s ?p ?o } }",
    # signs that could hide the word: a comparison that looks like an IRI, quotes in comments, IRIs and names
    'SELECT * { FILTER(1<2#>"""\n) SERVICE URL {} #"""\n}',
    "SELECT * { FILTER('a'<'b#>') SERVICE URL {} }",
    "SELECT * { ?s ?p <http://example.org/it's> . SERVICE URL { ?s ?p 'o' } }",
    "SELECT * { ?s ?p ex:it\\'s . SERVICE URL { ?s ?p 'o' } }",
    "SELECT * { # 'a quote\n SERVICE URL { ?s ?p 'o' } }",
    'SELECT * { ?s ?p "\\"" . SERVICE URL { ?s ?p "o" } }',
]
NO_SERVICES = [
    "SELECT * { ?s rdfs:label 'SERVICE <http://example.org/> {' }",
    'SELECT * { ?s rdfs:label """\nSERVICE <http://example.org/> {\n""" }',
    "SELECT * { # SERVICE <http://example.org/> { }\n ?s ?p ?o }",
    "SELECT ?service { ?service <http://example.org/service#a> ?o }",
    "SELECT ?service { $service a ?o . ?o ex:service ?service . ?o service:a ?x }",
    "SELECT * { ?s ex:public-service ?o }",
]
PREFIXES = "PREFIX : <{0}> PREFIX ex: <{0}> PREFIX service: <{0}> "


class Listener:
    """A port of this machine that counts the connections made to it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.connections = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += connection.recv(1) != b"!"
            connection.close()

    def count(self) -> int:
        """Return the connections so far: one more connection, which is not counted, comes after all others."""
        with socket.create_connection(self._socket.getsockname()[:2]) as last:
            last.sendall(b"!")
            last.recv(1)
        return self.connections

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def listener() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()


@pytest.fixture
def store(store_path: Path) -> Iterator[Store]:
    with Store(store_path) as opened:
        yield opened


@pytest.mark.parametrize("query", SERVICES)
def test_a_service_is_refused_and_nobody_is_called(store: Store, listener: Listener, query: str) -> None:
    text = PREFIXES.format(listener.url) + query.replace("URL", f"<{listener.url}sparql>")
    with pytest.raises(QueryError) as caught:
        run_query(store, text)
    assert "SERVICE" in caught.value.zh and "SERVICE" in caught.value.en
    assert listener.count() == 0


def test_the_api_and_the_command_refuse_services_too(
    store_path: Path, listener: Listener, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from kg.cli import run_command

    text = f"SELECT * {{ SERVICE SILENT <{listener.url}> {{ ?s ?p ?o }} }}"
    with kg.open(store_path) as graph, pytest.raises(QueryError):
        graph.query(text)
    (tmp_path / "q.rq").write_text(text, encoding="utf-8")
    for arguments in ([text], ["--file", str(tmp_path / "q.rq")]):
        assert run_command(["query", *arguments, "--store", str(store_path)]) == QueryError.exit_code
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("SERVICE") == 2
    assert listener.count() == 0


def test_the_error_says_where_the_service_stands(store: Store) -> None:
    with pytest.raises(QueryError) as caught:
        run_query(store, "SELECT * {\n  ?s ?p ?o .\n  SERVICE <http://example.org/> {} }")
    assert "第 3 行第 3 列" in caught.value.zh and "line 3, column 3" in caught.value.en


@pytest.mark.parametrize("query", NO_SERVICES)
def test_the_word_in_strings_comments_and_names_is_no_service(store: Store, query: str) -> None:
    assert find_service(query) is None
    run_query(store, PREFIXES.format("http://example.org/") + query)


def test_variables_in_strings_comments_and_iris_stay() -> None:
    text = "SELECT $a { # $a\n ?s ?p \"$a\", '''$a''', <http://example.org/$a>, $a, $ab, ?a }"
    assert replace_variables(text, lambda name: "X" if name == "$a" else name) == (
        "SELECT X { # $a\n ?s ?p \"$a\", '''$a''', <http://example.org/$a>, X, $ab, ?a }"
    )


HOSTILE = [
    '") } UNION { ?x ?y ?z } #',
    "') } #",
    '"""',
    "'''",
    "\\",
    '\\"',
    "a\nb\r\n\tc",
    "$b ?b",
    "}",
    "<http://example.org/>",
    "\x00\x0b\u2028\ufeff",
    "𠮷🙂",
    "%s {0} \\1 \\g<0>",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_any_value_of_a_parameter_is_a_string(store: Store, value: str) -> None:
    text = fill_parameters("SELECT ?x ?y { BIND ($a AS ?x) BIND ($b AS ?y) }", {"a": value, "b": "other"})
    assert run_query(store, text).values() == [{"x": value, "y": "other"}]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_widens_a_named_query(store_path: Path, value: str) -> None:
    with kg.open(store_path) as graph:
        assert len(graph.query(name="handling")) == 3
        assert len(graph.query(name="handling", params={"proposal": value})) == 0


def test_bytes_that_are_no_text_break_nothing(store: Store) -> None:
    text = fill_parameters("SELECT ?x { BIND ($a AS ?x) }", {"a": "局\udcff"})
    assert run_query(store, text).values() == [{"x": "局\ufffd"}]


@pytest.mark.parametrize("text", ['ASK { ?s ?p "$name" }', "ASK { ?s ?p ?name }", "ASK {} # $name", "ASK {}"])
def test_a_parameter_that_the_query_does_not_use_is_an_error(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        fill_parameters(text, {"name": '" } #'})
    assert "$name" in caught.value.zh and "$name" in caught.value.en
