"""Names of one thing that a page prints in a longer and a shorter form, brought together. Levels are never merged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from extract.linking.clusters import Thing, Things, pairs
from extract.mentions.geography import Geography
from extract.model import Kind
from extract.text.normalize import name_key
from ontology.lexicons import Lexicon, alternation

_Named = tuple[Thing, str, frozenset[str]]
_EDITION = re.compile(r"(?:\d{4}\d*年?)?(?:试行|暂行)?")
"""What a title may have in brackets at its end: (2023-2025年), (试行)."""


_GENERIC = 2
"""Characters of a word that only says what a thing is: 平台, 系统, 计划."""


@dataclass(frozen=True, slots=True)
class _Rules:
    tail: re.Pattern[str]
    apart: tuple[str, ...]
    whose: frozenset[str]


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.config("linking")
    return _Rules(
        re.compile(alternation(name_key(t) for t in config["tails"])),
        tuple(config["apart"]),
        frozenset(config["whose"]),
    )


def merge(things: Things, geo: Geography, lex: Lexicon) -> None:
    """Join the things of a page that are one."""
    rules = _rules(lex)
    _each(things, things.of(Kind.PROGRAM, Kind.PLATFORM), lambda a, b: _same_program(a, b, geo, rules))
    titled = things.of(Kind.INSTRUMENT, Kind.REPORT)
    folded = [name_key(t.label) for t in titled]
    _each(things, titled, lambda a, b: _same_title(a, b, folded, geo, rules))
    tiers = things.of(Kind.TIER)
    for thing in tiers:
        _levelless(things, thing, tiers)
    classes = pairs(things.of(Kind.TIER))
    for group in things.of(Kind.GROUP):
        for tier, _, forms in classes:
            if name_key(group.label) in forms:
                things.join(group, tier)
                break
    agencies = {name_key(t.label): t for t in things.of(Kind.AGENCY)}
    for label, office in list(agencies.items()):
        whole = f"{label.removesuffix('办')}委员会办公室"
        if label.endswith("办") and whole in agencies:
            things.join(office, agencies[whole])
    for body in things.of(Kind.ORGANIZATION):
        if name_key(body.label) in agencies:
            things.join(body, agencies[name_key(body.label)])


def _each(things: Things, some: list[Thing], same: Callable[[_Named, _Named], bool]) -> None:
    named = pairs(some)
    begins: dict[str, list[_Named]] = {}
    for one in named:
        begins.setdefault(one[1][:1], []).append(one)
    all_names = "\n".join(name for _, name, _ in named)
    known = Counter(form for _, _, forms in named for form in forms)
    for short in named:
        mine, first = short[1], short[1][:1]
        # Names that are one share their begin, or the shorter stands in the longer or among its forms.
        alone = known[mine] <= 1 and all_names.count(mine) <= 1
        for long in begins[first] if alone else named:
            _, theirs, forms = long
            if short[0] is long[0] or not (theirs[:1] == first or mine in theirs or mine in forms):
                continue
            if not things.joined(long[0]) and same(short, long):
                things.join(short[0], long[0])
                break


def _same_program(short: _Named, long: _Named, geo: Geography, rules: _Rules) -> bool:
    (a, mine, _), (b, theirs, forms) = short, long
    if a.jurisdiction != b.jurisdiction:
        return False
    if a.kind is b.kind and any(len(mine) <= len(name_key(n)) + _GENERIC for n in a.names & b.names):
        return True  # “企服通”平台 is the “企服通”综合金融服务平台: both are called 企服通
    if mine == theirs or (mine in forms and not any(w in b.label for w in rules.apart)):
        return True
    if len(mine) < 4 or len(theirs) <= len(mine):
        return _placed(mine, geo) == _placed(theirs, geo) if mine[:1] == theirs[:1] else False
    if theirs.endswith(mine):
        return is_place(theirs[: -len(mine)], geo, rules.whose)
    if theirs.startswith(mine):
        return rules.tail.fullmatch(theirs, len(mine)) is not None
    return mine[:1] == theirs[:1] and _placed(mine, geo) == _placed(theirs, geo)


def _same_title(short: _Named, long: _Named, folded: list[str], geo: Geography, rules: _Rules) -> bool:
    (a, mine, _), (_, theirs, forms) = short, long
    if mine in forms:
        return True
    if len(theirs) > len(mine) and theirs.endswith(mine):
        if len(mine) <= 6:  # 《若干措施》 after 《…若干措施》, where it can mean only that one
            return sum(f.endswith(mine) for f in folded) == 2
        return a.rule == "instrument.bare" or is_place(theirs[: -len(mine)], geo, rules.whose)
    return len(mine) >= 8 and theirs.startswith(mine) and _EDITION.fullmatch(theirs, len(mine)) is not None


def _levelless(things: Things, thing: Thing, tiers: list[Thing]) -> None:
    """专精特新中小企业 without a level is the provincial tier where a page has that one and no wider class."""
    base = name_key(thing.label)
    if thing.forms != {base} or not thing.label.endswith("中小企业"):
        return
    levelled = [t for t in tiers if t is not thing and name_key(t.label) != base and name_key(t.label).endswith(base)]
    if len(levelled) == 1:
        things.join(thing, levelled[0])


def _placed(name: str, geo: Geography) -> str:
    """A name with the short name of a place at its begin made full: 广东博士工作站 → 广东省博士工作站."""
    found = geo.names.match(name)
    return geo.full(found.group()) + name[found.end() :] if found else name


def is_place(words: str, geo: Geography, whose: frozenset[str]) -> bool:
    """Whether *words* only say whose a thing is: a division's name, 全市, 省级."""
    return words in whose or bool(geo.full(words)) or "".join(geo.chain(words)) == words
