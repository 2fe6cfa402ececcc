"""Text made even for number rules: widths folded, stray white space taken out, every place kept.

Pages copied from PDF files break words over lines (``5000万\\n元``) and put spaces inside (``50 万元``). Rules read the
folded text; spans always come back as positions in the source.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from extract.model import Span

# One code point for one code point, so that only taking out white space moves places.
_WIDTHS = str.maketrans(
    "０１２３４５６７８９" + "％﹪．：∶／＋（）" + "～〜" + "－–—−",
    "0123456789" + "%%.::/+()" + "~~" + "----",
)
_STRAY = re.compile(
    r"(?<=\S)[ \t\u3000\xa0]{1,3}(?=\S)"
    r"|(?<=[^\s。;:!?；！？：”])[ \t\xa0]{0,3}\n[ \t\xa0]{0,2}(?=[^\s第附(（一二三四五六七八九十\d])"
)
_JOINS_WRONGLY = re.compile(r"[0-9A-Za-z.][0-9A-Za-z.]")


@dataclass(frozen=True, slots=True)
class Folded:
    """*text* with its places: the character at ``i`` stands at ``at[i]`` in the source."""

    text: str
    at: Sequence[int]

    def source(self, begin: int, end: int) -> Span:
        """The stretch of the source from which ``text[begin:end]`` came."""
        return Span(self.at[begin], self.at[end - 1] + 1)

    def place(self, position: int) -> int:
        """Where the source's *position* (or the next one kept) is in ``text``."""
        return bisect_left(self.at, position)

    def span(self, span: Span) -> Span:
        """The source's *span* in ``text``."""
        return Span(self.place(span.begin), self.place(span.end))


def fold(text: str) -> Folded:
    """Fold *text*; digits on both sides of white space are never joined."""
    even = text.translate(_WIDTHS)
    cuts = [
        m.span()
        for m in _STRAY.finditer(even)
        if not _JOINS_WRONGLY.match(even[m.start() - 1] + even[m.end()]) and not _cell(even, m.start())
    ]
    if not cuts:
        return Folded(even, range(len(even)))
    kept, last = [], 0
    for begin, end in cuts:
        kept.append((last, begin))
        last = end
    kept.append((last, len(even)))
    return Folded(
        "".join(even[b:e] for b, e in kept),
        tuple(chain.from_iterable(range(b, e) for b, e in kept)),
    )


def _cell(text: str, end: int) -> bool:
    """A line that is only a number: a table's cell, which goes with nothing on the next line."""
    begin = end
    while begin > 0 and text[begin - 1].isdigit():
        begin -= 1
    return begin < end and (begin == 0 or text[begin - 1] == "\n") and "\n" in text[end : end + 3]
