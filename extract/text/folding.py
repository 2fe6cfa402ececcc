"""Text made even for number rules: widths folded, stray white space taken out, every place kept.

Pages copied from PDF files break words over lines (``5000万\\n元``) and put spaces inside (``50 万元``). Rules read the
folded text; spans always come back as positions in the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.model import Span

# One code point for one code point, so that only taking out white space moves places.
_WIDTHS = tuple(
    zip(
        "０１２３４５６７８９" + "％﹪．：∶／＋（）" + "～〜" + "－–—−",
        "0123456789" + "%%.::/+()" + "~~" + "----",
        strict=True,
    )
)
# Each alternative has its first character looked at before what stands in front of it: few places begin with one.
_STRAY = re.compile(
    r"[ \t\u3000\xa0\n](?:(?<=\S[ \t\u3000\xa0])[ \t\u3000\xa0]{0,2}(?=\S)"
    r"|(?:(?<=[^\s。;:!?；！？：”][ \t\xa0])[ \t\xa0]{0,2}\n|(?<=[^\s。;:!?；！？：”]\n))"
    r"[ \t\xa0]{0,2}(?=[^\s第附(（一二三四五六七八九十\d]))"
)
_JOINS_WRONGLY = re.compile(r"[0-9A-Za-z.][0-9A-Za-z.]")


@dataclass(frozen=True, slots=True)
class Folded:
    """*text* with its places: the character at ``i`` stands at ``at[i]`` in the source."""

    text: str
    at: Sequence[int]
    back: Sequence[int]
    """For each position of the source, and its end, where it (or the next one kept) is in ``text``."""

    def source(self, begin: int, end: int) -> Span:
        """The stretch of the source from which ``text[begin:end]`` came."""
        return Span(self.at[begin], self.at[end - 1] + 1)

    def place(self, position: int) -> int:
        """Where the source's *position* (or the next one kept) is in ``text``."""
        return self.back[position]

    def span(self, span: Span) -> Span:
        """The source's *span* in ``text``."""
        return Span(self.place(span.begin), self.place(span.end))


def fold(text: str) -> Folded:
    """Fold *text*; digits on both sides of white space are never joined."""
    even = text
    for wide, narrow in _WIDTHS:  # several times as fast as str.translate
        even = even.replace(wide, narrow)
    cuts = [
        m.span()
        for m in _STRAY.finditer(even)
        if not _JOINS_WRONGLY.match(even[m.start() - 1] + even[m.end()]) and not _cell(even, m.start())
    ]
    if not cuts:
        return Folded(even, range(len(even)), range(len(even) + 1))
    kept, last = [], 0
    for begin, end in cuts:
        kept.append((last, begin))
        last = end
    kept.append((last, len(even)))
    at: list[int] = []
    back: list[int] = []
    for begin, end in kept:
        back += [len(at)] * (begin - len(back))
        back += range(len(at), len(at) + end - begin)
        at += range(begin, end)
    back.append(len(at))
    return Folded("".join(even[b:e] for b, e in kept), at, back)


def _cell(text: str, end: int) -> bool:
    """A line that is only a number: a table's cell, which goes with nothing on the next line."""
    begin = end
    while begin > 0 and text[begin - 1].isdigit():
        begin -= 1
    return begin < end and (begin == 0 or text[begin - 1] == "\n") and "\n" in text[end : end + 3]
