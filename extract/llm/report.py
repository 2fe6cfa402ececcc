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


REVIEW_REASONS = (
    "quote", "item", "end", "kind", "form", "name", "absent", "id", "gone", "elsewhere", "border", "clash",
    "contradiction", "certain", "equal", "denied", "wish", "unstated", "order", "number", "period", "untrusted",
    "person", "malformed", "surplus", "repeated",
)  # fmt: skip
"""Why a change of a reviewing model is refused.

quote          its words are not in the text
item           its two quotes are not in one item, or not in the item of the number
end            the quoted words do not name what it connects
kind           the contract does not allow the class or property there
form           the form of the name contradicts the class
name           the name does not name one thing
absent         the quote does not contain the name
id             there is nothing with that id
gone           what it changes was withdrawn by an earlier change
elsewhere      what it changes is not in the section
border         the name cuts a word that the present name leaves whole
clash          it overlaps a known name
contradiction  it contradicts what is known, or the words of the clause
certain        the letter itself depends on it, or the name is certain
equal          both classes are right, so that of the rules stays
denied         the clause denies it
wish           it is only wished for
unstated       the clause does not say that it is set up or run
order          the order of the words is the opposite
number         the quote does not contain the number
period         the text does not state that time there
untrusted      no check has shown that such changes of this model are right
person         a person rejected it
malformed, surplus, repeated   it has another form, is beyond the limit, or was said before
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that was refused."""

    source: str
    change: str
    """Kind of the change."""
    words: str
    reason: str


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
    changed: Mapping[str, int] = field(default_factory=dict)
    """Number of accepted changes of a review by kind."""
    refusals: tuple[Refusal, ...] = ()
    """The refused changes of a review, each with its reason."""
    unchecked: bool = False
    """Whether the model reviewed without a check, so that it could only add."""
    error: str = ""
    """Message of the last failure, in Chinese."""
    error_en: str = ""

    def __add__(self, other: LlmReport) -> LlmReport:
        values = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name in _SUMS}
        rejected = dict(sorted((Counter(self.rejected) + Counter(other.rejected)).items()))
        changed = dict(sorted((Counter(self.changed) + Counter(other.changed)).items()))
        last = other if other.error else self
        return LlmReport(
            **values, rejected=rejected, changed=changed, refusals=(*self.refusals, *other.refusals),
            unchecked=self.unchecked or other.unchecked, error=last.error, error_en=last.error_en,
        )  # fmt: skip

    @property
    def complete(self) -> bool:
        """Whether every chunk has an answer."""
        return not (self.failed or self.skipped)


_SUMS = frozenset(f.name for f in fields(LlmReport)) - {
    "rejected", "changed", "refusals", "unchecked", "error", "error_en",
}  # fmt: skip


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
