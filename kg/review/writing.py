"""Rows of doubts as a spreadsheet: one sheet a kind, the sentence beside each row, lists to choose decisions from."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from extract.model import ENTITY_KINDS, Kind
from kg.files import write_files
from kg.review.doubts import Row
from kg.review.words import LANGUAGES, both, predicates, say, settings, with_words
from ontology.labels import name_class, name_property

KEY = "key"
"""Heading of the hidden column that says what a row is about."""
_HEAD = PatternFill("solid", fgColor="FF1F4E79")
_FILL = PatternFill("solid", fgColor="FFFFF8DC")
_WRAP = Alignment(wrap_text=True, vertical="top")
_RED = InlineFont(rFont="Calibri", sz=11, color="FFC00000", b=True)
_EDGE = Side(style="thin", color="FFD9D2B0")
_EPOCH = datetime(2000, 1, 1)
"""Date of every file: the same rows give the same bytes."""
_LISTS = "lists"
_LINE = 16.0
"""Points of a line of text."""
_MOST_LINES = 25
"""Lines of a row at most: spreadsheets end at 409 points."""
_LAST = 2000
"""Rows of a sheet for additions that offer lists."""
_FIGURES = (Kind.OBSERVATION, Kind.PROVISION, Kind.TARGET, Kind.CONDITION)


def workbook(rows: Iterable[Row], lang: str = "zh") -> bytes:
    """The bytes of a spreadsheet of *rows*; the same for the same rows.

    Args:
        rows: what :func:`kg.review.doubts` found.
        lang: language of headings.
    """
    book = Workbook()
    book.remove(book.active)
    by_sheet: dict[str, list[Row]] = {name: [] for name in settings()["columns"]}
    for row in rows:
        by_sheet[row.sheet].append(row)
    lists = book.create_sheet(_LISTS)
    _fill_lists(book, lists, lang)
    for name, some in by_sheet.items():
        _sheet(book.create_sheet(say("sheets", name, lang)), name, some, lang)
    _help(book.create_sheet(say("sheets", "help", lang)))
    book.move_sheet(lists, offset=len(book.sheetnames))
    lists.sheet_state = "hidden"
    book.active = 0
    book.properties.creator, book.properties.created, book.properties.modified = "kg review", _EPOCH, _EPOCH
    return _stable(book)


def write(rows: Iterable[Row], path: str | os.PathLike[str], lang: str = "zh") -> None:
    """Write the spreadsheet to *path*, whole or not at all.

    Raises:
        UsageError: the place cannot be written.
    """
    write_files({Path(path): workbook(rows, lang)})


def _sheet(sheet: Worksheet, name: str, rows: Sequence[Row], lang: str) -> None:
    columns: list[str] = settings()["columns"][name]
    filled = {*settings()["fill"]["columns"], *settings()["fill"].get(name, ())}
    for at, column in enumerate([*columns, KEY], 1):
        head = sheet.cell(1, at, KEY if column == KEY else _heading(column, lang))
        head.font, head.fill, head.alignment = Font(bold=True, color="FFFFFFFF"), _HEAD, _WRAP
        sheet.column_dimensions[get_column_letter(at)].width = settings()["heads"].get(column, {}).get("width", 10)
    blank = settings()["doubt"]["blank"] if name == "add" else 0
    for number, row in enumerate([*rows, *[None] * blank], 2):
        for at, column in enumerate(columns, 1):
            cell = sheet.cell(number, at)
            cell.alignment = _WRAP
            if column in filled:
                cell.fill, cell.border = _FILL, Border(_EDGE, _EDGE, _EDGE, _EDGE)
            if row is not None:
                _show(cell, row, column)
        if row is not None:
            sheet.cell(number, len(columns) + 1, _key(row))
            sheet.row_dimensions[number].height = _LINE * max(_lines(sheet.cell(number, at)) for at in _all(columns))
    sheet.row_dimensions[1].height = _LINE * 2
    sheet.column_dimensions[get_column_letter(len(columns) + 1)].hidden = True
    sheet.freeze_panes = sheet.cell(2, 2 if columns[0] == "id" else 1)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    last = max(len(rows) + blank + 1, 2)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    for at, column in enumerate(columns, 1):
        _offer(sheet, name, column, get_column_letter(at), last)


def _all(columns: Sequence[str]) -> range:
    return range(1, len(columns) + 1)


def _lines(cell: Cell) -> int:
    """Lines that a cell's text takes: programs do not measure wrapped text of themselves."""
    width = cell.parent.column_dimensions[cell.column_letter].width * 0.9  # bold characters are wider
    taken = sum(2 if east_asian_width(c) in "WF" else 1 for c in str(cell.value or ""))
    return min(max(1, -(-taken // max(int(width), 1))), _MOST_LINES)


def _heading(column: str, lang: str) -> str:
    own, other = say("heads", column, lang), say("heads", column, LANGUAGES[lang == LANGUAGES[0]])
    return f"{own}\n{other}"


def _show(cell: Cell, row: Row, column: str) -> None:
    if column in row.passages:
        before, said, after = map(_clean, row.passages[column])
        parts = [before, TextBlock(_RED, said), after]
        value: object = CellRichText(*(p for p in parts if str(p))) if said else before + after
    else:
        value = row.id if column == "id" else _clean(row.cells.get(column, ""))
    if value:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # a name that begins with = is no formula


def _clean(text: str) -> str:
    """*text* on one line, without what XML cannot hold."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable() or c == " ")


def _key(row: Row) -> str:
    about = asdict(row.about)
    kept = {k: str(v) for k, v in about.items() if v and k not in ("verdict", "value", "note")}
    place, sources = row.unplaced
    more = {"place": place, "sources": list(sources)} if place else {}
    return json.dumps({"id": row.id, "sheet": row.sheet, **kept, **more}, ensure_ascii=False, sort_keys=True)


# lists to choose from


def _fill_lists(book: Workbook, sheet: Worksheet, lang: str) -> None:
    """A hidden sheet with what the cells offer, as named ranges: inline lists may hold 255 characters only."""
    lists: dict[str, list[str]] = {}
    for name in settings()["columns"]:
        lists[f"{name}_decision"] = [both("verdicts", v) for v in settings()["offers"][name]]
        if name in settings()["slots"]:
            lists[f"{name}_slot"] = [both("slot_words", s) for s in settings()["slots"][name]]
        if name in settings()["what"]:
            lists[f"{name}_what"] = [both("whats", w) for w in settings()["what"][name]]
    lists["kinds"] = [with_words(k.value, name_class(k.value, lang)) for k in (*sorted(ENTITY_KINDS), *_FIGURES)]
    documents = (Kind.PROPOSAL, Kind.LEAD_REPLY, Kind.CO_OPINION)
    lists["kinds"] += [with_words(k.value, name_class(k.value, lang)) for k in documents]
    lists["predicates"] = [with_words(p, name_property(p, lang)) for p in predicates()]
    for at, (name, values) in enumerate(lists.items(), 1):
        for number, value in enumerate(values, 1):
            sheet.cell(number, at, value)
        letter = get_column_letter(at)
        book.defined_names[name] = DefinedName(name, attr_text=f"{_LISTS}!${letter}$1:${letter}${len(values)}")


def _offer(sheet: Worksheet, name: str, column: str, letter: str, last: int) -> None:
    lists = {
        "decision": f"{name}_decision",
        "slot": f"{name}_slot" if name in settings()["slots"] else "",
        "what": f"{name}_what" if name in settings()["what"] else "",
    }
    if name in settings()["what"]:
        lists |= {"kind": "kinds", "object_kind": "kinds", "predicate": "predicates"}
    chosen = lists.get(column, "")
    if chosen:
        # only decisions are a closed list: other cells may hold what is not in it
        closed = column in ("decision", "slot", "what")
        offer = DataValidation("list", formula1=f"={chosen}", allow_blank=True, showErrorMessage=closed)
        offer.add(f"{letter}2:{letter}{max(last, _LAST) if name == 'add' else last}")
        sheet.add_data_validation(offer)


def _help(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 70
    for number, line in enumerate(settings()["help"]["lines"], 1):
        for at, lang in enumerate(LANGUAGES, 1):
            cell = sheet.cell(number, at, line[lang])
            cell.alignment = _WRAP
        sheet.row_dimensions[number].height = _LINE * max(_lines(sheet.cell(number, at)) for at in (1, 2))


def _stable(book: Workbook) -> bytes:
    """The file's bytes without the time of writing, which openpyxl puts into its members."""
    raw = io.BytesIO()
    book.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _timeless(data)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _timeless(data: bytes) -> bytes:
    stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
