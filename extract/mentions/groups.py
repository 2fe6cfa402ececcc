"""Mentions of target groups: classes of beneficiaries that no standard recognises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.model import Kind, Mention, Span
from extract.records import copy_with
from extract.text.normalize import find_occurrences, remove_space
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class _Rules:
    frames: tuple[tuple[str, re.Pattern[str]], ...]
    modifiers: re.Pattern[str]
    registered: re.Pattern[str]
    head: re.Pattern[str]
    bare: frozenset[str]
    bad: re.Pattern[str]
    opened: dict[str, re.Pattern[str]]
    """For frames that may begin anywhere, the words that follow what they bring in."""
    longer: re.Pattern[str]
    """What follows a class's name when it is the begin of another name: 中小企业+主管部门."""
    qualifier: re.Pattern[str]
    qualifier_ends: frozenset[str]
    """The last characters of qualifiers: few words before a class end in one."""
    same: dict[str, str]


def _benefit_frames(config: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the frames of those that a benefit is given to, aimed at or serves, each with the name of its rule."""
    heads = join_alternatives(config["heads"])
    giving = join_alternatives(config["giving"])
    name = rf"(?P<name>[^，,。；;：:！？\n]{{1,60}}?(?:{heads}))"
    return (
        (
            "given",
            rf"(?:对于?|向)(?!口|接|象){name}(?:[(（][^)）]{{0,80}}[)）])?(?:(?:[，,]\s*)?(?={giving})|(?=[，,][^。；\n]{{0,90}}?(?:给予|奖励|补贴|补助|资助|扶持)))",
        ),
        (
            "directed",
            rf"(?:面向|惠及|适用于|服务对象为|补贴对象为|支持对象为|奖励对象为){name}(?=[，,。；;提开的免]|$)",
        ),
        (
            "supported",
            rf"(?:支持|鼓励)(?<![^，,。；;：:\s]..)(?P<name>[^，,。；;：:！？\n]{{2,60}}?(?:{heads}))(?=[创开申建参加设实引与围发购转承进租运新])",
        ),
        (
            "selected",
            rf"(?:入选|当选|获评|被评为|评为)(?P<name>[^，,。；;：:！？\n的]{{2,16}}?(?:{heads}))的(?=[，,]?(?:给予|按|一次性|每|奖励|分别|最高))",
        ),
        (
            "supported",
            rf"(?:重点|主要|优先|用于)(?:支持|扶持|投向|奖励)(?P<name>[^，,。；;：:！？\n]{{2,80}}?(?:{heads}))(?=[。；;]|发展|建设)",
        ),
        ("supported", rf"加大对(?P<name>[^，,。；;：:！？\n]{{2,60}}?(?:{heads}))的(?:支持|扶持|奖励|补贴)"),
        (
            "given",
            r"(?:对于?|向)(?!口|接|象)(?P<name>[^，,。；;：:！？\n]{2,30}?(?:"
            + join_alternatives(config["sites"])
            + r"))"
            r"(?:[，,]\s*)?(?=按|给予|予以|每[人户家站个店年])",
        ),
        (
            "rated",
            rf"(?:^|[，,、；;：:]|按照?)(?P<name>(?!按|对|向)[^，,。；;：:、！？\n\d每]{{2,12}}?(?:{heads}))(?=每[人户家名](?:每[年月天次])?[\d.]+万?元)",
        ),
        (
            "served",
            rf"为(?:[\d.,]+[万千]?[余多]?[名家户个位人])?(?P<name>[^，,。；;：:！？\n0-9]{{2,18}}?(?:{heads}))(?=提供|建立|发放|办理|购买|开展|减免|免费)",
        ),
    )


def _list_frames(config: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the frames of those that begin a sentence, a heading or an item, or stand in a list."""
    heads = join_alternatives(config["heads"])
    firms = join_alternatives(config["firm_heads"])
    name = rf"(?P<name>[^，,。；;：:！？\n]{{1,60}}?(?:{heads}))"
    begin = (
        r"(?:^|(?<=[。；;：:\n]))[\s\u3000—－•·]*(?:第[一二三四五六七八九十百]+条[\s\u3000]*)?"
        r"(?:[(（]?[一二三四五六七八九十\d]+[)）.、．][\s\u3000]*)?(?![\s\u3000—－•·]|第[一二三四五六七八九十百]+条)"
    )
    return (
        (
            "topic",
            rf"{begin}(?!对|给予|支持|鼓励|入选|被评|经评|其中|建立|实施|设立|推动|组织|将|由|经|在全|按|根据|为|以){name}(?:[，,]\s*)(?=给予|一次性|按|每[人家户]|最高|分别|可享|可选择|可申|可直接|予以)",
        ),
        (
            "enumerated",
            rf"是(?<=[一二三四五六七八九十]是)(?P<name>[^，,。；;：:！？\n]{{2,44}}?(?:{heads}))(?=[；;。])",
        ),
        (
            "entitled",
            rf"(?:^|(?<=[。；;：:，,\n]))[\x20\t\u3000\xa0]*(?P<name>[^，,。；;：:！？\n给予]{{2,24}}?(?:{heads}))(?=可选择|可申请|可申领|可享受|可直接|享受)",
        ),
        (
            "heading",
            rf"(?m)^[\x20\t\u3000\xa0]*[(（][一二三四五六七八九十]+[)）][\s\u3000]*(?P<name>(?!入驻|落地|引导|支持|培育|梯度|梯次|持续|着力|大力|发展|做强|做大|壮大|鼓励|建设|打造|加强)[^，,。；;：:\n的]{{2,8}}(?:的[^，,。；;：:\n的]{{2,6}})?(?:{firms}))[。：:]",
        ),
        ("covered", rf"将(?P<name>[^，,。；;：:！？\n]{{2,30}}?(?:{heads}))(?:全部|优先|直接|一并)?(?:纳入|列入)"),
        (
            "listed",
            rf"(?:包括|包含|涵盖)(?P<name>[^。；;：:！？\n]{{2,120}}(?:{firms})(?:[(（][^)）\n]{{1,12}}[)）])?)(?=[。；;，,]|等)",
        ),
        (
            "item",
            rf"(?m)^[\x20\t\u3000\xa0]*\d+[.、．][\s\u3000]*(?P<name>(?!对)[^，,。；;：:\n\s]{{2,20}}?(?:{firms}))[，,](?=[^\n]*?(?:给予|奖励|补贴|补助|资助))",
        ),
    )


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.read_config("groups")
    heads = join_alternatives(config["heads"])
    frames = (*_benefit_frames(config), *_list_frames(config))
    return _Rules(
        tuple((rule, re.compile(pattern, re.M)) for rule, pattern in frames),
        re.compile(rf"^(?:{join_alternatives(config['modifiers'])})+"),
        re.compile(
            r"^在?[一-龥]{0,8}(?:登记注册|工商注册|注册|登记|依法|纳税)[^的]{0,20}的(?=.{2})|^(?:注册|落户|位于)在[一-龥]{2,6}的(?=.{2})|^(?:未|已)(?:享受|获得)[^的]{2,16}的(?=.{2})|^在(?![站校职岗读册建园]|[^的]{2,}上市的)|^(?:首次)?(?:获得|取得|使用|持有|列入|纳入)[“\"]?[^的]{2,20}的(?=.{3})"
        ),
        re.compile(rf"(?:{heads}|{join_alternatives(config['sites'])})$"),
        frozenset(config["bare"]),
        re.compile(join_alternatives(config["bad"]) + r"|\d{4}年|共\d|[给予提供]{2}|《|》"),
        {
            "topic": re.compile(join_alternatives([*config["giving"], "可选择", "可申", "可享", "可直接"])),
            "entitled": re.compile("可选择|可申请|可申领|可享受|可直接|享受"),
            "rated": re.compile(r"每[人户家名](?:每[年月天次])?[\d.]+万?元"),
        },
        re.compile(join_alternatives(config["longer"])),
        re.compile(rf"(?:{join_alternatives(config['qualifiers'])}|(?<![一-龥])非?[一-龥]{{2}}型|非[一-龥]{{2}}型)+$"),
        frozenset(word[-1] for word in (*config["qualifiers"], "型")),
        dict(config.get("same", {})),
    )


def find_groups(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every target group: those with a name of their own, and those that a frame such as 对…给予 brings in."""
    rules = _rules(page.lex)
    out: list[Mention] = []
    for hit in page.get_longest_hits("group"):
        found = _named(page, hit.span, hit.word, rules)
        if found:
            out.append(found)
    for rule, pattern in rules.frames:
        opener = rules.opened.get(rule)
        for match in _matches(pattern, page.text, _before(page.text, opener) if opener else None):
            if rule == "enumerated" and not re.search(r"以下|下列|如下", page.get_words_before(match.start(), 160)):
                continue
            name = "topic" if rule == "entitled" else rule
            out += _cut(page, Span(*match.span("name")), rules, f"group.{name}")
    out += _again(page, out)
    return [m for m in out if page.is_in_letter(m.span)]


def _before(text: str, words: re.Pattern[str]) -> list[Span]:
    """The stretches of sentences up to the last of *words* in them."""
    out: list[Span] = []
    for found in words.finditer(text):
        begin = text.rfind("\n", 0, found.start()) + 1
        for stop in "。；;":
            begin = max(begin, text.rfind(stop, begin, found.start()) + 1)
        if out and out[-1].begin == begin:
            out[-1] = Span(begin, found.end() + 2)
        else:
            out.append(Span(begin, found.end() + 2))
    return out


def _matches(pattern: re.Pattern[str], text: str, areas: list[Span] | None) -> Iterator[re.Match[str]]:
    """Matches in *areas* (all of *text* if None): a frame that may begin anywhere is sought only where it can be."""
    if areas is None:
        yield from pattern.finditer(text)
        return
    for area in areas:
        yield from pattern.finditer(text, area.begin, area.end)


def _again(page: MentionContext, known: list[Mention]) -> list[Mention]:
    """Other mentions of the classes that frames brought in."""
    out: list[Mention] = []
    spans = {m.span for m in known}
    names = {m.name: m for m in known if m.rule != "group.name" and 4 <= len(m.name) <= 16 and "的" not in m.name}
    for name in sorted(names, key=lambda n: (-len(n), n)):
        for span in find_occurrences(page.text, name):
            if span not in spans:
                spans.add(span)
                out.append(Mention(span, Kind.GROUP, name, "group.again", 0.72, names[name].attrs))
    return out


_AGED = re.compile(r"\d{1,3}(?:[-—~至]\d{1,3})?周?岁(?:[(（]含[)）])?(?:及?以[上下内])?的?$")
"""An age is part of who is meant: 65岁及以上老年人."""


def _named(page: MentionContext, span: Span, word: str, rules: _Rules) -> Mention | None:
    """A class from the lexicon, with a qualifier before it that belongs to it: 大型+工业企业."""
    after = page.text[span.end : span.end + 4]
    if rules.longer.match(after) and not word.endswith("家"):
        return None
    before = page.get_words_before(span.begin, 8)
    found = rules.qualifier.search(before) if before[-1:] in rules.qualifier_ends else None
    found = found or _AGED.search(page.get_words_before(span.begin, 16))
    begin = span.begin - len(found.group()) if found else span.begin
    name = remove_space(page.text[begin : span.end])
    attrs = {"same": rules.same[name]} if name in rules.same else {}
    return Mention(Span(begin, span.end), Kind.GROUP, name, "group.name", 0.7, attrs)


_NOTE = re.compile(r"[(（]([^)）]{1,12})[)）]$")
_LIST = re.compile(r"[、，,]|和(?!谐)|及其|以及|及|与|或者|或")


def _cut(page: MentionContext, span: Span, rules: _Rules, rule: str) -> list[Mention]:
    """The groups of a coordinated list, each without the modifiers that only describe it."""
    words = span.of(page.text)
    tail = words.rindex("的") + 1 if "的" in words and words.rindex("的") > 2 else 0
    pieces: list[tuple[int, str]] = []
    at = 0
    owner = ""
    for mark in _LIST.finditer(words, tail):
        if "(" in words[at : mark.start()] and ")" not in words[at : mark.start()]:
            continue
        pieces.append((at, words[at : mark.start()]))
        at = mark.end()
        owner = words[pieces[-1][0] : mark.start()] if mark.group() == "及其" else ""
    pieces.append((at, words[at:]))
    if rule == "group.enumerated":
        pieces = [(0, words)]
    out: list[Mention] = []
    for begin, piece in pieces:
        found = _piece(page, span.begin + begin, piece, rules, rule)
        if found and owner and begin == pieces[-1][0]:
            found = copy_with(found, name=f"{rules.modifiers.sub('', owner)}的{found.name}", attrs={"also": found.name})
        if found:
            out.append(found)
    return out


def _piece(page: MentionContext, begin: int, piece: str, rules: _Rules, rule: str) -> Mention | None:
    note = _NOTE.search(piece)
    if note:
        found = _piece(page, begin, piece[: note.start()], rules, rule)
        return found and copy_with(
            found,
            name=piece,
            span=Span(found.span.begin, begin + len(piece)),
            attrs={"also": note.group(1), "short": found.name},
        )
    for pattern in (rules.registered, rules.modifiers, rules.modifiers):
        lead = pattern.match(piece)
        if lead:
            begin, piece = begin + lead.end(), piece[lead.end() :]
    if not rules.head.search(piece) or len(piece) < 2 or piece in rules.bare or rules.bad.search(piece):
        return None
    attrs: dict[str, str] = {}
    name = remove_space(piece)
    if "的" in piece:
        head = piece[piece.rindex("的") + 1 :]
        if re.search(r"[万亿元]", piece[: -len(head)]):
            if head in rules.bare:
                return None
            name, attrs = head, {"also": name}
        elif head in rules.bare and len(piece) - len(head) < 6:
            return None
        else:
            attrs = {"head": head}
    if name in rules.same:
        attrs["same"] = rules.same[name]
    if len(name) > 36:
        return None
    return Mention(Span(begin, begin + len(piece)), Kind.GROUP, name, rule, 0.75, attrs)
