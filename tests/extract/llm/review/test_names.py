"""What a change may call a thing: its names, the letter's own words, short names, members of lists; and what denies."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from extract.llm.report import LlmReport
from extract.model import Bound, Extraction, Fact, Figure, FigureId, Kind
from tests.support.reading import reply
from tests.support.reviewing import entity, find, make_extraction, review, say, statements, why

GREEN = "“青苗”计划"


def figure(text: str, words: str, value: int, kind: Kind, **slots: Any) -> Figure:
    return Figure(FigureId("f1"), kind, find(text, words), Decimal(value), "家", Bound.EXACTLY, rule="made", **slots)


def edge(subject: str, predicate: str, obj: str, *quotes: str) -> dict[str, Any]:
    return {"s": [subject], "p": predicate, "o": [obj], "quotes": list(quotes)}


def ask(base: Extraction, **lists: list[Any]) -> tuple[Extraction, LlmReport]:
    return review(say(**lists), base)


class TestNames:
    def test_the_quoted_name_in_a_longer_one_stands_for_it(self) -> None:
        text = reply("一是实施配售型住房“筑巢计划”。“筑巢计划”向青年人才配售住房。")
        base = make_extraction(text, [(Kind.PROGRAM, "配售型住房“筑巢计划”", ()), (Kind.GROUP, "青年人才", ())])
        found, report = ask(base, edges=[edge("e1", "supports", "e2", "“筑巢计划”向青年人才配售")])
        assert report.accepted == 1 and ("配售型住房“筑巢计划”", "supports", "青年人才") in statements(found)

    def test_but_not_if_two_things_have_it(self) -> None:
        text = reply("一是实施住房“筑巢”计划和人才“筑巢”工程。“筑巢”向青年人才配售住房。")
        names = [
            (Kind.PROGRAM, "住房“筑巢”计划", ()),
            (Kind.PROGRAM, "人才“筑巢”工程", ()),
            (Kind.GROUP, "青年人才", ()),
        ]
        base = make_extraction(text, names)
        assert why(ask(base, edges=[edge("e1", "supports", "e3", "“筑巢”向青年人才配售")])[1]) == ["end"]

    @pytest.mark.parametrize(
        ("words", "accepted"),
        [
            ("众创工坊。对首次认定为国家级、省级的，分别给予50万元、20万元奖励。", True),
            ("众创工坊被评为国家级和省级的，给予奖励。", True),
            ("支持众创工坊发展。对认定为国家级云帆企业、省级云帆企业的，给予奖励。", False),
            ("支持众创工坊发展，落实国家级、省级的要求。", False),
            ("众创工坊被评为优秀；企业升级为国家级、省级的，给予奖励。", False),
        ],
    )
    def test_a_class_that_is_recognised_as_one_of_a_level(self, words: str, accepted: bool) -> None:
        base = make_extraction(reply(f"一是{words}"), [])
        quote = words.partition("的，")[0].partition("要求")[0]
        new = [
            {"key": f"n{i}", "kind": "EnterpriseTier", "name": name, "quote": quote}
            for i, name in enumerate(("国家级众创工坊", "省级众创工坊"))
        ]
        found, report = ask(base, entities=new)
        assert [entity.label for entity in found.entities] == ["国家级众创工坊", "省级众创工坊"] * accepted
        assert why(report) == ["absent"] * 2 * (not accepted)

    def test_a_bare_name_is_the_division_that_the_text_names_in_full(self) -> None:
        text = reply("一是霁川、云汀两市先行先试。云汀市获得补助200万元。")
        base = make_extraction(text, [(Kind.PLACE, "云汀市", ())])
        new = [{"key": "n1", "kind": "Place", "name": "云汀", "quote": "霁川、云汀两市"}]
        found, report = ask(base, entities=new)
        assert report.known == 1 and [entity.label for entity in found.entities] == ["云汀市"]

    def test_what_the_rules_took_for_a_class_gets_its_whole_name(self) -> None:
        text = reply("一是众创工坊。对首次认定为国家级的，给予50万元奖励。")
        base = make_extraction(text, [(Kind.TIER, "国家级", ())])
        found, report = ask(base, rename=[{"id": "e1", "name": "国家级众创工坊"}])
        assert report.accepted == 1 and found.entities[0].label == "国家级众创工坊"
        assert found.entities[0].get_fact("level") == "National"

    def test_the_end_of_a_name_may_be_what_is_counted(self) -> None:
        text = reply("一是建设瓷脉传承示范区，示范区达到80个。")
        base = make_extraction(text, [(Kind.TIER, "瓷脉传承示范区", ())])
        base = replace(base, figures=(figure(text, "示范区达到80个", 80, Kind.OBSERVATION),))
        change = {"id": "f1", "slot": "about", "value": "e1", "quotes": []}
        found, report = ask(base, figures=[change])
        assert report.accepted == 1 and found.figures[0].about == "e1"
        other = make_extraction(text, [(Kind.TIER, "瓷脉传承示范区", ()), (Kind.TIER, "生态示范区", ())])
        text = other.source.text
        other = replace(other, figures=base.figures, entities=(*other.entities[:1], replace(
            other.entities[1], spans=other.entities[0].spans)))  # fmt: skip
        quoted = {**change, "quotes": ["示范区达到80个"]}
        assert why(ask(other, figures=[quoted])[1]) == ["end"]

    def test_a_member_of_a_list_is_renamed_to_its_full_name(self) -> None:
        text = reply("一是对全国甲级、乙级旅游民宿分别给予30万元、15万元奖励。")
        base = make_extraction(text, [(Kind.TIER, "乙级旅游民宿", ())])
        found, report = ask(base, rename=[{"id": "e1", "name": "全国乙级旅游民宿"}])
        assert report.changed == {"rename": 1} and entity("全国乙级旅游民宿", found).id == "e1"
        assert why(ask(base, rename=[{"id": "e1", "name": "省级乙级旅游民宿"}])[1]) == ["quote"]

    def test_a_town_is_meant_by_its_words(self) -> None:
        text = reply("一是我镇实施“青苗”计划。", issuer="霁川市云岭镇人民政府")
        base = make_extraction(
            text, [(Kind.AGENCY, "霁川市云岭镇人民政府", ()), (Kind.PROGRAM, GREEN, ())],
            [("d1", "issuedBy", "e1", "霁川市云岭镇人民政府")],
        )  # fmt: skip
        found, report = ask(base, edges=[edge("e1", "administers", "e2", "我镇实施“青苗”计划")])
        assert report.accepted == 1 and ("霁川市云岭镇人民政府", "administers", GREEN) in statements(found)

    def test_a_bureau_is_not_meant_by_the_words_for_its_place(self) -> None:
        text = reply("一是我市的“青苗”计划成效明显。")
        base = make_extraction(
            text, [(Kind.AGENCY, "霁川市科学技术局", ()), (Kind.PROGRAM, GREEN, ())],
            [("d1", "issuedBy", "e1", "霁川市科学技术局")],
        )  # fmt: skip
        base = replace(base, outline=replace(base.outline, letters=tuple(
            replace(x, kind=Kind.INSTRUMENT, fields=()) for x in base.outline.letters)))  # fmt: skip
        assert why(ask(base, edges=[edge("e1", "administers", "e2", "我市的“青苗”计划成效明显")])[1]) == ["end"]

    def test_what_has_another_class_already_keeps_it_and_can_be_referred_to(self) -> None:
        text = reply("一是建成院士工作站3家。")
        base = make_extraction(text, [(Kind.ORGANIZATION, "院士工作站", ())])
        base = replace(base, figures=(figure(text, "院士工作站3家", 3, Kind.OBSERVATION),))
        new = {"key": "n1", "kind": "EnterpriseTier", "name": "院士工作站", "quote": "建成院士工作站3家"}
        change = {"id": "f1", "slot": "about", "value": "n1", "quotes": []}
        found, report = ask(base, entities=[new], figures=[change])
        assert why(report) == ["contradiction"] and report.changed == {"slot.about": 1}
        assert found.figures[0].about == "e1" and found.entities[0].kind is Kind.ORGANIZATION


class TestDenials:
    CONDITION = "未享受人才公寓的，可申领“青苗”计划补贴"

    def test_a_condition_of_the_one_who_gets_is_no_denial(self) -> None:
        text = reply(f"一是青年人才{self.CONDITION}。")
        base = make_extraction(text, [(Kind.GROUP, "青年人才", ()), (Kind.PROGRAM, GREEN, ())])
        found, report = ask(base, edges=[edge("e2", "supports", "e1", f"青年人才{self.CONDITION}")])
        assert report.accepted == 1 and (GREEN, "supports", "青年人才") in statements(found)

    @pytest.mark.parametrize(
        "words",
        ["未认定为青年人才的，可申领“青苗”计划补贴", "青年人才不得申领“青苗”计划补贴", "青年人才未申领“青苗”计划补贴"],
    )
    def test_these_are(self, words: str) -> None:
        base = make_extraction(reply(f"一是{words}。"), [(Kind.GROUP, "青年人才", ()), (Kind.PROGRAM, GREEN, ())])
        assert why(ask(base, edges=[edge("e2", "supports", "e1", words)])[1]) == ["denied"]


class TestContradictions:
    def test_a_later_state_of_an_instrument_is_not_taken_back(self) -> None:
        text = reply("一是现行《窑址保护管理办法》为2012年发布，已列入修订计划。")
        base = make_extraction(text, [(Kind.INSTRUMENT, "窑址保护管理办法", ())])
        change = {"id": "e1", "field": "status", "value": "InForce", "quote": "现行《窑址保护管理办法》"}
        assert why(ask(base, fields=[change])[1]) == ["contradiction"]
        text = reply("一是《窑址保护管理办法》已于2012年发布施行。")
        base = make_extraction(text, [(Kind.INSTRUMENT, "窑址保护管理办法", ())])
        found, report = ask(base, fields=[{**change, "quote": ""}])
        assert report.accepted == 1 and found.entities[0].get_fact("status") == "InForce"

    def test_what_stands_right_before_its_number_is_what_is_counted(self) -> None:
        text = reply("一是实施“青苗”计划，培训冷链从业人员600家。")
        base = make_extraction(text, [(Kind.GROUP, "冷链从业人员", ()), (Kind.PROGRAM, GREEN, ())])
        base = replace(base, figures=(figure(text, "培训冷链从业人员600家", 600, Kind.OBSERVATION, about="e1"),))
        for value in ("e2", ""):
            change = {"id": "f1", "slot": "about", "value": value, "quotes": []}
            assert why(ask(base, figures=[change])[1]) == ["contradiction"]

    def test_an_edge_of_what_the_same_answer_drops_is_no_refusal(self) -> None:
        text = reply("一是我局实施“青苗”计划，扶持青年人才。")
        base = make_extraction(
            text, [(Kind.PROGRAM, GREEN, ()), (Kind.GROUP, "青年人才", ())],
            [("e1", "supports", "e2", "“青苗”计划，扶持青年人才")],
        )  # fmt: skip
        report = ask(base, drop=["e2", "r1"])[1]
        assert report.changed == {"drop.entity": 1} and report.known == 1 and not report.refusals


def test_what_a_payment_is_for_is_written_as_the_rules_write_it() -> None:
    text = reply("一是对经济困难的老年人每人每月给予200家补贴。")
    base = make_extraction(text, [])
    base = replace(base, figures=(figure(text, "每人每月给予200家补贴", 200, Kind.PROVISION),))
    for value in ("每人每月", "人/月", "每月每人"):
        found, report = ask(base, figures=[{"id": "f1", "slot": "per", "value": value, "quotes": []}])
        assert report.accepted == 1 and found.figures[0].per == "人/月"
    assert why(ask(base, figures=[{"id": "f1", "slot": "per", "value": "每户", "quotes": []}])[1]) == ["quote"]


class TestNotices:
    """A notice and what it prints are one policy text."""

    TEXT = reply("一是落实《关于印发〈霁川市算力券办法〉的通知》（2023年1月20日）。《霁川市算力券办法》明确奖励标准。")
    TITLE = "关于印发〈霁川市算力券办法〉的通知"

    def make(self) -> Extraction:
        names = [(Kind.INSTRUMENT, "霁川市算力券办法", ()), (Kind.INSTRUMENT, self.TITLE, ())]
        base = make_extraction(self.TEXT, names)
        begin = self.TEXT.rindex("《霁川市算力券办法》") + 1
        one, two = base.entities
        inner = tuple(span for span in one.spans if span.begin >= begin)
        date = (Fact("issued", "2023-01-20", find(self.TEXT, "2023年1月20日")),)
        return replace(base, entities=(replace(one, spans=inner), replace(two, facts=date)))

    def test_they_are_merged_with_the_date_and_both_names(self) -> None:
        found, report = ask(self.make(), same=[["e1", "e2"]])
        assert report.changed == {"same": 1}
        (made,) = [e for e in found.entities if e.kind is Kind.INSTRUMENT]
        assert made.label == "霁川市算力券办法" and self.TITLE in made.aliases
        assert made.get_fact("issued") == "2023-01-20" and len(made.spans) > 1

    def test_two_texts_with_other_numbers_are_not(self) -> None:
        text = reply("一是落实《霁川市算力券办法》《霁川市算力券办法实施细则》。")
        names = [(Kind.INSTRUMENT, "霁川市算力券办法", ()), (Kind.INSTRUMENT, "霁川市算力券办法实施细则", ())]
        base = make_extraction(text, names)
        assert why(ask(base, same=[["e1", "e2"]])[1]) == ["contradiction"]


@pytest.mark.parametrize(
    ("words", "accepted"),
    [("建成“霁企小站”平台", True), ("依托“霁企小站”平台发布信息", False), ("“霁企小站”平台用户达5万户", False)],
)
def test_who_writes_runs_a_platform_only_where_the_words_say_so(words: str, accepted: bool) -> None:
    text = reply(f"一是优化服务。{words}。")
    base = make_extraction(
        text,
        [(Kind.AGENCY, "霁川市科学技术局", ()), (Kind.PLATFORM, "“霁企小站”平台", ())],
        [("d1", "issuedBy", "e1", "霁川市科学技术局")],
    )
    report = ask(base, edges=[edge("e1", "operates", "e2", words)])[1]
    assert (report.accepted, why(report)) == ((1, []) if accepted else (0, ["end"]))


@pytest.mark.parametrize("value", ["每年", "连续三年", "逐年"])
def test_how_often_is_no_time(value: str) -> None:
    text = reply(f"一是{value}培训企业职工200家。")
    base = make_extraction(text, [(Kind.GROUP, "企业职工", ())])
    base = replace(base, figures=(figure(text, "培训企业职工200家", 200, Kind.OBSERVATION),))
    report = ask(base, figures=[{"id": "f1", "slot": "period", "value": value, "quotes": []}])[1]
    assert why(report) == ["period"]
