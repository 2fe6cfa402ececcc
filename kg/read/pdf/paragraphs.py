"""The lines of all pages → paragraphs, without running heads and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from kg.read.formats import compile_pattern
from kg.read.pdf.lines import CLOSING, PageLines, TextLine
from kg.read.tables import write_table
from kg.read.values import TextWriter

_EDGE = 3
"""Number of lines at the top and at the bottom of a page that can be running heads."""
_BAND = 0.14
"""Share of a page's height, at the top and at the bottom, in which running heads are."""
_SHARE = 0.5
"""Least share of the pages with the same running head."""
_FULL = 0.7
"""Width that a full line can be short of the margin, together with the head of the next line, in characters."""
_INDENT = 0.7
"""Width of an indent, in characters."""
_LEADING = 1.4
"""Least distance of two paragraphs, in line distances."""
_APART = 0.3
"""Distance from the left margin from which each line stands for itself, as a share of the width of the text."""
_FEW_LINES = 6
"""Number of lines below which a page alone does not show the margin."""
_LATIN_END = re.compile(r"[A-Za-z0-9,.;:%)]$")
_LATIN_BEGIN = re.compile(r"[A-Za-z0-9(]")
_DIGITS = re.compile(r"[\d一二三四五六七八九十]+")


def write_pages(out: TextWriter, pages: Sequence[PageLines | str]) -> None:
    """Write the text of a document.

    Args:
        out: where to write; pages are marked ``第3页``.
        pages: the lines of each page, or its text if OCR read it.
    """
    _remove_running_heads(out, [page for page in pages if isinstance(page, PageLines)])
    paragraphs = _ParagraphWriter(out)
    for number, page in enumerate(pages, 1):
        if isinstance(page, str):
            paragraphs.end_paragraph()
            out.mark(f"第{number}页")
            out.write_lines(page)
            continue
        rows: list[TextLine] = []
        paragraphs.begin_page(number, page.lines)
        for i, line in enumerate(page.lines):
            if line.table:
                rows.append(line)
                following = page.lines[i + 1] if i + 1 < len(page.lines) else None
                if following is None or following.table != line.table:
                    paragraphs.end_paragraph()
                    out.mark(f"第{number}页")
                    write_table(out, [row.cells for row in rows])
                    rows = []
            else:
                paragraphs.add_line(line)
    paragraphs.end_paragraph()


class _ParagraphWriter:
    """Joins lines to paragraphs and writes them."""

    def __init__(self, out: TextWriter) -> None:
        self.out = out
        self.last: TextLine | None = None
        self.number = 0
        self.is_new_page = False
        self.right: dict[int, float] = {}
        self.left: dict[int, float] = {}
        self.leading = 0.0

    def begin_page(self, number: int, lines: Sequence[TextLine]) -> None:
        """Begin page *number*: measure its margins and line distance."""
        self.number, self.is_new_page = number, True
        running = [line for line in lines if not line.table]
        for column in {line.column for line in running}:
            inside = [line for line in running if line.column == column]
            # punctuation can hang over the margin: lines that end in it do not show where the margin is
            ends = sorted(line.x1 for line in inside if line.text[-1:] not in CLOSING)
            ends = ends or sorted(line.x1 for line in inside)
            # on a page with few lines, the longest lines of all pages show where the margin is
            widest = ends[-max(1, len(ends) // 10)]
            few = len(inside) < _FEW_LINES
            self.right[column] = max(widest, self.right.get(column, 0.0)) if few else widest
            left = min(line.x0 for line in inside)
            self.left[column] = min(left, self.left.get(column, left)) if few else left
        steps = [
            lower.y0 - upper.y0
            for upper, lower in pairwise(running)
            if upper.column == lower.column and 0 < lower.y0 - upper.y0 < 4 * upper.size
        ]
        if len(steps) >= 3:
            self.leading = median(steps)
        elif steps and not self.leading:
            self.leading = min(steps)

    def add_line(self, line: TextLine) -> None:
        """Write *line*, as a part of the open paragraph if it continues it."""
        if not line.text:
            return
        last = self.last
        if last is not None and self._is_continued(last, line):
            self.out.count("line_joined")
            gap = ""
            if last.text.endswith("-") and last.text[-2:-1].isalpha() and line.text[:1].islower():
                gap = ""
            elif line.after_space or (_LATIN_END.search(last.text) and _LATIN_BEGIN.match(line.text)):
                gap = " "
            self.out.write(gap)
        elif last is not None:
            self.out.write("\n")
        if self.is_new_page:
            self.out.mark(f"第{self.number}页")
            self.is_new_page = False
        self.out.write(line.text)
        self.last = line

    def end_paragraph(self) -> None:
        """End the paragraph, if one is open."""
        if self.last is not None:
            self.out.write("\n")
            self.last = None

    def _is_continued(self, last: TextLine, line: TextLine) -> bool:
        """Return whether *line* continues the paragraph of *last*."""
        em = last.size
        if last.quarter != line.quarter or self._is_set_apart(last, line):
            return False
        if last.is_split or line.is_split or abs(line.size - last.size) > 0.15 * em:
            return False
        if last.x1 + max(line.head, em) < self.right.get(last.column, last.x1) - _FULL * em:
            return False
        if compile_pattern("pdf", "begins").match(line.text) and compile_pattern("pdf", "ends").search(last.text):
            return False
        if self.is_new_page or line.column != last.column:
            return line.x0 <= self.left.get(line.column, line.x0) + _INDENT * em
        if self.leading and line.y0 - last.y0 > _LEADING * max(self.leading, 1.1 * em):
            return False
        return (
            line.x0 <= max(self.left.get(line.column, line.x0), min(last.x0, line.x0)) + _INDENT * em
            and (line.x0 <= last.x0 + _INDENT * em)
            and not (line.x0 > self.left.get(line.column, 0.0) + _INDENT * em and line.x0 >= last.x0 + _INDENT * em)
        )

    def _is_set_apart(self, last: TextLine, line: TextLine) -> bool:
        """Return whether both lines begin far from the left margin: a signature and its date, a title."""
        left = self.left.get(line.column, line.x0)
        width = self.right.get(line.column, line.x1) - left
        return last.column == line.column and min(last.x0, line.x0) > left + _APART * width


def _remove_running_heads(out: TextWriter, pages: Sequence[PageLines]) -> None:
    """Remove page numbers and running heads from *pages*, and count them."""
    numbers, printed = compile_pattern("pdf", "page_number"), compile_pattern("pdf", "browser_head")
    for page in pages:
        for line in _find_edges(page):
            if numbers.fullmatch(line.text):
                page.lines.remove(line)
                out.count("page_number")
            elif printed.match(line.text):
                page.lines.remove(line)
                out.count("running_head")
    if len(pages) < 2:
        return
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_make_key(line, page) for line in _find_edges(page)})
    least = max(2, _SHARE * len(pages))
    for page in pages:
        for line in _find_edges(page):
            if seen[_make_key(line, page)] >= least:
                page.lines.remove(line)
                out.count("running_head")


def _find_edges(page: PageLines) -> list[TextLine]:
    """Return the lines at the top and at the bottom of a page."""
    lines = sorted((line for line in page.lines if not line.table and not line.quarter), key=lambda line: line.y0)
    band = _BAND * page.height
    return [
        line
        for i, line in enumerate(lines)
        if (i < _EDGE and line.y0 <= band) or (i >= len(lines) - _EDGE and line.y1 >= page.height - band)
    ]


def _make_key(line: TextLine, page: PageLines) -> tuple[str, int]:
    """Return what is equal for a running head on two pages: its words without numbers, and its place."""
    return _DIGITS.sub("#", "".join(line.text.split())), round(line.y0 / 6)
