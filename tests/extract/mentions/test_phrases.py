"""Noun phrases that can be names: where they begin, what they share, what is none."""

from __future__ import annotations

import pytest

from extract.mentions.classes.expansion import expand_phrase
from extract.mentions.phrases import find_phrases
from extract.mentions.words import read_words
from extract.model import Sentence, Span
from extract.text.segment import segmenter
from ontology.lexicons import load_lexicon

LEX = load_lexicon()


def phrases(text: str) -> list[str]:
    sentence = Sentence(Span(0, len(text)), "d1", None, ())  # type: ignore[arg-type]
    words = read_words(text, [sentence], segmenter(LEX))
    return [name.name for phrase in find_phrases(words, LEX) for name in expand_phrase(phrase, words, LEX)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("鼓励房地产开发企业让利", "房地产开发企业"),
        ("对新认定的高新技术企业，一次性奖励10万元", "高新技术企业"),
        ("为就业困难人员提供岗位", "就业困难人员"),
        ("服务企业不少于20家", "企业"),
        ("按规定给予职业培训补贴", "职业培训补贴"),
        ("深入实施提升养老服务质量工程", "提升养老服务质量工程"),
        ("对D类人才给予补贴", "D类人才"),
        ("支持科\n技型中小企业发展", "科技型中小企业"),
        ("向购房人发放补贴", "购房人"),
    ],
)
def test_a_name_ends_in_its_head_and_begins_after_a_border(text: str, name: str) -> None:
    found = phrases(text)
    if name == "企业":  # the bare word names no class
        assert not found
    else:
        assert name in found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("对国家级、省级、市级农业龙头企业给予奖励", {"国家级农业龙头企业", "省级农业龙头企业", "市级农业龙头企业"}),
        ("面向失能、高龄、独居等老年人提供服务", {"失能老年人", "高龄老年人", "独居老年人"}),
        ("支持大型、中型企业上市", {"大型企业", "中型企业"}),
        ("现役或退役军人", {"现役军人", "退役军人"}),
    ],
)
def test_a_shared_head_gives_each_its_full_name(text: str, names: set[str]) -> None:
    assert names <= set(phrases(text))


@pytest.mark.parametrize("text", ["责任单位：市水务局", "由牵头单位负责", "各相关单位", "企业职工", "本单位"])
def test_words_for_a_role_in_a_procedure_name_no_class(text: str) -> None:
    assert not [name for name in phrases(text) if name.endswith("单位") or name == "企业"]


def test_a_list_of_whole_names_shares_nothing() -> None:
    assert set(phrases("支持科研院所、行业协会和职业院校参与")) == {"科研院所", "行业协会", "职业院校"}
