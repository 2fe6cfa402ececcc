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
from extract.text.normalize import print_line
from kg.files import write_files
from kg.review.doubt import Doubt
from kg.review.wording import LANGUAGES, format_name, get_both, get_text, list_predicates, load_settings
from ontology.labels import name_class, name_property

KEY_HEADING = "key"
"""Heading of the hidden column that identifies what a row is about."""
_HEAD = PatternFill("solid", fgColor="FF1F4E79")
_FILL = PatternFill("solid", fgColor="FFFFF8DC")
_WRAP = Alignment(wrap_text=True, vertical="top")
_RED = InlineFont(rFont="Calibri", sz=11, color="FFC00000", b=True)
_EDGE = Side(style="thin", color="FFD9D2B0")
_EPOCH = datetime(2000, 1, 1)
"""Date of every file, so that equal rows give equal bytes."""
_LISTS = "lists"
_LINE_HEIGHT = 16.0
"""Height of a line of text in points."""
_MOST_LINES = 25
"""Most lines of a row: spreadsheets allow 409 points."""
_LAST_ROW = 2000
"""Last row with lists to choose from in the sheet for additions."""
_FIGURES = (Kind.OBSERVATION, Kind.PROVISION, Kind.TARGET, Kind.CONDITION)
_DOCUMENTS = (Kind.PROPOSAL, Kind.LEAD_REPLY, Kind.CO_OPINION)


def make_spreadsheet(rows: Iterable[Doubt], lang: str = "zh") -> bytes:
    """Return the bytes of a spreadsheet of *rows*; equal rows give equal bytes.

    Args:
        rows: the result of :func:`kg.review.doubts.find_doubts`.
        lang: language of the headings.
    """
    book = Workbook()
    book.remove(book.active)
    by_sheet: dict[str, list[Doubt]] = {name: [] for name in load_settings()["columns"]}
    for row in rows:
        by_sheet[row.sheet].append(row)
    lists = book.create_sheet(_LISTS)
    _fill_lists(book, lists, lang)
    for name, sheet_rows in by_sheet.items():
        _fill_sheet(book.create_sheet(get_text("sheets", name, lang)), name, sheet_rows, lang)
    _fill_help(book.create_sheet(get_text("sheets", "help", lang)))
    book.move_sheet(lists, offset=len(book.sheetnames))
    lists.sheet_state = "hidden"
    book.active = 0
    book.properties.creator, book.properties.created, book.properties.modified = "kg review", _EPOCH, _EPOCH
    return _save_without_time(book)


def write_spreadsheet(rows: Iterable[Doubt], path: str | os.PathLike[str], lang: str = "zh") -> None:
    """Write the spreadsheet to *path*, as a whole or not at all.

    Raises:
        UsageError: *path* cannot be written.
    """
    write_files({Path(path): make_spreadsheet(rows, lang)})


def _fill_sheet(sheet: Worksheet, name: str, rows: Sequence[Doubt], lang: str) -> None:
    settings = load_settings()
    columns: list[str] = settings["columns"][name]
    to_fill_in = {*settings["fill"]["columns"], *settings["fill"].get(name, ())}
    for number, column in enumerate([*columns, KEY_HEADING], 1):
        head = sheet.cell(1, number, KEY_HEADING if column == KEY_HEADING else _make_heading(column, lang))
        head.font, head.fill, head.alignment = Font(bold=True, color="FFFFFFFF"), _HEAD, _WRAP
        sheet.column_dimensions[get_column_letter(number)].width = settings["heads"].get(column, {}).get("width", 10)
    blank = settings["doubt"]["blank"] if name == "add" else 0
    for row_number, row in enumerate([*rows, *[None] * blank], 2):
        cells = [sheet.cell(row_number, number) for number in range(1, len(columns) + 1)]
        for cell, column in zip(cells, columns, strict=True):
            cell.alignment = _WRAP
            if column in to_fill_in:
                cell.fill, cell.border = _FILL, Border(_EDGE, _EDGE, _EDGE, _EDGE)
            if row is not None:
                _fill_cell(cell, row, column)
        if row is not None:
            sheet.cell(row_number, len(columns) + 1, make_key(row))
            sheet.row_dimensions[row_number].height = _LINE_HEIGHT * max(map(_estimate_lines, cells))
    sheet.row_dimensions[1].height = _LINE_HEIGHT * 2
    sheet.column_dimensions[get_column_letter(len(columns) + 1)].hidden = True
    sheet.freeze_panes = sheet.cell(2, 2 if columns[0] == "id" else 1)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    last = max(len(rows) + blank + 1, 2)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    for number, column in enumerate(columns, 1):
        _add_choices(sheet, name, column, get_column_letter(number), last)


def _estimate_lines(cell: Cell) -> int:
    """Return the number of lines of the text of a cell: programs do not measure wrapped text themselves."""
    width = cell.parent.column_dimensions[cell.column_letter].width * 0.9  # bold characters are wider
    text_width = sum(2 if east_asian_width(char) in "WF" else 1 for char in str(cell.value or ""))
    return min(max(1, -(-text_width // max(int(width), 1))), _MOST_LINES)


def _make_heading(column: str, lang: str) -> str:
    own, other = get_text("heads", column, lang), get_text("heads", column, LANGUAGES[lang == LANGUAGES[0]])
    return f"{own}\n{other}"


def _fill_cell(cell: Cell, row: Doubt, column: str) -> None:
    if column in row.passages:
        before, words, after = map(_clean_text, row.passages[column])
        parts = [before, TextBlock(_RED, words), after]
        value: object = CellRichText(*(part for part in parts if str(part))) if words else before + after
    else:
        value = row.id if column == "id" else _clean_text(row.cells.get(column, ""))
    if value:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # a name that begins with = must not become a formula


def _clean_text(text: str) -> str:
    """Return *text* on one line, without characters that XML does not allow."""
    return "".join(char for char in print_line(text) if char.isprintable() or char == " ")


def make_key(row: Doubt) -> str:
    """Return the JSON of the hidden column: what the row is about."""
    fields = asdict(row.about)
    about = {name: str(value) for name, value in fields.items() if value and name not in ("verdict", "value", "note")}
    place, sources = row.missing_place
    missing = {"place": place, "sources": list(sources)} if place else {}
    return json.dumps({"id": row.id, "sheet": row.sheet, **about, **missing}, ensure_ascii=False, sort_keys=True)


# lists to choose from


def _fill_lists(book: Workbook, sheet: Worksheet, lang: str) -> None:
    """Fill a hidden sheet with the lists of choices, as named ranges: an inline list has at most 255 characters."""
    settings = load_settings()
    lists: dict[str, list[str]] = {}
    for name in settings["columns"]:
        lists[f"{name}_decision"] = [get_both("verdicts", verdict) for verdict in settings["offers"][name]]
        if name in settings["slots"]:
            lists[f"{name}_slot"] = [get_both("slot_words", slot) for slot in settings["slots"][name]]
        if name in settings["what"]:
            lists[f"{name}_what"] = [get_both("whats", topic) for topic in settings["what"][name]]
    kinds = [kind.value for kind in (*sorted(ENTITY_KINDS), *_FIGURES, *_DOCUMENTS)]
    lists["kinds"] = [format_name(kind, name_class(kind, lang)) for kind in kinds]
    lists["predicates"] = [format_name(name, name_property(name, lang)) for name in list_predicates()]
    for column_number, (name, values) in enumerate(lists.items(), 1):
        for number, value in enumerate(values, 1):
            sheet.cell(number, column_number, value)
        letter = get_column_letter(column_number)
        book.defined_names[name] = DefinedName(name, attr_text=f"{_LISTS}!${letter}$1:${letter}${len(values)}")


def _add_choices(sheet: Worksheet, name: str, column: str, letter: str, last: int) -> None:
    """Give the cells of a column a list of choices, if there is one.

    Args:
        sheet: the sheet.
        name: key of the sheet in ``review.toml``.
        column: key of the column.
        letter: letter of the column.
        last: number of the last row.
    """
    lists = {"decision": f"{name}_decision"}
    if name in load_settings()["slots"]:
        lists["slot"] = f"{name}_slot"
    if name in load_settings()["what"]:
        lists |= {"what": f"{name}_what", "kind": "kinds", "object_kind": "kinds", "predicate": "predicates"}
    if column in lists:
        # the other columns may contain values that are not in the list
        is_closed = column in ("decision", "slot", "what")
        choices = DataValidation("list", formula1=f"={lists[column]}", allow_blank=True, showErrorMessage=is_closed)
        choices.add(f"{letter}2:{letter}{max(last, _LAST_ROW) if name == 'add' else last}")
        sheet.add_data_validation(choices)


def _fill_help(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 70
    for number, line in enumerate(load_settings()["help"]["lines"], 1):
        cells = [sheet.cell(number, i, line[lang]) for i, lang in enumerate(LANGUAGES, 1)]
        for cell in cells:
            cell.alignment = _WRAP
        sheet.row_dimensions[number].height = _LINE_HEIGHT * max(map(_estimate_lines, cells))


def _save_without_time(book: Workbook) -> bytes:
    """Return the bytes of the file with fixed times instead of the time of writing, which openpyxl puts into it."""
    raw = io.BytesIO()
    book.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _replace_time(data)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _replace_time(data: bytes) -> bytes:
    stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
