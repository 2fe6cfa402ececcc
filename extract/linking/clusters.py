"""Mention clusters: the mentions of one entity, before the entities have ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.mentions.geography import HomeDivision
from extract.model import Entity, EntityId, Fact, Kind, Mention, Span
from extract.text.normalize import name_key

_FACTS = {"documentNumber": "number_span", "issued": "issued_span", "status": "status_span", "level": "level_span"}
"""Facts in a mention's ``attrs``, and the key of the span that states the fact (``begin,end``)."""
_STATES = {"Repealed": 0, "UnderRevision": 1, "Draft": 2, "InForce": 3}
"""If a page gives an instrument several states, the one with the lowest number counts."""


@dataclass(slots=True, eq=False)
class MentionCluster:
    """Mentions of one entity, and all that they say about it."""

    kind: Kind
    label: str
    jurisdiction: str = ""
    place: str = ""
    """Full name of the division that an agency acts for."""
    names: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    facts: dict[tuple[str, str], Fact] = field(default_factory=dict)
    confidence: float = 0.0
    rule: str = ""
    homes: set[HomeDivision] = field(default_factory=set)
    """The homes of the letters that name it."""
    last_home: HomeDivision | None = None
    """The one that was added last."""
    own_home: HomeDivision | None = None
    """Of the instrument that a letter itself is: the home that the letter states."""
    is_local: bool = False
    """Whether the name alone does not identify it (``extract.linking.identity``)."""
    named_in: str = ""
    """Of a local name: the division whose letters name it."""

    @property
    def name_keys(self) -> frozenset[str]:
        """The keys of its label and of its names."""
        return frozenset(name_key(name) for name in (self.label, *self.names))

    def add_home(self, home: HomeDivision) -> None:
        """Add the home of a letter that names it; mentions of one letter follow each other."""
        if home is not self.last_home:
            self.homes.add(home)
            self.last_home = home

    def add_mention(self, mention: Mention) -> None:
        """Add a mention with its names and facts."""
        self.names.add(mention.name)
        self.spans.append(mention.span)
        if mention.confidence > self.confidence:
            self.confidence, self.rule = mention.confidence, mention.rule
        if not mention.attrs:
            return
        self.names.update(mention.attrs[key] for key in ("short", "also") if mention.attrs.get(key))
        for name, span_key in _FACTS.items():
            value = mention.attrs.get(name)
            if value:
                offsets = mention.attrs.get(span_key, "")
                span = Span(*map(int, offsets.split(","))) if offsets else mention.span
                self.facts.setdefault((name, value), Fact(name, value, span))

    def absorb(self, other: MentionCluster) -> None:
        """Add all that is known of *other*, which is the same entity."""
        self.names |= other.names | {other.label}
        self.spans += other.spans
        self.homes |= other.homes
        self.own_home = self.own_home or other.own_home
        for key, fact in other.facts.items():
            self.facts.setdefault(key, fact)
        self.confidence = max(self.confidence, other.confidence)

    def to_entity(self, ident: EntityId) -> Entity:
        """Return the entity with that id."""
        label = re.sub(r"\s*\n\s*", "", self.label) if "\n" in self.label else self.label
        return Entity(
            ident, self.kind, label, tuple(sorted([name for name in self.names if name and name != label])),
            tuple(sorted(set(self.spans))), self.jurisdiction, tuple(self._choose_facts()) if self.facts else (),
            round(self.confidence, 3), self.rule, self.is_local, self.named_in,
        )  # fmt: skip

    def _choose_facts(self) -> Iterator[Fact]:
        """Yield one fact of each name: the most precise date, the state that counts, else the first in the text."""
        chosen: dict[str, Fact] = {}
        for fact in sorted(self.facts.values(), key=lambda fact: (fact.name, _STATES.get(fact.value, 0), fact.span)):
            old = chosen.get(fact.name)
            if old is None or (fact.name == "issued" and len(fact.value) > len(old.value)):
                chosen[fact.name] = fact
        for name in sorted(chosen):
            if name != "status" or self.kind is Kind.INSTRUMENT:  # a report is neither in force nor repealed
                yield chosen[name]


class ClusterSet:
    """The mention clusters of a page, by kind, name and jurisdiction."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str, str], MentionCluster] = {}
        self._joined: dict[int, MentionCluster] = {}
        self.mentions: list[tuple[Span, MentionCluster]] = []
        """Each mention's span, and its cluster; ``find_root`` returns what that cluster was joined to."""

    def __iter__(self) -> Iterator[MentionCluster]:
        joined = self._joined
        return iter([cluster for cluster in self._by_key.values() if id(cluster) not in joined])

    def select(self, *kinds: Kind) -> list[MentionCluster]:
        """Return the clusters of these kinds."""
        return [cluster for cluster in self if cluster.kind in kinds]

    def find_cluster(self, kind: Kind, label: str, jurisdiction: str = "") -> MentionCluster | None:
        """Return the cluster of that name, None if there is none."""
        found = self._by_key.get(_make_key(kind, label, jurisdiction))
        return self.find_root(found) if found else None

    def get_or_create(self, kind: Kind, label: str, jurisdiction: str = "") -> MentionCluster:
        """Return the cluster of that name; create it if there is none."""
        key = _make_key(kind, label, jurisdiction)
        found = self._by_key.get(key)
        if found is None:
            found = self._by_key[key] = MentionCluster(kind, label, jurisdiction)
        return self.find_root(found)

    def add_mention(self, cluster: MentionCluster, mention: Mention) -> None:
        """Add a mention to a cluster of the set."""
        cluster.add_mention(mention)
        self.mentions.append((mention.span, cluster))

    def join(self, short: MentionCluster, long: MentionCluster) -> None:
        """Join two clusters of one entity; *long* stays and absorbs *short*."""
        short, long = self.find_root(short), self.find_root(long)
        if short is not long:
            long.absorb(short)
            self._joined[id(short)] = long

    def change_kind(self, cluster: MentionCluster, kind: Kind) -> MentionCluster:
        """Make a cluster one of another kind, joined to the cluster of that kind and name if there is one."""
        changed = self.get_or_create(kind, cluster.label, cluster.jurisdiction)
        changed.rule, changed.place = changed.rule or cluster.rule, changed.place or cluster.place
        self.join(cluster, changed)
        return changed

    def find_root(self, cluster: MentionCluster) -> MentionCluster:
        """Return the cluster that *cluster* was joined to, or itself."""
        while id(cluster) in self._joined:
            cluster = self._joined[id(cluster)]
        return cluster

    def is_joined(self, cluster: MentionCluster) -> bool:
        """Whether another cluster has absorbed *cluster*."""
        return id(cluster) in self._joined

    def number_entities(self) -> tuple[tuple[Entity, ...], dict[int, EntityId]]:
        """Return the entities in the order of their first mentions, and the entity's id for ``id(cluster)``."""
        ordered = sorted((cluster for cluster in self if cluster.spans), key=lambda cluster: min(cluster.spans))
        ids = {id(cluster): EntityId(f"e{n}") for n, cluster in enumerate(ordered, 1)}
        return tuple(cluster.to_entity(ids[id(cluster)]) for cluster in ordered), ids


def _make_key(kind: Kind, label: str, jurisdiction: str) -> tuple[str, str, str]:
    # Programs and platforms share names: only the sentence tells which of the two a page means.
    family = Kind.PROGRAM if kind is Kind.PLATFORM else kind
    return family, name_key(label), jurisdiction
