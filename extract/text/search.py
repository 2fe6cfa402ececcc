"""Fast search on a page: patterns that run only on lines that can match, and sets of spans.

A pattern that begins with a run of any characters (``…有限公司``) is tried at every offset of a page. If each of its
matches stays in one line and contains one of a few words, a search for these words first is much faster and has the
same result.
"""

from __future__ import annotations

import re
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
