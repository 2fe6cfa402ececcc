"""Running text of a letter as paragraphs: hard line breaks joined, furniture, titles and signatures left out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from extract.model import Span
from extract.structure.cues import Cues
from extract.structure.lines import APART, TAIL, Line, LineKind
from extract.text.normalize import title_key

_TERMINAL = re.compile(r"[。！？!?；;：:”\"）)》]$")
_OPEN = re.compile(r"[，,、（(《“]$")
_WRAP = 38
"""Characters from which a line that ends without punctuation is taken to be broken by its page's width."""


def paragraphs(lines: Sequence[Line], body: Span, cues: Cues, titles: frozenset[str] = frozenset()) -> list[Span]:
    """The paragraphs between the bounds of *body*; the letter's own *titles* (folded by ``title_key``) are left out.

    A line goes on in the next one if it is long and ends without punctuation, or ends in a comma, and the next is
    neither indented more nor numbered. PDF text is broken so.
    """
    out: list[Span] = []
    last: Line | None = None
    first = bisect_left(lines, body.begin, key=lambda x: x.span.end)
    for at, line in enumerate(lines[first:], first):
        if line.span.end <= body.begin or line.kind is LineKind.BLANK:
            if line.kind is LineKind.BLANK:
                last = None
            continue
        if line.span.begin >= body.end:
            break
        inside = (line.kind is LineKind.TITLE and not any(title_key(line.text) in t for t in titles)) or (
            line.kind is LineKind.SALUTATION and line.note == "inline"
        )
        if (line.kind in APART and not inside) or (line.kind is LineKind.ORGAN and _signs(lines, at)):
            last = None
            continue
        if last is not None and out and _goes_on(last, line, cues):
            out[-1] = Span(out[-1].begin, min(line.span.end, body.end))
        else:
            out.append(Span(max(line.span.begin, body.begin), min(line.span.end, body.end)))
        last = line
    return out


def _signs(lines: Sequence[Line], at: int) -> bool:
    """Whether the organ on this line signs: a date follows, with at most other organs between."""
    for line in lines[at + 1 : at + 24]:
        if line.kind in TAIL:
            return True
        if line.kind not in (LineKind.BLANK, LineKind.ORGAN, LineKind.FURNITURE):
            return False
    return False


def _goes_on(last: Line, line: Line, cues: Cues) -> bool:
    if line.indent > last.indent + 1 or cues.any_start.match(line.text):
        return False
    if _OPEN.search(last.text):
        return True
    if _TERMINAL.search(last.text) or len(last.text) < _WRAP:
        return False
    return not cues.any_start.match(last.text) or bool(re.search(r"[。；]", last.text)) or "条" in last.text[:6]
