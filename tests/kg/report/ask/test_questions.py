"""Questions in words that users would use: those answered are answered right, the others are said to be not known."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kg.api import Graph
from kg.report.ask.model import Answer

pytestmark = pytest.mark.rules
QUESTIONS = tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))["question"]


LEAST_RIGHT = 0.85
"""Share of the questions that are answered right. What the rules read changes; an answer must never become wrong."""


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["ask"] for question in QUESTIONS])
def test_question_is_answered_right_or_said_to_be_unknown(examples: Graph, question: dict[str, Any]) -> None:
    answer = examples.ask(question["ask"])
    assert answer.state == "unknown" or is_right(answer, question), answer.text


def test_most_questions_are_answered(examples: Graph) -> None:
    missing = [q["ask"] for q in QUESTIONS if not is_right(examples.ask(q["ask"]), q)]
    assert len(missing) <= (1 - LEAST_RIGHT) * len(QUESTIONS), missing


def is_right(answer: Answer, question: dict[str, Any]) -> bool:
    """Return whether an answer says all that it has to, and outside of quoted sentences nothing that it must not."""
    if question.get("unknown"):
        return answer.state == "unknown"
    stated = "\n".join(line.text.partition("\n")[0] for line in answer.lines)
    says_all = answer.state == "answered" and all(words in answer.text for words in question["all"])
    return says_all and not any(words in stated for words in question.get("none", ()))


def test_every_sentence_of_an_answer_has_its_quote_and_the_query_is_shown(examples: Graph) -> None:
    answer = examples.ask("瞪羚企业能拿多少奖励")
    assert all(line.quotes and line.quotes[0].source for line in answer.lines)
    assert "SELECT" in answer.query
    assert "瞪羚企业" in answer.reading


def test_answer_is_in_the_language_that_is_asked_for(examples: Graph) -> None:
    assert examples.ask("谁提出了第20240117号提案？", "en").text.startswith("“关于健全优质中小企业")
    assert "由民建霁川市委会提出" in examples.ask("Who submitted proposal 20240117?", "zh").text


def test_name_that_the_store_lacks_is_not_taken_for_another_one(examples: Graph) -> None:
    answer = examples.ask("20249999号提案由哪个部门主办？")
    assert answer.state == "unknown"
    assert "20249999" in answer.text


def test_word_that_no_sentence_has_makes_the_answer_unknown(examples: Graph) -> None:
    for question in ("霁川市有多少家充电宝企业", "瞪羚企业的平均利润是多少", "独角兽企业能拿多少奖励"):
        assert examples.ask(question).state == "unknown", question


def test_passages_are_offered_where_the_graph_has_no_answer(examples: Graph) -> None:
    answer = examples.ask("高龄津贴在哪个平台申领？")
    assert answer.state == "unknown"
    assert "高龄津贴、养老服务补贴均可在该平台申领。" in answer.text


def test_question_about_a_thing_as_such_gives_its_facts(examples: Graph) -> None:
    answer = examples.ask("“百企登峰”计划是什么？")
    assert answer.state == "answered"
    assert "计划项目" in answer.text
