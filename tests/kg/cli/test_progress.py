"""The estimate of the time that is left of a build."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.cli.progress import BuildProgress, TimeLeft, format_left
from kg.cli.texts import use_language
from kg.read import FoundSource


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_nothing_is_estimated_before_enough_is_known() -> None:
    clock = Clock()
    left = TimeLeft([10] * 1000, clock)
    assert left.estimate() is None
    left.count(1)
    clock.seconds += 60
    left.count(20)
    assert left.estimate() is None  # less than 2 %
    left.count(21)
    assert left.estimate() == pytest.approx((60 * 979 / 20, 60 * 979 / 20))


def test_the_first_source_is_not_counted_with_the_time_before_it() -> None:
    clock = Clock()
    left = TimeLeft([10] * 21, clock)
    clock.seconds += 1000  # loading
    for done in range(1, 12):
        left.count(done)
        clock.seconds += 1
    assert left.estimate() == pytest.approx((11, 11))


def test_long_sources_at_the_end_make_a_range() -> None:
    clock = Clock()
    left = TimeLeft([10] * 11 + [100] * 10, clock)
    left.count(1)
    clock.seconds += 10
    left.count(11)
    assert left.estimate() == pytest.approx((10, 100))


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (None, ""),
        ((11.0, 12.0), "about 15 s left"),
        ((3.0, 300.0), "5 s to 5 min left"),
        ((3000.0, 20000.0), "50 min to 5.6 h left"),
    ],
)
def test_an_estimate_is_rounded_up(estimate: tuple[float, float] | None, text: str) -> None:
    use_language("en")
    assert format_left(estimate) == text


def test_the_bar_takes_sources_of_all_kinds(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    progress = BuildProgress()
    progress.expect([FoundSource("a", tmp_path / "a.txt"), FoundSource("b", tmp_path / "none"),
                     FoundSource("c", Path("-"), data=b"123")])  # fmt: skip
    for done in (1, 2, 3):
        progress(done, 3, "x")
    progress.stop()
