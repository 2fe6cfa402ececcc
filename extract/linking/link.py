"""Linking of mentions to entities: one entity, whatever names a page gives it. Different levels are never merged.

Short and full forms of an agency have the same canonical label, which depends on the home division of the letter (我局
and 市科技局 mean another bureau in each letter). Mentions of other kinds belong together by name, by 以下简称, or
because one name contains the other (``extract.linking.merge``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from extract.linking.canonical import name_agency, name_party, name_tier
from extract.linking.clusters import ClusterSet, MentionCluster
from extract.linking.identity import is_wide, settle_identities
from extract.linking.merge import merge_clusters
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography, HomeDivision
from extract.mentions.overlaps import resolve_overlaps
from extract.model import TITLED_KINDS, Entity, EntityId, Field, Kind, Letter, LetterId, Mention, Relation, Span
from extract.records import copy_with
from extract.text.normalize import name_key, remove_space, search_fold
from ontology.lexicons import Lexicon, join_alternatives

_TITLE_FIELDS = frozenset({"basedOn"})
_AGENCY_FIELDS = frozenset(
    {"issuedBy", "leadAgency", "coAgency", "consulted", "addressedTo", "submittedBy", "approvedBy"}
)
_ACTS = frozenset({"issuedBy", "approvedBy"})
"""Fields whose body acts with authority: a 领导小组 or a fund centre that issues a notice is an agency."""
_BODIES = frozenset({Kind.AGENCY, Kind.ORGANIZATION, Kind.PERSON, Kind.ENTERPRISE})
_LOCAL = frozenset({"Municipal", "County", "Town"})
_OF_PLACE = _LOCAL | {"Provincial"}


@dataclass(frozen=True, slots=True)
class LinkedMentions:
    """The entities of a page, and which words name which entity."""

    entities: tuple[Entity, ...]
    mentions: tuple[tuple[Span, EntityId], ...]
    """Sorted by span; a mention inside another one follows it."""
    relations: tuple[Relation, ...]
    """``jurisdiction`` and ``locatedIn`` of agencies and places; fields of letters that name agencies and people."""

    def find_in(self, span: Span) -> list[tuple[Span, EntityId]]:
        """Return the mentions that begin in *span*, in order, without those that end far behind it."""
        begin, end = span
        first = bisect_left(self.mentions, ((begin,),))
        stop = bisect_left(self.mentions, ((end,),), first)
        return [mention for mention in self.mentions[first:stop] if mention[0][1] <= end + 2]


@dataclass(frozen=True, slots=True)
class _LinkPatterns:
    body: re.Pattern[str]
    agency: re.Pattern[str]
    level: re.Pattern[str]
    """The level in the name of a tier: 省级 in 省级示范基地, 市级 in 农业产业化市级龙头企业."""
    levels: Mapping[str, str]


@cache
def _compile_patterns(lex: Lexicon) -> _LinkPatterns:
    config = lex.read_config("linking")
    levels: Mapping[str, str] = lex.read_config("tiers")["levels"]
    long = [word for word in levels if len(word) > 1]
    graded = [word for word in long if word.endswith("级")]
    return _LinkPatterns(
        re.compile(rf"(?:{join_alternatives(config['body_endings'])}|委员会)$"),
        re.compile(rf"(?:{join_alternatives(config['agency_endings'])})$"),
        re.compile(rf"\A[“\"]?({join_alternatives(long)})|({join_alternatives(graded)})"),
        levels,
    )


@dataclass(frozen=True, slots=True)
class _FieldLink:
    """A field of a letter, with what it names."""

    letter: Letter
    field: Field
    cluster: MentionCluster


@dataclass(frozen=True, slots=True)
class _PlaceLink:
    """A relation from an agency or place to a place."""

    subject: MentionCluster
    predicate: str
    place: MentionCluster
    span: Span
    rule: str


def link_mentions(context: MentionContext, geography: Geography, mentions: list[Mention]) -> LinkedMentions:
    """Merge mentions into entities, and turn the fields of letters into relations to them."""
    clusters = ClusterSet()
    repeated = _find_repeated_titles(context, geography)
    for mention in resolve_overlaps(mentions):
        _add_mention(clusters, mention, context, geography, repeated)
    field_links = list(_link_fields(clusters, context, geography))
    own = _add_own_instruments(clusters, context, geography, repeated)
    instruments = {letter.id: cluster for letter, cluster in own}
    merge_clusters(clusters, geography, context.lex)
    place_links = list(_link_places(clusters, geography))
    settle_identities(clusters, geography, context.lex)
    entities, ids = clusters.number_entities()

    def get_id(cluster: MentionCluster) -> EntityId:
        return ids[id(clusters.find_root(cluster))]

    relations = [
        Relation(
            get_id(instruments[link.letter.id]) if link.letter.id in instruments else link.letter.id,
            link.field.name, get_id(link.cluster), link.field.span, f"field.{link.field.name}", 0.95,
        )
        for link in field_links
    ]  # fmt: skip
    letters = {letter.id: letter for letter in context.outline.letters}
    relations += [
        Relation(letter.id, "repliesTo", letters[target].id, field.span, "field.repliesTo", 0.95)
        for letter in letters.values()
        for field in letter.get_fields("repliesTo")
        if (target := LetterId(field.value)) in letters
    ]
    relations += [
        Relation(ident, "instrument", get_id(cluster), letters[ident].span, "letter.instrument", 0.97)
        for ident, cluster in instruments.items()
    ]
    relations += [
        Relation(get_id(link.subject), link.predicate, get_id(link.place), link.span, link.rule, 0.9)
        for link in place_links
    ]
    spans = sorted({(span, get_id(cluster)) for span, cluster in clusters.mentions})
    return LinkedMentions(entities, tuple(spans), tuple(dict.fromkeys(relations)))


def _find_repeated_titles(context: MentionContext, geography: Geography) -> frozenset[str]:
    """Return the keys of the titles that letters of several divisions have."""
    homes: dict[str, set[HomeDivision]] = {}
    for letter in context.outline.letters:
        if letter.kind in TITLED_KINDS and (title := letter.get_value("title")):
            homes.setdefault(name_key(title), set()).add(geography.get_home(letter))
    return frozenset(title for title, of_title in homes.items() if len(of_title) > 1)


def _add_mention(
    clusters: ClusterSet, mention: Mention, context: MentionContext, geography: Geography, repeated: frozenset[str]
) -> None:
    """Add a mention to the cluster of its canonical name."""
    home = geography.get_home(context.find_letter(mention.span.begin))
    lowest = geography.locate(home)
    label, jurisdiction, place, is_local = mention.name, "", "", False
    match mention.kind:
        case Kind.AGENCY:
            name = name_agency(mention, home, geography, context.lex)
            label, place = name.label, name.division
        case Kind.ORGANIZATION:
            label = _name_organization(mention, home, geography)
        case Kind.ENTERPRISE:
            label = mention.attrs.get("of", mention.name)
        case Kind.TIER:
            label = name_tier(mention)
            if "tier" not in mention.attrs:
                if chain := geography.split_chain(label):
                    offsets = f"{mention.span.begin},{mention.span.end}"
                    stated = {"level": geography.levels[chain[-1]], "level_span": offsets}
                    mention = copy_with(mention, attrs={**mention.attrs, **stated})
                else:
                    mention = _add_level(mention, label, context.lex)
                    level = mention.attrs.get("level", "")
                    jurisdiction = lowest if level in _LOCAL else home.province if level == "Provincial" else ""
                    is_local = level in _OF_PLACE and not jurisdiction
            else:
                mention = _add_level(mention, label, context.lex)
        case Kind.PLACE:
            label = _name_place(mention, home)
        case Kind.PROGRAM | Kind.PLATFORM:
            label = mention.attrs.get("of", mention.name)
            jurisdiction = "" if is_wide(label, context.lex) else lowest
        case Kind.GROUP:
            label = mention.attrs.get("same", mention.name)
        case Kind.PERSON:
            jurisdiction = lowest
        case Kind.INSTRUMENT | Kind.REPORT if name_key(label) in repeated:
            jurisdiction = lowest
        case _:
            pass
    cluster = clusters.get_or_create(mention.kind, label, jurisdiction)
    cluster.place = place or cluster.place
    if is_local:
        cluster.is_local, cluster.named_in = True, lowest
    cluster.add_home(home)
    clusters.add_mention(cluster, mention)


def _add_level(mention: Mention, label: str, lex: Lexicon) -> Mention:
    """Return the mention of a tier with the level that stands in its name, if no finder has read one."""
    patterns = _compile_patterns(lex)
    found = None if mention.attrs.get("level") else patterns.level.search(search_fold(label))
    if found is None:
        return mention
    return copy_with(mention, attrs={**mention.attrs, "level": patterns.levels[found[1] or found[2]]})


def _name_organization(mention: Mention, home: HomeDivision, geography: Geography) -> str:
    if "party" in mention.attrs:
        return name_party(mention, home, geography).label
    division = home.resolve_prefix(mention.attrs["prefix"]) if mention.attrs.get("prefix") else ""
    return division + mention.name[1:] if division else mention.name


def _name_place(mention: Mention, home: HomeDivision) -> str:
    """Return a place's full name; in 县经济开发区, 县 is replaced by the division that it means."""
    full = mention.attrs.get("full", "")
    if full:
        return full
    prefix = mention.name[:1]
    division = home.resolve_prefix(prefix) if prefix in "省市区县" and mention.name[1:2] != "级" else ""
    return division + mention.name[1:] if division else mention.name


def _link_fields(clusters: ClusterSet, context: MentionContext, geography: Geography) -> Iterator[_FieldLink]:
    """Link the agencies, people and titles in fields of letters; create clusters for bodies that no finder found."""
    patterns = _compile_patterns(context.lex)
    for letter in context.outline.letters:
        for field in letter.fields:
            cluster: MentionCluster | None
            if field.name in _TITLE_FIELDS:
                home = geography.get_home(letter)
                cluster = _find_instrument(clusters, field.span) or _add_instrument(clusters, field, home)
            elif field.name in _AGENCY_FIELDS:
                home = geography.get_home(letter)
                cluster = _find_body(clusters, field.span) or _add_body(
                    clusters, field, home, geography.locate(home), patterns
                )
            else:
                continue
            if cluster is not None and field.name in _ACTS and cluster.kind is Kind.ORGANIZATION:
                cluster = clusters.change_kind(clusters.find_root(cluster), Kind.AGENCY)
            if cluster is not None:
                yield _FieldLink(letter, field, cluster)


def _find_instrument(clusters: ClusterSet, span: Span) -> MentionCluster | None:
    """Return the instrument that the words at *span* name, None if no finder found one."""
    for other, cluster in clusters.mentions:
        if cluster.kind is Kind.INSTRUMENT and other.overlaps(span):
            return cluster
    return None


def _add_instrument(clusters: ClusterSet, field: Field, home: HomeDivision) -> MentionCluster:
    cluster = clusters.get_or_create(Kind.INSTRUMENT, field.value)
    cluster.homes.add(home)
    clusters.add_mention(cluster, Mention(field.span, Kind.INSTRUMENT, field.value, f"field.{field.name}", 0.9))
    return cluster


def _find_body(clusters: ClusterSet, span: Span) -> MentionCluster | None:
    """Return the body that the words at *span* name, None if there is none.

    Mentions that end with the span count, and those of at least half its length that go on behind it. The one that
    covers most of it wins. A mention that ends before the span is only a part of the name: 中共中央 of 中共中央办公厅.
    """
    best: MentionCluster | None = None
    most = 0
    begin, end = span
    for other, cluster in [mention for mention in clusters.mentions if begin < mention[0][1] and mention[0][0] < end]:
        if cluster.kind not in _BODIES:
            continue
        shared = min(other.end, span.end) - max(other.begin, span.begin)
        if shared > most and other.end >= span.end and (span.contains(other) or len(other) * 2 >= len(span)):
            best, most = cluster, shared
    return best


def _add_body(
    clusters: ClusterSet, field: Field, home: HomeDivision, lowest: str, patterns: _LinkPatterns
) -> MentionCluster | None:
    value = remove_space(field.value)
    if not value:
        return None
    if field.name in {"submittedBy", "addressedTo"} and not patterns.body.search(value):
        kind, label, jurisdiction = Kind.PERSON, value, lowest
    else:
        kind, jurisdiction = Kind.AGENCY if patterns.agency.search(value) else Kind.ORGANIZATION, ""
        division = home.resolve_prefix(value[0]) if value[0] in "省市区县" else ""
        label = division + value[1:] if division else value
    cluster = clusters.get_or_create(kind, label, jurisdiction)
    cluster.homes.add(home)
    clusters.add_mention(cluster, Mention(field.span, kind, value, f"field.{field.name}", 0.88))
    return cluster


def _add_own_instruments(
    clusters: ClusterSet, context: MentionContext, geography: Geography, repeated: frozenset[str]
) -> Iterator[tuple[Letter, MentionCluster]]:
    """Add the instrument or report that a letter itself is, with its title, number, date and state."""
    for letter in context.outline.letters:
        fields = {field.name: field for field in reversed(letter.fields)}
        title = fields.get("title")
        if letter.kind not in TITLED_KINDS or title is None or not title.value:
            continue
        attrs: dict[str, str] = {}
        for name, span_key in (("documentNumber", "number_span"), ("issued", "issued_span"), ("status", "status_span")):
            if name in fields:
                attrs[name] = fields[name].value
                attrs[span_key] = f"{fields[name].span.begin},{fields[name].span.end}"
        if "noticeTitle" in fields:
            attrs["also"] = fields["noticeTitle"].value
        home = geography.get_home(letter)
        jurisdiction = geography.locate(home) if name_key(title.value) in repeated else ""
        cluster = clusters.get_or_create(letter.kind, title.value, jurisdiction)
        cluster.homes.add(home)
        if letter.id in geography.stated:
            cluster.own_home = home
        clusters.add_mention(cluster, Mention(title.span, letter.kind, title.value, "letter.title", 0.97, attrs))
        yield letter, cluster


def _link_places(clusters: ClusterSet, geography: Geography) -> Iterator[_PlaceLink]:
    """Link agencies to their divisions, and each place that the page names to the place above it."""
    for agency in clusters.select(Kind.AGENCY):
        if agency.place and agency.spans:
            chain = geography.split_chain(agency.place)
            place = clusters.get_or_create(Kind.PLACE, chain[-1] if chain else agency.place)
            if not place.spans:
                place.spans.append(agency.spans[0])
                place.confidence, place.rule = 0.85, "place.jurisdiction"
            place.names.add(agency.place)
            yield _PlaceLink(agency, "jurisdiction", place, agency.spans[0], "jurisdiction.prefix")
    for place in clusters.select(Kind.PLACE):
        parent = geography.parents.get(place.label, "")
        wider = clusters.find_cluster(Kind.PLACE, parent) if parent else None
        if wider is not None and wider is not place and place.spans:
            yield _PlaceLink(place, "locatedIn", wider, place.spans[0], "place.division")


def remove_entities(linked: LinkedMentions, dropped: Collection[str]) -> LinkedMentions:
    """Return *linked* without some entities, their mentions and relations."""
    if not dropped:
        return linked
    return LinkedMentions(
        tuple(entity for entity in linked.entities if entity.id not in dropped),
        tuple(mention for mention in linked.mentions if mention[1] not in dropped),
        tuple(r for r in linked.relations if r.subject not in dropped and r.object not in dropped),
    )
