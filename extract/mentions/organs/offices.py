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
    not_inside: re.Pattern[str]
    """Words that no organ's name contains."""
    generic: re.Pattern[str]
    """Starts of words for organs of a kind: 相关业务处."""
    not_unit: re.Pattern[str]


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
        re.compile(endings["not_inside"]),
        re.compile(join_alternatives(endings["generic"])),
        re.compile(config["not_unit"]),
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
        *_find_organs(page, geo, patterns),
    ]


_WE = re.compile(r"(?:我|本)(?:局|厅|委|办|部|署)")


def _find_own_units(page: MentionContext, own_unit: re.Pattern[str], patterns: _Patterns) -> list[Mention]:
    out: list[Mention] = []
    for found in _WE.finditer(page.text):
        unit = own_unit.match(page.text, found.end())
        if unit and not patterns.not_unit.search(unit.group()[:-1]):
            out += _make_unit(page, Span(found.end(), unit.end()), 0.85)
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


_LEFT = frozenset("由经向报和与及对请同合按商")
"""Characters before an organ's name that are no part of it."""


_ENDS = frozenset("局厅委办部会院处社行")
"""Last characters of organs."""


def _find_organs(page: MentionContext, geo: Geography, patterns: _Patterns) -> list[Mention]:
    """Local organs whose field no list has: 市低空经济局."""
    out: list[Mention] = []
    words = segmenter(page.lex)
    for found in patterns.organ.finditer(page.text):
        core, begin = found.group("core"), found.start("core")
        if patterns.not_inside.search(core):
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
        if split_inside(page.text, begin, found.end(), words) is None:
            continue
        attrs = {"core": core, "suffix": found.group("suffix"), **prefix.attrs}
        span = Span(prefix.begin, found.end())
        out.append(Mention(span, Kind.AGENCY, remove_space(span.of(page.text)), "agency.ending", 0.75, attrs))
    return out
