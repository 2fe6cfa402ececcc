"""Fast search on a page: patterns that run only on lines that can match, sets of spans, and an index of spans.

A pattern that begins with a run of any characters (``…有限公司``) is tried at every offset of a page. If each of its
matches stays in one line and contains one of a few words, a search for these words first is much faster and has the
same result.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from extract.model import Span


def find_lines_with(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each line of *text* that contains one of *words*, in order; the newline is included."""
    next_offsets = {word: offset for word in words if (offset := text.find(word)) >= 0}
    while next_offsets:
        first = min(next_offsets.values())
        begin = text.rfind("\n", 0, first) + 1
        end = text.find("\n", first) + 1 or len(text)
        yield begin, end
        for word, offset in list(next_offsets.items()):
            if offset < end:
                if (offset := text.find(word, end)) >= 0:
                    next_offsets[word] = offset
                else:
                    del next_offsets[word]


def find_matches(pattern: re.Pattern[str], text: str, words: Sequence[str]) -> Iterator[re.Match[str]]:
    """Yield the matches of ``pattern.finditer(text)``.

    Args:
        pattern: its matches, lookarounds included, stay inside one line.
        text: the text to search.
        words: each match contains one of them.
    """
    for begin, end in find_lines_with(text, words):
        yield from pattern.finditer(text, begin, end)


class SpanSet:
    """A set of spans of a text. The cost of a lookup does not depend on the number of spans."""

    def __init__(self, text: str, spans: Iterable[Span] = ()) -> None:
        self._covered = bytearray(len(text))
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        self._covered[span.begin : span.end] = b"\1" * len(span)

    def overlaps(self, span: Span) -> bool:
        """Whether *span* shares a character with a span of the set."""
        return self._covered.find(1, span.begin, span.end) >= 0

    def contains(self, position: int) -> bool:
        """Whether the character at *position* is inside a span of the set."""
        return position < len(self._covered) and self._covered[position] == 1


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
