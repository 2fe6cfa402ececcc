"""Mentions of bodies that several offices form (领导小组), of the administrations of zones, and of temporary organs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.organs.prefixes import LEVELS, is_kind_of_zone
from extract.mentions.words import is_cut
from extract.model import Kind, Mention, Span
from extract.text.normalize import remove_space
from extract.text.segment import Word, segmenter
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class _Patterns:
    group: re.Pattern[str]
    """The ending of a body that several offices form, with its own office."""
    relative: re.Pattern[str]
    area: re.Pattern[str]
    """The name of a zone at the end of the words before 管委会."""
    verbs: frozenset[str]
    """Words before a body's name that are no part of it."""
    inside: frozenset[str]
    """Those of them that stand inside a name that begins with a jurisdiction: 省+优化…联席会议."""
    local: tuple[str, ...]
    """Endings that name a body only after a jurisdiction."""
    after: re.Pattern[str]
    """Words after an ending that make it a word of another kind: 领导小组+组长."""


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    config = lex.read_config("agencies")
    boards = config["boards"]
    return _Patterns(
        re.compile(rf"(?:{join_alternatives(boards['endings'])})(?:办公室)?"),
        re.compile(rf"(?:大赛|组委会)*({join_alternatives(config['relative'])})(?![一-龥]?员[^单])"),
        re.compile(rf"(?:[一-龥—\-]{{0,16}})(?:{join_alternatives([*config['zones'], *boards['areas']])})$"),
        frozenset(boards["before"]),
        frozenset(boards["inside"]),
        tuple(boards["local"]),
        re.compile(join_alternatives(boards["after"])),
    )


def find_boards(page: MentionContext, geo: Geography) -> list[Mention]:
    """Administrations of zones, bodies that several offices form, and organs with a relative name (组委会)."""
    patterns = _compile_patterns(page.lex)
    out = [*_find_committees(page, geo, patterns), *_find_groups(page, geo, patterns)]
    for found in patterns.relative.finditer(page.text):
        attrs = {"full": found.group(1)}
        name = remove_space(found.group())
        out.append(Mention(Span(*found.span()), Kind.AGENCY, name, "agency.relative", 0.7, attrs))
    return out


_COMMITTEE = re.compile(r"(?:(?P<party>党工委[、（(]?)(?:管理委员会|管委会)[)）]?|管理委员会|管委会)(?P<unit>办公室)?")
_CUT = re.compile(r"[\s，,、。；;：:（(《“\"\[〔【]|以及|会同|联合|或者|[和与及由向对将为在了的请或]|各")
_AREA_LENGTH = 18
"""Most characters of an area's name."""


def _find_committees(page: MentionContext, geo: Geography, patterns: _Patterns) -> list[Mention]:
    """Administrations of zones: 南汀新区管委会; in a list each zone has its own."""
    out: list[Mention] = []
    joined, words = page.joined, segmenter(page.lex)
    for found in _COMMITTEE.finditer(joined.text):
        before = joined.get_words_before(found.start(), _AREA_LENGTH)
        start = _find_area(before, geo, patterns, page.lex)
        if start is None or is_kind_of_zone(before[start:], page.lex):
            continue
        begin = found.start() - len(before) + start
        attrs = {"committee": before[start:]}
        if found.group("unit") and found.group("party"):
            attrs |= {"joint": "党工委", "unit": "办公室"}
            span = joined.span(begin, found.end())
        else:
            span = joined.span(begin, found.start("unit") if found.group("unit") else found.end())
        name = remove_space(span.of(page.text))
        out.append(Mention(span, Kind.AGENCY, name, "agency.committee", 0.88, attrs))
        while begin and joined.text[begin - 1] == "、":
            before = joined.get_words_before(begin - 1, _AREA_LENGTH)
            start = _find_area(before, geo, patterns, page.lex)
            if start is None or not patterns.area.search(before, start) or is_kind_of_zone(before[start:], page.lex):
                break
            area = before[start:]
            begin -= 1 + len(area)
            span = joined.span(begin, begin + len(area))
            attrs = {"committee": area}
            out.append(Mention(span, Kind.AGENCY, area + "管委会", "agency.committee", 0.97, attrs))
    return [mention for mention in out if not is_cut(page.text, mention.span.begin, words)]


def _find_area(before: str, geo: Geography, patterns: _Patterns, lex: Lexicon) -> int | None:
    """Where, in the words before 管委会, the name of its area begins."""
    at = max((found.end() for found in _CUT.finditer(before)), default=0)
    rest = before[at:]
    split = segmenter(lex).segment(rest)
    begins = {word.begin for word in split}
    for found in geo.name_pattern.finditer(rest):
        if found.start() in begins:  # no 白山 in 长白山
            whole = patterns.area.search(rest, 0, found.start())  # 南汀新区+霁川(管委会)
            return at if whole and whole.start() == 0 else at + found.start()
    first = next((word.begin for word in split if word.tag not in _BEFORE or len(word.text) == 1), 0)
    verbs = [word.begin + len(word.text) for word in split if word.tag == "v" and len(word.text) > 1]
    if verbs and is_kind_of_zone(rest[verbs[-1] :], lex):  # 方案送达+产业园区(管委会)
        return None
    if len(rest) - first < 3 or not patterns.area.search(rest[first:]):
        return None
    return at + first


_BEFORE = frozenset({"v", "p", "c", "d", "r", "u"})
"""Parts of speech of words before an area's name that are no part of it."""


def _find_groups(page: MentionContext, geo: Geography, patterns: _Patterns) -> list[Mention]:
    """Bodies that several offices form, in the joined text, since their names are long: 市应急工作领导小组办公室."""
    out: list[Mention] = []
    words = page.words
    if not patterns.group.search(words.text):
        return out
    for found in patterns.group.finditer(words.text):
        if patterns.after.match(words.text, found.end()):
            continue
        number = words.find_word_at(found.start())
        if number is None:  # a word crosses the beginning of the ending
            continue
        begin = _find_begin(words.text, words.words, number, geo, patterns)
        name = words.text[begin : found.end()]
        local = name[0] in LEVELS
        if local and name[1] == "级":  # 省级…领导小组
            continue
        letter = page.find_letter(words.offsets[begin])
        issuer = remove_space((letter.get_value("issuedBy") if letter else "") or "")
        attrs = {"group": name, "prefix": name[0] if local else ""}
        if own := _strip_own(name, issuer):
            attrs = {"of_issuer": issuer, "unit": own, "prefix": issuer[0] if issuer[0] in LEVELS else ""}
        elif len(name) - len(found.group()) < 2 or (
            not (local or geo.name_pattern.match(name))
            and (len(name) < _ALONE or found.group().startswith(patterns.local))
        ):
            continue
        out.append(Mention(words.span(begin, found.end()), Kind.AGENCY, name, "agency.leading", 0.75, attrs))
    return out


_ALONE = 10
"""Least characters of such a name without a jurisdiction."""
_LONGEST = 34
"""Most characters of such a name before its ending."""
_OPEN, _CLOSE = "“‘", "”’"
_BORDERS = frozenset({"p", "c", "u", "w", "r", "d", "m", "t", "eng", "sp"})
"""Parts of speech that no such name contains, except in quotes."""
_NUMBER = re.compile(r"\d{3,5}|年")
"""Words of numbers that a name may contain: 12345热线."""
_OWN = "局厅委"
_ACTOR = re.compile(
    r"[省市县区州旗镇乡盟](?:[一-龥]{0,6}?(?:政府|党委)|[一-龥]{1,8}?[局厅委办])(?:要|应|将|正在)?"
    r"(?:优化|推动|推进|深化|加强|强化|健全|完善|贯彻|落实|支持|构建)"
)
"""An organ that does something with a body, which is not its own: 市政府+加强+…领导小组."""


def _strip_own(name: str, issuer: str) -> str:
    """Return a body's name without the words for the organ that writes: 省局…领导小组; empty if it has none."""
    own = name[1:] if name[0] in LEVELS else name
    return own[1:] if issuer and own[0] in _OWN and issuer.endswith(own[0]) else ""


def _find_begin(text: str, words: Sequence[Word], number: int, geo: Geography, patterns: _Patterns) -> int:
    """Return where the name whose ending is word *number* begins: at a place, or after a word that it cannot have."""
    end = words[number].begin
    first, depth, near = number, 0, -1
    while first and end - words[first - 1].begin <= _LONGEST:
        word = words[first - 1]
        if word.text in _CLOSE:
            depth += 1
        elif word.text in _OPEN:
            depth -= 1
        elif not depth and word.tag in _BORDERS and not _NUMBER.fullmatch(word.text):
            break
        elif not depth and word.text in patterns.verbs:
            near = first if near < 0 else near
            if word.text not in patterns.inside:
                break
        if depth < 0:
            break
        first -= 1
    if jurisdiction := _find_jurisdiction(text, words[first : number + 1], geo, patterns):
        return jurisdiction - 1
    return words[first if near < 0 else near].begin


def _find_jurisdiction(text: str, words: Sequence[Word], geo: Geography, patterns: _Patterns) -> int:
    """Return the position behind the first character of a jurisdiction in *words*; 0 if there is none.

    It stands first, or after verbs or a quote: 优化+省+…联席会议.
    """
    places = geo.name_pattern.search(text, words[0].begin, words[-1].begin)
    depth = 0
    for before, word in zip((None, *words), words[:-1], strict=False):
        if places and places.start() <= word.begin:
            break
        depth += (word.text in _OPEN) - (word.text in _CLOSE)
        if depth or word.text in _CLOSE:
            continue
        free = before is None or before.text in _CLOSE or before.text in patterns.verbs
        if free and (word.text in LEVELS or word.text in _OWN):
            return 0 if _ACTOR.match(text, word.begin, words[-1].begin) else word.begin + 1
        if word.tag not in {"v", "vn"}:
            break
    return places.start() + 1 if places else 0
