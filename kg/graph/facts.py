"""What a view of a store finds: quoted words, statements with their quotes, and figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Passage:
    """Quoted words of a source, with the rest of their sentence."""

    text: str
    before: str
    after: str
    source: str
    """Id of the source."""
    begin: int
    document: str
    """IRI of the document that contains the words; empty if unknown."""
    locator: str = ""
    """Place in the original file, if that has pages or cells: ``第3页``."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement between two things, given by their IRIs."""

    subject: str
    predicate: str
    """Local name (``issuedBy``)."""
    object: str
    passages: tuple[Passage, ...]
    confidence: float | None


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """A figure with its slots, as a store has it."""

    iri: str
    kind: str
    value: Decimal
    unit: str
    bound: str
    metric: str
    period: str
    per: str
    deadline: str
    frequency: str
    slots: tuple[tuple[str, str], ...]
    """Property and IRI of each thing that the figure is connected with."""
    passages: tuple[Passage, ...]
    requires: str = ""
    """What a condition without a number asks for."""
