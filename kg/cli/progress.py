"""The progress of a build on a terminal, with an estimate of the time that is left.

Sources are counted, and so are their bytes: long texts take longer, but the bytes of a scan say little about its text.
If the two estimates differ much, both are shown. Nothing is estimated before enough is known.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from time import monotonic
from typing import TYPE_CHECKING

from kg.cli.options import open_errors
from kg.cli.texts import get_text

if TYPE_CHECKING:
    from kg.read import FoundSource

_LEAST_SECONDS = 3.0
_LEAST_SOURCES = 5
_LEAST_SHARE = 0.02
"""Nothing is estimated before so much time has passed and so much is done."""
_NEAR = 1.25
"""Estimates that differ by less than this factor are shown as one, the longer one."""
_MINUTE, _HOUR = 60, 3600


class TimeLeft:
    """Estimates the time that is left from what is done.

    The time before the first source is not counted: in it, words and rules are loaded.
    """

    def __init__(self, sizes: Sequence[int], clock: Callable[[], float] = monotonic) -> None:
        """Begin.

        Args:
            sizes: bytes of the sources, in the order in which they come.
            clock: returns the time in seconds.
        """
        self._sizes, self._clock = sizes, clock
        self._begin: float | None = None
        self._first = self._done = 0

    def count(self, done: int) -> None:
        """Note that so many sources are done."""
        self._done = done
        if self._begin is None:
            self._begin, self._first = self._clock(), done

    def estimate(self) -> tuple[float, float] | None:
        """Return the fewest and the most seconds that are likely to be left; None if that is not known."""
        done, total = self._done, len(self._sizes)
        if self._begin is None or done - self._first < max(_LEAST_SOURCES, _LEAST_SHARE * total):
            return None
        seconds = self._clock() - self._begin
        if seconds < _LEAST_SECONDS:
            return None
        by_number = seconds * (total - done) / (done - self._first)
        by_bytes = seconds * sum(self._sizes[done:]) / max(1, sum(self._sizes[self._first : done]))
        return min(by_number, by_bytes), max(by_number, by_bytes)


class BuildProgress:
    """A bar on standard error. It is called after each source."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
        )
        self._bar = Progress(*columns, console=open_errors(), transient=True)
        self._task = self._bar.add_task(get_text("build.progress"), total=None, left="")
        self._left: TimeLeft | None = None
        self._is_build = False

    def expect(self, sources: "Sequence[FoundSource]") -> None:
        """Take over which sources will be read."""
        self._left, self._is_build = TimeLeft([_measure(source) for source in sources]), True

    def __call__(self, done: int, total: int, name: str) -> None:
        """Show that so many sources are done."""
        self._bar.start()  # not before: a question may be asked first
        if self._left is None:
            self._left = TimeLeft([1] * total)
        self._left.count(done)
        left = "" if done == total else format_left(self._left.estimate())
        self._bar.update(self._task, completed=done, total=total, left=left)
        if self._is_build and done == total:
            self._bar.update(self._task, description=get_text("build.joining"))

    def stop(self) -> None:
        """Remove the bar."""
        self._bar.stop()


@contextmanager
def show_progress() -> Iterator[BuildProgress]:
    """Show a bar as long as the block runs."""
    progress = BuildProgress()
    try:
        yield progress
    finally:
        progress.stop()


def format_left(estimate: tuple[float, float] | None) -> str:
    """Return an estimate for people; empty if there is none."""
    if estimate is None:
        return ""
    least, most = estimate
    if most < _NEAR * least or _format_time(least) == _format_time(most):
        return get_text("build.left", time=_format_time(most))
    return get_text("build.left_between", least=_format_time(least), most=_format_time(most))


def _format_time(seconds: float) -> str:
    if seconds < _MINUTE:
        return get_text("build.seconds", n=max(5, 5 * ceil(seconds / 5)))
    if seconds < 2 * _HOUR:
        return get_text("build.minutes", n=ceil(seconds / _MINUTE))
    return get_text("build.hours", n=f"{seconds / _HOUR:.1f}")


def _measure(source: "FoundSource") -> int:
    """Return the bytes of a source, as far as they are known without reading it."""
    if source.data is not None:
        return len(source.data)
    if source.content is not None:
        return len(source.content.text)
    try:
        return source.path.stat().st_size if not source.members else 0
    except OSError:
        return 0
