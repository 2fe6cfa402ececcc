"""Questions that ask several things are cut into their parts."""

from __future__ import annotations

import pytest

from kg.report.ask.parts import QuestionPart, split_places, split_question
from kg.report.ask.sentences.settings import load_settings


@pytest.mark.parametrize(
    ("question", "lang", "parts"),
    [
        ("岚汀水库总共花了多少钱，什么时候完工？", "zh", ["岚汀水库总共花了多少钱", "什么时候完工"]),
        ("我想在岚汀开店，找哪家银行，最多能贷多少钱？", "zh", ["我想在岚汀开店，找哪家银行", "最多能贷多少钱"]),
        ("岚汀的补贴最多给多少？我是本地人。", "zh", ["岚汀的补贴最多给多少？我是本地人。"]),
        ("Who runs the fund, and how large is it?", "en", ["Who runs the fund", "how large is it"]),
        ("水渠最长的是哪个，多少公里？", "zh", ["水渠最长的是哪个，多少公里？"]),  # no sentence says which is longest
        ("“先问什么，再问多少”是谁办的？", "zh", ["“先问什么，再问多少”是谁办的？"]),
    ],
)
def test_question_is_cut_where_it_asks_something_else(question: str, lang: str, parts: list[str]) -> None:
    found = split_question(question, lang, load_settings())
    assert [part.asked.rstrip("？?") for part in found] == [part.rstrip("？?") for part in parts]


def test_later_part_keeps_the_topic_of_the_first_one() -> None:
    later = split_question("岚汀水库总共花了多少钱，什么时候完工？", "zh", load_settings())[1]
    assert later.text.startswith("岚汀水库")
    assert later.text[later.own_from :].startswith("什么时候完工")


def test_places_that_are_compared_are_asked_apart() -> None:
    text = "公益岗位补贴，岚汀市和砚坪市各是多少？"
    places = [(text.index(name), text.index(name) + 3) for name in ("岚汀市", "砚坪市")]
    found = split_places(QuestionPart(text, text), places, "zh", load_settings())
    assert [(place, part.text) for place, part in found] == [
        ("岚汀市", "公益岗位补贴，岚汀市各是多少？"),
        ("砚坪市", "公益岗位补贴，砚坪市各是多少？"),
    ]
