"""Which places a letter only tells of."""

from __future__ import annotations

import pytest

from extract.text.elsewhere import is_elsewhere
from ontology.lexicons import load_lexicon

LEX = load_lexicon()


@pytest.mark.parametrize(
    "text",
    [
        "邻市青麓市去年已出台办法。青麓市有机房12个。",
        "建议借鉴青麓市经验，设立基金。",
        "青麓市的成功做法值得学习。",
        "一些城市走在前面，如青麓市已建成平台。",
    ],
)
def test_a_neighbour_a_model_and_a_mere_example_are_elsewhere(text: str) -> None:
    assert is_elsewhere(text, "青麓市", LEX)


@pytest.mark.parametrize(
    "text",
    ["青麓市现有机房12个。", "青麓市财政局安排2亿元，一些地方（如青麓市）先行。", "全市有机房12个。"],
)
def test_a_place_that_is_spoken_of_without_such_words_is_not(text: str) -> None:
    assert not is_elsewhere(text, "青麓市", LEX)
