"""Medians of repeated runs, and the table that shows them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing."""

    name: str
    value: float | None
    """None: could not be measured here; the note says why."""
    unit: str
    target: str = ""
    note: str = ""

    def cells(self) -> tuple[str, str, str, str]:
        shown = "–" if self.value is None else f"{self.value:,.3f}" if self.value < 10 else f"{self.value:,.0f}"
        return self.name, f"{shown} {self.unit}".strip(), self.target, self.note


def median(run: Callable[[], object], runs: int, warm_up: int = 1) -> tuple[float, float]:
    """Median and largest distance from it, in seconds, of *runs* calls after *warm_up* unmeasured ones."""
    for _ in range(warm_up):
        run()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    middle = statistics.median(times)
    return middle, max(abs(t - middle) for t in times)


def table(rows: Sequence[Row]) -> str:
    """*rows* as aligned text columns."""
    lines = [("what", "measured", "target", "note"), *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in lines)  # fmt: skip
