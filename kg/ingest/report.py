"""The report of a build, as plain values."""

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
    from extract.llm.report import LlmReport
    from kg.join import JoinSummary


@dataclass(frozen=True, slots=True)
class BuiltSource:
    """A source that is in the store: it was read by this build, or is unchanged since an earlier one."""

    source: str
    """Its id."""
    graph: str
    """IRI of its graph."""
    quads: int
    """Number of quads of its graph."""
    counts: Mapping[str, int]
    """Number of documents, parts, entities and figures by class; ``statement`` is the number of relations."""
    gaps: tuple[str, ...]
    """What a document should have and was not found: keys of ``[gap]`` in the messages, with the ids of letters."""
    changed: bool
    """Whether its graph differs from the graph that the store had."""
    cleaned: CleanReport = field(default_factory=CleanReport)
    """What reading left out or repaired."""
    omitted: int = 0
    """Number of sentences that should have given a fact and gave none (``kg.review.gaps``)."""
    replaced: bool = False
    """Whether the store had the source before."""


@dataclass(frozen=True, slots=True)
class FailedSource:
    """A file that could not be read. The graph that the store has of it stays."""

    path: str
    error: KgError
    source: str = ""
    """The id that the source has in the store, or would have."""


@dataclass(frozen=True, slots=True, order=True)
class MovedSource:
    """A source that is gone, and the source that now has its place or its bytes."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, repr=False)
class BuildReport:
    """The result of a build. Sources are named by their ids, and sorted."""

    built: tuple[BuiltSource, ...]
    """Sources that were read: new, changed, or made with other settings before."""
    failed: tuple[FailedSource, ...]
    skipped: tuple[str, ...]
    """Paths of the files that were left out because of their suffix."""
    seconds: float
    llm: LlmReport | None = None
    """What the language model cost and found; None if there was none."""
    unapplied: tuple[Unapplied, ...] = ()
    """Decisions that changed nothing, with the reason."""
    joined: JoinSummary | None = None
    """How letters in different sources belong together; None if there is no store."""
    unchanged: tuple[BuiltSource, ...] = ()
    """Sources that were not read again: same bytes, settings and version as before. Their
    findings are those of the last reading."""
    gone: tuple[str, ...] = ()
    """Sources in the store that do not exist any more in what was given. Without ``prune`` they stay in the store."""
    dropped: tuple[str, ...] = ()
    """Sources that ``prune`` removed from the store."""
    moved: tuple[MovedSource, ...] = ()
    """Sources that are gone, and were found under another id."""
    duplicates: tuple[tuple[str, ...], ...] = ()
    """Groups of sources with the same bytes. All of them are in the store."""

    def __repr__(self) -> str:
        return (
            f"BuildReport(built={len(self.built)}, unchanged={len(self.unchanged)}, failed={len(self.failed)}, "
            f"seconds={self.seconds:.1f})"
        )

    @property
    def counts(self) -> Mapping[str, int]:
        """Number of things by class, over all sources; a thing in two sources counts twice."""
        total: Counter[str] = Counter()
        for source in self.sources:
            total.update(source.counts)
        return total

    @property
    def quads(self) -> int:
        """Number of quads of all sources."""
        return sum(source.quads for source in self.sources)

    @property
    def sources(self) -> tuple[BuiltSource, ...]:
        """All sources that were given and are in the store: built or unchanged."""
        return tuple(sorted((*self.built, *self.unchanged), key=lambda source: source.source))

    @property
    def replaced(self) -> tuple[str, ...]:
        """Ids of the sources that were built and that the store had before."""
        return tuple(source.source for source in self.built if source.replaced)


def encode_findings(built: BuiltSource, unapplied: Sequence[Unapplied]) -> str:
    """Return the findings of a source as JSON, for its record in the store.

    What cleaning changed is not included: it is reported only by the build that reads the source.

    Args:
        built: the source.
        unapplied: the decisions about it that changed nothing.
    """
    findings = {
        "quads": built.quads, "counts": dict(built.counts), "gaps": built.gaps, "omitted": built.omitted,
        "unapplied": [{"decision": asdict(left.decision), "reason": left.reason} for left in unapplied],
    }  # fmt: skip
    return json.dumps(findings, ensure_ascii=False, sort_keys=True)


def decode_findings(source: str, graph: str, text: str) -> tuple[BuiltSource, tuple[Unapplied, ...]]:
    """Return a source that is unchanged, and its unapplied decisions, from the JSON of :func:`encode_findings`."""
    findings: dict[str, Any] = json.loads(text)
    built = BuiltSource(
        source, graph, findings["quads"], findings["counts"], tuple(findings["gaps"]),
        changed=False, omitted=findings["omitted"], replaced=True,
    )  # fmt: skip
    return built, tuple(map(_decode_unapplied, findings["unapplied"]))


def _decode_unapplied(values: dict[str, Any]) -> Unapplied:
    from extract.corrections.model import Decision, DecisionTopic, DecisionVerdict, Unapplied, UnappliedReason

    fields = values["decision"]
    decision = Decision(
        **{**fields, "what": DecisionTopic(fields["what"]), "verdict": DecisionVerdict(fields["verdict"])}
    )
    return Unapplied(decision, UnappliedReason(values["reason"]))
