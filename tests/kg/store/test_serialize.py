"""RDF text: the same triples give the same bytes, in an order that people can follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.rdf.graph import build_quads
from kg.rdf.identifiers import make_context_iri
from kg.store.serialize import merge_graphs, rank_class, serialize_triples
from kg.store.store import Store
from ontology.terms import PK, RDF, RDFS
from tests.support.invented_page import PAGE, make_extraction

CITY = NamedNode("https://example.org/place/霁川市")
TRIPLES = [
    Triple(CITY, NamedNode(RDFS + "label"), Literal("霁川市", language="zh")),
    Triple(CITY, NamedNode(RDF + "type"), NamedNode(PK + "Place")),
]


@pytest.mark.parametrize("form", [RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML, RdfFormat.JSON_LD])
def test_a_parser_reads_the_triples_again(form: RdfFormat) -> None:
    assert {q.triple for q in parse(serialize_triples(TRIPLES, form).encode(), form)} == set(TRIPLES)


def test_lines_are_sorted() -> None:
    assert serialize_triples(TRIPLES, RdfFormat.N_TRIPLES) == serialize_triples(TRIPLES[::-1], RdfFormat.N_TRIPLES)


def test_only_prefixes_that_are_used_are_declared() -> None:
    text = serialize_triples(TRIPLES, RdfFormat.TURTLE)
    assert "@prefix pk:" in text and "@prefix rdfs:" in text and "@prefix prov:" not in text


def test_documents_come_before_what_they_speak_of() -> None:
    assert rank_class("Proposal") < rank_class("Agency") < rank_class("NoClass")


def test_the_union_has_each_triple_once(tmp_path: Path) -> None:
    both = make_extraction("a.txt"), make_extraction("b.txt", "公告\n" + PAGE)
    with Store(tmp_path / "s", write=True) as store:
        for x in both:
            store.replace_graph(make_context_iri(x.source.id, store.base), build_quads(x, store.base))
        union = merge_graphs(store)
        alone = [merge_graphs(store, [graph]) for graph in store.list_graphs()]
    assert len(set(union)) == len(union) < sum(map(len, alone))
    assert [t.object.value for t in union if t.predicate.value == RDFS + "label" and "登高计划" in t.subject.value] == [
        "登高计划"
    ]
