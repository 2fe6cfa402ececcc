"""What joining finds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.join.letters import Quote


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A statement that only several sources say together, and what it rests on."""

    subject: str
    predicate: str
    """Local name in ``pk:``."""
    object: str
    how: str
    """Name of the rule: ``join.number``, ``answers:wording`` …"""
    confidence: float
    quotes: tuple[Quote, ...]
    """Words of both sides, if both have any."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Which nodes are one proposal, and which proposal a reply is about."""

    same: dict[str, str] = field(default_factory=dict)
    """Nodes that stand for another: that other, which stands for itself."""
    links: tuple[Link, ...] = ()

    def root(self, iri: str) -> str:
        """The node that stands for *iri*."""
        return self.same.get(iri, iri)
