"""The cells of a workbook (.xlsx), read from its XML as a stream, so that empty cells cost neither time nor memory.

See ECMA-376 part 1: 18.2 (workbook), 18.3 (worksheets), 18.4 (shared strings), 18.8.30 (number formats).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from xml.etree.ElementTree import Element
from xml.parsers import expat

from kg.read.office.package import OfficePackage
from kg.read.tables.grid import Area, TableGrid, clean_cell
from kg.read.values import Limits, ReadError

_DEPTH = 100
_ANY_RATIO = 2_000
"""More than any packed member reaches (RFC 1951: 1032)."""
_MOST_COLUMNS = 200
_MOST_AREAS = 5_000
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
"""Parts of a number format that are printed as they are, and its conditions and colours."""
_DATE_FORMATS = frozenset([*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58])
"""Ids of the built-in formats of dates, those of Chinese editions included."""
_PERCENT_FORMATS = frozenset((9, 10))
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_MOST_DAYS = 2_958_465


@dataclass(frozen=True, slots=True)
class _Book:
    """What the cells of all sheets refer to."""

    strings: list[str]
    dates: frozenset[int]
    """Indexes of the cell styles that print a date."""
    percents: frozenset[int]
    epoch: date


def read_workbook(data: bytes, limits: Limits) -> Iterator[tuple[str, TableGrid]]:
    """Yield the name and the cells of each sheet that has cells with values.

    Raises:
        ReadError: damaged, encrypted, hostile, too long, or not a workbook.
    """
    # rows that are all alike pack very small, and read as a stream they cost nothing: sizes bound them, not the ratio
    package = OfficePackage(data, replace(limits, archive_ratio=_ANY_RATIO))
    root = package.read_part("xl/workbook.xml")
    if root is None:
        raise ReadError("不是 Excel 文件（缺少工作簿部分）", "not an Excel file (it has no workbook part)")
    dates, percents = _read_styles(package.read_part("xl/styles.xml"))
    settings = next(_find_all(root, "workbookPr"), None)
    is_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    book = _Book(_read_strings(package), dates, percents, _EPOCH_1904 if is_1904 else _EPOCH)
    for name, part in _list_sheets(package, root):
        content = package.read_bytes(part)
        if content is not None:
            grid = _SheetReader(book, limits).read_sheet(content)
            if grid.rows:
                yield name, grid


def _list_sheets(package: OfficePackage, workbook: Element) -> Iterator[tuple[str, str]]:
    """Yield the name and the part of each sheet; charts are left out."""
    relations = package.read_part("xl/_rels/workbook.xml.rels")
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in (relations if relations is not None else ())
        if relation.get("Type", "").endswith("/worksheet")
    }
    for sheet in _find_all(workbook, "sheet"):
        ident = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        if target := targets.get(ident):
            yield sheet.get("name", ""), posixpath.normpath(posixpath.join("xl", target)).lstrip("/")


def _find_all(root: Element, name: str) -> Iterator[Element]:
    """Yield the elements of that local name: strict workbooks have a namespace of their own."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == name)


def _read_styles(root: Element | None) -> tuple[frozenset[int], frozenset[int]]:
    """Return the indexes of the cell styles that print dates, and of those that print percentages."""
    if root is None:
        return frozenset(), frozenset()
    formats = {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in _find_all(root, "numFmt")}
    dates, percents = set(_DATE_FORMATS), set(_PERCENT_FORMATS)
    for ident, code in formats.items():
        signs = _QUOTED.sub("", code.partition(";")[0]).lower()
        is_date = "y" in signs or "d" in signs or ("m" in signs and not {"h", "s"} & set(signs))
        (dates.add if is_date else dates.discard)(ident)
        (percents.add if "%" in signs else percents.discard)(ident)
    styles = next(_find_all(root, "cellXfs"), None)
    idents = [int(style.get("numFmtId", "0")) for style in (styles if styles is not None else ())]
    return (
        frozenset(i for i, ident in enumerate(idents) if ident in dates),
        frozenset(i for i, ident in enumerate(idents) if ident in percents),
    )


def _read_strings(package: OfficePackage) -> list[str]:
    """Return the shared strings, without their phonetic guides."""
    content = package.read_bytes("xl/sharedStrings.xml")
    strings: list[str] = []
    texts: list[str] = []
    state = {"text": False, "guide": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "rPh":
            state["guide"] = True
        state["text"] = tag == "t" and not state["guide"]

    def end(tag: str) -> None:
        state["text"] = False
        if tag == "rPh":
            state["guide"] = False
        elif tag == "si":
            strings.append("".join(texts))
            texts.clear()

    def add(text: str) -> None:
        if state["text"]:
            texts.append(text)

    if content is not None:
        scan_xml(content, start, end, add)
    return strings


class _SheetReader:
    """Reads the cells of one sheet that have a value."""

    def __init__(self, book: _Book, limits: Limits) -> None:
        self.book = book
        self.limits = limits
        self.rows: dict[int, list[str]] = {}
        self.areas: list[Area] = []
        self.size = 0
        self.row = self.column = 0
        self.reference = self.kind = ""
        self.style = 0
        self.texts: list[str] = []
        self.reads = self.in_guide = False

    def read_sheet(self, content: bytes) -> TableGrid:
        scan_xml(content, self.start, self.end, self.add)
        return TableGrid(dict(sorted(self.rows.items())), tuple(self.areas))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self.reference, self.kind = attributes.get("r", ""), attributes.get("t", "")
            self.style = int(attributes.get("s", "0"))
            self.column += 1
        elif tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif tag in ("v", "t"):
            self.reads = not self.in_guide
        elif tag == "rPh":
            self.in_guide = True
        elif tag == "mergeCell" and len(self.areas) < _MOST_AREAS:
            corners = _REFERENCE.findall(attributes.get("ref", ""))
            if len(corners) == 2:
                (left, top), (right, bottom) = corners
                self.areas.append(Area(int(top), number_column(left), int(bottom), number_column(right)))

    def end(self, tag: str) -> None:
        self.reads = False
        if tag == "c":
            if m := _REFERENCE.fullmatch(self.reference):
                self.column = number_column(m[1])
            if self.texts:
                self.add_cell(self.format_value("".join(self.texts)))
                self.texts.clear()
        elif tag == "rPh":
            self.in_guide = False

    def add(self, text: str) -> None:
        if self.reads:
            self.texts.append(text)

    def add_cell(self, value: str) -> None:
        if not value or self.column > _MOST_COLUMNS:
            return
        row = self.rows.setdefault(self.row, [])
        row.extend([""] * (self.column - len(row)))
        row[self.column - 1] = value
        self.size += len(value)
        if len(self.rows) > self.limits.rows or self.size > self.limits.file_bytes:
            raise make_length_error(self.limits)

    def format_value(self, value: str) -> str:
        """Return a value as a reader of the sheet sees it."""
        if self.kind == "s":
            index = int(value) if value.strip().isdigit() else len(self.book.strings)
            return clean_cell(self.book.strings[index]) if index < len(self.book.strings) else ""
        if self.kind == "e":
            return ""  # an error such as #N/A
        if self.kind == "b":
            return "是" if value == "1" else "否"
        if self.kind in ("", "n"):
            return self.format_number(value)
        if self.kind == "d" and (m := re.match(r"(\d{4})-(\d\d)-(\d\d)", value)):
            return f"{m[1]}年{int(m[2])}月{int(m[3])}日"
        return clean_cell(value)

    def format_number(self, value: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return clean_cell(value)
        if self.style in self.book.dates and 1 <= number <= _MOST_DAYS:
            day = self.book.epoch + timedelta(days=int(number))
            return f"{day.year}年{day.month}月{day.day}日"
        if self.style in self.book.percents:
            return f"{round(number * 100, 6):g}%"
        if re.fullmatch(r"-?\d+", value.strip()):
            return value.strip()
        return str(int(number)) if number.is_integer() else repr(number)


def number_column(letters: str) -> int:
    """Return the number of a column from its letters: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def make_length_error(limits: Limits) -> ReadError:
    """Return the error for a table with too many rows."""
    return ReadError(
        f"表格过长（上限 {limits.rows} 行），未读取", f"table too long (limit {limits.rows} rows); not read"
    )


def scan_xml(
    data: bytes, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], add: Callable[[str], None]
) -> None:
    """Call *start*, *end* and *add* for the tags, by their local names, and texts of an XML part; build no tree.

    Raises:
        ReadError: damaged, too deep, or with a DTD.
    """
    depth = 0

    def open_tag(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise ReadError(f"嵌套过深（超过 {_DEPTH} 层）", f"nested too deeply (more than {_DEPTH} levels)")
        start(tag.rpartition(":")[2], attributes)

    def close_tag(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag.rpartition(":")[2])

    def refuse_doctype(*_: object) -> None:
        raise ReadError(
            "含有外部实体或 DTD 声明，不安全，未读取", "has a DTD or external entities, which is unsafe; not read"
        )

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = open_tag, close_tag
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = add, refuse_doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ReadError("文件损坏或不完整（XML 有错）", "damaged or truncated file (broken XML)") from error
