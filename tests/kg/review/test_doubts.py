"""What is doubtful: the rows of each kind, and names that may be one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import kg
from kg.review.names import NamedThing, find_odd_aliases, find_similar_names
from tests.support.invented_page import PAGE
from tests.support.judging import LAW, NEAR, SOURCE, TIER, rows

pytestmark = pytest.mark.usefixtures("by_hand")


def test_each_kind_of_doubt_has_its_rows() -> None:
    found = {(r.sheet, r.cells.get("object", ""), r.cells.get("subject", "")) for r in rows()}
    assert ("statements", "企业梯队：省级专精特新中小企业", f"政策文件：{LAW}") in found
    assert ("names", "省级专精特新中小企业", NEAR) in found
    assert ("aliases", "专精特新百强", TIER) in found
    assert {o for s, o, _ in found if s == "conflicts"} == {"栖府办〔2022〕8号", "澄府发〔2023〕1号"}
    assert [r.cells["words"] for r in rows() if r.sheet == "gaps"] == ["20家"]


def test_a_row_has_its_sentence_and_the_quoted_words_in_it() -> None:
    [row] = [r for r in rows() if r.sheet == "statements"]
    before, words, after = row.passages["sentence"]
    assert words == "我局实施“登高计划”"
    assert before + words + after in PAGE and after.endswith("平台申报。")


def test_ids_are_of_what_a_row_is_about_and_not_of_its_place() -> None:
    before = {r.id for r in rows()}
    assert len(before) == len(rows())
    Path(SOURCE).write_text("\n\n" + PAGE, encoding="utf-8")
    kg.build(SOURCE, "store")
    assert {r.id for r in rows()} == before


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("省级专精特新中小企业", "专精特新中小企业", "level"),
        ("优质企业梯度培育行动计划", "优质企业梯度培育行动方案计划", "near"),
    ],
)
def test_names_that_may_be_one(one: str, other: str, why: str) -> None:
    [pair] = find_similar_names([NamedThing("a", "Program", one, ()), NamedThing("b", "Program", other, ())])
    assert pair.reason == why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("优质企业培育行动计划第一批", "优质企业培育行动计划第二批"),
        ("2023年优质企业培育行动", "2024年优质企业培育行动"),
        ("国家级专精特新企业", "省级专精特新企业"),
        ("东部产业集聚区规划", "西部产业集聚区规划"),
        ("登高计划", "绿野行动"),
    ],
)
def test_names_that_are_two_are_not_asked_about(one: str, other: str) -> None:
    assert find_similar_names([NamedThing("a", "Program", one, ()), NamedThing("b", "Program", other, ())]) == ()


def test_namesakes_of_two_places_are_two() -> None:
    a, b = (NamedThing(p, "Program", "登高计划", ("登高",), p) for p in ("澄溪市", "霁川市"))
    assert find_similar_names([a, b]) == ()
    [pair] = find_similar_names([a, dataclasses.replace(b, place="")])
    assert (pair.reason, pair.shared) == ("short", "登高计划")


def test_a_short_form_is_no_odd_name() -> None:
    thing = NamedThing("a", "Agency", "澄溪市科学技术局", ("市科技局", "科技局", "创新办"))
    assert find_odd_aliases(thing) == ("创新办",)
