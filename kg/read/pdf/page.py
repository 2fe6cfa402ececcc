"""Characters with their places and rules → the lines of a page in reading order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from kg.read.pdf.chars import PageFrame, TextRun, place_runs
from kg.read.pdf.columns import order_columns, split_columns
from kg.read.pdf.grids import Grid, RuledLine, find_grids
from kg.read.pdf.lines import PageLines, PlacedChar, TextLine, group_rows, split_row
from kg.read.pdf.open_tables import OpenTable, find_open_tables


def arrange_runs(
    runs: Sequence[TextRun], size: tuple[float, float], read_rules: Callable[[PageFrame], list[RuledLine]]
) -> PageLines:
    """Return the lines of a page: those in its main direction, then those in each other direction.

    Args:
        runs: the text of the page.
        size: width and height of the page when it is not rotated.
        read_rules: returns the rules of the page as they are seen in a frame.
    """
    directions: dict[int, list[TextRun]] = defaultdict(list)
    counts: Counter[int] = Counter()
    for run in runs:
        directions[run.quarter].append(run)
        counts[run.quarter] += len(run.glyphs)
    main, *others = sorted(directions, key=lambda quarter: (-counts[quarter], quarter)) or [0]
    frame = PageFrame(*size, main)
    page = arrange_page(place_runs(directions[main], frame), read_rules(frame), frame.seen_height)
    for quarter in others:
        frame = PageFrame(*size, quarter)
        turned = arrange_page(place_runs(directions[quarter], frame), (), frame.seen_height)
        for line in turned.lines:
            line.quarter = (quarter - main) % 360
            line.column += line.quarter  # the margins of each direction are its own
        page.lines += turned.lines
    return page


def arrange_page(chars: list[PlacedChar], rules: Iterable[RuledLine], height: float) -> PageLines:
    """Return the lines of a page in reading order.

    Args:
        chars: the characters of the page.
        rules: its rules, which form tables.
        height: its height, in points.
    """
    table_rows: list[TextLine] = []
    rest, rules = chars, list(rules)
    grids = find_grids(rules)
    tables: list[Grid | OpenTable] = [*grids, *find_open_tables(rules, grids)]
    for number, table in enumerate(tables, 1):
        inside = [char for char in rest if table.contains(char)]
        rows = table.make_rows(inside, number) if inside else []
        if rows:
            table_rows += rows
            rest = [char for char in rest if not table.contains(char)]
    running = group_rows(rest)
    lines = order_columns(split_columns(running) or [split_row(row) for row in running])
    return PageLines(_insert_tables(lines, table_rows), height)


def _insert_tables(lines: list[TextLine], table_rows: list[TextLine]) -> list[TextLine]:
    """Return *lines* with the rows of each table before the first line below its top."""
    result = list(lines)
    for number in sorted({row.table for row in table_rows}):
        rows = [row for row in table_rows if row.table == number]
        top = rows[0].y0
        index = next((i for i, line in enumerate(result) if not line.table and line.y0 >= top), len(result))
        result[index:index] = rows
    return result
