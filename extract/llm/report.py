"""Costs of the requests to a model, and what became of its proposals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

REASONS = (
    "quote", "ambiguous", "kind", "name", "absent", "contradiction", "wish", "number", "malformed", "surplus",
)  # fmt: skip
"""Why a proposal is rejected.

quote          its quote is not in the text
ambiguous      it can be read in several ways
kind           the class or property is not allowed
name           the name does not name one thing
absent         its names are not in the quote
contradiction  it contradicts what is known
wish           it is a wish or a denial, not a fact
number         the quote does not contain the number
malformed      it does not have the requested form
surplus        it is beyond the limit of items
"""


@dataclass(frozen=True, slots=True)
class LlmReport:
    """Counts of requests and verdicts. Reports can be added."""

    requests: int = 0
    """Requests sent, including failed ones."""
    retries: int = 0
    cached: int = 0
    """Chunks whose answer was in the cache."""
    failed: int = 0
    """Chunks without an answer."""
    skipped: int = 0
    """Chunks that were not sent, because too many had failed."""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    """Sum of the times of all requests, including those sent at the same time."""
    offered: int = 0
    """Proposals in all answers."""
    accepted: int = 0
    known: int = 0
    """Proposals that the rules had found already."""
    rejected: Mapping[str, int] = field(default_factory=dict)
    """Number of rejected proposals by reason (``REASONS``)."""
    error: str = ""
    """Message of the last failure, in Chinese."""
    error_en: str = ""

    def __add__(self, other: LlmReport) -> LlmReport:
        values = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name in _SUMS}
        rejected = dict(sorted((Counter(self.rejected) + Counter(other.rejected)).items()))
        last = other if other.error else self
        return LlmReport(**values, rejected=rejected, error=last.error, error_en=last.error_en)

    @property
    def complete(self) -> bool:
        """Whether every chunk has an answer."""
        return not (self.failed or self.skipped)


_SUMS = frozenset(f.name for f in fields(LlmReport)) - {"rejected", "error", "error_en"}


def sum_reports(reports: Iterable[LlmReport]) -> LlmReport:
    """Return the sum of *reports*."""
    total = LlmReport()
    for report in reports:
        total += report
    return total


class Tally:
    """A counter of the verdicts about the proposals of one answer."""

    def __init__(self) -> None:
        self._accepted = self._known = 0
        self._rejected: Counter[str] = Counter()

    def count_accepted(self) -> None:
        self._accepted += 1

    def count_known(self) -> None:
        self._known += 1

    def count_rejected(self, reason: str, times: int = 1) -> None:
        if times:
            self._rejected[reason] += times

    def make_report(self) -> LlmReport:
        """Return the counts as a report without costs."""
        return LlmReport(
            offered=self._accepted + self._known + sum(self._rejected.values()),
            accepted=self._accepted,
            known=self._known,
            rejected=dict(sorted(self._rejected.items())),
        )
