"""The JSON API, reconciliation, the feed and the description of the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kg.store.store import Store
from ontology.terms import PK
from tests.kg.serve.conftest import fill_pages
from tests.support.invented_page import PAGE
from tests.support.paths import ROOT
from tests.support.servers import make_settings, serve

DESCRIPTION: dict[str, Any] = json.loads((ROOT / "kg/serve/api/openapi.json").read_text(encoding="utf-8"))
BASE = "https://w3id.org/proposal-kg/id/"
AGENCY = f"{BASE}agency/澄溪市工业和信息化局"
SOURCE = "2024/20240015.txt"
NAMES = [
    "澄溪市工业和信息化局", "市工业和信息化局", "澄溪市科学技术局", "市科学技术局", "市科技局", "澄溪市财政局",
    "市财政局", "民建澄溪市委会", "民建市委会", "澄溪市", "澄溪市先进制造业促进办法",
    "国家级专精特新“小巨人”企业", "“小巨人”企业", "省级专精特新中小企业", "登高计划", "栖企通", "高新技术企业",
    "关于扶持“专精特新”企业的提案", "20240015", "栖府办〔2022〕8号",
]  # fmt: skip


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = DESCRIPTION
        for key in schema["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        schema = found
    return schema


def check(value: object, schema: dict[str, Any]) -> None:
    """Check a value by the part of JSON Schema that the description uses."""
    schema = resolve(schema)
    kinds: dict[str, type] = {"object": dict, "array": list, "string": str, "integer": int}
    assert isinstance(value, kinds[schema["type"]]), (value, schema)
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value)
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                check(inner, schema["properties"][name])
            elif isinstance(schema.get("additionalProperties"), dict):
                check(inner, schema["additionalProperties"])
            else:
                assert "properties" not in schema, name
    if isinstance(value, list):
        for inner in value:
            check(inner, schema["items"])


def ask(client: httpx.Client, path: str, **params: str) -> Any:
    response = client.get(path, params=params)
    assert response.headers["content-type"].startswith("application/json")
    template = "/api/reports/{name}" if path.startswith("/api/reports/") else path
    described = resolve(DESCRIPTION["paths"][template]["get"]["responses"][str(response.status_code)])
    check(response.json(), described["content"]["application/json"]["schema"])
    return response.json()


def test_the_description_is_served_and_says_all_addresses(site: httpx.Client) -> None:
    assert site.get("/api/openapi.json").json() == DESCRIPTION
    assert DESCRIPTION["openapi"].startswith("3.")


def test_stats_documents_and_reports(site: httpx.Client) -> None:
    assert ask(site, "/api/stats")["classes"]["Agency"] == 4
    assert any(line["source"] == SOURCE for line in ask(site, "/api/documents")["documents"])
    names = [report["name"] for report in ask(site, "/api/reports")["reports"]]
    assert "money" in names and "session" not in names
    for name in names:
        given = {"tier": "高新技术企业"} if name == "match" else {}  # it answers for one firm
        assert ask(site, f"/api/reports/{name}", **given)["report"] == name
    assert "error" in ask(site, "/api/reports/match")
    assert "error" in ask(site, "/api/reports/none")


def test_search_has_facets_and_pages(site: httpx.Client) -> None:
    found = ask(site, "/api/search", q="工信")
    assert found["results"][0]["name"] == "澄溪市工业和信息化局"
    found = ask(site, "/api/search", **{"class": "Agency", "size": "2", "page": "2"})
    assert found["total"] == 4 and len(found["results"]) == 2
    for size in ("0", "101", "x", "-1", "1.5"):
        assert "error" in ask(site, "/api/search", size=size)


def test_a_thing_has_its_sentences(site: httpx.Client) -> None:
    thing = ask(site, "/api/thing", iri=AGENCY, lang="en")
    assert thing["name"] == "澄溪市工业和信息化局" and thing["class"] == "Agency"
    [line] = [line for line in thing["statements"] if line["value"] == "登高计划"]
    quote = line["quotes"][0]
    assert PAGE[quote["begin"] : quote["end"]] == quote["text"]
    assert "error" in ask(site, "/api/thing", iri="https://x.invalid/") and "error" in ask(site, "/api/thing")


def test_a_document_has_its_text_and_marks(site: httpx.Client) -> None:
    document = ask(site, "/api/document", source=SOURCE)
    assert document["text"] == PAGE
    assert all(0 <= span["begin"] < span["end"] <= len(PAGE) and span["iris"] for span in document["spans"])
    assert "error" in ask(site, "/api/document", source="none")


OPERATIONS = [
    (path, parameter["name"]) for path, item in DESCRIPTION["paths"].items()
    for parameter in item["get"].get("parameters", ()) if parameter["in"] == "query"
]  # fmt: skip
STRANGE = [
    AGENCY, SOURCE, "2024", "{}", "[]", "1", "-1", "99999999999", "'", '{"a":{"query":"局"}}', '{"a":{"query":1}}',
    "\x00", "\ud7ff",
]  # fmt: skip
VALUES = st.one_of(st.text(max_size=40), st.sampled_from(STRANGE))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(OPERATIONS), VALUES, VALUES)
def test_no_request_breaks_the_api(site: httpx.Client, operation: tuple[str, str], value: str, name: str) -> None:
    path, parameter = operation
    response = site.get(path.replace("{name}", "money"), params={parameter: value, "lang": name})
    assert response.status_code in (200, 400, 404)
    response.json()


def reconcile(client: httpx.Client, queries: object) -> Any:
    return client.post("/reconcile", data={"queries": json.dumps(queries)}).json()


def test_twenty_names_are_reconciled_as_openrefine_does(site: httpx.Client) -> None:
    manifest = site.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"] and manifest["identifierSpace"] == BASE
    assert "{{id}}" in manifest["view"]["url"]
    found = reconcile(site, {f"q{i}": {"query": name, "limit": 3} for i, name in enumerate(NAMES)})
    assert len(found) == 20
    right = 0
    for i, name in enumerate(NAMES):
        best = found[f"q{i}"]["result"][0]
        assert {"id", "name", "type", "score", "match"} <= set(best)
        assert 0 <= best["score"] <= 100
        right += best["match"]
        page = site.get("/thing", params={"iri": best["id"]}, headers={"Accept": "text/html"})
        assert page.status_code == 200 and (name in page.text.replace("&#34;", '"') or not best["match"])
    assert right == 20


def test_reconciliation_by_class_and_place(site: httpx.Client) -> None:
    found = reconcile(site, {
        "agency": {"query": "澄溪市", "type": "Agency"},
        "place": {"query": "澄溪市", "type": [{"id": "Place"}]},
        "there": {"query": "财政局", "properties": [{"pid": "place", "v": "澄溪市"}]},
        "elsewhere": {"query": "财政局", "properties": [{"pid": "place", "v": {"name": "霁川市"}}]},
    })  # fmt: skip
    assert {one["type"][0]["id"] for one in found["agency"]["result"]} == {"Agency"}
    assert found["place"]["result"][0]["match"] is True
    assert found["there"]["result"] and not found["elsewhere"]["result"]
    unknown = reconcile(site, {
        "none": {"query": "澄溪市", "type": "Nope"}, "typed": {"query": "澄溪市", "type": 5},
        "iri": {"query": "澄溪市", "type": f"{PK}Place"}, "mixed": {"query": "澄溪市", "type": ["Nope", "Place"]},
    })  # fmt: skip
    assert unknown["none"]["result"] == [] and unknown["typed"]["result"] == []
    for name in ("iri", "mixed"):
        assert {one["type"][0]["id"] for one in unknown[name]["result"]} == {"Place"}
    assert site.get("/reconcile/suggest", params={"prefix": "澄溪市财"}).json()["result"][0]["name"] == "澄溪市财政局"


MANY = json.dumps({f"q{i}": {"query": "局"} for i in range(200)})
DEEP = '{"a":' * 50_000
HALVES = ('{"\\ud800": {"query": "局"}}', '{"a": {"query": "\\udfff"}}')
"""Half of a surrogate pair, which is no character: in the name of a query, and in what it looks for."""


@pytest.mark.parametrize("queries", [DEEP, "[" * 50_000, *HALVES])
def test_json_that_cannot_be_answered_is_refused(site: httpx.Client, queries: str) -> None:
    response = site.post("/reconcile", data={"queries": queries})
    assert response.status_code == 400 and "JSON" in response.json()["error"]["en"]


@pytest.mark.parametrize("path", ["/void", "/reconcile", "/feed.atom", "/sparql"])
@pytest.mark.parametrize("host", ["a b", '"><script>', "x/y", "user@x", ""])
def test_a_host_that_no_address_can_have_gets_into_no_answer(site: httpx.Client, path: str, host: str) -> None:
    response = site.get(path, headers={"Host": host, "Accept": "text/turtle, application/json"})
    assert response.status_code == 400 and "<script>" not in response.text
    assert site.get(path, headers={"Host": "[::1]:80", "Accept": "text/turtle, */*"}).status_code == 200


@pytest.mark.parametrize("queries", ["", "x", "[]", '{"a": 1}', '{"a": {}}', MANY])
def test_malformed_queries_are_refused(site: httpx.Client, queries: str) -> None:
    assert site.post("/reconcile", data={"queries": queries}).status_code in (200, 400)
    assert site.get("/reconcile", params={"queries": "{"}).status_code == 400
    assert site.post("/reconcile", content=b"{}", headers={"Content-Type": "application/json"}).status_code == 400


def test_scripts_of_other_sites_may_use_the_api(site: httpx.Client) -> None:
    assert site.get("/api/stats").headers["access-control-allow-origin"] == "*"
    assert site.options("/reconcile").status_code == 204


def test_the_feed_has_the_documents_that_speak_of_a_thing(site: httpx.Client) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(site.get("/feed.atom").content)
    titles = [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")]
    assert any("提案" in str(title) for title in titles)
    assert all(entry.findtext(f"{atom}updated") for entry in feed.iter(f"{atom}entry"))
    own = ET.fromstring(site.get("/feed.atom", params={"iri": f"{BASE}platform/澄溪市/栖企通"}).content)
    assert len(list(own.iter(f"{atom}entry"))) <= len(titles)
    assert site.get("/feed.atom", params={"iri": "https://x.invalid/"}).status_code == 404


def test_the_feed_has_what_each_build_changed(tmp_path: Path) -> None:
    store = fill_pages(tmp_path / "store")
    agency = f"{BASE}agency/hostile"
    with serve(make_settings(store)) as address, httpx.Client(base_url=address, trust_env=False) as client:

        def read(**given: str) -> list[tuple[str, str]]:
            response = client.get("/feed.atom", params={"lang": "zh", **given})
            entries = ET.fromstring(response.content).iter("{http://www.w3.org/2005/Atom}entry")
            return [(one[1].text or "", one[-1].text or "") for one in entries]

        before = read()
        assert {title[:3] for title, _ in before} == {"新读入"}
        assert any("关于扶持“专精特新”企业的提案" in title for title, _ in before)
        with Store(store, write=True) as writer:
            graph = NamedNode(f"{BASE}source/hostile.txt")
            kept = [quad for quad in writer.read_quads(graph.value) if "label" not in quad.predicate.value]
            new = Quad(NamedNode(agency), NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), Literal("新"), graph)
            writer.replace_graph(graph.value, [*kept, new])
        while len(read()) == len(before):
            pass
        assert read()[0][0].startswith("有变化") and "增加 1 条陈述，减少 1 条" in read()[0][1]
        with Store(store, write=True) as writer:
            writer.remove_graph(f"{BASE}source/hostile.txt")
        while not read()[0][0].startswith("已移去"):
            pass
        assert not [title for title, _ in read(iri=AGENCY) if "有变化" in title]
        assert len(set(read(iri=AGENCY))) == 1


def test_the_data_are_described(site: httpx.Client, pages_address: str) -> None:
    response = site.get("/.well-known/void", headers={"Accept": "text/turtle"}, follow_redirects=True)
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    void, dcat = rdflib.Namespace("http://rdfs.org/ns/void#"), rdflib.Namespace("http://www.w3.org/ns/dcat#")
    [dataset] = graph.subjects(rdflib.RDF.type, void.Dataset)
    assert (dataset, rdflib.RDF.type, dcat.Dataset) in graph
    assert str(graph.value(dataset, void.sparqlEndpoint)) == f"{pages_address}/sparql"
    assert len(list(graph.objects(dataset, void.classPartition))) > 5
    assert site.get("/void", headers={"Accept": "application/ld+json"}).json()
