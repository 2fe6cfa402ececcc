"""Word documents: paragraphs and tables in their order, with generated numbers, text boxes, notes and headers.

Read from the XML itself (ECMA-376), since order, generated numbers and notes are what libraries leave out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from kg.read.office.numbering import Numbers, W
from kg.read.office.package import Package
from kg.read.tables import Cell, table_lines
from kg.read.values import Limits, Reading, Unreadable, Writer

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = frozenset(
    {W + "del", W + "moveFrom", W + "instrText", W + "delText", _MC + "Fallback", W + "rPr", W + "pPr", W + "sectPr"}
)
_PAGE_FIELD = re.compile(r"[\s\d—–\-/第共页]*")
_ENDS_WORD = re.compile(r"[A-Za-z0-9]$")
_BEGINS_WORD = re.compile(r"[A-Za-z0-9]")


def read(data: bytes, limits: Limits) -> Reading:
    """The text of a .docx document.

    Raises:
        Unreadable: damaged, encrypted, hostile, or no Word document.
    """
    package = Package(data, limits)
    root = package.part("word/document.xml")
    if root is None:
        name = next((n for n in package.names() if n.endswith("document.xml")), "")
        root = package.part(name) if name else None
    body = root.find(W + "body") if root is not None else None
    if body is None:
        raise Unreadable("不是 Word 文档（缺少正文部分）", "no Word document (it has no text part)")
    return _Document(package).run(body)


class _Document:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.out = Writer("docx")
        self.numbers = Numbers(package.part("word/numbering.xml"), package.part("word/styles.xml"))
        self.tables = 0
        self.notes: list[tuple[str, str]] = []

    def run(self, body: Element) -> Reading:
        heads = self._headers()
        for line in heads:
            self.out.line(line)
        self.blocks(body)
        self._notes()
        reading = self.out.finish()
        return replace(reading, text=reading.text.rstrip("\n") + "\n" if reading.text.strip() else "")

    def blocks(self, parent: Element) -> None:
        for child in parent:
            if child.tag == W + "p":
                self.paragraph(child)
            elif child.tag == W + "tbl":
                self.table(child)
            elif child.tag not in _SKIPPED:
                self.blocks(child)  # content controls, tracked insertions, alternate content

    def paragraph(self, element: Element) -> None:
        number = self.numbers.before(element)
        text = self._text(element)
        if number and text.strip():
            self.out.count("number")
            gap = " " if _ENDS_WORD.search(number) and _BEGINS_WORD.match(text) else ""
            text = number + gap + text.lstrip()
        if text.strip():
            self.out.line(text)
        elif len(self.out):
            self.out.blank()
        for box in _boxes(element):
            self.blocks(box)

    def table(self, element: Element) -> None:
        rows = [[self._cell(c) for c in _children(row, "tc")] for row in _children(element, "tr")]
        if len(rows) == 1 and len(rows[0]) == 1:
            self.out.line(rows[0][0].text)  # a frame around text
            return
        self.tables += 1
        table_lines(self.out, rows, self.tables)

    def _cell(self, element: Element) -> Cell:
        merge = element.find(f"{W}tcPr/{W}vMerge")
        if merge is not None and merge.get(W + "val") != "restart":
            return Cell("")
        outer, self.out = self.out, Writer("docx")
        tables = self.tables
        try:
            self.blocks(element)
            text = self.out.finish().text.strip()
        finally:
            outer.changes.update(self.out.changes)
            self.out, self.tables = outer, tables
        return Cell(re.sub(r"\n+", "\n", text))

    def _text(self, element: Element) -> str:
        out: list[str] = []
        for node in _runs(element):
            if node.tag == W + "t":
                out.append(node.text or "")
            elif node.tag == W + "tab":
                out.append(" ")
            elif node.tag in (W + "br", W + "cr"):
                if node.get(W + "type") not in ("page", "column"):
                    out.append("\n")
            elif node.tag == W + "noBreakHyphen":
                out.append("-")
            elif node.tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = "footnote" if "footnote" in node.tag else "endnote"
                self.notes.append((kind, node.get(W + "id") or ""))
        return "".join(out).replace("\xa0", " ").replace("\u200b", "").replace("\xad", "").replace("\r", "")

    def _notes(self) -> None:
        if not self.notes:
            return
        roots = {kind: self.package.part(f"word/{kind}s.xml") for kind in {k for k, _ in self.notes}}
        asked, self.notes = self.notes, []
        self.out.blank()
        for place, (kind, ident) in enumerate(dict.fromkeys(asked), 1):
            root = roots[kind]
            for note in root.iter(W + kind) if root is not None else ():
                if note.get(W + "id") == ident:
                    text = " ".join(self._text(p).strip() for p in note.iter(W + "p"))
                    if text.strip():
                        self.out.count("note")
                        self.out.line(f"注{place}：{text.strip()}")

    def _headers(self) -> list[str]:
        """What is printed at the head of the first page, page numbers left out; feet are counted and left out."""
        lines: list[str] = []
        for name in sorted(n for n in self.package.names() if re.fullmatch(r"word/(?:header|footer)\d*\.xml", n)):
            root = self.package.part(name)
            for p in root.iter(W + "p") if root is not None else ():
                text = self._text(p).strip()
                if not text:
                    continue
                if "header" in name and not _PAGE_FIELD.fullmatch(text):
                    lines.append(text)
                else:
                    self.out.count("running_head")
        return list(dict.fromkeys(lines))


def _children(element: Element, name: str) -> Iterator[Element]:
    """Rows or cells of a table, also those in content controls or tracked insertions."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _children(child, name)


def _runs(element: Element) -> Iterator[Element]:
    """What is printed in a paragraph, in order: no deleted and no hidden text, no field codes, no text boxes."""
    for child in element:
        if child.tag in _SKIPPED or child.tag.endswith("}txbxContent"):
            continue
        if child.tag == W + "r":
            hidden = child.find(f"{W}rPr/{W}vanish")
            if hidden is not None and hidden.get(W + "val") not in ("0", "false"):
                continue
        yield child
        yield from _runs(child)


def _boxes(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag.endswith("}txbxContent"):
            yield child
        elif child.tag not in _SKIPPED:
            yield from _boxes(child)
