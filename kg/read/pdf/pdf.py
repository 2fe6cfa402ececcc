"""PDF documents: the text layer of each page, in reading order; pages without a usable one are reported.

PDFium returns characters with their places (:mod:`kg.read.pdf.chars`). :mod:`kg.read.pdf.page` arranges them in lines
and tables, and :mod:`kg.read.pdf.paragraphs` joins lines to paragraphs. :mod:`kg.read.pdf.ocr` reads scanned pages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from kg.read.pdf.chars import measure_page, read_runs
from kg.read.pdf.legibility import is_legible
from kg.read.pdf.lines import PageLines
from kg.read.pdf.page import arrange_runs
from kg.read.pdf.paragraphs import write_pages
from kg.read.pdf.rules import read_picture_share, read_rules
from kg.read.pdf.watermarks import PrintedText, RepeatedText, find_watermarks, identify_text
from kg.read.values import DocumentText, Limits, ReadError, TextWriter

_FEW = 5
"""Largest number of characters of a scanned page: a stamped page number is not a text layer."""
_PICTURE = 0.3
"""Least share of a scanned page that pictures cover."""
_FEW_BESIDE = 40
"""Largest number of characters that scanning programs print on a page that is one picture."""
_WHOLE_PICTURE = 0.8
"""Least share of such a page that pictures cover."""
_END = b"%%EOF"


def read_pdf(data: bytes, limits: Limits, ocr: str = "") -> DocumentText:
    """Return the text of a PDF.

    Args:
        data: the document.
        limits: how large it can be.
        ocr: texts of pages that OCR has read, as JSON: page number → text.

    Raises:
        ReadError: encrypted, damaged, or too long.
    """
    document = open_pdf(data)
    count = len(document)
    if count > limits.pages:
        raise ReadError(
            f"页数过多（{count} 页，上限 {limits.pages}）", f"too many pages ({count}, limit {limits.pages})"
        )
    reader = _DocumentReader(document, json.loads(ocr) if ocr else {}, limits)
    pages = reader.read_pages()
    out = TextWriter("pdf")
    out.count("watermark", len(reader.marked))
    out.count("ocr_page", sum(isinstance(page, str) and bool(page) for page in pages))
    write_pages(out, pages)
    for gap, numbers in reader.gaps.items():
        out.warn(f"{gap}:" + ",".join(map(str, sorted(set(numbers)))))
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
            "缺少 pypdfium2，proposal-kg 没有装全：pip install --force-reinstall proposal-kg",
            "pypdfium2 is missing: proposal-kg is not installed completely (pip install --force-reinstall proposal-kg)",
        ) from error
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError("文件有密码；请先去掉密码", "encrypted; remove its password first") from error
        raise ReadError("PDF 损坏或不完整", "damaged or truncated PDF") from error


class _DocumentReader:
    """Reads the pages of a document, and notes what could not be read."""

    def __init__(self, document: Any, recognized: Mapping[str, str], limits: Limits) -> None:
        self.document = document
        self.recognized = recognized
        self.limits = limits
        self.marked: set[int] = set()
        """Numbers of the pages with watermarks."""
        self.gaps: dict[str, list[int]] = {}
        """Numbers of the pages that could not be read, by the key of the message that says why."""
        self._repeated = RepeatedText()
        self._watermarks: set[PrintedText] = set()
        self._kept: dict[int, frozenset[PrintedText]] = {}
        self._size = 0

    def read_pages(self) -> list[PageLines | str]:
        """Return the lines of each page, or its text if OCR has read it.

        A page on which only other pages show that something is a watermark is read again without it.

        Raises:
            ReadError: too much text.
        """
        pages = [self._read_page(number) for number in range(1, len(self.document) + 1)]
        self._watermarks |= self._repeated.find_watermarks()
        for number, kept in list(self._kept.items()):
            if kept & self._watermarks:
                pages[number - 1] = self._read_page(number)
        return pages

    def _read_page(self, number: int) -> PageLines | str:
        if text := self.recognized.get(str(number), ""):
            self._add_size(len(text))
            return text
        try:
            return self._read_text(number, self.document[number - 1])
        except ReadError:
            raise
        except Exception:  # an error of PDFium: this page is damaged, others may be intact
            return self._note_gap("broken_page", number)

    def _read_text(self, number: int, page: Any) -> PageLines | str:
        text = read_runs(page)
        if number not in self._kept:
            self._add_size(sum(len(run.glyphs) for run in text.runs))
            self._repeated.add_page(text.runs)
            self._watermarks |= find_watermarks(text.runs)
        runs = [run for run in text.runs if identify_text(run) not in self._watermarks]
        self._kept[number] = frozenset(map(identify_text, runs))
        if len(runs) < len(text.runs):
            self.marked.add(number)
        signs = [glyph.sign for run in runs for glyph in run.glyphs]
        count = len(signs) + text.unmapped
        if count <= _FEW and read_picture_share(page) >= _PICTURE:
            return self._note_gap("scanned", number)
        if count <= _FEW_BESIDE and read_picture_share(page) >= _WHOLE_PICTURE:
            self._note_gap("scanned", number)
        if not is_legible(signs, text.unmapped):
            return self._note_gap("illegible", number)
        return arrange_runs(runs, measure_page(page), partial(read_rules, page))

    def _note_gap(self, key: str, number: int) -> str:
        self.gaps.setdefault(key, []).append(number)
        return ""

    def _add_size(self, size: int) -> None:
        self._size += size
        if self._size > 2 * self.limits.text_chars:
            raise ReadError(
                f"文字过多（上限 {self.limits.text_chars} 字），未读取",
                f"too much text (limit {self.limits.text_chars} characters)",
            )
