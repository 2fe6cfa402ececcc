"""Changes of a reviewing model: what is applied, what is refused and why, what is kept of the rules."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from extract.llm.review.trust import ReviewTrust, trust_nothing
from extract.model import Bound, Figure, FigureId, Kind
from tests.support.reading import reply
from tests.support.reviewing import (
    ALL,
    LEX,
    TEXT,
    entity,
    figure,
    find,
    letter,
    make_extraction,
    review,
    say,
    statements,
    why,
)  # fmt: skip

GREEN, FAR, FIRMS = "“青苗”计划", "“远舟”专项", "高新技术企业"


def ident(label: str) -> str:
    return entity(label).id


def new(name: str, kind: str, quote: str, key: str = "n1") -> dict[str, str]:
    return {"key": key, "kind": kind, "name": name, "quote": quote}


def edge(subject: str, predicate: str, obj: str, *quotes: str) -> dict[str, Any]:
    return {"s": [subject], "p": predicate, "o": [obj], "quotes": list(quotes)}


def slot(ident: str, name: str, value: str, *quotes: str) -> dict[str, Any]:
    return {"id": ident, "slot": name, "value": value, "quotes": list(quotes)}


def test_an_answer_without_changes_changes_nothing() -> None:
    found, report = review(say())
    assert found == letter() and report.offered == 0


class TestEntities:
    def test_members_of_a_list_over_a_shared_word_are_named_in_two_pieces(self) -> None:
        quote = "国家级、省级云帆工坊"
        answer = say(
            entities=[
                new("国家级云帆工坊", "EnterpriseTier", quote),
                new("省级云帆工坊", "EnterpriseTier", quote, "n2"),
            ],
            figures=[slot(figure("20万元").id, "about", "n1"), slot(figure("10万元").id, "about", "n2")],
        )
        found, report = review(answer)
        assert report.accepted == 4 and not report.refusals
        levels = [entity(name, found).get_fact("level") for name in ("国家级云帆工坊", "省级云帆工坊")]
        assert levels == ["National", "Provincial"]
        for words, label in (("20万元", "国家级云帆工坊"), ("10万元", "省级云帆工坊")):
            assert found.get_entity(str(figure(words, found).about)).label == label
        assert entity("国家级云帆工坊", found).rule == "llm:m"

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (new("“远航”专项", "Program", "市科技局负责“远航”专项"), "quote"),
            (new("“远航”专项", "Program", "市科技局负责"), "absent"),
            (new("市级云帆工坊", "EnterpriseTier", "国家级、省级云帆工坊"), "absent"),
            (new("省级云帆工坊", "Agency2", "国家级、省级云帆工坊"), "kind"),
            (new("省级云帆工坊", "Person", "国家级、省级云帆工坊"), "form"),
            (new("省级云帆工坊", "Agency", "国家级、省级云帆工坊"), "form"),
            (new("省级云帆工坊", "Enterprise", "国家级、省级云帆工坊"), "form"),
            (new("我局", "Agency", "我局实施"), "name"),
            (new("“青苗”计划", "TargetGroup", "我局实施“青苗”计划"), "contradiction"),
        ],
    )
    def test_what_the_text_does_not_print_is_refused(self, change: dict[str, str], reason: str) -> None:
        found, report = review(say(entities=[change]))
        assert why(report) == [reason] and found.entities == letter().entities

    def test_a_name_takes_the_borders_that_the_text_has(self) -> None:
        found, report = review(say(rename=[{"id": ident("“霁企小站”平台"), "name": "霁企小站"}]))
        assert report.changed == {"rename": 1} and entity("霁企小站", found).id == ident("“霁企小站”平台")
        (revision,) = found.revisions
        assert (revision.before, revision.withdrawn_rule) == ("“霁企小站”平台", entity("“霁企小站”平台").rule)

    def test_a_name_from_elsewhere_or_that_cuts_a_word_is_refused(self) -> None:
        answer = say(rename=[{"id": ident(GREEN), "name": FAR}, {"id": ident("高新技术企业"), "name": "技术企"}])
        assert why(review(answer)[1]) == ["elsewhere", "border"]

    def test_a_class_that_the_name_contradicts_is_refused(self) -> None:
        answer = say(retype=[{"id": ident("市财政局"), "kind": "Enterprise"}, {"id": ident(GREEN), "kind": "Person"}])
        assert why(review(answer)[1]) == ["form", "form"]

    @pytest.mark.parametrize(
        ("label", "kind", "other"),
        [
            ("文旅消费券", Kind.PROGRAM, "EnterpriseTier"), ("在校学生", Kind.GROUP, "EnterpriseTier"),
            ("养老补贴", Kind.PROGRAM, "TargetGroup"), ("高校毕业生", Kind.GROUP, "Program"),
            ("创业人才", Kind.GROUP, "Place"), ("烈士遗属", Kind.GROUP, "Program"),
            ("中级技师", Kind.GROUP, "EnterpriseTier"), ("云上百科", Kind.PROGRAM, "Place"),
            ("在读硕士", Kind.GROUP, "Place"), ("脱贫农户", Kind.GROUP, "Place"),
            ("云岭窑址", Kind.PLACE, "Organization"), ("白石村", Kind.PLACE, "Organization"),
            ("全科医师", Kind.GROUP, "Organization"), ("云岭景点", Kind.ORGANIZATION, "Platform"),
        ],
    )  # fmt: skip
    def test_so_is_one_that_the_end_of_the_name_contradicts(self, label: str, kind: Kind, other: str) -> None:
        base = make_extraction(reply(f"一是发放和支持{label}。"), [(kind, label, ())])
        assert why(review(say(retype=[{"id": "e1", "kind": other}]), base)[1]) == ["form"]

    @pytest.mark.parametrize(
        ("label", "kind"),
        [
            ("在读硕士", "Place"), ("脱贫农户", "Place"), ("云岭窑址", "Organization"), ("白石村", "Organization"),
            ("全科医师", "Organization"), ("云岭景点", "Platform"), ("在校学生", "EnterpriseTier"),
        ],
    )  # fmt: skip
    def test_nor_does_a_new_name_get_it(self, label: str, kind: str) -> None:
        base = make_extraction(reply(f"一是发放和支持{label}。"), [])
        assert why(review(say(entities=[new(label, kind, f"支持{label}")]), base)[1]) == ["form"]

    @pytest.mark.parametrize(
        ("name", "kind", "words"),
        [
            ("小微企业", "EnterpriseTier", "支持小微企业"),  # an ending that the annotations know with other classes
            ("云上合作示范应用", "Organization", "支持云上合作示范应用"),  # what is done
            ("柳坪县", "TargetGroup", "支持柳坪县"),  # a name and the word for its kind of division
            ("省级技术中心", "Place", "支持省级技术中心"),  # a level
            ("优秀孵化基地", "Organization", "支持优秀孵化基地"),  # a word that tells some from others
            ("孵化基地", "Place", "支持一批孵化基地"),  # counted
            ("孵化基地", "Organization", "支持市内孵化基地"),
            ("陆文涛", "TargetGroup", "支持陆文涛"),  # a surname, and no word at the end
            ("创业能手", "Person", "支持创业能手"),  # no surname
        ],
    )  # fmt: skip
    def test_nor_one_that_other_words_of_the_name_or_before_it_contradict(
        self, name: str, kind: str, words: str
    ) -> None:
        base = make_extraction(reply(f"一是{words}。"), [])
        assert why(review(say(entities=[new(name, kind, words)]), base)[1]) == ["form"]

    @pytest.mark.parametrize(
        ("name", "kind", "words"),
        [
            ("小微企业", "TargetGroup", "支持小微企业"), ("省级小微企业", "EnterpriseTier", "支持省级小微企业"),
            ("柳坪县", "Place", "支持柳坪县"), ("柳坪孵化基地", "Place", "支持柳坪孵化基地"),
            ("孵化基地", "TargetGroup", "支持一批孵化基地"), ("陆文涛", "Person", "支持陆文涛"),
        ],
    )  # fmt: skip
    def test_others_keep_theirs(self, name: str, kind: str, words: str) -> None:
        base = make_extraction(reply(f"一是{words}。"), [])
        assert review(say(entities=[new(name, kind, words)]), base)[1].changed == {"entity": 1}

    def test_a_class_with_its_relations(self) -> None:
        name, words = "“远舟”项目", "“远舟”项目支持高新技术企业"
        base = make_extraction(
            reply(f"一是{words}。"),
            [(Kind.PROGRAM, name, ()), (Kind.TIER, "高新技术企业", ())],
            [("e1", "supports", "e2", words)],
        )
        found, report = review(say(retype=[{"id": "e1", "kind": "EnterpriseTier"}]), base)
        assert report.accepted == 1 and entity(name, found).kind is Kind.TIER
        assert entity(name, found).get_fact("level") is None  # its name states none
        assert (name, "supports", "高新技术企业") not in statements(found)
        withdrawn = [r.before for r in found.revisions if r.change == "drop.edge"]
        assert f"{name} supports 高新技术企业" in withdrawn

    def test_two_names_that_the_text_tells_apart_are_not_merged(self) -> None:
        assert why(review(say(same=[[ident(GREEN), ident(FAR)]]))[1]) == ["contradiction"]
        assert why(review(say(same=[[ident(GREEN), ident("市财政局")]]))[1]) == ["kind"]

    def test_a_short_name_that_the_text_introduces_is_merged(self) -> None:
        text = reply("一是我局实施“霁川青苗行动”计划（以下简称“育林计划”），通过“育林计划”扶持高新技术企业。")
        base = make_extraction(text, [(Kind.PROGRAM, "“霁川青苗行动”计划", ()), (Kind.PROGRAM, "育林计划", ())])
        found, report = review(say(same=[["e1", "e2"]]), base)
        assert report.accepted == 1 and "育林计划" in found.get_entity("e1").aliases

    def test_a_drop_takes_relations_and_slots_with_it_and_keeps_them_as_withdrawn(self) -> None:
        found, report = review(say(drop=[ident(FIRMS)]))
        assert report.changed == {"drop.entity": 1} and found.find_entity(FIRMS) is None
        assert all(figure.about != ident(FIRMS) for figure in found.figures)
        before = {(r.change, r.before) for r in found.revisions}
        assert ("drop.entity", f"EnterpriseTier {FIRMS}") in before
        assert ("drop.edge", f"{FAR} supports {FIRMS}") in before
        assert ("slot.about", FIRMS) in before
        assert all(r.withdrawn_rule and r.withdrawn_confidence for r in found.revisions)

    def test_the_issuer_a_certain_name_and_what_the_answer_itself_uses_are_not_dropped(self) -> None:
        assert why(review(say(drop=[ident("市科技局"), ident("霁川云端智造有限公司")]))[1]) == ["certain", "certain"]
        used = say(drop=[ident(FIRMS)], figures=[slot(figure("10万元").id, "about", ident(FIRMS))])
        assert why(review(used)[1])[0] == "contradiction"


class TestEdges:
    def test_an_edge_that_the_quote_states(self) -> None:
        quote = "霁川云端智造有限公司入选“远舟”专项"
        found, report = review(say(edges=[edge(ident("霁川云端智造有限公司"), "participatesIn", ident(FAR), quote)]))
        assert report.changed == {"edge": 1} and ("霁川云端智造有限公司", "participatesIn", FAR) in statements(found)
        (made,) = [r for r in found.relations if r.predicate == "participatesIn"]
        assert made.rule == "llm:m" and made.span.of(TEXT) == quote and made.confidence == pytest.approx(0.7)

    @pytest.mark.parametrize(
        ("subject", "predicate", "obj", "quotes", "reason"),
        [
            ("市财政局", "administers", FAR, ["市财政局不得实施“远舟”专项"], "denied"),
            ("市财政局", "administers", FAR, ["市财政局负责“远舟”专项"], "quote"),
            ("市财政局", "administers", GREEN, ["我局实施“青苗”计划"], "end"),
            ("市财政局", "administers", GREEN, ["我局实施“青苗”计划", "市财政局不得实施"], "item"),
            ("市财政局", "operates", FAR, ["市财政局不得实施“远舟”专项"], "kind"),
            (GREEN, "supports", "市财政局", ["我局实施“青苗”计划"], "kind"),
        ],
    )
    def test_an_edge_that_it_does_not_state(
        self, subject: str, predicate: str, obj: str, quotes: list[str], reason: str
    ) -> None:
        found, report = review(say(edges=[edge(ident(subject), predicate, ident(obj), *quotes)]))
        assert why(report) == [reason] and statements(found) == statements(letter())

    def test_a_known_edge_is_known_and_an_unknown_id_refused(self) -> None:
        known = edge(ident("市科技局"), "administers", ident(GREEN), "我局实施“青苗”计划")
        report = review(say(edges=[known, edge("n7", "administers", ident(GREEN), "我局实施“青苗”计划")]))[1]
        assert report.known == 1 and why(report) == ["id"]

    def test_the_rungs_of_a_ladder_stand_in_their_order(self) -> None:
        names = ("创新型云帆工坊", "省级云帆工坊", "国家级云帆工坊")
        text = reply(f"一是构建“{'—'.join(names)}”梯队，培育省级云帆工坊3家。")
        base = make_extraction(text, [(Kind.TIER, name, ()) for name in names])
        up, report = review(say(ladders=[{"ids": ["e1", "e2", "e3"], "quotes": ["—".join(names)]}]), base)
        assert report.accepted == 2
        assert statements(up) == {(names[0], "advancesTo", names[1]), (names[1], "advancesTo", names[2])}
        down, report = review(say(ladders=[{"ids": ["e3", "e1"], "quotes": ["—".join(names)]}]), base)
        assert why(report) == ["order"] and statements(down) == set()

    def test_an_edge_is_dropped_by_its_number(self) -> None:
        from extract.llm.review.draft import number_relations

        before = letter()
        wanted = (ident(FAR), "supports", ident("高新技术企业"))
        (number,) = [n for n, statement in number_relations(before).items() if statement == wanted]
        found, _ = review(say(drop=[number]))
        assert statements(before) - statements(found) == {(FAR, "supports", "高新技术企业")}

    def test_a_policy_text_without_a_title_is_what_it_says(self) -> None:
        from dataclasses import replace

        base = letter()
        own = replace(base.outline.letters[0], kind=Kind.INSTRUMENT, fields=())
        base = replace(base, outline=replace(base.outline, letters=(own, *base.outline.letters[1:])))
        answer = say(edges=[edge(own.id, "establishes", ident(GREEN), "我局实施“青苗”计划")])
        found, report = review(answer, base)
        assert report.changed == {"document": 1}
        assert any((r.subject, r.predicate) == (own.id, "establishes") for r in found.relations)


class TestFigures:
    def test_a_slot_is_changed_and_its_number_never(self) -> None:
        one = figure("5万元")
        found, report = review(say(figures=[slot(one.id, "about", ident(FAR))]))
        changed = found[one.id]
        assert report.changed == {"slot.about": 1} and changed.about == ident(FAR)  # type: ignore[union-attr]
        assert (changed.value, changed.unit, changed.span) == (one.value, one.unit, one.span)  # type: ignore[union-attr]
        (revision,) = found.revisions
        assert (revision.before, revision.after, revision.withdrawn_rule) == ("高新技术企业", FAR, one.rule)

    @pytest.mark.parametrize(
        ("words", "name", "value", "reason"),
        [
            ("5万元", "about", "“霁企小站”平台", "end"),
            ("5万元", "about", "市财政局", "kind"),
            ("5万元", "provider", FAR, "kind"),
            ("300万元", "period", "2019年", "period"),
            ("300万元", "provider", "市科技局", "kind"),
            ("300万元", "kind", "Target", "contradiction"),
            ("5万元", "kind", "Target", "contradiction"),
            ("5万元", "kind", "Observation", "contradiction"),
            ("20万元", "kind", "Condition", "contradiction"),
            ("300万元", "kind", "Planet", "kind"),
            ("200家", "about", FAR, "contradiction"),
        ],
    )
    def test_a_slot_that_the_item_does_not_state(self, words: str, name: str, value: str, reason: str) -> None:
        known = letter().find_entity(value)
        found, report = review(say(figures=[slot(figure(words).id, name, known.id if known else value)]))
        assert why(report) == [reason] and found.figures == letter().figures

    def test_a_slot_is_cleared_and_a_time_read(self) -> None:
        one = figure("200家")
        found, _ = review(say(figures=[slot(one.id, "period", "")]))
        assert found[one.id].period == found[one.id].deadline == ""  # type: ignore[union-attr]
        again, report = review(say(figures=[slot(one.id, "period", "2027年")]))
        assert report.known == 1 and again.figures == letter().figures

    def test_a_quote_of_another_item_supports_no_slot(self) -> None:
        change = slot(figure("5万元").id, "about", ident(GREEN), "我局实施“青苗”计划")
        assert why(review(say(figures=[change]))[1]) == ["item"]

    def test_a_number_is_read_by_the_rules(self) -> None:
        base = make_extraction(reply("一是优化服务。目前共有联络员120名，其中专职35名。"), [])
        wrong = {"key": "m1", "kind": "Observation", "number": "999名", "quote": "共有联络员120名"}
        right = {"key": "m2", "kind": "Observation", "number": "120名", "quote": "共有联络员120名"}
        found, report = review(say(numbers=[wrong, right]), base)
        assert why(report) == ["number"] and report.changed == {"figure": 1}
        (figure,) = found.figures
        assert (figure.value, figure.unit, figure.rule) == (120, "名", "llm:m")

    @pytest.mark.parametrize("kind", ["Condition", "Observation"])
    def test_what_somebody_may_get_is_neither_a_threshold_nor_a_fact(self, kind: str) -> None:
        text = reply("一是优化服务。对吸纳3人以上的小微企业，每人每月可领取200元，已有多家企业受益。")
        one = replace(figure("20万元"), span=find(text, "200元"), about=None)
        base = make_extraction(text, [(Kind.GROUP, "小微企业", ())], figures=[one])
        assert why(review(say(figures=[slot("f1", "kind", kind)]), base)[1]) == ["contradiction"]

    @pytest.mark.parametrize(
        ("sentence", "number", "kind"),
        [
            ("消费券单张面值最高200元", "200元", "Observation"),
            ("消费券单张面值最高200元", "200元", "Target"),
            ("消费券按票价的75%兑付", "75%", "Target"),
            ("对带来5亿元以上投资的，给予奖励", "5亿元", "Observation"),
            ("给予每户最高500万元贷款", "500万元", "Condition"),
            ("全市有孵化基地12家", "12家", "Condition"),
            ("已建成孵化基地12家", "12家", "Target"),
            ("2020年建成孵化基地12家", "12家", "Target"),
            ("到2035年建成孵化基地12家", "12家", "Observation"),
            ("下一步，力争建成孵化基地12家", "12家", "Observation"),
        ],
    )  # fmt: skip
    def test_a_class_of_figures_that_the_words_around_it_contradict(
        self, sentence: str, number: str, kind: str
    ) -> None:
        text = reply(f"一是优化服务。{sentence}。")
        base = make_extraction(text, [])
        answer = say(numbers=[{"key": "m1", "kind": kind, "number": number, "quote": sentence}])
        before = next((f for f in base.figures), None)
        assert before is None and why(review(answer, base)[1]) == ["contradiction"]

    @pytest.mark.parametrize(
        ("name", "accepted"), [("e1", 1), ("e2", 0), ("e3", 0)], ids=["before", "behind", "the place of the letter"]
    )
    def test_a_support_is_not_about_who_stands_behind_it_or_the_whole_place(self, name: str, accepted: int) -> None:
        text = reply("一是优化服务。全市对云帆工坊给予5万元补助，对远帆工坊给予培训。")
        names = [(Kind.TIER, "云帆工坊", ()), (Kind.TIER, "远帆工坊", ()), (Kind.PLACE, "霁川市", ("全市",)),
                 (Kind.AGENCY, "霁川市工业和信息化局", ("市工业和信息化局",))]  # fmt: skip
        made = Figure(FigureId("f1"), Kind.PROVISION, find(text, "5万元补助"), Decimal(50000), "CNY", Bound.EXACTLY)
        ends = [("d1", "issuedBy", "e4", "云帆工坊"), ("e4", "jurisdiction", "e3", "全市")]
        report = review(say(figures=[slot("f1", "about", name)]), make_extraction(text, names, ends, [made]))[1]
        assert report.accepted == accepted and why(report) == ["contradiction"] * (1 - accepted)

    def test_a_figure_is_dropped_and_kept_as_withdrawn(self) -> None:
        one = figure("300万元")
        found, _ = review(say(drop=[one.id]))
        assert one.id not in {f.id for f in found.figures}
        said = {(r.change, r.before) for r in found.revisions}
        assert said == {
            ("drop.figure", "Observation 兑现资金300万元"), ("slot.about", GREEN), ("slot.period", "2025"),
        }  # fmt: skip


class TestDocuments:
    def test_a_part_gets_a_class_of_its_document(self) -> None:
        found, report = review(say(parts=[{"id": "p2", "kind": ""}, {"id": "p3", "kind": "Suggestion"}]))
        assert report.accepted == 1 and why(report) == ["kind"]
        assert found.outline.get_part("p2").kind is None and found.revisions[-1].before == "Measure"

    def test_a_promise_needs_words_of_the_future(self) -> None:
        report = review(say(parts=[{"id": "p1", "kind": "Commitment"}]))[1]
        assert report.accepted + len(report.refusals) == 1

    def test_a_date_stands_in_the_text(self) -> None:
        wrong = {"id": "d1", "field": "issued", "value": "2024年6月9日", "quote": ""}
        same = {"id": "d1", "field": "issued", "value": "2024年5月9日", "quote": ""}
        report = review(say(fields=[wrong, same]))[1]
        assert why(report) == ["quote"] and report.known == 1


class TestTrust:
    def test_without_a_check_a_model_only_adds(self) -> None:
        quote = "霁川云端智造有限公司入选“远舟”专项"
        answer = say(
            drop=[ident(FIRMS), figure("300万元").id],
            retype=[{"id": ident(FIRMS), "kind": "TargetGroup"}],
            edges=[edge(ident("霁川云端智造有限公司"), "participatesIn", ident(FAR), quote)],
            figures=[slot(figure("5万元").id, "about", ident(FAR)), slot(figure("10万元").id, "under", ident(GREEN))],
        )
        found, report = review(answer, trust=trust_nothing(LEX))
        assert why(report).count("untrusted") == 4 and report.changed == {"edge": 1, "slot.under": 1}
        assert {e.id for e in letter().entities} <= {e.id for e in found.entities}

    def test_only_the_kinds_that_a_check_found_right_override(self) -> None:
        trust = ReviewTrust((("drop.figure", 0.95), ("drop.entity", 0.6)), 0.9, 0.7, True)
        found, report = review(say(drop=[ident(FIRMS), figure("300万元").id]), trust=trust)
        assert report.changed == {"drop.figure": 1} and why(report) == ["untrusted"]
        assert found.revisions[0].confidence == pytest.approx(0.95)


def test_every_refusal_says_what_was_refused() -> None:
    answer = say(figures=[slot(figure("300万元").id, "period", "2019年")])
    (refusal,) = review(answer)[1].refusals
    assert (refusal.source, refusal.change, refusal.reason) == ("test.txt", "slot.period", "period")
    assert "300万元" in refusal.words and "2019年" in refusal.words and "\n" not in refusal.words


def test_changes_come_in_a_fixed_order_and_twice_gives_the_same() -> None:
    answer = say(drop=[ident(FIRMS)], rename=[{"id": ident(GREEN), "name": "青苗"}])
    assert review(answer) == review(json.dumps(json.loads(answer)))
    assert ALL.checked
