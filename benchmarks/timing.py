"""Medians of repeated runs, and their table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """One measured value, as a row of a table."""

    name: str
    value: float | None
    """None if it could not be measured here; the note gives the reason."""
    unit: str
    target: str = ""
    note: str = ""

    def format_cells(self) -> tuple[str, str, str, str]:
        """Return the cells of the row as text."""
        shown = "–" if self.value is None else f"{self.value:,.3f}" if self.value < 10 else f"{self.value:,.0f}"
        return self.name, f"{shown} {self.unit}".strip(), self.target, self.note


def measure_median(run: Callable[[], object], runs: int, warm_up: int = 1) -> tuple[float, float]:
    """Return the median time of *runs* calls after *warm_up* others, and the largest distance from it, in seconds."""
    return measure_medians([run], runs, warm_up)[0]


def measure_medians(calls: Sequence[Callable[[], object]], runs: int, warm_up: int = 1) -> list[tuple[float, float]]:
    """Return the same for each of *calls*. They run in turns, so that other load slows all of them alike."""
    all_times: list[list[float]] = [[] for _ in calls]
    for turn in range(warm_up + runs):
        for call, times in zip(calls, all_times, strict=True):
            begin = time.perf_counter()
            call()
            if turn >= warm_up:
                times.append(time.perf_counter() - begin)
    medians = [statistics.median(times) for times in all_times]
    return [(m, max(abs(seconds - m) for seconds in times)) for m, times in zip(medians, all_times, strict=True)]


def format_rows(rows: Sequence[BenchmarkRow]) -> str:
    """Return *rows* as aligned columns of text."""
    lines = [("what", "measured", "target", "note"), *(row.format_cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in lines)  # fmt: skip
