"""The decisions file: reading, checking, and writing as a whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extract.corrections.apply import apply_decisions
from extract.corrections.model import (
    COLUMNS,
    EVERYWHERE,
    Decision,
    DecisionError,
    DecisionTopic,
    DecisionVerdict,
    Unapplied,
    UnappliedReason,
    flatten_text,
    parse_decisions,
    render_decisions,
)
from extract.model import Extraction
from kg.errors import SourceError, UsageError
from kg.review.gaps import Gap

DEFAULT_FILE = "kg-decisions.tsv"
"""The file that commands use if it is in the current folder."""


@dataclass(frozen=True, slots=True)
class DecisionsFile:
    """A decisions file at the begin of a build. Other processes read the file themselves, so it is cheap to send."""

    path: str
    digest: str
    """SHA-256 of the decisions. A graph depends on it."""

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return _read_cached(self.path, self.digest)

    def is_intact(self) -> bool:
        """Return whether the file, as this process read it, has the same decisions as at the begin of the build."""
        return _hash_decisions(self.decisions) == self.digest

    def apply(self, extraction: Extraction, lexicon_dir: str = "") -> tuple[Extraction, tuple[Unapplied, ...]]:
        """Return *extraction* with these decisions, and the decisions that could not be applied.

        See :func:`extract.corrections.apply.apply_decisions`.
        """
        from ontology.lexicons import load_lexicon

        return apply_decisions(extraction, self.decisions, load_lexicon(lexicon_dir))


def open_decisions(path: str | os.PathLike[str]) -> DecisionsFile:
    """Return the decisions file at *path*, for a build.

    Raises:
        SourceError, UsageError: as in :func:`read_decisions`.
    """
    return DecisionsFile(str(Path(path).resolve()), _hash_decisions(read_decisions(path)))


def read_decisions(path: str | os.PathLike[str]) -> tuple[Decision, ...]:
    """Return the decisions in the file at *path*, sorted.

    Raises:
        SourceError: the file does not exist, or is not UTF-8 text.
        UsageError: a line is not a decision.
    """
    try:
        return parse_decisions(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise SourceError(
            f"{path}：决定文件读不了（{why}）", f"{path}: the decisions file cannot be read ({why})"
        ) from error
    except DecisionError as error:
        allowed = {"decision": DecisionVerdict, "what": DecisionTopic}.get(error.cell)
        words = " ".join(allowed or COLUMNS)
        raise UsageError(
            f"{path} 第 {error.line} 行：“{error.cell}”一栏是“{error.found}”，应为以下之一：{words}",
            f"{path}, line {error.line}: {error.cell} is {error.found!r}, must be one of {words}",
        ) from error


def write_decisions(path: str | os.PathLike[str], decisions: Iterable[Decision]) -> None:
    """Write *decisions* to the file *path*.

    Raises:
        UsageError: the file cannot be written.
    """
    from kg.files import write_files

    write_files({Path(path): render_decisions(decisions).encode("utf-8")})


def find_unapplied(
    decisions: Sequence[Decision],
    by_source: Sequence[tuple[str, tuple[Unapplied, ...]]],
    stored: Iterable[str],
) -> tuple[Unapplied, ...]:
    """Return the decisions that a whole build could not apply, sorted.

    A decision for one source is unapplied if the build could not apply it, or if the store does not have the source any
    more. A decision for all sources is unapplied only if the build read every source of the store, and none of them
    could apply it.

    Args:
        decisions: all decisions of the file.
        by_source: each source that was built, with the decisions that it could not apply.
        stored: ids of the sources in the store after the build.
    """
    remaining, built = set(stored), {source for source, _ in by_source}
    found = {item for _, unapplied in by_source for item in unapplied if item.decision.source != EVERYWHERE}
    found |= {
        Unapplied(decision, UnappliedReason.NO_SOURCE)
        for decision in decisions
        if decision.source != EVERYWHERE and decision.source not in remaining
    }
    if built and remaining <= built:
        reasons_by_source = [
            {item.decision: item.reason for item in unapplied if item.decision.source == EVERYWHERE}
            for _, unapplied in by_source
        ]
        for decision in set.intersection(*map(set, reasons_by_source)):
            reasons = {reasons[decision] for reasons in reasons_by_source}
            # MISSING says least: any other reason is better
            found.add(Unapplied(decision, min(reasons, key=lambda r: (r is UnappliedReason.MISSING, r))))
    return tuple(sorted(found))


def filter_open_gaps(gaps: Iterable[Gap], decisions: Iterable[Decision]) -> tuple[Gap, ...]:
    """Return the gaps that no decision accepts. An accepted gap is a sentence in which nothing is missing."""
    accepted = {
        (decision.source, decision.predicate, decision.quote)
        for decision in decisions
        if decision.what is DecisionTopic.GAP and decision.verdict is DecisionVerdict.ACCEPT
    }

    def is_open(gap: Gap) -> bool:
        sentence = flatten_text(gap.sentence)
        return not any((source, gap.cue.value, sentence) in accepted for source in (gap.source, EVERYWHERE))

    return tuple(filter(is_open, gaps))


@lru_cache(maxsize=4)
def _hash_decisions(decisions: tuple[Decision, ...]) -> str:
    return hashlib.sha256(render_decisions(decisions).encode("utf-8")).hexdigest()


@lru_cache(maxsize=4)
def _read_cached(path: str, digest: str) -> tuple[Decision, ...]:
    """Return the decisions of the file at *path*. *digest* is only a key: a changed file is read again."""
    return read_decisions(path)
