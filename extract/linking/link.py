"""Mentions → entities: one thing, whatever names a page gives it; levels are never merged.

Short and full forms of an agency meet in their canonical label, which needs the place that the letter speaks for
(我局 and 市科技局 mean another bureau in each letter). Other kinds meet by name, by 以下简称 and by containment
(``merge``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.linking import canonical as names
from extract.linking.clusters import Thing, Things
from extract.linking.merge import merge
from extract.mentions.context import Page
from extract.mentions.geography import Geography, Home
from extract.mentions.overlaps import settle
from extract.model import TITLED, Entity, Field, Kind, Letter, Mention, Relation, Span, replaced
from extract.text.normalize import remove_space, search_fold
from ontology.lexicons import Lexicon, alternation

TITLE_FIELDS = frozenset({"basedOn"})
AGENCY_FIELDS = frozenset(
    {"issuedBy", "leadAgency", "coAgency", "consulted", "addressedTo", "submittedBy", "approvedBy"}
)
_BODIES = frozenset({Kind.AGENCY, Kind.ORGANIZATION, Kind.PERSON, Kind.ENTERPRISE})
_LOCAL = frozenset({"Municipal", "County", "Town"})


@dataclass(frozen=True, slots=True)
class Linked:
    """Entities, and which words of the page mean which."""

    entities: tuple[Entity, ...]
    mentions: tuple[tuple[Span, str], ...]
    """(span, entity id), by position; nested mentions follow what holds them."""
    relations: tuple[Relation, ...]
    """``jurisdiction`` and ``locatedIn`` of agencies and places; letters' fields that name agencies and people."""

    def at(self, span: Span) -> list[tuple[Span, str]]:
        """Mentions that begin in *span*, in order."""
        lo = bisect_left(self.mentions, (Span(span.begin, -1), ""))
        hi = bisect_left(self.mentions, (Span(span.end, -1), ""))
        return [m for m in self.mentions[lo:hi] if m[0].end <= span.end + 2]


@dataclass(frozen=True, slots=True)
class _Rules:
    body: re.Pattern[str]
    agency: re.Pattern[str]
    wide: re.Pattern[str]


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.config("linking")
    return _Rules(
        re.compile(rf"(?:{alternation(config['body_endings'])}|委员会)$"),
        re.compile(rf"(?:{alternation(config['agency_endings'])})$"),
        re.compile(alternation(config["wide"])),
    )


def link(page: Page, geo: Geography, mentions: list[Mention]) -> Linked:
    """Merge mentions into entities, and read the letters' fields as relations to them."""
    things = Things()
    for mention in settle(mentions):
        _add(things, mention, page, geo)
    fields = list(_fields(things, page, geo))
    instruments = {letter.id: thing for letter, thing in _own_instruments(things, page)}
    merge(things, geo, page.lex)
    places = list(_places(things, geo))
    entities, ids = things.numbered()

    def ident(thing: Thing) -> str:
        return ids[id(things.root(thing))]

    relations = [
        Relation(
            ident(instruments[letter.id]) if letter.id in instruments else letter.id,
            item.name, ident(thing), item.span, f"field.{item.name}", 0.95,
        )
        for letter, item, thing in fields
    ]  # fmt: skip
    letters = {x.id: x for x in page.outline.letters}
    relations += [
        Relation(x.id, "repliesTo", f.value, f.span, "field.repliesTo", 0.95)
        for x in letters.values()
        for f in x.all("repliesTo")
        if f.value in letters
    ]
    relations += [
        Relation(i, "instrument", ident(thing), letters[i].span, "letter.instrument", 0.97)
        for i, thing in instruments.items()
    ]
    relations += [Relation(ident(a), name, ident(b), span, rule, 0.9) for a, name, b, span, rule in places]
    where = sorted({(span, ident(thing)) for span, thing in things.where})
    return Linked(entities, tuple(where), tuple(dict.fromkeys(relations)))


def _add(things: Things, mention: Mention, page: Page, geo: Geography) -> None:
    """Give a mention to the thing that its canonical name means."""
    home = geo.of(page.letter_at(mention.span.begin))
    label, jurisdiction, place = mention.name, "", ""
    match mention.kind:
        case Kind.AGENCY:
            label, place = names.agency(mention, home, geo, page.lex)
        case Kind.ORGANIZATION:
            label = _organization(mention, home, geo)
        case Kind.ENTERPRISE:
            label = mention.attrs.get("of", mention.name)
        case Kind.TIER:
            label = names.tier(mention)
            chain = geo.chain(label) if "tier" not in mention.attrs else ()
            if chain:
                at = f"{mention.span.begin},{mention.span.end}"
                mention = replaced(mention, attrs={**mention.attrs, "level": geo.levels[chain[-1]], "level_span": at})
            elif "tier" not in mention.attrs and mention.attrs.get("level") in _LOCAL:
                jurisdiction = home.lowest
        case Kind.PLACE:
            label = _place(mention, home)
        case Kind.PROGRAM | Kind.PLATFORM:
            label = mention.attrs.get("of", mention.name)
            jurisdiction = "" if _rules(page.lex).wide.match(search_fold(label)) else home.lowest
        case Kind.GROUP:
            label = mention.attrs.get("same", mention.name)
        case Kind.PERSON:
            jurisdiction = home.lowest
        case _:
            pass
    thing = things.get(mention.kind, label, jurisdiction)
    thing.place = place or thing.place
    things.note(thing, mention)


def _organization(mention: Mention, home: Home, geo: Geography) -> str:
    if "party" in mention.attrs:
        return names.party(mention, home, geo)[0]
    above = home.at(mention.attrs["prefix"]) if mention.attrs.get("prefix") else ""
    return above + mention.name[1:] if above else mention.name


def _place(mention: Mention, home: Home) -> str:
    """A place's full name; 县经济开发区 takes the division that 县 means."""
    full = mention.attrs.get("full", "")
    if full:
        return full
    level = mention.name[:1]
    above = home.at(level) if level in "省市区县" and mention.name[1:2] != "级" else ""
    return above + mention.name[1:] if above else mention.name


def _fields(things: Things, page: Page, geo: Geography) -> Iterator[tuple[Letter, Field, Thing]]:
    """The agencies, people and titles in letters' fields, linked; a body that no finder saw becomes a thing here."""
    for letter in page.outline.letters:
        for item in letter.fields:
            if item.name in TITLE_FIELDS:
                found = next((t for s, t in things.where if t.kind is Kind.INSTRUMENT and s.overlaps(item.span)), None)
            elif item.name in AGENCY_FIELDS:
                found = _named_in(things, item.span) or _new_body(things, item, geo.of(letter), _rules(page.lex))
            else:
                continue
            if found is not None:
                yield letter, item, found


def _named_in(things: Things, span: Span) -> Thing | None:
    """The body that the words at *span* name: the mention that covers most of them, and at least half."""
    best: Thing | None = None
    most = 0
    for at, thing in things.where:
        if at.begin >= span.end or span.begin >= at.end or thing.kind not in _BODIES:
            continue
        shared = min(at.end, span.end) - max(at.begin, span.begin)
        if shared > most and (span.contains(at) or len(at) * 2 >= len(span)):
            best, most = thing, shared
    return best


def _new_body(things: Things, item: Field, home: Home, rules: _Rules) -> Thing | None:
    value = remove_space(item.value)
    if not value:
        return None
    if item.name in {"submittedBy", "addressedTo"} and not rules.body.search(value):
        kind, label, jurisdiction = Kind.PERSON, value, home.lowest
    else:
        kind, jurisdiction = Kind.AGENCY if rules.agency.search(value) else Kind.ORGANIZATION, ""
        above = home.at(value[0]) if value[0] in "省市区县" else ""
        label = above + value[1:] if above else value
    thing = things.get(kind, label, jurisdiction)
    things.note(thing, Mention(item.span, kind, value, f"field.{item.name}", 0.88))
    return thing


def _own_instruments(things: Things, page: Page) -> Iterator[tuple[Letter, Thing]]:
    """A page that is itself an instrument (or a report): its title, number, date and state."""
    for letter in page.outline.letters:
        fields = {f.name: f for f in reversed(letter.fields)}
        title = fields.get("title")
        if letter.kind not in TITLED or title is None or not title.value:
            continue
        attrs: dict[str, str] = {}
        for name, where in (("documentNumber", "number_span"), ("issued", "issued_span"), ("status", "status_span")):
            if name in fields:
                attrs[name] = fields[name].value
                attrs[where] = f"{fields[name].span.begin},{fields[name].span.end}"
        thing = things.get(letter.kind, title.value)
        things.note(thing, Mention(title.span, letter.kind, title.value, "letter.title", 0.97, attrs))
        yield letter, thing


def _places(things: Things, geo: Geography) -> Iterator[tuple[Thing, str, Thing, Span, str]]:
    """Jurisdictions of agencies, and the place above each place that the page names."""
    for agency in things.of(Kind.AGENCY):
        if agency.place and agency.spans:
            chain = geo.chain(agency.place)
            place = things.get(Kind.PLACE, chain[-1] if chain else agency.place)
            if not place.spans:
                place.spans.append(agency.spans[0])
                place.confidence, place.rule = 0.85, "place.jurisdiction"
            place.names.add(agency.place)
            yield agency, "jurisdiction", place, agency.spans[0], "jurisdiction.prefix"
    for place in things.of(Kind.PLACE):
        above = geo.parents.get(place.label, "")
        wider = things.find(Kind.PLACE, above) if above else None
        if wider is not None and wider is not place and place.spans:
            yield place, "locatedIn", wider, place.spans[0], "place.division"
