"""Paragraphs of a letter: hard line breaks joined, without furniture, titles and signatures."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from extract.model import Span
from extract.structure.cues import StructureCues
from extract.structure.lines.duty_lines import DUTY, DUTY_GOES_ON
from extract.structure.lines.kinds import NON_TEXT_KINDS, LineKind, PageLine, date_follows
from extract.text.normalize import title_key
from extract.text.rows import is_row

_TERMINAL = re.compile(r"[。！？!?；;：:”\"）)》]$")
_OPEN = re.compile(r"[，,、（(《“]$")
_WRAP_LENGTH = 38
"""Shortest line without final punctuation that may have been broken by the width of its page."""
_WIDEST = 80
"""Longest line of a page that is broken at a width."""


def join_paragraphs(
    lines: Sequence[PageLine], body: Span, cues: StructureCues, titles: frozenset[str] = frozenset()
) -> list[Span]:
    """Return the paragraphs of a letter.

    A line continues in the next one if it ends with a comma, or if it is long and ends without punctuation on a page
    without longer lines; the next line must be neither indented further nor numbered. ``extract.structure.lines`` has
    joined the lines of pages that are broken at a width; here the lines of short letters are joined. A row of a table
    belongs to the paragraph before the table: it is no measure of its own.

    Args:
        lines: the lines of the page.
        body: the letter's text.
        cues: the compiled patterns.
        titles: ``title_key`` of the letter's own titles, which are left out.
    """
    paragraphs: list[Span] = []
    last: PageLine | None = None
    first = bisect_left(lines, body.begin, key=lambda line: line.span.end)
    stop = bisect_left(lines, body.end, key=lambda line: line.span.begin)
    longest = max((len(line.text) for line in lines[first:stop]), default=0)
    least = _WRAP_LENGTH if longest <= _WIDEST else longest + 1
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
        is_signature = line.kind is LineKind.ORGAN and date_follows(lines, i)
        if (line.kind in NON_TEXT_KINDS and not is_text) or is_signature or _is_part_of_title(line, titles):
            last = None
            continue
        in_table = line.kind is LineKind.TEXT and is_row(line.text)
        if paragraphs and (in_table or (last is not None and _continues(last, line, least, cues))):
            paragraphs[-1] = Span(paragraphs[-1].begin, min(line.span.end, body.end))
        else:
            paragraphs.append(Span(max(line.span.begin, body.begin), min(line.span.end, body.end)))
        last = line
    return paragraphs


def _is_part_of_title(line: PageLine, titles: frozenset[str]) -> bool:
    """Whether a line of text is a piece of the letter's title, printed over several lines."""
    if line.kind is not LineKind.TEXT or not 8 <= len(line.text) <= 60 or "。" in line.text:
        return False
    key = title_key(line.text)
    return any(key in title for title in titles)


def _continues(last: PageLine, line: PageLine, least: int, cues: StructureCues) -> bool:
    """Whether *line* continues the paragraph of the line before it.

    Args:
        last: the line before it.
        line: the line.
        least: length of a line that the page may have broken.
        cues: the compiled patterns.
    """
    if cues.patterns["duty_note"].match(line.text) or line.note == DUTY_GOES_ON:
        return True
    if line.note == DUTY:
        return False
    if line.indent > last.indent + 1 or cues.any_start.match(line.text) or is_row(last.text):
        return False
    if _OPEN.search(last.text):
        return True
    if _TERMINAL.search(last.text) or len(last.text) < least:
        return False
    return not cues.any_start.match(last.text) or bool(re.search(r"[。；]", last.text)) or "条" in last.text[:6]
