"""Word documents that are one XML file, as the parts of a package: Word 2003 XML and flat OPC.

Word 2003 XML (WordprocessingML 2003) has the elements of today's format under another namespace. What it writes in
another way (printed numbers, notes, deleted text) is rewritten, so that :mod:`kg.read.office.docx` reads both. Flat OPC
is a package whose parts are elements of one file (``pkg:package``).
"""

from __future__ import annotations

import re
from typing import Protocol
from xml.etree.ElementTree import Element, SubElement

from kg.read.office.numbering import W
from kg.read.office.package import parse_xml
from kg.read.values import ReadError

_W2003 = "{http://schemas.microsoft.com/office/word/2003/wordml}"
_WX = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_AML = "{http://schemas.microsoft.com/aml/2001/core}"
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_RENAMED = {"vmerge": "vMerge", "wordDocument": "document"}
"""Names of elements of Word 2003 that have another one today."""


class Parts(Protocol):
    """The parts of a document."""

    def list_names(self) -> list[str]: ...

    def read_part(self, name: str) -> Element | None: ...


class XmlParts:
    """The parts of a document that is one XML file."""

    def __init__(self, parts: dict[str, Element]) -> None:
        self._parts = parts

    def list_names(self) -> list[str]:
        """Return the names of its parts."""
        return list(self._parts)

    def read_part(self, name: str) -> Element | None:
        """Return the root of a part; None if there is no such part."""
        return self._parts.get(name)


def read_word_xml(data: bytes) -> XmlParts:
    """Return the parts of a Word document that is one XML file.

    Raises:
        ReadError: damaged, hostile, or not a Word document.
    """
    root = parse_xml(data)
    if root.tag == _PKG + "package":
        parts: dict[str, Element] = {}
        for part in root.iter(_PKG + "part"):
            content = part.find(_PKG + "xmlData")
            if content is not None and len(content):
                parts[part.get(_PKG + "name", "").lstrip("/")] = modernize(content[0])
        return XmlParts(parts)
    if root.tag == _W2003 + "wordDocument":
        return _split_document(root)
    raise ReadError("是 XML 文件，但不是 Word 文档", "an XML file, but not a Word document")


def modernize(root: Element) -> Element:
    """Rename the elements and attributes of strict and of 2003 documents in *root* as they are called today."""
    for element in root.iter():
        for old in (_W2003, _STRICT):
            if element.tag.startswith(old):
                name = element.tag[len(old) :]
                element.tag = W + _RENAMED.get(name, name)
            for key in [key for key in element.attrib if key.startswith(old)]:
                element.set(W + key[len(old) :], element.attrib.pop(key))
    return root


def _split_document(root: Element) -> XmlParts:
    """Return the parts of a Word 2003 document: its text, its notes, and its headers and footers."""
    modernize(root)
    parts = {"word/document.xml": root}
    notes = {"footnote": Element(W + "footnotes"), "endnote": Element(W + "endnotes")}
    number = 0
    for parent in list(root.iter()):
        for index, child in enumerate(list(parent)):
            name = child.tag.removeprefix(W)
            if child.tag == _AML + "annotation":
                child.tag = W + ("del" if "Deletion" in child.get(W + "type", "") else "ins")
            elif name in notes and parent.tag == W + "r":
                number += 1
                child.set(W + "id", str(number))
                notes[name].append(child)
                parent[index] = Element(f"{W}{name}Reference", {W + "id": str(number)})
            elif name in ("hdr", "ftr") and parent.tag == W + "sectPr":
                kind = "header" if name == "hdr" else "footer"
                number += 1
                parts[f"word/{kind}{number}.xml"] = child
    for name, element in notes.items():
        parts[f"word/{name}s.xml"] = element
    for paragraph in root.iter(W + "p"):
        _print_number(paragraph)
    return XmlParts(parts)


def _print_number(paragraph: Element) -> None:
    """Put the number that Word 2003 generated before a paragraph into its text; bullets are left out."""
    printed = paragraph.find(f"{W}pPr/{W}listPr/{_WX}t")
    words = printed.get(_WX + "val", "") if printed is not None else ""
    if re.search(r"\w", words) and not re.search("[\ue000-\uf8ff]", words):
        run = Element(W + "r")
        SubElement(run, W + "t").text = words
        paragraph.insert(1, run)
