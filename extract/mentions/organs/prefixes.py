"""The jurisdiction before the name of an organ: full names (澄溪市临汀区), a level (市), a short name, a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.model import Letter
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives

LEVELS = "省市县区州旗镇乡盟"
"""Characters that stand for the division of a level: 市发改局."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """What stands before an organ's name."""

    begin: int
    """Where it begins; where the organ's name begins if there is none."""
    attrs: dict[str, str]
    """``prefix``: the level, or empty; ``place``: full names of divisions; ``area``: name of a zone; ``government``:
    人民政府, where the organ's name contains it (市政府外办)."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    zone: re.Pattern[str]
    """A zone's name at the end of some words."""
    kind_of_zone: re.Pattern[str]
    """Words for zones of a kind: 国家级开发区."""
    zone_start: re.Pattern[str]
    """A zone's name at the start of an issuer or title."""
    list_of_levels: re.Pattern[str]
    """Levels in a list at the end of some words: 各市、州、(县人民政府)."""
    level_above: re.Pattern[str]
    """The level above a county at the end of some words: 市(县人民政府)."""
    others: re.Pattern[str]
    """Words at the end of some words by which a level means no single division: 周边(县教育局)."""
    longer: frozenset[str]
    """Words whose last character is no level: 城市, 超市."""


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    config = lex.read_config("agencies")
    zones = join_alternatives(config["zones"])
    return _Patterns(
        re.compile(rf"[一-龥]{{0,12}}?(?:{zones})\Z"),
        re.compile(
            rf"(?:{join_alternatives(config['zone_kinds'])})(?:{zones})?$|(?:{join_alternatives(config['bare_zones'])})$|各"
        ),
        re.compile(rf"[一-龥]{{2,8}}?(?:{zones})(?!管理办法)"),
        re.compile(rf"各[{LEVELS}自治直辖、（()）]{{0,9}}\Z|(?:自治|直辖|单列|[（(〔][{LEVELS}、]{{1,5}}[）)〕])、?\Z"),
        re.compile(r"[市区州县]、?\Z"),
        re.compile(rf"(?:{join_alternatives(config['other_divisions'])})的?\Z"),
        frozenset(config["longer_words"]),
    )


_GOVERNMENT = re.compile(r"(?:人民)?政府\Z")
_WE = re.compile(r"[我本全]\Z")


def read_prefix(page: MentionContext, geo: Geography, begin: int) -> Prefix:
    """Return the jurisdiction before *begin*; a line break inside a sentence does not end it."""
    words, offsets = page.joined.read_before(begin, _LONGEST)
    government = _GOVERNMENT.search(words)
    at = government.start() if government else len(words)
    start, level, places = _read_division(words[:at], geo, page.lex)
    attrs = {"prefix": level, "place": places}
    if government:
        if start == at:
            return Prefix(begin, {"prefix": "", "place": ""})
        attrs["government"] = "人民政府"
        return Prefix(offsets[start], attrs)
    if corps := _CORPS.search(words, 0, start):
        return Prefix(offsets[corps.start()], {"prefix": "", "place": "", "area": corps.group()})
    if level == "区":
        if area := _compile_patterns(page.lex).zone.search(words, max(0, at - 20)):
            name = _cut_zone(page, geo, words, area.start())
            if is_kind_of_zone(name, page.lex):
                return Prefix(begin, {"prefix": "", "place": ""})
            return Prefix(offsets[at - len(name)], {"prefix": "", "place": "", "area": name})
        if zone := find_zone(page, page.find_letter(begin)):
            attrs["area"] = zone
    return Prefix(offsets[start], attrs)


_CORPS = re.compile(r"(?:新疆生产建设)?兵团\Z")
"""A jurisdiction that is no division."""
_LONGEST = 32
"""Most characters of a jurisdiction."""
_CUT = re.compile("[由向对和与及报在]|经(?![济开])")


def _cut_zone(page: MentionContext, geo: Geography, words: str, begin: int) -> str:
    """Return the name of the zone at the end of *words*: from a place's name on, or without the verbs before it."""
    for found in geo.name_pattern.finditer(words):
        if found.end() >= begin and len(words) - found.end() <= 12:
            return words[found.start() :]
    name = words[begin:]
    cut = max((found.end() for found in _CUT.finditer(name)), default=0)
    name = name[cut:]
    first = next((word for word in segmenter(page.lex).segment(name) if word.tag not in {"v", "p", "c", "d"}), None)
    return name[first.begin :] if first and len(name) - first.begin > 2 else name


def _read_division(words: str, geo: Geography, lex: Lexicon) -> tuple[int, str, str]:
    """Return where the division at the end of *words* begins, its level or "", and the full names or ""."""
    begin = at = len(words)
    places = ""
    while True:
        for length in range(min(9, at), 1, -1):
            word = words[at - length : at]
            if word in geo.levels:
                at, places = at - length, word + places
                break
        else:
            break
    if places:
        return at, "", places
    if words.endswith("自治区"):
        return at - 3, "自治区", ""
    for length in range(min(5, at), 1, -1):  # before the level, which a short name may end in: 沐州+海关
        if words[at - length :] in geo.shorts:
            return at - length, "", geo.shorts[words[at - length :]]
    level = words[-1:]
    if level and level in LEVELS and words[-2:] not in _compile_patterns(lex).longer:
        return at - (2 if _WE.search(words, max(0, at - 2), at - 1) else 1), level, ""
    return begin, "", ""


def is_generic(page: MentionContext, geo: Geography, prefix: Prefix) -> bool:
    """Whether a level names no single organ: in a list of levels (各市、州、县人民政府), or behind 周边 or 有关."""
    if not prefix.attrs["prefix"] or "area" in prefix.attrs:
        return False
    patterns = _compile_patterns(page.lex)
    words = "".join(page.text[max(0, prefix.begin - 12) : prefix.begin].split())
    if patterns.list_of_levels.search(words) or patterns.others.search(words):
        return True
    if prefix.attrs["prefix"] not in {"区", "县"} or not patterns.level_above.search(words):
        return False
    # (市)县人民政府 is a list of levels, but (临县)县委 is not: a full name ends there
    return not (words[-1:] in LEVELS and any(words.endswith(name) for name in geo.levels))


_LOW = frozenset({"区", "县", "镇", "乡"})
"""Levels that in a letter of a higher division mean no single one: (市局的来文里的)区政府."""


def is_below_issuer(page: MentionContext, geo: Geography, prefix: Prefix) -> bool:
    """Whether a level stands below the organ that writes, so that it means no single division."""
    if prefix.attrs["prefix"] not in _LOW or "area" in prefix.attrs:
        return False
    letter = page.find_letter(prefix.begin)
    stated = geo.split_chain((letter.get_value("issuedBy") if letter else "") or "")
    return bool(stated) and not geo.get_home(letter).resolve_prefix(prefix.attrs["prefix"])


def count_verbs(words: str, lex: Lexicon) -> int:
    """Return how many characters at the start of *words* are verbs and the like before a name: 2 of 促进岚陵."""
    first = next((word.begin for word in segmenter(lex).segment(words) if word.tag not in _BEFORE), 0)
    return first if len(words) - first >= 2 else 0


_BEFORE = frozenset({"v", "vn", "p", "c", "d", "r", "u"})


def is_kind_of_zone(words: str, lex: Lexicon) -> bool:
    """Whether *words* mean zones of a kind and no single one: 国家级开发区, 各园区."""
    return _compile_patterns(lex).kind_of_zone.match(words) is not None


def find_zone(page: MentionContext, letter: Letter | None) -> str:
    """Return the zone whose organ writes the letter (澄溪南汀新区), which 区 then means; empty if there is none."""
    if letter is None:
        return ""
    for name in ("issuedBy", "title"):
        value = letter.get_value(name) or ""
        if found := _compile_patterns(page.lex).zone_start.match(value.removeprefix("关于")):
            return found.group()[count_verbs(found.group(), page.lex) :]  # 关于促进+南汀新区…措施
    return ""
