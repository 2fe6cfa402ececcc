"""Where the characters of a text come from that is put together from stretches of another one.

A page has tens of thousands of such offsets and few of them are asked for, so they are kept as machine numbers: a list
would need an object for each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Run = tuple[int, int]
"""Begin and end of a stretch."""
Offsets = NDArray[np.int64]


def list_offsets(runs: Sequence[Run]) -> Offsets:
    """Return the offset of each character of a text that joins *runs*.

    The runs [(0, 2), (5, 8)] give 0, 1, 5, 6, 7.
    """
    bounds = np.array(runs, np.int64).reshape(-1, 2)
    lengths = bounds[:, 1] - bounds[:, 0]
    ends = np.cumsum(lengths)
    return np.arange(int(lengths.sum())) + np.repeat(bounds[:, 1] - ends, lengths)


def find_positions(offsets: Offsets, size: int) -> Offsets:
    """Return for each offset, up to *size*, where it or the next one is in a text whose characters have *offsets*.

    Of several characters with one offset the first counts.
    """
    seen = np.bincount(offsets, minlength=size + 1)[: size + 1]
    return np.cumsum(seen) - seen


def view(offsets: Offsets) -> Sequence[int]:
    """Return offsets as a sequence of plain numbers."""
    return offsets.data
