"""Lists in tables: proposals, messages of citizens, policy documents; each row is written like the page of a portal.

The words at the heads of the columns (``lists.toml``) decide what a table lists and what its columns hold. A table in
traditional characters is found by its words in simplified ones, and written with its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from extract.text.signs import is_traditional, simplify
from kg.read.tables.grid import Headings, TableGrid, count_values, name_column, squeeze
from kg.read.values import DocumentText, TextWriter

_LONG_HEAD = 24
"""Largest number of characters of a column's heading."""
SIGNATURE = 80
"""Number of characters at the end of a reply that contain its signature."""
_SERIAL = re.compile(r"(?P<n>[34]\d{4})(?:\.\d+)?")
"""The number of a day since 1900 (1982 to 2036), as spreadsheets keep dates."""
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])")
_VALUE = re.compile(r"\d{3}|^关于.*(?:提案|建议|议案)$")
"""Words that are never the heading of a column."""
_FORM_ROWS = 3
_EPOCH = date(1899, 12, 30)
_ORGANS_SHARE = 0.8
"""Share of the values from which a column holds organs, whatever its heading."""


@dataclass(frozen=True, slots=True)
class TableList:
    """A table that lists things, one in each row."""

    kind: str
    """Name of the kind in ``lists.toml``: ``proposals``, ``messages`` or ``documents``."""
    first_row: int
    """Number of the first row below the head."""
    title: str
    """The words above the head."""
    columns: dict[str, tuple[int, ...]]
    """Indexes of the columns by what they hold."""
    left_out: tuple[str, ...]
    """Headings of the columns that are not read."""
    labels: dict[str, str] = field(default_factory=dict)
    """The printed headings of a table in traditional characters, by what the columns hold; else empty."""


@cache
def load_lists() -> dict[str, Any]:
    """Return the content of ``lists.toml``."""
    return tomllib.loads((files(__package__) / "lists.toml").read_text(encoding="utf-8"))


def is_organ(words: str) -> bool:
    """Return whether *words* are the name of one organ."""
    return bool(re.fullmatch(load_lists()["organ"], words))


def find_list(grid: TableGrid, title: str = "") -> TableList | None:
    """Return what *grid* lists; None if it has no head of a list near its top.

    Args:
        grid: a table.
        title: what is printed above the table.
    """
    printed, grid = grid, _simplify(grid)
    numbers = list(grid.rows)[: load_lists()["head_rows"]]
    above = [title] if title else []
    for top in numbers:
        if count_values(grid.rows[top]) >= 2:
            height = grid.measure_head(top, _is_heading)
            for tall in range(height, 0, -1):
                headings = grid.read_headings(top, tall)
                words = " ".join(above)
                for kind in load_lists()["kinds"]:
                    columns = _find_columns(headings, kind, simplify(words))
                    if columns and not _is_form(grid, top, tall, columns):
                        found = _make_list(grid, kind["name"], top + tall, words, headings, columns)
                        if printed is grid:
                            return found
                        return _print_headings(found, headings, printed.read_headings(top, tall))
        above += [cell for cell in printed.rows[top] if cell]
    return None


def _simplify(grid: TableGrid) -> TableGrid:
    """Return a table in simplified characters; itself if it is not in traditional ones."""
    if not is_traditional("".join(cell for row in grid.rows.values() for cell in row)):
        return grid
    return replace(grid, rows={number: [simplify(cell) for cell in row] for number, row in grid.rows.items()})


def _print_headings(table: TableList, headings: Headings, printed: Headings) -> TableList:
    """Return a list that names its columns with their headings as printed."""
    words = ["".join(one) for one in printed]
    known = dict(zip(["".join(one) for one in headings], words, strict=True))
    labels = {name: words[xs[0]] for name, xs in table.columns.items()}
    return replace(table, left_out=tuple(known[one] for one in table.left_out), labels=labels)


def write_list(table: TableList, grid: TableGrid, kind: str, encoding: str = "", place: str = "") -> Iterator[
    tuple[str, DocumentText]
]:  # fmt: skip
    """Yield the text of each row, after its name: its number, or its place in the table.

    The first text has the warning ``columns`` with the headings of the columns that are left out.

    Args:
        table: what :func:`find_list` returned for *grid*.
        grid: the table.
        kind: the format of the document.
        encoding: its encoding.
        place: text before the name of a cell in a mark: ``Sheet1!``.
    """
    settings = _get_kind(table.kind)
    session = re.search(load_lists()["session"], simplify(table.title))
    left_out = table.left_out
    for y, row in grid.fill_down().items():
        values = _read_values(row, table, settings)
        if y < table.first_row or not set(settings["needed"]) & set(values):
            continue
        if _count_headings([simplify(cell) for cell in row] if table.labels else row) > len(values) / 2:
            continue  # the head, printed again
        if "session" in settings["columns"] and session and session["s"]:
            values.setdefault("session", table.title[slice(*session.span("s"))])
        number = values.get("number", "")
        name = number if re.fullmatch(load_lists()["number"], number) else f"第{y}行"
        marks = {column: f"{place}{name_column(xs[0] + 1)}{y}" for column, xs in table.columns.items()}
        out = TextWriter(kind, encoding)
        if left_out:
            out.warn(f"columns:{'、'.join(left_out)}")
            left_out = ()
        printed = dict(table.labels)
        if "co" in values and "co" not in table.columns:  # the heading stands for both
            printed.pop("lead", None)
        labelled = settings | {"labels": settings["labels"] | printed}
        yield name, _RowWriter(out, labelled, values, marks).write_page()


def _make_list(
    grid: TableGrid, kind: str, first_row: int, title: str, headings: Headings, columns: dict[str, tuple[int, ...]]
) -> TableList:
    """Return a list; columns of organs that are named like texts, and the reverse, change places."""
    body = [row for number, row in grid.rows.items() if number >= first_row]
    columns = dict(columns)
    if "reply" in columns and "lead" not in columns and kind == "proposals" and _holds_organs(body, columns["reply"]):
        columns["lead"] = columns.pop("reply")
    elif "lead" in columns and "reply" not in columns and _holds_prose(body, columns["lead"]):
        columns["reply"] = columns.pop("lead")
    taken = {x for xs in columns.values() for x in xs}
    left_out = [
        "".join(words)
        for x, words in enumerate(headings)
        if x not in taken and words and any(x < len(row) and row[x] for row in body)
        and not re.fullmatch(load_lists()["unreported"], "".join(words))
    ]  # fmt: skip
    return TableList(kind, first_row, title, columns, tuple(dict.fromkeys(left_out)))


def _is_form(grid: TableGrid, top: int, height: int, columns: dict[str, tuple[int, ...]]) -> bool:
    """Return whether the rows from *top* are rows of a form, with labels beside their values, and no head of a list."""
    body = [number for number in grid.rows if number >= top + height][:_FORM_ROWS]
    named = {x for xs in columns.values() for x in xs}
    beside = [
        cell for number in range(top, top + height)
        for x, cell in enumerate(grid.rows.get(number, ())) if cell and x not in named and not _is_heading(cell)
    ]  # fmt: skip
    if any(len(cell) > _LONG_HEAD or _VALUE.search(squeeze(cell)) for cell in beside):
        return True
    below = [grid.rows[number] for number in body]
    labels = sum(x < len(row) and bool(row[x]) and _is_heading(row[x]) for row in below for x in named)
    values = sum(x < len(row) and bool(row[x]) for row in below for x in named)
    return labels > values / 2


def _find_columns(headings: Headings, kind: dict[str, Any], title: str) -> dict[str, tuple[int, ...]]:
    """Return the indexes of the columns that *headings* name; empty if they are not the head of a list of that kind."""
    whole = ["".join(words) for words in headings]
    others = list(kind["others"])
    if not any(_compile(kind["marks"]).search(word) for word in whole):
        if not (kind["title_marks"] and _compile(kind["title_marks"]).search(title)):
            return {}
        others += kind.get("others_by_title", [])
    if any(_compile(others).search(word) for word in whole):
        return {}
    # a heading in two rows (答复 above 日期) is read as a whole first, then by its last row (承办单位 above 会办)
    readings = [whole, [words[-1] if words else "" for words in headings]]
    columns: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for name in kind["claim"]:
        pattern = _compile(kind["columns"][name])
        for words in readings:
            found = [
                x for x, word in enumerate(words)
                if x not in taken and 0 < len(word) <= _LONG_HEAD and pattern.fullmatch(word)
            ]  # fmt: skip
            if found and name not in columns:
                columns[name] = tuple(found if name in kind["several"] else found[:1])
                taken.update(columns[name])
    enough = len(columns) >= kind["least"] and any(name in columns for name in kind["needed"])
    return columns if enough else {}


@cache
def _compile_all(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


def _compile(patterns: Sequence[str]) -> re.Pattern[str]:
    return _compile_all(tuple(patterns))


@lru_cache(maxsize=4096)
def _is_heading(cell: str) -> bool:
    """Return whether the text of a cell can be the heading of a column of any list."""
    return bool(_compile_any_heading().fullmatch(squeeze(cell)))


@cache
def _compile_any_heading() -> re.Pattern[str]:
    columns = (patterns for kind in load_lists()["kinds"] for patterns in kind["columns"].values())
    return _compile([one for patterns in columns for one in patterns])


def _count_headings(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell and len(cell) <= _LONG_HEAD and _is_heading(cell))


def _get_kind(name: str) -> dict[str, Any]:
    return next(kind for kind in load_lists()["kinds"] if kind["name"] == name)


def _holds_organs(body: Sequence[Sequence[str]], columns: tuple[int, ...]) -> bool:
    """Return whether nearly all values of a column are names of organs."""
    values = [row[x] for row in body for x in columns if x < len(row) and row[x]]
    organ = re.compile(load_lists()["organ"])
    organs = sum(all(map(organ.fullmatch, re.split(r"[、,，;；\s]+", value))) for value in values)
    return bool(values) and organs >= _ORGANS_SHARE * len(values)


def _holds_prose(body: Sequence[Sequence[str]], columns: tuple[int, ...]) -> bool:
    """Return whether nearly all values of a column are sentences."""
    values = [row[x] for row in body for x in columns if x < len(row) and row[x]]
    return bool(values) and sum("。" in value for value in values) >= _ORGANS_SHARE * len(values)


_TEXTS = frozenset({"reply", "opinion", "replied"})
"""Columns that tell what was answered, and when."""


def _read_values(row: Sequence[str], table: TableList, settings: dict[str, Any]) -> dict[str, str]:
    """Return the values of a row by what they are; dates that a sheet keeps as numbers are written as dates."""
    nothing, unanswered, unpublished = (
        re.compile(load_lists()[name]) for name in ("nothing", "unanswered", "unpublished")
    )
    values: dict[str, str] = {}
    for name, columns in table.columns.items():
        cells = [row[x].strip() for x in columns if x < len(row)]
        value = "、".join(cell for cell in cells if cell and not nothing.fullmatch(cell))
        if name in _TEXTS and unanswered.fullmatch(value):
            continue
        if name in _TEXTS and unpublished.fullmatch(value):
            values.setdefault("public", value)
            continue
        if value:
            values[name] = _format_date(value) if name in settings["dates"] else value
    for name in ("handlers", "lead"):
        if name in values and (roles := split_roles(values[name])):
            del values[name]
            lead, co = roles
            if lead:
                values["lead"] = lead
            if co:
                values["co"] = "、".join(filter(None, [values.get("co", ""), co]))
    if "handlers" in values and re.search("[/／]", values["handlers"]):
        lead, _, co = re.sub("／", "/", values.pop("handlers")).partition("/")
        values.setdefault("lead", lead.strip())
        if co.strip() and not nothing.fullmatch(co.strip()):
            values.setdefault("co", co.strip())
    return values


def split_roles(words: str) -> tuple[str, str] | None:
    """Return the lead and the co-handling organs of a cell that says which is which; None if it does not.

    Both forms are read: 主办：甲局；会办：乙局、丙局 and 甲局（主办）、乙局（会办）.
    """
    roles, folded = load_lists()["roles"], simplify(words)
    organs: dict[bool, list[str]] = {True: [], False: []}
    begins = list(re.finditer(roles["before"], folded))
    if begins:
        for m, following in zip(begins, [*begins[1:], None], strict=True):
            value = words[m.end() : following.start() if following else len(words)]
            organs[bool(re.match(roles["lead"], m["role"]))].append(value.strip(" \t\n、,，;；。"))
    else:
        end = 0
        for m in re.finditer(roles["after"], folded):
            value = words[end : m.start()].strip(" \t\n、,，;；。")
            organs[bool(re.match(roles["lead"], m["role"]))].append(value)
            end = m.end()
        rest = words[end:].strip(" \t\n、,，;；。")
        if end and rest:
            organs[False].append(rest)
    if not organs[True] and not organs[False]:
        return None
    return "、".join(filter(None, organs[True])), "、".join(filter(None, organs[False]))


def _format_date(value: str) -> str:
    if m := _SERIAL.fullmatch(value):
        day = _EPOCH + timedelta(days=int(m["n"]))
        return f"{day.year}年{day.month}月{day.day}日"
    if m := _COMPACT.fullmatch(value):
        return f"{m[1]}年{int(m[2])}月{int(m[3])}日"
    return value


class _RowWriter:
    """Writes a row as the page of a portal."""

    def __init__(
        self, out: TextWriter, settings: dict[str, Any], values: dict[str, str], marks: dict[str, str]
    ) -> None:
        self.out, self.settings, self.values = out, settings, values
        self.marks = marks
        """Names of the cells by what they hold."""
        for name in ("lead", "co"):
            if name not in marks and "handlers" in marks:
                marks[name] = marks["handlers"]
            elif name == "co" and name not in marks and "lead" in marks:
                marks[name] = marks["lead"]

    def write_page(self) -> DocumentText:
        number = self.values.get("number", "") if self.settings.get("number_in_title") else ""
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
                self._write_text(name)
        return self.out.finish()

    def _write_value(self, name: str, keep_lines: bool = False) -> None:
        self.out.mark(self.marks.get(name, ""))
        if keep_lines:
            self.out.write_lines(self.values[name])
        else:
            self.out.write(" ".join(self.values[name].split()) + "\n")
        self.out.mark("")

    def _write_text(self, name: str) -> None:
        """Write a text below its heading; an unsigned reply gets the organ that the list names."""
        self.out.write_blank()
        self.out.write_lines(f"{self.settings['labels'][name]}：")
        organ = self.values.get("lead", "") if name == "reply" else ""
        if is_organ(organ) and organ not in self.values[name][-SIGNATURE:]:
            self.out.mark(self.marks.get("lead", ""))
            self.out.write_lines(organ)
        self._write_value(name, keep_lines=True)
