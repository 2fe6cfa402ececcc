"""What decides who may get something: conditions, groups of them, and rules about several supports."""

from __future__ import annotations

from dataclasses import dataclass

from extract.model.basics import (
    ConditionId,
    EntityId,
    FigureId,
    GroupId,
    GroupKind,
    Operator,
    Span,
    StackingId,
    StackingKind,
)

Decided = FigureId | EntityId
"""What a condition decides about: a provision, or a program or instrument."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that decides who may get something; all conditions of a support outside groups must be met."""

    id: ConditionId
    """``c1``, ``c2`` … in the order of the text."""
    span: Span
    """The words of the condition with what it belongs to, up to the next comma."""
    operator: Operator
    decides: tuple[Decided, ...]
    """What it decides about; empty if it decides only through its group."""
    criterion: str = ""
    """Name of what is compared or asked for, from ``criteria.tsv``; empty if it is none of these."""
    property: str = ""
    """What is compared, as printed (``上年度营业收入``)."""
    requires: str = ""
    """Of a condition without a number: what is asked for, as printed."""
    about: EntityId | None = None
    """The class that is asked for, if it is an entity."""
    figure: FigureId | None = None
    """The figure that has its number; None for a condition without a number."""
    group: GroupId | None = None
    rule: str = ""
    confidence: float = 0.8


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Conditions of which all, one or some must be met."""

    id: GroupId
    """``g1``, ``g2`` … in the order of the text."""
    span: Span
    """The words that say how many."""
    kind: GroupKind
    decides: tuple[Decided, ...]
    needed: int = 0
    """Of ``SOME_OF``: how many must be met."""
    total: int = 0
    """How many conditions the text says that there are; 0 if it says nothing."""
    confidence: float = 0.8


@dataclass(frozen=True, slots=True)
class StackingRule:
    """Whether somebody may get a support beside others."""

    id: StackingId
    """``k1``, ``k2`` … in the order of the text."""
    span: Span
    kind: StackingKind
    decides: tuple[Decided, ...]
    confidence: float = 0.85


@dataclass(frozen=True, slots=True)
class Requirements:
    """All conditions, groups and stacking rules of a source."""

    conditions: tuple[Condition, ...] = ()
    groups: tuple[ConditionGroup, ...] = ()
    stacking: tuple[StackingRule, ...] = ()
