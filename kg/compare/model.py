"""What a comparison finds, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.graph.view import Passage

Op = Literal["added", "dropped", "changed"]
OPS: tuple[Op, ...] = ("added", "dropped", "changed")
What = Literal["thing", "part", "fact", "statement", "figure"]


@dataclass(frozen=True, slots=True)
class Thing:
    """A document, an entity or a source that changes are listed under."""

    iri: str
    label: str
    kind: str
    """Local name of its class (``Agency``); empty if it has none."""
    op: Op | None = None
    """Whether it is itself ``added`` or ``dropped``; None if both sides have it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says."""

    words: str
    """In words, complete in itself: ``58家（2022）``."""
    value: str
    """As the graph has it: an IRI, a date, a number in the base unit."""
    unit: str = ""
    """Of a figure."""
    period: str = ""
    """Of a figure."""
    passages: tuple[Passage, ...] = ()
    """Where it says so."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that came, went or is another now."""

    op: Op
    what: What
    thing: Thing
    """What it is listed under: the subject; of a part, its document."""
    property: str
    """Local name of the property (``issued``, ``leadAgency``); of a part, a figure or a thing its class."""
    label: str
    """The property, or what is counted, in words; empty for a thing itself."""
    words: str
    """The change in words: ``58家 → 113家``."""
    before: Said | None
    """None for what was added."""
    after: Said | None
    """None for what was dropped."""
    things: frozenset[str]
    """IRIs of all things that it has to do with, on either side."""


@dataclass(frozen=True, slots=True)
class Diff:
    """What is different between two graphs; true if anything is."""

    before: str
    """The first, as a user named it, with the time of its build if it is one."""
    after: str
    """The second."""
    sources_added: tuple[str, ...]
    """Ids of sources that only the second has. They are no facts: a file that was moved changes nothing."""
    sources_dropped: tuple[str, ...]
    """Ids of sources that only the first has."""
    changes: tuple[Change, ...]
    """In the order of classes, then of names."""

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many facts were ``added``, ``dropped`` and ``changed``."""
        found = Counter(c.op for c in self.changes)
        return {op: found[op] for op in OPS}

    def groups(self) -> Iterator[tuple[Thing, tuple[Change, ...]]]:
        """Changes by the thing that they are listed under, in order."""
        found: dict[Thing, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.thing, []).append(change)
        for thing, changes in found.items():
            yield thing, tuple(changes)
