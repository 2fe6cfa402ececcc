"""The content of a page of an OFD document: its text with places, and its straight rules.

OFD counts in millimetres from the upper left corner; runs and rules are in points from the lower left corner, like
those of PDF pages.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, repeat
from xml.etree.ElementTree import Element

from kg.read.pdf.chars import Colour, Glyph, PageFrame, TextRun, add_glyph, normalize_sign
from kg.read.pdf.grids import RuledLine
from kg.read.pdf.lines import is_wide

POINT = 72 / 25.4
"""Points in a millimetre."""
_DESCENT = 0.12
"""Part of a character below its base line."""
_MOST_RULES = 5_000
_STRAIGHT = 0.3
"""Largest slant of a rule, in millimetres."""
_THIN = 0.9
"""Largest thickness of an area that is a rule, in millimetres."""
_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:[eE]-?\d+)?")
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""Number of arguments of each operator of a path (GB/T 33190, 9.1)."""


@dataclass(slots=True)
class PageContent:
    """What stands on a page."""

    runs: list[TextRun] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Left, bottom, right and top of each straight rule."""
    pictures: float = 0.0
    """Area of the pictures, in square points."""
    unmapped: int = 0
    """Number of characters without a usable code."""


@dataclass(frozen=True, slots=True)
class _Placing:
    """How the coordinates of an object become those of the page."""

    matrix: tuple[float, float, float, float, float, float]
    left: float
    top: float
    height: float
    """Height of the page, in millimetres."""

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the object on the page, in points from the lower left corner."""
        a, b, c, d, e, f = self.matrix
        return (a * x + c * y + e + self.left) * POINT, (self.height - (b * x + d * y + f + self.top)) * POINT

    @property
    def angle(self) -> float:
        return round(math.degrees(math.atan2(-self.matrix[1], self.matrix[0])), 1) % 360

    @property
    def scale(self) -> float:
        return math.hypot(self.matrix[2], self.matrix[3])


def read_content(root: Element, height: float, content: PageContent) -> None:
    """Add what a ``Content.xml`` draws to the content of a page.

    Args:
        root: its root element.
        height: height of the page, in millimetres.
        content: where to add it.
    """
    for element in root.iter():
        name = get_local_name(element)
        if name not in ("TextObject", "PathObject", "ImageObject") or element.get("Visible") == "false":
            continue
        box = parse_numbers(element.get("Boundary", ""))
        matrix = parse_numbers(element.get("CTM", ""))
        if len(box) != 4:
            continue
        a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        placing = _Placing((a, b, c, d, e, f), box[0], box[1], height)
        if name == "TextObject":
            _read_text(element, placing, content)
        elif name == "ImageObject":
            content.pictures += box[2] * box[3] * POINT * POINT
        elif len(content.rules) < _MOST_RULES:
            content.rules += _read_path(element, placing, (box[2], box[3]))


def get_local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def parse_numbers(text: str) -> list[float]:
    """Return the numbers of a text that are separated by spaces; empty if one is none."""
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) else []


# text


def _read_text(element: Element, placing: _Placing, content: PageContent) -> None:
    """Add the characters of a text object to the runs of a page."""
    size = (parse_numbers(element.get("Size", "")) or [0.0])[0]
    if size <= 0:
        return
    angle = placing.angle
    if all(code.get("DeltaY") and not code.get("DeltaX") for code in element if get_local_name(code) == "TextCode"):
        angle = (angle - 90) % 360  # signs below each other: a line runs from top to bottom
    style = angle, round(size * placing.scale * POINT, 2), _read_colour(element)
    x = y = 0.0
    for code in element:
        if get_local_name(code) != "TextCode":
            continue
        x, y = ((parse_numbers(code.get(key, "")) or [last])[0] for key, last in (("X", x), ("Y", y)))
        space = False
        for sign, at, step in _place_signs(code.text or "", x, y, code, size):
            usual = normalize_sign(sign)
            content.unmapped += not usual and not sign.isspace()
            if usual and not usual.isspace():
                glyph = _make_glyph(usual, placing, at, (step, size), space)
                add_glyph(content.runs, glyph, style)
            space = sign.isspace() or (space and not usual)


def _place_signs(
    text: str, x: float, y: float, code: Element, size: float
) -> Iterator[tuple[str, tuple[float, float], float]]:
    """Yield each character of a text with its place and the distance to the next one."""
    across, down = (_expand_deltas(code.get(key, ""), len(text)) for key in ("DeltaX", "DeltaY"))
    usual = [size if is_wide(sign) else size / 2 for sign in text]
    if not across:
        across = [0.0] * len(text) if down else usual
    xs = accumulate([*across, *repeat(0.0, len(text))], initial=x)
    ys = accumulate([*down, *repeat(0.0, len(text))], initial=y)
    steps = [*across[: max(len(text) - 1, 0)], *usual[len(across[: max(len(text) - 1, 0)]) :]]
    yield from zip(text, zip(xs, ys, strict=False), steps, strict=False)


def _expand_deltas(text: str, most: int) -> list[float]:
    """Return the distances of a ``DeltaX``: ``g 3 2.5`` stands for three times 2.5 (GB/T 33190, 11.3)."""
    parts = text.split()
    deltas: list[float] = []
    i = 0
    while i < len(parts) and len(deltas) < most:
        if parts[i] == "g":
            count, *value = parse_numbers(" ".join(parts[i + 1 : i + 3])) or [0.0, 0.0]
            deltas += (value or [0.0]) * min(int(max(count, 0.0)), most)
            i += 3
        else:
            deltas += parse_numbers(parts[i]) or [0.0]
            i += 1
    return deltas[:most]


def _make_glyph(
    sign: str, placing: _Placing, at: tuple[float, float], extent: tuple[float, float], after_space: bool
) -> Glyph:
    """Return a character with its box on the page.

    Args:
        sign: the character.
        placing: how its coordinates become those of the page.
        at: its origin on the base line.
        extent: distance to the next character, and size.
        after_space: whether white space is before it.
    """
    (x, y), (step, size) = at, extent
    width = size if is_wide(sign) else step if 0 < step <= size else size / 2
    corners = [(x, y + _DESCENT * size), (x + width, y - (1 - _DESCENT) * size)]
    corners += [(x, y - (1 - _DESCENT) * size), (x + width, y + _DESCENT * size)]
    xs, ys = zip(*(placing.place(*corner) for corner in corners), strict=True)
    origin_x, origin_y = placing.place(x, y)
    return Glyph(sign, min(xs), min(ys), max(xs), max(ys), origin_x, origin_y, after_space)


def _read_colour(element: Element) -> Colour:
    """Return the colour in which a text object is filled; black if it names none."""
    opacity = (parse_numbers(element.get("Alpha", "")) or [255.0])[0]
    fill = next((child for child in element if get_local_name(child) == "FillColor"), None)
    values = parse_numbers(fill.get("Value", "")) if fill is not None else []
    if fill is not None:
        opacity = min(opacity, (parse_numbers(fill.get("Alpha", "")) or [255.0])[0])
    if len(values) == 4:
        cyan, magenta, yellow, key = (1 - value / 255 for value in values)
        values = [255 * part * key for part in (cyan, magenta, yellow)]
    elif len(values) == 1:
        values = values * 3
    red, green, blue = (int(min(max(value, 0), 255)) for value in (values if len(values) == 3 else (0.0, 0.0, 0.0)))
    return red, green, blue, int(min(max(opacity, 0), 255))


# rules


def _read_path(
    element: Element, placing: _Placing, extent: Sequence[float]
) -> Iterator[tuple[float, float, float, float]]:
    """Yield the straight rules of a path; a thin filled area is a rule."""
    is_stroked, is_filled = element.get("Stroke") != "false", element.get("Fill") == "true"
    if is_filled and not is_stroked:
        wide, high = extent
        if min(wide, high) <= _THIN < max(wide, high):
            plain = _Placing((1, 0, 0, 1, 0, 0), placing.left, placing.top, placing.height)
            yield _order_corners(plain.place(0, 0), plain.place(wide, high))
        return
    data = next((child.text or "" for child in element if get_local_name(child) == "AbbreviatedData"), "")
    for begin, end in _list_segments(data) if is_stroked else ():
        (x0, y0), (x1, y1) = placing.place(*begin), placing.place(*end)
        if min(abs(x1 - x0), abs(y1 - y0)) <= _STRAIGHT * POINT < max(abs(x1 - x0), abs(y1 - y0)):
            yield _order_corners((x0, y0), (x1, y1))


def _order_corners(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float, float, float]:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _list_segments(data: str) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield the straight segments of a path (GB/T 33190, 9.1)."""
    tokens = _TOKEN.findall(data)
    start = at = (0.0, 0.0)
    i = 0
    while i < len(tokens):
        operator, count = tokens[i], _ARGUMENTS.get(tokens[i], 0)
        values = parse_numbers(" ".join(tokens[i + 1 : i + 1 + count]))
        i += 1 + count
        if len(values) < count:
            return
        if operator == "C":
            yield at, start
            at = start
        elif count:
            end = values[-2], values[-1]
            if operator == "L":
                yield at, end
            elif operator in "SM":
                start = end
            at = end


def place_rules(rules: Sequence[tuple[float, float, float, float]], frame: PageFrame) -> list[RuledLine]:
    """Return the rules of a page as they are seen in a frame."""
    return [RuledLine(*frame.place_box(*rule)) for rule in rules]
