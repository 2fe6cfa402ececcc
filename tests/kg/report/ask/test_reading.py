"""How questions are read: names, the words that are left, blockers, language."""

from __future__ import annotations

import pytest

from kg.api import Graph
from kg.graph.view import View
from kg.report.ask.grammar import load_grammar, load_texts
from kg.report.ask.model import Named
from kg.report.ask.names import NameIndex
from kg.report.ask.reading import detect_language, read_question

pytestmark = pytest.mark.rules


@pytest.fixture(scope="module")
def index(examples: Graph) -> NameIndex:
    return NameIndex(View(examples.store), load_grammar())


def read(question: str, names: list[Named] | None = None) -> list[tuple[str, tuple[str, ...]]]:
    readings = read_question(question, names or [], load_grammar(), detect_language(question))
    return [(reading.frame.key, reading.words) for reading in readings]


def test_language_is_english_where_two_latin_words_stand_side_by_side() -> None:
    assert detect_language("How many 瞪羚企业 are there?") == "en"
    assert detect_language("APP上线了多少项服务") == "zh"


def test_words_that_the_frame_does_not_account_for_are_kept() -> None:
    assert read("农村电商的提案提了哪些建议？")[0] == ("suggestions", ("农村", "电商"))
    assert ("count", ("公共", "充电桩")) in read("How many public charging piles are there?")


def test_single_signs_are_parts_of_the_words_beside_them() -> None:
    assert read("家庭适老化改造每户补贴多少？")[0][1] == ("家庭", "适老化", "改造")
    assert read("平台的办结率是多少")[0][1][-1].endswith("办结率")


@pytest.mark.parametrize(
    "question",
    ["为什么小巨人企业这么少？", "哪个部门会办的提案最多？", "没有会办的提案由谁主办", "Why was it not done?"],
)
def test_what_no_frame_understands_blocks_the_reading(question: str) -> None:
    assert read(question) == []


def test_longest_name_is_found_in_any_spelling(index: NameIndex) -> None:
    found = index.find("国家级专精特新小巨人企业和高企有什么区别")
    assert [named.text for named in found] == ["国家级专精特新小巨人企业", "高企"]
    assert found[0].kinds == ("EnterpriseTier",)


def test_short_form_of_an_agency_is_expanded(index: NameIndex) -> None:
    found = index.find("市发改委和工信局做了什么")
    assert [(named.text, len(named.iris), named.is_short) for named in found][:2] == [
        ("市发改委", 1, True), ("工信局", 1, True)
    ]  # fmt: skip


def test_number_of_few_digits_is_a_proposal_only_where_the_question_says_so(index: NameIndex) -> None:
    assert [named.kinds for named in index.find("第86号建议")] == [("Proposal",)]
    assert index.find("有86家企业") == []


def test_name_does_not_cut_a_word(index: NameIndex) -> None:
    assert [named.text for named in index.find("博士生有多少人")] == []
    assert [named.text for named in index.find("博士有多少人")] == ["博士"]


def test_title_is_known_without_its_brackets(index: NameIndex) -> None:
    assert index.find("《霁川市居家养老服务条例》出台了吗")[0].kinds == ("PolicyInstrument",)


def test_each_frame_has_patterns_a_sentence_and_a_name_in_both_languages() -> None:
    names = load_texts()["frames"]
    for frame in load_grammar().frames:
        assert frame.patterns["zh"] and frame.patterns["en"], frame.key
        assert set(frame.settings["say"]) == {"zh", "en"}, frame.key  # type: ignore[arg-type]
        assert set(names[frame.key]) == {"zh", "en"}
