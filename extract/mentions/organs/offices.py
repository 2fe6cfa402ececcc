"""Mentions of offices by their ending alone: units of the issuer (责任处室：法规处), organs of no listed field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.divisions import split_inside
from extract.mentions.geography import Geography
from extract.mentions.organs.prefixes import LEVELS, is_generic, read_prefix
from extract.model import Kind, Mention, Span
from extract.text.normalize import remove_space
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class _Patterns:
    label: re.Pattern[str]
    """A label before a list of units of the issuer."""
    unit: re.Pattern[str]
    """One unit of such a list, with the mark after it."""
    bracket: re.Pattern[str]
    """A unit at the start of a bracket."""
    organ: re.Pattern[str]
    """A level and a local organ of any field."""
    centre: re.Pattern[str]
    """The same of a centre, which counts in a list only: 、市茶业中心负责."""
    not_centre: re.Pattern[str]
    """Fields whose centres are no offices."""
    not_inside: re.Pattern[str]
    """Words that no organ's name contains."""
    generic: re.Pattern[str]
    """Starts of words for organs of a kind: 相关业务处."""
    not_unit: re.Pattern[str]
    role: re.Pattern[str]
    """Words of a note that says who is in charge."""
    member: re.Pattern[str]
    """A unit in such a note, with the words for what it does."""
    not_member: re.Pattern[str]
    """Words that no unit in such a note contains."""


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    config = lex.read_config("agencies")
    endings = config["by_ending"]
    return _Patterns(
        re.compile(rf"(?:{join_alternatives(endings['labels'])})\s*[:：]".replace("处室", r"处\s*室")),
        re.compile(
            rf"\s*(?P<name>[一-龥][一-龥\s]{{0,9}}?(?:{join_alternatives(endings['units'])}))\s*(?:[、，,]|(?=[；;）)】〕。]))"
        ),
        re.compile(
            rf"[（(]\s*(?P<name>[一-龥]{{2,8}}(?:{join_alternatives(endings['inner'])})|办公室(?=[，,]))(?=[、，,；;）)])"
        ),
        re.compile(
            rf"[{LEVELS}](?P<core>[一-龥]{{2,10}}?)(?P<suffix>{join_alternatives(endings['organs'])})"
            rf"(?=[^一-龥]|\Z|{join_alternatives(endings['after'])})"
        ),
        re.compile(
            rf"(?<=[、，,；;：:（(〔\n][{LEVELS}])(?P<core>[一-龥]{{2,12}}?)(?P<suffix>中心)"
            rf"(?=[、，,；;）)〕]|等|负责|牵头|按|配合)"
        ),
        re.compile(join_alternatives(endings["not_centres"])),
        re.compile(endings["not_inside"]),
        re.compile(join_alternatives(endings["generic"])),
        re.compile(config["not_unit"]),
        re.compile(join_alternatives(endings["roles"])),
        re.compile(
            rf"(?P<name>[一-龥\d]{{2,16}}?(?:{join_alternatives(endings['members'])}))"
            rf"(?:(?:{join_alternatives(['按', '等', *endings['roles']])}).{{0,12}})?"
        ),
        re.compile(rf"[各有原]|(?:{join_alternatives(endings['not_members'])})"),
    )


def find_offices(page: MentionContext, geo: Geography, own_unit: re.Pattern[str]) -> list[Mention]:
    """Units of the issuer, and local organs that no list has.

    Args:
        own_unit: a unit after 我局.
    """
    patterns = _compile_patterns(page.lex)
    return [
        *_find_own_units(page, own_unit, patterns),
        *_find_units(page, patterns),
        *_find_members(page, geo, patterns),
        *_find_organs(page, geo, patterns),
    ]


_WE = re.compile(r"(?:我|本)(?:局|厅|委|办|部|署)|[省市县区](?:局|厅)")


def _find_own_units(page: MentionContext, own_unit: re.Pattern[str], patterns: _Patterns) -> list[Mention]:
    """Units after 我局, or 省局 in a letter of a bureau."""
    out: list[Mention] = []
    joined = page.joined
    for found in _WE.finditer(joined.text):
        unit = own_unit.match(joined.text, found.end())
        if unit and not patterns.not_unit.search(unit.group()[:-1]) and not patterns.not_member.search(unit.group()):
            span = joined.span(*unit.span())
            letter = page.find_letter(span.begin)
            issuer = (letter.get_value("issuedBy") if letter else "") or ""
            if found.group()[0] in "我本" or issuer.endswith(found.group()[-1]):
                out += _make_unit(page, span, 0.85)
    return out


def _find_units(page: MentionContext, patterns: _Patterns) -> list[Mention]:
    """Units in lists after a label (责任处室：法规处、执法局), and a unit that begins a bracket."""
    out: list[Mention] = []
    for label in patterns.label.finditer(page.text):
        at = label.end()
        while found := patterns.unit.match(page.text, at):
            if not patterns.generic.match(found.group("name")):
                out += _make_unit(page, Span(*found.span("name")), 0.8)
            at = found.end()
    for found in patterns.bracket.finditer(page.text):
        if not patterns.generic.match(found.group("name")) and found.group("name")[0] not in LEVELS:
            out += _make_unit(page, Span(*found.span("name")), 0.7)
    return out


_NOTE = re.compile(r"[（(〔【\[]([^（(〔【\[）)〕】\]]{3,160})[）)〕】\]]")
_MEMBER = re.compile(r"[^、，,；;：:]+")
_INNER = re.compile("[处科股](?:室|[^一-龥]|负责|牵头|配合|按|等)")
_SURE = 3
"""So many notes with 处, 科 or 股 show that the other ones name units too: （信息中心负责）."""


def _find_members(page: MentionContext, geo: Geography, patterns: _Patterns) -> list[Mention]:
    """Units of the issuer in notes of who is in charge: （办公室牵头，法规处、信息中心按职责分工负责）."""
    text = page.joined.text
    notes = [note for note in _NOTE.finditer(text) if patterns.role.search(text, note.start(1), note.end(1))]
    inner = [note for note in notes if _INNER.search(text, note.start(1), note.end())]
    return [
        mention
        for note in (notes if len(inner) >= _SURE else inner)
        for piece in _MEMBER.finditer(text, note.start(1), note.end(1))
        for mention in _make_member(page, geo, piece, patterns)
    ]


def _make_member(page: MentionContext, geo: Geography, piece: re.Match[str], patterns: _Patterns) -> list[Mention]:
    words = piece.group().rstrip()
    begin = piece.start() + len(words) - len(words.lstrip())
    found = patterns.member.fullmatch(words.lstrip())
    if found is None or patterns.not_member.search(found.group("name")):
        return []
    name = found.group("name")
    if name[0] in LEVELS or geo.name_pattern.match(name):
        return []
    return _make_unit(page, page.joined.span(begin, begin + len(name)), 0.75)


def _make_unit(page: MentionContext, span: Span, confidence: float) -> list[Mention]:
    """A mention of a unit of the agency that writes; none if that is not known or is a government."""
    letter = page.find_letter(span.begin)
    issuer = remove_space((letter.get_value("issuedBy") if letter else "") or "")
    if not issuer or issuer.endswith(("人民政府", "人民政府办公室", "人民政府办公厅")):
        return []
    unit = remove_space(span.of(page.text))
    if unit[0] in "局厅委" and issuer.endswith(unit[0]):  # 厅法规处
        unit, span = unit[1:], Span(span.begin + 1, span.end)
    attrs = {"of_issuer": issuer, "unit": unit, "prefix": issuer[0] if issuer[0] in LEVELS else ""}
    return [Mention(span, Kind.AGENCY, unit, "agency.own-unit", confidence, attrs)]


_LEFT = frozenset("由经向报和与及对请同合按商以")
"""Characters before an organ's name that are no part of it."""


_ENDS = frozenset("局厅委办部会院处社行")
"""Last characters of organs."""


def _find_organs(page: MentionContext, geo: Geography, patterns: _Patterns) -> list[Mention]:
    """Local organs whose field no list has: 市低空经济局."""
    out: list[Mention] = []
    words = segmenter(page.lex)
    joined = page.joined
    for found in (*patterns.organ.finditer(joined.text), *patterns.centre.finditer(joined.text)):
        core, suffix, begin = found.group("core"), found.group("suffix"), joined.offsets[found.start("core")]
        if patterns.not_inside.search(core) or (suffix == "委" and core.endswith("管")):
            continue
        if suffix == "中心" and patterns.not_centre.search(core):
            continue
        prefix = read_prefix(page, geo, begin)
        if prefix.begin == begin or is_generic(page, geo, prefix):
            continue
        before = page.text[max(0, prefix.begin - 4) : prefix.begin]
        left = before.rstrip()[-1:]
        if left in _ENDS and "\n" in before:  # a line of a list of organs
            left = "\n"
        if "一" <= left <= "龥" and left not in _LEFT and not before.endswith(("会同", "联合", "抄送")):
            continue
        if split_inside(joined.text, found.start("core"), found.end(), words) is None:
            continue
        attrs = {"core": core, "suffix": suffix, **prefix.attrs}
        span = Span(prefix.begin, joined.span(*found.span()).end)
        confidence = 0.82 if suffix == "中心" else 0.75
        out.append(Mention(span, Kind.AGENCY, remove_space(span.of(page.text)), "agency.ending", confidence, attrs))
    return out
