"""The kinds and spans that all values of the extraction are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from typing import NamedTuple, NewType, Self

LetterId = NewType("LetterId", str)
PartId = NewType("PartId", str)
EntityId = NewType("EntityId", str)
FigureId = NewType("FigureId", str)
ConditionId = NewType("ConditionId", str)
GroupId = NewType("GroupId", str)
StackingId = NewType("StackingId", str)


class Kind(StrEnum):
    """Classes of the ontology whose members extraction finds; the value is the local name in ``pk:``."""

    PROPOSAL = "Proposal"
    LEAD_REPLY = "LeadReply"
    CO_OPINION = "CoHandlingOpinion"
    INSTRUMENT = "PolicyInstrument"
    REPORT = "Report"
    PROBLEM = "Problem"
    SUGGESTION = "Suggestion"
    MEASURE = "Measure"
    COMMITMENT = "Commitment"
    AGENCY = "Agency"
    ORGANIZATION = "Organization"
    ENTERPRISE = "Enterprise"
    PERSON = "Person"
    PROGRAM = "Program"
    PLATFORM = "Platform"
    TIER = "EnterpriseTier"
    GROUP = "TargetGroup"
    PLACE = "Place"
    PROVISION = "Provision"
    OBSERVATION = "Observation"
    TARGET = "Target"
    CONDITION = "Condition"

    __hash__ = str.__hash__  # that of Enum is written in Python; tables by kind are read all the time


class Bound(StrEnum):
    """How a figure's value limits the quantity; the value is the local name in ``pk:``."""

    EXACTLY = "Exactly"
    AT_LEAST = "AtLeast"
    AT_MOST = "AtMost"
    ABOUT = "About"


class Support(StrEnum):
    """What a provision gives; the value is the local name in ``pk:``."""

    GRANT = "Grant"
    """Money that is paid to somebody: an award, a subsidy, an interest subsidy."""
    RELIEF = "Relief"
    """A tax, fee or rent that is reduced or not charged."""
    CREDIT = "Credit"
    """What somebody may borrow, withdraw or have guaranteed, and at which rate."""
    OTHER_TERM = "OtherTerm"
    """Another term that is set for somebody: a deposit, a down payment, a time to pay."""
    BUDGET = "Budget"
    """A sum that is set aside for all receivers together."""


class Operator(StrEnum):
    """How a condition compares, or what it asks for; the value is the local name in ``pk:``."""

    GREATER_OR_EQUAL = "GreaterOrEqual"
    GREATER = "Greater"
    LESS_OR_EQUAL = "LessOrEqual"
    LESS = "Less"
    EQUAL = "Equal"
    IS = "Is"
    """The receiver belongs to a class, a place, a trade, or is recognised as something."""
    HAS = "Has"
    """The receiver has a certificate, a patent, an award."""
    DOES = "Does"
    """The receiver does something: it buys, hires, takes part."""
    WITHIN = "Within"
    """It happens within a time."""
    NOT = "Not"
    """The receiver is or has no such thing."""


class GroupKind(StrEnum):
    """How many conditions of a group must be met; the value is the local name in ``pk:``."""

    ALL_OF = "AllOf"
    ANY_OF = "AnyOf"
    SOME_OF = "SomeOf"


class StackingKind(StrEnum):
    """Whether somebody may get several supports; the value is the local name in ``pk:``."""

    HIGHEST_ONLY = "HighestOnly"
    """Of several supports only the highest is given: 就高不重复."""
    NO_REPEAT = "NoRepeat"
    """What was supported already gets nothing more: 不重复享受."""
    ONCE = "Once"
    """Somebody may get it once: 只能享受一次."""
    CUMULATIVE = "Cumulative"
    """It may be had beside other supports: 可叠加享受."""


REPLY_KINDS = frozenset({Kind.LEAD_REPLY, Kind.CO_OPINION})
TITLED_KINDS = frozenset({Kind.INSTRUMENT, Kind.REPORT})
"""Kinds of documents that are known by their title."""
FIGURE_KINDS = (Kind.PROVISION, Kind.OBSERVATION, Kind.TARGET, Kind.CONDITION)
ENTITY_KINDS = frozenset({
    Kind.AGENCY, Kind.ORGANIZATION, Kind.ENTERPRISE, Kind.PERSON, Kind.INSTRUMENT, Kind.REPORT,
    Kind.PROGRAM, Kind.PLATFORM, Kind.TIER, Kind.GROUP, Kind.PLACE,
})  # fmt: skip


class _Offsets(NamedTuple):
    begin: int
    end: int


class Span(_Offsets):
    """A stretch of a source's text: ``begin`` included, ``end`` excluded, in Unicode code points.

    It is a tuple, since one page has thousands of spans and they are compared and sorted often. ``len(span)`` is the
    number of code points, not 2.
    """

    __slots__ = ()

    @classmethod
    def _make(cls, iterable: Iterable[int]) -> Self:  # type: ignore[override]
        return cls(*iterable)  # the inherited method counts the fields with len()

    def of(self, text: str) -> str:
        """Return the words at this span of *text*."""
        return text[self.begin : self.end]

    def contains(self, other: Span) -> bool:
        """Whether *other* lies inside this span; equal spans contain each other."""
        return self.begin <= other.begin and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a character."""
        return self.begin < other.end and other.begin < self.end

    def __len__(self) -> int:
        return self.end - self.begin


make_span: Callable[[tuple[int, int]], Span] = partial(tuple.__new__, Span)
"""Makes a span of begin and end, in a third of the time of ``Span(begin, end)``: for loops over a whole page."""
