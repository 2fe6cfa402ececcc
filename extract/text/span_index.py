"""An index of spans by position: which span holds another, without a look at every span."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from extract.model import Span


class SpanIndex:
    """Spans in an order of preference, to be found by what they contain.

    The text is divided at every begin and end of a span. Each stretch between two of these places has the list of the
    spans that cover it, so that a search compares those only.
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        """Index *spans*; earlier ones are preferred."""
        unique = list(dict.fromkeys(spans))
        self._places = sorted({place for span in unique for place in span})
        self._covering: list[list[Span]] = [[] for _ in self._places]
        rank = {place: i for i, place in enumerate(self._places)}
        for span in unique:
            for i in range(rank[span.begin], rank[span.end]):
                self._covering[i].append(span)

    def find_holder(self, inner: Span) -> Span | None:
        """Return the first span that contains *inner*, or None."""
        return next(self.find_holders(inner), None)

    def find_holders(self, inner: Span) -> Iterator[Span]:
        """Yield the spans that contain *inner*, in order."""
        i = bisect_right(self._places, inner.begin) - 1
        if i >= 0:
            for span in self._covering[i]:
                if inner.end <= span.end:
                    yield span


def index_shortest_first(spans: Iterable[Span]) -> SpanIndex:
    """Return an index that prefers short spans, and of equally short ones the first in the text."""
    return SpanIndex(sorted(spans, key=lambda span: (span[1] - span[0], span)))


def holds_any(span: Span, mentions: Sequence[Span]) -> bool:
    """Return whether *span* contains one of *mentions*, which are sorted."""
    begin, end = span
    for mention in mentions[bisect_left(mentions, (begin,)) :]:
        if mention[0] >= end:
            break
        if mention[1] <= end:
            return True
    return False
