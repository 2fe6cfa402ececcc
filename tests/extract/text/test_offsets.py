"""Where the characters of a joined text come from, and where an offset is in it."""

from __future__ import annotations

import pytest

from extract.text.offsets import Run, find_positions, list_offsets, view


@pytest.mark.parametrize(
    ("runs", "size", "offsets", "positions"),
    [
        ([], 1, [], [0, 0]),
        ([(0, 3)], 3, [0, 1, 2], [0, 1, 2, 3]),
        ([(1, 3), (5, 6)], 7, [1, 2, 5], [0, 0, 1, 2, 2, 2, 3, 3]),
        ([(0, 2), (2, 3), (2, 4)], 4, [0, 1, 2, 2, 3], [0, 1, 2, 4, 5]),  # the first of two characters counts
        ([(0, 1), (1, 1), (2, 3)], 3, [0, 2], [0, 1, 1, 2]),
    ],
    ids=["nothing", "all", "gaps", "shared", "empty"],
)
def test_offsets_and_positions(runs: list[Run], size: int, offsets: list[int], positions: list[int]) -> None:
    found = list_offsets(runs)
    assert list(view(found)) == offsets
    assert list(view(find_positions(found, size))) == positions
