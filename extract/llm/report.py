"""What asking a model cost, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

REASONS = (
    "quote", "ambiguous", "kind", "name", "absent", "contradiction", "wish", "number", "malformed", "surplus",
)  # fmt: skip
"""Why a statement is not taken: its quote is not in the text; stands there several times; a kind or property that is
not allowed; a name that names nothing; things that the quote does not name; the contrary of what is known; no fact but
a wish or a denial; no number; not of the form asked for; more than is looked at."""


@dataclass(frozen=True, slots=True)
class Report:
    """Counts; reports add up."""

    requests: int = 0
    """Sent, those included that failed."""
    retries: int = 0
    cached: int = 0
    """Pieces of text whose answer was on disk."""
    failed: int = 0
    """Pieces of text without an answer."""
    skipped: int = 0
    """Pieces of text not sent, because too many had failed."""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    """Spent waiting, requests at the same time each for itself."""
    offered: int = 0
    """Statements in answers."""
    accepted: int = 0
    known: int = 0
    """Statements that were there already."""
    rejected: Mapping[str, int] = field(default_factory=dict)
    """By reason, see ``REASONS``."""
    error: str = ""
    """The last failure, in Chinese."""
    error_en: str = ""

    def __add__(self, other: Report) -> Report:
        values = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name in _SUMS}
        rejected = dict(sorted((Counter(self.rejected) + Counter(other.rejected)).items()))
        last = other if other.error else self
        return Report(**values, rejected=rejected, error=last.error, error_en=last.error_en)

    @property
    def complete(self) -> bool:
        """Whether every piece of text has an answer."""
        return not (self.failed or self.skipped)


_SUMS = frozenset(f.name for f in fields(Report)) - {"rejected", "error", "error_en"}


def total(reports: Iterable[Report]) -> Report:
    """The sum of *reports*."""
    out = Report()
    for one in reports:
        out += one
    return out


class Tally:
    """Counts verdicts while an answer is gone through."""

    def __init__(self) -> None:
        self._accepted = self._known = 0
        self._rejected: Counter[str] = Counter()

    def accept(self) -> None:
        self._accepted += 1

    def know(self) -> None:
        self._known += 1

    def reject(self, reason: str, times: int = 1) -> None:
        if times:
            self._rejected[reason] += times

    def report(self) -> Report:
        offered = self._accepted + self._known + sum(self._rejected.values())
        return Report(
            offered=offered, accepted=self._accepted, known=self._known, rejected=dict(sorted(self._rejected.items()))
        )
