"""PDF documents: the text layer of each page, in reading order; scanned pages are reported.

PDFium returns characters with their places. :mod:`kg.read.pdf.lines` arranges them in lines and tables, and
:mod:`kg.read.pdf.paragraphs` joins lines to paragraphs. :mod:`kg.read.pdf.ocr` reads scanned pages.
"""

from __future__ import annotations

import ctypes
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

from kg.read.formats import load_settings
from kg.read.pdf.grids import RuledLine
from kg.read.pdf.lines import PageLines, PlacedChar, is_han, is_wide
from kg.read.pdf.page import arrange_page
from kg.read.pdf.paragraphs import write_pages
from kg.read.values import DocumentText, Limits, ReadError, TextWriter

_FEW = 5
"""Largest number of characters of a scanned page: a stamped page number is not a text layer."""
_PICTURE = 0.3
"""Least share of a scanned page that pictures cover."""
_THIN = 2.5
"""Largest thickness of a rule, in points."""
_MOST_RULES = 5_000
_END = b"%%EOF"


def read_pdf(data: bytes, limits: Limits, ocr: str = "") -> DocumentText:
    """Return the text of a PDF.

    Args:
        data: the document.
        limits: how large it can be.
        ocr: texts of scanned pages that OCR has read, as JSON: page number → text.

    Raises:
        ReadError: encrypted, damaged, too long, or the library is not installed.
    """
    recognized: dict[str, str] = json.loads(ocr) if ocr else {}
    document = open_pdf(data)
    count = len(document)
    if count > limits.pages:
        raise ReadError(
            f"页数过多（{count} 页，上限 {limits.pages}）", f"too many pages ({count}, limit {limits.pages})"
        )
    out = TextWriter("pdf")
    pages: list[PageLines | str] = []
    scanned: list[str] = []
    broken: list[str] = []
    size = 0
    for number in range(1, count + 1):
        if text := recognized.get(str(number), ""):
            out.count("ocr_page")
            pages.append(text)
            size += len(text)
        else:
            chars: list[PlacedChar] = []
            try:
                page = document[number - 1]
                chars = _set_widths(list(_read_chars(page)))
                if len(chars) <= _FEW and _is_picture(page):
                    scanned.append(str(number))
                    pages.append("")
                else:
                    pages.append(arrange_page(chars, _read_rules(page), page.get_size()[1]))
            except ReadError:
                raise
            except Exception:  # an error of PDFium: this page is damaged, others may be intact
                broken.append(str(number))
                pages.append("")
            size += len(chars)
        if size > 2 * limits.text_chars:
            raise ReadError(
                f"文字过多（上限 {limits.text_chars} 字），未读取",
                f"too much text (limit {limits.text_chars} characters)",
            )
    write_pages(out, pages)
    if scanned:
        out.warn("scanned:" + ",".join(scanned))
    if broken:
        out.warn("broken_page:" + ",".join(broken))
    if _END not in data[-2048:]:
        out.warn("truncated")
    return out.finish()


def open_pdf(data: bytes) -> Any:
    """Return the document as an object of PDFium.

    Raises:
        ReadError: encrypted, damaged, or the library is not installed.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise ReadError(
            "读 PDF 需要 pypdfium2：pip install proposal-kg[pdf]", "PDF needs pypdfium2: pip install proposal-kg[pdf]"
        ) from error
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError("文件有密码；请先去掉密码", "encrypted; remove its password first") from error
        raise ReadError("PDF 损坏或不完整", "damaged or truncated PDF") from error


@dataclass(frozen=True, slots=True)
class _PageGeometry:
    """Size and rotation of a page."""

    width: float
    height: float
    rotation: int
    """Degrees clockwise."""

    def place_box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Return a box of PDFium (y upwards, not rotated) as it is seen: x0, y0, x1, y1, with y downwards."""
        if self.rotation == 90:
            return bottom, left, top, right
        if self.rotation == 180:
            return self.width - right, bottom, self.width - left, top
        if self.rotation == 270:
            return self.width - top, self.height - right, self.width - bottom, self.height - left
        return left, self.height - top, right, self.height - bottom


def _read_geometry(page: Any) -> _PageGeometry:
    width, height = page.get_size()
    return _PageGeometry(width, height, page.get_rotation())


def _read_chars(page: Any) -> Iterator[PlacedChar]:
    """Yield the characters of a page with their places; white space becomes a flag of the next character."""
    import pypdfium2.raw as raw

    text = page.get_textpage()
    geometry = _read_geometry(page)
    box = raw.FS_RECTF()
    origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
    space = False
    for i in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, i)
        sign = _normalize_sign(chr(code)) if 0 < code <= 0x10FFFF else ""
        if not sign:
            continue
        if sign.isspace():
            # PDFium generates spaces at gaps, for example at those that word processors set between Chinese and Latin
            space = space or (sign not in "\r\n" and not raw.FPDFText_IsGenerated(text.raw, i))
            continue
        if not raw.FPDFText_GetLooseCharBox(text.raw, i, ctypes.byref(box)):
            continue
        size = raw.FPDFText_GetFontSize(text.raw, i)
        x0, y0, x1, y1 = geometry.place_box(box.left, box.top, box.right, box.bottom)
        if x1 <= x0 or y1 <= y0:
            continue
        if not geometry.rotation and raw.FPDFText_GetCharOrigin(
            text.raw, i, ctypes.byref(origin_x), ctypes.byref(origin_y)
        ):
            x0 = min(origin_x.value, x1 - 0.1)
        yield PlacedChar(x0, y0, x1, y1, sign, round(size, 2) if size > 1 else y1 - y0, space)
        space = False


def _set_widths(chars: list[PlacedChar]) -> list[PlacedChar]:
    """Return *chars* with their real widths: boxes of glyphs are narrower, and font sizes can be scaled."""
    steps: dict[float, list[float]] = {}
    for char, following in pairwise(chars):
        same_line = char.size == following.size and abs(char.y0 - following.y0) < 0.3 * char.size
        if is_han(char.sign) and is_han(following.sign) and same_line:
            step = following.x0 - char.x0
            if 0.3 * char.size < step < 2 * char.size:
                steps.setdefault(char.size, []).append(step)
    usual = {size: median(values) for size, values in steps.items() if len(values) >= _FEW}
    ratios = [step / size for size, values in steps.items() for step in values]
    ratio = median(ratios) if len(ratios) >= _FEW else 1.0
    result = []
    for char in chars:
        size = usual.get(char.size, char.size * ratio)
        if char.sign == "—" and char.x1 - char.x0 > 1.5 * size:  # some fonts have a dash of two characters as one glyph
            middle = char.x0 + size
            result += [replace(char, size=size, x1=middle), replace(char, size=size, x0=middle)]
        else:
            result.append(replace(char, size=size, x1=char.x0 + size if is_wide(char.sign) else char.x1))
    return result


def _normalize_sign(sign: str) -> str:
    """Return a character as it is typed: 一 for a radical, fi for a ligature; empty for private signs (bullets)."""
    if "\u2e80" <= sign <= "\u2fdf" or "\ufb00" <= sign <= "\ufb06" or "\uf900" <= sign <= "\ufaff":
        return load_settings()["pdf"]["radicals"].get(sign) or unicodedata.normalize("NFKC", sign)
    if sign in "\ufffe\ufffd\u200b\xad\ufeff\u2060" or "\ue000" <= sign <= "\uf8ff":
        return ""
    return "" if unicodedata.category(sign) == "Cc" and sign not in "\t\r\n " else sign


def _read_rules(page: Any) -> list[RuledLine]:
    """Return the straight rules of a page, and the edges of frames; an empty list for a drawing."""
    import pypdfium2.raw as raw

    geometry = _read_geometry(page)
    rules: list[RuledLine] = []
    for left, bottom, right, top in _read_bounds(page, raw.FPDF_PAGEOBJ_PATH):
        x0, y0, x1, y1 = geometry.place_box(left, top, right, bottom)
        if x1 - x0 <= _THIN and y1 - y0 <= _THIN:
            continue
        if y1 - y0 <= _THIN or x1 - x0 <= _THIN:
            rules.append(RuledLine(x0, y0, x1, y1))
        elif x1 - x0 < 0.98 * geometry.width or y1 - y0 < 0.98 * geometry.height:
            rules += [RuledLine(x0, y0, x1, y0), RuledLine(x0, y1, x1, y1)]
            rules += [RuledLine(x0, y0, x0, y1), RuledLine(x1, y0, x1, y1)]
        if len(rules) > _MOST_RULES:
            return []
    return rules


def _read_bounds(page: Any, kind: int) -> Iterator[tuple[float, float, float, float]]:
    """Yield left, bottom, right and top of the objects of a kind."""
    for item in page.get_objects(filter=[kind], max_depth=4):
        yield item.get_bounds() if hasattr(item, "get_bounds") else item.get_pos()


def _is_picture(page: Any) -> bool:
    """Return whether pictures cover a good part of a page."""
    import pypdfium2.raw as raw

    width, height = page.get_size()
    covered = 0.0
    for left, bottom, right, top in _read_bounds(page, raw.FPDF_PAGEOBJ_IMAGE):
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return bool(covered >= _PICTURE * width * height)
