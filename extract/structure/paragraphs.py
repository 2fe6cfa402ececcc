"""Paragraphs of a letter: hard line breaks joined, without furniture, titles and signatures."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from extract.model import Span
from extract.structure.cues import StructureCues
from extract.structure.lines import NON_TEXT_KINDS, LineKind, PageLine, date_follows
from extract.text.normalize import title_key

_TERMINAL = re.compile(r"[。！？!?；;：:”\"）)》]$")
_OPEN = re.compile(r"[，,、（(《“]$")
_WRAP_LENGTH = 38
"""Shortest line without final punctuation that may have been broken by the width of its page."""


def join_paragraphs(
    lines: Sequence[PageLine], body: Span, cues: StructureCues, titles: frozenset[str] = frozenset()
) -> list[Span]:
    """Return the paragraphs of a letter.

    A line continues in the next one if it is long and ends without punctuation, or if it ends with a comma; the next
    line must be neither indented further nor numbered. Text from PDF files is broken like this.

    Args:
        lines: the lines of the page.
        body: the letter's text.
        cues: the compiled patterns.
        titles: ``title_key`` of the letter's own titles, which are left out.
    """
    paragraphs: list[Span] = []
    last: PageLine | None = None
    first = bisect_left(lines, body.begin, key=lambda line: line.span.end)
    for i, line in enumerate(lines[first:], first):
        if line.span.end <= body.begin or line.kind is LineKind.BLANK:
            if line.kind is LineKind.BLANK:
                last = None
            continue
        if line.span.begin >= body.end:
            break
        is_text = (line.kind is LineKind.TITLE and not any(title_key(line.text) in title for title in titles)) or (
            line.kind is LineKind.SALUTATION and line.note == "inline"
        )
        if (line.kind in NON_TEXT_KINDS and not is_text) or (line.kind is LineKind.ORGAN and date_follows(lines, i)):
            last = None
            continue
        if last is not None and paragraphs and _continues(last, line, cues):
            paragraphs[-1] = Span(paragraphs[-1].begin, min(line.span.end, body.end))
        else:
            paragraphs.append(Span(max(line.span.begin, body.begin), min(line.span.end, body.end)))
        last = line
    return paragraphs


def _continues(last: PageLine, line: PageLine, cues: StructureCues) -> bool:
    """Whether *line* continues the paragraph of the line before it."""
    if line.indent > last.indent + 1 or cues.any_start.match(line.text):
        return False
    if _OPEN.search(last.text):
        return True
    if _TERMINAL.search(last.text) or len(last.text) < _WRAP_LENGTH:
        return False
    return not cues.any_start.match(last.text) or bool(re.search(r"[。；]", last.text)) or "条" in last.text[:6]
