"""What a build tells of a source, kept with its record, so that it is told again when the source need not be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kg.ingest.report import Built

if TYPE_CHECKING:
    from extract.corrections.model import Unapplied


def kept(built: Built, unapplied: Sequence[Unapplied]) -> str:
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


def again(source: str, graph: str, text: str) -> tuple[Built, tuple[Unapplied, ...]]:
    """What :func:`kept` kept in *text* of a source that is as it was."""
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
