"""Whom a support is for where its own words say so."""

from __future__ import annotations

import pytest

from extract.model import Kind, Source
from extract.pipeline import extract

TITLE = "澄溪市支持企业发展若干措施\n\n"


def list_receivers(sentence: str) -> list[str | None]:
    extraction = extract(Source("措施.txt", f"{TITLE}一、{sentence}\n"))
    labels = {entity.id: entity.label for entity in extraction.entities}
    return [labels[f.about] if f.about else None for f in extraction.figures if f.kind is Kind.PROVISION]


@pytest.mark.parametrize(
    ("sentence", "receivers"),
    [
        ("参会工业企业达30家的，给予协办方每场5万元奖励。", [None]),
        ("引进高新技术企业的，给予中介机构每家1万元奖励。", ["中介机构"]),
        ("吸引外地游客，对组织过夜团队游客的旅行社给予奖励，每人每晚奖励20元。", ["旅行社"]),
        ("对中小微企业按60%返还，对大型企业按30%返还。", ["中小微企业", "大型企业"]),
        ("企业招用高校毕业生并签订劳动合同的，按每人1000元的标准给予补助。", [None]),
        ("对引进的高校毕业生给予2万元安家费。", ["高校毕业生"]),
        ("对多子女家庭，给予二孩家庭2万元、三孩家庭3万元的补贴。", ["二孩家庭", "三孩家庭"]),
        ("奖励甲级孵化器50万元、乙级孵化器30万元。", ["甲级孵化器", "乙级孵化器"]),
    ],
)
def test_words_beside_the_verb_of_giving_outweigh_other_names(sentence: str, receivers: list[str | None]) -> None:
    assert list_receivers(sentence) == receivers


@pytest.mark.parametrize(
    ("sentences", "about"),
    [
        ("对货运企业给予2万元补贴。船闸收费继续执行下调10%政策。", ["货运企业", None]),
        ("对冷链企业给予2万元补贴。下调个人住房商业贷款利率0.25个百分点。", ["冷链企业", None]),
        ("对家庭农场给予每亩100元补贴。省财政对大豆玉米带状复合种植每亩补贴50元。", ["家庭农场", None]),
        ("对在股权市场“专精特新板”挂牌企业给予20万元奖补。", [None]),
        ("对冷链企业给予2万元补贴。补贴金额最高不超过5万元。", ["冷链企业", "冷链企业"]),
    ],
)
def test_a_sentence_with_a_thing_of_its_own_takes_over_no_receiver(sentences: str, about: list[str | None]) -> None:
    assert list_receivers(sentences) == about


def test_a_case_of_another_receiver_has_neither_program_nor_threshold_of_the_one_before() -> None:
    first = "对出口500万元以下的小微企业实行基本风险统保"
    second = "对出口1000万元以内的冷链企业给予最高30%贴息，单个企业最高10万元"
    extraction = extract(Source("措施.txt", f"澄溪市支持企业发展若干措施\n\n一、{first}，{second}。\n"))
    supports = [f for f in extraction.figures if f.kind is Kind.PROVISION]
    assert [extraction.get_entity(f.granted_under).label for f in supports if f.granted_under] == [
        "澄溪市支持企业发展若干措施"
    ] * 2
    decided = {c.span.of(extraction.source.text): list(c.decides) for c in extraction.requirements.conditions}
    assert [decided[words] for words in decided if "500" in words] == [[]]
    assert [decided[words] for words in decided if "1000" in words] == [[f.id for f in supports]]
