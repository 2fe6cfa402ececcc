"""Sentences and clauses of official Chinese.

A sentence ends at 。！？ (and at ! ? between Chinese characters), at the end of a paragraph, and where a part begins;
not inside 《》 or brackets that close on the same line. A clause ends at ，,；;：:, not inside 《》, brackets or
a number (1,200 or 9:30). Quotes and brackets reach no further than their paragraph, so one that is never closed
swallows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extract.model import Span

_STOPS = re.compile(r"[。！？!?；;，,：:《》（）()\[\]〔〕【】]")
_CLOSE = {"《": "》", "（": "）", "(": ")", "[": "]", "〔": "〕", "【": "】"}
_END = "。！？!?"
_CLAUSE = "，,；;：:"
_AFTER = '”"』」’）)】》'
_WHITE = " \t\u3000\xa0\n\r\u200b"


def sentence_spans(text: str, paragraph: Span, starts: Iterable[int] = ()) -> list[tuple[Span, tuple[Span, ...]]]:
    """Sentences of a paragraph, each with its clauses.

    Args:
        text: the source's text.
        paragraph: the paragraph, without its number.
        starts: positions inside it at which a new sentence begins whatever the punctuation (list items).

    Returns:
        Sentences in order, white space around them left out; the clauses of one cover it without gaps.
    """
    cuts = sorted({s for s in starts if paragraph.begin < s < paragraph.end})
    out = []
    for begin, end in zip([paragraph.begin, *cuts], [*cuts, paragraph.end], strict=True):
        ends, breaks = _scan(text, begin, end)
        at = begin
        for stop in [*ends, end]:
            lo, hi = at, stop
            while lo < hi and text[lo] in _WHITE:
                lo += 1
            while hi > lo and text[hi - 1] in _WHITE:
                hi -= 1
            if lo < hi and (text[lo].isalnum() or any(c.isalnum() for c in text[lo:hi])):
                inner = [b for b in breaks if lo < b < hi]
                edges = [lo, *inner, hi]
                out.append((Span(lo, hi), tuple(map(Span, edges, edges[1:]))))
            at = max(at, stop)
    return out


def _scan(text: str, begin: int, end: int) -> tuple[list[int], list[int]]:
    """Where sentences and where clauses end, between *begin* and *end*."""
    ends: list[int] = []
    breaks: list[int] = []
    shut = begin  # up to here everything is inside a bracket
    for m in _STOPS.finditer(text, begin, end):
        at, ch = m.start(), m[0]
        if at < shut:
            continue
        if ch in _CLOSE:
            shut = max(shut, _closing(text, at, end, ch))
        elif ch in _END:
            if ch in "!?" and at + 1 < end and text[at + 1].isascii() and text[at + 1].isalnum():
                continue
            stop = at + 1
            while stop < end and text[stop] in _AFTER + _END:
                stop += 1
            ends.append(stop)
        elif ch in _CLAUSE:
            near = text[max(begin, at - 1) : at + 2]
            if ch in ",:：" and len(near) == 3 and near[0].isdigit() and near[2].isdigit() and near.isascii():
                continue
            breaks.append(at + 1)
    return ends, breaks


def _closing(text: str, at: int, end: int, ch: str) -> int:
    """Index after the bracket that closes the one at *at*; *at* itself if none does within reach."""
    depth = 0
    other = _CLOSE[ch]
    # （ may be closed by ) in text from the web.
    closers = {other, "）", ")"} if ch in "（(" else {other}
    openers = {"（", "("} if ch in "（(" else {ch}
    for i in range(at, min(end, at + 200)):
        c = text[i]
        if c in openers:
            depth += 1
        elif c in closers:
            depth -= 1
            if depth == 0:
                return i + 1
        elif c == "\n" or (c in "。" and ch in "（([【" and i - at > 60):
            break
    return at
