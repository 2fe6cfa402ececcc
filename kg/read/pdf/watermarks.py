"""Text that is printed under or over the text of a page: watermarks, told by direction, colour, size and overlap."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from kg.read.pdf.chars import Colour, Glyph, TextRun

_ASKEW = 10.0
"""Least angle to the lines of a page at which text is no part of it, in degrees."""
_PALE = 150
"""Least brightness (0 to 255) of text that is printed to be read through."""
_OPAQUE = 160
"""Largest opacity of such text."""
_LARGE = 1.5
"""Least size of dark text over other text, in sizes of that text."""
_CELL = 12.0
"""Edge of the squares in which neighbours are looked for, in points."""
_MOST_SQUARES = 40
"""Largest number of squares of one glyph, in each direction."""
_DEEP = 0.35
"""Least share of a character's box, in each direction, that another one covers."""
_SHARE = 0.8
"""Least share of the pages on which a watermark is repeated."""

PrintedText = tuple[str, Colour, int]
"""Text, colour and size of a run."""


def identify_text(run: TextRun) -> PrintedText:
    """Return what is equal for copies of a watermark: text, colour and size."""
    return run.text, run.colour, round(run.size)


def find_watermarks(runs: Sequence[TextRun]) -> set[PrintedText]:
    """Return the styles of the runs of a page that are watermarks.

    Runs that stand askew are watermarks. So are pale or much larger runs that cover other text; their copies that
    cover nothing are recognised by their style, on other pages too.
    """
    askew = {identify_text(run) for run in runs if abs(run.skew) > _ASKEW}
    straight = [run for run in runs if abs(run.skew) <= _ASKEW]
    pale = [run for run in straight if _is_pale(run)]
    dark = [run for run in straight if not _is_pale(run)]
    found = askew | {identify_text(run) for run in _find_covering(pale, dark)}
    if dark:
        usual = median(run.size for run in dark for _ in run.glyphs)
        large = [run for run in dark if run.size >= _LARGE * usual and len(run.glyphs) > 1]
        small = [run for run in dark if run.size < _LARGE * usual]
        found |= {identify_text(run) for run in _find_covering(large, small)}
    return found


class RepeatedText:
    """Finds text that stands at one place on nearly every page of a document, over other text: a watermark."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[PrintedText, int, int]] = Counter()
        self._pages = 0
        self._samples: list[Sequence[TextRun]] = []

    def add_page(self, runs: Sequence[TextRun]) -> None:
        """Take the runs of the next page into account."""
        self._pages += 1
        self._seen.update({(identify_text(run), round(run.glyphs[0].x), round(run.glyphs[0].y)) for run in runs})
        self._samples = [*self._samples[:1], runs]

    def find_watermarks(self) -> set[PrintedText]:
        """Return the styles of the watermarks in the pages so far."""
        least = max(2.0, _SHARE * self._pages)
        repeated = {style for (style, _, _), times in self._seen.items() if times >= least}
        found: set[PrintedText] = set()
        for runs in self._samples:
            upper = [run for run in runs if len(run.glyphs) > 1 and identify_text(run) in repeated]
            found |= {identify_text(run) for run in _find_covering(upper, runs)} if upper else set()
        return found


def _is_pale(run: TextRun) -> bool:
    red, green, blue, opacity = run.colour
    return opacity <= _OPAQUE or 0.299 * red + 0.587 * green + 0.114 * blue >= _PALE


def _find_covering(upper: Sequence[TextRun], lower: Iterable[TextRun]) -> Iterator[TextRun]:
    """Yield the runs of *upper* with a character that covers another character of a run in *lower*."""
    wanted = {square for run in upper for glyph in run.glyphs for square in _find_squares(glyph)}
    if not wanted:
        return
    squares: dict[tuple[int, int], list[tuple[TextRun, Glyph]]] = defaultdict(list)
    for run in lower:
        for glyph in run.glyphs:
            for square in _find_squares(glyph) & wanted:
                squares[square].append((run, glyph))
    for run in upper:
        if any(
            other is not run and _is_covering(glyph, below)
            for glyph in run.glyphs
            for square in _find_squares(glyph)
            for other, below in squares.get(square, ())
        ):
            yield run


def _find_squares(glyph: Glyph) -> set[tuple[int, int]]:
    """Return the squares of the page that a glyph touches."""
    xs = range(int(glyph.left // _CELL), int(glyph.right // _CELL) + 1)
    ys = range(int(glyph.bottom // _CELL), int(glyph.top // _CELL) + 1)
    return {(x, y) for x in xs[:_MOST_SQUARES] for y in ys[:_MOST_SQUARES]}


def _is_covering(one: Glyph, other: Glyph) -> bool:
    """Return whether two different characters are printed over each other; a sign printed twice is a bold one."""
    if one.sign == other.sign:
        return False
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.top, other.top) - max(one.bottom, other.bottom)
    least_wide = _DEEP * min(one.right - one.left, other.right - other.left)
    least_high = _DEEP * min(one.top - one.bottom, other.top - other.bottom)
    return wide > least_wide and high > least_high
