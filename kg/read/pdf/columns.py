"""Rows of stretches → lines in reading order: the left column before the right one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from kg.read.pdf.lines import PlacedChar, TextLine, split_row

_COLUMN_LINES = 4
"""Least number of lines in each of two columns."""
_COLUMN_FULL = 0.6
"""Least share of a column's width that its median line takes."""
_COLUMN_CHARS = 8
"""Least number of characters of the median line of a column."""
_NARROW = 0.7
"""Least width of the gap between two columns, in characters."""
_WRAPPED = 2
"""Least number of wrapped lines of a short column, in which few lines are full."""
_WRAPPED_FULL = 0.85
"""Least share of a short column's width that a wrapped line takes."""
_SENTENCE_END = "。；：！？.;:!?"


def split_columns(rows: Sequence[Sequence[PlacedChar]]) -> list[list[TextLine]]:
    """Return rows in stretches, split at the narrow gap between two columns of prose; empty if there is none."""
    x = _find_narrow_gap(rows)
    if x is None:
        return []
    split = []
    for row in rows:
        at = bisect_right([char.x0 for char in row], x)
        is_split = 0 < at < len(row) and _measure_gap(row[at - 1], row[at]) >= _NARROW
        halves = [row[:at], row[at:]] if is_split else [row]
        split.append([stretch for half in halves for stretch in split_row(half)])
    return split if _find_gutter(split) is not None else []


def _find_narrow_gap(rows: Sequence[Sequence[PlacedChar]]) -> float | None:
    """Return the x at which most rows have a gap, and at least some; None if there is none."""
    chars = [char for row in rows for char in row]
    if len(rows) < _COLUMN_LINES:
        return None
    left, right = min(char.x0 for char in chars), max(char.x1 for char in chars)
    least, most = left + 0.3 * (right - left), left + 0.7 * (right - left)
    edges: list[tuple[float, int]] = []
    for row in rows:
        for char, following in pairwise(row):
            if char.x1 < most and following.x0 > least and _measure_gap(char, following) >= _NARROW:
                edges += [(char.x1, 1), (following.x0, -1)]
    best, at, depth = 0, 0.0, 0
    edges.sort()
    for i, (x, step) in enumerate(edges):
        depth += step
        if depth > best:
            best, at = depth, (x + edges[i + 1][0]) / 2
    return at if best >= max(_COLUMN_LINES, len(rows) / 3) else None


def _measure_gap(left: PlacedChar, right: PlacedChar) -> float:
    """Return the gap between two characters, in characters."""
    return (right.x0 - left.x1) / max(left.size, right.size, 1.0)


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


def order_columns(rows: list[list[TextLine]]) -> list[TextLine]:
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
    sides = [[s for s in stretches if s.x1 <= x], [s for s in stretches if s.x0 >= x]]
    return x if all(_is_prose(side) for side in sides) else None


def _is_prose(side: list[TextLine]) -> bool:
    """Return whether the stretches on one side of a gap are lines of prose: most are full, or some are wrapped."""
    if len(side) < _COLUMN_LINES:
        return False
    left = min(stretch.x0 for stretch in side)
    width = max(stretch.x1 for stretch in side) - left
    if median(stretch.x1 - stretch.x0 for stretch in side) >= _COLUMN_FULL * width:
        return bool(median(len(stretch.text) for stretch in side) >= _COLUMN_CHARS)
    wrapped = [
        upper
        for upper, lower in pairwise(side)
        if upper.x1 >= left + _WRAPPED_FULL * width
        and len(upper.text) >= _COLUMN_CHARS
        and upper.text[-1] not in _SENTENCE_END
        and lower.x0 <= left + 0.5 * lower.size
    ]
    return len(wrapped) >= _WRAPPED
