"""The index of spans finds what a comparison with every span finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extract.model import Span
from extract.text.span_index import SpanIndex, index_shortest_first

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
