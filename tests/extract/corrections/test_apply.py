"""Decisions together: none depends on the order of the others, and what does not apply is said."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.corrections.apply import apply_decisions
from extract.corrections.model import (
    EVERYWHERE,
    Decision,
    DecisionTopic,
    DecisionVerdict,
    Unapplied,
    UnappliedReason,
    parse_decisions,
    render_decisions,
)
from extract.model import Entity, Extraction
from tests.support.deciding import LAW, SOURCE, TIER, decide, done, stopped
from tests.support.invented_page import make_extraction


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


def test_an_extraction_nobody_decided_about_stays_as_it_is(extraction: Extraction) -> None:
    assert apply_decisions(extraction, []) == (extraction, ())
    assert isinstance(extraction.entities[0], Entity)
