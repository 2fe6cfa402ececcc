"""Scanned pages of PDF documents, read by Tesseract, where it and its model of simplified Chinese are installed."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace

from kg.read import guard
from kg.read.pdf.pdf import opened
from kg.read.programs import LANGUAGE, tesseract
from kg.read.values import CleanReport, Limits, Reading, Unreadable

_DPI = 300
_MOST_PIXELS = 40_000_000
_CHINESE = r"[\u2e80-\u9fff\uff00-\uffef、。《》〔〕“”‘’—…]"
_BETWEEN = re.compile(rf"(?<={_CHINESE}) +(?=\S)|(?<=\S) +(?={_CHINESE})")
"""Spaces beside a Chinese character."""
_PARAGRAPH_END = re.compile(r"[。；：！？:;!?”）)]$")
_BEGINS = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]")


def with_scans(data: bytes, reading: Reading, limits: Limits) -> Reading:
    """*reading* of a PDF again, with the pages that it says are scanned; as it is, if nothing here can read them.

    Raises:
        Unreadable: the document cannot be read at all.
    """
    pages = [n for w in reading.report.warnings if w.startswith("scanned:") for n in w.partition(":")[2].split(",")]
    if not pages or not available():
        return reading
    patient = replace(limits, seconds=limits.convert_seconds)
    texts: dict[str, str] = {}
    unfinished = False
    for number in pages[: limits.read_pages]:
        try:
            (_, page), *_ = guard.run("kg.read.pdf.ocr:page", data, patient, number=number)
        except Unreadable:
            unfinished = True
            continue  # it stays among those that are reported
        if page.text.strip():
            texts[number] = page.text
    if texts:
        reading = guard.run("kg.read.pdf.pdf:read", data, limits, ocr=json.dumps(texts))[0][1]
    return replace(reading, report=replace(reading.report, unfinished=unfinished))


def available() -> bool:
    """Whether Tesseract and its model of simplified Chinese are installed."""
    return all(tesseract())


def page(data: bytes, limits: Limits, number: str) -> Reading:
    """The text of one page, as a picture of it says.

    Raises:
        Unreadable: it cannot be drawn or read.
    """
    document = opened(data)
    one = document[int(number) - 1]
    width, height = one.get_size()
    scale = min(_DPI / 72, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = one.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    picture = b"".join(bytes(rows[y * bitmap.stride : y * bitmap.stride + bitmap.width]) for y in range(bitmap.height))
    header = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height)
    try:
        made = subprocess.run(
            ["tesseract", "stdin", "stdout", "-l", LANGUAGE, "--psm", "3"],
            input=header + picture, capture_output=True, timeout=limits.convert_seconds, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreadable("OCR 没有完成", "OCR did not finish") from error
    if made.returncode:
        raise Unreadable("OCR 没有完成", "OCR did not finish")
    return Reading(mended(made.stdout.decode("utf-8", "replace")), (), CleanReport("pdf"))


def mended(text: str) -> str:
    """What Tesseract prints, without spaces between Chinese characters, lines of a paragraph joined."""
    out: list[str] = []
    for block in re.split(r"\n\s*\n", text.replace("\f", "")):
        lines = [_BETWEEN.sub("", line.strip()) for line in block.split("\n") if line.strip()]
        longest = max(map(len, lines), default=0)
        for i, line in enumerate(lines):
            before = lines[i - 1] if i else ""
            full = len(before) >= longest - 3 and longest > 12
            if i and full and not (_PARAGRAPH_END.search(before) and _BEGINS.match(line)):
                out[-1] += line
            else:
                out.append(line)
    return "\n".join(out)
