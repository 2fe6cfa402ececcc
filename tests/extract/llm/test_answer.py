"""Answers of a language model are read in the forms that they come in."""

from __future__ import annotations

import json

import pytest

from extract.llm import AnswerError, LlmAnswer, parse_answer
from extract.llm.settings import get_limit
from tests.support.llm_answers import GOOD, entity


@pytest.mark.parametrize(
    "content",
    [
        "", "我不知道", "[]", "{}", '{"entities": 3}', GOOD[:-40], "[" * 100_000, '{"entities":' + "[" * 100_000,
        "<html>500</html>",
    ],
    ids=["empty", "words", "list", "object", "number", "cut", "deep", "deeper", "html"],
)  # fmt: skip
def test_what_is_no_answer_is_said_to_be_none(content: str) -> None:
    with pytest.raises(AnswerError):
        parse_answer(content)


def test_an_answer_that_is_too_long_is_not_read() -> None:
    with pytest.raises(AnswerError):
        parse_answer(GOOD + " " * get_limit("answer_chars"))


@pytest.mark.parametrize("form", ["{}", "```json\n{}\n```", "<think>先想想 {{</think>\n{}", "好的：\n{}\n以上。"])
def test_answers_are_read_in_the_forms_that_models_give_them(form: str) -> None:
    wrapped = form.replace("{{", "\x01").replace("{}", GOOD).replace("\x01", "{")
    assert parse_answer(wrapped) == parse_answer(GOOD)


def test_items_of_another_form_are_counted_and_left_out() -> None:
    rows: list[object] = [{"name": 3, "kind": "Agency", "quote": "x"}, "x", None, {}, {"name": ["x"]}]
    assert parse_answer(json.dumps({"entities": rows, "edges": None})) == LlmAnswer(malformed=5)
    many = parse_answer(json.dumps({"entities": [entity("甲乙", "Agency", "甲乙")] * (get_limit("items") + 7)}))
    assert (len(many.entities), many.surplus) == (get_limit("items"), 7)
