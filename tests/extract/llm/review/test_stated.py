"""What the words around a name must say: that a program is set up, that a place gets something, who comes first."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extract.llm.review import make_sections
from extract.llm.review.quotes import QuotedText
from extract.model import Bound, Extraction, Figure, FigureId, Kind
from tests.support.reading import reply
from tests.support.reviewing import LEX, entity, figure, find, make_extraction, review, say, statements, why

OWN = "青禾市稳岗若干措施"


def page(*items: str) -> str:
    """A policy text with these items."""
    numbered = "\n".join(f"{number}、{item}" for number, item in zip("一二三四五六", items, strict=False))
    return f"{OWN}\n\n为稳定就业，制定本措施。\n{numbered}\n青禾市人民政府\n2025年3月2日\n"


def support(text: str, words: str, value: int, kind: Kind = Kind.PROVISION, number: int = 1) -> Figure:
    return Figure(FigureId(f"f{number}"), kind, find(text, words), Decimal(value), "CNY", Bound.EXACTLY, rule="made",
                  confidence=0.9)  # fmt: skip


class TestPrograms:
    @pytest.mark.parametrize(
        "item",
        [
            "设立“晴帆”跟岗补贴。", "“晴帆”跟岗补贴。对小微企业给予支持。", "在全市推行“晴帆”跟岗补贴。",
            "“晴帆”跟岗补贴已上线。", "实施“远岸”行动、“晴帆”跟岗补贴。",
        ],
    )  # fmt: skip
    def test_a_text_sets_up_what_its_words_say(self, item: str) -> None:
        found = self.establish("“晴帆”跟岗补贴", item)
        assert (OWN, "establishes", "“晴帆”跟岗补贴") in statements(found)

    @pytest.mark.parametrize(
        ("name", "item"),
        [
            ("“晴帆”跟岗补贴", "加快“晴帆”跟岗补贴兑现。"), ("“晴帆”跟岗补贴", "鼓励各县区设立“晴帆”跟岗补贴。"),
            ("用工监测", "开展用工监测。"), ("岗位调查评估", "组织开展岗位调查评估，及时发布结果。"),
            ("“晴帆”跟岗补贴", "深化“晴帆”跟岗补贴，扩大受益面。"),
        ],
    )  # fmt: skip
    def test_and_no_more(self, name: str, item: str) -> None:
        assert (OWN, "establishes", name) not in statements(self.establish(name, item, "unstated"))

    def test_an_activity_that_is_founded_is_a_program(self) -> None:
        assert statements(self.establish("用工监测", "建立用工监测。"))

    def test_a_clause_goes_on_in_the_next_line(self) -> None:
        clause = "开展全市重点企业和重点园区以及上下游企业的用工监测"
        words = f"{'各县区要压实责任，明确分工，认真抓好各项措施的落实，' * 2}{clause}，及时报告结果。"
        text = page("\n".join(words[at : at + 34] for at in range(0, len(words), 34)))
        base = make_extraction(text, [(Kind.INSTRUMENT, OWN, ())])
        found = QuotedText(base, make_sections(base, LEX)[0], LEX).find_clause(find(text, "监测")).of(text)
        assert found.replace("\n", "") == clause != found

    def establish(self, name: str, item: str, reason: str = "") -> Extraction:
        text = page(item, "本措施自印发之日起施行。")
        base = make_extraction(text, [(Kind.INSTRUMENT, OWN, ()), (Kind.PROGRAM, name, ())])
        quote = item.split("。")[0]
        found, report = review(
            say(edges=[{"s": ["e1"], "p": "establishes", "o": ["e2"], "quotes": [quote]}]), base
        )  # fmt: skip
        assert why(report) == ([reason] if reason else [])
        return found

    @pytest.mark.parametrize(
        ("words", "reasons"),
        [
            ("实行“云上办”，企业少跑路。", ["certain"]), ("考取“云上办”职称的职工。", ["certain"]),
            ("通过门户“云上办”，企业少跑路。", []), ("实现“云上办”双向互动。", []),
        ],
    )  # fmt: skip
    def test_a_quoted_name_stays_if_the_text_calls_or_runs_it(self, words: str, reasons: list[str]) -> None:
        base = make_extraction(reply(f"一是{words}"), [(Kind.PROGRAM, "云上办", ())])
        assert why(review(say(drop=["e1"]), base)[1]) == reasons


class TestPlaces:
    def test_a_kind_of_place_stays_a_place_unless_it_gets_something(self) -> None:
        text = page("加强市级数创示范区建设。", "对市级数创示范区给予20万元奖励。")
        base = make_extraction(text, [(Kind.INSTRUMENT, OWN, ()), (Kind.PLACE, "市级数创示范区", ())])
        change = [{"id": "e2", "kind": "TargetGroup"}]
        assert why(review(say(retype=change), base)[1]) == ["equal"]
        given = {"s": ["e1"], "p": "supports", "o": ["e2"], "quotes": ["对市级数创示范区给予20万元奖励"]}
        found, report = review(say(retype=change, edges=[given]), base)
        assert not report.refusals and entity("市级数创示范区", found).kind is Kind.GROUP


class TestNames:
    def test_a_new_entity_is_merged_with_a_known_one(self) -> None:
        text = reply("一是市科技局负责“远舟”专项，由市科技部门受理。")
        base = make_extraction(
            text, [(Kind.AGENCY, "霁川市科学技术局", ("市科技局",)), (Kind.PROGRAM, "“远舟”专项", ())]
        )
        row = {"key": "n1", "kind": "Agency", "name": "市科技部门", "quote": "由市科技部门受理"}
        found, report = review(say(entities=[row], same=[["e1", "n1"]]), base)
        assert report.changed == {"entity": 1, "same": 1} and "市科技部门" in " ".join(found.entities[0].aliases)
        assert len(found.entities) == 2

    def test_an_organ_of_another_field_is_another_one(self) -> None:
        text = reply("一是市科技局负责“远舟”专项，由市住建部门受理。")
        base = make_extraction(text, [(Kind.AGENCY, "霁川市科学技术局", ("市科技局",))])
        row = {"key": "n1", "kind": "Agency", "name": "市住建部门", "quote": "由市住建部门受理"}
        assert why(review(say(entities=[row], same=[["e1", "n1"]]), base)[1]) == ["contradiction"]

    def test_a_class_may_be_narrower_than_a_known_one_but_has_no_verb(self) -> None:
        base = make_extraction(reply("一是支持小微企业。二是免除餐饮小微企业的租金。"), [(Kind.GROUP, "小微企业", ())])
        rows = [{"key": f"n{n}", "kind": "TargetGroup", "name": name, "quote": name}
                for n, name in enumerate(("餐饮小微企业", "支持小微企业"))]  # fmt: skip
        found, report = review(say(entities=rows), base)
        assert why(report) == ["clash"] and entity("餐饮小微企业", found).kind is Kind.GROUP

    def test_a_negation_inside_a_name_denies_nothing(self) -> None:
        quote = "“晴帆”补贴面向离校未就业毕业生"
        base = make_extraction(
            reply(f"一是{quote}。"), [(Kind.PROGRAM, "“晴帆”补贴", ()), (Kind.GROUP, "离校未就业毕业生", ())]
        )
        report = review(say(edges=[{"s": ["e1"], "p": "supports", "o": ["e2"], "quotes": [quote]}]), base)[1]
        assert report.changed == {"edge": 1}


class TestBroader:
    @pytest.mark.parametrize(
        ("words", "narrow_first"),
        [("青年人才包括技师和医师", False), ("青年人才，是指在岗的技师、医师", False), ("技师属于青年人才", True)],
    )
    def test_the_words_between_say_which_is_wider(self, words: str, narrow_first: bool) -> None:
        base = make_extraction(reply(f"一是{words}。"), [(Kind.GROUP, "青年人才", ()), (Kind.GROUP, "技师", ())])

        def say_broader(narrow: str, wide: str) -> list[str]:
            return why(
                review(say(edges=[{"s": [narrow], "p": "broader", "o": [wide], "quotes": [words]}]), base)[1]
            )  # fmt: skip

        assert say_broader("e2", "e1") == []
        assert say_broader("e1", "e2") == ["order"]
        assert (base.entities[1].spans[0] < base.entities[0].spans[0]) is narrow_first


class TestFigures:
    TEXT = page(
        "对招用退役军人的小微企业，实施“晴帆”跟岗补贴。",
        "申请补贴的，须注册满两年，上年度营业收入达到500万元以上，研发费用达到30万元以上。",
        "每家单位最高不超过8万元。",
        "对个体工商户，每人补贴2万元。",
    )

    def letter(self, *more: str) -> Extraction:
        names = [(Kind.INSTRUMENT, OWN, ()), (Kind.PROGRAM, "“晴帆”跟岗补贴", ()), (Kind.GROUP, "小微企业", ()),
                 (Kind.GROUP, "个体工商户", ()), *((Kind.PROGRAM, name, ()) for name in more)]  # fmt: skip
        given = ("e2", "supports", "e3", "对招用退役军人的小微企业")
        stated = [("e1", "establishes", "e2", "实施“晴帆”跟岗补贴"), given]
        stated += [("e1", "establishes", f"e{5 + n}", "实施") for n in range(len(more))]
        figures = [
            support(self.TEXT, "500万元以上", 5000000, Kind.CONDITION, 1),
            support(self.TEXT, "30万元以上", 300000, Kind.CONDITION, 2),
            support(self.TEXT, "每家单位最高不超过8万元", 80000, number=3),
            support(self.TEXT, "每人补贴2万元", 20000, number=4),
        ]
        return make_extraction(self.TEXT, names, stated, figures)

    def test_a_support_of_each_unit_is_about_those_whom_its_program_supports(self) -> None:
        found, report = review(say(figures=[{"id": "f3", "slot": "about", "value": "e3", "quotes": []}]), self.letter())
        assert not report.refusals and figure("8万元", found).about == "e3"

    @pytest.mark.parametrize(("one", "about"), [("f3", "e4"), ("f4", "e3"), ("f1", "e3")])
    def test_but_not_about_others_or_if_the_sentence_names_somebody(self, one: str, about: str) -> None:
        change = {"id": one, "slot": "about", "value": about, "quotes": []}
        assert why(review(say(figures=[change]), self.letter())[1]) == ["end"]

    def test_many_conditions_of_one_program_are_one_row(self) -> None:
        row = {"id": ["f1", "f2"], "slot": "condition_of", "value": "e2", "quotes": []}
        found, report = review(say(figures=[row]), self.letter())
        assert report.changed == {"slot.condition_of": 2}
        assert {figure(words, found).condition_of for words in ("500万元", "30万元")} == {"e2"}

    def test_a_condition_decides_no_agency_and_no_class_of_people(self) -> None:
        row = {"id": "f1", "slot": "condition_of", "value": "e3", "quotes": []}
        assert why(review(say(figures=[row]), self.letter())[1]) == ["kind"]

    def test_a_condition_of_those_who_get_a_support_stands_where_they_are_described(self) -> None:
        text = page(
            "小微企业应满足注册满两年，上年度营业收入达到500万元以上。",
            "对小微企业，每户补贴2万元。",
            "每人补助3万元。",
        )
        figures = [
            support(text, "500万元以上", 5000000, Kind.CONDITION, 1),
            replace(support(text, "每户补贴2万元", 20000, number=2), about="e2"),
            support(text, "每人补助3万元", 30000, number=3),
        ]  # fmt: skip
        base = make_extraction(text, [(Kind.INSTRUMENT, OWN, ()), (Kind.GROUP, "小微企业", ())], [], figures)
        rows = [{"id": "f1", "slot": "condition_of", "value": f"f{n}", "quotes": []} for n in (3, 2)]
        found, report = review(say(figures=rows), base)
        assert why(report) == ["end"] and figure("500万元", found).condition_of == "f2"

    def test_among_several_programs_the_item_must_name_it(self) -> None:
        row = {"id": "f1", "slot": "condition_of", "value": "e2", "quotes": []}
        assert why(review(say(figures=[row]), self.letter("“远岸”专项"))[1]) == ["end"]

    def test_a_fraction_is_a_number(self) -> None:
        base = make_extraction(reply("一是按实际缴费额不低于1/2、不高于三分之二给予补贴。"), [])
        quote = "不低于1/2、不高于三分之二给予补贴"
        rows = [{"key": f"m{n}", "kind": "Provision", "number": words, "quote": quote}
                for n, words in enumerate(("1/2", "三分之二"), 1)]  # fmt: skip
        found, report = review(say(numbers=rows), base)
        assert report.changed == {"figure": 2}
        assert [(f.value, f.unit, f.bound) for f in found.figures] == [
            (Decimal("0.5"), "", Bound.AT_LEAST), (Decimal("0.666667"), "", Bound.AT_MOST),
        ]  # fmt: skip


def test_items_of_a_letter_on_one_line_are_told_apart() -> None:
    filler = "各有关单位要压实责任，认真抓好落实。" * 40
    text = reply(f"我局高度重视。{filler}（一）实施“青苗”计划。（二）市科技局负责“远舟”专项。")
    base = make_extraction(text, [(Kind.PROGRAM, "“青苗”计划", ()), (Kind.AGENCY, "霁川市科学技术局", ("市科技局",))])
    quoted = QuotedText(base, make_sections(base, LEX)[0], LEX)
    one, two = find(text, "“青苗”计划"), find(text, "市科技局负责")
    assert len(filler) > 600 and not quoted.are_in_one_item(one, two)
    assert quoted.are_in_one_item(two, find(text, "“远舟”专项"))
