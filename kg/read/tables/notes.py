"""Notes in the rows of lists (备注) by clause: who answered, what is hidden, who leads, that no answer is due."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extract.text.signs import simplify
from kg.read.tables.organs import (
    find_full,
    get_answered,
    get_beside,
    get_unanswered,
    join_names,
    load_lists,
    says_answered,
    says_none,
    says_undue,
    split_organs,
)

_CLAUSES = (
    "beside", "co_answered", "one_answered", "one_silent", "co_silent", "rest_silent", "lead_silent", "co_hidden",
    "hidden", "all_lead",
)  # fmt: skip
"""Patterns of whole clauses in ``lists.toml``."""


@dataclass(slots=True)
class RowNote:
    """What a note says of its proposal."""

    is_undue: bool = False
    """Whether no answer is due: 委员主动撤案."""
    told: list[str] = field(default_factory=list)
    """That the proposal was answered: 已书面答复."""
    answered: list[tuple[tuple[str, ...], bool, str]] = field(default_factory=list)
    """Organs that answered, whether they join in, and the words."""
    public: str = ""
    """That the reply is not published."""
    hidden: list[str] = field(default_factory=list)
    """That the opinions, or that of one organ, are not published."""
    silent: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    """Organs that join in and whose opinion did not come, and the words."""
    all_lead: bool = False
    """Whether all organs of the row lead."""
    unread: list[str] = field(default_factory=list)
    """Clauses that say something else."""

    @property
    def tells_state(self) -> bool:
        """Whether all of it says who answered, or that it is hidden."""
        return not self.unread and bool(self.told or self.answered or self.public or self.hidden or self.silent)


def read_note(words: str, lead: Sequence[str], co: Sequence[str]) -> RowNote:
    """Return what a note says.

    Args:
        words: the text of the cell.
        lead: the lead organs of the row.
        co: its co-handling organs.
    """
    note = RowNote()
    folded = simplify(words)
    for piece in re.finditer(rf"(?:(?!{load_lists()['notes']['between']}).)+", folded, re.DOTALL):
        begin = piece.end() - len(piece[0].lstrip())
        clause = piece[0].strip()
        if clause:
            _read_clause(note, clause, words[begin : begin + len(clause)], lead, co)
    if note.is_undue:
        note.unread = []  # the reason: 退回，不属于本市职权
    return note


def _read_clause(note: RowNote, clause: str, printed: str, lead: Sequence[str], co: Sequence[str]) -> None:
    known = {simplify(name): name for name in [*lead, *co]}
    patterns = _compile_notes(tuple(known))
    if says_undue(clause):
        note.is_undue = True
    elif patterns["all_lead"].fullmatch(clause):
        note.all_lead = True
    elif patterns["co_answered"].fullmatch(clause):
        if co:
            note.answered.append((tuple(co), True, printed))
        else:
            note.unread.append(printed)
    elif m := patterns["one_answered"].fullmatch(clause):
        organs = [find_full(name, known) for name in split_organs(m["known"])] if m["known"] else list(lead)
        for joins in (False, True):
            if own := tuple(one for one in organs if (one in co and one not in lead) is joins):
                note.answered.append((own, joins, printed[m.start("said") :]))
    elif patterns["co_hidden"].fullmatch(clause):
        note.hidden.append(printed)
    elif patterns["hidden"].fullmatch(clause):
        note.public = printed
    elif says_answered(clause):
        note.told.append(printed)
    elif (silent := _find_silent(note, clause, known, co)) is not None:
        if silent:
            note.silent.append((tuple(silent), printed))
    elif not any(patterns[name].fullmatch(clause) for name in ("beside", "lead_silent")) and not says_none(clause):
        note.unread.append(printed)


def _find_silent(note: RowNote, clause: str, known: dict[str, str], co: Sequence[str]) -> list[str] | None:
    """Return the organs that join in and of which a clause says that nothing came; None if it says so of nobody."""
    patterns = _compile_notes(tuple(known))
    if m := patterns["one_silent"].fullmatch(clause):
        names = [find_full(name, known) for name in split_organs(m["known"] or m["late"])]
        return [name for name in names if name in co]
    if patterns["co_silent"].fullmatch(clause):
        return list(co)
    if patterns["rest_silent"].fullmatch(clause):
        told = {name for names, *_ in note.answered for name in names}
        told |= {name for names, _ in note.silent for name in names}
        return [name for name in co if name not in told]
    return None


@lru_cache(maxsize=4096)
def _compile_notes(known: tuple[str, ...]) -> dict[str, re.Pattern[str]]:
    notes = load_lists()["notes"]
    values = {"names": join_names(known), "answered": get_answered(), "hidden": load_lists()["unpublished_state"],
              "silent": get_unanswered(), "satisfied": get_beside(), "opinion": notes["opinion"],
              "missed": notes["missed"]}  # fmt: skip
    found: dict[str, re.Pattern[str]] = {}
    for name in _CLAUSES:
        pattern = notes[name]
        for key, value in values.items():
            pattern = pattern.replace(f"{{{key}}}", value)
        found[name] = re.compile(pattern)
    return found
