"""A change by a language model, kept beside the values that it changed (``extract.llm.review``).

The module is below ``extract.model``, whose ``Extraction`` holds the revisions of a source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Revision:
    """A change that a language model made to what the rules had found. It keeps what the rules had said."""

    change: str
    """What was changed: ``drop.entity``, ``rename``, ``edge``, ``slot.about`` … (``extract.llm.review.trust``)."""
    about: str
    """Id of the Letter, Part, Entity or Figure that has the change; empty if it was withdrawn."""
    name: str
    """The words that stand for the thing."""
    before: str
    """What the rules had said, now withdrawn; empty if they had said nothing."""
    after: str
    """What holds instead; empty if it was only withdrawn."""
    span: tuple[int, int]
    """The words that the change rests on."""
    rule: str
    """The extractor of the change: ``llm:`` and the name of the model."""
    confidence: float
    withdrawn_rule: str = ""
    """The extractor of what is withdrawn."""
    withdrawn_confidence: float = 0.0


def index_revised_slots(revisions: Iterable[Revision]) -> Mapping[tuple[str, str], Revision]:
    """Return the last revision of each slot of a figure, by id of the figure and name of the slot in ``pk:``."""
    renamed = {"under": "grantedUnder", "condition_of": "conditionOf"}
    found: dict[tuple[str, str], Revision] = {}
    for revision in revisions:
        kind, _, slot = revision.change.partition(".")
        if kind == "slot" and revision.after:
            found[revision.about, renamed.get(slot, slot)] = revision
    return found


def make_revision_key(change: str, name: str, before: str, after: str) -> str:
    """Return what identifies a change in decisions of people: its words, without white space."""
    return "\0".join("".join(words.split()) for words in (change, name, before, after))
