"""Pages in stretches of a sentence or a few: what the model is trained on is cut like what it is asked about."""

from __future__ import annotations

import re

from extract.mentions.context import Page
from extract.model import Span
from extract.text.normalize import CLOSE, OPEN

MOST = 160
"""Characters after which no further sentence is taken in."""
_LONGEST = 400
"""Characters after which a sentence without an end is cut."""
_PIECE = re.compile(rf"[^。！？!?\n]{{1,{_LONGEST}}}(?:[。！？!?][”」』）)]*)*\n*|[。！？!?\n]+")
_MARKS = OPEN + CLOSE + "《》〈〉【】 \t\n\u3000\xa0"
_HAN = re.compile(r"[一-龥]")


def chunks(page: Page) -> tuple[Span, ...]:
    """Stretches of the page's letters, in order; whole sentences as far as they have an end."""
    out: list[Span] = []
    for found in _PIECE.finditer(page.text):
        span = Span(*found.span())
        if not _HAN.search(found.group()) or not page.inside(span):
            continue
        if out and out[-1].end == span.begin and span.end - out[-1].begin <= MOST:
            out[-1] = Span(out[-1].begin, span.end)
        else:
            out.append(span)
    return tuple(out)


def trim_marks(text: str, span: Span) -> Span:
    """*span* without quotes, 《》 and white space around the name."""
    begin, end = span.begin, span.end
    while begin < end and text[begin] in _MARKS and (text[begin] not in OPEN or _closing(text[begin + 1 : end])):
        begin += 1
    while begin < end and text[end - 1] in _MARKS and (text[end - 1] not in CLOSE or _opening(text[begin : end - 1])):
        end -= 1
    return Span(begin, end)


def _closing(inner: str) -> bool:
    """Whether an opening quote before *inner* is mere decoration: nothing in it but the closing one at its end."""
    return not any(c in CLOSE for c in inner[:-1])


def _opening(inner: str) -> bool:
    return not any(c in OPEN for c in inner)
