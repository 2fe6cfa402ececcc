"""Decisions of people: their values, and the text of a decisions file.

A decision is known by what it is about: source, classes, names, property and quoted words, never by an id or a
position, so that it holds for every later build of the same text. ``extract.corrections.apply`` applies decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

EVERYWHERE = "*"
"""``Decision.source`` of what is decided for all sources."""
PERSON = "person"
"""Rule of what a person stated or corrected; becomes ``pk:extractor``."""


class Verdict(StrEnum):
    """What is decided."""

    ACCEPT = "accept"
    REJECT = "reject"
    CORRECT = "correct"
    MERGE = "merge"
    SPLIT = "split"
    ADD = "add"


class What(StrEnum):
    """What it is decided about."""

    ENTITY = "entity"
    """A thing (``kind``, ``subject``); a split names the alias in ``object``."""
    NAMES = "names"
    """Two names (``subject``, ``object``) that are accepted as two things; changes nothing, is not asked again."""
    FACT = "fact"
    """A literal: ``predicate`` and ``object`` of an entity or a document."""
    STATEMENT = "statement"
    """A relation: ``subject``, ``predicate``, ``object``."""
    FIGURE = "figure"
    """A number: ``subject`` is value and unit (``500000 CNY``)."""
    GAP = "gap"
    """A sentence (``quote``) of which nothing is missing; changes nothing, is not asked again."""


class Reason(StrEnum):
    """Why a decision was not applied; the value is its key in the messages."""

    MISSING = "missing"
    """What it is about is not there (any more)."""
    NO_QUOTE = "no_quote"
    """Its quote is not in the text."""
    NO_THING = "no_thing"
    """It names a thing that is not there."""
    CONTRADICTION = "contradiction"
    """It contradicts another decision."""
    NO_SOURCE = "no_source"
    """Its source is not there any more."""
    MALFORMED = "malformed"
    """Its value, class or property cannot be."""


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """One line of a decisions file; all are texts without tabs and line breaks."""

    source: str
    """Id of the source, or ``*``."""
    what: What
    kind: str
    """Class (local name) of what it is about, of the subject of a statement."""
    subject: str
    """Label; for a figure its value and unit; empty for documents and gaps."""
    predicate: str
    """Local name of the property, for facts and statements; for an added figure, its metric."""
    object_kind: str
    object: str
    quote: str
    """Words of the source, white space made one blank; empty for wherever the source says it."""
    slot: str
    """What a correction sets: ``label kind jurisdiction`` of an entity, ``value`` of a fact, ``subject predicate
    object`` of a statement, any property of a figure; empty for other verdicts."""
    verdict: Verdict
    value: str = ""
    """The corrected value; the name that a merged or split thing gets; the number with its unit of an added figure."""
    note: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What it is about: a later decision of the same key replaces it."""
        return (
            self.source, self.what, self.kind, self.subject, self.predicate, self.object_kind, self.object, self.quote,
            self.slot,
        )  # fmt: skip


COLUMNS = ("decision", "what", "source", "kind", "subject", "predicate", "object_kind", "object", "quote", "slot",
           "value", "note")  # fmt: skip
"""Cells of a line; ``decision`` is the verdict."""
_HEAD = (
    "# 人工核对的决定，由 kg review --apply 写入，kg build 遵行；每行一项，可手工编辑，请纳入版本管理。",
    "# Decisions of people: written by kg review --apply, honoured by kg build; one a line; for version control.",
)


class DecisionError(ValueError):
    """A line of a decisions file that cannot be read."""

    def __init__(self, line: int, cell: str, found: str) -> None:
        super().__init__(f"line {line}: {cell}: {found}")
        self.line, self.cell, self.found = line, cell, found


@dataclass(frozen=True, slots=True, order=True)
class Unapplied:
    """A decision that changed nothing, and why."""

    decision: Decision
    reason: Reason


def flat(text: str) -> str:
    """*text* on one line, as decisions keep it."""
    return " ".join(text.split())


def parse(text: str) -> tuple[Decision, ...]:
    """The decisions of a file's text, sorted, each once.

    Raises:
        DecisionError: a line that is no decision.
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
        if verdict not in set(Verdict):
            raise DecisionError(number, "decision", verdict)
        if what not in set(What):
            raise DecisionError(number, "what", what)
        found.add(Decision(verdict=Verdict(verdict), what=What(what), **row))
    return tuple(sorted(found))


def render(decisions: Iterable[Decision]) -> str:
    """The text of a decisions file: sorted, each decision once, the same bytes for the same decisions."""
    lines = [*_HEAD, "\t".join(COLUMNS)]
    for d in sorted(set(decisions)):
        cells = {f.name: flat(str(getattr(d, f.name))) for f in fields(d)}
        cells["decision"] = cells.pop("verdict")
        lines.append("\t".join(cells[c] for c in COLUMNS).rstrip("\t"))
    return "\n".join(lines) + "\n"


def update(old: Iterable[Decision], new: Iterable[Decision]) -> tuple[Decision, ...]:
    """*old* with *new* in it: of two about the same, the new one."""
    found = {d.key: d for d in old} | {d.key: d for d in new}
    return tuple(sorted(found.values()))


def concerning(decisions: Iterable[Decision], source: str) -> tuple[Decision, ...]:
    """Those that are about *source*, or about all."""
    return tuple(d for d in decisions if d.source in (source, EVERYWHERE))
