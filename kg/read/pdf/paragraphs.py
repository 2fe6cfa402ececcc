"""Lines of all pages → paragraphs: running heads and page numbers left out, hard line breaks mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from kg.read.pdf.lines import CLOSING, Line, PageLines
from kg.read.settings import pattern
from kg.read.tables import Cell, table_lines
from kg.read.values import Writer

_EDGE = 3
"""Lines at the head and the foot of a page that may run through the document."""
_BAND = 0.14
"""Share of a page's height, at either end, in which these stand."""
_SHARE = 0.5
"""Share of the pages that a running head stands on."""
_FULL = 0.7
"""Characters that a line may be short of the margin, even with what begins the next one, and still be full."""
_INDENT = 0.7
_LEADING = 1.4
"""Line distances from which on a gap parts paragraphs."""
_LATIN_END = re.compile(r"[A-Za-z0-9,.;:%)]$")
_LATIN_BEGIN = re.compile(r"[A-Za-z0-9(]")
_DIGITS = re.compile(r"[\d一二三四五六七八九十]+")


def write_pages(out: Writer, pages: Sequence[PageLines | str]) -> None:
    """Write the text of a document.

    Args:
        out: where to; pages are marked ``第3页``.
        pages: lines with places; or the text, for pages that were read otherwise.
    """
    _drop_running(out, [p for p in pages if isinstance(p, PageLines)])
    text = _Paragraphs(out)
    tables = 0
    for number, page in enumerate(pages, 1):
        if isinstance(page, str):
            text.close()
            out.mark(f"第{number}页")
            out.line(page)
            continue
        rows: list[Line] = []
        text.page(number, page.lines)
        for i, line in enumerate(page.lines):
            if line.table:
                rows.append(line)
                following = page.lines[i + 1] if i + 1 < len(page.lines) else None
                if following is None or following.table != line.table:
                    text.close()
                    out.mark(f"第{number}页")
                    tables += 1
                    table_lines(out, [[Cell(c) for c in row.cells] for row in rows])
                    rows = []
            else:
                text.add(line)
    text.close()


class _Paragraphs:
    """Joins lines as they come."""

    def __init__(self, out: Writer) -> None:
        self.out = out
        self.last: Line | None = None
        self.number = 0
        self.turned = False
        self.right: dict[int, float] = {}
        self.left: dict[int, float] = {}
        self.leading = 0.0

    def page(self, number: int, lines: Sequence[Line]) -> None:
        """What follows stands on page *number*."""
        self.number, self.turned = number, True
        running = [x for x in lines if not x.table]
        for column in {x.column for x in running}:
            mine = [x for x in running if x.column == column]
            # Punctuation may hang over the margin: lines that end in it do not say where that is.
            ends = sorted(x.x1 for x in mine if x.text[-1:] not in CLOSING) or sorted(x.x1 for x in mine)
            # Of a page with few lines, the longest ones of all pages say where the margin is.
            widest = ends[-max(1, len(ends) // 10)]
            self.right[column] = max(widest, self.right.get(column, 0.0)) if len(mine) < 6 else widest
            self.left[column] = min(x.x0 for x in mine)
        steps = [b.y0 - a.y0 for a, b in pairwise(running)
                 if a.column == b.column and 0 < b.y0 - a.y0 < 4 * a.size]  # fmt: skip
        if len(steps) >= 3:
            self.leading = median(steps)
        elif steps and not self.leading:
            self.leading = min(steps)

    def add(self, line: Line) -> None:
        if not line.text:
            return
        last = self.last
        if last is not None and self._goes_on(last, line):
            self.out.count("line_joined")
            gap = ""
            if last.text.endswith("-") and last.text[-2:-1].isalpha() and line.text[:1].islower():
                gap = ""
            elif line.after_space or (_LATIN_END.search(last.text) and _LATIN_BEGIN.match(line.text)):
                gap = " "
            self.out.write(gap)
        elif last is not None:
            self.out.write("\n")
        if self.turned:
            self.out.mark(f"第{self.number}页")
            self.turned = False
        self.out.write(line.text)
        self.last = line

    def close(self) -> None:
        """End the paragraph, if one is open."""
        if self.last is not None:
            self.out.write("\n")
            self.last = None

    def _goes_on(self, last: Line, line: Line) -> bool:
        """Whether *line* continues the paragraph of *last*."""
        em = last.size
        if last.apart or line.apart or abs(line.size - last.size) > 0.15 * em:
            return False
        new_place = self.turned or line.column != last.column
        if last.x1 + max(line.head, em) < self.right.get(last.column, last.x1) - _FULL * em:
            return False
        if pattern("pdf", "begins").match(line.text) and pattern("pdf", "ends").search(last.text):
            return False
        if new_place:
            return line.x0 <= self.left.get(line.column, line.x0) + _INDENT * em
        if self.leading and line.y0 - last.y0 > _LEADING * max(self.leading, 1.1 * em):
            return False
        return (
            line.x0 <= max(self.left.get(line.column, line.x0), min(last.x0, line.x0)) + _INDENT * em
            and (line.x0 <= last.x0 + _INDENT * em)
            and not (line.x0 > self.left.get(line.column, 0.0) + _INDENT * em and line.x0 >= last.x0 + _INDENT * em)
        )


def _drop_running(out: Writer, pages: Sequence[PageLines]) -> None:
    """Take page numbers and running heads out of *pages*."""
    numbers = pattern("pdf", "page_number")
    for page in pages:
        edge = _edges(page)
        for line in edge:
            if numbers.fullmatch(line.text):
                page.lines.remove(line)
                out.count("page_number")
    if len(pages) < 2:
        return
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_key(x, page) for x in _edges(page)})
    least = max(2, _SHARE * len(pages))
    for page in pages:
        for line in _edges(page):
            if seen[_key(line, page)] >= least:
                page.lines.remove(line)
                out.count("running_head")


def _edges(page: PageLines) -> list[Line]:
    """Lines at the head or foot of a page."""
    text = sorted((x for x in page.lines if not x.table), key=lambda x: x.y0)
    band = _BAND * page.height
    return [
        x for i, x in enumerate(text)
        if (i < _EDGE and x.y0 <= band) or (i >= len(text) - _EDGE and x.y1 >= page.height - band)
    ]  # fmt: skip


def _key(line: Line, page: PageLines) -> tuple[str, int]:
    """What makes a line the same on two pages: its words without numbers, and its height."""
    return _DIGITS.sub("#", "".join(line.text.split())), round(line.y0 / 6)
