"""Decisions of people: each does what it says, none depends on the others' order, and what does not apply is said."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.corrections.apply import apply_decisions
from extract.corrections.model import (
    COLUMNS,
    EVERYWHERE,
    Decision,
    DecisionError,
    DecisionTopic,
    DecisionVerdict,
    Unapplied,
    UnappliedReason,
    parse_decisions,
    render_decisions,
    update_decisions,
)
from extract.model import Bound, Entity, Extraction, Kind, Relation
from tests.support.invented_page import PAGE, make_extraction

SOURCE = "2024/20240015.txt"
TIER = "国家级专精特新“小巨人”企业"
LAW = "澄溪市先进制造业促进办法"


def decide(verdict: str, what: str, kind: str = "", subject: str = "", source: str = SOURCE, **more: str) -> Decision:
    rest = {"predicate": "", "object_kind": "", "object": "", "quote": "", "slot": "", **more}
    return Decision(
        source=source, what=DecisionTopic(what), kind=kind, subject=subject, verdict=DecisionVerdict(verdict), **rest
    )


def done(extraction: Extraction, *decisions: Decision) -> Extraction:
    """With *decisions*, all of which apply."""
    decided, left = apply_decisions(extraction, decisions)
    assert left == ()
    return decided


def stopped(extraction: Extraction, *decisions: Decision) -> set[UnappliedReason]:
    """Why they do not apply; nothing is changed."""
    decided, left = apply_decisions(extraction, decisions)
    assert decided == extraction
    assert {u.decision for u in left} == set(decisions)
    return {u.reason for u in left}


def triples(x: Extraction) -> set[tuple[str, str, str]]:
    labels = {e.id: e.label for e in x.entities}
    return {(labels.get(r.subject, r.subject), r.predicate, labels.get(r.object, r.object)) for r in x.relations}


# things


def test_a_rejected_thing_goes_with_all_that_is_said_of_it(extraction: Extraction) -> None:
    x = done(extraction, decide("reject", "entity", "EnterpriseTier", TIER))
    assert x.find_entity(TIER) is None
    assert not [r for r in x.relations if "e7" in (r.subject, r.object)]
    assert [f.about for f in x.figures] == [None, "e8", None]


def test_a_name_that_differs_in_quotes_only_is_the_same(extraction: Extraction) -> None:
    assert (
        done(extraction, decide("reject", "entity", "EnterpriseTier", "国家级专精特新小巨人企业")).find_entity(TIER)
        is None
    )


def test_a_corrected_label_is_a_person_s(extraction: Extraction) -> None:
    x = done(extraction, decide("correct", "entity", "Program", "登高计划", slot="label", value="中小企业登高计划"))
    found = x.find_entity("中小企业登高计划")
    assert found is not None
    assert (found.rule, found.confidence, found.aliases) == ("person", 1.0, ("登高计划",))
    assert ("澄溪市工业和信息化局", "administers", "中小企业登高计划") in triples(x)


def test_a_label_that_took_in_too_many_words_is_cut_back(extraction: Extraction) -> None:
    x = done(extraction, decide("correct", "entity", "Program", "登高计划", slot="label", value="登高"))
    found = x.find_entity("登高")
    assert found is not None and found.aliases == ()
    assert {s.of(PAGE) for s in found.spans} == {"登高"}


def test_a_class_is_corrected(extraction: Extraction) -> None:
    x = done(extraction, decide("correct", "entity", "Platform", "栖企通", slot="kind", value="Program"))
    assert x.get_entity("e10").kind is Kind.PROGRAM


def test_merged_names_are_one_thing_with_both_names(extraction: Extraction) -> None:
    x = done(extraction, decide("merge", "entity", "EnterpriseTier", "高新技术企业", EVERYWHERE, value=TIER))
    found = x.find_entity("高新技术企业")
    assert found is not None and found.label == TIER and found.id == "e7"
    assert ("登高计划", "supports", TIER) in triples(x)


def test_merging_into_a_name_that_is_not_there_renames(extraction: Extraction) -> None:
    x = done(
        extraction, decide("merge", "entity", "EnterpriseTier", "高新技术企业", EVERYWHERE, value="国家高新技术企业")
    )
    found = x.find_entity("高新技术企业")
    assert found is not None and found.label == "国家高新技术企业"


def test_a_name_taken_off_is_a_thing_of_its_own(extraction: Extraction) -> None:
    x = done(
        extraction, decide("split", "entity", "EnterpriseTier", TIER, object="“小巨人”企业", value="省级“小巨人”企业")
    )
    old, new = x.find_entity(TIER), x.find_entity("省级“小巨人”企业")
    assert old is not None and new is not None
    assert old.aliases == () and new.aliases == ("“小巨人”企业",)
    assert [s.of(PAGE) for s in new.spans] == ["“小巨人”企业"]
    assert {f.id: f.about for f in x.figures} == {"f1": old.id, "f2": "e8", "f3": new.id}
    assert Relation("p5", "involves", new.id, new.spans[0], "mention", 0.9) in x.relations


def test_names_are_followed(extraction: Extraction) -> None:
    one = decide("correct", "entity", "Program", "登高计划", slot="label", value="攀登计划")
    two = decide("reject", "entity", "Program", "攀登计划")
    assert done(extraction, one, two).find_entity("登高计划") is None


def test_a_thing_is_added_where_the_text_has_it(extraction: Extraction) -> None:
    x = done(extraction, decide("add", "entity", "Program", "风险补偿资金", quote="设立风险补偿资金"))
    found = x.find_entity("风险补偿资金")
    assert found is not None and [s.of(PAGE) for s in found.spans] == ["风险补偿资金"]
    assert (found.id, found.rule) == ("e12", "person")


# facts


def test_a_date_and_a_number_of_an_instrument(extraction: Extraction) -> None:
    x = done(
        extraction,
        decide(
            "correct", "fact", "PolicyInstrument", LAW, predicate="issued", object="2022", slot="value", value="2022-03"
        ),
        decide("reject", "fact", "PolicyInstrument", LAW, predicate="status", object="InForce"),
        decide("add", "fact", "PolicyInstrument", LAW, predicate="level", object="Municipal", quote="《" + LAW + "》"),
    )
    law = x.get_entity("e6")
    assert {f.name: f.value for f in law.facts} == {
        "documentNumber": "栖府办〔2022〕8号", "issued": "2022-03", "level": "Municipal"
    }  # fmt: skip


def test_a_date_of_a_letter(extraction: Extraction) -> None:
    x = done(
        extraction,
        decide(
            "correct", "fact", "LeadReply", predicate="issued", object="2024-05-20", slot="value", value="2024-05-21"
        ),
    )
    assert x.outline.get_letter("d2").get_value("issued") == "2024-05-21"
    assert x.outline.get_letter("d3").get_value("issued") == "2024-04-09"


# statements


def statement(verdict: str, subject: tuple[str, str], predicate: str, obj: tuple[str, str], **more: str) -> Decision:
    return decide(verdict, "statement", *subject, predicate=predicate, object_kind=obj[0], object=obj[1], **more)


AGENCY, PROGRAM = ("Agency", "澄溪市工业和信息化局"), ("Program", "登高计划")


def test_a_rejected_statement_is_gone_and_nothing_else(extraction: Extraction) -> None:
    x = done(extraction, statement("reject", AGENCY, "administers", PROGRAM, quote="我局实施“登高计划”"))
    assert triples(extraction) - triples(x) == {("澄溪市工业和信息化局", "administers", "登高计划")}


def test_a_statement_is_known_by_its_quote(extraction: Extraction) -> None:
    other = statement("reject", AGENCY, "administers", PROGRAM, quote="我局支持高新技术企业同等享受“登高计划”")
    assert stopped(extraction, other) == {UnappliedReason.MISSING}


def test_a_statement_is_corrected(extraction: Extraction) -> None:
    about = (("Program", "登高计划"), "supports", ("EnterpriseTier", "高新技术企业"))
    x = done(
        extraction,
        statement("correct", *about, slot="object", value="省级专精特新中小企业"),
        statement("correct", AGENCY, "administers", PROGRAM, slot="predicate", value="operates"),
    )
    assert ("登高计划", "supports", "省级专精特新中小企业") in triples(x)
    assert ("澄溪市工业和信息化局", "operates", "登高计划") in triples(x)
    assert [r.confidence for r in x.relations if r.rule == "person"] == [1.0, 1.0]
    wrong = statement("correct", *about, slot="object", value="没有这样的企业")
    assert stopped(extraction, wrong) == {UnappliedReason.NO_THING}


def test_an_accepted_statement_is_sure(extraction: Extraction) -> None:
    x = done(extraction, statement("accept", AGENCY, "administers", PROGRAM))
    [r] = [r for r in x.relations if r.predicate == "administers"]
    assert (r.confidence, r.rule) == (1.0, "administers")


def test_statements_of_documents_and_parts(extraction: Extraction) -> None:
    x = done(
        extraction,
        statement("reject", ("LeadReply", ""), "consulted", ("Agency", "市科技局")),
        statement("reject", ("Measure", "关于加大奖补力度"), "involves", ("Platform", "栖企通")),
    )
    assert len(x.relations) == len(extraction.relations) - 2


def test_a_statement_is_added_with_words_of_the_text_or_not_at_all(extraction: Extraction) -> None:
    quote = "对国家级专精特新“小巨人”企业给予最高50万元奖励"
    good = statement(
        "add", ("PolicyInstrument", LAW), "supports", ("EnterpriseTier", "省级专精特新中小企业"), quote=quote
    )
    x = done(extraction, good)
    assert (LAW, "supports", "省级专精特新中小企业") in triples(x)
    assert x.relations[-1].span.of(PAGE) == quote and x.relations[-1].rule == "person"
    subject, obj = ("PolicyInstrument", LAW), ("EnterpriseTier", "高新技术企业")
    assert stopped(extraction, statement("add", subject, "supports", obj, quote="原文没有的话")) == {
        UnappliedReason.NO_QUOTE
    }
    assert stopped(extraction, statement("add", subject, "supports", obj)) == {UnappliedReason.NO_QUOTE}
    nobody = ("Agency", "无名局")
    assert stopped(extraction, statement("add", nobody, "supports", obj, quote=quote)) == {UnappliedReason.NO_THING}


def test_a_quote_may_be_broken_over_lines(extraction: Extraction) -> None:
    whole = decide("add", "entity", "Program", "奖励", quote="对新认定的企业给予奖励。 2.设立风险补偿资金。")
    assert done(extraction, whole).find_entity("奖励") is not None


# figures


def test_figures_are_rejected_corrected_and_added(extraction: Extraction) -> None:
    x = done(
        extraction,
        decide("reject", "figure", "Target", "20 家"),
        decide(
            "correct", "figure", "Provision", "500000 CNY", slot="value", value="60万元", quote="最高50万元奖励"[:0]
        ),
        decide("correct", "figure", "Provision", "500000 CNY", slot="about", value="高新技术企业"),
        decide("correct", "figure", "Observation", "128 家", slot="period", value="2023-12"),
    )
    assert [(f.kind, f.value, f.unit, f.about, f.period, f.rule) for f in x.figures] == [
        (Kind.PROVISION, Decimal(600000), "CNY", "e11", "", "person"),
        (Kind.OBSERVATION, Decimal(128), "家", "e8", "2023-12", "person"),
    ]
    left = Extraction(extraction.source, extraction.outline, extraction.entities, extraction.relations, ())
    add = decide(
        "add", "figure", "Observation", "省级专精特新中小企业", quote="全市有省级专精特新中小企业128家", value="128家"
    )
    [f] = done(left, add).figures
    assert (f.value, f.unit, f.about, f.rule) == (Decimal(128), "家", "e8", "person")
    assert f.span.of(PAGE) == "全市有省级专精特新中小企业128家"
    wrong = decide("add", "figure", "Observation", quote="全市有省级专精特新中小企业128家", value="129家")
    assert stopped(left, wrong) == {UnappliedReason.NO_QUOTE}


def test_a_target_added_belongs_to_its_commitment(extraction: Extraction) -> None:
    left = Extraction(extraction.source, extraction.outline, extraction.entities, extraction.relations, ())
    add = decide(
        "add", "figure", "Target", TIER, quote="培育“小巨人”企业20家以上", value="20家", predicate="“小巨人”企业"
    )
    [f] = done(left, add).figures
    assert (f.part_of, f.about, f.metric, f.bound) == ("p5", "e7", "“小巨人”企业", Bound.AT_LEAST)


def test_a_figure_added_in_place_of_a_rejected_one(extraction: Extraction) -> None:
    quote = "全市有省级专精特新中小企业128家"
    x = done(
        extraction,
        decide("reject", "figure", "Observation", "128 家", quote=quote),
        decide("add", "figure", "Target", quote=quote, value="128家"),
    )
    assert [f.kind for f in x.figures] == [Kind.PROVISION, Kind.TARGET, Kind.TARGET]


# together


def test_what_contradicts_is_handed_back(extraction: Extraction) -> None:
    a = decide("merge", "entity", "EnterpriseTier", "高新技术企业", value=TIER)
    b = decide("merge", "entity", "EnterpriseTier", TIER, value="高新技术企业")
    assert stopped(extraction, a, b) == {UnappliedReason.CONTRADICTION}
    c = decide("correct", "entity", "EnterpriseTier", TIER, slot="label", value="甲")
    d = decide("merge", "entity", "EnterpriseTier", TIER, value="乙")
    assert stopped(extraction, c, d) == {UnappliedReason.CONTRADICTION}
    e = decide("split", "entity", "EnterpriseTier", TIER, object="“小巨人”企业", value=TIER)
    assert stopped(extraction, e) == {UnappliedReason.CONTRADICTION}


def test_what_is_not_there_is_handed_back(extraction: Extraction) -> None:
    assert stopped(extraction, decide("reject", "entity", "Agency", "无名局")) == {UnappliedReason.MISSING}
    assert stopped(extraction, decide("reject", "entity", "NoClass", "登高计划")) == {UnappliedReason.MISSING}
    assert stopped(extraction, decide("correct", "entity", "Program", "登高计划", slot="kind", value="x")) == {
        UnappliedReason.MALFORMED
    }


def test_decisions_about_other_sources_are_no_business_of_this_one(extraction: Extraction) -> None:
    other = decide("reject", "entity", "EnterpriseTier", TIER, source="other.txt")
    assert apply_decisions(extraction, [other]) == (extraction, ())


def test_what_is_decided_for_one_source_goes_before_what_is_for_all(extraction: Extraction) -> None:
    here = decide("correct", "entity", "Program", "登高计划", slot="label", value="甲计划")
    everywhere = decide("correct", "entity", "Program", "登高计划", EVERYWHERE, slot="label", value="乙计划")
    assert done(extraction, here, everywhere).get_entity("e9").label == "甲计划"


KINDS = ["EnterpriseTier", "Program", "Agency"]
LABELS = ["登高计划", TIER, "“小巨人”企业", "高新技术企业", "澄溪市工业和信息化局", "新名"]
QUOTES = ["", "我局实施“登高计划”", "支持高新技术企业同等享受“登高计划”", "省级专精特新中小企业128家", "没有的话"]
NUMBERS = ["500000 CNY", "128 家", "20 家", "5 家"]


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    def one(values: list[str]) -> str:
        return draw(st.sampled_from(values))

    what = one([w.value for w in DecisionTopic])
    verdict = one([v.value for v in DecisionVerdict])
    more = {"quote": one(QUOTES)}
    kind, subject = one(KINDS), one(LABELS)
    if what == "entity":
        more |= {
            "object": one(LABELS),
            "slot": one(["", "label", "kind", "jurisdiction"]),
            "value": one([*LABELS, *KINDS]),
        }
        more["quote"] = more["quote"] if verdict == "add" else ""
    elif what == "statement":
        more |= {
            "predicate": one(["administers", "supports", "operates"]),
            "object_kind": one(KINDS),
            "object": one(LABELS),
        }
        more |= {"slot": one(["", "subject", "predicate", "object"]), "value": one([*LABELS, "operates", "supports"])}
    elif what == "figure":
        kind = one(["Provision", "Observation", "Target"])
        subject = one(LABELS if verdict == "add" else NUMBERS)
        more |= {
            "slot": one(["", "value", "kind", "about", "metric"]),
            "value": one(["128家", "5家", "Target", "Provision", *LABELS]),
        }
    elif what == "fact":
        kind, subject = "PolicyInstrument", LAW
        more |= {
            "predicate": "issued",
            "object": one(["2022", "2023"]),
            "slot": one(["", "value"]),
            "value": one(["2022", "2023", "2024"]),
        }
    return decide(verdict, what, kind, subject, one([SOURCE, EVERYWHERE]), **more)


@settings(max_examples=400, deadline=None)
@given(st.lists(decisions(), max_size=9), st.randoms(use_true_random=False))
def test_the_order_does_not_matter_and_twice_is_once(chosen: list[Decision], shuffle: random.Random) -> None:
    extraction = make_extraction()
    decided, left = apply_decisions(extraction, chosen)
    again = list(chosen)
    shuffle.shuffle(again)
    assert apply_decisions(extraction, again) == (decided, left)
    assert apply_decisions(decided, chosen)[0] == decided
    assert all(isinstance(u, Unapplied) and u.decision in chosen for u in left)
    known = {t.id for group in (decided.entities, decided.outline.letters, decided.outline.parts) for t in group}
    assert all({r.subject, r.object} <= known for r in decided.relations)
    assert all(f.about is None or f.about in known for f in decided.figures)


@given(st.lists(decisions(), max_size=9))
def test_what_is_written_is_read(chosen: list[Decision]) -> None:
    assert parse_decisions(render_decisions(chosen)) == tuple(sorted(set(chosen)))


# the file


def test_the_file_is_sorted_and_says_what_it_is() -> None:
    one, two = decide("reject", "entity", "Agency", "乙局"), decide("accept", "gap", quote="第一行\n 第二行")
    text = render_decisions([two, one])
    assert text == render_decisions([one, two, one])
    lines = text.splitlines()
    assert lines[0].startswith("# ") and tuple(lines[2].split("\t")) == COLUMNS
    assert "第一行 第二行" in text and text.endswith("\n")


def test_a_bad_line_is_named() -> None:
    for line, cell in (("maybe\tentity\tx.txt", "decision"), ("accept\tthing\tx.txt", "what")):
        with pytest.raises(DecisionError) as caught:
            parse_decisions(f"# comment\n\n{line}\n")
        assert (caught.value.line, caught.value.cell) == (3, cell)


def test_a_new_decision_replaces_an_old_one_about_the_same() -> None:
    old, new = decide("accept", "entity", "Agency", "甲局"), decide("reject", "entity", "Agency", "甲局")
    other = decide("accept", "entity", "Agency", "乙局")
    assert set(update_decisions([old, other], [new])) == {new, other}


def test_an_extraction_nobody_decided_about_stays_as_it_is(extraction: Extraction) -> None:
    assert apply_decisions(extraction, []) == (extraction, ())
    assert isinstance(extraction.entities[0], Entity)
