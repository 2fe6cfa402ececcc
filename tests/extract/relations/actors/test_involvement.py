"""The last steps: what each part involves, who acts in it, and which classes play no part."""

from __future__ import annotations

from decimal import Decimal

from extract.linking.link import LinkedMentions
from extract.model import Bound, Entity, Figure, Kind, Letter, Outline, Part, Relation, Span
from extract.relations.actors.involvement import find_involvements, prune_entities
from ontology.lexicons import load_lexicon

TEXT = "一、登高计划。我局在霁川市实施登高计划，支持中小企业。"
HEADING, BODY = Span(2, 7), Span(7, len(TEXT))
PROGRAM = Entity("e1", Kind.PROGRAM, "登高计划", (), (Span(2, 6), Span(15, 19)))
GENERAL = Entity("e2", Kind.GROUP, "中小企业", (), (Span(22, 26),), rule="group.name")
AGENCY = Entity("e3", Kind.AGENCY, "霁川市科学技术局", (), ())
PLACE = Entity("e4", Kind.PLACE, "霁川市", (), (Span(10, 13),))
LINKED = LinkedMentions(
    (PROGRAM, GENERAL, AGENCY, PLACE),
    ((Span(2, 6), "e1"), (Span(10, 13), "e4"), (Span(15, 19), "e1"), (Span(22, 26), "e2")),
    (Relation("d1", "issuedBy", "e3", Span(0, 1), "field.issuedBy"),),
)


def outline(inner: Kind | None = Kind.MEASURE) -> Outline:
    whole = Span(0, len(TEXT))
    parts = (
        Part("p1", "d1", Kind.MEASURE, "一", whole, HEADING, None),
        Part("p2", "d1", inner, "", BODY, None, "p1"),
    )
    return Outline((Letter("d1", Kind.LEAD_REPLY, whole, whole),), parts, ())


def found(inner: Kind | None = Kind.MEASURE, kept: tuple[str, ...] = ("e1", "e2", "e3", "e4")) -> set[tuple[str, ...]]:
    lex = load_lexicon()
    return {(r.subject, r.predicate, r.object) for r in find_involvements(outline(inner), LINKED, kept, (), TEXT, lex)}


def test_a_part_involves_what_it_names_but_no_places() -> None:
    assert {o for s, p, o in found() if (s, p) == ("p2", "involves")} == {"e1", "e2"}


def test_a_part_with_parts_below_it_involves_what_its_heading_names() -> None:
    assert {o for s, p, o in found() if (s, p) == ("p1", "involves")} == {"e1"}


def test_who_wrote_the_letter_acts_in_its_lowest_measures() -> None:
    assert {t for t in found() if t[1] == "actor"} == {("p2", "actor", "e3")}
    assert not {t for t in found(Kind.SUGGESTION) if t[1] == "actor"}


def test_what_was_left_out_is_not_involved_and_context_involves_nothing() -> None:
    assert ("p2", "involves", "e2") not in found(kept=("e1",))
    assert not {t for t in found(None) if t[0] == "p2"}


def test_a_general_class_stays_only_where_something_is_said_of_it() -> None:
    assert GENERAL not in prune_entities(LINKED, LINKED.relations, ())
    said = Relation("e1", "supports", "e2", BODY, "support")
    assert GENERAL in prune_entities(LINKED, [said], ())
    figure = Figure("f1", Kind.OBSERVATION, BODY, Decimal(3), "家", Bound.EXACTLY, about="e2")
    assert GENERAL in prune_entities(LINKED, (), [figure])
    assert {PROGRAM, AGENCY, PLACE} <= set(prune_entities(LINKED, (), ()))
