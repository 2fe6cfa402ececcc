"""IRIs: one thing has one, in every source; two things never share one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize
from rdflib import Dataset, URIRef

from extract.model import (
    Bound,
    Extraction,
    Field,
    Figure,
    FigureId,
    Kind,
    Letter,
    LetterId,
    Outline,
    Part,
    PartId,
    Sentence,
    Source,
    Span,
)
from kg.errors import UsageError
from kg.rdf import iri
from kg.rdf.identifiers import make_context_iri, mint_iris
from ontology.terms import PK
from tests.support.entities import names, things, with_entities
from tests.support.invented_page import PAGE, span

kinds = st.sampled_from([Kind.AGENCY, Kind.PROGRAM, Kind.PLACE])


def one_iri(label: str, jurisdiction: str = "", kind: Kind = Kind.PROGRAM) -> str:
    return mint_iris(things(label, jurisdiction, kind)).iris["e1"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“登高计划”", "登高计划"),
        ("「登高 计划」", "登高计划"),
        ("ＡＰＰ", "app"),
        ("登高计划(试行)", "登高计划（试行）"),
        ("登高计划\u3000", "登高计划"),
        ("2021—2025年规划", "2021-2025年规划"),
        ("登\u200b高计划", "登高计划"),
    ],
)
def test_one_thing_has_one_iri_however_it_is_printed(one: str, other: str) -> None:
    assert one_iri(one) == one_iri(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("科学技术局", "澄溪市"), ("科学技术局", "临江市")),
        (("澄溪市科学技术局", ""), ("栖云省科学技术厅", "")),
        (("2.0版", ""), ("20版", "")),
        (("登高计划/甲", ""), ("甲", "登高计划")),
        (("一%2F二", ""), ("一/二", "")),
    ],
)
def test_different_things_have_different_iris(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert one_iri(*one) != one_iri(*other)


def test_the_place_is_in_the_iri_where_the_name_does_not_say_it() -> None:
    assert one_iri("登高计划", "澄溪市").endswith("/program/澄溪市/登高计划")
    assert one_iri("澄溪市财政局", "澄溪市", Kind.AGENCY).endswith("/agency/澄溪市财政局")


@given(st.lists(st.tuples(kinds, names, st.sampled_from(["", "澄溪市", "/", "澄溪市/登"])), max_size=8, unique=True))
def test_two_things_of_one_page_never_share_an_iri(rows: list[tuple[Kind, str, str]]) -> None:
    minted = mint_iris(with_entities(rows)).iris
    assert len(set(minted.values())) == len(rows)


@given(names, st.sampled_from(["", "澄溪市"]))
def test_every_iri_is_valid_for_every_reader(label: str, place: str) -> None:
    node = one_iri(label, place)
    quad = Quad(NamedNode(node), NamedNode(PK + "x"), NamedNode(node), NamedNode(make_context_iri(label + ".txt")))
    data = serialize([quad], format=RdfFormat.N_QUADS)
    assert list(parse(data, format=RdfFormat.N_QUADS)) == [quad]
    dataset = Dataset()
    dataset.parse(data=data, format="nquads")
    assert {s for s, _, _, _ in dataset.quads()} == {URIRef(node)}
    assert URIRef(node).n3() == f"<{node}>"  # rdflib raises for an IRI that it holds to be invalid


@given(names)
def test_folding_twice_changes_nothing(name: str) -> None:
    assert iri.name_key(iri.name_key(name)) == iri.name_key(name)


@given(names, names)
def test_encoding_keeps_different_texts_different(one: str, other: str) -> None:
    assert (iri.percent_encode(one) == iri.percent_encode(other)) == (one == other)


@pytest.mark.parametrize("base", ["", "x", "http://a.example", "http://a.example/x y/", "http://a.example/#", "/id/"])
def test_a_base_that_makes_no_iris_is_refused(base: str) -> None:
    with pytest.raises(UsageError):
        iri.check_base(base)


def test_sources_in_folders_with_chinese_names_have_readable_iris() -> None:
    assert make_context_iri("2024/提案 1.txt").endswith("/source/2024/提案%201.txt")
    assert "/../" not in make_context_iri("../a.txt")


def test_a_proposal_has_one_iri_in_its_own_page_and_where_another_refers_to_it(extraction: Extraction) -> None:
    proposal, reply, opinion = extraction.outline.letters
    named = span("第20240015号提案")
    referred = replace(proposal, id="d9", body=None, span=named, fields=(Field("proposalNumber", "20240015", named),))
    elsewhere = replace(
        extraction,
        source=Source("other.txt", PAGE),
        outline=Outline((replace(opinion, id="d3"), referred), (), ()),
        relations=tuple(r for r in extraction.relations if r.subject in {"d3", "e1", "e2", "e3"} and r.object != "d1"),
        figures=(),
    )
    # 提案 alone does not name the body that numbers it; the session does
    referred = replace(referred, fields=(*referred.fields, Field("session", "市政协五届三次会议", named)))
    elsewhere = replace(elsewhere, outline=replace(elsewhere.outline, letters=(opinion, referred)))
    assert mint_iris(elsewhere).iris["d9"] == mint_iris(extraction).iris["d1"]
    assert reply.id in mint_iris(extraction).iris


def test_equal_numbers_of_the_two_bodies_are_two_proposals(extraction: Extraction) -> None:
    proposal = extraction.outline.letters[0]
    fields = tuple(replace(f, value="市十八届人大三次会议") if f.name == "session" else f for f in proposal.fields)
    other = replace(extraction, outline=replace(extraction.outline, letters=(
        replace(proposal, fields=fields), *extraction.outline.letters[1:])))  # fmt: skip
    assert mint_iris(other).iris["d1"] != mint_iris(extraction).iris["d1"]


def name_proposal(number: str, title: str, source: str, session: str = "") -> str:
    """The IRI of a proposal of an unknown city."""
    text = f"{title}。{number}。{session}"
    fields = [("proposalNumber", number), ("title", title), ("session", session)]
    spans = {value: Span(text.index(value), text.index(value) + len(value)) for _, value in fields}
    found = tuple(Field(name, value, spans[value]) for name, value in fields if value)
    whole = Span(0, len(text))
    letter = Letter(LetterId("d1"), Kind.PROPOSAL, whole, whole, found)
    return mint_iris(Extraction(Source(source, text), Outline((letter,), (), ()), (), (), ())).iris["d1"]


def test_equal_numbers_of_unknown_cities_are_told_apart_by_their_titles() -> None:
    one, other = "关于改造水渠的提案", "关于增设公交站的提案"
    assert name_proposal("20240088", one, "甲/a.txt") != name_proposal("20240088", other, "乙/a.txt")
    assert name_proposal("20240088", one, "甲/a.txt") == name_proposal("20240088", one, "甲/b.txt")
    session = "市政协五届三次会议"
    assert name_proposal("12", one, "甲/a.txt", session) != name_proposal("12", other, "乙/a.txt", session)


def test_equal_numbers_of_unknown_cities_without_titles_are_told_apart_by_their_sources() -> None:
    assert name_proposal("20240088", "", "甲/a.txt") != name_proposal("20240088", "", "乙/a.txt")


def make_item(heading: str) -> tuple[str, str, str]:
    """The IRIs of a section with *heading*, of an item in it and of a figure in the item."""
    text = f"{heading}\n（一）新建站点40个。"
    item, figure = Span(len(heading) + 4, len(text)), Span(text.index("新建"), len(text) - 1)
    whole = Span(0, len(text))
    letter = Letter(LetterId("d1"), Kind.LEAD_REPLY, whole, whole, ())
    section = Part(PartId("p1"), LetterId("d1"), Kind.MEASURE, "一", whole, Span(0, len(heading)), None)
    child = Part(PartId("p2"), LetterId("d1"), Kind.MEASURE, "一.(一)", item, None, PartId("p1"))
    value = Figure(FigureId("f1"), Kind.OBSERVATION, figure, Decimal(40), "个", Bound.EXACTLY, "新建站点", None)
    outline = Outline((letter,), (section, child), (Sentence(item, LetterId("d1"), PartId("p2"), (item,)),))
    iris = mint_iris(Extraction(Source("a.txt", text), outline, (), (), (value,))).iris
    return iris["p1"], iris["p2"], iris["f1"]


def test_a_part_and_a_figure_are_named_with_the_part_that_they_stand_in() -> None:
    one, other = make_item("工作情况"), make_item("下一步打算")
    assert not set(one) & set(other)
    assert make_item("工作情况") == one
