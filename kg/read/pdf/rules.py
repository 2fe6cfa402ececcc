"""The straight rules of a page from PDFium: lines, thin areas, and the edges of frames that can be seen."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from kg.read.pdf.chars import PageFrame
from kg.read.pdf.grids import RuledLine

_THIN = 2.5
"""Largest thickness of a rule, in points."""
_MOST_RULES = 5_000
_WHITE = 250
"""Least value of red, green and blue of the colour of paper."""
_FAINT = 25
"""Largest opacity that cannot be seen."""


def read_rules(page: Any, frame: PageFrame) -> list[RuledLine]:
    """Return the straight rules of a page, and the edges of frames; an empty list for a drawing.

    Areas in the colour of paper are no frames: browsers print the background of each block as one.
    """
    import pypdfium2.raw as raw

    rules: list[RuledLine] = []
    wide, high = (frame.height, frame.width) if frame.quarter in (90, 270) else (frame.width, frame.height)
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        if not _is_visible(item):
            continue
        x0, y0, x1, y1 = frame.place_box(*get_bounds(item))
        if x1 - x0 <= _THIN and y1 - y0 <= _THIN:
            continue
        if y1 - y0 <= _THIN or x1 - x0 <= _THIN:
            rules.append(RuledLine(x0, y0, x1, y1))
        elif x1 - x0 < 0.98 * wide or y1 - y0 < 0.98 * high:
            rules += [RuledLine(x0, y0, x1, y0), RuledLine(x0, y1, x1, y1)]
            rules += [RuledLine(x0, y0, x0, y1), RuledLine(x1, y0, x1, y1)]
        if len(rules) > _MOST_RULES:
            return []
    return rules


def read_picture_share(page: Any) -> float:
    """Return the share of a page that pictures cover."""
    import pypdfium2.raw as raw

    width, height = page.get_size()
    covered = 0.0
    for left, bottom, right, top in _read_bounds(page, raw.FPDF_PAGEOBJ_IMAGE):
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return float(covered / max(width * height, 1.0))


def get_bounds(item: Any) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of an object of a page."""
    left, bottom, right, top = item.get_bounds() if hasattr(item, "get_bounds") else item.get_pos()
    return left, bottom, right, top


def _read_bounds(page: Any, kind: int) -> Iterator[tuple[float, float, float, float]]:
    for item in page.get_objects(filter=[kind], max_depth=4):
        yield get_bounds(item)


def _is_visible(item: Any) -> bool:
    """Return whether a path is drawn with a stroke, or filled in a colour that paper does not have."""
    import pypdfium2.raw as raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item.raw, ctypes.byref(fill), ctypes.byref(stroke)) or stroke.value:
        return True
    if not fill.value:
        return False
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(item.raw, *(ctypes.byref(part) for part in parts)):
        return True
    *colours, opacity = (part.value for part in parts)
    return opacity > _FAINT and min(colours) < _WHITE
