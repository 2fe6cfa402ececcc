"""Decisions on facts of instruments and letters, and on statements."""

from __future__ import annotations

from extract.corrections.model import UnappliedReason
from extract.model import Extraction
from tests.support.deciding import AGENCY, LAW, PROGRAM, decide, done, statement, stopped, triples
from tests.support.invented_page import PAGE


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
