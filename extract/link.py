"""Mentions → entities: one thing, whatever names a page gives it; levels are never merged.

Short and full forms of an agency meet in their canonical label, which needs the place that the letter speaks for
(我局 and 市科技局 mean another bureau in each letter). Other kinds meet by name, by 以下简称 and by containment.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from extract import names
from extract.geography import Geography
from extract.model import Entity, Fact, Kind, Letter, Mention, Relation, Span
from extract.page import Page, fold

TITLE_FIELDS = ("basedOn",)
AGENCY_FIELDS = ("issuedBy", "leadAgency", "coAgency", "consulted", "addressedTo", "submittedBy", "approvedBy")
_TITLED = frozenset({Kind.INSTRUMENT, Kind.REPORT})
_IN_TITLE = frozenset({Kind.AGENCY, Kind.ENTERPRISE, Kind.ORGANIZATION})


@dataclass(frozen=True, slots=True)
class Linked:
    """Entities, and which words of the page mean which."""

    entities: tuple[Entity, ...]
    mentions: tuple[tuple[Span, str], ...]
    """(span, entity id), by position; nested mentions follow what holds them."""
    relations: tuple[Relation, ...]
    """``jurisdiction`` and ``locatedIn`` of agencies and places; the fields of letters that name agencies and people."""

    def at(self, span: Span) -> list[tuple[Span, str]]:
        """Mentions that begin in *span*, in order."""
        lo = bisect_left(self.mentions, span.begin, key=_begin)
        hi = bisect_left(self.mentions, span.end, key=_begin)
        return [m for m in self.mentions[lo:hi] if m[0].end <= span.end + 2]


def _begin(mention: tuple[Span, str]) -> int:
    return mention[0].begin


@dataclass(slots=True)
class _Thing:
    """An entity in the making."""

    kind: Kind
    label: str
    jurisdiction: str = ""
    names: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    facts: dict[tuple[str, str], Fact] = field(default_factory=dict)
    confidence: float = 0.0
    rule: str = ""
    place: str = ""
    order: int = 0


def settle(mentions: Iterable[Mention]) -> list[Mention]:
    """Choose between mentions that overlap: the longer wins, but titles keep the bodies that they name, and a group
    that only describes a tier, an agency or another named thing gives way to it."""
    every = sorted(mentions, key=lambda m: (m.span.begin, -len(m.span), -m.confidence))
    named_ends = {m.span.end: m for m in every if m.kind in {Kind.TIER, Kind.AGENCY, Kind.ORGANIZATION, Kind.ENTERPRISE, Kind.PLATFORM, Kind.PROGRAM, Kind.PLACE}}
    out: list[Mention] = []
    for mention in every:
        if mention.kind is Kind.GROUP and mention.rule != "group.name":
            other = named_ends.get(mention.span.end)
            whole = mention.rule in {"group.heading", "group.item"} and other is not None and other.rule != "tier.scheme"
            if other and mention.span.contains(other.span) and not whole:
                continue
        clash = [i for i in range(max(0, len(out) - 6), len(out)) if out[i].span.overlaps(mention.span)]
        keep = True
        for i in reversed(clash):
            last = out[i]
            if last.kind in _TITLED and mention.kind in _IN_TITLE and last.span.contains(mention.span) and last.span != mention.span:
                continue
            if last.kind in (Kind.PROGRAM, Kind.PLATFORM) and mention.kind in (Kind.TIER, Kind.GROUP) and mention.span.begin - last.span.begin <= 1 and last.span.contains(mention.span) and last.span != mention.span:
                continue
            if last.kind in _TITLED and mention.rule == "program.quoted" and last.span.contains(mention.span):
                continue
            if last.span.contains(mention.span):
                keep = False
                break
            if len(mention.span) > len(last.span):
                del out[i]
            else:
                keep = False
                break
        if keep:
            out.append(mention)
    return out


class _Linker:
    def __init__(self, page: Page, geo: Geography) -> None:
        self.page = page
        self.geo = geo
        self.things: dict[tuple[str, str], _Thing] = {}
        self.where: list[tuple[Span, _Thing]] = []

    def thing(self, kind: Kind, label: str, jurisdiction: str = "") -> _Thing:
        family = "Program" if kind is Kind.PLATFORM else str(kind)
        key = (family, names.key(label) + "@" + jurisdiction)
        found = self.things.get(key)
        if found is None:
            found = self.things[key] = _Thing(kind, label, jurisdiction, order=len(self.things))
        return found

    def note(self, thing: _Thing, mention: Mention) -> None:
        thing.names.add(mention.name)
        for other in ("short", "also"):
            if mention.attrs.get(other):
                thing.names.add(mention.attrs[other])
        thing.spans.append(mention.span)
        if mention.confidence > thing.confidence:
            thing.confidence, thing.rule = mention.confidence, mention.rule
        for name in ("documentNumber", "issued", "status", "level"):
            value = mention.attrs.get(name)
            if value:
                where = mention.attrs.get({"documentNumber": "number_span"}.get(name, f"{name}_span"), "")
                span = Span(*map(int, where.split(","))) if where else mention.span
                thing.facts.setdefault((name, value), Fact(name, value, span))
        self.where.append((mention.span, thing))

    def add(self, mention: Mention) -> None:
        letter = self.page.letter_at(mention.span.begin)
        home = self.geo.of(letter)
        kind = mention.kind
        label, jurisdiction, place = mention.name, "", ""
        if kind is Kind.AGENCY:
            label, place = names.agency(mention, home, self.geo, self.page.lex)
        elif kind is Kind.ORGANIZATION:
            if "party" in mention.attrs:
                label, place = names.party(mention, home, self.geo)
            elif mention.attrs.get("prefix") and home.at(mention.attrs["prefix"]):
                label = home.at(mention.attrs["prefix"]) + mention.name[1:]
        elif kind is Kind.ENTERPRISE:
            label = mention.attrs.get("of", mention.name)
        elif kind is Kind.TIER:
            label = names.tier(mention)
            if "tier" not in mention.attrs:
                chain = self.geo.chain(label)
                if chain:
                    level, span = self.geo.levels[chain[-1]], mention.span
                    mention = replace(mention, attrs={**mention.attrs, "level": level, "level_span": f"{span.begin},{span.end}"})
                elif mention.attrs.get("level") in {"Municipal", "County", "Town"}:
                    jurisdiction = home.lowest
        elif kind is Kind.PLACE:
            full = mention.attrs.get("full", "")
            if full:
                label = home.county_chain if full == home.county and home.city else full
                if full == home.county:
                    label = full
            elif mention.name[:1] in "省市区县" and not mention.name[1:2] == "级" and home.at(mention.name[0]):
                label = home.at(mention.name[0]) + mention.name[1:]
        elif kind in (Kind.PROGRAM, Kind.PLATFORM):
            label = mention.attrs.get("of", mention.name)
            if not re.match(r"国家|全国|中国|中央|世界|省", fold(label)):
                jurisdiction = home.lowest
        elif kind is Kind.GROUP:
            label = mention.attrs.get("same", mention.name)
        elif kind is Kind.PERSON:
            jurisdiction = home.lowest
        thing = self.thing(kind, label, jurisdiction)
        if place:
            thing.place = place
        self.note(thing, mention)


def link(page: Page, geo: Geography, mentions: list[Mention]) -> Linked:
    """Merge mentions into entities, and read the letters' fields as relations to them."""
    linker = _Linker(page, geo)
    chosen = settle(mentions)
    for mention in chosen:
        linker.add(mention)
    fields = list(_fields(linker, page))
    instruments = _own_instruments(linker, page)
    _merge(linker)
    places = list(_places(linker, geo))
    order = sorted({id(t): t for t in linker.things.values()}.values(), key=lambda t: (min(t.spans), t.order))
    ids = {id(t): f"e{n}" for n, t in enumerate(order, 1)}
    entities = tuple(_entity(t, ids[id(t)]) for t in order)
    where = sorted({(span, ids[id(_root(linker, t))]) for span, t in linker.where})
    own = {letter.id: thing for letter, thing, _ in instruments}
    relations = [
        Relation(ids[id(_root(linker, own[letter.id]))] if letter.id in own else letter.id, name, ids[id(_root(linker, thing))], span, f"field.{name}", 0.95)
        for letter, name, thing, span in fields
    ]
    letters = {x.id: x for x in page.outline.letters}
    relations += [
        Relation(x.id, "repliesTo", f.value, f.span, "field.repliesTo", 0.95)
        for x in letters.values() for f in x.all("repliesTo") if f.value in letters
    ]  # fmt: skip
    relations += [
        Relation(letter.id, "instrument", ids[id(_root(linker, thing))], span, "letter.instrument", 0.97)
        for letter, thing, span in instruments
    ]
    relations += [
        Relation(ids[id(a)], name, ids[id(_root(linker, b))], span, rule, 0.9) for a, name, b, span, rule in places
    ]
    return Linked(entities, tuple(where), tuple(dict.fromkeys(relations)))


def _root(linker: _Linker, thing: _Thing) -> _Thing:
    merged = getattr(linker, "merged", {})
    while id(thing) in merged:
        thing = merged[id(thing)]
    return thing


def _fields(linker: _Linker, page: Page) -> Iterable[tuple[Letter, str, _Thing, Span]]:
    """The agencies and people in letters' fields, linked; one that no finder saw becomes an entity here."""
    for letter in page.outline.letters:
        home = linker.geo.of(letter)
        for item in letter.fields:
            if item.name in TITLE_FIELDS:
                for span, thing in linker.where:
                    if thing.kind is Kind.INSTRUMENT and span.overlaps(item.span):
                        yield letter, item.name, thing, item.span
                        break
                continue
            if item.name not in AGENCY_FIELDS:
                continue
            wanted = {Kind.AGENCY, Kind.ORGANIZATION, Kind.PERSON, Kind.ENTERPRISE}
            inside = [
                (s, t) for s, t in linker.where
                if t.kind in wanted and s.overlaps(item.span) and (len(s) * 2 >= len(item.span) or item.span.contains(s))
            ]
            if inside:
                span, thing = max(inside, key=lambda x: min(x[0].end, item.span.end) - max(x[0].begin, item.span.begin))
                yield letter, item.name, thing, item.span
                continue
            value = re.sub(r"\s+", "", item.value)
            if not value:
                continue
            if item.name in {"submittedBy", "addressedTo"} and not re.search(r"[局厅委部办会院府社盟建团]$|委员会", value):
                mention = Mention(item.span, Kind.PERSON, value, f"field.{item.name}", 0.9)
                thing = linker.thing(Kind.PERSON, value, home.lowest)
            else:
                kind = Kind.AGENCY if re.search(r"[局厅委部办府署院]$|办公室$|委员会$", value) else Kind.ORGANIZATION
                label = home.at(value[0]) + value[1:] if value[0] in "省市区县" and home.at(value[0]) else value
                mention = Mention(item.span, kind, value, f"field.{item.name}", 0.85)
                thing = linker.thing(kind, label)
            linker.note(thing, mention)
            yield letter, item.name, thing, item.span


def _own_instruments(linker: _Linker, page: Page) -> list[tuple[Letter, _Thing, Span]]:
    """A page that is itself an instrument (or a report): its title, number, date and state."""
    out: list[tuple[Letter, _Thing, Span]] = []
    for letter in page.outline.letters:
        if letter.kind not in _TITLED:
            continue
        title = next((f for f in letter.fields if f.name == "title"), None)
        if title is None or not title.value:
            continue
        thing = linker.thing(letter.kind, title.value)
        attrs = {}
        facts = {f.name: f for f in letter.fields}
        for name in ("documentNumber", "issued", "status"):
            if name in facts:
                thing.facts[(name, facts[name].value)] = Fact(name, facts[name].value, facts[name].span)
        linker.note(thing, Mention(title.span, letter.kind, title.value, "letter.title", 0.97, attrs))
        out.append((letter, thing, title.span))
    return out


_TAILS = re.compile(r"(?:平台|工作|项目|计划|政策|制度|机制|体系|建设|服务|行动|功能|池|信用贷款|贷款|名单|认定|称号|综合金融服务平台|APP|小程序)$")


def _merge(linker: _Linker) -> None:
    """Bring together things of one kind that a page names in a longer and a shorter form."""
    merged: dict[int, _Thing] = {}
    linker.merged = merged  # type: ignore[attr-defined]
    things = list(linker.things.values())
    by_kind: dict[str, list[_Thing]] = {}
    for thing in things:
        by_kind.setdefault("Program" if thing.kind is Kind.PLATFORM else str(thing.kind), []).append(thing)

    def join(short: _Thing, long: _Thing) -> None:
        if short is long or id(short) in merged or _up(long) is short:
            return
        long = _up(long)
        long.names |= short.names | {short.label}
        long.spans += short.spans
        for k, v in short.facts.items():
            long.facts.setdefault(k, v)
        long.confidence = max(long.confidence, short.confidence)
        merged[id(short)] = long
        linker.things = {k: v for k, v in linker.things.items() if v is not short}

    def _up(thing: _Thing) -> _Thing:
        while id(thing) in merged:
            thing = merged[id(thing)]
        return thing

    for thing in by_kind.get("Program", []):
        forms = {names.key(n) for n in (*thing.names, thing.label)}
        for other in by_kind["Program"]:
            if other is thing or id(other) in merged or id(thing) in merged or other.jurisdiction != thing.jurisdiction:
                continue
            mine, theirs = names.key(thing.label), names.key(other.label)
            if mine == theirs or _placed(mine, linker.geo) == _placed(theirs, linker.geo) or (mine in {names.key(n) for n in other.names} and "专区" not in other.label):
                join(thing, other)
                break
            if len(mine) >= 4 and len(theirs) > len(mine) and theirs.endswith(mine) and _is_place(theirs[: -len(mine)], linker.geo):
                join(thing, other)
                break
            if len(mine) >= 4 and theirs.startswith(mine) and _TAILS.fullmatch(theirs[len(mine) :]):
                join(thing, other)
                break
        del forms
    for thing in by_kind.get(str(Kind.INSTRUMENT), []) + by_kind.get(str(Kind.REPORT), []):
        mine = names.key(thing.label)
        for other in by_kind.get(str(Kind.INSTRUMENT), []) + by_kind.get(str(Kind.REPORT), []):
            if other is thing or id(other) in merged or id(thing) in merged:
                continue
            theirs = names.key(other.label)
            aliases = {names.key(n) for n in other.names}
            if mine in aliases or (len(mine) <= 6 and theirs.endswith(mine) and sum(names.key(o.label).endswith(mine) for o in by_kind.get(str(Kind.INSTRUMENT), [])) == 2) or (thing.rule == "instrument.bare" and len(mine) >= 6 and theirs.endswith(mine)) or (len(mine) >= 6 and len(theirs) > len(mine) and theirs.endswith(mine) and _is_place(theirs[: -len(mine)], linker.geo)) or (
                len(mine) >= 8 and re.fullmatch(re.escape(mine) + r"\d{4}\d*年?(?:试行|暂行)?|" + re.escape(mine) + r"(?:试行|暂行)", theirs)
            ):
                join(thing, other)
                break
    _merge_tiers(by_kind.get(str(Kind.TIER), []), join)
    groups = by_kind.get(str(Kind.GROUP), [])
    tiers = by_kind.get(str(Kind.TIER), [])
    for thing in groups:
        for tier in tiers:
            if names.key(thing.label) in {names.key(n) for n in (tier.label, *tier.names)}:
                join(thing, tier)
                break
    agencies = by_kind.get(str(Kind.AGENCY), [])
    for thing in by_kind.get(str(Kind.ORGANIZATION), []):
        for other in agencies:
            if names.key(thing.label) == names.key(other.label):
                join(thing, other)


def _merge_tiers(tiers: list[_Thing], join: object) -> None:
    """专精特新中小企业 without a level is the provincial tier where a page has that one and no wider class."""
    assert callable(join)
    for thing in tiers:
        base = names.key(thing.label)
        wide = {names.key(n) for n in thing.names} - {base}
        if wide:
            continue
        levelled = [t for t in tiers if t is not thing and names.key(t.label).endswith(base) and names.key(t.label) != base]
        if len(levelled) == 1 and thing.label.endswith("中小企业"):
            join(thing, levelled[0])


def _placed(name: str, geo: Geography) -> str:
    """A name with the short name of a place at its begin made full: 广东博士工作站 → 广东省博士工作站."""
    found = geo.names.match(name)
    return geo.full(found.group()) + name[found.end() :] if found else name


def _is_place(words: str, geo: Geography) -> bool:
    """Whether *words* are nothing but a division's name, a level or 全市."""
    return bool(geo.full(words)) or "".join(geo.chain(words)) == words or words in {"省", "市", "区", "县", "全市", "全省", "我市", "国家", "全国", "第", "市级", "省级"}


def _places(linker: _Linker, geo: Geography) -> Iterable[tuple[_Thing, str, _Thing, Span, str]]:
    """Jurisdictions of agencies and the place above each place."""
    seen: dict[str, _Thing] = {}

    def place(full: str, span: Span) -> _Thing:
        if full not in seen:
            chain = geo.chain(full)
            label = chain[-1] if chain else full
            thing = linker.thing(Kind.PLACE, label)
            if not thing.spans:
                thing.spans.append(span)
                thing.confidence, thing.rule = 0.85, "place.jurisdiction"
            thing.names.add(full)
            seen[full] = thing
        return seen[full]

    for thing in list(linker.things.values()):
        if thing.kind is Kind.AGENCY and thing.place and thing.spans:
            yield thing, "jurisdiction", place(thing.place, thing.spans[0]), thing.spans[0], "jurisdiction.prefix"
    for thing in list(linker.things.values()):
        if thing.kind is Kind.PLACE:
            above = geo.parents.get(thing.label, "")
            key = ("Place", names.key(above) + "@")
            if above and key in linker.things and thing.spans and linker.things[key] is not thing:
                yield thing, "locatedIn", linker.things[key], thing.spans[0], "place.division"


def _entity(thing: _Thing, ident: str) -> Entity:
    label = re.sub(r"\s*\n\s*", "", thing.label)
    mine = names.key(label)
    aliases: dict[str, str] = {}
    for name in sorted(thing.names):
        if name != label and name:
            aliases.setdefault(name, name)
    del mine
    facts: dict[str, Fact] = {}
    rank = {"Repealed": 0, "UnderRevision": 1, "Draft": 2, "InForce": 3}
    for (name, value), fact in sorted(thing.facts.items(), key=lambda x: (x[0][0], rank.get(x[0][1], 0), x[1].span)):
        del value
        if name == "issued" and name in facts and len(fact.value) <= len(facts[name].value):
            continue
        if name in facts and name != "issued":
            continue
        facts[name] = fact
    return Entity(
        ident, thing.kind, label, tuple(sorted(aliases)), tuple(sorted(set(thing.spans))), thing.jurisdiction,
        tuple(facts[k] for k in sorted(facts)), round(thing.confidence, 3), thing.rule,
    )  # fmt: skip
