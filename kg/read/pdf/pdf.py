"""PDF documents: their text layer, page by page, in reading order; scanned pages are reported, or read by OCR before.

Positions and characters come from PDFium; the order of lines, tables and paragraphs is made by :mod:`kg.read.pdf.lines`
and :mod:`kg.read.pdf.paragraphs`.
"""

from __future__ import annotations

import ctypes
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any

from kg.read.pdf.lines import Char, PageLines, Rule, is_han, is_wide, page_lines
from kg.read.pdf.paragraphs import write_pages
from kg.read.settings import settings
from kg.read.values import Limits, Reading, Unreadable, Writer

_FEW = 5
"""Characters up to which a page with a picture counts as scanned: a stamped page number is no text layer."""
_PICTURE = 0.3
"""Share of a page that a picture covers, at least, if it is a scan."""
_THIN = 2.5
"""Points up to which a filled or stroked shape is a rule."""
_MOST_RULES = 5_000
_END = b"%%EOF"


def read(data: bytes, limits: Limits, ocr: str = "") -> Reading:
    """The text of a PDF.

    Args:
        data: the document.
        limits: how much it may take.
        ocr: what was read of scanned pages before, as JSON: page number → text.

    Raises:
        Unreadable: encrypted, damaged, too long, or the library is not installed.
    """
    read_before: dict[str, str] = json.loads(ocr) if ocr else {}
    document = opened(data)
    count = len(document)
    if count > limits.pages:
        raise Unreadable(
            f"页数过多（{count} 页，上限 {limits.pages}）", f"too many pages ({count}, limit {limits.pages})"
        )
    out = Writer("pdf")
    pages: list[PageLines | str] = []
    scanned: list[str] = []
    broken: list[str] = []
    size = 0
    for number in range(1, count + 1):
        before = read_before.get(str(number), "")
        try:
            page = document[number - 1]
            chars = [] if before else _scaled(list(_chars(page)))
            if before:
                out.count("ocr_page")
                pages.append(before)
            elif len(chars) <= _FEW and _is_picture(page):
                scanned.append(str(number))
                pages.append("")
            else:
                pages.append(page_lines(chars, _rules(page), *page.get_size()))
        except Unreadable:
            raise
        except Exception:  # PDFium's own errors: this page is damaged, the others may be sound
            broken.append(str(number))
            pages.append("")
        size += len(chars) if not before else len(before)
        if size > 2 * limits.text_chars:
            raise Unreadable(
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


def opened(data: bytes) -> Any:
    """The document, for PDFium.

    Raises:
        Unreadable: encrypted, damaged, or the library is not installed.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise Unreadable(
            "读 PDF 需要 pypdfium2：pip install proposal-kg[pdf]", "PDF needs pypdfium2: pip install proposal-kg[pdf]"
        ) from error
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("文件有密码；请先去掉密码", "encrypted; remove its password first") from error
        raise Unreadable("PDF 损坏或不完整", "damaged or truncated PDF") from error


def _chars(page: Any) -> Iterator[Char]:
    """The characters of a page with their places, y downwards; white space is noted before what follows it."""
    import pypdfium2.raw as raw

    text = page.get_textpage()
    width, height = page.get_size()
    turn = page.get_rotation()
    box = raw.FS_RECTF()
    at_x, at_y = ctypes.c_double(), ctypes.c_double()
    space = False
    for i in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, i)
        sign = _plain(chr(code)) if 0 < code <= 0x10FFFF else ""
        if not sign:
            continue
        if sign.isspace():
            # PDFium makes up spaces where it sees gaps: those between Chinese and Latin are a word processor's
            space = space or (sign not in "\r\n" and not raw.FPDFText_IsGenerated(text.raw, i))
            continue
        if not raw.FPDFText_GetLooseCharBox(text.raw, i, ctypes.byref(box)):
            continue
        size = raw.FPDFText_GetFontSize(text.raw, i)
        x0, x1, y0, y1 = _turned(box.left, box.right, box.top, box.bottom, turn, width, height)
        if x1 <= x0 or y1 <= y0:
            continue
        if not turn and raw.FPDFText_GetCharOrigin(text.raw, i, ctypes.byref(at_x), ctypes.byref(at_y)):
            x0 = min(at_x.value, x1 - 0.1)
        yield Char(x0, y0, x1, y1, sign, round(size, 2) if size > 1 else y1 - y0, space)
        space = False


def _scaled(chars: list[Char]) -> list[Char]:
    """Characters with the widths that they take: boxes of glyphs are narrower, and font sizes may be scaled."""
    steps: dict[float, list[float]] = {}
    for a, b in pairwise(chars):
        if is_han(a.sign) and is_han(b.sign) and a.size == b.size and abs(a.y0 - b.y0) < 0.3 * a.size:
            step = b.x0 - a.x0
            if 0.3 * a.size < step < 2 * a.size:
                steps.setdefault(a.size, []).append(step)
    usual = {size: median(found) for size, found in steps.items() if len(found) >= _FEW}
    every = [step / size for size, found in steps.items() for step in found]
    ratio = median(every) if len(every) >= _FEW else 1.0
    out = []
    for c in chars:
        size = usual.get(c.size, c.size * ratio)
        if c.sign == "—" and c.x1 - c.x0 > 1.5 * size:  # a font may set a dash of two characters as one glyph
            out += [replace(c, size=size, x1=c.x0 + size), replace(c, size=size, x0=c.x0 + size)]
        else:
            out.append(replace(c, size=size, x1=c.x0 + size if is_wide(c.sign) else c.x1))
    return out


def _turned(
    left: float, right: float, top: float, bottom: float, turn: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """A box as it is seen on the page: from the left, from the top; *turn* in degrees clockwise."""
    if turn == 90:
        return bottom, top, left, right
    if turn == 180:
        return width - right, width - left, bottom, top
    if turn == 270:
        return width - top, width - bottom, height - right, height - left
    return left, right, height - top, height - bottom


def _plain(sign: str) -> str:
    """A character as it is typed: fonts call 一 a radical, and fi one letter; private signs (bullets) are left out."""
    if "\u2e80" <= sign <= "\u2fdf" or "\ufb00" <= sign <= "\ufb06" or "\uf900" <= sign <= "\ufaff":
        return settings()["pdf"]["radicals"].get(sign) or unicodedata.normalize("NFKC", sign)
    if sign in "\ufffe\ufffd\u200b\xad\ufeff\u2060" or "\ue000" <= sign <= "\uf8ff":
        return ""
    return "" if unicodedata.category(sign) == "Cc" and sign not in "\t\r\n " else sign


def _rules(page: Any) -> list[Rule]:
    """Straight rules, and the edges of frames, of a page."""
    import pypdfium2.raw as raw

    width, height = page.get_size()
    turn = page.get_rotation()
    out: list[Rule] = []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        left, bottom, right, top = thing.get_bounds() if hasattr(thing, "get_bounds") else thing.get_pos()
        x0, x1, y0, y1 = _turned(left, right, top, bottom, turn, width, height)
        if x1 - x0 <= _THIN and y1 - y0 <= _THIN:
            continue
        if y1 - y0 <= _THIN or x1 - x0 <= _THIN:
            out.append(Rule(x0, y0, x1, y1))
        elif x1 - x0 < 0.98 * width or y1 - y0 < 0.98 * height:
            out += [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1), Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]
        if len(out) > _MOST_RULES:
            return []  # a drawing, no table
    return out


def _is_picture(page: Any) -> bool:
    import pypdfium2.raw as raw

    width, height = page.get_size()
    covered = 0.0
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = thing.get_bounds() if hasattr(thing, "get_bounds") else thing.get_pos()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return bool(covered >= _PICTURE * width * height)
