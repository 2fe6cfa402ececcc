"""Rows of lists: what each holds, and whose the replies and opinions in it are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from extract.text.dates import is_impossible_date
from extract.text.signs import simplify
from kg.read.tables.grid import name_column
from kg.read.tables.notes import RowNote, read_note
from kg.read.tables.organs import (
    Said,
    find_subjects,
    is_name,
    is_organ,
    load_lists,
    says_answered,
    says_none,
    says_undue,
    split_organs,
    split_roles,
    split_statements,
    split_states,
)

_SERIAL = re.compile(r"(?P<n>[34]\d{4})(?:\.\d+)?")
"""The number of a day since 1900 (1982 to 2036), as spreadsheets keep dates."""
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])")
_EPOCH = date(1899, 12, 30)
_HANDLERS = ("lead", "co", "handlers", "shared")
"""Columns with the organs that handle a proposal."""
_STATED = ("reply", "opinion")
"""Columns with the words of organs."""


@dataclass(frozen=True, slots=True)
class RowText:
    """A reply or an opinion in a row."""

    words: str
    cell: str
    """Name of its cell: C7."""
    organs: tuple[str, ...] = ()
    """Whose it is; empty if the row does not say it."""


@dataclass(frozen=True, slots=True)
class RowContent:
    """What a row holds."""

    values: dict[str, str]
    """By what they are, without replies and opinions of proposals."""
    statements: dict[str, list[RowText]] = field(default_factory=dict)
    """Replies (``reply``) and opinions (``opinion``)."""
    cells: dict[str, str] = field(default_factory=dict)
    """Names of the cells of the values."""
    impossible: tuple[str, ...] = ()
    """Dates that do not exist, each behind the name of its cell."""
    unread: tuple[str, ...] = ()
    """Columns whose cell was not understood: ``note``, ``role``."""
    silent: tuple[RowText, ...] = ()
    """That the opinions of some organs did not come."""

    @property
    def names_proposal(self) -> bool:
        """Whether it says which proposal it is about."""
        return bool({"number", "title", "content"} & set(self.values))


@dataclass(frozen=True, slots=True)
class ListColumns:
    """The columns of a list."""

    settings: Mapping[str, Any]
    """The settings of the kind of list (``lists.toml``)."""
    indexes: Mapping[str, tuple[int, ...]]
    """Their indexes by what they hold."""
    organs: Mapping[int, str] = field(default_factory=dict)
    """By index, the organ whose opinion a column holds, as its heading says."""


def read_row(row: Sequence[str], y: int, table: ListColumns, place: str = "") -> RowContent:
    """Return what a row holds.

    Args:
        row: its cells.
        y: its number.
        table: the columns of its list.
        place: text before the name of a cell: ``Sheet1!``.
    """
    settings, columns = table.settings, table.indexes
    reader = _RowReader(row, table, f"{place}{{}}{y}")
    stated = [name for name in _STATED if name in settings["texts"]]
    for name in columns:
        if name not in stated:
            reader.read_value(name)
    reader.share_out_roles()
    reader.apply_role()
    reader.read_status()
    reader.read_notes()
    for name in stated:
        if name in columns:
            reader.read_statements(name)
    reader.add_states()
    reader.close_undue()
    cells = {name: reader.name_cell(xs[0]) for name, xs in columns.items()} | reader.cells
    impossible, unread = tuple(reader.impossible), tuple(reader.unread)
    return RowContent(reader.values, reader.statements, cells, impossible, unread, tuple(reader.silent))


class _RowReader:
    def __init__(self, row: Sequence[str], table: ListColumns, form: str) -> None:
        self.row, self.columns, self.settings, self.heads = row, table.indexes, table.settings, table.organs
        self.form = form
        """Form of the name of a cell."""
        self.values: dict[str, str] = {}
        self.statements: dict[str, list[RowText]] = {}
        self.states: dict[str, RowText] = {}
        """By organ, what its cell says of its answer: 甲局（已回）."""
        self.impossible: list[str] = []
        """Dates that do not exist, each behind the name of its cell."""
        self.cells: dict[str, str] = {}
        """Names of the cells of values that stand in a column of other ones."""
        self.unread: list[str] = []
        """Columns whose cell was not understood."""
        self.silent: list[RowText] = []
        """That the opinions of some organs did not come."""
        self.joins = False
        """Whether a column says that the organ of the row joins in."""

    def name_cell(self, x: int) -> str:
        return self.form.format(name_column(x + 1))

    def read_value(self, name: str) -> None:
        """Read the value of a column; dates that a sheet keeps as numbers are written as dates."""
        value = "、".join(dict.fromkeys(cell for _, cell in self._list_cells(name)))
        if name in _HANDLERS:
            value = self._read_states(value, self.columns[name][0])
        if not value or (name == "replied" and (self._tells_none(name, value) or _is_planned(value))):
            return
        if name in self.settings["dates"]:
            value = _format_date(value)
            if is_impossible_date(value):
                self.impossible.append(f"{self.name_cell(self.columns[name][0])} {value}")
        self.values[name] = value

    def _read_states(self, value: str, x: int) -> str:
        """Return a cell with organs without what it says of their answers, and keep that."""
        value, states = split_states(value)
        for organ, state in states.items():
            self.states.setdefault(organ, RowText(state, self.name_cell(x), (organ,)))
        return value

    def share_out_roles(self) -> None:
        """Tell lead and co-handling organs apart where the cell, its heading or the review does."""
        values = self.values
        is_told = re.search(load_lists()["roles"]["reviewed"], simplify(values.get("review", ""))) is not None
        if is_told and "co" not in self.columns and len(split_organs(values.get("lead", ""))) > 1:
            values["handlers"] = values.pop("lead")
        if shared := values.pop("shared", ""):  # each of them is in charge of a part
            values["lead"] = "、".join(dict.fromkeys(filter(None, [values.get("lead", ""), shared])))
        for name in ("handlers", "lead"):
            if name in values and (roles := split_roles(values[name])):
                del values[name]
                self._add_roles(*roles)
        if "handlers" in values and re.search("[/／]", values["handlers"]):
            lead, _, co = re.sub("／", "/", values.pop("handlers")).partition("/")
            self._add_roles(values.get("lead", "") or lead.strip(), "" if values.get("co") else co.strip())

    def apply_role(self) -> None:
        """Let the organ of the row join in if a column says that it does."""
        role = simplify(self.values.pop("role", ""))
        if role and re.fullmatch(load_lists()["role"], "".join(role.split())) is None:
            note = read_note(role, *self._list_organs())
            self._apply_note(note, "role")
            self.unread += ["role"] if note.unread or note.told or note.is_undue else []
        elif read_note(role, (), ()).all_lead:
            self._let_all_lead()
        elif role and re.match(load_lists()["roles"]["lead"], role) is None:
            organ = self.values.pop("lead", "") or self.values.pop("handlers", "")
            self._add_roles("", organ)
            self.joins = bool(organ)

    def read_status(self) -> None:
        """Read from the state of a reply what it says of its publication or result: 已答复（不公开）, A类."""
        status = self.values.get("status", "")
        folded = simplify(status)
        if m := re.search(load_lists()["unpublished_state"], folded):
            self.values["public"] = status[slice(*m.span())]
        elif re.fullmatch(load_lists()["class"], folded):
            self.values.setdefault("class", self.values.pop("status"))

    def read_notes(self) -> None:
        """Read who answered, or that no answer is due, from the notes of a row and from its state."""
        if status := self.values.get("status", ""):
            note = read_note(status, *self._list_organs())
            self._apply_note(replace(note, told=[], public=""), "status")
        if words := self.values.pop("note", ""):
            note = read_note(words, *self._list_organs())
            self._apply_note(note, "note")
            if note.is_undue:
                self.values["note"] = words
            elif note.unread:
                self.unread.append("note")

    def _apply_note(self, note: RowNote, column: str) -> None:
        """Keep what a cell of a column says beside its own value."""
        cell = self.name_cell(self.columns[column][0])
        for organs, _, words in note.answered:
            for organ in organs:
                self.states.setdefault(organ, RowText(words, cell, (organ,)))
        self.silent += [RowText(words, cell, organs) for organs, words in note.silent]
        told, hidden = "，".join(note.told), "\n".join(note.hidden)
        for name, value in (("public", note.public), ("hidden", hidden), ("told", told)):
            if value and name not in self.values:
                self.values[name] = value
                self.cells[name] = cell
        if note.all_lead:
            self._let_all_lead()

    def _let_all_lead(self) -> None:
        """Put all organs that handle the proposal in charge: 双主办."""
        if handlers := self.values.pop("handlers", ""):
            self.values["lead"] = "、".join(filter(None, [self.values.get("lead", ""), handlers]))

    def close_undue(self) -> None:
        """Take what stands beside 撤案 or 退回 for its reason, and not for a reply."""
        status = self.values.get("status", "")
        if says_undue(status):
            reasons = [one.words for one in self.statements.pop("reply", ())]
            self.values["status"] = "，".join([status, *reasons])

    def add_states(self) -> None:
        """Add the organs that answered by their cell alone (甲局（已回）), if nothing else of theirs is in the row."""
        lead, co = self._list_organs()
        for organ, state in self.states.items():
            name = "reply" if organ in lead and organ not in co else "opinion"
            stated = self.statements.get(name, ())
            known = any(organ in one.organs or (name == "reply" and not one.organs) for one in stated)
            if name == "reply" and len(lead) == 1 and says_answered(state.words):
                if not known and name in self.settings["texts"]:
                    self.values.setdefault("told", state.words)
                    self.cells.setdefault("told", state.cell)
            elif name in self.settings["texts"] and not known:
                if not says_none(state.words):
                    self._add_statement(name, state)
                elif name == "opinion":
                    self.silent.append(state)

    def read_statements(self, name: str) -> None:
        """Read the replies or opinions of a row, each as the words of the organ that the row says."""
        lead, co = self._list_organs()
        own = self.columns[name]
        beside = self.columns.get("co", ())
        for i, (x, cell) in enumerate((x, cell) for x, cell in self._list_cells(name, keep_empty=True)):
            if not cell or self._tells_none(name, cell):
                continue
            organ = self.heads.get(x, "")
            if not organ and len(own) == len(beside) > 1 and name == "opinion":
                organ = self._get_cell(beside[i])
            if organ and is_organ(organ):
                self._add_statement(name, RowText(cell, self.name_cell(x), (organ,)))
            elif name == "reply":
                self._add_replies(cell, x, lead, co)
            else:
                self._add_opinions(cell, x, lead, co)

    def _add_replies(self, cell: str, x: int, lead: list[str], co: list[str]) -> None:
        for organ, joins, words in split_statements(cell, lead, co):
            if says_none(words):
                continue
            statement = RowText(words, self.name_cell(x), (organ,) if organ else ())
            self._add_statement("opinion" if joins else "reply", statement)

    def _add_opinions(self, cell: str, x: int, lead: list[str], co: list[str]) -> None:
        bare = split_states(cell)[0]
        names = split_organs(bare)
        if bare != cell and names and all(map(is_name, names)):
            self._read_states(cell, x)
            if not co:
                self._add_roles("", "、".join(names))
            return
        if "co" not in self.columns and names and all(map(is_name, names)):
            self._add_roles("", "、".join(names))  # only who joins in
            return
        said = split_statements(cell, lead, co)
        if said[0].organ in lead:
            said = [Said("", True, cell)]  # the organ to which the opinion is addressed
        for organ, _, words in said:
            if says_none(words):
                self.silent += [RowText(words, self.name_cell(x), (organ,))] if organ in co else []
                continue
            organs = [organ] if organ else find_subjects(words, co)
            self._add_statement("opinion", RowText(words, self.name_cell(x), tuple(organs)))
            if not co:
                self._add_roles("", "、".join(organs))

    def _add_statement(self, name: str, statement: RowText) -> None:
        if name == "reply" and self.joins:
            name = "opinion"
        self.statements.setdefault(name, []).append(statement)

    def _tells_none(self, name: str, value: str) -> bool:
        """Return whether a cell only tells that there is no text, or none for the public; keep what it tells."""
        folded = simplify(value)
        if says_none(value) or re.fullmatch(load_lists()["same"], folded):
            return True
        if name == "reply" and says_undue(value):
            self.values.setdefault("status", value)
            return True
        if name in _STATED and name in self.settings["texts"]:
            note = read_note(value, *self._list_organs())
            if note.tells_state and (name == "reply" or not (note.told or note.public)):
                self._apply_note(note, name)
                return True
        if re.fullmatch(load_lists()["unpublished"], folded):
            self.values.setdefault("hidden" if name == "opinion" else "public", value)
            return True
        if name == "reply" and re.fullmatch(load_lists()["class"], folded):
            self.values.setdefault("class", value)
            return True
        return False

    def _add_roles(self, lead: str, co: str) -> None:
        if lead and not re.fullmatch(load_lists()["nothing"], lead):
            self.values["lead"] = lead
        if co and not re.fullmatch(load_lists()["nothing"], co):
            self.values["co"] = "、".join(filter(None, [self.values.get("co", ""), co]))

    def _list_organs(self) -> tuple[list[str], list[str]]:
        """Return the lead and the co-handling organs; the first of those that handle a proposal leads."""
        lead, co = (split_organs(self.values.get(name, "")) for name in ("lead", "co"))
        handlers = split_organs(self.values.get("handlers", ""))
        return (lead or handlers[:1]), [*co, *(handlers if lead else handlers[1:])]

    def _list_cells(self, name: str, *, keep_empty: bool = False) -> Iterator[tuple[int, str]]:
        for x in self.columns[name]:
            cell = self._get_cell(x)
            if cell or keep_empty:
                yield x, cell

    def _get_cell(self, x: int) -> str:
        cell = self.row[x].strip() if x < len(self.row) else ""
        return "" if re.fullmatch(load_lists()["nothing"], simplify(cell)) else cell


def _is_planned(value: str) -> bool:
    """Return whether a date is one on which an answer is to come: 计划2025-12-15, 7月底前."""
    return re.fullmatch(load_lists()["planned"], simplify(value)) is not None


def _format_date(value: str) -> str:
    if m := _SERIAL.fullmatch(value):
        day = _EPOCH + timedelta(days=int(m["n"]))
        return f"{day.year}年{day.month}月{day.day}日"
    if m := _COMPACT.fullmatch(value):
        return f"{m[1]}年{int(m[2])}月{int(m[3])}日"
    return value
