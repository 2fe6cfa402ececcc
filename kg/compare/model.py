"""The values that a comparison returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.graph.facts import Passage

Operation = Literal["added", "dropped", "changed"]
OPERATIONS: tuple[Operation, ...] = ("added", "dropped", "changed")
ChangeKind = Literal["thing", "part", "fact", "statement", "figure"]


@dataclass(frozen=True, slots=True)
class ChangedThing:
    """A document, an entity or a source under which changes are listed."""

    iri: str
    label: str
    kind: str
    """Local name of its class (``Agency``); empty for a source."""
    op: Operation | None = None
    """``added`` or ``dropped`` if only one side has the thing; None if both sides have it."""


@dataclass(frozen=True, slots=True)
class FactValue:
    """The value of a fact on one side."""

    words: str
    """The value in words that can stand alone: ``58家（2022）``."""
    value: str
    """The value as the graph has it: an IRI, a date, a number in the base unit."""
    unit: str = ""
    """Unit of a figure."""
    period: str = ""
    """Period of a figure."""
    passages: tuple[Passage, ...] = ()
    """The text that states the fact."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that was added, was dropped, or has another value."""

    op: Operation
    what: ChangeKind
    thing: ChangedThing
    """The thing that it is listed under: the subject, or the document of a part."""
    property: str
    """Local name of the property (``issued``, ``leadAgency``), or of the class of a part, a figure or a thing."""
    label: str
    """The property, or what a figure counts, in words; empty for a thing."""
    words: str
    """The change in words: ``58家 → 113家``."""
    before: FactValue | None
    """None for a fact that was added."""
    after: FactValue | None
    """None for a fact that was dropped."""
    things: frozenset[str]
    """IRIs of all things that are involved, as either side names them."""


@dataclass(frozen=True, slots=True)
class Diff:
    """The differences between two graphs; false if there are none."""

    before: str
    """The first graph as the user named it, with the time of its build if it is a build of a store."""
    after: str
    """The second graph, in the same way."""
    sources_added: tuple[str, ...]
    """Ids of the sources that only the second graph has. Sources are not facts: moving a file changes nothing."""
    sources_dropped: tuple[str, ...]
    """Ids of the sources that only the first graph has."""
    changes: tuple[Change, ...]
    """The changes by class, then by name."""

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def counts(self) -> Mapping[str, int]:
        """Number of facts that were ``added``, ``dropped`` and ``changed``."""
        found = Counter(change.op for change in self.changes)
        return {op: found[op] for op in OPERATIONS}

    def groups(self) -> Iterator[tuple[ChangedThing, tuple[Change, ...]]]:
        """Yield each thing with the changes that are listed under it, in order."""
        found: dict[ChangedThing, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.thing, []).append(change)
        for thing, changes in found.items():
            yield thing, tuple(changes)
