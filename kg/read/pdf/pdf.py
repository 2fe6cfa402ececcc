"""PDF documents: the text layer of each page, in reading order; pages without a usable one are reported.

PDFium returns characters with their places (:mod:`kg.read.pdf.chars`). :mod:`kg.read.pdf.page` arranges them in lines
and tables, and :mod:`kg.read.pdf.paragraphs` joins lines to paragraphs. :mod:`kg.read.pdf.ocr` reads scanned pages.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from kg.read.pdf.chars import TextRun, make_frame, place_runs, read_runs
from kg.read.pdf.legibility import is_legible
from kg.read.pdf.lines import PageLines
from kg.read.pdf.page import arrange_page
from kg.read.pdf.paragraphs import write_pages
from kg.read.pdf.rules import read_picture_share, read_rules
from kg.read.pdf.watermarks import RepeatedText, Style, find_watermarks, get_style
from kg.read.values import DocumentText, Limits, ReadError, TextWriter

_FEW = 5
"""Largest number of characters of a scanned page: a stamped page number is not a text layer."""
_PICTURE = 0.3
"""Least share of a scanned page that pictures cover."""
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
    pages = reader.read_pages(())
    if watermarks := reader.repeated.find_watermarks() | reader.watermarks:
        pages = reader.read_pages(watermarks)
    out = TextWriter("pdf")
    out.count("watermark", reader.marked)
    out.count("ocr_page", sum(isinstance(page, str) and bool(page) for page in pages))
    write_pages(out, pages)
    for gap, numbers in reader.gaps.items():
        out.warn(f"{gap}:" + ",".join(map(str, numbers)))
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
        self.repeated = RepeatedText()
        self.watermarks: set[Style] = set()
        """Watermarks of single pages."""
        self.marked = 0
        """Number of pages with watermarks."""
        self.gaps: dict[str, list[int]] = {}
        """Numbers of the pages that could not be read, by the key of the message that says why."""
        self._size = 0

    def read_pages(self, watermarks: Collection[Style]) -> list[PageLines | str]:
        """Return the lines of each page, or its text if OCR has read it.

        Args:
            watermarks: what is left out on all pages, besides the watermarks of each page.

        Raises:
            ReadError: too much text.
        """
        self.gaps, self.marked, self._size = {}, 0, 0
        pages: list[PageLines | str] = []
        for number in range(1, len(self.document) + 1):
            if text := self.recognized.get(str(number), ""):
                pages.append(text)
                self._add_size(len(text))
                continue
            try:
                pages.append(self._read_page(number, watermarks))
            except ReadError:
                raise
            except Exception:  # an error of PDFium: this page is damaged, others may be intact
                pages.append(self._note_gap("broken_page", number))
        return pages

    def _read_page(self, number: int, watermarks: Collection[Style]) -> PageLines | str:
        page = self.document[number - 1]
        text = read_runs(page)
        self._add_size(sum(len(run.glyphs) for run in text.runs))
        here = find_watermarks(text.runs)
        self.watermarks |= here
        self.repeated.add_page(text.runs)
        runs = [run for run in text.runs if get_style(run) not in here and get_style(run) not in watermarks]
        self.marked += len(runs) < len(text.runs)
        signs = [glyph.sign for run in runs for glyph in run.glyphs]
        if len(signs) + text.unmapped <= _FEW and read_picture_share(page) >= _PICTURE:
            return self._note_gap("scanned", number)
        if not is_legible(signs, text.unmapped):
            return self._note_gap("illegible", number)
        return arrange_runs(page, runs)

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


def arrange_runs(page: Any, runs: Sequence[TextRun]) -> PageLines:
    """Return the lines of a page: those in its main direction, then those in each other direction."""
    directions: dict[int, list[TextRun]] = defaultdict(list)
    for run in runs:
        directions[run.quarter].append(run)
    counts = _count_glyphs(runs)
    main, *others = sorted(directions, key=lambda quarter: (-counts[quarter], quarter)) or [0]
    frame = make_frame(page, main)
    lines = arrange_page(place_runs(directions[main], frame), read_rules(page, frame), frame.seen_height)
    for quarter in others:
        frame = make_frame(page, quarter)
        turned = arrange_page(place_runs(directions[quarter], frame), (), frame.seen_height)
        for line in turned.lines:
            line.quarter = (quarter - main) % 360
            line.column += line.quarter  # the margins of each direction are its own
        lines.lines += turned.lines
    return lines


def _count_glyphs(runs: Iterable[TextRun]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for run in runs:
        counts[run.quarter] += len(run.glyphs)
    return counts
