"""Mentions of places: divisions, regions that are no divisions, and what ``areas`` and ``localities`` find."""

from __future__ import annotations

import re
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.divisions import compile_patterns, find_counted
from extract.mentions.geography import Geography
from extract.mentions.places.areas import find_areas
from extract.mentions.places.localities import find_localities
from extract.mentions.readings import Reading, list_readings
from extract.model import Kind, Mention
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives


def find_places(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every place named on the page."""
    out: list[Mention] = []
    for reading in list_readings(page):
        out += _find_divisions(page, geo, reading)
        out += find_areas(page, geo, reading)
        out += find_localities(page, geo, reading)
        out += _find_regions(page, reading)
    out += _find_counted(page)
    return [m for m in out if page.is_in_letter(m.span)]


def _find_counted(page: MentionContext) -> list[Mention]:
    """The divisions of a list that says their level once: 青石、白沙两镇."""
    joined = page.joined
    return [
        Mention(joined.span(p.begin, p.end), Kind.PLACE, p.name, "place.shared", 0.85, {"full": p.name})
        for p in find_counted(joined.text, compile_patterns(page.lex), segmenter(page.lex))
    ]


@cache
def _compile_regions(lex: Lexicon) -> re.Pattern[str]:
    places = lex.read_config("agencies")["places"]
    return re.compile(join_alternatives([*places["regions"], *places["countries"]]))


def _find_regions(page: MentionContext, reading: Reading) -> list[Mention]:
    out: list[Mention] = []
    for found in _compile_regions(page.lex).finditer(reading.text):
        if reading.keeps(*found.span()):
            span = reading.span(*found.span())
            out.append(Mention(span, Kind.PLACE, found.group(), "place.region", 0.75, {"area": "1"}))
    return out


_NOT_AFTER_SHORT = re.compile("[市省区县州]|军区|籍")
"""What follows a short name of a division where it is not the division that is meant: 甲州, 甲军区."""
_AROUND = 5
_LIST = ("、", "和", "与", "及")
_COMMON = frozenset({"v", "vn", "n", "a"})


def _find_divisions(page: MentionContext, geo: Geography, reading: Reading) -> list[Mention]:
    out: list[Mention] = []
    for found in geo.name_pattern.finditer(reading.text):
        begin, end = found.span()
        if not reading.keeps(begin, end) or reading.text.startswith("生产建设兵团", end):
            continue
        if found.group() in geo.shorts and (
            _NOT_AFTER_SHORT.match(reading.text, end) or _is_other_word(reading.text, begin, end, page, geo)
        ):
            continue
        full = geo.get_full_name(found.group())
        out.append(Mention(reading.span(begin, end), Kind.PLACE, found.group(), "place.division", 0.9, {"full": full}))
    return out


def _is_other_word(text: str, begin: int, end: int, page: MentionContext, geo: Geography) -> bool:
    """Whether a short name is other words: 长白山 (白山), 医保定点 (保定), or, without the full name, 开封使用."""
    full = geo.get_full_name(text[begin:end])
    first = max(0, begin - _AROUND)
    for word in segmenter(page.lex).segment(text[first : end + _AROUND]):
        left, right = first + word.begin, first + word.end
        if left < begin < right or left < end < right:
            return True
        if (left, right) == (begin, end) and word.tag in _COMMON and full not in page.text:
            return not _is_listed(text, begin, end, geo)
    return False


def _is_listed(text: str, begin: int, end: int, geo: Geography) -> bool:
    """Whether a place stands beside the name at *begin* to *end* in a list."""
    if text[end : end + 1] in _LIST and geo.name_pattern.match(text, end + 1):
        return True
    before = text[max(0, begin - 7) : begin]
    return before[-1:] in _LIST and any(geo.get_full_name(before[-1 - length : -1]) for length in range(2, 7))
