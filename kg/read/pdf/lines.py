"""Characters with places → the lines of a page in reading order: tables by their rules, columns by their gutter."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

_GAP = 1.6
"""Widths of a character that part two stretches of a line."""
_SPACE = 0.22
"""Widths of a character that part two words, where no space is set."""
_MIXED_SPACE = 0.4
"""The same between Chinese and Latin, where word processors leave a gap of their own."""
_SNAP = 3.0
"""Points within which two rules are one."""
CLOSING = "，。、；：！？”’）》」』】〕,.;:!?)]}%"
"""What never begins a line."""
_OPENING = "（《“‘「『【〔([{"
"""What never ends one."""
_QUOTES = "“”‘’\"'"
"""What is never parted from either side."""
_COLUMN_LINES = 4
"""Lines on either side that a pair of columns has at least."""
_COLUMN_FULL = 0.6
"""Share of a column's width that its usual line takes."""


@dataclass(frozen=True, slots=True)
class Char:
    """A character as it stands on the page; points from the left and from the top."""

    x0: float
    y0: float
    x1: float
    y1: float
    sign: str
    size: float
    after_space: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line on the page: it has hardly any width, or hardly any height."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(slots=True)
class Line:
    """A line of text; of a table, a whole row."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    size: float
    column: int = 0
    cells: list[str] = field(default_factory=list)
    """Of a row of a table."""
    table: int = 0
    """Which table of the page; 0 if it is running text."""
    head: float = 0.0
    """Width of what cannot be parted at its beginning: a character, a number, a word."""
    apart: bool = False
    """Stretches with wide gaps between."""
    after_space: bool = False
    """A space is set before it, where the line before it ends."""


@dataclass(slots=True)
class PageLines:
    """A page's lines in reading order."""

    lines: list[Line]
    height: float


def page_lines(chars: list[Char], rules: Iterable[Rule], width: float, height: float) -> PageLines:
    """Put the characters of a page into lines, and these in order."""
    lines: list[Line] = []
    rest = chars
    for number, table in enumerate(_tables(rules), 1):
        inside = [c for c in rest if table.holds(c)]
        rows = table.rows(inside, number) if inside else []
        if rows:
            lines += rows
            rest = [c for c in rest if not table.holds(c)]
    running = [_parts(row) for row in _rows(rest)]
    lines += _columns(running)
    if lines and any(x.table for x in lines):
        lines = _placed(lines)
    return PageLines(lines, height)


def _placed(lines: list[Line]) -> list[Line]:
    """Tables put where they stand between the lines: each before the first line below it, in its order."""
    text = [x for x in lines if not x.table]
    for number in sorted({x.table for x in lines if x.table}):
        rows = [x for x in lines if x.table == number]
        top = rows[0].y0
        at = next((i for i, x in enumerate(text) if not x.table and x.y0 >= top), len(text))
        text[at:at] = rows
    return text


def _rows(chars: Sequence[Char]) -> list[list[Char]]:
    """Characters that stand on one line each, from the top down, from left to right."""
    rows: list[list[Char]] = []
    middles: list[float] = []
    for c in sorted(chars, key=lambda c: ((c.y0 + c.y1) / 2, c.x0)):
        middle = (c.y0 + c.y1) / 2
        if rows and abs(middle - middles[-1]) <= 0.45 * max(c.size, rows[-1][0].size):
            rows[-1].append(c)
            middles[-1] += (middle - middles[-1]) / len(rows[-1])
        else:
            rows.append([c])
            middles.append(middle)
    return [sorted(row, key=lambda c: c.x0) for row in rows]


def _parts(row: Sequence[Char]) -> list[Line]:
    """A row in stretches, parted at wide gaps; of characters set twice for boldness, one stays."""
    out: list[list[Char]] = []
    for c in row:
        last = out[-1][-1] if out else None
        if last is not None and last.sign == c.sign and abs(last.x0 - c.x0) < 0.3 * min(c.x1 - c.x0, c.size):
            continue
        if last is None or c.x0 - last.x1 > _GAP * max(c.size, last.size):
            out.append([c])
        else:
            out[-1].append(c)
    return [_line(part) for part in out]


def _line(chars: Sequence[Char]) -> Line:
    words: list[str] = []
    # Text that is set to both margins is stretched everywhere: only what is wider than usual is a space.
    gaps = [b.x0 - a.x1 for a, b in pairwise(chars)]
    usual = max(median(gaps), 0.0) if len(gaps) >= 8 else 0.0
    for before, c in zip([None, *chars], chars, strict=False):
        if before is not None:
            gap = c.x0 - before.x1 - usual
            mixed = is_wide(before.sign) != is_wide(c.sign)
            if (c.after_space and gap > 0.05 * c.size) or gap > (_MIXED_SPACE if mixed else _SPACE) * c.size:
                words.append(" ")
        words.append(c.sign)
    return Line(
        min(c.x0 for c in chars), min(c.y0 for c in chars), max(c.x1 for c in chars), max(c.y1 for c in chars),
        "".join(words).strip(), median(c.size for c in chars), after_space=chars[0].after_space, head=_head(chars),
    )  # fmt: skip


def _head(chars: Sequence[Char]) -> float:
    """Width of what cannot be parted at the beginning of a line (after UAX #14, as word processors do it)."""
    last = chars[0]
    for c in chars[1:]:
        parted = is_wide(last.sign) or is_wide(c.sign) or c.after_space
        glued = c.sign in CLOSING + _QUOTES or last.sign in _OPENING + _QUOTES
        if parted and not glued and not (last.sign in CLOSING and c.sign.isdigit()):
            break
        last = c
    return last.x1 - chars[0].x0


def is_han(sign: str) -> bool:
    """Whether a character is Han."""
    return "\u4e00" <= sign <= "\u9fff"


def is_wide(sign: str) -> bool:
    """Whether a character, or the empty text, is set as wide as a Han character."""
    return "\u2e80" <= sign <= "\ufaff" or "\uff00" <= sign <= "\uffef" or sign in "“”‘’—…·"


def _whole(parts: list[Line]) -> Line:
    """A row's stretches as one line."""
    if len(parts) == 1:
        return parts[0]
    text = " ".join(p.text for p in parts)
    return Line(parts[0].x0, min(p.y0 for p in parts), parts[-1].x1, max(p.y1 for p in parts), text,
                median(p.size for p in parts), apart=True)  # fmt: skip


def _columns(rows: list[list[Line]]) -> list[Line]:
    """Rows in reading order: where a gutter parts them, the left column before the right."""
    gutter = _gutter(rows)
    if gutter is None:
        return [_whole(parts) for parts in rows if parts]
    out: list[Line] = []
    band: list[list[Line]] = []

    def close() -> None:
        left = [p for parts in band for p in parts if p.x1 <= gutter]
        right = [p for parts in band for p in parts if p.x0 >= gutter]
        if min(len(left), len(right)) >= _COLUMN_LINES:
            for column, side in enumerate((left, right), 1):
                for p in side:
                    p.column = column
            out.extend([*left, *right])
        else:
            out.extend(_whole(parts) for parts in band)
        band.clear()

    for parts in rows:
        crossed = any(p.x0 < gutter < p.x1 for p in parts)
        if crossed:
            close()
            out.append(_whole(parts))
        else:
            band.append(parts)
    close()
    return out


def _gutter(rows: list[list[Line]]) -> float | None:
    """Where the white between two columns of prose is; None if there are none."""
    every = [p for parts in rows for p in parts]
    if len(every) < 2 * _COLUMN_LINES:
        return None
    left, right = min(p.x0 for p in every), max(p.x1 for p in every)
    best: tuple[int, float] | None = None
    steps = 40
    for i in range(steps + 1):
        x = left + (right - left) * (0.3 + 0.4 * i / steps)
        both = sum(
            any(p.x1 <= x for p in parts) and any(p.x0 >= x for p in parts) and not any(p.x0 < x < p.x1 for p in parts)
            for parts in rows
        )
        score = (both, -abs(x - (left + right) / 2))
        if best is None or score > (best[0], -abs(best[1] - (left + right) / 2)):
            best = (both, x)
    if best is None or best[0] < _COLUMN_LINES:
        return None
    x = best[1]
    sides = ([p for p in every if p.x1 <= x], [p for p in every if p.x0 >= x])
    for side in sides:
        if len(side) < _COLUMN_LINES:
            return None
        extent = max(p.x1 for p in side) - min(p.x0 for p in side)
        if median(p.x1 - p.x0 for p in side) < _COLUMN_FULL * extent or median(len(p.text) for p in side) < 8:
            return None
    return x


@dataclass(frozen=True, slots=True)
class _Table:
    """A grid of rules."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    upright: tuple[Rule, ...]
    level: tuple[Rule, ...]

    def holds(self, c: Char) -> bool:
        x, y = (c.x0 + c.x1) / 2, (c.y0 + c.y1) / 2
        return self.xs[0] - _SNAP <= x <= self.xs[-1] + _SNAP and self.ys[0] - _SNAP <= y <= self.ys[-1] + _SNAP

    def rows(self, chars: Sequence[Char], number: int) -> list[Line]:
        """The rows with their cells; none if the grid is a frame around text."""
        wide, tall = len(self.xs) - 1, len(self.ys) - 1
        if wide < 2 or tall < 1:
            return []
        owner = self._merged(wide, tall)
        cells: dict[tuple[int, int], list[Char]] = {}
        for c in chars:
            at = (_slot(self.ys, (c.y0 + c.y1) / 2), _slot(self.xs, (c.x0 + c.x1) / 2))
            cells.setdefault(owner[at], []).append(c)
        out = []
        for y in range(tall):
            texts = [
                _cell(cells.get((y, x), [])) if owner[(y, x)] == (y, x) else ""
                for x in range(wide)
                if owner[(y, x)] == (y, x) or owner[(y, x)][0] < y
            ]
            mine = [c for x in range(wide) for c in cells.get((y, x), [])]
            if mine:
                size = median(c.size for c in mine)
                out.append(Line(self.xs[0], self.ys[y], self.xs[-1], self.ys[y + 1], "", size, 0, texts, number))
        return out

    def _merged(self, wide: int, tall: int) -> dict[tuple[int, int], tuple[int, int]]:
        """Cell → the upper left cell of those that no rule parts from it."""
        owner = {(y, x): (y, x) for y in range(tall) for x in range(wide)}
        for y in range(tall):
            for x in range(wide):
                middle_y, middle_x = (self.ys[y] + self.ys[y + 1]) / 2, (self.xs[x] + self.xs[x + 1]) / 2
                if x and not any(
                    abs(r.x0 - self.xs[x]) <= _SNAP and r.y0 - _SNAP <= middle_y <= r.y1 + _SNAP for r in self.upright
                ):
                    owner[(y, x)] = owner[(y, x - 1)]
                elif y and not any(
                    abs(r.y0 - self.ys[y]) <= _SNAP and r.x0 - _SNAP <= middle_x <= r.x1 + _SNAP for r in self.level
                ):
                    owner[(y, x)] = owner[(y - 1, x)]
        return owner


def _cell(chars: Sequence[Char]) -> str:
    """The text of a cell, its lines joined."""
    out = ""
    for row in _rows(chars):
        line = _line(row).text
        gap = " " if out and not (is_wide(out[-1]) or is_wide(line[:1])) else ""
        out += gap + line
    return out


def _slot(edges: Sequence[float], value: float) -> int:
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)


def _tables(rules: Iterable[Rule]) -> list[_Table]:
    """Grids of rules that touch each other, from the top down."""
    every = list(rules)
    groups: list[list[Rule]] = []
    for rule in every:
        touching = [g for g in groups if any(_touch(rule, other) for other in g)]
        merged = [rule, *(r for g in touching for r in g)]
        groups = [g for g in groups if all(g is not t for t in touching)]
        groups.append(merged)
        if len(groups) > 400:
            return []
    out = []
    for group in groups:
        level = tuple(r for r in group if r.level)
        upright = tuple(r for r in group if not r.level)
        xs, ys = _snapped(r.x0 for r in upright), _snapped(r.y0 for r in level)
        if len(xs) >= 3 and len(ys) >= 2:
            out.append(_Table(xs, ys, upright, level))
    return sorted(out, key=lambda t: (t.ys[0], t.xs[0]))


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.x0 - _SNAP <= other.x1 and other.x0 - _SNAP <= one.x1
        and one.y0 - _SNAP <= other.y1 and other.y0 - _SNAP <= one.y1
    )  # fmt: skip


def _snapped(values: Iterable[float]) -> tuple[float, ...]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _SNAP:
            out.append(value)
    return tuple(out)
