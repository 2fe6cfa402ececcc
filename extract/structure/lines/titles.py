"""Titles that go on over several lines, and titles with a number of a collection."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.structure.cues import StructureCues
from extract.structure.lines.kinds import PUNCTUATION, LineKind, PageLine, classify_title, close_gaps, names_organs

_LONGEST_TITLE_LINE = 60
_MOST_TITLE_LINES = 6
_TITLE_LINE_KINDS = (LineKind.TEXT, LineKind.TITLE, LineKind.ORGAN)
_SHORTEST_FULL_TITLE = 18
"""Shortest first line of a page that may be the first half of a title without 关于."""
COLLECTION_NUMBER = re.compile(
    r"(?:\d{1,3}\s*[.．、]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])\s*(?!\d)"
)
"""The number of an instrument in a collection, before its title."""


def mark_wrapped_titles(lines: list[PageLine], cues: StructureCues) -> None:
    """Mark titles that continue on further lines: 国务院办公厅关于印发… / …的通知."""
    i = 0
    while i < len(lines):
        line = lines[i]
        if _is_numbered_title(lines, i, cues):
            lines[i] = line = replace(line, kind=LineKind.TITLE, note="policy")
        if line.kind is LineKind.TITLE:
            lines[i] = replace(line, until=i + 1)
        if _may_go_on(lines, i, cues):
            i = _mark_wrapped_title(lines, i, cues)
        i += 1


def _is_numbered_title(lines: list[PageLine], i: int, cues: StructureCues) -> bool:
    """Whether line *i* is a numbered title of a collection: 7.某局关于…的通知, above its number, addressees or text."""
    line = lines[i]
    number = COLLECTION_NUMBER.match(line.text)
    if number is None or classify_title(line.text[number.end() :], cues) != "policy":
        return False
    if _is_above_addressees(lines, i):
        return is_complete_title(line.text, cues)
    return is_notice_title(line.text, cues) and not _is_listed(lines, i, i, cues)


def is_notice_title(words: str, cues: StructureCues) -> bool:
    """Whether words are a title that names who issues it: 3.澄溪市商务局关于做好夜市管理的通知, or without a number."""
    if number := COLLECTION_NUMBER.match(words):
        words = words[number.end() :]
    verb = cues.patterns["issues"].search(words)
    if verb is None or not names_organs(words[: verb.start()], cues):
        return False
    return classify_title(words, cues) == "policy" and is_complete_title(words, cues)


def _is_listed(lines: list[PageLine], first: int, last: int, cues: StructureCues) -> bool:
    """Whether the title on the lines from *first* to *last* stands in a list of titles: it has no text of its own."""
    above = next((line for line in reversed(lines[:first]) if line.kind is not LineKind.BLANK), None)
    below = next((line for line in lines[last + 1 :] if line.kind is not LineKind.BLANK), None)
    return below is None or any(line is not None and is_notice_title(line.text, cues) for line in (above, below))


def _is_above_addressees(lines: list[PageLine], i: int) -> bool:
    return i + 1 < len(lines) and lines[i + 1].kind in (LineKind.NUMBER, LineKind.SALUTATION)


def _may_go_on(lines: list[PageLine], i: int, cues: StructureCues) -> bool:
    """Whether the title on line *i*, or the part of a title, may go on in the next line."""
    line = lines[i]
    if line.kind is LineKind.TITLE:
        return line.note != "more" and not is_complete_title(line.text, cues)
    if (number := COLLECTION_NUMBER.match(line.text)) and cues.patterns["forwards_begins"].match(
        line.text, number.end()
    ):
        return len(line.text) <= _LONGEST_TITLE_LINE and not PUNCTUATION.search(line.text)
    return (
        line.kind in (LineKind.TEXT, LineKind.ORGAN)
        and 5 <= len(line.text) <= _LONGEST_TITLE_LINE
        and not PUNCTUATION.search(line.text)
        and not cues.any_start.match(line.text)
        and bool(cues.patterns["title_start"].search(line.text) or _goes_on_below(lines, i, cues))
    )


def _goes_on_below(lines: list[PageLine], i: int, cues: StructureCues) -> bool:
    """Whether the line below line *i* can only be the rest of a title: …市场主体制 / 度性成本工作方案."""
    if i + 1 >= len(lines):
        return False
    line, below = lines[i], lines[i + 1]
    if cues.patterns["title_rest"].match(below.text):
        return True
    is_first = all(above.kind in (LineKind.BLANK, LineKind.FURNITURE, LineKind.FIELD) for above in lines[:i][-8:])
    if not is_first or below.kind not in (LineKind.TITLE, LineKind.TEXT) or line.kind is not LineKind.TEXT:
        return False
    start = cues.patterns["issues"].search(below.text)
    issuer = below.text[: start.start()] if start else ""
    begins_anew = (not issuer or names_organs(issuer, cues)) if start else below.kind is not LineKind.TITLE
    return len(line.text) >= _SHORTEST_FULL_TITLE and not cues.patterns["portal"].search(line.text) and not begins_anew


def is_complete_title(words: str, cues: StructureCues) -> bool:
    """Whether the words are a title to its end: 关于印发某办法的通知, but not 关于印发某办法."""
    words = close_gaps(words)
    if note := cues.patterns["title_note"].search(words):
        words = words[: note.start()]
    if "关于" not in words and not cues.patterns["title_printing"].search(words):
        return True
    if cues.patterns["title_printing"].search(words):
        return bool(cues.patterns["forwards"].search(words) or not cues.title["policy"].search(words))
    return cues.patterns["title_complete"].search(words) is not None


def _mark_wrapped_title(lines: list[PageLine], first: int, cues: StructureCues) -> int:
    """Mark the title that begins on line *first*, if it is one; return the index of its last line, else *first*."""
    number = COLLECTION_NUMBER.match(lines[first].text)
    words = lines[first].text[number.end() if number else 0 :]
    found: tuple[int, str] | None = None
    for last in range(first + 1, min(first + _MOST_TITLE_LINES, len(lines))):
        line = lines[last]
        if line.kind is LineKind.BLANK and lines[last - 1].kind is not LineKind.BLANK and found is None:
            continue
        # 答复 by itself heads a section, but here it ends the title.
        ends_title = line.kind is LineKind.SECTION and words[-1] in "的》"
        if not ends_title and (line.kind not in _TITLE_LINE_KINDS or len(line.text) > _LONGEST_TITLE_LINE):
            break
        if cues.any_start.match(line.text):
            break
        words += line.text
        if kind := classify_title(words, cues):
            is_complete = is_complete_title(words, cues)
            if is_complete or (found is None and lines[first].kind is not LineKind.TITLE):
                found = (last, kind)
            if is_complete:
                break
        if PUNCTUATION.search(line.text):
            break
    if found is None:
        return first
    last, kind = found
    is_alone = is_notice_title(words, cues) and not _is_listed(lines, first, last, cues)
    if number and not _is_above_addressees(lines, last) and not is_alone:
        return first
    for i in range(first, last + 1):
        if lines[i].kind is not LineKind.BLANK:
            note = kind if i == first else "more"
            lines[i] = replace(lines[i], kind=LineKind.TITLE, note=note, until=last + 1)
    return last
