"""Quads: nothing without its words, the same graph every time."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Graph
from rdflib.compare import isomorphic

import kg
from extract.model import Entity, Extraction, Fact, Field, Kind, Outline, Relation, Source, Span
from kg.rdf.graph import build_quads
from kg.rdf.identifiers import make_context_iri, mint_iris
from kg.rdf.terms import make_date_literal
from ontology.terms import DCTERMS, NIF, PK, PROV, RDF, RDFS, SKOS, XSD
from tests.support.invented_page import PAGE, make_extraction, span


@pytest.fixture
def graph(extraction: Extraction) -> list[Quad]:
    return list(build_quads(extraction))


def objects(graph: list[Quad], subject: str, predicate: str) -> list[str]:
    return [q.object.value for q in graph if q.subject.value == subject and q.predicate.value == predicate]


def of_kind(graph: list[Quad], kind: str) -> list[str]:
    return [q.subject.value for q in graph if q.predicate.value == RDF + "type" and q.object.value == kind]


def test_each_quad_stands_once_and_in_the_graph_of_its_source(graph: list[Quad], extraction: Extraction) -> None:
    assert max(Counter(graph).values()) == 1
    assert {q.graph_name.value for q in graph} == {make_context_iri(extraction.source.id)}


def test_the_graph_is_the_same_each_time(graph: list[Quad]) -> None:
    assert list(build_quads(make_extraction())) == graph


def test_every_span_quotes_the_text_that_it_points_to(graph: list[Quad]) -> None:
    phrases = of_kind(graph, NIF + "Phrase")
    assert phrases
    for phrase in phrases:
        [begin], [end] = objects(graph, phrase, NIF + "beginIndex"), objects(graph, phrase, NIF + "endIndex")
        assert objects(graph, phrase, NIF + "anchorOf") == [PAGE[int(begin) : int(end)]]
        assert phrase.endswith(f"#char={begin},{end}")


def test_every_statement_between_things_has_its_words(graph: list[Quad], extraction: Extraction) -> None:
    backed = {
        tuple(objects(graph, e, RDF + end)[0] for end in ("subject", "predicate", "object"))
        for e in of_kind(graph, PK + "Evidence")
        if objects(graph, e, PROV + "wasQuotedFrom")
    }
    things = mint_iris(extraction).iris
    for r in extraction.relations:
        if not (r.subject.startswith("p") and r.predicate in {"involves", "actor"}):
            assert (things[r.subject], PK + r.predicate, things[r.object]) in backed


def test_parts_figures_and_entities_are_quoted(graph: list[Quad], extraction: Extraction) -> None:
    things = mint_iris(extraction).iris
    for ident in (*(p.id for p in extraction.outline.parts), *(f.id for f in extraction.figures),
                  *(e.id for e in extraction.entities)):  # fmt: skip
        assert objects(graph, things[ident], PROV + "wasQuotedFrom"), ident


def test_every_entity_has_one_label_in_chinese(graph: list[Quad], extraction: Extraction) -> None:
    things = mint_iris(extraction).iris
    for e in extraction.entities:
        labels = [q.object for q in graph if q.subject.value == things[e.id] and q.predicate.value == RDFS + "label"]
        assert labels == [Literal(e.label, language="zh")]
        assert objects(graph, things[e.id], SKOS + "altLabel") == list(e.aliases)


def test_a_statement_made_twice_has_one_evidence_with_both_quotes(extraction: Extraction) -> None:
    again = Relation("e1", "administers", "e9", span("“登高计划”", 1), "other", 0.95)
    graph = list(build_quads(replace(extraction, relations=(*extraction.relations, again))))
    things = mint_iris(extraction).iris
    evidence = [
        e for e in of_kind(graph, PK + "Evidence")
        if objects(graph, e, RDF + "subject") == [things["e1"]] and objects(graph, e, RDF + "object") == [things["e9"]]
    ]  # fmt: skip
    assert len(evidence) == 1
    assert len(objects(graph, evidence[0], PROV + "wasQuotedFrom")) == 2
    assert objects(graph, evidence[0], PK + "extractor") == ["other"]


def test_what_a_figure_is_connected_with_has_evidence_from_shared_words(graph: list[Quad]) -> None:
    quoted = {
        q.object.value for q in graph if q.predicate.value == PROV + "wasQuotedFrom" and "#e-" not in q.subject.value
    }
    evidence = {
        tuple(objects(graph, e, RDF + end)[0] for end in ("subject", "predicate", "object")): e
        for e in of_kind(graph, PK + "Evidence")
    }
    slots = {PK + name for name in ("about", "place", "grantedUnder", "provider", "conditionOf")}
    stated = [q for q in graph if q.predicate.value in slots]
    assert stated
    for quad in stated:
        found = evidence[quad.subject.value, quad.predicate.value, quad.object.value]  # type: ignore[union-attr]
        [confidence] = objects(graph, found, PK + "confidence")
        assert 0 < float(confidence) <= 1 and objects(graph, found, PK + "extractor") != [""]
        relations = {
            span
            for key, e in evidence.items()
            if key[1] not in slots
            for span in objects(graph, e, PROV + "wasQuotedFrom")
        }
        assert set(objects(graph, found, PROV + "wasQuotedFrom")) <= quoted | relations


def test_figures_keep_value_unit_bound_and_subject(graph: list[Quad], extraction: Extraction) -> None:
    things = mint_iris(extraction).iris
    provision = things["f1"]
    assert [q.object for q in graph if q.subject.value == provision and q.predicate.value == PK + "value"] == [
        Literal("500000", datatype=NamedNode(XSD + "decimal"))
    ]
    assert objects(graph, provision, PK + "unit") == ["CNY"]
    assert objects(graph, provision, PK + "bound") == [PK + "AtMost"]
    assert objects(graph, provision, PK + "about") == [things["e7"]]
    assert objects(graph, provision, PK + "grantedUnder") == [things["e6"]]
    assert objects(graph, things["f3"], PK + "partOf") == [things["p5"]]


def test_a_heading_with_items_has_its_own_words_only(graph: list[Quad], extraction: Extraction) -> None:
    things = mint_iris(extraction).iris
    assert objects(graph, things["p1"], PK + "text") == ["加大奖补力度"]
    assert objects(graph, things["p2"], PK + "partOf") == [things["p1"]]
    assert objects(graph, things["p1"], PK + "partOf") == [things["d1"]]


def test_a_heading_that_only_gives_context_is_no_part_of_the_graph(extraction: Extraction) -> None:
    first, *rest = extraction.outline.parts
    outline = replace(extraction.outline, parts=(replace(first, kind=None), *rest))
    slim = replace(extraction, outline=outline, relations=tuple(r for r in extraction.relations if r.object != "p1"))
    graph, things = list(build_quads(slim)), mint_iris(slim).iris
    assert not objects(graph, things["p1"], PK + "text")
    assert objects(graph, things["p2"], PK + "partOf") == [things["d1"]]


def test_a_policy_text_is_the_entity_that_it_is(extraction: Extraction) -> None:
    text = "澄溪市先进制造业促进办法\n第一条 支持企业。"
    letter = replace(extraction.outline.letters[0], kind=Kind.INSTRUMENT, span=Span(0, len(text)), body=Span(13, 22),
                     fields=(Field("title", "澄溪市先进制造业促进办法", Span(0, 12)),))  # fmt: skip
    entity = Entity("e1", Kind.INSTRUMENT, "澄溪市先进制造业促进办法", (), (Span(0, 12),))
    page = Extraction(Source("办法.txt", text), Outline((letter,), (), ()), (entity,), (), ())
    graph, things = list(build_quads(page)), mint_iris(page).iris
    assert things["d1"] == things["e1"]
    assert len(of_kind(graph, PK + "PolicyInstrument")) == 1
    assert len(objects(graph, things["e1"], RDFS + "label")) == 1
    assert objects(graph, things["e1"], DCTERMS + "source") == [make_context_iri("办法.txt")]


@pytest.mark.parametrize(
    ("value", "datatype", "kept"),
    [
        ("2023-06-19", "date", "2023-06-19"),
        ("2023-06", "gYearMonth", "2023-06"),
        ("2023", "gYear", "2023"),
        ("2023-02-30", "gYearMonth", "2023-02"),
        ("2023-13", "gYear", "2023"),
    ],
)
def test_dates_are_as_precise_as_the_text(value: str, datatype: str, kept: str) -> None:
    assert make_date_literal(value) == Literal(kept, datatype=NamedNode(XSD + datatype))


def test_what_is_no_date_is_not_typed_as_one() -> None:
    assert make_date_literal("去年") is None


def test_facts_of_an_instrument_are_typed(graph: list[Quad], extraction: Extraction) -> None:
    instrument = mint_iris(extraction).iris["e6"]
    assert objects(graph, instrument, PK + "documentNumber") == ["栖府办〔2022〕8号"]
    assert objects(graph, instrument, PK + "status") == [PK + "InForce"]
    assert objects(graph, instrument, DCTERMS + "issued") == ["2022"]


def test_a_span_outside_the_text_is_an_error_and_no_quote(extraction: Extraction) -> None:
    entity = replace(extraction.entities[0], facts=(Fact("level", "Municipal", Span(10_000, 10_003)),))
    with pytest.raises(ValueError, match="not in the text"):
        list(build_quads(replace(extraction, entities=(entity, *extraction.entities[1:]))))


def test_a_page_of_the_usual_size_stays_lean(extraction: Extraction) -> None:
    """What there is for each thing: about 5,000 quads for 170 entities, 140 statements, 70 parts and 90 figures."""
    graph = list(build_quads(extraction))
    predicates = Counter(q.predicate.value for q in graph)
    spans = predicates[NIF + "anchorOf"]
    assert sum(n for p, n in predicates.items() if p.startswith(NIF)) == 4 * spans + 1
    assert predicates[RDF + "subject"] * 7 >= sum(
        1 for q in graph if "#e-" in q.subject.value and q.predicate.value != PROV + "wasQuotedFrom"
    )


@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper (Debian: raptor2-utils) is not installed")
def test_a_second_parser_reads_the_same_graph(extraction: Extraction, tmp_path: Path, store_path: Path) -> None:
    from kg.export.rdf import export_store
    from kg.store.store import Store

    turtle = tmp_path / "graph.ttl"
    with Store(store_path) as store:
        export_store(store, "turtle", turtle)
    read = subprocess.run(["rapper", "-q", "-i", "turtle", "-o", "ntriples", turtle], capture_output=True, check=True)
    ours, theirs = Graph(), Graph()
    ours.parse(turtle, format="turtle")
    theirs.parse(data=read.stdout, format="nt")
    assert len(ours) > 400
    assert isomorphic(ours, theirs)


def test_a_figure_has_only_the_slots_of_its_class(extraction: Extraction) -> None:
    wrong = tuple(replace(f, frequency="每年", deadline="2030", per="家") for f in extraction.figures)
    graph, things = (
        list(build_quads(replace(extraction, figures=wrong))),
        mint_iris(replace(extraction, figures=wrong)).iris,
    )
    names = ("frequency", "deadline", "per")
    slots = {f: {s for s in names if objects(graph, things[f], PK + s)} for f in ("f1", "f2", "f3")}
    assert slots == {"f1": {"frequency", "per"}, "f2": set(), "f3": {"frequency", "deadline"}}


def test_a_figure_is_part_of_what_it_stands_in(graph: list[Quad], extraction: Extraction) -> None:
    things = mint_iris(extraction).iris
    assert objects(graph, things["f1"], DCTERMS + "isPartOf") == [things["p4"]]


def test_a_session_that_names_its_place_tells_where_a_proposal_was_made(extraction: Extraction) -> None:
    proposal = extraction.outline.letters[0]
    fields = tuple(replace(f, value="政协青棠县第十一届委员会") if f.name == "session" else f for f in proposal.fields)
    letters = (replace(proposal, fields=fields), *extraction.outline.letters[1:])
    county = Entity("e99", Kind.PLACE, "青棠县", (), (Span(0, 2),))
    page = replace(
        extraction, outline=replace(extraction.outline, letters=letters), entities=(*extraction.entities, county)
    )
    assert "/青棠县/" in mint_iris(page).iris["d1"]


def test_a_policy_text_without_a_title_is_quoted_by_its_first_words(tmp_path: Path) -> None:
    (tmp_path / "政策.txt").write_text(
        "为贯彻落实市委部署，现就做好夜市管理工作通知如下：\n一、加强检查，确保安全。\n二、对夜市摊主给予补贴。\n",
        encoding="utf-8",
    )
    (tmp_path / "机制.txt").write_text(
        "霁川市防汛工作领导小组关于做好巡查工作的通知\n各区人民政府：\n一、加强巡查。\n霁川市防汛工作领导小组\n2024年6月1日\n",
        encoding="utf-8",
    )
    kg.build(tmp_path, store=tmp_path / "库")
    with kg.open(tmp_path / "库") as graph:
        assert [finding.message("en") for finding in graph.validate()] == []
