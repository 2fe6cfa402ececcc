"""Rows of lists: what each holds, whose the replies and opinions in it are, and the row as the page of a portal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from extract.text.dates import is_impossible_date
from extract.text.signs import simplify
from kg.read.tables.grid import name_column
from kg.read.tables.organs import (
    Said,
    find_subjects,
    is_name,
    is_organ,
    load_lists,
    says_none,
    split_organs,
    split_roles,
    split_statements,
    split_states,
)
from kg.read.values import DocumentText, TextWriter

SIGNATURE = 80
"""Number of characters at the end of a reply that contain its signature."""
_SERIAL = re.compile(r"(?P<n>[34]\d{4})(?:\.\d+)?")
"""The number of a day since 1900 (1982 to 2036), as spreadsheets keep dates."""
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])")
_EPOCH = date(1899, 12, 30)
_ORGANS = ("lead", "co", "handlers", "submitter", "cosigner")
"""Columns with names, of which each row of a proposal may have other ones."""
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

    @property
    def names_proposal(self) -> bool:
        """Whether it says which proposal it is about."""
        return bool({"number", "title", "content"} & set(self.values))


def merge_rows(rows: Sequence[RowContent]) -> RowContent:
    """Return what several rows say of one proposal, as lists print it that have a row for each organ."""
    if len(rows) == 1:
        return rows[0]
    values: dict[str, str] = {}
    cells: dict[str, str] = {}
    statements: dict[str, list[RowText]] = {}
    for row in rows:
        for name, value in row.values.items():
            known = values.setdefault(name, value)
            if name in _ORGANS and value not in known.split("、"):
                values[name] = f"{known}、{value}"
        cells = row.cells | cells
        for name, stated in row.statements.items():
            own = split_organs(row.values.get("lead" if name == "reply" else "co", ""))
            for one in stated:
                known_words = {(other.words, other.organs) for other in statements.get(name, ())}
                said = one if one.organs or len(own) != 1 else replace(one, organs=tuple(own))
                if (said.words, said.organs) not in known_words:
                    statements.setdefault(name, []).append(said)
    return RowContent(values, statements, cells, tuple(one for row in rows for one in row.impossible))


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
    for name in stated:
        if name in columns:
            reader.read_statements(name)
    reader.add_states()
    cells = {name: reader.name_cell(xs[0]) for name, xs in columns.items()}
    return RowContent(reader.values, reader.statements, cells, tuple(reader.impossible))


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

    def name_cell(self, x: int) -> str:
        return self.form.format(name_column(x + 1))

    def read_value(self, name: str) -> None:
        """Read the value of a column; dates that a sheet keeps as numbers are written as dates."""
        value = "、".join(dict.fromkeys(cell for _, cell in self._list_cells(name)))
        if name in _HANDLERS:
            value = self._read_states(value, self.columns[name][0])
        if not value or (name == "replied" and self._tells_none(name, value)):
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

    def add_states(self) -> None:
        """Add the organs that answered by their cell alone (甲局（已回）), if nothing else of theirs is in the row."""
        lead, co = self._list_organs()
        for organ, state in self.states.items():
            name = "reply" if organ in lead and organ not in co else "opinion"
            stated = self.statements.get(name, ())
            known = any(organ in one.organs or (name == "reply" and not one.organs) for one in stated)
            if name in self.settings["texts"] and not known and not says_none(state.words):
                self._add_statement(name, state)

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
                continue
            organs = [organ] if organ else find_subjects(words, co)
            self._add_statement("opinion", RowText(words, self.name_cell(x), tuple(organs)))
            if not co:
                self._add_roles("", "、".join(organs))

    def _add_statement(self, name: str, statement: RowText) -> None:
        self.statements.setdefault(name, []).append(statement)

    def _tells_none(self, name: str, value: str) -> bool:
        """Return whether a cell only tells that there is no text, or none for the public; keep what it tells."""
        folded = simplify(value)
        if says_none(value):
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


def _format_date(value: str) -> str:
    if m := _SERIAL.fullmatch(value):
        day = _EPOCH + timedelta(days=int(m["n"]))
        return f"{day.year}年{day.month}月{day.day}日"
    if m := _COMPACT.fullmatch(value):
        return f"{m[1]}年{int(m[2])}月{int(m[3])}日"
    return value


class RowWriter:
    """Writes a row as the page of a portal.

    Args:
        out: where to write.
        settings: the settings of the kind of list.
        content: what the row holds.
    """

    def __init__(self, out: TextWriter, settings: Mapping[str, Any], content: RowContent) -> None:
        self.out, self.settings, self.content = out, settings, content
        self.values, marks = content.values, dict(content.cells)
        self.marks = marks
        for name, others in (("lead", ("handlers", "shared")), ("co", ("handlers", "lead")), ("hidden", ("opinion",))):
            for other in others:
                if name not in marks and other in marks:
                    marks[name] = marks[other]

    def write_page(self) -> DocumentText:
        """Write the row and return its text."""
        number = self.values.get("number", "") if self.settings.get("number_in_title") else ""
        number = number if len(number) > 1 else ""  # (1) before a title may be the number of an item
        for name in self.settings["print"]:
            if name not in self.values or (name == "number" and number and "title" in self.values):
                continue
            if name in self.settings.get("unlabelled", ()):
                self.out.write_blank()
                self._write_value(name, keep_lines=True)
            else:
                before = f"({number})" if name == "title" and number else ""
                self.out.write(f"{self.settings['labels'][name]}：{before}")
                self._write_value(name)
        for name in self.settings["texts"]:
            if name in self.values:
                self.out.write_blank()
                self.out.write_lines(f"{self.settings['labels'][name]}：")
                self._write_value(name, keep_lines=True)
            for statement in self.content.statements.get(name, ()):
                self._write_statement(name, statement)
        return self.out.finish()

    def _write_value(self, name: str, keep_lines: bool = False) -> None:
        self.out.mark(self.marks.get(name, ""))
        if keep_lines:
            self.out.write_lines(self.values[name])
        else:
            self.out.write(" ".join(self.values[name].split()) + "\n")
        self.out.mark("")

    def _write_statement(self, name: str, statement: RowText) -> None:
        """Write a reply or opinion below its heading and the organ whose it is."""
        self.out.write_blank()
        self.out.write_lines(f"{self.settings['labels'][name]}：")
        organs, mark = "、".join(statement.organs), statement.cell
        if organs:
            signed = re.search(rf"(?m)^\s*{re.escape(organs)}\s*(?:[12]\d{{3}}.*)?$", statement.words) is not None
        else:
            lead = self.values.get("lead", "") if name == "reply" else ""
            organs, mark = lead if is_organ(lead) else "", self.marks.get("lead", "")
            signed = organs in statement.words[-SIGNATURE:]
        if organs and not signed:
            self.out.mark(mark)
            self.out.write_lines(organs)
        self.out.mark(statement.cell)
        self.out.write_lines(statement.words)
        self.out.mark("")
