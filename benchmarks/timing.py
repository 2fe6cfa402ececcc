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
    return medians([run], runs, warm_up)[0]


def medians(rivals: Sequence[Callable[[], object]], runs: int, warm_up: int = 1) -> list[tuple[float, float]]:
    """The same for each of *rivals*, which take turns: what else the machine does slows all of them alike."""
    times: list[list[float]] = [[] for _ in rivals]
    for turn in range(warm_up + runs):
        for run, taken in zip(rivals, times, strict=True):
            begin = time.perf_counter()
            run()
            if turn >= warm_up:
                taken.append(time.perf_counter() - begin)
    middles = [statistics.median(taken) for taken in times]
    return [(m, max(abs(t - m) for t in taken)) for m, taken in zip(middles, times, strict=True)]


def table(rows: Sequence[Row]) -> str:
    """*rows* as aligned text columns."""
    lines = [("what", "measured", "target", "note"), *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in lines)  # fmt: skip
