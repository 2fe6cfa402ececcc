"""Which kinds of changes may override what the rules found: those that a check on annotated files has measured.

A check counts for each kind of change how many errors it mended and how many it made. The result belongs to a model and
a version of the prompt. Without one, a model may only add.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extract.llm.review.rules import compute_prompt_version, read_rules
from ontology.errors import LlmError
from ontology.lexicons import Lexicon

OVERRIDES = (
    "drop.entity", "drop.edge", "drop.figure", "rename", "retype", "same", "part", "field",
    "slot.kind", "slot.about", "slot.period", "slot.place", "slot.under", "slot.provider", "slot.per",
    "slot.condition_of",
)  # fmt: skip
"""Kinds of changes that replace or withdraw something. A slot or field that was empty may always be filled."""
ADDITIONS = ("entity", "edge", "figure", "answer", "document")
CHANGES = (*OVERRIDES, *ADDITIONS)


@dataclass(frozen=True, slots=True)
class ReviewTrust:
    """The measured precision of kinds of changes, and the threshold for overriding."""

    precisions: tuple[tuple[str, float], ...] = ()
    threshold: float = 0.9
    default: float = 0.7
    """Confidence of a change without a measured precision."""
    checked: bool = False
    """Whether there was a check at all."""

    def may_override(self, change: str) -> bool:
        """Return whether changes of this kind may replace or withdraw what the rules found."""
        return dict(self.precisions).get(change, 0.0) >= self.threshold

    def get_confidence(self, change: str) -> float:
        """Return the confidence of changes of this kind: their precision where it was measured."""
        return min(0.99, round(dict(self.precisions).get(change, self.default), 3))


@dataclass(frozen=True, slots=True)
class ChangeScore:
    """How many changes of a kind mended an error and how many made one."""

    fixed: int = 0
    broken: int = 0
    neutral: int = 0
    """Changes about which the annotation says nothing."""

    def __add__(self, other: ChangeScore) -> ChangeScore:
        return ChangeScore(self.fixed + other.fixed, self.broken + other.broken, self.neutral + other.neutral)

    @property
    def precision(self) -> float:
        judged = self.fixed + self.broken
        return self.fixed / judged if judged else 0.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check of a model with a prompt."""

    model: str
    prompt: str
    scores: Mapping[str, ChangeScore] = field(default_factory=dict)
    files: int = 0


def trust_everything(lex: Lexicon) -> ReviewTrust:
    """Return the trust of a check itself: all kinds of changes are applied, so that they can be judged."""
    rules = read_rules(lex)["trust"]
    return ReviewTrust(tuple((name, float(rules["confidence"])) for name in CHANGES), 0.0, rules["confidence"], True)


def trust_nothing(lex: Lexicon) -> ReviewTrust:
    """Return the trust without a check: nothing may be overridden."""
    rules = read_rules(lex)["trust"]
    return ReviewTrust((), rules["threshold"], rules["confidence"], False)


def make_trust(result: CheckResult, lex: Lexicon) -> ReviewTrust:
    """Return the trust that a check justifies: kinds that were judged too seldom have no precision."""
    rules = read_rules(lex)["trust"]
    measured = {
        name: score.precision
        for name, score in result.scores.items()
        if score.fixed + score.broken >= int(rules["least"])
    }
    return ReviewTrust(tuple(sorted(measured.items())), rules["threshold"], rules["confidence"], True)


def read_trust(path: str, model: str, lex: Lexicon) -> ReviewTrust:
    """Return the trust in *model* with the present prompt by the file *path*. Without file or entry: none.

    Raises:
        LlmError: the file is not a file of checks.
    """
    results = read_checks(path)
    result = results.get((model, compute_prompt_version(lex)))
    return make_trust(result, lex) if result else trust_nothing(lex)


def read_checks(path: str) -> dict[tuple[str, str], CheckResult]:
    """Return the checks in a file by model and prompt version; none if it does not exist.

    Raises:
        LlmError: the file is not a file of checks.
    """
    if not path or not Path(path).exists():
        return {}
    try:
        rows = json.loads(Path(path).read_text(encoding="utf-8"))["checks"]
        results = [_read_result(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LlmError(
            f"{path}：不是 kg llm check 写出的文件", f"{path}: not a file written by kg llm check"
        ) from error
    return {(result.model, result.prompt): result for result in results}


def render_checks(results: Mapping[tuple[str, str], CheckResult]) -> str:
    """Return the text of a file of checks."""
    rows: list[dict[str, Any]] = [
        {
            "model": result.model, "prompt": result.prompt, "files": result.files,
            "changes": {
                name: {"fixed": score.fixed, "broken": score.broken, "neutral": score.neutral}
                for name, score in sorted(result.scores.items())
            },
        }
        for _, result in sorted(results.items())
    ]  # fmt: skip
    return json.dumps({"checks": rows}, ensure_ascii=False, indent=1) + "\n"


def _read_result(row: Mapping[str, Any]) -> CheckResult:
    scores = {
        str(name): ChangeScore(*(max(0, int(counts[key])) for key in ("fixed", "broken", "neutral")))
        for name, counts in row["changes"].items()
        if name in CHANGES
    }
    return CheckResult(str(row["model"]), str(row["prompt"]), scores, int(row["files"]))
