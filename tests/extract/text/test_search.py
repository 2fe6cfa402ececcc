"""A pattern that runs only on lines that can match, and an index of spans, find what a look at all finds."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from extract.model import Span
from extract.text.search import SpanIndex, SpanSet, find_lines_with, find_matches, index_shortest_first

TEXTS = st.text(alphabet=st.sampled_from("甲乙公司办\n"), max_size=40)


@given(TEXTS)
def test_matches_are_those_of_the_whole_text(text: str) -> None:
    pattern = re.compile(r"[甲乙]+(?:公司|办)")
    found = [m.span() for m in find_matches(pattern, text, ("公司", "办"))]
    assert found == [m.span() for m in pattern.finditer(text)]


def test_each_line_with_a_word_comes_once_and_whole() -> None:
    text = "甲公司和乙公司\n无\n丙办\n末行公司"
    lines = [text[begin:end] for begin, end in find_lines_with(text, ("公司", "办"))]
    assert lines == ["甲公司和乙公司\n", "丙办\n", "末行公司"]


@given(st.lists(st.tuples(st.integers(0, 18), st.integers(1, 4)), max_size=6), st.integers(0, 18), st.integers(1, 4))
def test_taken_stretches_are_known(taken: list[tuple[int, int]], begin: int, size: int) -> None:
    text = "字" * 24
    spans = [Span(b, b + n) for b, n in taken]
    asked = Span(begin, begin + size)
    known = SpanSet(text, spans)
    assert known.overlaps(asked) == any(s.overlaps(asked) for s in spans)
    assert known.contains(begin) == any(s.begin <= begin < s.end for s in spans)


spans = st.builds(lambda begin, size: Span(begin, begin + size), st.integers(0, 30), st.integers(1, 20))


@given(st.lists(spans, max_size=20), spans)
def test_the_first_span_that_contains_another_is_found(outer: list[Span], inner: Span) -> None:
    expected = next((span for span in outer if span.contains(inner)), None)
    assert SpanIndex(outer).find_holder(inner) == expected


@given(st.lists(spans, max_size=20), spans)
def test_the_shortest_span_that_contains_another_is_found(outer: list[Span], inner: Span) -> None:
    holders = [span for span in outer if span.contains(inner)]
    expected = min(holders, key=lambda span: (len(span), span), default=None)
    assert index_shortest_first(outer).find_holder(inner) == expected
