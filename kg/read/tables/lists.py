"""Lists in tables: proposals, messages of citizens, policy documents; each row is written like the page of a portal.

The words at the heads of the columns (``lists.toml``) decide what a table lists and what its columns hold. A table in
traditional characters is found by its words in simplified ones, and written with its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from extract.text.signs import is_traditional, simplify
from kg.read.tables.grid import Headings, TableGrid, count_values, squeeze
from kg.read.tables.merging import merge_rows
from kg.read.tables.organs import get_lazy_organ, load_lists, split_organs
from kg.read.tables.row_pages import RowWriter
from kg.read.tables.rows import ListColumns, RowContent, read_row
from kg.read.values import DocumentText, TextWriter

_LONG_HEAD = 24
"""Largest number of characters of a column's heading."""
_VALUE = re.compile(r"\d{3}|^关于.*(?:提案|建议|议案)$")
"""Words that are never the heading of a column."""
_FORM_ROWS = 3
_HANDLING = frozenset({"lead", "co", "handlers", "opinion", "reply"})
"""What a further row of a proposal holds."""
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
    organs: dict[int, str] = field(default_factory=dict)
    """By index of a column of opinions, the organ in its heading (甲局会办意见)."""
    heads: dict[str, str] = field(default_factory=dict)
    """The headings of the columns, by what they hold."""
    labels: dict[str, str] = field(default_factory=dict)
    """The printed headings of a table in traditional characters, by what the columns hold; else empty."""


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
    used = set[str]()
    groups, skipped = _group_rows(table, grid, place)
    left_out = (*table.left_out, *_name_unread(table, [row for _, rows in groups for row in rows]))
    for y, rows in groups:
        content = merge_rows(rows)
        values = content.values
        if "session" in settings["columns"] and session and session["s"]:
            values.setdefault("session", table.title[slice(*session.span("s"))])
        number = values.get("number", "")
        name = number if re.fullmatch(load_lists()["number"], number) and number not in used else f"第{y}行"
        used.add(name)
        out = TextWriter(kind, encoding)
        if left_out:
            out.warn(f"columns:{'、'.join(left_out)}")
            left_out = ()
        if skipped:
            out.warn(f"rows:{'、'.join(skipped)}")
            skipped = []
        if content.impossible:
            out.warn(f"dates:{'、'.join(content.impossible)}")
        printed = dict(table.labels)
        if "co" in values and "co" not in table.columns:  # the heading stands for both
            printed.pop("lead", None)
        labelled = settings | {"labels": settings["labels"] | printed}
        yield name, RowWriter(out, labelled, content).write_page()


def _name_unread(table: TableList, rows: Sequence[RowContent]) -> Iterator[str]:
    """Yield the headings of the columns with cells that were not understood, each with the names of these cells."""
    most = load_lists()["most_unread"]
    for name in table.columns:
        if cells := [row.cells[name] for row in rows if name in row.unread]:
            more = "…" if len(cells) > most else ""
            yield f"{(table.heads | table.labels)[name]}（{'、'.join(cells[:most])}{more}）"


def _group_rows(table: TableList, grid: TableGrid, place: str) -> tuple[list[tuple[int, list[RowContent]]], list[str]]:
    """Return the rows of each proposal, message or document of a list, with the number of the first one.

    Also return the names of the rows that are none of these, and hold several values.
    """
    settings = _get_kind(table.kind)
    columns = ListColumns(settings, table.columns, table.organs)
    groups: dict[tuple[str, ...], tuple[int, list[RowContent]]] = {}
    last: list[RowContent] = []
    skipped: list[str] = []
    texts = {x for name in settings["texts"] for x in table.columns.get(name, ())}
    above: list[str] = []
    for y, printed in grid.fill_down().items():
        if y < table.first_row:
            continue
        row = above = _repeat(printed, above, texts)
        content = read_row(row, y, columns, place)
        held = {*content.values, *content.statements}
        if _count_headings([simplify(cell) for cell in row] if table.labels else row) > len(held) / 2:
            continue  # the head, printed again
        if table.kind == "proposals" and last and not content.names_proposal and last[0].names_proposal:
            if held & _HANDLING:
                last.append(content)  # one more organ of the proposal above
            elif len(held) > 1:
                skipped.append(f"第{y}行")
            continue
        if _is_total(content, table):
            continue
        if not (set(settings["needed"]) & held or _has_only_number(content, table)):
            if len(held) > 1:
                skipped.append(f"第{y}行")
            continue
        number, title = (content.values.get(name, "") for name in ("number", "title"))
        key = (number, title) if table.kind == "proposals" and number and title else (f"{y}",)
        _, last = groups.setdefault(key, (y, []))
        last.append(content)
    return list(groups.values()), skipped


def _repeat(row: Sequence[str], above: Sequence[str], texts: set[int]) -> list[str]:
    """Return a row with the cells above in place of 同上, but not in the columns of *texts*: no letter stands twice."""
    same = re.compile(load_lists()["same"])
    return [
        above[x] if x < len(above) and x not in texts and same.fullmatch(simplify(cell.strip())) else cell
        for x, cell in enumerate(row)
    ]


def _has_only_number(content: RowContent, table: TableList) -> bool:
    """Whether a row names its proposal by its number alone, and says who handles it."""
    number = simplify(content.values.get("number", ""))
    is_number = table.kind == "proposals" and re.fullmatch(load_lists()["number"], number) is not None
    return is_number and bool(_HANDLING & {*content.values, *content.statements})


def _is_total(content: RowContent, table: TableList) -> bool:
    """Return whether a row counts the rows above it, or heads those below it."""
    values = content.values
    only_title = set(values) == {"title"} and not content.statements and "number" in table.columns
    return only_title or re.fullmatch(load_lists()["total"], simplify(values.get("title", ""))) is not None


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
    if "role" in columns and not _holds_roles(body, columns["role"]):
        del columns["role"]
    columns, organs = _add_opinions_of_organs(headings, columns, body, kind)
    taken = {x for xs in columns.values() for x in xs}
    left_out = [
        "".join(words)
        for x, words in enumerate(headings)
        if x not in taken and words and any(x < len(row) and row[x] for row in body)
        and not re.fullmatch(load_lists()["unreported"], "".join(words))
    ]  # fmt: skip
    heads = {name: "".join(headings[xs[0]]) for name, xs in columns.items()}
    return TableList(kind, first_row, title, columns, tuple(dict.fromkeys(left_out)), organs, heads)


def _add_opinions_of_organs(
    headings: Headings, columns: dict[str, tuple[int, ...]], body: Sequence[Sequence[str]], kind: str
) -> tuple[dict[str, tuple[int, ...]], dict[int, str]]:
    """Return the columns with those that are headed by an organ (甲局会办意见, 甲局意见), and by index the organ.

    甲局意见 is the column of an opinion if the list names that organ as one that joins in.
    """
    if kind != "proposals":
        return columns, {}
    pattern = re.compile(load_lists()["opinion_of"].replace("{organ}", get_lazy_organ()))
    joining = {name for row in body for x in columns.get("co", ()) if x < len(row) for name in split_organs(row[x])}
    others = {x for name, xs in columns.items() if name != "opinion" for x in xs}
    organs = {
        x: m["organ"]
        for x, words in enumerate(headings)
        if x not in others and (m := pattern.fullmatch("".join(words))) and (m["joins"] or m["organ"] in joining)
    }
    opinions = tuple(sorted({*columns.get("opinion", ()), *organs}))
    return (columns | {"opinion": opinions} if opinions else columns), organs


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
    if "identity" in kind and not any(name in columns for name in kind["identity"]):
        enough = enough and any(_compile(kind["identity_marks"]).search(word) for word in whole)
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
    organs = sum(all(map(organ.fullmatch, split_organs(value))) for value in values)
    return bool(values) and organs >= _ORGANS_SHARE * len(values)


def _holds_roles(body: Sequence[Sequence[str]], columns: tuple[int, ...]) -> bool:
    """Return whether nearly all values of a column say what an organ does for a proposal."""
    values = [simplify(row[x]) for row in body for x in columns if x < len(row) and row[x]]
    roles = sum(re.fullmatch(load_lists()["role"], squeeze(value)) is not None for value in values)
    return roles >= _ORGANS_SHARE * len(values)


def _holds_prose(body: Sequence[Sequence[str]], columns: tuple[int, ...]) -> bool:
    """Return whether nearly all values of a column are sentences."""
    values = [row[x] for row in body for x in columns if x < len(row) and row[x]]
    return bool(values) and sum("。" in value for value in values) >= _ORGANS_SHARE * len(values)
