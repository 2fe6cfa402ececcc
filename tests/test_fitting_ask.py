"""The fit of how likely a sentence answers a question."""

from __future__ import annotations

import pytest

from scripts.fit_ask import fit, report, score
from scripts.fitting.questions import AskedQuestion, CandidateSentence

FEATURES = ("around", "lost_official")


def make_question(at: int, *, is_answered: bool = True) -> AskedQuestion:
    """Return a question whose second sentence holds its words; the first one lacks a noun."""
    some = [(0.5, 1.0, False), (0.9 + at % 3 / 50, 0.0, is_answered)]
    candidates = tuple(
        CandidateSentence(dict(zip(FEATURES, (around, lost), strict=True)), answers, False, "")
        for around, lost, answers in some
    )
    return AskedQuestion("a", "?", is_answered, False, candidates)


def test_the_weights_tell_the_sentences_that_answer() -> None:
    questions = [make_question(at) for at in range(40)]
    weights = fit(questions)
    assert weights["around"] >= 0
    assert weights.get("lost_official", 0.0) <= 0
    wrong, right = (score(weights, case) for case in questions[0].candidates)
    assert wrong < 0.2 < 0.8 < right
    assert "0.5: 40 right 0 wrong 0 without" in report(weights, questions)


def test_a_sentence_that_is_ruled_out_has_no_chance() -> None:
    weights = fit([make_question(at) for at in range(9)])
    assert score(weights, CandidateSentence({"around": 1.0}, True, True, "")) == 0
    assert score(weights, CandidateSentence({"around": 1.0}, True, False, "")) == pytest.approx(1.0, abs=0.3)
