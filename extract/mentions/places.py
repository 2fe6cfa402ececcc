"""Mentions of places: divisions, towns, and named areas (新区, 功能区, 产业园 …)."""

from __future__ import annotations

import re
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.model import Kind, Mention, Span
from extract.text.normalize import include_quotes, remove_space
from ontology.lexicons import Lexicon, join_alternatives


@cache
def _area(lex: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    areas = join_alternatives(lex.read_config("agencies")["places"]["areas"])
    cut = re.compile(
        r"[一二三四五六七八九十\d]大|[，,、。；;：:（()）《》\s]|以及|包括|支持|打造|建设|引导|推动|推进|创建|依托|位于|入驻|申报|成立|设立|加快|实现|规划|形成|纳入|所在|全力|高标准|[和与及由经向对将把为在了的等到从至于按以是共个家]"
    )
    return re.compile(rf"(?:{areas})(?![一-龥]{{0,2}}(?:管委会|管理委员会)|市|镇)"), cut


def find_places(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every place named on the page."""
    out: list[Mention] = []
    for found in geo.name_pattern.finditer(page.text):
        span = Span(*found.span())
        name = geo.get_full_name(found.group())
        if page.text.startswith("生产建设兵团", span.end):
            continue
        if found.group() in geo.shorts and page.text[span.end : span.end + 1] in "市省区县":
            continue
        out.append(Mention(span, Kind.PLACE, found.group(), "place.division", 0.9, {"full": name}))
    area, cut = _area(page.lex)
    for found in area.finditer(page.text):
        words = page.get_words_before(found.start(), 20)
        at = 0
        for mark in cut.finditer(words):
            at = mark.end()
        begin = found.start() - len(words) + at
        stem = page.text[begin : found.start()]
        named = geo.name_pattern.match(page.text, begin)
        if (
            not named
            and not re.match(r"(?:国家|省|市|县|区)级?[“\"]?[一-龥]{2,}", stem)
            and not (2 <= len(stem.strip('“”"')) <= 5 and found.group() in _SELF)
        ):
            continue
        if named and named.end() == found.start() and found.group() in {"片区", "山区", "新城"}:
            continue
        if len(stem) < 2:
            continue
        span = include_quotes(page.text, Span(begin, found.end()))
        out.append(Mention(span, Kind.PLACE, remove_space(span.of(page.text)), "place.area", 0.75, {"area": "1"}))
    return [m for m in out if page.is_in_letter(m.span)]


_SELF = frozenset({"新区", "功能区", "科学城", "山区", "大湾区", "经济带", "科技城", "经济圈", "都市圈", "名镇"})
