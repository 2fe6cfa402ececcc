"""The words of a page: its sentences without white space, split into words, every place kept.

Pages copied from PDF files break names over lines (``高技\\n能人才``). Names are looked for in the joined text; spans
always come back as positions in the source.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from extract.model import Sentence, Span
from extract.text.segment import Segmenter, Word

_SPACE = re.compile(r"[\s\u3000\xa0\u200b\ufeff]+")
BREAK = "\n"
"""Stands between two sentences of the joined text."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """The joined text of a page and its words."""

    text: str
    words: Sequence[Word]
    """Positions are those of ``text``."""
    offsets: Sequence[int]
    """Where each character stands in the source."""
    begins: Sequence[int]
    """Where each word begins in ``text``."""
    _sentence_begins: Sequence[int]
    _sentences: Sequence[Sentence]

    def span(self, begin: int, end: int) -> Span:
        """Return where ``text[begin:end]`` stands in the source."""
        return Span(self.offsets[begin], self.offsets[end - 1] + 1)

    def find_position(self, offset: int) -> int:
        """Return the position in ``text`` of the character at *offset* of the source, or of the next one there."""
        position = bisect_left(self.offsets, offset)
        if self.offsets[position + 1 : position + 2] == [offset]:  # a break has the offset of the sentence after it
            position += 1
        return position

    def sentence(self, position: int) -> Sentence:
        """Return the sentence that a position of ``text`` belongs to."""
        return self._sentences[bisect_right(self._sentence_begins, position) - 1]


def read_words(text: str, sentences: Sequence[Sentence], segmenter: Segmenter) -> PageWords:
    """Join the sentences of a page and split them into words."""
    pieces: list[str] = []
    offsets: list[int] = []
    begins: list[int] = []
    for sentence in sentences:
        begins.append(len(offsets))
        at = sentence.span.begin
        for space in _SPACE.finditer(text, sentence.span.begin, sentence.span.end):
            pieces.append(text[at : space.start()])
            offsets += range(at, space.start())
            at = space.end()
        pieces.append(text[at : sentence.span.end])
        offsets += range(at, sentence.span.end)
        pieces.append(BREAK)
        offsets.append(sentence.span.end)
    joined = "".join(pieces)
    words = segmenter.segment(joined)
    return PageWords(joined, words, offsets, [word.begin for word in words], begins, sentences)
