"""Characters with their places → the lines of a page in reading order: rows of tables, lines of columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

_GAP = 1.6
"""Width of a gap that separates two stretches of a line, in characters."""
_SPACE = 0.22
"""Width of a gap that separates two words without a space, in characters."""
_MIXED_SPACE = 0.4
"""The same between Chinese and Latin, where word processors leave a gap."""
_STRETCHED = 8
"""Number of gaps from which the usual gap of a line is measured."""
_SNAP = 3.0
"""Distance up to which two rules are one, in points."""
_MOST_GRIDS = 400
CLOSING = "，。、；：！？”’）》」』】〕,.;:!?)]}%"
"""Characters that never begin a line."""
_OPENING = "（《“‘「『【〔([{"
"""Characters that never end a line."""
_QUOTES = "“”‘’\"'"
"""Characters that are never separated from the characters beside them."""
_COLUMN_LINES = 4
"""Least number of lines in each of two columns."""
_COLUMN_FULL = 0.6
"""Least share of a column's width that its median line takes."""
_COLUMN_CHARS = 8
"""Least number of characters of the median line of a column."""


@dataclass(frozen=True, slots=True)
class PlacedChar:
    """A character and its place on the page, in points from the left and from the top."""

    x0: float
    y0: float
    x1: float
    y1: float
    sign: str
    size: float
    after_space: bool = False


@dataclass(frozen=True, slots=True)
class RuledLine:
    """A straight rule on the page, which has nearly no width or nearly no height."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def is_level(self) -> bool:
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(slots=True)
class TextLine:
    """A line of text, or a row of a table."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    size: float
    column: int = 0
    cells: list[str] = field(default_factory=list)
    """Texts of the cells of a row."""
    table: int = 0
    """Number of the table on the page; 0 for running text."""
    head: float = 0.0
    """Width of what cannot be separated at its beginning: a character, a number, a word."""
    is_split: bool = False
    """Whether it has stretches with wide gaps between them."""
    after_space: bool = False
    """Whether a space separates it from the line before it."""


@dataclass(slots=True)
class PageLines:
    """The lines of a page in reading order."""

    lines: list[TextLine]
    height: float


def arrange_page(chars: list[PlacedChar], rules: Iterable[RuledLine], height: float) -> PageLines:
    """Return the lines of a page in reading order.

    Args:
        chars: the characters of the page.
        rules: its rules, which form tables.
        height: its height, in points.
    """
    table_rows: list[TextLine] = []
    rest = chars
    for number, grid in enumerate(_find_grids(rules), 1):
        inside = [char for char in rest if grid.contains(char)]
        rows = grid.make_rows(inside, number) if inside else []
        if rows:
            table_rows += rows
            rest = [char for char in rest if not grid.contains(char)]
    lines = _order_columns([_split_row(row) for row in _group_rows(rest)])
    return PageLines(_insert_tables(lines, table_rows), height)


def is_han(sign: str) -> bool:
    """Return whether a character is Han."""
    return "\u4e00" <= sign <= "\u9fff"


def is_wide(sign: str) -> bool:
    """Return whether a character is as wide as a Han character; True for the empty text."""
    return "\u2e80" <= sign <= "\ufaff" or "\uff00" <= sign <= "\uffef" or sign in "“”‘’—…·"


# running text


def _insert_tables(lines: list[TextLine], table_rows: list[TextLine]) -> list[TextLine]:
    """Return *lines* with the rows of each table before the first line below its top."""
    result = list(lines)
    for number in sorted({row.table for row in table_rows}):
        rows = [row for row in table_rows if row.table == number]
        top = rows[0].y0
        index = next((i for i, line in enumerate(result) if not line.table and line.y0 >= top), len(result))
        result[index:index] = rows
    return result


def _group_rows(chars: Sequence[PlacedChar]) -> list[list[PlacedChar]]:
    """Return the characters of each row, from top to bottom, from left to right."""
    rows: list[list[PlacedChar]] = []
    middles: list[float] = []
    for char in sorted(chars, key=lambda char: ((char.y0 + char.y1) / 2, char.x0)):
        middle = (char.y0 + char.y1) / 2
        if rows and abs(middle - middles[-1]) <= 0.45 * max(char.size, rows[-1][0].size):
            rows[-1].append(char)
            middles[-1] += (middle - middles[-1]) / len(rows[-1])
        else:
            rows.append([char])
            middles.append(middle)
    return [sorted(row, key=lambda char: char.x0) for row in rows]


def _split_row(row: Sequence[PlacedChar]) -> list[TextLine]:
    """Return a row in stretches, split at wide gaps; of a character that is printed twice for boldness one stays."""
    stretches: list[list[PlacedChar]] = []
    for char in row:
        last = stretches[-1][-1] if stretches else None
        if last and last.sign == char.sign and abs(last.x0 - char.x0) < 0.3 * min(char.x1 - char.x0, char.size):
            continue
        if last is None or char.x0 - last.x1 > _GAP * max(char.size, last.size):
            stretches.append([char])
        else:
            stretches[-1].append(char)
    return [_make_line(stretch) for stretch in stretches]


def _make_line(chars: Sequence[PlacedChar]) -> TextLine:
    words: list[str] = []
    # justified text is stretched at every character: only a gap that is wider than usual is a space
    gaps = [right.x0 - left.x1 for left, right in pairwise(chars)]
    usual = max(median(gaps), 0.0) if len(gaps) >= _STRETCHED else 0.0
    for before, char in zip([None, *chars], chars, strict=False):
        if before is not None:
            gap = char.x0 - before.x1 - usual
            least = _MIXED_SPACE if is_wide(before.sign) != is_wide(char.sign) else _SPACE
            if gap > least * char.size or (char.after_space and gap > 0.05 * char.size):
                words.append(" ")
        words.append(char.sign)
    return TextLine(
        x0=min(char.x0 for char in chars),
        y0=min(char.y0 for char in chars),
        x1=max(char.x1 for char in chars),
        y1=max(char.y1 for char in chars),
        text="".join(words).strip(),
        size=median(char.size for char in chars),
        head=_measure_head(chars),
        after_space=chars[0].after_space,
    )


def _measure_head(chars: Sequence[PlacedChar]) -> float:
    """Return the width of what cannot be separated at the beginning of a line (like UAX #14)."""
    last = chars[0]
    for char in chars[1:]:
        can_break = is_wide(last.sign) or is_wide(char.sign) or char.after_space
        is_glued = char.sign in CLOSING + _QUOTES or last.sign in _OPENING + _QUOTES
        if can_break and not is_glued and not (last.sign in CLOSING and char.sign.isdigit()):
            break
        last = char
    return last.x1 - chars[0].x0


# columns


def _join_row(stretches: list[TextLine]) -> TextLine:
    """Return the stretches of a row as one line."""
    if len(stretches) == 1:
        return stretches[0]
    return TextLine(
        x0=stretches[0].x0,
        y0=min(stretch.y0 for stretch in stretches),
        x1=stretches[-1].x1,
        y1=max(stretch.y1 for stretch in stretches),
        text=" ".join(stretch.text for stretch in stretches),
        size=median(stretch.size for stretch in stretches),
        is_split=True,
    )


def _order_columns(rows: list[list[TextLine]]) -> list[TextLine]:
    """Return rows in reading order: the left column before the right one, where there are two."""
    gutter = _find_gutter(rows)
    if gutter is None:
        return [_join_row(stretches) for stretches in rows if stretches]
    lines: list[TextLine] = []
    band: list[list[TextLine]] = []  # consecutive rows that do not cross the gutter

    def end_band() -> None:
        left = [stretch for stretches in band for stretch in stretches if stretch.x1 <= gutter]
        right = [stretch for stretches in band for stretch in stretches if stretch.x0 >= gutter]
        if min(len(left), len(right)) >= _COLUMN_LINES:
            for column, side in enumerate((left, right), 1):
                for stretch in side:
                    stretch.column = column
            lines.extend([*left, *right])
        else:
            lines.extend(_join_row(stretches) for stretches in band)
        band.clear()

    for stretches in rows:
        if any(stretch.x0 < gutter < stretch.x1 for stretch in stretches):
            end_band()
            lines.append(_join_row(stretches))
        else:
            band.append(stretches)
    end_band()
    return lines


def _find_gutter(rows: list[list[TextLine]]) -> float | None:
    """Return the x of the gap between two columns of prose, or None."""
    stretches = [stretch for row in rows for stretch in row]
    if len(stretches) < 2 * _COLUMN_LINES:
        return None
    left, right = min(stretch.x0 for stretch in stretches), max(stretch.x1 for stretch in stretches)
    middle = (left + right) / 2
    best: tuple[int, float] | None = None
    steps = 40
    for i in range(steps + 1):
        x = left + (right - left) * (0.3 + 0.4 * i / steps)
        count = sum(
            any(stretch.x1 <= x for stretch in row)
            and any(stretch.x0 >= x for stretch in row)
            and not any(stretch.x0 < x < stretch.x1 for stretch in row)
            for row in rows
        )
        if best is None or (count, -abs(x - middle)) > (best[0], -abs(best[1] - middle)):
            best = (count, x)
    if best is None or best[0] < _COLUMN_LINES:
        return None
    x = best[1]
    for side in ([s for s in stretches if s.x1 <= x], [s for s in stretches if s.x0 >= x]):
        if len(side) < _COLUMN_LINES:
            return None
        width = max(stretch.x1 for stretch in side) - min(stretch.x0 for stretch in side)
        if median(stretch.x1 - stretch.x0 for stretch in side) < _COLUMN_FULL * width:
            return None
        if median(len(stretch.text) for stretch in side) < _COLUMN_CHARS:
            return None
    return x


# tables


@dataclass(frozen=True, slots=True)
class _Grid:
    """A grid of rules."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    upright: tuple[RuledLine, ...]
    level: tuple[RuledLine, ...]

    def contains(self, char: PlacedChar) -> bool:
        x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
        return self.xs[0] - _SNAP <= x <= self.xs[-1] + _SNAP and self.ys[0] - _SNAP <= y <= self.ys[-1] + _SNAP

    def make_rows(self, chars: Sequence[PlacedChar], number: int) -> list[TextLine]:
        """Return the rows of table *number* with their cells; an empty list if the grid is a frame around text."""
        wide, tall = len(self.xs) - 1, len(self.ys) - 1
        if wide < 2 or tall < 1:
            return []
        owner = self._merge_cells(wide, tall)
        cells: dict[tuple[int, int], list[PlacedChar]] = {}
        for char in chars:
            slot = (_find_slot(self.ys, (char.y0 + char.y1) / 2), _find_slot(self.xs, (char.x0 + char.x1) / 2))
            cells.setdefault(owner[slot], []).append(char)
        rows = []
        for y in range(tall):
            texts = [
                _join_cell(cells.get((y, x), [])) if owner[(y, x)] == (y, x) else ""
                for x in range(wide)
                if owner[(y, x)] == (y, x) or owner[(y, x)][0] < y
            ]
            inside = [char for x in range(wide) for char in cells.get((y, x), [])]
            if inside:
                size = median(char.size for char in inside)
                box = (self.xs[0], self.ys[y], self.xs[-1], self.ys[y + 1])
                rows.append(TextLine(*box, text="", size=size, cells=texts, table=number))
        return rows

    def _merge_cells(self, wide: int, tall: int) -> dict[tuple[int, int], tuple[int, int]]:
        """Return for each cell (row, column) the upper left cell of those that no rule separates from it."""
        owner = {(y, x): (y, x) for y in range(tall) for x in range(wide)}
        for y in range(tall):
            for x in range(wide):
                middle_y, middle_x = (self.ys[y] + self.ys[y + 1]) / 2, (self.xs[x] + self.xs[x + 1]) / 2
                if x and not any(
                    abs(rule.x0 - self.xs[x]) <= _SNAP and rule.y0 - _SNAP <= middle_y <= rule.y1 + _SNAP
                    for rule in self.upright
                ):
                    owner[(y, x)] = owner[(y, x - 1)]
                elif y and not any(
                    abs(rule.y0 - self.ys[y]) <= _SNAP and rule.x0 - _SNAP <= middle_x <= rule.x1 + _SNAP
                    for rule in self.level
                ):
                    owner[(y, x)] = owner[(y - 1, x)]
        return owner


def _join_cell(chars: Sequence[PlacedChar]) -> str:
    """Return the text of a cell, with its lines joined."""
    text = ""
    for row in _group_rows(chars):
        line = _make_line(row).text
        gap = " " if text and not (is_wide(text[-1]) or is_wide(line[:1])) else ""
        text += gap + line
    return text


def _find_slot(edges: Sequence[float], value: float) -> int:
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)


def _find_grids(rules: Iterable[RuledLine]) -> list[_Grid]:
    """Return the grids of rules that touch each other, from top to bottom."""
    groups: list[list[RuledLine]] = []
    for rule in rules:
        touching = [group for group in groups if any(_is_touching(rule, other) for other in group)]
        merged = [rule, *(other for group in touching for other in group)]
        groups = [group for group in groups if all(group is not other for other in touching)]
        groups.append(merged)
        if len(groups) > _MOST_GRIDS:
            return []
    grids = []
    for group in groups:
        level = tuple(rule for rule in group if rule.is_level)
        upright = tuple(rule for rule in group if not rule.is_level)
        xs, ys = _snap(rule.x0 for rule in upright), _snap(rule.y0 for rule in level)
        if len(xs) >= 3 and len(ys) >= 2:
            grids.append(_Grid(xs, ys, upright, level))
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _is_touching(one: RuledLine, other: RuledLine) -> bool:
    return (
        one.x0 - _SNAP <= other.x1 and other.x0 - _SNAP <= one.x1
        and one.y0 - _SNAP <= other.y1 and other.y0 - _SNAP <= one.y1
    )  # fmt: skip


def _snap(values: Iterable[float]) -> tuple[float, ...]:
    """Return sorted values, without those that are near the one before."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _SNAP:
            kept.append(value)
    return tuple(kept)
