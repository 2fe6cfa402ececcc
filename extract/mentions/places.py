"""Mentions of places: divisions, towns, named areas (新区, 功能区, 产业园 …), and regions that are no divisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.organs.prefixes import count_verbs, is_kind_of_zone
from extract.model import Kind, Mention, Span
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
    zones: tuple[str, ...]
    region: re.Pattern[str]


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    config = lex.read_config("agencies")
    places = config["places"]
    cut = re.compile(
        r"[一二三四五六七八九十\d]大|[，,、。；;：:（()）《》\s]|以及|包括|支持|打造|建设|引导|推动|推进|创建|依托|位于|入驻|申报|成立|设立|加快|实现|规划|形成|纳入|所在|全力|高标准|[和与及由经向对将把为在了的等到从至于按以是共个家含]"
    )
    return _Patterns(
        re.compile(rf"(?:{join_alternatives(places['areas'])})(?![一-龥]{{0,2}}(?:管委会|管理委员会)|市|镇)"),
        cut,
        frozenset(places["own"]),
        frozenset(places["wide"]),
        tuple(config["zones"]),
        re.compile(join_alternatives(places["regions"])),
    )


def find_places(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every place named on the page."""
    patterns = _compile_patterns(page.lex)
    out = [*_find_divisions(page, geo), *_find_areas(page, geo, patterns)]
    for found in patterns.region.finditer(page.text):
        out.append(Mention(Span(*found.span()), Kind.PLACE, found.group(), "place.region", 0.75, {"area": "1"}))
    return [m for m in out if page.is_in_letter(m.span)]


def _find_divisions(page: MentionContext, geo: Geography) -> list[Mention]:
    out: list[Mention] = []
    for found in geo.name_pattern.finditer(page.text):
        span = Span(*found.span())
        name = geo.get_full_name(found.group())
        if page.text.startswith("生产建设兵团", span.end):
            continue
        if found.group() in geo.shorts and page.text[span.end : span.end + 1] in "市省区县":
            continue
        out.append(Mention(span, Kind.PLACE, found.group(), "place.division", 0.9, {"full": name}))
    return out


def _find_areas(page: MentionContext, geo: Geography, patterns: _Patterns) -> list[Mention]:
    """Named areas: what stands between a mark or verb and the ending, if it begins with a place or is a name itself."""
    out: list[Mention] = []
    for found in patterns.area.finditer(page.text):
        words = page.get_words_before(found.start(), 20)
        at = max((mark.end() for mark in patterns.cut.finditer(words)), default=0)
        begin = found.start() - len(words) + at
        stem = page.text[begin : found.start()]
        named = geo.name_pattern.match(page.text, begin)
        if not named:
            begin += count_verbs(stem, page.lex)
            stem = page.text[begin : found.start()]
            named = geo.name_pattern.match(page.text, begin)
        if not named and not _is_own_name(page, stem, found.group(), patterns):
            continue
        if named and named.end() == found.start() and found.group() in {"片区", "山区", "新城", "库区"}:
            continue
        if len(stem) < 2 or is_kind_of_zone(stem + found.group(), page.lex):
            continue
        if named and not _is_name(page, page.text[named.end() : found.start()], _VERBS):  # 澄溪市+优化+产业园
            continue
        span = include_quotes(page.text, Span(begin, found.end()))
        out.append(Mention(span, Kind.PLACE, remove_space(span.of(page.text)), "place.area", 0.75, {"area": "1"}))
    return out


_VERBS = frozenset({"v", "d", "p", "c"})
_LEVEL = re.compile(r"(?:国家|省|市|县|区)级?[“\"]?[一-龥]{2,}")


def _is_own_name(page: MentionContext, stem: str, area: str, patterns: _Patterns) -> bool:
    """Whether the words before an area's ending make a name without a division in it: 岚陵+山区, 汀浦+特别合作区."""
    if area in {"主城区", "中心城区"}:
        return stem.endswith(patterns.zones)
    if _LEVEL.match(stem):
        return True
    size = len(stem.strip('“”"'))
    if area in patterns.wide and 2 <= size <= 8:
        return _is_name(page, stem, frozenset({"v", "d", "p", "c", "r", "m", "vn", "a", "b"}))
    if area in patterns.own:
        return 2 <= size <= 5
    return area in patterns.zones and 2 <= size <= 3 and _is_name(page, stem, _WORDS)


_WORDS = frozenset({"v", "d", "p", "c", "r", "m", "vn", "a", "n", "b", "j", "f", "t", "ad", "an"})
"""Parts of speech of words that describe a zone: 生态+示范区 is a kind, 杨汀+示范区 a name."""


def _is_name(page: MentionContext, stem: str, words: frozenset[str]) -> bool:
    return not any(len(word.text) > 1 and word.tag in words for word in segmenter(page.lex).segment(stem))
