"""Decisions of people as values, and the format of a decisions file.

A decision identifies its topic by source, classes, names, property and quoted words. It has no ids or positions, so
that it holds for every later build of the same text. ``extract.corrections.apply`` applies decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

EVERYWHERE = "*"
"""``Decision.source`` of decisions about all sources."""
PERSON = "person"
"""``rule`` of everything that a person added or corrected. It becomes ``pk:extractor``."""


class DecisionVerdict(StrEnum):
    """What a person decided."""

    ACCEPT = "accept"
    REJECT = "reject"
    CORRECT = "correct"
    MERGE = "merge"
    SPLIT = "split"
    ADD = "add"


class DecisionTopic(StrEnum):
    """What a decision is about."""

    ENTITY = "entity"
    """An entity (``kind``, ``subject``). A split has the alias in ``object``."""
    NAMES = "names"
    """Two names (``subject``, ``object``) that are two entities. It changes nothing: the review does not ask again."""
    FACT = "fact"
    """A literal: ``predicate`` and ``object`` of an entity or document."""
    STATEMENT = "statement"
    """A relation: ``subject``, ``predicate``, ``object``."""
    FIGURE = "figure"
    """A figure. Its ``subject`` is value and unit (``500000 CNY``)."""
    GAP = "gap"
    """A complete sentence (``quote``). It changes nothing: the review does not ask again what is missing in it."""
    REVISION = "revision"
    """A change by a language model: ``predicate`` is its kind, ``subject`` the thing, ``object`` before → after. If it
    is rejected, the model's next review leaves it out."""


class UnappliedReason(StrEnum):
    """Why a decision was not applied. The value is the key of its message."""

    MISSING = "missing"
    """Its topic is not in the extraction."""
    NO_QUOTE = "no_quote"
    """Its quote is not in the text."""
    NO_THING = "no_thing"
    """It names a thing that is not in the extraction."""
    CONTRADICTION = "contradiction"
    """It contradicts another decision."""
    NO_SOURCE = "no_source"
    """Its source is not in the store."""
    MALFORMED = "malformed"
    """Its value, class or property is not allowed."""


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """One line of a decisions file. No field contains a tab or a line break."""

    source: str
    """Id of the source, or ``*`` for all sources."""
    what: DecisionTopic
    kind: str
    """Local name of the class of the topic. For a statement: of its subject."""
    subject: str
    """Label. For a figure: its value and unit. Empty for documents and gaps."""
    predicate: str
    """Local name of the property of a fact or statement. For an added figure: its metric."""
    object_kind: str
    object: str
    quote: str
    """Words of the source, with single blanks. Empty: every place in the source."""
    slot: str
    """What a correction changes: ``label kind jurisdiction`` of an entity, ``value`` of a fact, ``subject predicate
    object`` of a statement, any slot of a figure. Empty for other verdicts."""
    verdict: DecisionVerdict
    value: str = ""
    """The corrected value, the name of the merged or split entity, or the printed number of an added figure."""
    note: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The fields that identify the topic: a later decision with the same key replaces this one."""
        return (
            self.source, self.what, self.kind, self.subject, self.predicate, self.object_kind, self.object, self.quote,
            self.slot,
        )  # fmt: skip


COLUMNS = ("decision", "what", "source", "kind", "subject", "predicate", "object_kind", "object", "quote", "slot",
           "value", "note")  # fmt: skip
"""Columns of a decisions file. ``decision`` is the verdict."""
_HEADER = (
    "# 人工核对的决定，由 kg review --apply 写入，kg build 遵行；每行一项，可手工编辑，请纳入版本管理。",
    "# Decisions of people: written by kg review --apply, honoured by kg build; one a line; for version control.",
)


class DecisionError(ValueError):
    """A line of a decisions file cannot be read."""

    def __init__(self, line: int, cell: str, found: str) -> None:
        super().__init__(f"line {line}: {cell}: {found}")
        self.line, self.cell, self.found = line, cell, found


@dataclass(frozen=True, slots=True, order=True)
class Unapplied:
    """A decision that was not applied, with the reason."""

    decision: Decision
    reason: UnappliedReason


def flatten_text(text: str) -> str:
    """Return *text* on one line with single blanks, as decisions store it."""
    return " ".join(text.split())


def parse_decisions(text: str) -> tuple[Decision, ...]:
    """Return the decisions in the text of a decisions file, sorted, each once.

    Raises:
        DecisionError: a line is not a decision.
    """
    found = set()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not any(cells) or line.startswith("#") or tuple(cells[:3]) == COLUMNS[:3]:
            continue
        if len(cells) > len(COLUMNS):
            raise DecisionError(number, COLUMNS[-1], cells[len(COLUMNS)])
        row = dict(zip(COLUMNS, cells + [""] * (len(COLUMNS) - len(cells)), strict=True))
        verdict, what = row.pop("decision"), row.pop("what")
        if verdict not in set(DecisionVerdict):
            raise DecisionError(number, "decision", verdict)
        if what not in set(DecisionTopic):
            raise DecisionError(number, "what", what)
        found.add(Decision(verdict=DecisionVerdict(verdict), what=DecisionTopic(what), **row))
    return tuple(sorted(found))


def render_decisions(decisions: Iterable[Decision]) -> str:
    """Return the text of a decisions file: sorted, each decision once, the same text for the same decisions."""
    lines = [*_HEADER, "\t".join(COLUMNS)]
    for decision in sorted(set(decisions)):
        cells = {f.name: flatten_text(str(getattr(decision, f.name))) for f in fields(decision)}
        cells["decision"] = cells.pop("verdict")
        lines.append("\t".join(cells[column] for column in COLUMNS).rstrip("\t"))
    return "\n".join(lines) + "\n"


def update_decisions(old: Iterable[Decision], new: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return *old* and *new* together, sorted. A new decision replaces the old one about the same topic."""
    found = {decision.key: decision for decision in (*old, *new)}
    return tuple(sorted(found.values()))


def select_decisions(decisions: Iterable[Decision], source: str) -> tuple[Decision, ...]:
    """Return the decisions about *source* or about all sources."""
    return tuple(decision for decision in decisions if decision.source in (source, EVERYWHERE))
