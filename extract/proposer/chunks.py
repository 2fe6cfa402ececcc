"""Chunks of one or a few sentences, the same for the training of the model and for its use."""

from __future__ import annotations

import re

from extract.mentions.context import MentionContext
from extract.model import Span
from extract.text.normalize import CLOSE, OPEN

CHUNK_LENGTH = 160
"""Length in characters up to which sentences are joined into one chunk."""
_MAX_SENTENCE = 400
"""Length in characters at which a sentence without an end is cut."""
_SENTENCE = re.compile(rf"[^。！？!?\n]{{1,{_MAX_SENTENCE}}}(?:[。！？!?][”」』）)]*)*\n*|[。！？!?\n]+")
_MARKS = OPEN + CLOSE + "《》〈〉【】 \t\n\u3000\xa0"
_HAN = re.compile(r"[一-龥]")


def split_into_chunks(context: MentionContext) -> tuple[Span, ...]:
    """Return the chunks of the letters of a page, in order. A chunk ends at the end of a sentence if it has one."""
    chunks: list[Span] = []
    for m in _SENTENCE.finditer(context.text):
        span = Span(*m.span())
        if not _HAN.search(m.group()) or not context.is_in_letter(span):
            continue
        if chunks and chunks[-1].end == span.begin and span.end - chunks[-1].begin <= CHUNK_LENGTH:
            chunks[-1] = Span(chunks[-1].begin, span.end)
        else:
            chunks.append(span)
    return tuple(chunks)


def trim_marks(text: str, span: Span) -> Span:
    """Return *span* without quotation marks, 《》 and white space around the name."""
    begin, end = span.begin, span.end
    while begin < end and text[begin] in _MARKS:
        if text[begin] in OPEN and not _is_around_all(text[begin + 1 : end]):
            break
        begin += 1
    while begin < end and text[end - 1] in _MARKS:
        if text[end - 1] in CLOSE and any(c in OPEN for c in text[begin : end - 1]):
            break
        end -= 1
    return Span(begin, end)


def _is_around_all(rest: str) -> bool:
    """Return whether an opening mark before *rest* is not closed before the end of *rest*."""
    return not any(c in CLOSE for c in rest[:-1])
