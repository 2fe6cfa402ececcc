"""Rules that touch each other → grids, and the rows of a table in each grid."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from kg.read.pdf.lines import PlacedChar, TextLine, group_rows, is_wide, make_line
from kg.read.tables import Cell

_SNAP = 3.0
"""Distance up to which two rules are one, in points."""
_MOST_GRIDS = 400


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


@dataclass(frozen=True, slots=True)
class Grid:
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
        ends: dict[tuple[int, int], tuple[int, int]] = {}
        for slot, first in sorted(owner.items()):
            ends[first] = (slot[0], max(slot[1], ends.get(first, slot)[1]))
        cells: dict[tuple[int, int], list[PlacedChar]] = {}
        for char in chars:
            slot = (_find_slot(self.ys, (char.y0 + char.y1) / 2), _find_slot(self.xs, (char.x0 + char.x1) / 2))
            cells.setdefault(owner[slot], []).append(char)
        if len({x for _, x in cells}) < 2:  # nested frames, as browsers print them
            return []
        rows = []
        for y in range(tall):
            placed = [
                Cell(_join_cell(cells.get(slot, [])), rows=ends[slot][0] - y + 1, columns=ends[slot][1] - x + 1)
                for x in range(wide)
                if owner[slot := (y, x)] == slot
            ]
            inside = [char for x in range(wide) for char in cells.get((y, x), [])]
            if inside:
                size = median(char.size for char in inside)
                box = (self.xs[0], self.ys[y], self.xs[-1], self.ys[y + 1])
                rows.append(TextLine(*box, text="", size=size, cells=placed, table=number))
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
    for row in group_rows(chars):
        line = make_line(row).text
        gap = " " if text and not (is_wide(text[-1]) or is_wide(line[:1])) else ""
        text += gap + line
    return text


def _find_slot(edges: Sequence[float], value: float) -> int:
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)


def find_grids(rules: Iterable[RuledLine]) -> list[Grid]:
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
            grids.append(Grid(xs, ys, upright, level))
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
