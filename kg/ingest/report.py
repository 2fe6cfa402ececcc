"""What a build did, as plain values."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.read.values import CleanReport

if TYPE_CHECKING:
    from extract.corrections.model import Unapplied
    from extract.llm.report import Report
    from kg.join import Joined


@dataclass(frozen=True, slots=True)
class Built:
    """A source that was read and is in the store now."""

    source: str
    graph: str
    quads: int
    counts: Mapping[str, int]
    """Documents, parts, entities and figures by class; ``statement`` counts relations."""
    gaps: tuple[str, ...]
    """What was not found where one would expect it: keys of ``[gap]`` in the messages, with ids."""
    changed: bool
    """Whether its graph differs from the one that the store had."""
    cleaned: CleanReport = field(default_factory=CleanReport)
    """What reading it left out or mended."""
    omitted: int = 0
    """Sentences that make a reader expect a fact and gave none (``kg.review.gaps``)."""
    replaced: bool = False
    """Whether the store had it before."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read, and why; what the store had of it is still there."""

    path: str
    error: KgError
    source: str = ""
    """The id that its text would have in the store."""


@dataclass(frozen=True, slots=True, order=True)
class Moved:
    """A source that is gone, and the one that now has its bytes or its place."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Sources are told by their ids, sorted."""

    built: tuple[Built, ...]
    """What was read: new, changed, or made with other settings than before."""
    failed: tuple[Failed, ...]
    skipped: tuple[str, ...]
    """Files left aside because of their suffix."""
    seconds: float
    llm: Report | None = None
    """What a language model cost and brought; None if none was asked for."""
    unapplied: tuple[Unapplied, ...] = ()
    """Decisions of people that changed nothing, and why."""
    joined: Joined | None = None
    """Letters of the store that belong together; None if there is no store."""
    unchanged: tuple[Built, ...] = ()
    """In the store already, from the same bytes, settings and version: not read again, told of as it was."""
    gone: tuple[str, ...] = ()
    """In the store, but not any more in what was given; they stay there without ``prune``."""
    dropped: tuple[str, ...] = ()
    """What was gone and was taken out of the store: all of it, with ``prune``."""
    moved: tuple[Moved, ...] = ()
    """What is gone under one id and was found under another."""
    duplicates: tuple[tuple[str, ...], ...] = ()
    """Sources of the same bytes; each is kept."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Things found by class, over all sources that were given (one in two sources counts twice)."""
        total: Counter[str] = Counter()
        for one in self.sources:
            total.update(one.counts)
        return total

    @property
    def quads(self) -> int:
        """Of all sources that were given."""
        return sum(one.quads for one in self.sources)

    @property
    def sources(self) -> tuple[Built, ...]:
        """All sources that were given and are in the store: read now, or unchanged."""
        return tuple(sorted((*self.built, *self.unchanged), key=lambda one: one.source))

    @property
    def replaced(self) -> tuple[str, ...]:
        """Sources built that the store had before."""
        return tuple(one.source for one in self.built if one.replaced)


def encode_findings(built: Built, unapplied: Sequence[Unapplied]) -> str:
    """What is to be told of a source, as JSON; not how its text was cleaned, which is of the reading alone.

    Args:
        built: the source.
        unapplied: decisions about it that changed nothing.
    """
    told = {
        "quads": built.quads, "counts": dict(built.counts), "gaps": built.gaps, "omitted": built.omitted,
        "unapplied": [{"decision": asdict(one.decision), "reason": one.reason} for one in unapplied],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def decode_findings(source: str, graph: str, text: str) -> tuple[Built, tuple[Unapplied, ...]]:
    """What :func:`encode_findings` wrote in *text* of a source that is as it was."""
    told: dict[str, Any] = json.loads(text)
    built = Built(
        source, graph, told["quads"], told["counts"], tuple(told["gaps"]), False, omitted=told["omitted"], replaced=True
    )
    return built, tuple(map(_unapplied, told["unapplied"]))


def _unapplied(told: dict[str, Any]) -> Unapplied:
    from extract.corrections.model import Decision, Reason, Unapplied, Verdict, What

    said = told["decision"]
    decision = Decision(**{**said, "what": What(said["what"]), "verdict": Verdict(said["verdict"])})
    return Unapplied(decision, Reason(told["reason"]))
