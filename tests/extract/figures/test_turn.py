"""Numbers of a list and the names of a list, one by one or together, on sentences about invented places."""

from __future__ import annotations

import pytest

from extract.model import Extraction
from tests.support.reading import read, reply


def subjects(x: Extraction) -> list[tuple[str, str, str]]:
    """Number, subject and place of each figure."""
    names = {str(e.id): e.label for e in x.entities}
    return [(f"{f.value:f}{f.unit}", names.get(str(f.about), ""), names.get(str(f.place), "")) for f in x.figures]


@pytest.mark.parametrize(
    "sentence",
    [
        "澜浦县、槐岭县新建水窖分别为14口和9口。",
        "我市澜浦县、槐岭县改造水窖分别达到14口、9口。",
        "去年，澜浦县、槐岭县新建水窖14口、9口。",
        "全市建成水窖，其中澜浦县14口、槐岭县9口。",
        "其中，澜浦县有水窖14口，槐岭县有水窖9口。",
        "14口和9口水窖分别建在澜浦县、槐岭县。",
    ],
)
def test_each_place_has_its_own_number(sentence: str) -> None:
    found = subjects(read(reply(sentence)))
    assert found == [("14口", "澜浦县", "澜浦县"), ("9口", "槐岭县", "槐岭县")]


def test_what_goes_on_about_one_of_the_places_is_about_that_one() -> None:
    found = subjects(read(reply("澜浦县、槐岭县2023年新建水窖分别为14口和9口，其中澜浦县较上年减少5口。")))
    assert found[2:] == [("5口", "澜浦县", "澜浦县")]


def test_values_in_turn_have_the_metric_of_all_places() -> None:
    x = read(reply("澜浦县、槐岭县改造水窖分别达到14口、9口，投资分别为300万元、200万元。"))
    assert [f.metric for f in x.figures] == ["改造水窖", "改造水窖", "改造水窖投资", "改造水窖投资"]


@pytest.mark.parametrize(
    "sentence",
    [
        "澜浦县、槐岭县新建水窖共23口。",
        "澜浦县、槐岭县各新建水窖9口。",
        "澜浦县、槐岭县新建水窖、鱼塘14口、9口。",
        "去年对高新技术企业和瞪羚企业兑现奖励资金共计640万元，惠及41家。",
        "瞪羚企业、独角兽企业合计达到41家，实现产值6亿元。",
    ],
)
def test_a_number_of_all_members_is_told_of_no_single_one(sentence: str) -> None:
    assert {(about, place) for _, about, place in subjects(read(reply(sentence)))} == {("", "")}


def test_amounts_in_turn_need_no_word_that_says_so() -> None:
    policy = "霁川市支持企业若干措施\n　　第一条 对高新技术企业、瞪羚企业给予{}。\n"
    x = read(policy.format("20万元、10万元奖励"))
    assert [about for _, about, _ in subjects(x)] == ["高新技术企业", "瞪羚企业"]
    assert [f.span.of(x.source.text) for f in x.figures] == ["给予20万元", "10万元奖励"]
    both = subjects(read(policy.format("20万元奖励、10万元补贴")))
    assert len({about for _, about, _ in both}) == 1


def test_all_members_of_a_list_of_terms_are_read() -> None:
    x = read(
        "霁川市支持创业若干措施\n　　第一条 对返乡农民工、退役军人和残疾人贷款，期限分别为36个月、24个月、12个月。\n"
    )
    found = [(value, about) for value, about, _ in subjects(x)]
    assert found == [("36个月", "返乡农民工"), ("24个月", "退役军人"), ("12个月", "残疾人")]
    assert {f.kind for f in x.figures} == {x.figures[0].kind}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2022年、2023年各新建水窖2口、鱼塘3口。", [("2022/2023", "", "每年")] * 2),
        ("计划于2025年、2026年各新建水窖2口、鱼塘3口。", [("2025/2026", "2026", "每年")] * 2),
        ("2025年、2027年均新建水窖2口。", [("2025年、2027年", "2027", "每年")]),
        ("2025年和2026年每年新建水窖2口。", [("2025/2026", "2026", "每年")]),
        ("计划2025年、2026年各新建水窖2口、3口。", [("2025", "2025", ""), ("2026", "2026", "")]),
        ("2022—2023年均增长8%。", [("2022/2023", "", "")]),
    ],
)
def test_years_that_each_have_the_number(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    x = read(reply(sentence))
    assert [(f.period, f.deadline, f.frequency) for f in x.figures] == expected
    assert not any("各" in f.metric for f in x.figures)


def test_governments_in_turn_have_their_numbers_in_their_places() -> None:
    x = read(reply("由澜浦县政府、槐岭县政府分别于2024年9月底前、2025年3月底前建成水窖14口、9口。"))
    assert [(f.deadline, place) for f, (_, _, place) in zip(x.figures, subjects(x), strict=True)] == [
        ("2024-09", "澜浦县"), ("2025-03", "槐岭县"),
    ]  # fmt: skip


def test_when_a_value_changes_is_not_when_the_old_one_held() -> None:
    x = read(reply("护理补贴从2024年1月1日起由每人每月800元调整为1000元。"))
    assert [(f.metric, f.period, f.per) for f in x.figures] == [("护理补贴", "", ""), ("护理补贴", "", "人/月")]
