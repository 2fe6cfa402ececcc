"""The decisions file: read, checked, written as a whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extract.corrections.apply import apply
from extract.corrections.model import (
    COLUMNS,
    EVERYWHERE,
    Decision,
    DecisionError,
    Reason,
    Unapplied,
    Verdict,
    What,
    flat,
    parse,
    render,
)
from extract.model import Extraction
from kg.errors import SourceError, UsageError
from kg.review.gaps import Gap

DEFAULT = "kg-decisions.tsv"
"""The file that commands use if it is in the folder where they run."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decisions file as it was when a build began; cheap to send to other processes."""

    path: str
    digest: str
    """SHA-256 of the decisions: part of what a graph depends on."""

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return _cached(self.path, self.digest)

    def intact(self) -> bool:
        """Whether the file, as this process read it, has the decisions that it had then."""
        return _digest(self.decisions) == self.digest

    def apply(self, extraction: Extraction, lexicon_dir: str = "") -> tuple[Extraction, tuple[Unapplied, ...]]:
        """*extraction* with these decisions; see :func:`extract.corrections.apply.apply`."""
        from ontology.lexicons import lexicon

        return apply(extraction, self.decisions, lexicon(lexicon_dir))


@lru_cache(maxsize=4)
def _digest(decisions: tuple[Decision, ...]) -> str:
    return hashlib.sha256(render(decisions).encode("utf-8")).hexdigest()


@lru_cache(maxsize=4)
def _cached(path: str, digest: str) -> tuple[Decision, ...]:
    return load(path)


def taken(path: str | os.PathLike[str]) -> Decided:
    """The decisions file at *path*, for a build.

    Raises:
        SourceError, UsageError: it is not there or cannot be read.
    """
    return Decided(str(Path(path).resolve()), _digest(load(path)))


def load(path: str | os.PathLike[str]) -> tuple[Decision, ...]:
    """The decisions in the file at *path*, sorted.

    Raises:
        SourceError: it is not there, or no text.
        UsageError: a line that is no decision.
    """
    try:
        return parse(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise SourceError(
            f"{path}：决定文件读不了（{why}）", f"{path}: the decisions file cannot be read ({why})"
        ) from error
    except DecisionError as error:
        allowed = {"decision": Verdict, "what": What}.get(error.cell)
        words = " ".join(allowed or COLUMNS)
        raise UsageError(
            f"{path} 第 {error.line} 行：“{error.cell}”一栏是“{error.found}”，应为以下之一：{words}",
            f"{path}, line {error.line}: {error.cell} is {error.found!r}, should be one of {words}",
        ) from error


def save(path: str | os.PathLike[str], decisions: Iterable[Decision]) -> None:
    """Write *decisions* to *path*.

    Raises:
        UsageError: it cannot be written.
    """
    from kg.files import write_files

    write_files({Path(path): render(decisions).encode("utf-8")})


def unapplied(
    decisions: Sequence[Decision],
    by_source: Sequence[tuple[str, tuple[Unapplied, ...]]],
    stored: Iterable[str],
) -> tuple[Unapplied, ...]:
    """What a whole build could not apply.

    A decision for all sources counts if the build saw every source of the store and none had it; one for a source
    that is not in the store any more counts always.

    Args:
        decisions: all of the file.
        by_source: of each source that was built, what could not be applied to it.
        stored: ids of the sources in the store after the build.
    """
    there, built = set(stored), {source for source, _ in by_source}
    found = {u for _, left in by_source for u in left if u.decision.source != EVERYWHERE}
    found |= {Unapplied(d, Reason.NO_SOURCE) for d in decisions if d.source != EVERYWHERE and d.source not in there}
    if built and there <= built:
        common = [{u.decision: u for u in left if u.decision.source == EVERYWHERE} for _, left in by_source]
        for d in set.intersection(*map(set, common)):
            reasons = sorted({one[d].reason for one in common}, key=lambda r: (r is Reason.MISSING, r))
            found.add(Unapplied(d, reasons[0]))
    return tuple(sorted(found))


def open_gaps(found: Iterable[Gap], decisions: Iterable[Decision]) -> tuple[Gap, ...]:
    """Those of *found* of which no person said that nothing is missing."""
    settled = {
        (d.source, d.predicate, d.quote) for d in decisions if d.what is What.GAP and d.verdict is Verdict.ACCEPT
    }
    return tuple(g for g in found if not settled & {(s, g.cue.value, flat(g.sentence)) for s in (g.source, EVERYWHERE)})
