"""A report as a Word document, laid into a template: the package's own, or one of the user with his letterhead.

A template is a .docx file. Paragraphs that hold only a mark are replaced: ``{{title}}``, ``{{about}}``, ``{{state}}``
by words, ``{{tables}}`` and ``{{notes}}`` by tables and notes. Fonts, headings, margins, header and footer are those of
the template; tables take its style ``Report Table`` if it has one, else ``Table Grid``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from kg.errors import UsageError
from kg.files import make_xml_safe
from kg.report.model import Column, Count, Excerpt, ReportContent, Value
from kg.report.texts import Texts
from kg.report.writers.blocks import TableBlock, split_blocks

_TEMPLATE = Path(__file__).parent.parent / "templates" / "report.docx"
_MARKS = ("title", "about", "state", "tables", "notes")
_WIDTHS = {"quote": 5.0, "text": 2.0, "code": 1.5, "amount": 1.7, "count": 1.3}
"""Relative widths of columns by kind; all others have 1."""
_OWN_PAGES = "proposal"
"""What begins a page: the clerk hands on the page of a proposal."""
_STYLES = ("Report Table", "Table Grid")
_EPOCH = datetime(2000, 1, 1)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def render(report: ReportContent, lang: str, template: str = "") -> bytes:
    """Return the bytes of a .docx file; equal reports give equal bytes.

    Args:
        report: the report.
        lang: language of its words.
        template: a .docx file that takes the place of the package's template.

    Raises:
        UsageError: the template cannot be read, or has no paragraph ``{{tables}}``.
    """
    document = _open_template(template)
    texts = Texts(lang)
    words = {
        "title": texts.title(report.name),
        "about": texts.filters(report.filters) or texts.get("words", "everything"),
        "state": texts.get("words", "state", number=report.build.number, last=report.build.last or "–"),
    }
    marks = dict(_find_marks(document))
    if "tables" not in marks:
        raise UsageError(
            f"{template}：模板里没有单独成段的 {{{{tables}}}}",
            f"{template}: the template has no paragraph {{{{tables}}}}",
        )
    for name, text in words.items():
        if name in marks:
            _set_text(marks[name], text)
    _Filler(document, marks["tables"], texts).add_tables(report)
    if "notes" in marks:
        marks["notes"].insert_paragraph_before(texts.get("words", "notes"), style=_find_style(document, "Heading 1"))
        for note in report.notes:
            marks["notes"].insert_paragraph_before(make_xml_safe(texts.note(note)), style=marks["notes"].style)
        _remove(marks["notes"])
    _remove(marks["tables"])
    return _save(document)


def _open_template(template: str) -> Any:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return Document(template or str(_TEMPLATE))
    except (OSError, PackageNotFoundError, KeyError, ValueError) as error:
        raise UsageError(
            f"{template}：不能用作模板，需要 .docx 文件", f"{template}: cannot be used as a template; give a .docx file"
        ) from error


def _find_marks(document: Any) -> Iterator[tuple[str, Any]]:
    for paragraph in document.paragraphs:
        name = paragraph.text.strip().removeprefix("{{").removesuffix("}}").strip()
        if name in _MARKS and paragraph.text.strip().startswith("{{"):
            yield name, paragraph


def _find_style(document: Any, name: str) -> str | None:
    """Return *name* if the template has a style of that name, else None."""
    return name if any(style.name == name for style in document.styles) else None


def _set_text(paragraph: Any, text: str) -> None:
    """Replace the words of a paragraph; they look like its first words."""
    first, *rest = paragraph.runs
    first.text = make_xml_safe(text)
    for run in rest:
        run.text = ""


def _remove(paragraph: Any) -> None:
    paragraph._p.getparent().remove(paragraph._p)


class _Filler:
    """Puts the tables of a report before a paragraph of a document."""

    def __init__(self, document: Any, mark: Any, texts: Texts) -> None:
        self._document, self._mark, self._texts = document, mark, texts
        section = document.sections[0]
        self._room = section.page_width - section.left_margin - section.right_margin
        self._style = next(filter(None, (_find_style(document, name) for name in _STYLES)), None)
        self._headings = [_find_style(document, name) for name in ("Heading 1", "Heading 2")]

    def add_tables(self, report: ReportContent) -> None:
        for table in report.tables:
            self._add_paragraph(self._texts.table(report.name, table.key), self._headings[0])
            for note in table.notes:
                self._add_paragraph(self._texts.note(note), None).paragraph_format.keep_with_next = True
            if not table.rows:
                self._add_paragraph(self._texts.get("words", "empty"), None)
            for position, block in enumerate(split_blocks(table, self._texts)):
                if block.heading:
                    heading = self._add_paragraph(block.heading, self._headings[1])
                    heading.paragraph_format.page_break_before = table.group == _OWN_PAGES and position > 0
                self._add_rows(block)

    def _add_paragraph(self, text: str, style: str | None) -> Any:
        return self._mark.insert_paragraph_before(make_xml_safe(text), style=style)

    def _add_rows(self, block: TableBlock) -> None:
        columns = block.columns
        widths = [0.75, *(_WIDTHS.get(column.kind, 1.0) for column in columns)]
        made = self._document.add_table(rows=1, cols=len(widths), style=self._style)
        made.autofit = False
        titles = [self._texts.get("words", "number"), *(self._texts.column(column.key) for column in columns)]
        head = made.rows[0]
        _repeat_on_pages(head)
        for cell, title in zip(head.cells, titles, strict=True):
            cell.paragraphs[0].add_run(title).bold = True
        for number, cells in block.rows:
            row = made.add_row().cells
            row[0].paragraphs[0].add_run(str(number))
            for cell, (column, value) in zip(row[1:], cells, strict=True):
                self._fill_cell(cell.paragraphs[0], column, value)
        for column, width in zip(made.columns, widths, strict=True):
            size = int(self._room * width / sum(widths))
            column.width = size
            for cell in column.cells:
                cell.width = size
        self._mark._p.addprevious(made._tbl)
        self._add_paragraph("", None)

    def _fill_cell(self, paragraph: Any, column: Column, value: Value) -> None:
        texts = self._texts
        if isinstance(value, Excerpt):
            before, quoted, after = texts.quote(value)
            for words, is_bold in ((before, False), (quoted, bool(before or after)), (after, False)):
                if words:
                    paragraph.add_run(make_xml_safe(words)).bold = is_bold
            paragraph.add_run(make_xml_safe(f"（{texts.place(value)}）")).italic = True
        elif isinstance(value, Count) and value.rows:
            paragraph.add_run(f"{value.number}（{texts.get('words', 'rows', rows=texts.rows(value))}）")
        else:
            paragraph.add_run(make_xml_safe(texts.plain(value, column.kind)))


def _repeat_on_pages(row: Any) -> None:
    """Have the first row of a table stand again on each page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _save(document: Any) -> bytes:
    """Return the bytes of a document without the time of writing."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = "kg report"
    properties.created = properties.modified = _EPOCH
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
