"""The proposals of a session, given as a list, against what was read: which have a reply, and where was looked."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.text.normalize import number_key, title_key
from kg.errors import UsageError
from kg.report.facts import Facts
from kg.report.model import Chart, Code, Column, Count, Filters, Note, Row, Table
from kg.report.proposals import ProposalInfo, list_proposals
from kg.report.wording import load_patterns
from kg.store.records import read_records

FILTERS = ("session",)
_STATES = (
    "ReplyFound",
    "ReplyNotPublished",
    "ReplyElsewhere",
    "ReplyNotDue",
    "ReplyUnreadable",
    "NoReplyFound",
    "not-in-store",
    "ambiguous",
)
_STANDARD_INPUT, _NO_FOLDER = "-", "…"
"""What a record says of standard input; what is shown for the folder of a file that is not known."""
_DETAILS = "proposals"
_MOST_BYTES = 50_000_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_COLUMNS = (
    Column("listRow", "number"), Column("number"), Column("title"), Column("state", "code"), Column("foundBy", "code"),
    Column("agency"), Column("replied", "date"), Column("opinions", "number"), Column("quote", "quote"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Listed:
    """A row of the list."""

    row: int
    number: str
    title: str


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report.

    Raises:
        UsageError: no list is given, or it cannot be read.
    """
    listed = read_list(filters.session)
    known = list_proposals(facts, Filters())
    by_number, by_title = _index(known, lambda p: number_key(p.number)), _index(known, lambda p: title_key(p.title))
    rows, states = [], defaultdict(list)
    for position, one in enumerate(listed, 1):
        found, how = _find(one, by_number, by_title)
        state = "ambiguous" if len(found) > 1 else (found[0].state or "NoReplyFound") if found else "not-in-store"
        states[state].append(position)
        rows.append(_make_row(facts, one, found[0] if len(found) == 1 else None, state, how))
    details = Table(_DETAILS, _COLUMNS, tuple(rows))
    counts = [Count(len(states[key]), _DETAILS, tuple(states[key])) for key in _STATES]
    columns = (Column("listFile"), Column("listed", "number"), *(Column(key, "count") for key in _STATES))
    summary = Table("summary", columns, (Row((Path(filters.session).name, len(listed), *counts)),),
                    chart=Chart("listFile", _STATES, (0, 1, 1, 3, 4, 2, 3, 3)))  # fmt: skip
    notes = (
        Note("session.looked", {"n": len(listed), "known": len(known)}),
        Note("session.silence"),
        Note("session.unpublished"),
    )
    return (summary, details, _list_places(facts)), notes


def read_list(name: str) -> list[_Listed]:
    """Return the proposals of a list (.xlsx, .csv): rows with a number or a title.

    Raises:
        UsageError: the file is not given, cannot be read, or has no column of numbers or titles.
    """
    if not name:
        raise UsageError("请用 --session 给出清单（.xlsx 或 .csv）", "give the list with --session (.xlsx or .csv)")
    try:
        rows = _read_rows(Path(name))
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise UsageError(f"{name}：读不了这份清单（{error}）", f"{name}: the list cannot be read ({error})") from error
    heads = load_patterns()["session"]
    for at, row in enumerate(rows):
        number, title = (_find_column(row, heads[key]) for key in ("number", "title"))
        if number is not None or title is not None:
            found = (
                _Listed(at + 2 + i, _get(cells, number), _get(cells, title)) for i, cells in enumerate(rows[at + 1 :])
            )
            return [one for one in found if one.number or one.title]
    raise UsageError(
        f"{name}：没有找到编号或标题一列（列名如：编号、提案号、标题、案由）",
        f"{name}: no column of numbers or titles (with a head such as 编号, 提案号, 标题, 案由)",
    )


def _read_rows(path: Path) -> list[list[str]]:
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("too large")
    if path.suffix.lower() == ".csv":
        data = path.read_bytes()
        for encoding in _ENCODINGS:
            try:
                return [list(row) for row in csv.reader(io.StringIO(data.decode(encoding)))]
            except UnicodeDecodeError:
                continue
        raise ValueError("encoding")
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile) as error:
        raise ValueError(str(error)) from error
    return [[_print_cell(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]


def _print_cell(cell: Any) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _find_column(row: Iterable[str], names: list[str]) -> int | None:
    heads = ["".join(cell.split()).lower() for cell in row]
    return next((heads.index(name) for name in names if name in heads), None)


def _get(cells: list[str], column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""


def _index(proposals: Iterable[ProposalInfo], key: Any) -> dict[str, list[ProposalInfo]]:
    found: dict[str, list[ProposalInfo]] = defaultdict(list)
    for proposal in proposals:
        if words := key(proposal):
            found[words].append(proposal)
    return found


def _find(
    one: _Listed, by_number: dict[str, list[ProposalInfo]], by_title: dict[str, list[ProposalInfo]]
) -> tuple[list[ProposalInfo], str]:
    """Return the proposals that a row can mean, and by what: number and title, number, or title.

    A number that another session uses, too, counts only with the title.
    """
    numbered = by_number.get(number_key(one.number), []) if one.number else []
    titled = by_title.get(title_key(one.title), []) if one.title else []
    both = [proposal for proposal in numbered if proposal in titled]
    if both:
        return both, "by-both"
    if titled and not numbered:
        return titled, "by-title"
    if numbered and not titled:
        # the title in the store is another one: a number alone is not enough
        plain = [p for p in numbered if not one.title or not title_key(p.title) or p.number in p.title]
        return plain, "by-number"
    return [*numbered, *titled], "by-number"


def _make_row(facts: Facts, one: _Listed, proposal: ProposalInfo | None, state: str, how: str) -> Row:
    if proposal is None:
        return Row((one.row, one.number, one.title, Code(state), None, None, None, None, None))
    reply = proposal.replies[0] if proposal.replies else ""
    quote = facts.quote(reply) if reply else facts.quote(proposal.iri)
    agency = facts.names(facts.agencies(reply) if reply else proposal.leads)
    return Row((one.row, one.number or proposal.number, one.title or proposal.title, Code(state), Code(how), agency,
                facts.day(reply) if reply else None, len(proposal.opinions), quote))  # fmt: skip


def _list_places(facts: Facts) -> Table:
    """Return where was looked: the files and addresses that were read, by folder, with their number."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for record in read_records(facts.store).values():
        folder, slash, _ = record.origin.rpartition("/")
        if not slash and record.origin != _STANDARD_INPUT:  # a served store has only the names of files
            folder = _NO_FOLDER
        found[folder]["failed" if record.failure else "read"] += 1
        found[folder][f"last {record.read[:10]}"] += 0
    rows = tuple(
        Row((folder, some["read"], some["failed"], max(key[5:] for key in some if key.startswith("last "))))
        for folder, some in sorted(found.items())
    )
    return Table(
        "looked", (Column("where"), Column("read", "number"), Column("failed", "number"), Column("readUntil")), rows
    )
