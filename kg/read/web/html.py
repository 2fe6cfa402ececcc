"""Web pages, also saved ones (.mht, RFC 2557): the article with its header table, in lines, without page furniture."""

from __future__ import annotations

import re
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import cache

from kg.read.decoding import decode_text, looks_like_text, normalize_newlines
from kg.read.formats import compile_pattern, load_settings
from kg.read.numbers import format_number
from kg.read.tables import Cell, is_boilerplate, match_label, read_listed, write_table
from kg.read.values import DocumentText, Limits, NamedText, ReadError, TextWriter
from kg.read.web.boilerplate import strip_boilerplate
from kg.read.web.content import check_page, find_missing_title
from kg.read.web.dom import Element, HtmlPage, parse_html

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_HEAD = 4096
"""Number of bytes in which a page declares its charset."""
_MOST_BROKEN = 0.001
"""Largest share of broken characters in a page that is read."""
_MOST_MHT_PARTS = 5_000
_LISTS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLES = {
    "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting", "decimal": "decimal",
    "upper-roman": "upperRoman", "lower-roman": "lowerRoman", "upper-alpha": "upperLetter",
    "lower-alpha": "lowerLetter", "none": "none",
}  # fmt: skip
_ANY_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]")
_NUMBERED = re.compile(r"\s*[（(]?[\d一二三四五六七八九十]+[、.．)）]")
_LONG_CELL = 200
"""Characters of prose from which a cell with several paragraphs is layout, not a value."""


def read_html(data: bytes, limits: Limits, charset: str = "") -> list[NamedText]:
    """Return the texts of a page: one, or one for each proposal that a table lists, after its name.

    Args:
        data: the page.
        limits: how large it can be.
        charset: the encoding that the server declared, if any.

    Raises:
        ReadError: not text, or too many elements.
    """
    text, encoding, broken = decode_html(data, charset)
    page = parse_html(text)
    document, listed = convert_page(page, encoding)
    if broken:
        changes = {**document.report.changes, "bad_character": broken}
        document = replace(document, report=replace(document.report, changes=changes))
    if listed and not compile_pattern("html", "prose_end").search(document.text):
        return listed
    check_page(text, page, document)
    return [("", document), *listed]


def read_mht(data: bytes, limits: Limits) -> list[NamedText]:
    """Return the texts of the first page in a saved page.

    Raises:
        ReadError: no page in it.
    """
    try:
        message = BytesParser(_class=EmailMessage, policy=policy.compat32).parsebytes(data)
        parts = [part for _, part in zip(range(_MOST_MHT_PARTS), message.walk(), strict=False)]
    except RecursionError as error:
        raise ReadError("嵌套过深", "nested too deeply") from error
    for media_type in ("text/html", "application/xhtml+xml", "text/plain"):
        for part in parts:
            if part.get_content_type() == media_type:
                body = part.get_payload(decode=True)
                if isinstance(body, bytes) and body.strip():
                    return read_html(body, limits, str(part.get_param("charset") or ""))
    raise ReadError("里面没有网页（文件损坏或不完整）", "no page in it (damaged or truncated)")


def decode_html(data: bytes, charset: str = "") -> tuple[str, str, int]:
    """Return the text of a page, its encoding, and the number of broken characters in it.

    A page is decoded strictly, like any text. If that fails, the encoding that the server or the page declares is
    used, provided nearly all characters are valid in it.
    """
    try:
        return (*decode_text(data), 0)
    except ReadError as error:
        declared = _CHARSET.search(data[:_HEAD])
        for name in filter(None, (charset, declared[1].decode("ascii") if declared else "")):
            encoding = "gb18030" if name.lower() in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else name
            try:
                text = data.decode(encoding, "replace")
            except LookupError:
                continue
            broken = text.count("\ufffd")
            if broken <= _MOST_BROKEN * len(text) and looks_like_text(text):
                return normalize_newlines(text), encoding.lower(), broken
        raise error


def convert_page(page: HtmlPage, encoding: str = "") -> tuple[DocumentText, list[NamedText]]:
    """Return the article of *page* in lines, and the rows of its lists of proposals; remove furniture from the tree.

    A title that stands only in the head of the page is written above an article that repeats none of it.
    """
    out = TextWriter("html", encoding)
    for change, times in strip_boilerplate(page).items():
        out.count(change, times)
    writer = _PageWriter(out)
    if page.body.prose > 0 and (title := find_missing_title(page)):
        out.write_lines(title)
        out.count("title_added")
        writer.last_line = title
    writer.write_body(page.body)
    return out.finish(), writer.listed


@cache
def _load_block_tags() -> frozenset[str]:
    return frozenset(load_settings()["html"]["block_tags"])


class _PageWriter:
    """Writes the lines of a tree. ``\\0`` in the open line stands for a line break."""

    def __init__(self, out: TextWriter) -> None:
        self.out = out
        self.line: list[str] = []
        self.last_line = ""
        self.listed: list[NamedText] = []
        """The texts of the rows of lists, after their names."""
        self.tables = 0

    def write_body(self, body: Element) -> None:
        self.write_block(body)
        self.end_line()

    def write_block(self, element: Element) -> None:
        ordinal = 0
        for child in element.children:
            if isinstance(child, str):
                self.line.append(child if element.tag != "pre" else child.replace("\n", "\0"))
            elif child.tag == "br":
                self.line.append("\0")
            elif child.tag == "table":
                self.end_line()
                self.write_table_element(child)
            elif child.tag in _load_block_tags():
                self.end_line(keep=child.tag == "dd" and self.end_label())
                if child.tag == "li" and element.tag == "ol":
                    ordinal = _find_ordinal(element, child, ordinal)
                    self.line.append(_format_ordinal(element, child, ordinal))
                self.write_block(child)
                self.end_line(keep=child.tag == "dt" and self.end_label())
            else:
                self.write_block(child)

    def end_label(self) -> bool:
        """Return whether the open line is a label; add a colon to it if it has none."""
        words = _collapse_space("".join(self.line))
        is_label = bool(words) and bool(match_label(words))
        if is_label and not words.endswith(("：", ":")):
            self.line.append("：")
        return is_label

    def end_line(self, keep: bool = False) -> None:
        """Write the open line, unless it shall be kept open."""
        if keep or not self.line:
            return
        text, self.line = "".join(self.line), []
        for part in text.split("\0"):
            line = _collapse_space(part)
            if is_boilerplate(line):
                self.out.count("line")
            elif line:
                self.out.write_lines(line)
                self.last_line = line

    def write_table_element(self, element: Element) -> None:
        rows = _find_rows(element)
        if _is_layout(rows):
            for row in rows:
                for cell in row:
                    self.write_block(cell)
                    self.end_line()
            return
        self.tables += 1
        place = f"表{self.tables} "
        cells = [[_make_cell(cell, len(rows) - y) for cell in row] for y, row in enumerate(rows)]
        if listed := read_listed(cells, "html", self.out.encoding, place, self.last_line):
            self.listed += listed
        else:
            write_table(self.out, cells, place)


def _find_rows(table: Element) -> list[list[Element]]:
    """Return the cells of a table by row, without those of tables inside it."""
    rows: list[list[Element]] = []
    todo: list[Element] = [table]
    while todo:
        element = todo.pop()
        inner = [c for c in element.children if isinstance(c, Element) and c.tag != "table"]
        if element.tag == "tr":
            rows.append([c for c in inner if c.tag in ("td", "th")])
        else:
            todo.extend(reversed([c for c in inner if c.tag in ("thead", "tbody", "tfoot", "tr", "caption")]))
    return [row for row in rows if row]


def _is_layout(rows: list[list[Element]]) -> bool:
    """Return whether a table is used for layout: it has tables inside, one column, or long texts of paragraphs."""
    if all(len(row) == 1 for row in rows):
        return True
    for row in rows:
        for cell in row:
            if any(element.tag == "table" for element in cell.walk()):
                return True
            paragraphs = sum(element.tag in ("p", "br", "div") for element in cell.walk())
            if cell.prose > _LONG_CELL and paragraphs >= 3:
                return True
    return False


def _make_cell(cell: Element, most_rows: int) -> Cell:
    """Return a cell of a table; ``rowspan="0"`` means all rows below (HTML 4.9.11)."""
    rows, columns = (
        int(value) if re.fullmatch(r"\d{1,3}", value := cell.attrs.get(name, "1").strip()) else 1
        for name in ("rowspan", "colspan")
    )
    return Cell(_read_cell(cell), cell.tag == "th", min(rows or most_rows, most_rows), max(columns, 1))


def _read_cell(cell: Element) -> str:
    out = TextWriter("html")
    _PageWriter(out).write_body(cell)
    return out.finish().text.strip()


def _collapse_space(text: str) -> str:
    """Return *text* with each run of white space as one space; a line break between wide characters is removed."""

    def replace_space(m: re.Match[str]) -> str:
        before, after = text[m.start() - 1 : m.start()], text[m.end() : m.end() + 1]
        inside_chinese = "\n" in m[0] and _WIDE.match(before) and _WIDE.match(after)
        return "" if inside_chinese else " "

    return _ANY_SPACE.sub(replace_space, text.replace("\u200b", "").replace("\ufeff", "").replace("\xad", "")).strip()


def _find_ordinal(ol: Element, li: Element, before: int) -> int:
    """Return the ordinal of a list item; *before* is that of the item before it, 0 for the first."""
    for value in (li.attrs.get("value", ""), ol.attrs.get("start", "") if before == 0 else ""):
        if re.fullmatch(r"\d{1,5}", value.strip()):
            return int(value)
    return before + 1


def _format_ordinal(ol: Element, li: Element, ordinal: int) -> str:
    """Return the number that a browser prints before a list item; empty if the item's text begins with a number."""
    style = re.search(r"list-style(?:-type)?\s*:\s*([a-z-]+)", ol.attrs.get("style", "").lower())
    kind = _STYLES.get(style[1], "decimal") if style else _LISTS.get(ol.attrs.get("type", "1"), "decimal")
    if kind == "none" or _NUMBERED.match(li.join_text()):
        return ""
    return format_number(ordinal, kind) + ("、" if kind.startswith("chinese") else ".")
