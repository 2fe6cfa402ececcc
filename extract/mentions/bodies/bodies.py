"""Mentions of bodies that are no organs of state: parties, universities, hospitals, banks, associations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.mentions.bodies.firms import CUT, find_firms
from extract.mentions.bodies.people import find_people
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.words import JoinedText, is_cut
from extract.model import Kind, Mention, Span
from extract.text.normalize import remove_space
from extract.text.search import find_matches
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class _Rules:
    party: re.Pattern[str]
    national: tuple[str, ...]
    verb: re.Pattern[str]
    """Words that are in no division's name."""
    proper: frozenset[str]
    sure: frozenset[str]
    """Endings that with a place's name make a name for certain: 霁川日报社."""
    kinds: frozenset[str]
    """Kinds of bodies of which a place has many: 霁川市+农村+学校 is no name."""
    common: re.Pattern[str]
    no_body: re.Pattern[str]
    """Words that no body's name contains, or begins with."""
    generic: frozenset[str]
    public: re.Pattern[str]
    """Words that with an ending such as 图书馆 name a kind: 霁川市+公共+图书馆."""
    bank: re.Pattern[str]
    """The start of the name of a bank's branch."""
    of_a_kind: re.Pattern[str]
    """Words that stand in no body's name: 霁川地区+三级公立+医院."""
    any_branch: re.Pattern[str]
    """Words before 分行 that mean branches of a kind: 当地, 各一级."""


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.read_config("organizations")
    return _Rules(
        re.compile(
            rf"(?:{join_alternatives(config['parties'])})(?P<place>[一-龥]{{0,10}}?)(?:{join_alternatives(config['party_units'])})(?!员)"
        ),
        tuple(config["national"]),
        re.compile(join_alternatives(lex.read_config("agencies")["places"]["words"])),
        frozenset(config["proper"]),
        frozenset(config["sure"]),
        frozenset(config["many"]),
        re.compile(join_alternatives(config["common"])),
        re.compile(join_alternatives(config["no_body"])),
        frozenset(config["generic"]),
        re.compile(rf"[省市区县]?[内域]?(?:{join_alternatives(config['public'])})"),
        re.compile(rf"(?:[一-龥]{{2,8}}银行|{join_alternatives(config['bank_shorts'])})(?=[一-龥]{{2,}})"),
        re.compile(join_alternatives(config["of_a_kind"])),
        re.compile(rf"(?:{join_alternatives(config['any_branch'])})"),
    )


def find_bodies(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every body, firm and person named on the page."""
    joined = page.joined
    out = [*_parties(page, geo), *find_firms(page, geo), *_bodies(page, joined, geo), *find_people(page)]
    words = segmenter(page.lex)
    return [m for m in out if page.is_in_letter(m.span) and not is_cut(page.text, m.span.begin, words)]


def _parties(page: MentionContext, geo: Geography) -> list[Mention]:
    out: list[Mention] = []
    for found in _rules(page.lex).party.finditer(page.text):
        place = found.group("place")
        if place and place not in "省市区县州" and not _is_place(place, found, page.text, geo):
            continue
        out.append(
            Mention(Span(*found.span()), Kind.ORGANIZATION, found.group(), "organization.party", 0.92, {"party": place})
        )
    return out


def _is_place(words: str, party: re.Match[str], text: str, geo: Geography) -> bool:
    """Whether the words between a party and its unit name a place: a known one, or short ones set apart."""
    if geo.get_full_name(words) or "".join(geo.split_chain(words)) == words:
        return True
    alone = not _HAN.match(text[party.start() - 1 : party.start()]) and not _HAN.match(text, party.end())
    return alone and len(words) in (2, 3)


def _start(words: str, geo: Geography, national: tuple[str, ...], verb: re.Pattern[str]) -> int | None:
    """Where in *words* a name that ends after them begins: at a place's name, or at 中国/全国 …"""
    at = 0
    for found in CUT.finditer(words):
        if found.group() == "企业" and geo.name_pattern.match(words, at):
            continue  # 澄溪市中小企业+服务中心
        if words[at : found.start()] in geo.shorts and found.group() in _IN_NAMES:
            continue  # 澄溪+联合+产权交易所
        at = found.end()
    rest = words[at:]
    for found in geo.name_pattern.finditer(rest):
        return at + found.start()
    inside = re.search(join_alternatives(national), rest)
    if inside and (inside.start() == 0 or len(rest) - inside.start() >= 4):
        return at + inside.start()
    division = _DIVISION.match(rest)
    if division and not _NOT_DIVISION.match(rest) and not verb.search(division.group(1)):
        return at
    if (
        rest[:1] in set("省市区县")
        and len(rest) >= 2
        and rest[:2] not in {"市场", "区域", "省级", "市级", "县级", "区级"}
    ):
        return at
    return None


_HAN = re.compile("[一-龥]")
_IN_NAMES = frozenset({"联合", "建设", "合作"})
"""Words that a name may have after the short name of its place."""


def _branch(words: str, rules: _Rules) -> int | None:
    """Where the name of a bank's branch begins: 某某银行+澄溪分行."""
    at = max((m.end() for m in CUT.finditer(words)), default=0)
    bank = rules.bank.match(words, at)
    return at if bank else None


_BRANCHES = frozenset({"分行", "支行", "中心支行"})


def _proper(words: str, rules: _Rules, short: bool = False) -> int | None:
    """Where a name without a place begins: after a mark or a word such as 与, if not made of common words alone."""
    cuts = list(CUT.finditer(words))
    if not cuts:
        return None
    stem = words[cuts[-1].end() :]
    least = 2 if short else 4
    if not least <= len(stem) <= 12 or len(rules.common.sub("", stem)) < 2 or rules.no_body.search(stem):
        return None
    return cuts[-1].end()


_ONE = re.compile("人民|中医|中西医|妇幼|妇女儿童|中心|第[一二三四五六七八九十]|实验|红十字")
"""Of these a division has one each: 澄溪市中医医院 is a name, 澄溪市公立医院 a kind."""

_DIVISION = re.compile(r"([一-龥]{2,3})(?:省|自治区|市|自治州|县)(?!级|内|外)(?=[一-龥]{2})")
_NOT_DIVISION = re.compile(r".{0,3}(?:城市|上市|超市|全市|全省|我市|我省|各省|各市|本市|跨省)")


def _bodies(page: MentionContext, joined: JoinedText, geo: Geography) -> list[Mention]:
    rules = _rules(page.lex)
    best: dict[int, Mention] = {}
    for hit in page.get_longest_hits("body"):
        after = page.text[hit.span.end : hit.span.end + 1]
        if (
            after
            and after in "生员长型类级部"
            and hit.key.endswith(("大学", "学院", "中学", "小学", "学校", "协会", "学会"))
        ):
            continue
        at = joined.find_position(hit.span.begin)
        words = joined.get_words_before(at, 22)
        start = _branch(words, rules) if hit.key in _BRANCHES else None
        if start is None:
            start = _start(words, geo, rules.national, rules.verb)
        if start is None and hit.key in rules.proper:
            start = _proper(words, rules, hit.key in {"大学", "日报社"})
        if start is None:
            continue
        begin = joined.span(at - len(words) + start, at + 1).begin
        name = remove_space(page.text[begin : hit.span.end])
        stem = name[: -len(hit.key)]
        if _LEVEL.search(name):
            continue
        if (
            name in rules.generic
            or rules.no_body.match(name)
            or len(stem) < 1
            or re.search(r"[级]$", stem)
            or re.search(r"各|多|全|其他|等", stem)
        ):
            continue
        located = geo.name_pattern.match(stem)
        rest = stem[located.end() :] if located else stem
        kind = located and hit.key in rules.kinds and not _ONE.match(rest)
        if hit.key.endswith("馆") and rules.public.fullmatch(rest):
            continue
        if hit.key in _BRANCHES and (not rest or rules.any_branch.search(name)):
            continue
        if rules.of_a_kind.search(rest):
            continue
        if kind and len(rules.common.sub("", rest)) < 1 < len(stem):
            continue
        full = geo.get_full_name(stem)
        if full and hit.key in {"联盟", "服务中心", "创新中心", "实验室", "发展中心", "孵化器", "小学", "中学"}:
            continue
        attrs = {"prefix": name[0]} if name[0] in "省市区县" else {}
        known = hit.key in rules.sure and (located or attrs or name.startswith(rules.national))
        rule = "organization.placed" if known else "organization.named"
        best[begin] = Mention(Span(begin, hit.span.end), Kind.ORGANIZATION, name, rule, 0.8, attrs)
    _add_banks(page, best, rules)
    return [*best.values(), *_find_national_centres(page)]


def _add_banks(page: MentionContext, best: dict[int, Mention], rules: _Rules) -> None:
    """Add the banks and international bodies of the lists, with their branches, to the mentions by their begin."""
    joined = page.joined
    for hit in page.get_longest_hits("bank"):
        at = joined.find_position(hit.span.end - 1) + 1
        branch = re.match(r"[一-龥]{1,8}?(?:中心支行|分行|支行)", joined.get_words_after(at, 12))
        old = best.get(hit.span.begin)
        end = hit.span.end
        if branch and not rules.any_branch.search(branch.group()):
            end = joined.span(at, at + branch.end()).end
        if old is not None and old.span.end >= end:
            continue
        name = remove_space(page.text[hit.span.begin : end])
        best[hit.span.begin] = Mention(Span(hit.span.begin, end), Kind.ORGANIZATION, name, "organization.bank", 0.85)


_NATIONAL_CENTRE = re.compile(r"中国[（(][一-龥]{2,8}[)）][一-龥]{2,16}?中心")


def _find_national_centres(page: MentionContext) -> Iterator[Mention]:
    """Yield centres that the nation has in a place: 中国（霁川）知识产权保护中心."""
    for found in find_matches(_NATIONAL_CENTRE, page.joined.text, ("中国（", "中国(")):
        yield Mention(page.joined.span(*found.span()), Kind.ORGANIZATION, found.group(), "organization.national", 0.85)


_LEVEL = re.compile(r"^(?:[一-龥]{2})?(?:国家|省|市|区|县)级")
"""A class that somebody recognises, and no body: (获评)市级示范产业学院, 国家级企业技术中心."""
