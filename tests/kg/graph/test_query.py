"""SPARQL, by text and by name: answers with their sentences, errors in one line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Graph

from kg.errors import NotFoundError, QueryError, UsageError
from kg.graph import query
from kg.graph.result import Result, check_format, choose_format, serialize_result, translate_codes
from kg.store.store import Store
from ontology.terms import RDFS, XSD

NAMES = sorted(query.list_named_queries())


@pytest.fixture
def store(store_path: Path) -> Iterator[Store]:
    with Store(store_path) as opened:
        yield opened


def ask(store: Store, name: str, **params: str) -> list[dict[str, str | None]]:
    return query.run_query(store, query.load_named_query(name, params)).values()


def test_there_are_at_least_twelve_named_queries() -> None:
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_a_named_query_has_titles_runs_and_gives_the_sentence(store: Store, name: str) -> None:
    found = query.list_named_queries()[name]
    assert re.search("[\u4e00-\u9fff]", found.zh) and found.en and not re.search("[\u4e00-\u9fff]", found.en)
    result = query.run_query(store, query.load_named_query(name))
    assert name in {"agency-workload", "answer-counts"} or {"quote", "source"} <= set(result.variables)
    for row in result.values():
        if row.get("quote"):
            assert row["source"] == "2024/20240015.txt"


@pytest.mark.parametrize("name", NAMES)
def test_the_columns_of_a_named_query_have_words(store: Store, name: str) -> None:
    result = query.run_query(store, query.load_named_query(name))
    titled = translate_codes(result, "zh", titles=True)
    assert not [v for v in titled.variables if v.isascii()]


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_described_and_used(name: str) -> None:
    found = query.list_named_queries()[name]
    body = "\n".join(line for line in found.text.splitlines() if not line.startswith("#"))
    assert {p.name for p in found.params} == set(re.findall(r"\$(\w+)", body))
    assert all(p.zh and p.en for p in found.params)


def test_who_handles_a_proposal_and_whose_opinion_is_missing(store: Store) -> None:
    rows = ask(store, "handling", proposal="20240015")
    assert [(r["role"], r["agency"], r["opinion"]) for r in rows] == [
        ("leadAgency", "澄溪市工业和信息化局", "yes"),
        ("coAgency", "澄溪市科学技术局", "yes"),
        ("coAgency", "澄溪市财政局", "no"),
    ]
    assert rows[2]["quote"] == "会办:市科学技术局、市财政局"
    assert [r["agency"] for r in ask(store, "missing-opinions")] == ["澄溪市财政局"]


def test_instruments_have_number_and_date(store: Store) -> None:
    [row] = ask(store, "instruments")
    assert (row["documentNumber"], row["issued"], row["status"]) == ("栖府办〔2022〕8号", "2022", "InForce")


def test_what_a_tier_gets_is_said_once_with_the_sum_and_the_sentence(store: Store) -> None:
    rows = ask(store, "tier-benefits", tier="小巨人")
    assert {(r["kind"], r["value"]) for r in rows} == {("Provision", "500000")}
    assert "给予最高50万元奖励" in {r["quote"] for r in rows}


def test_a_parameter_may_be_an_alias(store: Store) -> None:
    [row] = ask(store, "promises", agency="市工业和信息化局")
    assert row["agency"] == "澄溪市工业和信息化局"


def test_commitments_with_figures(store: Store) -> None:
    [row] = ask(store, "commitments-with-figures")
    assert (row["bound"], row["value"], row["unit"], row["deadline"]) == ("AtLeast", "20", "家", "2026")


def test_suggestions_under_an_answered_heading_are_not_answered_by_that(store: Store) -> None:
    rows = ask(store, "unanswered-suggestions")
    assert rows and {r["answer"] for r in rows} == {"heading"}
    assert {r["number"] for r in rows} == {"一.1", "一.2"}
    [counted] = ask(store, "answer-counts")
    assert (counted["answered"], counted["headingAnswered"], counted["wordingOnly"], counted["notFound"]) == (
        "0", "2", "0", "0",
    )  # fmt: skip


def test_a_value_with_quotes_stays_a_value(store: Store) -> None:
    assert ask(store, "promises", agency='") } DROP ALL #\\') == []


def test_an_unknown_name_is_said_with_the_names_that_are_there() -> None:
    with pytest.raises(NotFoundError) as caught:
        query.load_named_query("nothing")
    assert "handling" in caught.value.zh


def test_an_unknown_parameter_is_said_with_those_that_are_there() -> None:
    with pytest.raises(UsageError) as caught:
        query.load_named_query("handling", {"x": "1"})
    assert "proposal" in caught.value.zh


@pytest.mark.parametrize(
    ("sparql", "line"),
    [
        ("SELECT", 1),
        ("SELECT ?x WHERE {\n ?x a pk:Agency", 2),
        ("SELECT ?x WHERE {\n\n ?x a nobody:Agency }", 3),
    ],
)
def test_broken_sparql_is_one_line_with_its_place(store: Store, sparql: str, line: int) -> None:
    with pytest.raises(QueryError) as caught:
        query.run_query(store, sparql)
    assert f"第 {line} 行" in caught.value.zh and f"line {line}" in caught.value.en
    assert "\n" not in caught.value.zh and len(caught.value.zh) < 300


def test_a_query_changes_nothing(store: Store) -> None:
    size = len(store)
    with pytest.raises(QueryError):
        query.run_query(store, "DELETE WHERE { ?s ?p ?o }")
    assert len(store) == size


SELECT = 'SELECT ?n ?v WHERE { ?f a pk:Provision ; pk:value ?v ; pk:about/rdfs:label ?n FILTER(LANG(?n) = "zh") }'
TIER = "国家级专精特新“小巨人”企业"


def test_csv_json_and_xml_say_the_same(store: Store) -> None:
    result = query.run_query(store, SELECT)
    rows = list(csv.reader(io.StringIO(serialize_result(result, "csv"))))
    assert rows == [["n", "v"], [TIER, "500000"]]
    found = json.loads(serialize_result(result, "json"))
    assert found["head"]["vars"] == ["n", "v"]
    assert found["results"]["bindings"][0]["n"] == {"type": "literal", "value": TIER, "xml:lang": "zh"}
    root = ElementTree.fromstring(serialize_result(result, "xml"))
    assert [e.text for e in root.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [TIER, "500000"]


def test_ask_and_construct(store: Store) -> None:
    assert query.run_query(store, "ASK { ?x a pk:Proposal }").truth is True
    assert json.loads(serialize_result(query.run_query(store, "ASK { ?x a pk:Person }"), "json"))["boolean"] is False
    result = query.run_query(store, "CONSTRUCT { ?x rdfs:label ?n } WHERE { ?x a pk:Agency ; rdfs:label ?n }")
    graph = Graph().parse(data=serialize_result(result, "turtle"), format="turtle")
    assert len(graph) == 3


def test_a_format_that_does_not_fit_is_said(store: Store) -> None:
    with pytest.raises(UsageError):
        serialize_result(query.run_query(store, SELECT), "turtle")
    with pytest.raises(UsageError):
        serialize_result(query.run_query(store, "DESCRIBE <https://example.org/x>"), "csv")
    with pytest.raises(UsageError):
        check_format("excel")


OTHER = "https://example.org/other"


@pytest.fixture
def two_graphs(store_path: Path) -> Iterator[tuple[Store, str]]:
    """A store with a second source, and the graph of the first."""
    with Store(store_path, write=True) as opened:
        graph, label = opened.list_graphs()[0], NamedNode(RDFS + "label")
        opened.replace_graph(OTHER, [Quad(NamedNode("urn:x"), label, Literal("另一个"), NamedNode(OTHER))])
        yield opened, graph


def count(store: Store, text: str) -> int:
    return len(query.run_query(store, text))


def test_from_chooses_the_default_graph(two_graphs: tuple[Store, str]) -> None:
    store, first = two_graphs
    alone = count(store, f"SELECT * FROM <{first}> {{ ?s ?p ?o }}")
    assert count(store, f"SELECT * FROM <{OTHER}> {{ ?s ?p ?o }}") == 1
    assert count(store, f"SELECT * FROM <{OTHER}> FROM <{first}> {{ ?s ?p ?o }}") == alone + 1
    assert count(store, "SELECT * { ?s ?p ?o }") == alone + 1
    assert query.run_query(store, f"ASK FROM <{OTHER}> {{ ?s a pk:Agency }}").truth is False
    assert count(store, f"CONSTRUCT FROM <{OTHER}> WHERE {{ ?s ?p ?o }}") == 1
    assert count(store, f"DESCRIBE <urn:x> FROM <{first}>") == 0


def test_from_named_chooses_the_named_graphs(two_graphs: tuple[Store, str]) -> None:
    store, _ = two_graphs
    assert count(store, f"SELECT * FROM NAMED <{OTHER}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == 1
    assert count(store, f"SELECT * FROM NAMED <{OTHER}> {{ ?s ?p ?o }}") == 0


def test_an_unknown_graph_is_empty_and_no_file_is_read(two_graphs: tuple[Store, str], tmp_path: Path) -> None:
    store, _ = two_graphs
    file = tmp_path / "data.ttl"
    file.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    for graph in ("https://example.org/none", file.as_uri(), "file:///etc/passwd", "http://127.0.0.1:9/data.ttl"):
        assert count(store, f"SELECT * FROM <{graph}> {{ ?s ?p ?o }}") == 0
        assert count(store, f"SELECT * FROM NAMED <{graph}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == 0
        assert count(store, f"SELECT * {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}") == 0


def test_text_in_csv_is_never_a_formula_and_numbers_stay_numbers() -> None:
    decimal = NamedNode(XSD + "decimal")
    cells = ["=1+1", "+86", "-5%", "@甲", "\tx", "a=1", ""]
    rows = (
        *((Literal(cell),) for cell in cells),
        (Literal("-5", datatype=decimal),),
        (Literal("=1", datatype=decimal),),
    )
    found = [row[0] for row in csv.reader(io.StringIO(serialize_result(Result(("x",), rows), "csv")))]
    assert found == ["x", "'=1+1", "'+86", "'-5%", "'@甲", "'\tx", "a=1", "", "-5", "'=1"]


@pytest.mark.parametrize(
    ("form", "output", "expected"),
    [
        (None, None, "table"), ("json", None, "json"), (None, "x.csv", "csv"), (None, "文件夹/X.XLSX", "xlsx"),
        (None, "x.json", "json"), (None, "x.ttl", "turtle"), (None, "x.xml", "xml"), ("csv", "x.txt", "csv"),
        ("csv", "x.csv", "csv"),
    ],
)  # fmt: skip
def test_the_suffix_says_the_format(form: str | None, output: str | None, expected: str) -> None:
    assert choose_format(form, output) == expected


@pytest.mark.parametrize(
    ("form", "output"),
    [(None, "x.txt"), (None, "x"), (None, ".csv"), ("excel", "x.xlsx"), ("csv", "x.json"), ("table", "x.csv"),
     ("xlsx", None)],
)  # fmt: skip
def test_a_format_that_cannot_be_is_an_error(form: str | None, output: str | None) -> None:
    with pytest.raises(UsageError):
        choose_format(form, output)


def test_what_several_sources_say_counts_once_but_for_each_source_inside_graph(tmp_path: Path) -> None:
    agency, label = NamedNode("https://example.org/a"), NamedNode(f"{RDFS}label")
    with Store(tmp_path / "store", write=True) as written:
        for name in ("one", "two"):
            graph = NamedNode(f"https://example.org/{name}")
            written.replace_graph(graph.value, [Quad(agency, label, Literal("霁川市民政局"), graph)])
    with Store(tmp_path / "store") as opened:
        for pattern, count in (("?a rdfs:label ?l", "1"), ("GRAPH ?g { ?a rdfs:label ?l }", "2")):
            (row,) = query.run_query(opened, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}").rows
            assert row[0] is not None and row[0].value == count


def test_a_store_that_is_written_to_answers_from_what_it_holds_now(tmp_path: Path) -> None:
    label, graph = NamedNode(f"{RDFS}label"), NamedNode("https://example.org/one")
    with Store(tmp_path / "store", write=True) as written:
        for names in (["甲"], ["甲", "乙"]):
            nodes = [NamedNode(f"https://example.org/{name}") for name in names]
            written.replace_graph(graph.value, [Quad(node, label, Literal("名"), graph) for node in nodes])
            assert len(query.run_query(written, "SELECT ?a WHERE { ?a rdfs:label ?l }").rows) == len(names)
