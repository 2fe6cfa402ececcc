"""Items of a letter: its paragraphs and printed numbers (一、 (一) 1. 一是 首先 第三条), also inside paragraphs."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from extract.model import Span, make_span
from extract.records import set_slots
from extract.structure.cues import NumberingStyle, StructureCues
from extract.text.numerals import parse_ordinal

_CLAUSE_END = '。；;：:，,、！!？?\n”"）)】'
_SENTENCE_END = "。；;！!？? \u3000"
_ENCLOSING = re.compile(r"《[^《》\n]{1,120}》|[（(][^（）()\n]{6,200}[)）]")
_LONGEST_NOTE = 400
_FAR = 200
"""Paragraphs within which 其次 follows 首先."""
_YEAR = re.compile(r"(?:19|20)\d\d年")
"""A year that begins the words of an item: 1.2024年上半年，…"""
_FIRST = frozenset({"首先", "一", "1", "①"})
_SECOND = frozenset({"二", "其次", "②", "再次", "2"})


@dataclass(slots=True)
class OutlineItem:
    """A numbered item, or (style None) a paragraph without number."""

    begin: int
    """Offset of its number."""
    text: int
    """Offset of its words."""
    end: int
    """Where its paragraph, or its stretch of the paragraph, ends."""
    style: NumberingStyle | None = None
    value: int = 0
    """Its number; 0 for 其次, 此外 and the like."""
    label: str = ""
    """Its number as it stands in a number path: ``(一)``."""
    inline: bool = False
    """Whether it begins inside a paragraph."""

    @property
    def own_span(self) -> Span:
        """Its words, without its number and the items below it."""
        return make_span((self.text, self.end))


@set_slots
@dataclass(frozen=True, slots=True)
class _Marker:
    """A printed number."""

    match: re.Match[str]
    style: NumberingStyle
    number: str

    @property
    def begin(self) -> int:
        return self.match.start()

    @property
    def value(self) -> int:
        return parse_ordinal(self.number)

    def make_item(self, text: str, end: int, *, inline: bool) -> OutlineItem:
        words = self.match.end()
        while words < end and text[words].isspace():
            words += 1
        return OutlineItem(self.begin, words, end, self.style, self.value, self.style.label.format(self.number), inline)


def find_items(text: str, paragraphs: Sequence[Span], cues: StructureCues) -> list[OutlineItem]:
    """Return the items in order: one for each paragraph, and one more for each number inside it."""
    items: list[OutlineItem] = []
    counts: dict[str, int] = {}
    for i, paragraph in enumerate(paragraphs):
        marker = _find_start_marker(text, paragraphs[i : i + _FAR], counts, cues)
        if marker is None:
            items.append(OutlineItem(paragraph.begin, paragraph.begin, paragraph.end))
        else:
            items.append(marker.make_item(text, paragraph.end, inline=False))
            counts[marker.style.name] = marker.value
            for name in [name for name in counts if cues.by_name[name].rank > marker.style.rank]:
                del counts[name]
        rest = Span(items[-1].text, paragraph.end)
        next_style = _find_second_style(text, paragraphs[i + 1], cues) if i + 1 < len(paragraphs) else ""
        for marker in _find_inline_markers(text, rest, cues, counts, next_style):
            items[-1].end = _strip_end(text, items[-1].text, marker.begin)
            items.append(marker.make_item(text, paragraph.end, inline=True))
    return items


class Numbering:
    """The numbers of items by their place, to find the next one without a look at every item.

    Args:
        items: the items in order, with their styles.
    """

    def __init__(self, items: Sequence[OutlineItem]) -> None:
        self.items = items
        self._places: dict[tuple[str, int], list[int]] = {}
        self._inline_firsts: dict[str, list[int]] = {}
        for i, item in enumerate(items):
            if item.style is not None:
                self._places.setdefault((item.style.name, item.value), []).append(i)
                if item.value == 1 and item.inline:
                    self._inline_firsts.setdefault(item.style.name, []).append(i)

    def goes_on(self, at: int, open_item: OutlineItem) -> bool:
        """Whether an item after *at* continues the numbering of *open_item*, before a list of its style begins anew."""
        if open_item.style is None:
            return False
        name = open_item.style.name
        following = self._find_next(self._places.get((name, open_item.value + 1)), at)
        if name == "adverb":
            following = min(following, self._find_next(self._places.get((name, 0)), at))
        anew = self._find_next(self._inline_firsts.get(name), at) if open_item.inline else sys.maxsize
        return following < sys.maxsize and following <= anew

    def _find_next(self, places: Sequence[int] | None, at: int) -> int:
        k = bisect_right(places, at) if places else 0
        return places[k] if places and k < len(places) else sys.maxsize


def _make_marker(match: re.Match[str], cues: StructureCues) -> _Marker:
    # The group of a style closes after the group of its number, so it is the last group.
    style = cues.by_name[match.lastgroup or ""]
    return _Marker(match, style, match[f"{style.name}_n"])


def _find_start_marker(
    text: str, paragraphs: Sequence[Span], counts: dict[str, int], cues: StructureCues
) -> _Marker | None:
    """Return the number at the start of the first of *paragraphs*, None if there is none; the others follow it."""
    paragraph = paragraphs[0]
    match = cues.any_start.match(text, paragraph.begin, paragraph.end)
    if match is None:
        return None
    marker = _make_marker(match, cues)
    if _is_decimal(text, marker):
        return None
    if marker.style.name == "adverb" and "adverb" not in counts:
        # 首先 begins a list only if its 其次 follows.
        second_follows = any(
            cues.patterns["goes_on"].search(text, paragraph.begin, paragraph.end) for paragraph in paragraphs
        )
        if marker.value != 1 or not second_follows:
            return None
    return marker


def _find_second_style(text: str, paragraph: Span, cues: StructureCues) -> str:
    """Return the style of *paragraph* if it begins with number 2 or 其次, else an empty string."""
    match = cues.any_start.match(text, paragraph.begin, paragraph.end)
    if match is None:
        return ""
    marker = _make_marker(match, cues)
    return marker.style.name if marker.value in (0, 2) else ""


def _is_decimal(text: str, marker: _Marker) -> bool:
    """Whether the number is the first part of a decimal: 1.5."""
    end = marker.match.end()
    is_digit = marker.style.name == "arabic" and text[end : end + 1].isdigit()
    return is_digit and _YEAR.match(text, end) is None


def _strip_end(text: str, begin: int, end: int) -> int:
    while end > begin and text[end - 1].isspace():
        end -= 1
    return end


def _find_inline_markers(
    text: str, paragraph: Span, cues: StructureCues, counts: dict[str, int], next_style: str
) -> list[_Marker]:
    """Return the numbers inside a paragraph: lists of 一是…二是…, and glued headings (…。(七)…) that go on counting.

    Args:
        text: the page.
        paragraph: the paragraph, without a number at its start.
        cues: the compiled patterns.
        counts: the last number of each style; it is updated.
        next_style: the style of the next paragraph if that begins with number 2, else empty.
    """
    markers = [_make_marker(m, cues) for m in cues.any_inline.finditer(text, paragraph.begin, paragraph.end)]
    markers = [marker for marker in markers if not _is_decimal(text, marker)]
    if not markers:
        return []
    enclosed = _find_enclosed(text, paragraph, [marker.begin for marker in markers])
    inline_styles = {
        marker.style.name
        for marker in markers
        if marker.style.where == "inline"
        and (marker.number in _SECOND or marker.style.name in counts or marker.style.name == next_style)
    }
    found: list[_Marker] = []
    begun_styles: set[str] = set()
    rejected: set[str] = set()
    seconds = _find_seconds(text, markers)
    for marker in markers:
        style = marker.style
        before = text[marker.begin - 1] if marker.begin > paragraph.begin else "\n"
        if marker.begin in enclosed:
            continue
        if style.where == "inline":
            if style.name not in inline_styles or style.name in rejected:
                continue
            first = marker.number in _FIRST
            lead = text[max(paragraph.begin, marker.begin - 60) : marker.begin]
            if first and cues.kinds["enumeration"].search(lead.rstrip("：:，,")):
                rejected.add(style.name)
                continue
            begun = style.name in counts or style.name in begun_styles
            if not _may_stand_here(style, first, begun, before, cues):
                continue
        elif marker.value == 1:
            lead = text[max(paragraph.begin, marker.begin - 30) : marker.begin]
            if not cues.kinds["run_lead"].search(lead) or not seconds.get(_get_form(marker), 0) > marker.begin:
                continue
        elif counts.get(style.name, 0) + 1 != marker.value or not (
            before in _SENTENCE_END or _follows_note(text, paragraph.begin, marker.begin, cues)
        ):
            continue
        found.append(marker)
        begun_styles.add(style.name)
        counts[style.name] = marker.value
        for other_style in cues.styles:
            if other_style.rank > style.rank:
                counts.pop(other_style.name, None)
                rejected.discard(other_style.name)
    return found


def _follows_note(text: str, begin: int, at: int, cues: StructureCues) -> bool:
    """Whether a note of who is in charge of an item, in brackets, ends at *at*."""
    if text[at - 1] not in "）)〕】]":
        return False
    return cues.patterns["duty_end"].search(text[max(begin, at - _LONGEST_NOTE) : at]) is not None


def _may_stand_here(style: NumberingStyle, first: bool, begun: bool, before: str, cues: StructureCues) -> bool:
    """Whether an 一是 or 首先 after the character *before* begins or continues a list.

    Args:
        style: its style.
        first: whether it is the first number.
        begun: whether a list of this style has begun.
        before: the character before it.
        cues: the compiled patterns.
    """
    if not first and not begun:
        return False
    if style.name == "adverb":
        return before in "。；;\n！"
    after_subject = first and style.name == "is" and bool(cues.patterns["organ_chars"].match(before))
    return before in _CLAUSE_END or before.isspace() or after_subject


def _get_form(marker: _Marker) -> tuple[str, str]:
    """Return the style of a number and its mark, the way it is written: 1. is not 1、."""
    return marker.style.name, marker.match[0].strip()[-1]


def _find_seconds(text: str, markers: Sequence[_Marker]) -> dict[tuple[str, str], int]:
    """Return where the last number 2 of each way of writing stands at the begin of a sentence (建议：1.…；*2.*…)."""
    return {
        _get_form(marker): marker.begin
        for marker in markers
        if text[marker.begin - 1] in _SENTENCE_END and marker.value == 2
    }


def _find_enclosed(text: str, paragraph: Span, positions: Sequence[int]) -> set[int]:
    """Return the *positions*, which are sorted, that are inside 《》 or brackets."""
    found: set[int] = set()
    for enclosing in _ENCLOSING.finditer(text, paragraph.begin, paragraph.end):
        first = bisect_right(positions, enclosing.start())
        found.update(positions[first : bisect_left(positions, enclosing.end() - 1, first)])
    return found
