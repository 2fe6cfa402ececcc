"""The examples of the prompt: what they show is accepted, and they show the ids and the form of a real request."""

from __future__ import annotations

import re
from decimal import Decimal

from extract.llm.review.rules import read_rules
from extract.model import Bound, Extraction, Figure, FigureId, Kind
from tests.support.reading import read
from tests.support.reviewing import LEX, entity, figure, find, make_extraction, review, statements

_EXAMPLE = re.compile(r"^原文：\d+│(.+)\n规则：(.+)\n输出：(\{.+\})$", re.MULTILINE)


def examples() -> list[tuple[str, str, str]]:
    """Text, facts and answer of each example, as a model reads them."""
    user = str(read_rules(LEX)["messages"]["user"]).replace("{{", "{").replace("}}", "}")
    return [(found[1], found[2], found[3]) for found in _EXAMPLE.finditer(user)]


def page(text: str) -> str:
    """A policy text with *text* as its only item."""
    return f"青禾市稳岗若干措施\n\n为稳定就业，制定本措施。\n一、{text}\n青禾市人民政府\n2025年3月2日\n"


def given(
    text: str, names: list[tuple[Kind, str, tuple[str, ...]]], figures: list[tuple[Kind, str, int, str, str]]
) -> Extraction:
    made = [
        Figure(FigureId(f"f{n}"), kind, find(text, words), Decimal(value), unit, Bound.EXACTLY, rule="made",
               confidence=0.9, about=about or None)
        for n, (kind, words, value, unit, about) in enumerate(figures, 1)
    ]  # fmt: skip
    return make_extraction(text, names, [], made)


def test_the_prompt_has_few_examples() -> None:
    assert 1 <= len(examples()) <= 3


def test_the_first_example_divides_a_list() -> None:
    words, facts, answer = examples()[0]
    text = page(words)
    base = given(
        text,
        [
            (Kind.TIER, "新认定的省级", ()), (Kind.AGENCY, "青禾市工业和信息化局", ("市工信局",)),
            (Kind.PROGRAM, "“远航”专项", ("审核发放",)),
        ],
        [(Kind.PROVISION, "20万元", 200000, "CNY", ""), (Kind.PROVISION, "10万元", 100000, "CNY", "e1")],
    )  # fmt: skip
    assert all(f"{e.id} {e.kind.value} {e.label}" in facts for e in base.entities)
    found, report = review(answer, base)
    assert report.accepted == report.offered == 5 and not report.refusals
    assert figure("20万元", found).about == entity("省级云帆企业", found).id
    assert figure("10万元", found).about == entity("市级云帆企业", found).id


def test_the_second_example_brings_in_relations_a_range_and_a_target() -> None:
    words, facts, answer = examples()[1]
    text = page(words)
    base = given(
        text,
        [
            (Kind.INSTRUMENT, "青禾市稳岗若干措施", ()), (Kind.PROGRAM, "“晴帆”跟岗计划", ()),
            (Kind.AGENCY, "青禾市人力资源和社会保障局", ("市人社局",)), (Kind.PLACE, "青禾市", ("全市",)),
        ],
        [(Kind.PROVISION, "每人2000元至3000元", 2000, "CNY", "e3"), (Kind.OBSERVATION, "岗位500个", 500, "个", "")],
    )  # fmt: skip
    assert all(f"{e.id} {e.kind.value} {e.label}" in facts for e in base.entities)
    found, report = review(answer, base)
    assert report.accepted == report.offered and not report.refusals
    assert {
        ("“晴帆”跟岗计划", "supports", "小微企业"), ("青禾市人力资源和社会保障局", "administers", "“晴帆”跟岗计划"),
    } <= statements(found)  # fmt: skip
    group, target = entity("小微企业", found), figure("岗位500个", found)
    assert [f.about for f in found.figures if f.kind is Kind.PROVISION] == [group.id, group.id]
    assert (target.kind, target.about, target.period) == (Kind.TARGET, "e4", "2027")


def test_the_texts_of_the_examples_are_policies() -> None:
    assert [letter.kind for letter in read(page(examples()[1][0])).outline.letters] == [Kind.INSTRUMENT]
