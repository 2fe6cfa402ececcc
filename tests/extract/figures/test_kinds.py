"""Which kind of figure a number makes, on sentences about schools, buses and markets of invented places."""

from __future__ import annotations

import re

import pytest

from extract.figures.figures import find_figures
from extract.model import Field, Figure, Kind, Letter, Outline, Part, Sentence, Span
from ontology.lexicons import load_lexicon

LEX = load_lexicon()


def read(text: str, issued: str = "2024-06-18", part: Kind = Kind.MEASURE) -> list[Figure]:
    """Return the figures of a reply that consists of *text*."""
    whole = Span(0, len(text))
    outline = Outline(
        (Letter("d1", Kind.LEAD_REPLY, whole, whole, (Field("issued", issued, Span(0, 0)),)),),
        (Part("p1", "d1", part, "一", whole, None, None),),
        tuple(Sentence(Span(*m.span()), "d1", "p1", (Span(*m.span()),)) for m in re.finditer("[^。]+。?", text)),
    )
    return list(find_figures(text, outline, [], LEX))


@pytest.mark.parametrize(
    ("text", "kind", "period", "deadline"),
    [
        ("2023年，全市安排资金4500万元。", Kind.OBSERVATION, "2023", ""),
        ("2025年，全市安排资金4500万元。", Kind.TARGET, "2025", "2025"),
        ("2024年前三季度，全市新开公交线路12条。", Kind.OBSERVATION, "2024-Q1/2024-Q3", ""),
        ("2024年前11个月，全市新开公交线路12条。", Kind.OBSERVATION, "2024-01/2024-11", ""),
        ("2025年前，全市新开公交线路12条。", Kind.TARGET, "2025", "2025"),
        ("2024年1—3月，全市新开公交线路12条。", Kind.OBSERVATION, "2024-01/2024-03", ""),
        ("2023年，全市年末公交线路112条。", Kind.OBSERVATION, "2023", ""),
        ("2023年，全市客运量是2020年的2.6倍。", Kind.OBSERVATION, "2023", ""),
    ],
)
def test_kind_and_time(text: str, kind: Kind, period: str, deadline: str) -> None:
    (figure,) = read(text)
    assert (figure.kind, figure.period, figure.deadline) == (kind, period, deadline)


def test_each_member_of_a_list_has_its_own_year() -> None:
    found = read("2021年、2022年、2023年，全市新建菜市场分别为12个、15个和20个。")
    assert [(int(f.value), f.period) for f in found] == [(12, "2021"), (15, "2022"), (20, "2023")]


def test_an_old_value_and_a_new_one() -> None:
    found = read("2023年，入园率由2020年的62%提高到81%。全市新建菜市场15个。")
    assert [(int(f.value), f.period) for f in found] == [(62, "2020"), (81, "2023"), (15, "2023")]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024年6月1日至2024年12月31日期间，对新开菜市场，每家给予20万元补助。", "2024-06-01/2024-12-31"),
        ("对2024年—2025年期间新开的菜市场，每家给予20万元补助。", "2024/2025"),
        ("对菜市场，前3年每年给予20万元补助。", "前3年"),
        ("菜市场，5年内根据规模情况，对达标的给予20万元补助。", "5年内"),
        ("对毕业3年内的学生，给予2万元补助。", ""),
        ("对入职3年内离开本市的教师，给予2万元补助。", ""),
        ("2024年6月1日至2024年12月31日期间新开的菜市场不补；对学校给予20万元补助。", ""),
    ],
)
def test_when_a_support_is_given(text: str, period: str) -> None:
    assert [f.period for f in read(text) if f.kind is Kind.PROVISION] == [period]


def test_a_promise_has_the_deadline_of_an_earlier_sentence_that_names_nothing() -> None:
    (figure,) = read("到2026年，公交出行更加便捷。公交线路力争达到112条。")
    assert (figure.kind, figure.period, figure.deadline) == (Kind.TARGET, "2026", "2026")


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("对菜市场每认定1家给予20万元奖励。", "家"),
        ("对学校每引进1名教师给予2万元奖励。", "人"),
        ("对菜市场每认定一家给予20万元奖励。", "家"),
        ("对菜市场每家给予20万元奖励。", "家"),
        ("对镇街每认定1家省级“放心”菜市场，奖励20万元。", "家"),
        ("学校每引进一名教师，每年给予2万元奖励。", "人/年"),
        ("对核心实验室的依托单位给予20万元补助。", ""),
        ("对制造业单项冠军菜市场给予20万元奖励。", ""),
        ("菜市场每年评选一次，给予2万元奖励。", ""),
    ],
)
def test_what_one_payment_is_for(text: str, per: str) -> None:
    (figure,) = read(text)
    assert (figure.kind, figure.per) == (Kind.PROVISION, per)


def test_a_ratio_keeps_both_numbers() -> None:
    (figure,) = read("对菜市场按市级奖励1:2的比例给予配套奖励。")
    assert (figure.value, figure.unit) == (1, ":2")


def test_what_a_commitment_says_about_the_past_is_a_fact() -> None:
    found = read("去年新建菜市场16个，今年再建9个。", part=Kind.COMMITMENT)
    assert [(int(f.value), f.kind) for f in found] == [(16, Kind.OBSERVATION), (9, Kind.TARGET)]
