"""A report as CSV: its tables one below the other, each with its title; text is never run as a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

from kg.graph.result import FORMULA_SIGNS
from kg.report.model import ReportContent
from kg.report.texts import Texts
from kg.report.writers.flat import Cell, flatten_table


def render(report: ReportContent, lang: str) -> bytes:
    """Return the tables of *report*, separated by an empty line, in UTF-8 with the mark that spreadsheets need."""
    texts, out = Texts(lang), io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for position, table in enumerate(report.tables):
        if position:
            writer.writerow([])
        if len(report.tables) > 1:
            writer.writerow([f"# {texts.table(report.name, table.key)}"])
        flat = flatten_table(report.name, table, texts)
        writer.writerow(flat.titles)
        writer.writerows([_format_cell(cell) for cell in row] for row in flat.rows)
    writer.writerow([])
    for note in report.notes:
        writer.writerow([f"# {texts.note(note)}"])
    return out.getvalue().encode("utf-8-sig")


def _format_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
    return str(cell)
