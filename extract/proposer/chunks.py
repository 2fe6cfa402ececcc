"""Pages in stretches of a sentence or a few: what the model is trained on is cut like what it is asked about."""

from __future__ import annotations

import re

from extract.mentions.context import Page
from extract.model import Span

MOST = 160
"""Characters after which no further sentence is taken in."""
_LONGEST = 400
"""Characters after which a sentence without an end is cut."""
_PIECE = re.compile(rf"[^。！？!?\n]{{1,{_LONGEST}}}(?:[。！？!?][”」』）)]*)*\n*|[。！？!?\n]+")
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
