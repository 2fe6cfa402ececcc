"""Decisions on things: rejected, renamed, merged, taken apart and added."""

from __future__ import annotations

from extract.corrections.model import EVERYWHERE
from extract.model import Extraction, Kind, Relation
from tests.support.deciding import TIER, decide, done, triples
from tests.support.invented_page import PAGE


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
