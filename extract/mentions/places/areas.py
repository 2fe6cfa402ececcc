"""Mentions of named areas: 新区, 功能区, 产业园, 口岸, 自由贸易试验区 … after a place, or with a name of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.organs.prefixes import count_verbs, is_kind_of_zone
from extract.mentions.readings import Reading
from extract.model import Kind, Mention
from extract.text.normalize import include_quotes, remove_space
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class _Patterns:
    area: re.Pattern[str]
    cut: re.Pattern[str]
    """What a name of an area does not contain."""
    own: frozenset[str]
    wide: frozenset[str]
    proper: frozenset[str]
    kinds: tuple[str, ...]
    before: frozenset[str]
    """Words before a division's name that are no part of it."""
    zones: tuple[str, ...]
    whole: re.Pattern[str]
    """The zone that an area is a part of: 自贸试验区(澄溪片区)."""
    partner: re.Pattern[str]
    """The two countries of a zone: 中韩."""
    joint: re.Pattern[str]
    """The start of a name with its place in brackets: 中国（澄溪）(自由贸易试验区)."""


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    config = lex.read_config("agencies")
    places = config["places"]
    cut = re.compile(
        r"[一二三四五六七八九十\d]大|[，,、。；;：:（()）《》\s]|以及|包括|支持|打造|建设|引导|推动|推进|创建|依托|位于|入驻|申报|成立|设立|加快|实现|规划|形成|纳入|所在|全力|高标准|[和与及由经向对将把为在了的等到从至于按以是共个家含]"
    )
    not_after = "|".join(f"(?<={ending})[{letters}]" for ending, letters in places["not_after_area"].items())
    return _Patterns(
        re.compile(
            rf"(?:{join_alternatives(places['areas'])})(?![一-龥]{{0,2}}(?:管委会|管理委员会)|市|镇|{not_after})"
        ),
        cut,
        frozenset(places["own"]),
        frozenset(places["wide"]),
        frozenset(places["proper"]),
        tuple(places["area_kinds"]),
        frozenset(places["before"]),
        tuple(config["zones"]),
        re.compile(join_alternatives(places["wholes"])),
        re.compile(rf"中[{places['partners']}]"),
        re.compile(rf"中(?:国|[{places['partners']}])[（(][一-龥]{{2,6}}[)）]\Z"),
    )


def find_areas(page: MentionContext, geo: Geography, reading: Reading) -> list[Mention]:
    """Named areas: what stands between a mark or verb and the ending, if it begins with a place or is a name itself."""
    patterns = _compile_patterns(page.lex)
    out: list[Mention] = []
    for found in patterns.area.finditer(reading.text):
        begin = _find_begin(page, geo, reading, found)
        if begin is None or not reading.keeps(begin, found.end()):
            continue
        span = include_quotes(page.text, reading.span(begin, found.end()))
        name = remove_space(span.of(page.text))
        if name.count("“") == name.count("”"):
            out.append(Mention(span, Kind.PLACE, name, "place.area", 0.75, {"area": "1"}))
    return out


def _find_begin(page: MentionContext, geo: Geography, reading: Reading, found: re.Match[str]) -> int | None:
    """Return where the name of the area that ends with *found* begins; None if it is no name."""
    patterns, text, area = _compile_patterns(page.lex), reading.text, found.group()
    words = reading.get_words_before(found.start(), 20)
    at = max((mark.end() for mark in patterns.cut.finditer(words)), default=0)
    begin = found.start() - len(words) + at
    if area in _CITY and words.endswith(("市", "县")) and found.start() - begin <= 2:  # 我市主城区
        return found.start() - 1
    if area not in patterns.proper and (joint := patterns.joint.search(words[:at])):
        return _include_place(geo, text, begin - at + joint.start())
    named = _match_place(geo, patterns, text, begin)
    if not named:
        begin += count_verbs(text[begin : found.start()], page.lex)
        named = _match_place(geo, patterns, text, begin)
    if not named and (inner := geo.name_pattern.search(text, begin + 1, min(begin + 3, found.start()) + 4)):
        # 筑牢+澄溪口岸
        lead = segmenter(page.lex).segment(text[begin : inner.start()])
        if inner.end() <= found.start() and all(word.tag in _LEADING for word in lead):
            begin, named = inner.start(), inner
    stem = text[begin : found.start()]
    if _is_division(geo, patterns, text, begin, found.end()):
        return None
    if not named and not _is_own_name(page, stem, area, patterns):
        return None
    if named and named.end() == found.start() and named.start() == begin and area in _DESCRIBING:
        return None
    if len(stem) < 2 or is_kind_of_zone(stem + area, page.lex):
        return None
    if named and not _is_name(page, text[named.end() : found.start()], _VERBS):  # 澄溪市+优化+产业园
        return None
    return begin


def _is_division(geo: Geography, patterns: _Patterns, text: str, begin: int, end: int) -> bool:
    """Whether a division ends with the area's ending, and no name precedes it: 所辖+临山区."""
    for length in range(3, min(7, end - begin + 1)):
        if text[end - length : end] in geo.levels:
            return end - length == begin or text[begin : end - length] in patterns.before
    return False


def _match_place(geo: Geography, patterns: _Patterns, text: str, begin: int) -> re.Match[str] | None:
    """Return the match of a division at *begin*, or after the zone there that the area is a part of."""
    whole = patterns.whole.match(text, begin)
    return geo.name_pattern.match(text, whole.end() if whole else begin)


def _include_place(geo: Geography, text: str, begin: int) -> int:
    """Return where the division before *begin* begins; *begin* if there is none."""
    for length in range(min(6, begin), 1, -1):
        if geo.get_full_name(text[begin - length : begin]):
            return begin - length
    return begin


_DESCRIBING = frozenset({"片区", "山区", "新城", "库区", "地区", "景区"})
"""Endings that make no name of a place's name alone: 澄溪山区 are the mountains of it."""
_CITY = frozenset({"主城区", "中心城区"})
_LEADING = frozenset({"v", "a", "d", "vn", "p", "r", "u", "ad", "ag", "vg"})
_VERBS = frozenset({"v", "d", "p", "c"})
_LEVEL = re.compile(r"(?:(?:国家|省|市|县|区)级|国家|[省市县区](?![城区场民域内]))[“\"]?[一-龥]{2,}")


def _is_own_name(page: MentionContext, stem: str, area: str, patterns: _Patterns) -> bool:
    """Whether the words before an area's ending make a name without a division in it: 岚陵+山区, 汀浦+特别合作区."""
    if patterns.partner.fullmatch(stem):
        return True
    if area in _CITY:
        return stem.endswith(patterns.zones)
    if stem.endswith(patterns.kinds):
        return False
    if area in patterns.proper:
        return (
            2 <= len(stem) <= 4
            and _is_proper(page, stem)
            and (area != "港" or len(segmenter(page.lex).segment(stem)) == 1)
        )
    if _LEVEL.match(stem):
        return True
    size = len(stem.strip('“”"'))
    if area in patterns.wide and 2 <= size <= 8:
        return _is_name(page, stem, frozenset({"v", "d", "p", "c", "r", "m", "vn", "a", "b"}))
    if area in patterns.own:
        return 2 <= size <= 5 and _is_name(page, stem, _VERBS)
    return area in patterns.zones and 2 <= size <= 3 and _is_name(page, stem, _WORDS)


_WORDS = frozenset({"v", "d", "p", "c", "r", "m", "vn", "a", "n", "b", "j", "f", "t", "ad", "an"})
"""Parts of speech of words that describe a zone: 生态+示范区 is a kind, 杨汀+示范区 a name."""


def _is_name(page: MentionContext, stem: str, words: frozenset[str]) -> bool:
    return not any(len(word.text) > 1 and word.tag in words for word in segmenter(page.lex).segment(stem))


_PROPER = frozenset({"ns", "nr", "nrt", "nz"})
_FUNCTION = frozenset({"m", "q", "d", "p", "c", "r", "u", "f"})
_RARE = frozenset({"x", "ng", "ag", "vg", "tg", "dg", "zg", "nr", "ns", "nz"})
_NO_LETTER = re.compile("[省市县区州镇乡各本我全该其不大新级]")


def _is_proper(page: MentionContext, stem: str) -> bool:
    """Whether a short stem has the form of a name: a name that the dictionary has, or characters that make no word."""
    words = segmenter(page.lex).segment(stem)
    if any(word.tag == "v" for word in words) and not any(word.tag in _RARE for word in words):
        return False
    return not _NO_LETTER.search(stem) and all(
        word.tag in _PROPER if len(word.text) > 1 else word.tag not in _FUNCTION for word in words
    )
