"""Mentions of organs of the centre (``national_organs.tsv``) and of their local branches (``agencies.toml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.divisions import split_inside
from extract.mentions.geography import Geography
from extract.mentions.organs.prefixes import LEVELS
from extract.mentions.words import JoinedText
from extract.model import Kind, Mention, Span
from extract.text.normalize import remove_space
from extract.text.search import find_matches
from extract.text.segment import Word, segmenter
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class _Patterns:
    bank: re.Pattern[str]
    branch: re.Pattern[str]
    branches: dict[str, str]
    """Short name of a branch → its official name; {} stands for the place."""
    bare: frozenset[str]
    """Short names that an organ of a province may have too."""
    central: re.Pattern[str]
    """The start of the name of a central organ."""
    listed: re.Pattern[str]
    """Branches in a list, whose place nothing else shows: 、某某海关、."""
    places: tuple[str, ...]
    """Their endings."""
    mechanism: re.Pattern[str]
    """A body that the State Council forms: 国务院应对…联防联控机制."""
    long_forms: tuple[tuple[str, str], ...]


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    config = lex.read_config("agencies")
    branches = config["branches"]
    banks = config["central_bank"]
    return _Patterns(
        re.compile(
            rf"(?:{join_alternatives(banks['names'])})(?P<place>[省市]|[一-龥]{{2,8}}?)(?P<kind>{join_alternatives(banks['branches'])})"
        ),
        re.compile(join_alternatives(branches)),
        dict(branches),
        frozenset(config["bare_national"]),
        re.compile(join_alternatives(config["central"])),
        re.compile(
            rf"(?<=[、，,；;：:（(〔])(?!{join_alternatives(config['not_places'])})[一-龥]{{2,5}}(?<!地)"
            rf"(?:{join_alternatives(config['placed'])})(?=[、，,；;）)〕。]|等|负责|牵头|按|配合)"
        ),
        tuple(config["placed"]),
        re.compile(rf"国务院[一-龥]{{0,24}}?(?:{join_alternatives(config['mechanisms'])})"),
        tuple(banks["long"].items()),
    )


_TAX = re.compile(r"国家税务总局(?:[一-龥]{2,12}?)税务局")
_UNIT = re.compile(
    r"(?:[一-龥]{2,12}?(?:司|局|中心|办公厅|分署)|办公厅)(?=[^一-龥]|副?[局司主]|等|牵头|负责|承办|会同|组织|关于|印发|转发|公布)"
)
_NOT_UNIT = re.compile(
    r"[部委局厅署会院行办][和与及]|国家|国务院|中国|总局?$|[部署的对将为关]|^[和与及]|下设|会同|联合|[省市]"
)


def find_national_organs(page: MentionContext, geo: Geography) -> list[Mention]:
    """Central organs, branches of the central bank, tax bureaus, and other branches named by their place."""
    patterns = _compile_patterns(page.lex)
    out = [*_find_listed(page, patterns), *_find_branches(page, geo, patterns)]
    joined = page.joined
    out += _find_mechanisms(joined, patterns)
    for found in patterns.bank.finditer(joined.text):
        place = found.group("place")
        if place in "省市":
            home = geo.get_home(page.find_letter(joined.offsets[found.start()])).resolve_prefix(place)
            place = next((short for short, name in geo.shorts.items() if name == home), place)
        full = "中国人民银行" + place + _lengthen(found.group("kind"), patterns)
        span = joined.span(*found.span())
        out.append(Mention(span, Kind.AGENCY, found.group(), "agency.bank", 0.92, {"full": full}))
    for found in _TAX.finditer(page.text):
        attrs = {"full": found.group()}
        out.append(Mention(Span(*found.span()), Kind.AGENCY, found.group(), "agency.tax", 0.95, attrs))
    return out


def _find_mechanisms(joined: JoinedText, patterns: _Patterns) -> list[Mention]:
    """Bodies that the State Council forms for a task, and whose ending names no body elsewhere."""
    out: list[Mention] = []
    for found in patterns.mechanism.finditer(joined.text):
        span = joined.span(*found.span())
        out.append(Mention(span, Kind.AGENCY, found.group(), "agency.mechanism", 0.9, {"full": found.group()}))
    return out


def _lengthen(kind: str, patterns: _Patterns) -> str:
    for short, long in patterns.long_forms:
        kind = long if kind == short else kind
    return kind


def _find_listed(page: MentionContext, patterns: _Patterns) -> list[Mention]:
    out: list[Mention] = []
    for hit in page.get_longest_hits("national"):
        before = page.text[max(0, hit.span.begin - 1) : hit.span.begin]
        after = page.text[hit.span.end : hit.span.end + 3]
        if before and before in LEVELS + "委局厅" and not hit.word.startswith(("国", "中国", "中共", "全国")):
            continue
        if hit.word in patterns.bare and (
            ("一" <= before <= "龥" and before in _INSIDE) or not _is_central(page, hit.span, patterns)
        ):
            continue
        if len(hit.word) == 2 and split_inside(page.text, *hit.span, segmenter(page.lex)) is None:
            continue  # 集+中办+公
        bank = hit.key == "中国人民银行" and patterns.bank.match(page.text, hit.span.begin)
        if after.startswith(("门", "署", "长", "属")) or bank:
            continue
        unit = _UNIT.match(page.text[hit.span.end : hit.span.end + 16])
        attrs = {"national": hit.key}
        span = hit.span
        if unit and not _NOT_UNIT.search(unit.group()[:-1]):
            attrs["unit"] = unit.group()
            span = Span(span.begin, span.end + unit.end())
        out.append(Mention(span, Kind.AGENCY, remove_space(span.of(page.text)), "agency.national", 0.95, attrs))
    return out


_VERB_TAGS = frozenset({"v", "vn", "d", "ad"})
_FUNCTION_TAGS = frozenset({"c", "p"})


def _leads(word: Word) -> bool:
    """Whether a word before the name of a branch belongs to the clause. A single character may be part of a place."""
    return word.tag in _FUNCTION_TAGS or (len(word.text) > 1 and word.tag in _VERB_TAGS)


_INSIDE = "各省市县区州级政"
"""Characters before a short name that show that the organ is a local one."""


def _is_central(page: MentionContext, span: Span, patterns: _Patterns) -> bool:
    """Whether a central organ writes the letter at *span*: 国资委 is then that of the State Council."""
    letter = page.find_letter(span.begin)
    issuer = letter.get_value("issuedBy") if letter else None
    return bool(issuer and patterns.central.match(issuer))


def _find_branches(page: MentionContext, geo: Geography, patterns: _Patterns) -> list[Mention]:
    """Branches of central organs by their place: 澄溪银保监局."""
    out: list[Mention] = []
    for found in patterns.branch.finditer(page.text):
        place, begin = _find_branch_place(page, geo, found.start())
        if not place:
            continue
        end = found.end()
        attrs = {"full": patterns.branches[found.group()].format(place)}
        if unit := _BRANCH_UNIT.match(page.text, end):
            attrs["unit"], end = unit.group(), unit.end()
        span = Span(begin, end)
        out.append(Mention(span, Kind.AGENCY, remove_space(span.of(page.text)), "agency.branch", 0.93, attrs))
    words = segmenter(page.lex)
    for found in find_matches(patterns.listed, page.joined.text, patterns.places):
        parts = words.segment(found.group())
        if len(parts[0].text) > 1 and parts[0].tag in _VERB_TAGS:  # 实现+海关、…
            continue
        first = next((k for k, part in enumerate(parts) if not _leads(part)), 0)  # 并+征求+澄溪海关
        if first == len(parts) - 1:
            continue
        span = page.joined.span(found.start() + parts[first].begin, found.end())
        name = found.group()[parts[first].begin :]
        out.append(Mention(span, Kind.AGENCY, name, "agency.branch", 0.85, {"full": name}))
    return out


_BRANCH_UNIT = re.compile("[一-龥]{2,4}监管(?:组|支局)")
_PLACE = re.compile(r"(?<![一-龥])[一-龥]{2,3}\Z")


def _find_branch_place(page: MentionContext, geo: Geography, end: int) -> tuple[str, int]:
    """Return the place before a branch, by its short name, and where it begins; empty if there is none."""
    begin = end
    for length in range(min(9, end), 1, -1):
        word = re.sub(r"\s", "", page.text[end - length : end])
        if full := geo.get_full_name(word):
            begin = end - length
            break
    else:
        level = page.text[end - 1 : end]
        home = geo.get_home(page.find_letter(end))
        full, begin = home.resolve_prefix(level) if level in {"省", "市"} else "", end - 1
        if not full and (place := _PLACE.search(page.text, max(0, end - 4), end)) and level not in LEVELS:
            return place.group(), place.start()
    return next((short for short, name in geo.shorts.items() if name == full), full), begin
