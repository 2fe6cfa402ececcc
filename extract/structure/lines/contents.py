"""Tables of contents: lines that name what stands further below, with or without its page. They are no text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.structure.lines.wrapping import RawLine
from extract.text.normalize import title_key

_LEADER = re.compile(
    r"(?:(?<![.．·…‥⋯])[.．·…‥⋯]{4,}|(?<![.．·…])(?<![.．·…] )(?:[.．·…] ?){6,}|(?<!_)_{4,}|(?<!-)-{6,})"
    r"\s*[-—－]?\s*\d{1,4}\s*[-—－]?$"
)
"""The dots and the page at the end of an entry. Only the first of the dots is tried: the search stays linear."""
_HEADING = re.compile(r"目\s*[录次]")
_PAGE = re.compile(r"[\s.．·…]*[(（]?\d{1,4}[)）]?$")
_BEGINS_ENTRY = re.compile(
    r"\d{1,3}\s*[.．、]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|第.{1,4}[章节部篇]|附"
)
_SENTENCE_END = re.compile(r"[。；;！？]$")
_MOST_WRAPPED = 3
"""Most lines of an entry before the one that ends with its page."""
_FEWEST = 2
"""Fewest entries of a table of contents."""


def clear_contents(lines: Sequence[RawLine]) -> list[RawLine]:
    """Return *lines* with those of a table of contents empty."""
    cleared = {*_find_entries_with_pages(lines), *_find_entries_below_heading(lines)}
    return [replace(line, words="") if i in cleared else line for i, line in enumerate(lines)]


def _find_entries_with_pages(lines: Sequence[RawLine]) -> set[int]:
    """Return the indexes of the lines of entries that end with dots and a page."""
    ends = [i for i, line in enumerate(lines) if _LEADER.search(line.words)]
    if len(ends) < _FEWEST:
        return set()
    found = set(ends)
    for end in ends:
        at = end
        while at > 0 and end - at < _MOST_WRAPPED and not _BEGINS_ENTRY.match(lines[at].words):
            above = lines[at - 1].words
            if not above or at - 1 in found or _SENTENCE_END.search(above) or _HEADING.fullmatch(above):
                break
            at -= 1
            found.add(at)
    return found | {i for i, line in enumerate(lines) if _HEADING.fullmatch(line.words)}


def _find_entries_below_heading(lines: Sequence[RawLine]) -> set[int]:
    """Return the indexes of a heading 目录 and of the lines below it that stand once more further below."""
    heading = next((i for i, line in enumerate(lines) if _HEADING.fullmatch(line.words)), None)
    if heading is None:
        return set()
    places: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        places.setdefault(title_key(line.words), []).append(i)
    found: list[int] = []
    for i in range(heading + 1, len(lines)):
        words = lines[i].words
        if not words:
            continue
        keys = {title_key(words), title_key(_PAGE.sub("", words))} - {""}
        if not any(places[key][-1] > i for key in keys if key in places):
            break
        found.append(i)
    return {heading, *found} if len(found) >= _FEWEST else set()
