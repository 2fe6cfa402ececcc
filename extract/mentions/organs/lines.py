"""The text of a page without the line breaks inside its sentences, every place kept.

Names of bodies are broken over lines in pages copied from PDF files. Text outside sentences (signatures, fields) stays
as it is, unlike in ``extract.mentions.words``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from extract.mentions.context import MentionContext
from extract.model import Span
from extract.text.segment import segmenter

_BREAK = re.compile(r"(?<=[一-龥])[ \t]*\n[ \t]*(?=[一-龥])")


@dataclass(frozen=True, slots=True)
class JoinedText:
    """A text and where each of its characters stands in the source."""

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

    def get_words_after(self, position: int, length: int = 24) -> str:
        """Return up to *length* characters from a position of ``text`` on, in its paragraph."""
        return self.text[position : position + length].partition("\n")[0]


def join_lines(page: MentionContext) -> JoinedText:
    """Return the text of *page* without the breaks between two Han characters of one sentence."""
    text = page.text
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for sentence in page.outline.sentences:
        for found in _BREAK.finditer(text, max(at, sentence.span.begin), sentence.span.end):
            pieces.append(text[at : found.start()])
            offsets += range(at, found.start())
            at = found.end()
    pieces.append(text[at:])
    offsets += range(at, len(text))
    return JoinedText("".join(pieces), offsets)


def is_cut(page: MentionContext, begin: int) -> bool:
    """Whether a line break before *begin* cuts a word in two, so that no name begins there: 投|资集团有限公司."""
    before = _BEFORE_BREAK.search(page.text, max(0, begin - 12), begin)
    if before is None:
        return False
    words = before.group(1)
    end = begin + 4
    return any(
        word.begin < len(words) < word.begin + len(word.text)
        for word in segmenter(page.lex).segment(words + page.text[begin:end].partition("\n")[0])
    )


_BEFORE_BREAK = re.compile(r"([一-龥]{1,6})\n\Z")
