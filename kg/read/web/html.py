"""Web pages: the article with its header table, in lines; furniture left out and counted."""

from __future__ import annotations

import re
from functools import cache

from kg.read.decoding import decode_text, looks_like_text, normal_newlines
from kg.read.numbers import formatted
from kg.read.settings import settings
from kg.read.tables import Cell, is_boilerplate, match_label, table_lines
from kg.read.values import Limits, Reading, Unreadable, Writer
from kg.read.web.boilerplate import strip
from kg.read.web.dom import Element, Page, parse

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_HEAD = 4096
_MOST_LOST = 0.001
"""Share of characters that a page may have lost before it counts as damaged."""
_LISTS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLES = {
    "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting", "decimal": "decimal",
    "upper-roman": "upperRoman", "lower-roman": "lowerRoman", "upper-alpha": "upperLetter",
    "lower-alpha": "lowerLetter", "none": "none",
}  # fmt: skip
_ANY_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]")
_NUMBERED = re.compile(r"\s*[（(]?[\d一二三四五六七八九十]+[、.．)）]")


def read(data: bytes, limits: Limits, charset: str = "") -> Reading:
    """The text of a page.

    Args:
        data: the page.
        limits: how much it may take.
        charset: what the server said, if it was asked.

    Raises:
        Unreadable: no text, or too much.
    """
    text, encoding, lost = decode(data, charset)
    reading = to_lines(parse(text), encoding)
    if lost:
        changes = {**reading.report.changes, "bad_character": lost}
        reading = Reading(reading.text, reading.marks, type(reading.report)("html", encoding, changes))
    return reading


def decode(data: bytes, charset: str = "") -> tuple[str, str, int]:
    """A page's text, its encoding, and the number of characters that were broken in it.

    Strict as any text; failing that, by the encoding that server or page name, if nearly all of it is sound.
    """
    try:
        return (*decode_text(data), 0)
    except Unreadable as error:
        found = _CHARSET.search(data[:_HEAD])
        for name in filter(None, (charset, found[1].decode("ascii") if found else "")):
            wide = "gb18030" if name.lower() in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else name
            try:
                text = data.decode(wide, "replace")
            except LookupError:
                continue
            lost = text.count("\ufffd")
            if lost <= _MOST_LOST * len(text) and looks_like_text(text):
                return normal_newlines(text), wide.lower(), lost
        raise error


def to_lines(page: Page, encoding: str = "") -> Reading:
    """The article of *page* in lines; furniture is taken out of the tree."""
    out = Writer("html", encoding)
    for what, times in strip(page).items():
        out.count(what, times)
    _Lines(out).run(page.body)
    return out.finish()


@cache
def _blocks() -> frozenset[str]:
    return frozenset(settings()["html"]["block_tags"])


class _Lines:
    """Walks a tree and writes its lines."""

    def __init__(self, out: Writer) -> None:
        self.out = out
        self.now: list[str] = []
        self.tables = 0

    def run(self, body: Element) -> None:
        self.block(body)
        self.flush()

    def block(self, element: Element) -> None:
        ordinal = 0
        for child in element.children:
            if isinstance(child, str):
                self.now.append(child if element.tag != "pre" else child.replace("\n", "\0"))
            elif child.tag == "br":
                self.now.append("\0")
            elif child.tag == "table":
                self.flush()
                self.table(child)
            elif child.tag in _blocks():
                self.flush(keep=child.tag == "dd" and self._is_label())
                if child.tag == "li" and element.tag == "ol":
                    ordinal = _start(element, child, ordinal)
                    self.now.append(_number(element, child, ordinal))
                self.block(child)
                self.flush(keep=child.tag == "dt" and self._is_label())
            else:
                self.block(child)

    def _is_label(self) -> bool:
        words = _joined("".join(self.now))
        if words and match_label(words) and not words.endswith(("：", ":")):
            self.now.append("：")
        return bool(words) and bool(match_label(words))

    def flush(self, keep: bool = False) -> None:
        if keep or not self.now:
            return
        text, self.now = "".join(self.now), []
        for part in text.split("\0"):
            line = _joined(part)
            if is_boilerplate(line):
                self.out.count("line")
            else:
                self.out.line(line)

    def table(self, element: Element) -> None:
        rows = _rows(element)
        if _is_layout(rows):
            for row in rows:
                for cell in row:
                    self.block(cell)
                    self.flush()
            return
        self.tables += 1
        plain = [[Cell(_cell_text(c), c.tag == "th") for c in row] for row in rows]
        table_lines(self.out, plain, self.tables)


def _rows(table: Element) -> list[list[Element]]:
    """Cells of a table's own rows, those of tables inside it left to these."""
    rows: list[list[Element]] = []
    todo: list[Element] = [table]
    while todo:
        now = todo.pop()
        inner = [c for c in now.children if isinstance(c, Element) and (c.tag != "table")]
        if now.tag == "tr":
            rows.append([c for c in inner if c.tag in ("td", "th")])
        else:
            todo.extend(reversed([c for c in inner if c.tag in ("thead", "tbody", "tfoot", "tr", "caption")]))
    return [r for r in rows if r]


def _is_layout(rows: list[list[Element]]) -> bool:
    """Whether a table only places things: tables inside, a single column, or long texts of several paragraphs."""
    if all(len(r) == 1 for r in rows):
        return True
    for row in rows:
        for cell in row:
            if any(e.tag == "table" for e in cell.elements()):
                return True
            paragraphs = sum(e.tag in ("p", "br", "div") for e in cell.elements())
            if cell.prose > 200 and paragraphs >= 3:
                return True
    return False


def _cell_text(cell: Element) -> str:
    out = Writer("html")
    lines = _Lines(out)
    lines.run(cell)
    return out.finish().text.strip()


def _joined(text: str) -> str:
    """Text as a browser sets it: white space is one space; none where a source line breaks inside Chinese words."""

    def space(m: re.Match[str]) -> str:
        before, after = text[m.start() - 1 : m.start()], text[m.end() : m.end() + 1]
        broken = "\n" in m[0] and _WIDE.match(before) and _WIDE.match(after)
        return "" if broken else " "

    return _ANY_SPACE.sub(space, text.replace("\u200b", "").replace("\ufeff", "").replace("\xad", "")).strip()


def _start(ol: Element, li: Element, before: int) -> int:
    for value in (li.attrs.get("value", ""), ol.attrs.get("start", "") if before == 0 else ""):
        if re.fullmatch(r"\d{1,5}", value.strip()):
            return int(value)
    return before + 1


def _number(ol: Element, li: Element, ordinal: int) -> str:
    """The number that a browser prints before an item of an ordered list, unless the item's text has one."""
    style = re.search(r"list-style(?:-type)?\s*:\s*([a-z-]+)", ol.attrs.get("style", "").lower())
    kind = _STYLES.get(style[1], "decimal") if style else _LISTS.get(ol.attrs.get("type", "1"), "decimal")
    if kind == "none" or _NUMBERED.match(li.text()):
        return ""
    return formatted(ordinal, kind) + ("、" if kind.startswith("chinese") else ".")
