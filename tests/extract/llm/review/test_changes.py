"""Answers of a reviewing model: strict parsing."""

from __future__ import annotations

import json
import time

import pytest

from extract.llm.answer import AnswerError
from extract.llm.review import parse_review
from extract.llm.review.changes import DropChange, EdgeChange
from extract.llm.review.schema import build_review_schema
from tests.support.reviewing import LEX, LISTS, review, say


def test_lists_and_ladders_become_single_changes() -> None:
    rows = [{"s": ["e1"], "p": "supports", "o": ["e2", "n1"], "quotes": ["甲"]}]
    ladders = [{"ids": ["e3", "e4", "e5"], "quotes": ["乙"]}]
    changes = parse_review(say(edges=rows, ladders=ladders), LEX).changes
    assert [(c.subject, c.predicate, c.object) for c in changes if isinstance(c, EdgeChange)] == [
        ("e3", "advancesTo", "e4"), ("e4", "advancesTo", "e5"), ("e1", "supports", "e2"), ("e1", "supports", "n1"),
    ]  # fmt: skip


def test_fences_and_thoughts_are_left_out() -> None:
    for content in (f"```json\n{say(drop=['e1'])}\n```", f"<think>drop {{e2}}</think>{say(drop=['e1'])}"):
        assert parse_review(content, LEX).changes == (DropChange("e1"),)


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "3", "null", "{}", '{"drop": "e1"}', say() + say(), say()[:-1], "好的：" + say(), '{"other": []}',
        '{"drop": NaN}',
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(content: str) -> None:
    with pytest.raises(AnswerError):
        parse_review(content, LEX)


@pytest.mark.parametrize(
    "lists",
    [
        {"drop": ["甲"]}, {"drop": [3]}, {"drop": [["e1"]]}, {"drop": ["e1; DROP GRAPH"]}, {"same": [["e1"]]},
        {"rename": [{"id": "e1", "name": ""}]}, {"rename": [{"id": "e1", "name": "x", "iri": "http://x/"}]},
        {"edges": [{"s": ["e1"], "p": "supports", "o": ["e2"], "quotes": []}]},
        {"edges": [{"s": ["e1"], "p": "supports", "o": ["e2"], "quotes": ["a", "b", "c"]}]},
        {"edges": [{"s": ["http://x/"], "p": "supports", "o": ["e2"], "quotes": ["a"]}]},
        {"figures": [{"id": "f1", "slot": "value", "value": "9", "quotes": []}]},
        {"figures": [{"id": "f1", "slot": "unit", "value": "亿元", "quotes": []}]},
        {"fields": [{"id": "d1", "field": "sourcePath", "value": "/etc/passwd", "quote": ""}]},
        {"entities": [{"key": "n1", "kind": "Program", "name": "x", "quote": "长" * 500}]},
    ],
)  # fmt: skip
def test_an_item_of_another_form_is_named_and_left_out(lists: dict[str, list[object]]) -> None:
    answer = parse_review(say(**lists), LEX)  # type: ignore[arg-type]
    (item,) = answer.left_out
    ((name, (said,)),) = lists.items()
    assert answer.changes == () and (item.reason, item.where) == ("malformed", name)
    assert len(item.words) <= 80
    whole = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    assert item.words == whole or (item.words.endswith("…") and whole.startswith(item.words[:-1]))


def test_other_lists_and_what_is_no_list_are_named_too() -> None:
    answer = parse_review('{"drop": ["e1"], "rename": "e2", "SPARQL\\u0007": ["DROP GRAPH"]}', LEX)
    said = [(item.reason, item.where, item.words) for item in answer.left_out]
    assert said == [("malformed", "SPARQL", '["DROP GRAPH"]'), ("malformed", "rename", "e2")]


def test_what_is_said_twice_counts_once_and_too_much_is_cut() -> None:
    answer = parse_review(say(drop=["e1"] * 5), LEX)
    assert answer.changes == (DropChange("e1"),)
    assert [(item.reason, item.where, item.words) for item in answer.left_out] == [("repeated", "drop", "e1")] * 4
    many = parse_review(say(drop=[f"e{i}" for i in range(1000)]), LEX)
    assert len(many.changes) == 400
    assert [(item.reason, item.words) for item in many.left_out] == [("surplus", f"e{i}") for i in range(400, 1000)]


def test_each_item_that_is_no_change_is_a_refusal_of_the_report() -> None:
    _, report = review(say(drop=["e999", "e999", 3], rename=[{"id": "e1"}]))
    said = {(refusal.reason, refusal.change, refusal.words) for refusal in report.refusals}
    assert said == {
        ("id", "drop.entity", "e999"), ("repeated", "drop", "e999"), ("malformed", "drop", "3"),
        ("malformed", "rename", '{"id": "e1"}'),
    }  # fmt: skip
    assert report.offered == len(report.refusals) == sum(report.rejected.values()) == 4


@pytest.mark.parametrize("content", ['{"drop":' * 50_000, '{"drop":' + "[" * 200_000, "[" * 300_000])
def test_deep_nesting_is_refused_at_once(content: str) -> None:
    began = time.monotonic()
    with pytest.raises(AnswerError):
        parse_review(content, LEX)
    assert time.monotonic() - began < 2


def test_ten_megabytes_are_refused_unread() -> None:
    with pytest.raises(AnswerError):
        parse_review(say(drop=["e1" * 5_000_000]), LEX)


def test_the_schema_has_the_lists_of_the_parser() -> None:
    schema = build_review_schema(LEX)
    assert tuple(schema["properties"]) == LISTS and schema["additionalProperties"] is False
    assert set(schema["properties"]["edges"]["items"]["required"]) == {"s", "p", "o", "quotes"}
    assert "Program" in schema["properties"]["entities"]["items"]["properties"]["kind"]["enum"]
    assert schema["properties"]["drop"]["items"] == {"type": "string"}
    json.dumps(schema)


def test_all_lists_are_applied_and_names_come_before_what_refers_to_them() -> None:
    from extract.llm.review.changes import _APPLIED

    assert sorted(_APPLIED) == sorted(LISTS)
    order = {name: place for place, name in enumerate(_APPLIED)}
    assert max(order[n] for n in ("rename", "retype", "same", "entities")) < min(order[n] for n in ("figures", "edges"))
