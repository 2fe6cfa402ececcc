"""Entities in the making: what mentions meet in before they are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from extract.model import Entity, Fact, Kind, Mention, Span
from extract.text.normalize import name_key

_FACTS = {"documentNumber": "number_span", "issued": "issued_span", "status": "status_span", "level": "level_span"}
"""Facts that a mention's ``attrs`` may carry, and where they say the fact stands (``begin,end``)."""
_STATES = {"Repealed": 0, "UnderRevision": 1, "Draft": 2, "InForce": 3}
"""Of several states that a page gives an instrument, the one that says more wins."""


def _family(kind: Kind) -> str:
    """Programs and platforms share names: which one a page means is often a matter of the sentence."""
    return str(Kind.PROGRAM if kind is Kind.PLATFORM else kind)


@dataclass(slots=True, eq=False)
class Thing:
    """One thing and all that its mentions say of it."""

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

    @property
    def forms(self) -> frozenset[str]:
        """Its names and its label, folded."""
        return frozenset(name_key(n) for n in (self.label, *self.names))

    def note(self, mention: Mention) -> None:
        """Take in what a mention says."""
        self.names.add(mention.name)
        self.spans.append(mention.span)
        if mention.confidence > self.confidence:
            self.confidence, self.rule = mention.confidence, mention.rule
        if not mention.attrs:
            return
        self.names.update(mention.attrs[k] for k in ("short", "also") if mention.attrs.get(k))
        for name, where in _FACTS.items():
            value = mention.attrs.get(name)
            if value:
                at = mention.attrs.get(where, "")
                span = Span(*map(int, at.split(","))) if at else mention.span
                self.facts.setdefault((name, value), Fact(name, value, span))

    def absorb(self, other: Thing) -> None:
        """Take in all that is known of another name of the same thing."""
        self.names |= other.names | {other.label}
        self.spans += other.spans
        for k, fact in other.facts.items():
            self.facts.setdefault(k, fact)
        self.confidence = max(self.confidence, other.confidence)

    def entity(self, ident: str) -> Entity:
        """The finished value."""
        label = re.sub(r"\s*\n\s*", "", self.label) if "\n" in self.label else self.label
        return Entity(
            ident, self.kind, label, tuple(sorted(n for n in self.names if n and n != label)),
            tuple(sorted(set(self.spans))), self.jurisdiction, tuple(self._settled()),
            round(self.confidence, 3), self.rule,
        )  # fmt: skip

    def _settled(self) -> Iterator[Fact]:
        """One fact of each name: the most precise date, the state that says most, else what stands first."""
        chosen: dict[str, Fact] = {}
        for fact in sorted(self.facts.values(), key=lambda f: (f.name, _STATES.get(f.value, 0), f.span)):
            old = chosen.get(fact.name)
            if old is None or (fact.name == "issued" and len(fact.value) > len(old.value)):
                chosen[fact.name] = fact
        for name in sorted(chosen):
            yield chosen[name]


class Things:
    """The things of a page, by family, name and division."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str, str], Thing] = {}
        self._joined: dict[int, Thing] = {}
        self.where: list[tuple[Span, Thing]] = []
        """Which words mean which thing (``root`` says what became of it)."""

    def __iter__(self) -> Iterator[Thing]:
        return iter([t for t in self._by_key.values() if id(t) not in self._joined])

    def of(self, *kinds: Kind) -> list[Thing]:
        return [t for t in self if t.kind in kinds]

    def find(self, kind: Kind, label: str, jurisdiction: str = "") -> Thing | None:
        found = self._by_key.get((_family(kind), name_key(label), jurisdiction))
        return self.root(found) if found else None

    def get(self, kind: Kind, label: str, jurisdiction: str = "") -> Thing:
        """The thing of this name, made if there is none."""
        ident = _family(kind), name_key(label), jurisdiction
        found = self._by_key.get(ident)
        if found is None:
            found = self._by_key[ident] = Thing(kind, label, jurisdiction)
        return self.root(found)

    def note(self, thing: Thing, mention: Mention) -> None:
        thing.note(mention)
        self.where.append((mention.span, thing))

    def join(self, short: Thing, long: Thing) -> None:
        """Two names, one thing: *long* stays."""
        short, long = self.root(short), self.root(long)
        if short is not long:
            long.absorb(short)
            self._joined[id(short)] = long

    def root(self, thing: Thing) -> Thing:
        """What a thing was joined to, if it was."""
        while id(thing) in self._joined:
            thing = self._joined[id(thing)]
        return thing

    def joined(self, thing: Thing) -> bool:
        return id(thing) in self._joined

    def numbered(self) -> tuple[tuple[Entity, ...], dict[int, str]]:
        """(entities by first mention, id of a thing's object → its entity's id)."""
        order = sorted((t for t in self if t.spans), key=lambda t: min(t.spans))
        ids = {id(t): f"e{n}" for n, t in enumerate(order, 1)}
        return tuple(t.entity(ids[id(t)]) for t in order), ids


def pairs(things: Iterable[Thing]) -> list[tuple[Thing, str, frozenset[str]]]:
    """Things with their folded label and names, folded once."""
    return [(t, name_key(t.label), t.forms) for t in things]
