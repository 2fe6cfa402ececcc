"""Word documents: paragraphs and tables in their order, with generated numbers, text boxes, notes and headers.

The XML itself (ECMA-376) is read, because libraries leave out the order, the generated numbers and the notes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from xml.etree.ElementTree import Element

from kg.read.formats import compile_pattern
from kg.read.office.numbering import ParagraphNumbers, W
from kg.read.office.package import OfficePackage
from kg.read.office.wordxml import Parts, modernize, read_word_xml
from kg.read.tables import Cell, read_listed, write_table
from kg.read.values import DocumentText, Limits, NamedText, ReadError, TextWriter

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = frozenset(
    {W + "del", W + "moveFrom", W + "instrText", W + "delText", _MC + "Fallback", W + "rPr", W + "pPr", W + "sectPr"}
)
_HEADER_PART = re.compile(r"word/(?:header|footer)\d*\.xml")
_PAGE_FIELD = re.compile(r"[\s\d—–\-/第共页]*")
_MOST_COLUMNS = 200
_ENDS_WORD = re.compile(r"[A-Za-z0-9]$")
_BEGINS_WORD = re.compile(r"[A-Za-z0-9]")


def read_docx(data: bytes, limits: Limits) -> list[NamedText]:
    """Return the texts of a .docx document, or of a Word document that is one XML file.

    There is one text, or one for each proposal that a table lists, after its name.

    Raises:
        ReadError: damaged, encrypted, hostile, or not a Word document.
    """
    package: Parts = OfficePackage(data, limits) if data.startswith(b"PK") else read_word_xml(data)
    root = package.read_part("word/document.xml")
    if root is None:
        name = next((part for part in package.list_names() if part.endswith("document.xml")), "")
        root = package.read_part(name) if name else None
    body = modernize(root).find(W + "body") if root is not None else None
    if body is None:
        raise ReadError("不是 Word 文档（缺少正文部分）", "not a Word document (it has no text part)")
    writer = _DocumentWriter(package)
    document = writer.write_document(body)
    only_listed = writer.listed and not compile_pattern("html", "prose_end").search(document.text)
    return writer.listed if only_listed else [("", document), *writer.listed]


class _DocumentWriter:
    """Writes the lines of a document."""

    def __init__(self, package: Parts) -> None:
        self.package = package
        self.out = TextWriter("docx")
        self.numbers = ParagraphNumbers(self.read_part("word/numbering.xml"), self.read_part("word/styles.xml"))
        self.tables = 0
        self.last_line = ""
        self.listed: list[NamedText] = []
        """The texts of the rows of lists, after their names."""
        self.notes: list[tuple[str, str]] = []

    def read_part(self, name: str) -> Element | None:
        root = self.package.read_part(name)
        return modernize(root) if root is not None else None

    def write_document(self, body: Element) -> DocumentText:
        for line in self.read_headers():
            self.out.write_lines(line)
        self.write_blocks(body)
        self.write_notes()
        document = self.out.finish()
        return replace(document, text=document.text.rstrip("\n") + "\n" if document.text.strip() else "")

    def write_blocks(self, parent: Element) -> None:
        for child in parent:
            if child.tag == W + "p":
                self.write_paragraph(child)
            elif child.tag == W + "tbl":
                self.write_table_element(child)
            elif child.tag not in _SKIPPED:
                self.write_blocks(child)  # content controls, tracked insertions, alternative content

    def write_paragraph(self, element: Element) -> None:
        number = self.numbers.number_paragraph(element)
        text = self.read_text(element)
        if number and text.strip():
            self.out.count("number")
            gap = " " if _ENDS_WORD.search(number) and _BEGINS_WORD.match(text) else ""
            text = number + gap + text.lstrip()
        if text.strip():
            self.out.write_lines(text)
            self.last_line = text.strip()
        elif len(self.out):
            self.out.write_blank()
        for box in _find_boxes(element):
            self.write_blocks(box)

    def write_table_element(self, element: Element) -> None:
        title = self.last_line
        rows = self.read_rows(element)
        self.last_line = title
        if len(rows) == 1 and len(rows[0]) == 1:
            self.out.write_lines(rows[0][0].text)  # a frame around text
            return
        self.tables += 1
        place = f"表{self.tables} "
        listed = read_listed(rows, "docx", "", place, title)
        self.listed += listed
        if not listed:
            write_table(self.out, rows, place)

    def read_rows(self, element: Element) -> list[list[Cell]]:
        """Return the cells of a table by row; a cell that is merged with the one above it extends that one."""
        rows: list[list[Cell]] = []
        above: dict[int, tuple[int, int]] = {}  # column → row and index of the cell that the next one can extend
        for y, row in enumerate(_find_children(element, "tr")):
            before = row.find(f"{W}trPr/{W}gridBefore")
            column = _read_count(before, 0)
            cells = [Cell("", columns=column)] if column else []
            for child in _find_children(row, "tc"):
                width = _read_count(child.find(f"{W}tcPr/{W}gridSpan"), 1)
                merge = child.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and merge.get(W + "val") != "restart" and column in above:
                    top, index = above[column]
                    rows[top][index] = replace(rows[top][index], rows=y - top + 1)
                else:
                    above[column] = (y, len(cells))
                    cells.append(Cell(self.read_cell(child), columns=width))
                column += width
            rows.append(cells)
        return rows

    def read_cell(self, element: Element) -> str:
        outer, self.out = self.out, TextWriter("docx")
        tables = self.tables
        try:
            self.write_blocks(element)
            text = self.out.finish().text.strip()
        finally:
            outer.changes.update(self.out.changes)
            self.out, self.tables = outer, tables
        return re.sub(r"\n+", "\n", text)

    def read_text(self, element: Element) -> str:
        """Return the printed text of a paragraph; references to notes are collected."""
        texts: list[str] = []
        for node in _find_printed(element):
            if node.tag == W + "t":
                texts.append(node.text or "")
            elif node.tag == W + "tab":
                texts.append(" ")
            elif node.tag in (W + "br", W + "cr"):
                if node.get(W + "type") not in ("page", "column"):
                    texts.append("\n")
            elif node.tag == W + "sym":
                texts.append(_read_symbol(node))
            elif node.tag == W + "noBreakHyphen":
                texts.append("-")
            elif node.tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = "footnote" if "footnote" in node.tag else "endnote"
                self.notes.append((kind, node.get(W + "id") or ""))
        return "".join(texts).replace("\xa0", " ").replace("\u200b", "").replace("\xad", "").replace("\r", "")

    def write_notes(self) -> None:
        if not self.notes:
            return
        roots = {kind: self.read_part(f"word/{kind}s.xml") for kind in {kind for kind, _ in self.notes}}
        references, self.notes = self.notes, []  # notes in notes are not read
        self.out.write_blank()
        for number, (kind, ident) in enumerate(dict.fromkeys(references), 1):
            root = roots[kind]
            for note in root.iter(W + kind) if root is not None else ():
                if note.get(W + "id") == ident:
                    text = " ".join(self.read_text(paragraph).strip() for paragraph in note.iter(W + "p"))
                    if text.strip():
                        self.out.count("note")
                        self.out.write_lines(f"注{number}：{text.strip()}")

    def read_headers(self) -> list[str]:
        """Return the lines of page headers without page numbers; page numbers and page footers are counted."""
        lines: list[str] = []
        for name in sorted(filter(_HEADER_PART.fullmatch, self.package.list_names())):
            root = self.read_part(name)
            for paragraph in root.iter(W + "p") if root is not None else ():
                text = self.read_text(paragraph).strip()
                if not text:
                    continue
                if "header" in name and not _PAGE_FIELD.fullmatch(text):
                    lines.append(text)
                else:
                    self.out.count("running_head")
        return list(dict.fromkeys(lines))


@cache
def _load_symbols() -> dict[str, dict[str, str]]:
    return tomllib.loads((files(__package__) / "symbols.toml").read_text(encoding="utf-8"))


def _read_symbol(node: Element) -> str:
    """Return a sign that is taken from a font: its sign in Unicode; empty for an ornament."""
    code, font = node.get(W + "char", ""), node.get(W + "font", "")
    if not re.fullmatch("[0-9A-Fa-f]{1,6}", code):
        return ""
    number = int(code, 16)
    is_private = 0xE000 <= number <= 0xF8FF  # fonts of signs keep them at F000 and above
    if symbols := _load_symbols().get(font):
        return symbols.get(f"{number & 0xFF:02X}", "")
    if is_private:
        return chr(number & 0xFF) if 0x20 <= number & 0xFF < 0x7F and not font.startswith("Wing") else ""
    return chr(number) if 0x20 <= number <= 0x2FFFF and not 0xD800 <= number <= 0xDFFF else ""


def _read_count(element: Element | None, default: int) -> int:
    """Return the number of grid columns that *element* states."""
    words = element.get(W + "val", "") if element is not None else ""
    return min(int(words), _MOST_COLUMNS) if words.isdigit() else default


def _find_children(element: Element, name: str) -> Iterator[Element]:
    """Yield the rows or cells of a table, including those in content controls and tracked insertions."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _find_children(child, name)


def _find_printed(element: Element) -> Iterator[Element]:
    """Yield the printed elements of a paragraph in order: no deleted or hidden text, no field codes, no text boxes."""
    for child in element:
        if child.tag in _SKIPPED or child.tag.endswith("}txbxContent"):
            continue
        if child.tag == W + "r":
            hidden = child.find(f"{W}rPr/{W}vanish")
            if hidden is not None and hidden.get(W + "val") not in ("0", "false"):
                continue
        yield child
        yield from _find_printed(child)


def _find_boxes(element: Element) -> Iterator[Element]:
    """Yield the contents of the text boxes in a paragraph."""
    for child in element:
        if child.tag.endswith("}txbxContent"):
            yield child
        elif child.tag not in _SKIPPED:
            yield from _find_boxes(child)
