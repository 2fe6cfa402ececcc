"""Characters with their places → rows, and the stretches of text in each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from kg.read.tables import Cell

_GAP = 1.6
"""Width of a gap that separates two stretches of a line, in characters."""
_SPACE = 0.22
"""Width of a gap that separates two words without a space, in characters."""
_MIXED_SPACE = 0.4
"""The same between Chinese and Latin, where word processors leave a gap."""
_STRETCHED = 8
"""Number of gaps from which the usual gap of a line is measured."""
CLOSING = "，。、；：！？”’）》」』】〕,.;:!?)]}%"
"""Characters that never begin a line."""
_OPENING = "（《“‘「『【〔([{"
"""Characters that never end a line."""
_QUOTES = "“”‘’\"'"
"""Characters that are never separated from the characters beside them."""
_SPACED = 3
"""Least number of characters of a line that is spaced out."""
_EVEN = 0.3
"""Largest difference between its gaps, in characters."""
_FAR = 4.0
"""Largest width of its gaps, in characters."""


@dataclass(frozen=True, slots=True)
class PlacedChar:
    """A character and its place on the page, in points from the left and from the top."""

    x0: float
    y0: float
    x1: float
    y1: float
    sign: str
    size: float
    after_space: bool = False


@dataclass(slots=True)
class TextLine:
    """A line of text, or a row of a table."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    size: float
    column: int = 0
    """Number of its column on the page, in each direction other numbers; 0 where there is only one."""
    cells: list[Cell] = field(default_factory=list)
    """The cells of a row, without those that a merged cell above covers."""
    table: int = 0
    """Number of the table on the page; 0 for running text."""
    head: float = 0.0
    """Width of what cannot be separated at its beginning: a character, a number, a word."""
    is_split: bool = False
    """Whether it has stretches with wide gaps between them."""
    after_space: bool = False
    """Whether a space separates it from the line before it."""
    quarter: int = 0
    """Its direction, in degrees counterclockwise from that of most lines of the page."""


@dataclass(slots=True)
class PageLines:
    """The lines of a page in reading order."""

    lines: list[TextLine]
    height: float


def is_han(sign: str) -> bool:
    """Return whether a character is Han."""
    return "\u4e00" <= sign <= "\u9fff"


def is_wide(sign: str) -> bool:
    """Return whether a character is as wide as a Han character; True for the empty text."""
    return "\u2e80" <= sign <= "\ufaff" or "\uff00" <= sign <= "\uffef" or sign in "“”‘’—…·"


def group_rows(chars: Sequence[PlacedChar]) -> list[list[PlacedChar]]:
    """Return the characters of each row, from top to bottom, from left to right."""
    rows: list[list[PlacedChar]] = []
    middles: list[float] = []
    for char in sorted(chars, key=lambda char: ((char.y0 + char.y1) / 2, char.x0)):
        middle = (char.y0 + char.y1) / 2
        if rows and abs(middle - middles[-1]) <= 0.45 * max(char.size, rows[-1][0].size):
            rows[-1].append(char)
            middles[-1] += (middle - middles[-1]) / len(rows[-1])
        else:
            rows.append([char])
            middles.append(middle)
    return [sorted(row, key=lambda char: char.x0) for row in rows]


def split_row(row: Sequence[PlacedChar]) -> list[TextLine]:
    """Return a row in stretches, split at wide gaps; of a character that is printed twice for boldness one stays."""
    stretches: list[list[PlacedChar]] = []
    for char in row:
        last = stretches[-1][-1] if stretches else None
        if last and last.sign == char.sign and abs(last.x0 - char.x0) < 0.3 * min(char.x1 - char.x0, char.size):
            continue
        if last is None or char.x0 - last.x1 > _GAP * max(char.size, last.size):
            stretches.append([char])
        else:
            stretches[-1].append(char)
    whole = [char for stretch in stretches for char in stretch]
    if len(stretches) > 1 and _is_spaced_out(whole):
        return [make_line(whole)]
    return [make_line(stretch) for stretch in stretches]


def _is_spaced_out(chars: Sequence[PlacedChar]) -> bool:
    """Return whether all characters are Han and stand apart at even gaps, as in a signature: 霁 川 市 民 政 局."""
    if len(chars) < _SPACED or not all(is_han(char.sign) for char in chars):
        return False
    size = median(char.size for char in chars)
    gaps = [(right.x0 - left.x1) / size for left, right in pairwise(chars)]
    return min(gaps) > _SPACE and max(gaps) < _FAR and max(gaps) - min(gaps) <= _EVEN


def make_line(chars: Sequence[PlacedChar]) -> TextLine:
    words: list[str] = []
    # justified text is stretched at every character: only a gap that is wider than usual is a space
    gaps = [right.x0 - left.x1 for left, right in pairwise(chars)]
    usual = max(median(gaps), 0.0) if len(gaps) >= _STRETCHED else 0.0
    is_spaced_out = _is_spaced_out(chars)
    for before, char in zip([None, *chars], chars, strict=False):
        if before is not None and not is_spaced_out:
            gap = char.x0 - before.x1 - usual
            least = _MIXED_SPACE if is_wide(before.sign) != is_wide(char.sign) else _SPACE
            if gap > least * char.size or (char.after_space and gap > 0.05 * char.size):
                words.append(" ")
        words.append(char.sign)
    return TextLine(
        x0=min(char.x0 for char in chars),
        y0=min(char.y0 for char in chars),
        x1=max(char.x1 for char in chars),
        y1=max(char.y1 for char in chars),
        text="".join(words).strip(),
        size=median(char.size for char in chars),
        head=_measure_head(chars),
        after_space=chars[0].after_space,
    )


def _measure_head(chars: Sequence[PlacedChar]) -> float:
    """Return the width of what cannot be separated at the beginning of a line (like UAX #14)."""
    last = chars[0]
    for char in chars[1:]:
        can_break = is_wide(last.sign) or is_wide(char.sign) or char.after_space
        is_glued = char.sign in CLOSING + _QUOTES or last.sign in _OPENING + _QUOTES
        if can_break and not is_glued and not (last.sign in CLOSING and char.sign.isdigit()):
            break
        last = char
    return last.x1 - chars[0].x0
