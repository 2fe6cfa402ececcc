"""Exports: every format holds the same graph, in the same bytes each time, or no file at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from kg.errors import UsageError
from kg.export import rdf as export
from kg.rdf.graph import build_quads
from kg.rdf.identifiers import make_context_iri
from kg.store.serialize import merge_graphs
from kg.store.store import Store
from ontology.terms import PK, RDFS, SKOS
from tests.support.invented_page import PAGE, make_extraction

TRIPLES = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
QUADS = {"trig": "trig", "nquads": "nquads"}


@pytest.fixture
def store(store_path: Path) -> Iterator[Store]:
    with Store(store_path) as opened:
        yield opened


def text(store: Store, form: str) -> str:
    found = export.export_store(store, form, None)
    assert isinstance(found, str)
    return found


def expected(store: Store) -> Graph:
    graph = Graph()
    graph.parse(data=text(store, "ntriples"), format="nt")
    return graph


@pytest.mark.parametrize("form", TRIPLES)
def test_triples_are_the_same_graph_in_every_syntax(store: Store, form: str) -> None:
    graph = Graph().parse(data=text(store, form), format=TRIPLES[form])
    assert len(graph) == len(store)
    assert isomorphic(graph, expected(store))


@pytest.mark.parametrize("form", QUADS)
def test_quads_keep_the_graph_of_each_source(store: Store, form: str) -> None:
    dataset = Dataset()
    dataset.parse(data=text(store, form), format=QUADS[form])
    found = list(dataset.quads())
    assert len(found) == len(store)
    assert {str(g) for _, _, _, g in found} == {make_context_iri("2024/20240015.txt")}


@pytest.mark.parametrize("form", export.FORMATS)
def test_the_same_store_gives_the_same_bytes(store_path: Path, tmp_path: Path, form: str) -> None:
    made = []
    for turn in ("a", "b"):
        with Store(store_path) as store:
            files = export.export_store(store, form, tmp_path / turn / f"graph.{'csv' if form == 'csv' else 'out'}")
        made.append([Path(f).read_bytes() for f in files])
    assert made[0] == made[1]
    assert all(made[0])


def test_the_order_in_which_sources_came_is_not_seen(tmp_path: Path) -> None:
    pages = [make_extraction("a.txt"), make_extraction("b.txt", "公告\n" + PAGE)]
    made = []
    for order in (pages, pages[::-1]):
        path = tmp_path / str(len(made))
        with Store(path, write=True) as store:
            for page in order:
                store.replace_graph(make_context_iri(page.source.id), build_quads(page))
            made.append([text(store, form) for form in ("turtle", "trig", "nquads", "jsonld", "graphml")])
    assert made[0] == made[1]


def test_turtle_is_for_people(store: Store) -> None:
    turtle = text(store, "turtle")
    lines = turtle.splitlines()
    assert [line for line in lines if line.startswith("@prefix")] == sorted(lines[: lines.index("")])
    assert "关于扶持“专精特新”企业的提案" in turtle and "\\u" not in turtle
    assert turtle.index("a pk:Proposal") < turtle.index("a pk:Agency") < turtle.index("a nif:Phrase")


def test_a_thing_in_two_sources_has_one_label_in_the_union(tmp_path: Path) -> None:
    one, two = make_extraction("a.txt"), make_extraction("b.txt")
    entities = tuple(replace(e, label="登高 计划") if e.id == "e9" else e for e in two.entities)
    with Store(tmp_path / "s", write=True) as store:
        store.replace_graph(make_context_iri("a.txt"), build_quads(one))
        store.replace_graph(make_context_iri("b.txt"), build_quads(replace(two, entities=entities)))
        triples = merge_graphs(store)
    program = next(t.subject for t in triples if t.predicate.value == RDFS + "label" and "登高" in t.object.value)
    said = {(t.predicate.value, t.object.value) for t in triples if t.subject == program}
    assert {(p, o) for p, o in said if p == RDFS + "label"} == {(RDFS + "label", "登高 计划")}
    assert (SKOS + "altLabel", "登高计划") in said


def test_builds_are_left_out_unless_asked_for(store_path: Path) -> None:
    with Store(store_path, write=True) as store:
        log = NamedNode(store.builds_graph)
        store.oxigraph.add(Quad(log, NamedNode(PK + "softwareVersion"), Literal("9.9.9"), log))
    with Store(store_path) as store:
        for form in ("turtle", "nquads", "trig"):
            assert "9.9.9" not in text(store, form)
            assert "9.9.9" in str(export.export_store(store, form, None, with_builds=True))


def test_characters_that_xml_cannot_hold_keep_their_place(tmp_path: Path) -> None:
    page = make_extraction("a.txt", PAGE + "\f\x02末")
    with Store(tmp_path / "s", write=True) as store:
        store.replace_graph(make_context_iri("a.txt"), build_quads(page))
        graph = Graph().parse(data=text(store, "rdfxml"), format="xml")
        whole = next(str(o) for o in graph.objects() if str(o).endswith("末"))
    assert whole == PAGE + "\ufffd\ufffd末"


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_networks_hold_things_and_statements_but_no_numbers(store: Store, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"g.{form}"
    export.export_store(store, form, file)
    graph = nx.read_gexf(file) if form == "gexf" else nx.read_graphml(file, force_multigraph=True)
    labels = {d["label"] for _, d in graph.nodes(data=True)}
    assert "澄溪市工业和信息化局" in labels
    assert {d["class"] for _, d in graph.nodes(data=True)}.isdisjoint({"Provision", "Observation", "Target"})
    predicates = {d["predicate"] for _, _, d in graph.edges(data=True)}
    assert {"leadAgency", "administers", "respondsTo", "partOf", "involves"} <= predicates
    assert "lastmodified" not in file.read_text(encoding="utf-8")


def test_tables_open_in_a_spreadsheet(store: Store, tmp_path: Path) -> None:
    made = export.export_store(store, "csv", tmp_path / "图谱.csv")
    assert [Path(p).name for p in made] == ["图谱.nodes.csv", "图谱.edges.csv", "图谱.figures.csv"]
    rows = {}
    for path in made:
        data = Path(path).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        rows[Path(path).name] = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    edge = next(r for r in rows["图谱.edges.csv"] if r["predicate"] == "administers")
    assert (edge["source_label"], edge["target_label"]) == ("澄溪市工业和信息化局", "登高计划")
    assert edge["quote"] == "我局实施“登高计划”"
    figure = next(r for r in rows["图谱.figures.csv"] if r["class"] == "Provision")
    assert (figure["value"], figure["unit"], figure["bound"]) == ("500000", "CNY", "AtMost")
    node = next(r for r in rows["图谱.nodes.csv"] if r["label"] == "国家级专精特新“小巨人”企业")
    assert "最高50万元" in node["figures"]


def test_a_folder_gets_the_tables_inside(store: Store, tmp_path: Path) -> None:
    made = export.export_store(store, "csv", tmp_path / "tables")
    assert [Path(p).relative_to(tmp_path).as_posix() for p in made] == [
        "tables/nodes.csv", "tables/edges.csv", "tables/figures.csv",
    ]  # fmt: skip


def test_no_cell_is_taken_for_a_formula(tmp_path: Path) -> None:
    page = make_extraction("a.txt")
    entities = tuple(replace(e, label="=1+1") if e.id == "e9" else e for e in page.entities)
    with Store(tmp_path / "s", write=True) as store:
        store.replace_graph(make_context_iri("a.txt"), build_quads(replace(page, entities=entities)))
        made = export.export_store(store, "csv", tmp_path / "x.csv")
    assert "'=1+1" in Path(made[0]).read_text(encoding="utf-8-sig")


def test_an_unknown_format_writes_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        export.export_store(store, "docx", tmp_path / "x")
    assert "turtle" in caught.value.zh
    assert not (tmp_path / "x").exists()


def test_a_file_that_cannot_be_written_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UsageError):
        export.export_store(store, "turtle", tmp_path / "taken")
    assert sorted(tmp_path.iterdir()) == before


def test_when_one_of_several_files_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(UsageError):
        export.write_files({tmp_path / "a.csv": b"a", tmp_path / "b.csv": b"b"})
    assert [p.name for p in tmp_path.iterdir()] == ["b.csv"]
