"""Joining of clusters whose names are two forms of one name. Clusters of different levels stay apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from extract.linking.clusters import ClusterSet, MentionCluster
from extract.linking.doubles import join_doubles
from extract.mentions.geography import Geography
from extract.model import Kind
from extract.text.normalize import name_key
from ontology.lexicons import Lexicon, join_alternatives

_EDITION = re.compile(r"(?:\d{4}\d*年?)?(?:试行|暂行)?")
"""What may stand in brackets at the end of a title: (2023-2025年), (试行)."""
_SHORT_TITLE = 6
"""Characters of a title that says only which kind of text it is: 若干措施."""
_GENERIC_LENGTH = 2
"""Characters of a word that only names a class: 平台, 系统, 计划."""


@dataclass(slots=True, eq=False)
class _Candidate:
    """A cluster with the keys of its names, computed once."""

    cluster: MentionCluster
    key: str
    """Key of its label."""
    keys: frozenset[str]
    """Keys of its label and its names."""
    _expanded: str | None = None

    def expand(self, geography: Geography) -> str:
        """Return the key of its label with the short place name at its start written in full."""
        if self._expanded is None:
            self._expanded = _expand_place(self.key, geography)
        return self._expanded


@dataclass(frozen=True, slots=True)
class _MergePatterns:
    tail: re.Pattern[str]
    apart: tuple[str, ...]
    notice: re.Pattern[str]
    """The title of a notice that prints a text, with the title of that text."""
    notice_tail: re.Pattern[str]
    whose: frozenset[str]


@cache
def _compile_patterns(lex: Lexicon) -> _MergePatterns:
    config = lex.read_config("linking")
    return _MergePatterns(
        re.compile(join_alternatives(name_key(tail) for tail in config["tails"])),
        tuple(config["apart"]),
        re.compile(config["notice"]),
        re.compile(config["notice_tail"]),
        frozenset(config["whose"]),
    )


def merge_clusters(clusters: ClusterSet, geography: Geography, lex: Lexicon) -> None:
    """Join the clusters of a page that are one entity."""
    patterns = _compile_patterns(lex)
    programs = clusters.select(Kind.PROGRAM, Kind.PLATFORM)
    _join_pairs(clusters, programs, geography, lambda short, long: _is_same_program(short, long, geography, patterns))
    _join_notices(clusters, patterns)
    titled = [c for c in clusters.select(Kind.INSTRUMENT, Kind.REPORT) if not clusters.is_joined(c)]
    keys = [name_key(cluster.label) for cluster in titled]
    titles = _Titles(
        [(key, patterns.notice_tail.sub("", key)) for key in keys],
        frozenset(key for c in clusters.select(Kind.AGENCY) for key in c.name_keys),
    )
    _join_pairs(
        clusters, titled, geography, lambda short, long: _is_same_title(short, long, titles, geography, patterns),
        patterns.notice_tail,
    )  # fmt: skip
    tiers = clusters.select(Kind.TIER)
    for tier in tiers:
        _join_tier_without_level(clusters, tier, tiers)
    named = {key: tier for tier in reversed(clusters.select(Kind.TIER)) for key in tier.name_keys}  # the first counts
    for group in clusters.select(Kind.GROUP):
        if (same := named.get(name_key(group.label))) is not None:
            clusters.join(group, same)
    agencies = {name_key(cluster.label): cluster for cluster in clusters.select(Kind.AGENCY)}
    for key, office in list(agencies.items()):
        full_key = f"{key.removesuffix('办')}委员会办公室"
        if key.endswith("办") and full_key in agencies:
            clusters.join(office, agencies[full_key])
    for body in clusters.select(Kind.ORGANIZATION):
        if name_key(body.label) in agencies:
            clusters.join(body, agencies[name_key(body.label)])
    join_doubles(clusters)


def _join_notices(clusters: ClusterSet, patterns: _MergePatterns) -> None:
    """Join each notice to the text that it prints; if the page does not name that text alone, its title is a name."""
    instruments = clusters.select(Kind.INSTRUMENT)
    by_key = {name_key(cluster.label): cluster for cluster in instruments}
    for notice in instruments:
        printed = patterns.notice.search("".join(notice.label.split()))
        if printed is None:
            continue
        text = by_key.get(name_key(printed["title"]))
        if text is None:
            notice.names.add(printed["title"])
        elif text is not notice:
            clusters.join(notice, text)


def _make_candidates(clusters: list[MentionCluster]) -> list[_Candidate]:
    return [_Candidate(cluster, name_key(cluster.label), cluster.name_keys) for cluster in clusters]


class _FormIndex:
    """Finds the candidates of whose name another one may be a form, without a look at all of them."""

    def __init__(self, candidates: Sequence[_Candidate], geography: Geography, tail: re.Pattern[str] | None) -> None:
        self._candidates, self._geography = candidates, geography
        self._places: dict[tuple[str, str], set[int]] = {}
        keys = {candidate.key for candidate in candidates}
        lengths = sorted({len(key) for key in keys})
        for i, candidate in enumerate(candidates):
            key = candidate.key
            whole = {key, tail.sub("", key)} if tail else {key}
            parts = (p for k in whole for n in lengths if n < len(k) for p in (k[:n], k[-n:]) if p in keys)
            for known in (*candidate.keys, *parts):
                self._add("key", known, i)
            self._add("expanded", candidate.expand(geography), i)
            self.add_names(i)

    def add_names(self, i: int) -> None:
        """Add the names of the cluster of candidate *i*, which may have more than before."""
        for name in self._candidates[i].cluster.names:
            self._add("name", name, i)

    def find(self, short: _Candidate) -> list[int]:
        """Return the numbers of the candidates that share a name with *short*, or begin, end or read as it does."""
        wanted = [("key", short.key), ("expanded", short.expand(self._geography))]
        wanted += [("name", name) for name in short.cluster.names]
        found: set[int] = set()
        return sorted(found.union(*(self._places.get(key, ()) for key in wanted)))

    def _add(self, what: str, words: str, i: int) -> None:
        self._places.setdefault((what, words), set()).add(i)


def _join_pairs(
    clusters: ClusterSet,
    members: list[MentionCluster],
    geography: Geography,
    is_same: Callable[[_Candidate, _Candidate], bool],
    tail: re.Pattern[str] | None = None,
) -> None:
    """Join each of *members* to the first other one for which ``is_same(short, long)`` holds.

    A longer name may have words of *tail* behind the shorter one.
    """
    candidates = _make_candidates(members)
    index = _FormIndex(candidates, geography, tail)
    for short in candidates:
        for i in index.find(short):
            long = candidates[i]
            if short.cluster is long.cluster or clusters.is_joined(long.cluster):
                continue
            # Two names of one entity share the first character, or one contains the other, or is among its names.
            if not (long.key[:1] == short.key[:1] or short.key in long.key or short.key in long.keys):
                continue
            if is_same(short, long):
                clusters.join(short.cluster, long.cluster)
                index.add_names(i)
                break


def _is_same_program(short: _Candidate, long: _Candidate, geography: Geography, patterns: _MergePatterns) -> bool:
    first, second = short.cluster, long.cluster
    if first.jurisdiction != second.jurisdiction:
        return False
    shared = first.names & second.names
    if first.kind is second.kind and any(len(short.key) <= len(name_key(name)) + _GENERIC_LENGTH for name in shared):
        return True  # “企服通”平台 is the “企服通”综合金融服务平台: both are called 企服通
    if short.key == long.key or (short.key in long.keys and not any(word in second.label for word in patterns.apart)):
        return True
    if len(short.key) >= 4 and len(long.key) > len(short.key):
        if long.key.endswith(short.key):
            return _is_place_name(long.key[: -len(short.key)], geography, patterns.whose)
        if long.key.startswith(short.key):
            return patterns.tail.fullmatch(long.key, len(short.key)) is not None
    return short.key[:1] == long.key[:1] and short.expand(geography) == long.expand(geography)


@dataclass(frozen=True, slots=True)
class _Titles:
    """What tells whose title a short one is."""

    keys: Sequence[tuple[str, str]]
    """Keys of the titles of the page, each also without the words of a notice behind it."""
    agencies: frozenset[str]
    """Keys of the names of the agencies of the page."""

    def is_only(self, key: str) -> bool:
        """Whether besides *key* itself one title of the page ends so."""
        return sum(any(form.endswith(key) for form in forms) for forms in self.keys) == 2


def _is_same_title(
    short: _Candidate, long: _Candidate, titles: _Titles, geography: Geography, patterns: _MergePatterns
) -> bool:
    if short.key in long.keys:
        return True
    key = long.key
    if len(short.key) <= _SHORT_TITLE and not key.endswith(short.key):
        key = patterns.notice_tail.sub("", key)
    if len(key) > len(short.key) and key.endswith(short.key):
        if len(short.key) <= _SHORT_TITLE:  # 《若干措施》 after 《…若干措施》: the same if no third title ends so
            return titles.is_only(short.key)
        prefix = key[: -len(short.key)]
        if prefix in titles.agencies and titles.is_only(short.key):
            return True
        return short.cluster.rule == "instrument.bare" or _is_place_name(prefix, geography, patterns.whose)
    is_edition = long.key.startswith(short.key) and _EDITION.fullmatch(long.key, len(short.key)) is not None
    return len(short.key) >= 8 and is_edition


def _join_tier_without_level(clusters: ClusterSet, tier: MentionCluster, tiers: list[MentionCluster]) -> None:
    """Join 专精特新中小企业 without a level to the only tier of the page that has the same name with a level."""
    key = name_key(tier.label)
    if tier.name_keys != {key} or not tier.label.endswith("中小企业"):
        return
    others = [(name_key(other.label), other) for other in tiers if other is not tier]
    with_level = [other for other_key, other in others if other_key != key and other_key.endswith(key)]
    if len(with_level) == 1:
        clusters.join(tier, with_level[0])


def _expand_place(name: str, geography: Geography) -> str:
    """Return *name* with the short place name at its start written in full: 广东博士工作站 → 广东省博士工作站."""
    found = geography.name_pattern.match(name)
    return geography.get_full_name(found.group()) + name[found.end() :] if found else name


def _is_place_name(words: str, geography: Geography, whose: frozenset[str]) -> bool:
    """Whether *words* only say whose something is: a division's name, or one of the words *whose* (全市, 省级)."""
    return words in whose or bool(geography.get_full_name(words)) or "".join(geography.split_chain(words)) == words
