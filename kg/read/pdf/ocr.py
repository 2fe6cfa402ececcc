"""Scanned pages of PDF documents, read by Tesseract if it and its model of simplified Chinese are installed."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace

from kg.read import guard
from kg.read.pdf.pdf import open_pdf
from kg.read.programs import LANGUAGE, find_tesseract
from kg.read.values import CleanReport, DocumentText, Limits, ReadError

_DPI = 300
_MOST_PIXELS = 40_000_000
_CHINESE = r"[\u2e80-\u9fff\uff00-\uffef、。《》〔〕“”‘’—…]"
_BETWEEN = re.compile(rf"(?<={_CHINESE}) +(?=\S)|(?<=\S) +(?={_CHINESE})")
"""Spaces beside a Chinese character."""
_PARAGRAPH_END = re.compile(r"[。；：！？:;!?”）)]$")
_BEGINS = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]")


def add_scanned_text(data: bytes, document: DocumentText, limits: Limits) -> DocumentText:
    """Return the text of a PDF with that of its scanned pages; without Tesseract, return *document* unchanged.

    Args:
        data: the PDF.
        document: its text; its report names the scanned pages.
        limits: how large it can be, and how much time OCR can take.

    Raises:
        ReadError: the PDF cannot be read at all.
    """
    warnings = [warning for warning in document.report.warnings if warning.startswith("scanned:")]
    pages = [number for warning in warnings for number in warning.partition(":")[2].split(",")]
    if not pages or not is_available():
        return document
    patient = replace(limits, seconds=limits.convert_seconds)
    texts: dict[str, str] = {}
    unfinished = False
    for number in pages[: limits.read_pages]:
        try:
            (_, page), *_ = guard.run_guarded("kg.read.pdf.ocr:recognize_page", data, patient, number=number)
        except ReadError:
            unfinished = True
            continue  # the page is still reported as scanned
        if page.text.strip():
            texts[number] = page.text
    if texts:
        document = guard.run_guarded("kg.read.pdf.pdf:read_pdf", data, limits, ocr=json.dumps(texts))[0][1]
    return replace(document, report=replace(document.report, unfinished=unfinished))


def is_available() -> bool:
    """Return whether Tesseract and its model of simplified Chinese are installed."""
    return all(find_tesseract())


def recognize_page(data: bytes, limits: Limits, number: str) -> DocumentText:
    """Return the text of one page, read from its picture.

    Args:
        data: the PDF.
        limits: how much time OCR can take.
        number: number of the page, from 1.

    Raises:
        ReadError: the page cannot be drawn or read.
    """
    document = open_pdf(data)
    page = document[int(number) - 1]
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    picture = b"".join(bytes(rows[y * bitmap.stride : y * bitmap.stride + bitmap.width]) for y in range(bitmap.height))
    header = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height)
    try:
        done = subprocess.run(
            ["tesseract", "stdin", "stdout", "-l", LANGUAGE, "--psm", "3"],
            input=header + picture, capture_output=True, timeout=limits.convert_seconds, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReadError("OCR 没有完成", "OCR did not finish") from error
    if done.returncode:
        raise ReadError("OCR 没有完成", "OCR did not finish")
    return DocumentText(mend_spaces(done.stdout.decode("utf-8", "replace")), (), CleanReport("pdf"))


def mend_spaces(text: str) -> str:
    """Return the output of Tesseract without spaces beside Chinese characters, with the lines of paragraphs joined."""
    paragraphs: list[str] = []
    for block in re.split(r"\n\s*\n", text.replace("\f", "")):
        lines = [_BETWEEN.sub("", line.strip()) for line in block.split("\n") if line.strip()]
        longest = max(map(len, lines), default=0)
        for i, line in enumerate(lines):
            before = lines[i - 1] if i else ""
            full = len(before) >= longest - 3 and longest > 12
            if i and full and not (_PARAGRAPH_END.search(before) and _BEGINS.match(line)):
                paragraphs[-1] += line
            else:
                paragraphs.append(line)
    return "\n".join(paragraphs)
