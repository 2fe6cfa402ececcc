"""Which entities their names identify everywhere, and for which the place of the letter that names them is needed.

Two cities have a 人才计划, an 政务服务中心 and a title 关于…的若干措施 each. Such a name is of one thing within the
division whose organ writes the letter. Where that division is not known, it is of one thing within its source only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.linking.clusters import ClusterSet, MentionCluster
from extract.mentions.geography import Geography, HomeDivision, compile_national_pattern
from extract.model import TITLED_KINDS, Kind
from extract.text.normalize import name_key, search_fold
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives

_WORDED = frozenset({Kind.AGENCY, Kind.ORGANIZATION, Kind.ENTERPRISE})
"""Classes whose names identify if they contain a proper name."""
_CLASSES = frozenset({Kind.GROUP, Kind.TIER})
"""Concepts: who uses the same words means the same class of firms or people."""


@dataclass(frozen=True, slots=True)
class _IdentityPatterns:
    wide: re.Pattern[str]
    laws: re.Pattern[str]
    bare_title: re.Pattern[str]
    registered: re.Pattern[str]
    level: re.Pattern[str]
    common_place: re.Pattern[str]
    national: re.Pattern[str]
    proper: frozenset[str]


@cache
def _compile_patterns(lex: Lexicon) -> _IdentityPatterns:
    config = lex.read_config("linking")
    rules = config["identity"]
    return _IdentityPatterns(
        re.compile(join_alternatives(config["wide"])), re.compile(rules["laws"]), re.compile(rules["bare_title"]),
        re.compile(rules["registered"]), re.compile(rules["level"]), re.compile(rules["common_place"]),
        compile_national_pattern(lex), frozenset(rules["proper"]),
    )  # fmt: skip


def settle_identities(clusters: ClusterSet, geography: Geography, lex: Lexicon) -> None:
    """Set of each cluster its place, or that its name alone does not identify it, and where it is named."""
    patterns = _compile_patterns(lex)
    _drop_stated_places(clusters, geography)
    for cluster in clusters:
        if cluster.kind in _CLASSES or cluster.jurisdiction:
            continue
        cluster.jurisdiction = _find_own_place(cluster, geography, patterns)
        if cluster.jurisdiction or _is_identified(cluster, geography, lex, patterns):
            continue
        cluster.is_local = True
        home = _find_common_home(cluster.homes, geography)
        says_more = not _is_bare_title(cluster, patterns) and name_key(home) not in name_key(cluster.label)
        cluster.named_in = home if says_more else ""


def is_wide(label: str, lex: Lexicon) -> bool:
    """Whether a name says that it is of the nation, or of more than one."""
    return _compile_patterns(lex).wide.match(search_fold(label)) is not None


def _drop_stated_places(clusters: ClusterSet, geography: Geography) -> None:
    """Take the home of the letters from programs and platforms whose names say of which division they are."""
    known: dict[tuple[Kind, str], MentionCluster] = {}
    for cluster in clusters.select(Kind.PROGRAM, Kind.PLATFORM):
        if not _names_division(cluster.label, geography):
            continue
        first = known.setdefault((cluster.kind, name_key(cluster.label)), cluster)
        if first is cluster:
            cluster.jurisdiction = ""
        else:
            clusters.join(cluster, first)


def _find_own_place(cluster: MentionCluster, geography: Geography, patterns: _IdentityPatterns) -> str:
    """Return the place that tells a cluster from its namesakes, where the page states it; else empty."""
    if cluster.kind is Kind.AGENCY:
        return _complete_chain(cluster.place, geography)
    if cluster.kind is Kind.PLACE:
        is_town = geography.levels.get(cluster.label) == "Town"
        return _find_upper(cluster.label, geography) if is_town or cluster.label in geography.shared else ""
    if cluster.own_home is None or _is_bare_title(cluster, patterns) or _names_division(cluster.label, geography):
        return ""
    return geography.locate(cluster.own_home)


def _complete_chain(place: str, geography: Geography) -> str:
    """Return a division with the one above it, if only that tells it from others; empty if this is not known."""
    first = next(iter(geography.split_chain(place)), place)
    if first not in geography.shared:
        return place
    upper = _find_upper(first, geography)
    return upper + place if upper else ""


def _find_upper(name: str, geography: Geography) -> str:
    """Return the division above a town or county, with the city above that one; empty if it is not known."""
    parent = geography.cities.get(name) or geography.parents.get(name, "")
    if geography.levels.get(parent) != "County":
        return parent
    return geography.cities.get(parent, "") + parent or parent


def _find_common_home(homes: set[HomeDivision], geography: Geography) -> str:
    """Return the widest of some homes if it contains the others; empty if there is none."""
    names = sorted({geography.locate(home) for home in homes}, key=len)
    return names[0] if names and all(name.startswith(names[0]) for name in names) else ""


def _is_identified(cluster: MentionCluster, geography: Geography, lex: Lexicon, patterns: _IdentityPatterns) -> bool:
    label = search_fold(cluster.label)
    if cluster.kind is Kind.PLACE:
        return _is_place_identified(label, geography, patterns)
    if cluster.kind is Kind.PERSON or _is_bare_title(cluster, patterns):
        return False
    if cluster.kind is Kind.AGENCY and cluster.place:
        return False  # of a county that has namesakes
    if patterns.wide.match(label) or patterns.national.match(label) or _names_division(label, geography):
        return True
    if cluster.kind in TITLED_KINDS:
        is_national = cluster.own_home is not None and cluster.own_home.is_national
        return is_national or patterns.laws.search(name_key(label)) is not None
    if cluster.kind in _WORDED:
        return patterns.registered.search(label) is not None or _has_proper_name(cluster, label, lex, patterns)
    return bool(cluster.homes) and all(home.is_national for home in cluster.homes)


def _is_bare_title(cluster: MentionCluster, patterns: _IdentityPatterns) -> bool:
    return cluster.kind in TITLED_KINDS and patterns.bare_title.search(search_fold(cluster.label)) is not None


def _is_place_identified(label: str, geography: Geography, patterns: _IdentityPatterns) -> bool:
    level = geography.levels.get(label)
    if level is not None:
        return level != "Town" and label not in geography.shared
    if patterns.wide.match(label) or _names_division(label, geography):
        return True
    return not patterns.level.match(label) and not patterns.common_place.search(label)


def _names_division(words: str, geography: Geography) -> bool:
    """Whether some words name a division that has no namesakes, or one with the division above it."""
    chain = geography.split_chain(words)
    if not chain and (short := geography.name_pattern.match(words)):
        chain = (geography.get_full_name(short.group()),)
    if not chain and (inside := geography.chain_pattern.search(words)):
        chain = geography.split_chain(words[inside.start() :])
    return bool(chain) and chain[0] not in geography.shared and geography.levels.get(chain[0]) != "Town"


def _has_proper_name(cluster: MentionCluster, label: str, lex: Lexicon, patterns: _IdentityPatterns) -> bool:
    if patterns.level.match(label):
        return False
    tags = {word.tag for word in segmenter(lex).segment(label)}
    return bool(tags & patterns.proper) and (cluster.kind is not Kind.AGENCY or tags & patterns.proper != {"j"})
