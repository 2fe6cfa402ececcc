"""A proposal that a question names by its topic is found by its title, and only then is it answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import kg
from kg.api import Graph

pytestmark = pytest.mark.rules
LETTER = """{city}民政局对市政协第{number}号提案的答复

{member}委员：
您提出的《{title}》（第{number}号）收悉，现答复如下：
一、加快建设。2025年新增泊位300个。

{city}民政局
2025年{month}月6日
"""


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """Six letters, two of them about one topic."""
    folder = tmp_path_factory.mktemp("letters")
    noises = ["码头", "机场", "夜市", "工地", "车站", "广场"]
    titles = ["关于发展银龄食堂的提案", "关于银龄食堂定价的提案", *(f"关于整治{place}噪声的提案" for place in noises)]
    for at, title in enumerate(titles):
        text = LETTER.format(city="墨汀市", number=1201 + at, member="竺远帆", title=title, month=3 + at)
        (folder / f"{at}.txt").write_text(text, encoding="utf-8")
    kg.build(folder, folder / "store", workers=1)
    with kg.open(folder / "store") as graph:
        yield graph


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("农村电商的提案答复了吗", "没有见到答复：《关于促进农村电商"),
        ("农村电商那件提案是谁答复的？", "没有见到答复：《关于促进农村电商"),
        ("关于养老的建议谁答复的", "霁川市民政局于2024-06-14答复"),
        ("停车难的提案由谁主办", "由霁川市城市管理局主办"),
        ("充电设施的建议是谁提的", "由九三学社霁川市委会提出"),
        ("Has the proposal on rural e-commerce been answered?", "None was found"),
    ],
)
def test_topic_stands_for_the_proposal(examples: Graph, question: str, words: str) -> None:
    answer = examples.ask(question)
    assert answer.state == "answered"
    assert words in answer.text
    assert len(answer.lines) == 1


@pytest.mark.parametrize("question", ["海绵城市的提案答复了吗", "关于养老护理员的建议谁答复的", "提案答复了吗"])
def test_topic_that_no_title_has_is_not_known(examples: Graph, question: str) -> None:
    assert examples.ask(question).state == "unknown"


def test_several_proposals_of_a_topic_are_answered_with_their_numbers(letters: Graph) -> None:
    answer = letters.ask("银龄食堂的提案答复了吗")
    assert answer.state == "answered"
    assert "有 2 件" in answer.lines[0].text
    assert "1201" in answer.text and "2025-03-06" in answer.text
    assert "1202" in answer.text and "2025-04-06" in answer.text


def test_of_many_proposals_the_numbers_are_listed(letters: Graph) -> None:
    answer = letters.ask("噪声的提案谁答复的")
    assert answer.state == "unknown"
    assert all(str(number) in answer.text for number in range(1203, 1209))


def test_question_about_a_numbered_proposal_may_say_what_it_is_about(letters: Graph) -> None:
    answer = letters.ask("竺远帆委员提的墨汀市1201号提案（银龄食堂那件）是谁答复的")
    assert "墨汀市民政局于2025-03-06答复" in answer.text
    assert letters.ask("墨汀市1201号提案（夜市噪声那件）是谁答复的").state == "unknown"


def test_two_things_that_are_asked_of_a_proposal_are_both_answered(letters: Graph) -> None:
    answer = letters.ask("1202号提案是谁提的，哪家单位答复的？")
    assert "由竺远帆提出" in answer.text
    assert "墨汀市民政局于2025-04-06答复" in answer.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("财政局对梯度培育的提案怎么说的", "1.8亿元"),
        ("养老的建议办得怎么样了", "有答复"),
        ("农村电商提案提了哪些问题", "物流成本居高不下"),
    ],
)
def test_what_is_said_and_done_about_a_proposal(examples: Graph, question: str, words: str) -> None:
    assert words in examples.ask(question).text


def test_what_is_to_come_is_not_answered_by_what_was_done(examples: Graph) -> None:
    assert "1020个" not in "".join(line.text for line in examples.ask("充电桩今年要建多少个").lines[:2])
