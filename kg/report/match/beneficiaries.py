"""Whether a firm is one of those that a support is for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from extract.text.normalize import name_key
from kg.report.facts import Facts, drop_wider
from kg.report.match.profile import FirmProfile, load_match
from ontology.tiers import Tier, load_tiers

Fit = Literal["self", "general", "treated", "people", "maybe", "no", "none"]
"""``self``: it is recognised as this; ``general``: as one of these; ``treated``: it is treated as this; ``people``: it
is for people of such firms; ``maybe``: the profile does not say; ``no``: for other firms; ``none``: for no firms."""


class BeneficiaryTable:
    """The classes that a firm belongs to, in the terms of a store."""

    def __init__(self, facts: Facts, profile: FirmProfile) -> None:
        self._facts, self._profile = facts, profile
        receivers = load_match()["receivers"]
        self._people, self._firms = re.compile(receivers["people"]), re.compile(receivers["firms"])
        self._others, self._stated = re.compile(receivers["others"]), re.compile(receivers["stated"])
        self._any = {name_key(name) for name in receivers["any"]}
        labels = {name_key(name): tier for tier in load_tiers() for name in (*tier.names, *tier.hidden)}
        self._keys = self._list_keys(labels)
        self.own = self._find_tiers(self._keys)
        """IRIs of the tiers that it is recognised as."""
        self._wider = self._follow(facts.select("broader"), self.own)
        self._below = self._find_below()
        self.treated = {
            other: (tier, span) for tier, other, span in drop_wider(facts.select("treated")) if tier in self.own
        }
        """What its tiers are treated as: the tier and the words that say so."""
        self._general = self._list_general(labels)
        self._levels = {key for key, tier in labels.items() if tier.level and key not in self._keys and len(key) > 3}
        """Keys of the names of tiers of one level that the firm does not have."""

    def _list_keys(self, labels: Mapping[str, Tier]) -> set[str]:
        """Return the keys of all spellings of the tiers of the profile."""
        found = set()
        for name in self._profile.tiers:
            found.add(name_key(name))
            tier = labels.get(name_key(name))
            found |= {name_key(other) for other in getattr(tier, "names", ())}
        return found

    def _find_tiers(self, keys: Iterable[str]) -> set[str]:
        view = self._facts.view
        return {iri for key in keys for iri in view.iris_by_name.get(key, ()) if view.kind(iri) == "EnterpriseTier"}

    def _find_below(self) -> set[str]:
        """Return the rungs below the tiers of the firm, in the store and in the scheme of known tiers."""
        steps = [(lower, upper) for lower, upper, _ in self._facts.select("ladder")]
        by_iri = {tier.iri: tier for tier in load_tiers()}
        for tier in by_iri.values():
            for upper in tier.advances_to:
                lowers, uppers = (self._find_tiers([name_key(t.label)]) for t in (tier, by_iri[upper]))
                steps += [(a, b) for a in lowers for b in uppers]
        return self._follow([(upper, lower) for lower, upper in steps], self.own)

    def _follow(self, steps: Iterable[tuple[str, ...]], start: Iterable[str]) -> set[str]:
        graph: dict[str, set[str]] = defaultdict(set)
        for one, other, *_ in steps:
            graph[one].add(other)
        found: set[str] = set()
        waiting = list(start)
        while waiting:
            for following in graph[waiting.pop()] - found:
                found.add(following)
                waiting.append(following)
        return found

    def _list_general(self, labels: Mapping[str, Tier]) -> set[str]:
        """Return the keys of names that stand for all levels of a rung below (专精特新企业), and of the own tiers."""
        names = {self._facts.name(iri) for iri in (*self._below, *self._wider) if not self._has_level(iri)}
        found = set(self._keys)
        names |= {tier.label for tier in self._list_wide_tiers(labels)}
        for name in names:
            tier = labels.get(name_key(name))
            found |= {name_key(name), *(name_key(other) for other in getattr(tier, "names", ()))}
        return {key for key in found if len(key) > 3}

    def _list_wide_tiers(self, labels: Mapping[str, Tier]) -> Iterator[Tier]:
        """Yield the tiers of the scheme without a level that are below or above those of the firm."""
        by_iri = {tier.iri: tier for tier in labels.values()}
        own = {tier.iri for name in self._profile.tiers if (tier := labels.get(name_key(name)))}
        lower = self._follow([(upper, tier.iri) for tier in by_iri.values() for upper in tier.advances_to], own)
        wider = self._follow([(tier.iri, broad) for tier in by_iri.values() for broad in tier.broader], own)
        yield from (by_iri[iri] for iri in sorted(lower | wider) if not by_iri[iri].level)

    def _has_level(self, iri: str) -> bool:
        known = {name_key(tier.label): tier for tier in load_tiers()}
        tier = known.get(name_key(self._facts.name(iri)))
        return bool(tier.level if tier else self._facts.value(iri, "level"))

    def fit(self, iri: str) -> Fit:
        """Return how the firm belongs to the beneficiary *iri*."""
        kind = self._facts.view.kind(iri)
        if kind == "EnterpriseTier":
            if iri in self.own:
                return "self"
            if iri in self.treated:
                return "treated"
            if iri in self._wider or (iri in self._below and not self._has_level(iri)):
                return "general"
            if self._cut_place(name_key(self._facts.name(iri))) in self._general:
                return "general"  # 霁川市专精特新企业, for a firm of 霁川市
            is_open = iri in self._below or self._stated.search(self._facts.name(iri))
            return "maybe" if is_open else "no"
        if kind == "Enterprise":
            return "self" if name_key(self._facts.name(iri)) == name_key(self._profile.name) else "none"
        return self.fit_group(name_key(self._facts.name(iri))) if kind == "TargetGroup" else "none"

    def _cut_place(self, name: str) -> str:
        """Return a name without the place of the firm before it."""
        own = (name_key(place) for place in self._profile.places)
        return next((name.removeprefix(place) for place in own if name.startswith(place)), name)

    def fit_group(self, name: str) -> Fit:
        """Return how the firm belongs to a class of firms or people, by the key of its name."""
        named = max((key for key in self._general if key in name), key=len, default="")
        if any(len(key) > len(named) and key in name for key in self._levels):
            return "maybe"  # 省级专精特新企业人才 are not those of the national tier
        if self._others.search(name):
            return "none"
        if self._people.search(name):
            return "people" if named else "none"
        if name in self._any or any(name_key(group) == name for group in self._profile.groups):
            return "general"
        if len(name) > 3 and any(key.endswith(name) for key in self._general):
            return "general"  # 专精特新中小企业 are 中小企业
        if named and name.endswith(named):
            return "general" if name == named else "maybe"
        return "maybe" if self._firms.search(name) else "none"
