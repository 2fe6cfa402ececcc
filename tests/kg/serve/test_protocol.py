"""The SPARQL 1.1 Protocol over a real port: the cases of ``protocol_cases.toml``, and what a table cannot say."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
import rdflib

from tests.kg.serve.conftest import GRAPHS

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "protocol_cases.toml").read_text(encoding="utf-8")
)
SHARED = '<共>&\t\n"x'


def send(client: httpx.Client, case: dict[str, Any]) -> httpx.Response:
    path, _, query = case.get("path", "/sparql").partition("?")
    headers = {"Accept": case.get("accept", "*/*")}
    if kind := case.get("type"):
        headers["Content-Type"] = kind
    raw = case.get("raw") or "=" not in query
    fields = [tuple(part.split("=", 1)) for part in query.split("&")] if query and not raw else []
    address = f"{path}?{query}" if raw and query else path
    body = case.get("body", "")
    return client.request(
        case.get("method", "GET"), address, headers=headers, params=fields or None, content=body.encode() or None
    )


@pytest.mark.parametrize("name", CASES)
def test_the_protocol(client: httpx.Client, name: str) -> None:
    case = CASES[name]
    response = send(client, case)
    assert response.status_code in case["status"], response.text
    if "result" in case:
        assert response.headers["content-type"] == case["result"]
    if "names" in case:
        assert sorted({row["n"]["value"] for row in response.json()["results"]["bindings"]}) == case["names"]
    if response.status_code >= 400:
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert len(response.text.splitlines()) == 2 or case.get("method") == "HEAD"  # English and Chinese
    if response.status_code == 405:
        assert "GET" in response.headers["allow"]
    assert response.headers["access-control-allow-origin"] == "*"


W3C = """
query_post_form query_post_direct query_get query_dataset_default_graphs_get query_dataset_default_graphs_post
query_dataset_named_graphs_get query_dataset_named_graphs_post query_dataset_full query_multiple_dataset
query_content_type_select query_content_type_ask query_content_type_describe query_content_type_construct
bad_query_method bad_multiple_queries bad_query_wrong_media_type bad_query_missing_form_type
bad_query_missing_direct_type bad_query_non_utf8 bad_query_syntax
bad_update_get bad_multiple_updates bad_update_wrong_media_type bad_update_missing_form_type bad_update_non_utf8
bad_update_syntax bad_update_dataset_conflict
"""
"""The tests of the protocol by the W3C, without those of updates that succeed."""


@pytest.mark.parametrize("name", W3C.split())
def test_the_table_has_each_test_of_the_w3c(name: str) -> None:
    assert any(case.startswith(name) for case in CASES)


def get(client: httpx.Client, query: str, accept: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers={"Accept": accept})


SELECT = "SELECT ?s ?n ?none ?number ?word { ?s ?p ?n FILTER(?s = <http://things.invalid/all>) " \
    "BIND(1.5 AS ?number) BIND('w'@zh AS ?word) }"  # fmt: skip


def test_all_formats_of_rows_say_the_same(client: httpx.Client) -> None:
    [row] = json.loads(get(client, SELECT, "application/sparql-results+json").text)["results"]["bindings"]
    assert row["n"] == {"type": "literal", "value": SHARED}
    assert row["number"]["datatype"].endswith("decimal") and row["word"]["xml:lang"] == "zh"
    assert "none" not in row

    root = ET.fromstring(get(client, SELECT, "application/sparql-results+xml").content)
    space = "{http://www.w3.org/2005/sparql-results#}"
    found = {b.attrib["name"]: b[0] for b in root.iter(f"{space}binding")}
    assert found["n"].text == SHARED and found["s"].tag == f"{space}uri"
    assert found["word"].attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "zh"}
    assert [v.attrib["name"] for v in root.iter(f"{space}variable")] == ["s", "n", "none", "number", "word"]

    rows = list(csv.reader(io.StringIO(get(client, SELECT, "text/csv").text, newline="")))
    assert rows == [["s", "n", "none", "number", "word"], ["http://things.invalid/all", SHARED, "", "1.5", "w"]]

    lines = get(client, SELECT, "text/tab-separated-values").text.split("\n")
    assert lines[0] == "?s\t?n\t?none\t?number\t?word" and len(lines) == 3
    assert lines[1].split("\t")[:3] == ["<http://things.invalid/all>", '"<共>&\\t\\n\\"x"', ""]


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_rdflib_reads_the_rows(client: httpx.Client, accept: str) -> None:
    form = accept.rpartition("+")[2]
    result = rdflib.query.Result.parse(io.BytesIO(get(client, SELECT, accept).content), format=form)
    [row] = result.bindings
    assert str(row[rdflib.Variable("n")]) == SHARED


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"), ("application/trig", "trig"), ("application/n-quads", "nquads"),
        ("text/n3", "n3"),
    ],
)  # fmt: skip
def test_all_formats_of_graphs_say_the_same(client: httpx.Client, accept: str, form: str) -> None:
    response = get(client, "CONSTRUCT { ?s ?p ?n } WHERE { ?s ?p ?n }", accept)
    graph = rdflib.Dataset()
    graph.parse(data=response.content, format=form)
    triples = {(str(s), str(o)) for s, _, o, _ in graph.quads()}
    assert ("http://things.invalid/all", SHARED) in triples and len(triples) == 4


def test_ask_in_every_format(client: httpx.Client) -> None:
    assert get(client, "ASK {}", "application/sparql-results+json").json() == {"head": {}, "boolean": True}
    assert "<boolean>true</boolean>" in get(client, "ASK {}", "application/sparql-results+xml").text
    assert get(client, "ASK { <x:a> <x:b> <x:c> }", "text/csv").text == "false\n"


def test_without_a_query_the_service_describes_itself(client: httpx.Client, address: str) -> None:
    for accept, form in (("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("*/*", "turtle")):
        response = client.get("/sparql", headers={"Accept": accept})
        graph = rdflib.Graph().parse(data=response.text, format=form)
        sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
        assert {str(o) for o in graph.objects(None, sd.endpoint)} == {f"{address}/sparql"}
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


def test_a_script_of_another_site_may_ask(client: httpx.Client) -> None:
    response = client.options(
        "/sparql", headers={"Origin": "https://other.invalid", "Access-Control-Request-Method": "POST"}
    )
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in response.headers


def test_the_prefixes_of_the_project_need_no_declaration(client: httpx.Client) -> None:
    assert get(client, "ASK { ?s a pk:Proposal }", "*/*").json()["boolean"] is False


def test_sparqlwrapper_works(address: str) -> None:
    from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper

    for method in ("GET", POST):
        wrapper = SPARQLWrapper(f"{address}/sparql")
        wrapper.setMethod(method)
        wrapper.setQuery("SELECT ?n { <http://things.invalid/a> ?p ?n }")
        wrapper.setReturnFormat(JSON)
        assert wrapper.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == "名称a"
        wrapper.setReturnFormat(XML)
        assert "名称a" in wrapper.queryAndConvert().toxml()
        wrapper.setReturnFormat(CSV)
        assert "名称a" in wrapper.queryAndConvert().decode()
    wrapper.setRequestMethod(POSTDIRECTLY)
    wrapper.setReturnFormat(JSON)
    assert wrapper.queryAndConvert()["results"]["bindings"]
    wrapper.setQuery("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    wrapper.setReturnFormat(TURTLE)
    assert "名称a" in wrapper.queryAndConvert().decode()
    wrapper.addDefaultGraph(GRAPHS[1])
    assert "名称a" not in wrapper.queryAndConvert().decode()


def test_the_sparql_store_of_rdflib_works(address: str) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    for method in ("GET", "POST", "POST_FORM"):
        store = SPARQLStore(f"{address}/sparql", method=method)
        graph = rdflib.Graph(store)
        thing = rdflib.URIRef("http://things.invalid/b")
        assert [str(o) for o in graph.objects(thing, None)] == ["名称b"]
        assert len(list(graph.query("SELECT ?s { ?s ?p ?n }"))) == 4
        named = rdflib.Graph(store, identifier=rdflib.URIRef(GRAPHS[0]))
        assert not list(named.objects(thing, None))
        assert (thing, None, rdflib.Literal("名称b")) in graph
