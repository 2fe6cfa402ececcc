"""Pages of PDF documents without a usable text layer, read by OCR: RapidOCR if it is installed, or Tesseract."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from kg.read import guard
from kg.read.pdf.pdf import open_pdf
from kg.read.pdf.recognizers import recognize_with_rapidocr, recognize_with_tesseract
from kg.read.programs import find_ocr_models, find_tesseract
from kg.read.values import CleanReport, DocumentText, Limits, ReadError

_REASONS = {
    "scanned": ("是扫描件，没有文字层", "scanned, without text"),
    "illegible": (
        "文字层的字没有可用的编码（字体缺 ToUnicode 表），读出来是乱码",
        "its fonts give no usable codes (no ToUnicode table), so that its text is garbled",
    ),
}
"""Why a page has no text, by the key of its warning."""


def add_scanned_text(data: bytes, document: DocumentText, limits: Limits) -> DocumentText:
    """Return the text of a PDF with that of its scanned and illegible pages; without OCR, *document* unchanged.

    Args:
        data: the PDF.
        document: its text; its report names the pages.
        limits: how large it can be, and how much time OCR can take.

    Raises:
        ReadError: the PDF cannot be read at all.
    """
    pages = _list_pages(document.report.warnings)
    if not pages or not is_available():
        return document
    patient = replace(limits, seconds=limits.convert_seconds)
    texts: dict[str, str] = {}
    unfinished = False
    guard.stop_process()  # OCR takes most of the memory that a process can have: it begins and ends with a new one
    for number in pages[: limits.read_pages]:
        try:
            (_, page), *_ = guard.run_guarded("kg.read.pdf.ocr:recognize_page", data, patient, number=number)
        except ReadError:
            unfinished = True
            continue  # the page is still reported
        if page.text.strip():
            texts[number] = page.text
    guard.stop_process()
    if texts:
        document = guard.run_guarded("kg.read.pdf.pdf:read_pdf", data, limits, ocr=json.dumps(texts))[0][1]
    return replace(document, report=replace(document.report, unfinished=unfinished))


def is_available() -> bool:
    """Return whether RapidOCR or Tesseract is installed, with its models of Chinese."""
    return bool(find_ocr_models()) or all(find_tesseract())


def recognize_page(data: bytes, limits: Limits, number: str) -> DocumentText:
    """Return the text of one page, read from its picture.

    Args:
        data: the PDF.
        limits: how much time OCR can take.
        number: number of the page, from 1.

    Raises:
        ReadError: the page cannot be drawn or read.
    """
    page = open_pdf(data)[int(number) - 1]
    if find_ocr_models():
        text = recognize_with_rapidocr(page)
    else:
        text = recognize_with_tesseract(page, limits.convert_seconds)
    return DocumentText(text, (), CleanReport("pdf"))


def make_unread_error(warnings: Iterable[str]) -> ReadError | None:
    """Return the error for a PDF of which no page could be read; None if its warnings give no reason."""
    reason = next((_REASONS[key] for key in (one.partition(":")[0] for one in warnings) if key in _REASONS), None)
    if reason is None:
        return None
    zh, en = reason
    if is_available():
        return ReadError(f"{zh}；OCR 也没有读出文字", f"{en}; OCR found no text either")
    return ReadError(
        f"{zh}；安装文字识别后可读：pip install 'proposal-kg[ocr]'（或安装 tesseract 及 chi_sim）",
        f"{en}; it can be read with OCR: pip install 'proposal-kg[ocr]' (or install tesseract with chi_sim)",
    )


def _list_pages(warnings: Iterable[str]) -> list[str]:
    """Return the numbers of the pages that warnings name as scanned or illegible, in order."""
    parts = [warning.partition(":") for warning in warnings]
    return sorted((page for key, _, pages in parts if key in _REASONS for page in pages.split(",")), key=int)
