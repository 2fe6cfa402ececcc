"""Joining of doubles: 国家级 and 国家 before one name, an office of an agency with and without the agency's name."""

from __future__ import annotations

from collections.abc import Set

from extract.linking.clusters import ClusterSet, MentionCluster
from extract.model import Kind
from extract.text.normalize import name_key

_NATIONAL, _OF_LEVEL = "国家级", "国家"
_SHORTEST_UNIT = 3


def join_doubles(clusters: ClusterSet) -> None:
    """Join the clusters of a page that are one thing under a longer and a shorter name."""
    for kind in (Kind.TIER, Kind.PROGRAM):
        _join_national(clusters, clusters.select(kind))
    _join_units(clusters, clusters.select(Kind.AGENCY))


def _join_national(clusters: ClusterSet, members: list[MentionCluster]) -> None:
    """Join 国家级地理标志示范区 and 国家地理标志示范区."""
    known = {name_key(cluster.label): cluster for cluster in members}
    for key, cluster in known.items():
        if key.startswith(_NATIONAL) and (same := known.get(_OF_LEVEL + key.removeprefix(_NATIONAL))) is not None:
            clusters.join(same, cluster)


def _join_units(clusters: ClusterSet, agencies: list[MentionCluster]) -> None:
    """Join the office of an agency that is also named without it: 霁川市商务局法规处, 法规处."""
    keys = {key for agency in agencies for key in agency.name_keys}
    for unit in agencies:
        key = name_key(unit.label)
        if not unit.rule.startswith("tagger.") or unit.place or len(key) < _SHORTEST_UNIT:
            continue
        longer = [other for other in agencies if _is_unit_of_one(name_key(other.label), key, keys)]
        if len(longer) == 1:
            clusters.join(unit, longer[0])


def _is_unit_of_one(long: str, unit: str, agencies: Set[str]) -> bool:
    """Whether a key is that of an agency and the unit behind it."""
    return len(long) > len(unit) and long.endswith(unit) and long.removesuffix(unit) in agencies
