"""What the rules had said is kept beside what a model says: each value that a change takes away is a revision."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from extract.model import Bound, Extraction, Fact, Field, Figure, FigureId, Kind, Support
from tests.support.reading import reply
from tests.support.reviewing import find, letter, make_extraction, review, say, why

TEXT = reply(
    "一是优化服务。市科技局负责“远舟”专项，去年已对高新技术企业（以下简称高企）给予每家5万元补助，申报企业须成立3年以上。"
    "\n　　二是下一步，力争到2027年培育高新技术企业200家以上，推动云帆工坊发展。"
)


def make_letter() -> Extraction:
    """A letter whose figures have all slots."""

    def make(number: int, kind: Kind, words: str, value: int, unit: str, **slots: object) -> Figure:
        return Figure(
            FigureId(f"f{number}"), kind, find(TEXT, words), Decimal(value), unit, Bound.EXACTLY, rule="made.figure",
            confidence=0.9, **slots,  # type: ignore[arg-type]
        )  # fmt: skip

    return make_extraction(
        TEXT,
        [
            (Kind.AGENCY, "霁川市科学技术局", ("市科技局",)), (Kind.PROGRAM, "“远舟”专项", ()),
            (Kind.TIER, "高新技术企业", ("高企",)), (Kind.TIER, "云帆工坊", ()),
        ],
        [("d1", "issuedBy", "e1", "霁川市科学技术局"), ("e4", "broader", "e3", "高新技术企业200家以上，推动云帆工坊")],
        [
            make(1, Kind.PROVISION, "5万元补助", 50000, "CNY", about="e3", granted_under="e2", provider="e1", per="家",
                 period="2023", metric="补助", support=Support.GRANT, frequency="每年"),
            make(2, Kind.CONDITION, "成立3年以上", 3, "年", condition_of="f1"),
            make(3, Kind.TARGET, "培育高新技术企业200家以上", 200, "家", about="e3", period="2027", deadline="2027",
                 part_of="p2"),
        ],
    )  # fmt: skip


def list_withdrawn(found: Extraction) -> set[tuple[str, str, str]]:
    assert all(r.withdrawn_rule and r.withdrawn_confidence for r in found.revisions if r.before)
    return {(r.change, r.before, r.after) for r in found.revisions}


def test_another_class_of_a_figure_keeps_the_slots_that_it_cannot_have() -> None:
    change = {"id": "f1", "slot": "kind", "value": "Observation", "quotes": []}
    found, report = review(say(figures=[change]), make_letter())
    assert not why(report)
    assert list_withdrawn(found) == {
        ("slot.kind", "Provision", "Observation"), ("slot.under", "“远舟”专项", ""),
        ("slot.provider", "霁川市科学技术局", ""), ("slot.per", "家", ""), ("slot.support", "Grant", ""),
        ("slot.frequency", "每年", ""),
    }  # fmt: skip
    assert (found.figures[0].about, found.figures[0].period) == ("e3", "2023")  # these hold for any class
    change = {"id": "f3", "slot": "kind", "value": "Observation", "quotes": []}
    text = letter()
    other, report = review(say(figures=[{**change, "id": "f5"}]), text)
    assert report.accepted == 0 and other.revisions == ()  # a wish is no fact


def test_a_dropped_figure_keeps_all_that_it_said_and_what_was_said_of_it() -> None:
    found, report = review(say(drop=["f1"]), make_letter())
    assert not why(report) and [figure.id for figure in found.figures] == ["f2", "f3"]
    assert found.figures[0].condition_of is None
    assert list_withdrawn(found) == {
        ("drop.figure", "Provision 5万元补助", ""), ("slot.about", "高新技术企业", ""),
        ("slot.under", "“远舟”专项", ""), ("slot.provider", "霁川市科学技术局", ""), ("slot.per", "家", ""),
        ("slot.period", "2023", ""), ("slot.metric", "补助", ""), ("slot.support", "Grant", ""),
        ("slot.frequency", "每年", ""), ("slot.condition_of", "5万元补助", ""),
    }  # fmt: skip


def give(base: Extraction, number: int, *facts: tuple[str, str]) -> Extraction:
    entity = base.entities[number]
    made = replace(entity, facts=tuple(Fact(name, value, entity.spans[0]) for name, value in facts))
    return replace(base, entities=(*base.entities[:number], made, *base.entities[number + 1 :]))


def test_another_class_of_a_name_keeps_the_level_that_it_had() -> None:
    base = give(make_letter(), 2, ("level", "National"))
    found, report = review(say(retype=[{"id": "e3", "kind": "TargetGroup"}]), base)
    assert not why(report) and found.get_entity("e3").facts == ()
    assert ("field", "level National", "") in list_withdrawn(found)


def test_a_dropped_name_keeps_its_other_names_and_facts() -> None:
    base = give(make_letter(), 2, ("level", "National"))
    found, report = review(say(drop=["e3"]), base)
    assert not why(report)
    assert {
        ("drop.entity", "EnterpriseTier 高新技术企业", ""), ("drop.entity", "高企", ""),
        ("field", "level National", ""), ("slot.about", "高新技术企业", ""),
        ("drop.edge", "云帆工坊 broader 高新技术企业", ""),
    } <= list_withdrawn(found)  # fmt: skip


def test_another_name_keeps_the_names_that_it_replaces() -> None:
    text = reply("一是我局支持新认定的云帆工坊，服务新认定的云帆工坊。")
    base = make_extraction(text, [(Kind.TIER, "新认定的云帆工坊", ("认定的云帆工坊",))])
    found, report = review(say(rename=[{"id": "e1", "name": "云帆工坊"}]), base)
    assert not why(report)
    entity = found.get_entity("e1")
    assert (entity.label, entity.aliases) == ("云帆工坊", ())
    assert list_withdrawn(found) == {
        ("rename", "新认定的云帆工坊", "云帆工坊"), ("rename", "认定的云帆工坊", "云帆工坊"),
    }  # fmt: skip


def test_two_names_that_become_one_keep_the_relations_between_them() -> None:
    text = reply("一是我局实施“霁川青苗行动”计划（以下简称“育林计划”），“育林计划”属于“霁川青苗行动”计划。")
    base = make_extraction(
        text, [(Kind.PROGRAM, "“霁川青苗行动”计划", ()), (Kind.PROGRAM, "育林计划", ())],
        [("e2", "broader", "e1", "“育林计划”属于“霁川青苗行动”计划")],
    )  # fmt: skip
    found, report = review(say(same=[["e1", "e2"]]), base)
    assert not why(report) and found.relations == ()
    assert ("drop.edge", "育林计划 broader “霁川青苗行动”计划", "") in list_withdrawn(found)


def test_a_part_of_another_class_keeps_the_targets_that_belonged_to_it() -> None:
    base = make_letter()
    part = next(p for p in base.outline.parts if p.kind is Kind.COMMITMENT)
    figures = (*base.figures[:2], replace(base.figures[2], part_of=part.id))
    found, report = review(say(parts=[{"id": part.id, "kind": "Measure"}]), replace(base, figures=figures))
    assert not why(report) and found.figures[2].part_of is None
    kinds = {change for change, _, _ in list_withdrawn(found)}
    assert kinds == {"part", "slot.part_of"}


def test_another_value_of_a_field_says_which_rule_the_old_one_had() -> None:
    base = make_letter()
    own = base.outline.letters[0]
    value = "霁川市科学技术局"
    wrong = replace(own, fields=(*own.fields, Field("title", "错的", own.span), Field("title", "又错", own.span)))
    wrong = replace(wrong, fields=tuple(f for f in wrong.fields if f.name != "title" or f.value in ("错的", "又错")))
    base = replace(base, outline=replace(base.outline, letters=(wrong, *base.outline.letters[1:])))
    found, report = review(say(fields=[{"id": own.id, "field": "title", "value": value, "quote": ""}]), base)
    assert not why(report)
    assert list_withdrawn(found) == {("field", f"title {old}", f"title {value}") for old in ("错的", "又错")}
    base = give(make_letter(), 0, ("level", "County"))
    found, report = review(say(fields=[{"id": "e1", "field": "level", "value": "Municipal", "quote": ""}]), base)
    assert not why(report) and list_withdrawn(found) == {("field", "level County", "level Municipal")}
