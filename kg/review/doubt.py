"""One doubt: a row of a sheet that a person should check."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.corrections.model import Decision, DecisionTopic, DecisionVerdict, flatten_text
from kg.graph.facts import Passage


class MarkedSentence(NamedTuple):
    """A sentence, cut at both ends of its quoted words."""

    before: str
    words: str
    after: str


class MissingPlace(NamedTuple):
    """The place of one of two things with similar names, if the other has none: it is needed if they are merged."""

    place: str = ""
    """Empty if no place is missing."""
    sources: tuple[str, ...] = ()
    """Sources of the thing without a place."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that a person should check, as a row of a sheet."""

    sheet: str
    about: Decision
    """A decision about the same thing. Its verdict has no meaning."""
    cells: Mapping[str, str]
    """The text to show, by column."""
    passages: Mapping[str, MarkedSentence] = field(default_factory=dict)
    """The sentences to show, by column."""
    missing_place: MissingPlace = field(default_factory=MissingPlace)

    @property
    def id(self) -> str:
        """An id that depends only on the sheet and the thing that the doubt is about."""
        return hashlib.sha256("\0".join((self.sheet, *self.about.key)).encode()).hexdigest()[:10]


def make_subject(topic: DecisionTopic, source: str, **cells: str) -> Decision:
    """Return a decision about a thing. Its verdict has no meaning."""
    blank = dict.fromkeys(("kind", "subject", "predicate", "object_kind", "object", "quote", "slot"), "")
    filled = blank | {column: flatten_text(text) for column, text in cells.items()}
    return Decision(source=source, what=topic, verdict=DecisionVerdict.ACCEPT, **filled)


def mark_passage(passage: Passage) -> MarkedSentence:
    """Return the sentence of *passage*, cut at its words."""
    return MarkedSentence(passage.before, passage.text, passage.after)
