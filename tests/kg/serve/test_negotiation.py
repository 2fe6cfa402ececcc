"""Content negotiation by ``Accept`` and ``Accept-Language``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.serve.negotiation import choose_language, choose_media_type

OFFERED = ("text/html", "text/turtle", "application/json")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),
        ("text/turtle;q=0.5, application/json", "application/json"),
        ("text/*;q=0.5, application/json;q=0.4", "text/html"),
        ("text/*, text/html;q=0", "text/turtle"),
        ("image/png", None),
        ("image/png, */*;q=0.1", "text/html"),
        ("application/json;q=0", None),
        ("text/turtle;q=2", None),
        ("text/turtle; charset=utf-8; q=0.8", "text/turtle"),
        ("nonsense", None),
        (",,;q=1,/", None),
    ],
)
def test_the_best_type_is_chosen(accept: str, chosen: str | None) -> None:
    assert choose_media_type(accept, OFFERED) == chosen


@given(st.text(alphabet="abct/*;q=0.15, htmlextur", max_size=60))
def test_nonsense_is_survived(accept: str) -> None:
    assert choose_media_type(accept, OFFERED) in (*OFFERED, None)
    assert choose_language(accept, "zh") in ("zh", "en")


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "zh"), ("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("fr", "zh"), ("fr, en;q=0.2", "en")],
)
def test_the_best_language_is_chosen(header: str, language: str) -> None:
    assert choose_language(header, "zh") == language
