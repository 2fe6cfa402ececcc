"""The characters of a page from PDFium: runs of one direction, size and colour, placed as they are read."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Any

from kg.read.formats import load_settings
from kg.read.pdf.lines import PlacedChar, is_han, is_wide

_FEW_STEPS = 5
"""Least number of distances from which the width of Han characters is measured."""
_SKEW = 0.5
"""Least angle by which straight text is turned back, in degrees."""
_STEP = 3.0
"""Largest distance between two characters of a run, in characters."""
_OFF_LINE = 0.1
"""Largest distance of a character from the line of its run, in characters."""

Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity, 0 to 255."""
Style = tuple[float, float, Colour]
"""Direction in degrees, size and colour."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its box and its origin, in the coordinates of PDFium (y upwards, page not rotated)."""

    sign: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    after_space: bool


@dataclass(slots=True)
class TextRun:
    """Characters beside each other that are drawn alike: with one direction, size and colour."""

    angle: float
    """Direction of reading, in degrees counterclockwise from left to right."""
    size: float
    colour: Colour
    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(glyph.sign for glyph in self.glyphs)

    @property
    def quarter(self) -> int:
        """The nearest multiple of 90 degrees, from 0 to 270."""
        return round(self.angle / 90) % 4 * 90

    @property
    def skew(self) -> float:
        """The angle between the text and the nearest multiple of 90 degrees."""
        return self.angle - 90 * round(self.angle / 90)


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page as it is drawn."""

    runs: list[TextRun]
    unmapped: int
    """Number of characters to which the file gives no code."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The page as it is seen when text of one direction is level."""

    width: float
    """Width of the page when it is not rotated."""
    height: float
    """Height of the page when it is not rotated."""
    quarter: int
    """Direction of the text: 0, 90, 180 or 270 degrees counterclockwise."""

    @property
    def seen_height(self) -> float:
        return self.width if self.quarter in (90, 270) else self.height

    def place_box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Return a box of PDFium as it is seen: x0, y0, x1, y1, with y downwards."""
        if self.quarter == 90:
            return bottom, left, top, right
        if self.quarter == 180:
            return self.width - right, bottom, self.width - left, top
        if self.quarter == 270:
            return self.height - top, self.width - right, self.height - bottom, self.width - left
        return left, self.height - top, right, self.height - bottom


def measure_page(page: Any) -> tuple[float, float]:
    """Return width and height of a page when it is not rotated."""
    width, height = page.get_size()
    return (height, width) if page.get_rotation() in (90, 270) else (width, height)


def read_runs(page: Any) -> PageText:
    """Return the text of a page; white space becomes a flag of the next character."""
    import pypdfium2.raw as raw

    text = page.get_textpage()
    reader = _GlyphReader(text.raw)
    runs: list[TextRun] = []
    unmapped = 0
    space = False
    for i in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, i)
        sign = normalize_sign(chr(code)) if 0 < code <= 0x10FFFF else ""
        if not sign:
            unmapped += code in (0, 0xFFFD, 0xFFFE) or 0xE000 <= code <= 0xF8FF
            continue
        if sign.isspace():
            # PDFium generates spaces at gaps, for example at those that word processors set between Chinese and Latin
            space = space or (sign not in "\r\n" and not raw.FPDFText_IsGenerated(text.raw, i))
            continue
        if glyph := reader.read_glyph(i, sign, space):
            add_glyph(runs, glyph, reader.read_style(i))
            space = False
    return PageText(runs, unmapped)


def add_glyph(runs: list[TextRun], glyph: Glyph, style: Style) -> None:
    """Add a glyph to the last run, if it is drawn alike and on its line, a little further; else begin a run."""
    if not runs or not _is_continued(runs[-1], glyph, style):
        runs.append(TextRun(*style))
    runs[-1].glyphs.append(glyph)


def _is_continued(run: TextRun, glyph: Glyph, style: Style) -> bool:
    if (run.angle, run.size, run.colour) != style:
        return False
    dx, dy = glyph.x - run.glyphs[-1].x, glyph.y - run.glyphs[-1].y
    cos, sin = math.cos(math.radians(run.angle)), math.sin(math.radians(run.angle))
    return 0 <= dx * cos + dy * sin <= _STEP * run.size and abs(dy * cos - dx * sin) <= _OFF_LINE * run.size


class _GlyphReader:
    """Reads places and styles of the characters of a page, with one set of buffers."""

    def __init__(self, text: Any) -> None:
        import pypdfium2.raw as raw

        self._raw = raw
        self._text = text
        self._box = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._parts = [ctypes.c_uint() for _ in range(4)]
        self._drawn: int | None = None
        self._style: Style = (0.0, 0.0, (0, 0, 0, 255))

    def read_glyph(self, i: int, sign: str, after_space: bool) -> Glyph | None:
        """Return character *i* with its place; None if it has none."""
        raw, box = self._raw, self._box
        if not raw.FPDFText_GetLooseCharBox(self._text, i, box) or box.right <= box.left or box.top <= box.bottom:
            return None
        x, y = box.left, box.bottom
        if raw.FPDFText_GetCharOrigin(self._text, i, self._x, self._y):
            x, y = self._x.value, self._y.value
        return Glyph(sign, box.left, box.bottom, box.right, box.top, x, y, after_space)

    def read_style(self, i: int) -> Style:
        """Return direction, size and colour of character *i*; those of one text object are read once."""
        raw = self._raw
        drawn = ctypes.cast(raw.FPDFText_GetTextObject(self._text, i), ctypes.c_void_p).value
        if drawn is None or drawn != self._drawn:
            self._drawn = drawn
            scale, angle, colour = 1.0, 0.0, (0, 0, 0, 255)
            matrix, parts = self._matrix, self._parts
            if raw.FPDFText_GetMatrix(self._text, i, matrix):
                scale = math.hypot(matrix.c, matrix.d)
                angle = round(math.degrees(math.atan2(matrix.b, matrix.a)), 1) % 360
            if raw.FPDFText_GetFillColor(self._text, i, *parts):
                colour = (parts[0].value, parts[1].value, parts[2].value, parts[3].value)
            self._style = angle, round(raw.FPDFText_GetFontSize(self._text, i) * scale, 2), colour
        return self._style


def normalize_sign(sign: str) -> str:
    """Return a character as it is typed: 一 for a radical, fi for a ligature; empty for private signs (bullets)."""
    if "\u2e80" <= sign <= "\u2fdf" or "\ufb00" <= sign <= "\ufb06" or "\uf900" <= sign <= "\ufaff":
        return load_settings()["pdf"]["radicals"].get(sign) or unicodedata.normalize("NFKC", sign)
    if sign in "\ufffe\ufffd\u200b\xad\ufeff\u2060" or "\ue000" <= sign <= "\uf8ff":
        return ""
    return "" if unicodedata.category(sign) == "Cc" and sign not in "\t\r\n " else sign


def place_runs(runs: Iterable[TextRun], frame: PageFrame) -> list[PlacedChar]:
    """Return the characters of runs of one direction, as they are seen when that direction is level."""
    runs = list(runs)
    skew = median([run.skew for run in runs for _ in run.glyphs]) if runs else 0.0
    turn = -math.radians(skew) if abs(skew) >= _SKEW else 0.0
    return _set_widths([char for run in runs for char in _place_run(run, frame, turn)])


def _place_run(run: TextRun, frame: PageFrame, turn: float) -> Iterator[PlacedChar]:
    for glyph in run.glyphs:
        if turn:
            glyph = _turn_glyph(glyph, turn)
        _, y0, x1, y1 = frame.place_box(glyph.left, glyph.bottom, glyph.right, glyph.top)
        origin, *_ = frame.place_box(glyph.x, glyph.y, glyph.x, glyph.y)
        size = run.size if run.size > 1 else y1 - y0
        yield PlacedChar(min(origin, x1 - 0.1), y0, x1, y1, glyph.sign, size, glyph.after_space)


def _turn_glyph(glyph: Glyph, turn: float) -> Glyph:
    """Return a glyph turned around the corner of the page, with the size that its box had."""
    cos, sin = math.cos(turn), math.sin(turn)
    x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
    dx, dy = x * cos - y * sin - x, x * sin + y * cos - y
    return replace(
        glyph,
        left=glyph.left + dx, bottom=glyph.bottom + dy, right=glyph.right + dx, top=glyph.top + dy,
        x=glyph.x * cos - glyph.y * sin, y=glyph.x * sin + glyph.y * cos,
    )  # fmt: skip


def _set_widths(chars: list[PlacedChar]) -> list[PlacedChar]:
    """Return *chars* with their real widths: boxes of glyphs are narrower, and text can be spaced."""
    steps: dict[float, list[float]] = {}
    for char, following in pairwise(chars):
        same_line = char.size == following.size and abs(char.y0 - following.y0) < 0.3 * char.size
        if is_han(char.sign) and is_han(following.sign) and same_line:
            step = following.x0 - char.x0
            if 0.3 * char.size < step < 2 * char.size:
                steps.setdefault(char.size, []).append(step)
    usual = {size: median(values) for size, values in steps.items() if len(values) >= _FEW_STEPS}
    ratios = [step / size for size, values in steps.items() for step in values]
    ratio = median(ratios) if len(ratios) >= _FEW_STEPS else 1.0
    result = []
    for char in chars:
        size = usual.get(char.size, char.size * ratio)
        if char.sign == "—" and char.x1 - char.x0 > 1.5 * size:  # some fonts have a dash of two characters as one glyph
            middle = char.x0 + size
            result += [replace(char, size=size, x1=middle), replace(char, size=size, x0=middle)]
        else:
            result.append(replace(char, size=size, x1=char.x0 + size if is_wide(char.sign) else char.x1))
    return result
