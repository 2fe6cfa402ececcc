"""Decisions on figures: rejected, corrected and added."""

from __future__ import annotations

from decimal import Decimal

from extract.corrections.model import UnappliedReason
from extract.model import Bound, Extraction, Kind
from tests.support.deciding import TIER, decide, done, stopped
from tests.support.invented_page import PAGE


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
