"""How well mentions are found: exact span and class against annotated chunks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extract.model import Kind, Span


@dataclass(frozen=True, slots=True)
class Score:
    """Counts, and what follows from them."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    def rounded(self) -> dict[str, float]:
        """Precision, recall and F1 to three digits, for people and files."""
        values = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {name: round(value, 3) for name, value in values.items()}


def score(found: Iterable[tuple[Span, Kind]], wanted: Iterable[tuple[Span, Kind | None]]) -> Score:
    """Count *found* against *wanted*; what overlaps a wanted name without a kind counts neither way."""
    names = list(wanted)
    known = {(span, kind) for span, kind in names if kind}
    left_open = [span for span, kind in names if not kind]
    counted = {(s, k) for s, k in found if (s, k) in known or not any(s.overlaps(o) for o in left_open)}
    return Score(len(counted & known), len(counted), len(known))
