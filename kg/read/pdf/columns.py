"""Rows of stretches → lines in reading order: the left column before the right one."""

from __future__ import annotations

from statistics import median

from kg.read.pdf.lines import TextLine

_COLUMN_LINES = 4
"""Least number of lines in each of two columns."""
_COLUMN_FULL = 0.6
"""Least share of a column's width that its median line takes."""
_COLUMN_CHARS = 8
"""Least number of characters of the median line of a column."""


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
    for side in ([s for s in stretches if s.x1 <= x], [s for s in stretches if s.x0 >= x]):
        if len(side) < _COLUMN_LINES:
            return None
        width = max(stretch.x1 for stretch in side) - min(stretch.x0 for stretch in side)
        if median(stretch.x1 - stretch.x0 for stretch in side) < _COLUMN_FULL * width:
            return None
        if median(len(stretch.text) for stretch in side) < _COLUMN_CHARS:
            return None
    return x


