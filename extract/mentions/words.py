"""The words of a page: its sentences without white space, split into words, every place kept.

Pages copied from PDF files break names over lines (``高技\\n能人才``). Names are looked for in the joined text; spans
always come back as positions in the source.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from extract.model import Sentence, Span, make_span
from extract.text.offsets import find_positions, list_offsets, view
from extract.text.segment import Segmenter, Word

_SPACE = re.compile(r"[\s\u3000\xa0\u200b\ufeff]+")
_LINE_BREAK = re.compile(r"(?<=[一-龥])[ \t]*\n[ \t]*(?=[一-龥])")
BREAK = "\n"
"""Stands between two sentences of the joined text."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """The joined text of a page and its words."""

    text: str
    words: Sequence[Word]
    """Positions are those of ``text``."""
    texts: Sequence[str]
    """The text of each word."""
    offsets: Sequence[int]
    """Where each character stands in the source."""
    begins: Sequence[int]
    """Where each word begins in ``text``."""
    find_position: Callable[[int], int]
    """Returns for an offset of the source the position in ``text`` of the character there, or of the next one."""
    find_end: Callable[[int], int]
    """The same for the ends of spans: a break has the offset of the sentence after it, but stands before it."""
    number_word: Callable[[int], int]
    """Returns for a position in ``text``, its end included, the number of the first word that begins there or later."""
    _sentence_begins: Sequence[int]
    _sentences: Sequence[Sentence]

    def span(self, begin: int, end: int) -> Span:
        """Return where ``text[begin:end]`` stands in the source."""
        return make_span((self.offsets[begin], self.offsets[end - 1] + 1))

    def number_words(self, span: Span) -> tuple[int, int]:
        """Return the number of the first word of a span of the source, and of the first word after the span."""
        number = self.number_word
        return number(self.find_position(span[0])), number(self.find_end(span[1]))

    def find_word_at(self, position: int) -> int | None:
        """Return the number of the word that begins at a position of ``text``, None if none begins there."""
        if not 0 <= position < len(self.text):
            return None
        number = self.number_word(position)
        return number if number < len(self.words) and self.begins[number] == position else None

    def sentence(self, position: int) -> Sentence:
        """Return the sentence that a position of ``text`` belongs to."""
        return self._sentences[bisect_right(self._sentence_begins, position) - 1]


def read_words(text: str, sentences: Sequence[Sentence], segmenter: Segmenter) -> PageWords:
    """Join the sentences of a page and split them into words."""
    pieces: list[str] = []
    runs: list[tuple[int, int]] = []
    begins: list[int] = []
    length = 0

    def keep(begin: int, end: int) -> None:
        nonlocal length
        pieces.append(text[begin:end])
        runs.append((begin, end))
        length += end - begin

    for sentence in sentences:
        begins.append(length)
        at, end = sentence.span
        for space in _SPACE.finditer(text, at, end):
            keep(at, space.start())
            at = space.end()
        keep(at, end)
        pieces.append(BREAK)
        runs.append((end, end + 1))
        length += 1
    joined = "".join(pieces)
    words = segmenter.segment(joined)
    offsets = list_offsets(runs)
    end_positions = find_positions(offsets, len(text))
    begin_positions = end_positions.copy()
    for sentence, begin in zip(sentences, begins, strict=True):
        if offsets[begin] == sentence.span.begin:
            begin_positions[sentence.span.begin] = begin
    word_begins, word_texts = list(map(itemgetter(0), words)), list(map(itemgetter(2), words))
    find_position, find_end = view(begin_positions).__getitem__, view(end_positions).__getitem__
    number_word = view(find_positions(np.array(word_begins, np.int64), length)).__getitem__
    return PageWords(
        joined, words, word_texts, view(offsets), word_begins, find_position, find_end, number_word, begins, sentences
    )


@dataclass(frozen=True, slots=True)
class JoinedText:
    """The text of a page without the line breaks inside its sentences, and where each character stands in the source.

    Text outside sentences (signatures, fields) stays as it is, unlike in ``PageWords``.
    """

    text: str
    offsets: Sequence[int]

    def span(self, begin: int, end: int) -> Span:
        """Return where ``text[begin:end]`` stands in the source."""
        return Span(self.offsets[begin], self.offsets[end - 1] + 1)

    def find_position(self, position: int) -> int:
        """Return where a position of the source is in ``text``."""
        return bisect_left(self.offsets, position)

    def get_words_before(self, position: int, length: int = 24) -> str:
        """Return up to *length* characters before a position of ``text``, in its paragraph."""
        words = self.text[max(0, position - length) : position]
        return words[words.rfind("\n") + 1 :]

    def read_before(self, position: int, length: int) -> tuple[str, Sequence[int]]:
        """Return up to *length* characters before a position of the source, in its paragraph, and where each stands.

        One more place follows: *position* itself.
        """
        at = self.find_position(position)
        words = self.get_words_before(at, length)
        return words, [*self.offsets[at - len(words) : at], position]

    def get_words_after(self, position: int, length: int = 24) -> str:
        """Return up to *length* characters from a position of ``text`` on, in its paragraph."""
        return self.text[position : position + length].partition("\n")[0]


def join_lines(text: str, sentences: Sequence[Sentence]) -> JoinedText:
    """Return *text* without the breaks between two Han characters of one sentence."""
    runs: list[tuple[int, int]] = []
    at = 0
    for sentence in sentences:
        begin, end = sentence.span
        if text.find("\n", begin, end) < 0:
            continue
        for found in _LINE_BREAK.finditer(text, max(at, begin), end):
            runs.append((at, found.start()))
            at = found.end()
    if not runs:
        return JoinedText(text, range(len(text)))
    runs.append((at, len(text)))
    return JoinedText("".join([text[begin:end] for begin, end in runs]), view(list_offsets(runs)))


def is_cut(text: str, begin: int, segmenter: Segmenter) -> bool:
    """Whether a line break before *begin* cuts a word in two, so that no name begins there: 投|资集团有限公司."""
    before = _BEFORE_BREAK.search(text, max(0, begin - 12), begin)
    if before is None:
        return False
    words = before.group(1)
    return any(
        word.begin < len(words) < word.begin + len(word.text)
        for word in segmenter.segment(words + text[begin : begin + 4].partition("\n")[0])
    )


_BEFORE_BREAK = re.compile(r"([一-龥]{1,6})\n\Z")
