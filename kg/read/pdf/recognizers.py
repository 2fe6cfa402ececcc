"""What reads the picture of a page: RapidOCR, whose models are in its package, or Tesseract."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Sequence
from functools import cache
from statistics import median
from typing import Any

from kg.read.pdf.lines import PlacedChar, is_wide
from kg.read.pdf.page import arrange_page
from kg.read.pdf.paragraphs import write_pages
from kg.read.programs import LANGUAGE, find_ocr_models
from kg.read.values import ReadError, TextWriter

_LONG_SIDE = 1800
"""Length of the longer side of the picture that RapidOCR reads, in pixels: 150 per inch of A4."""
_THREADS = {"intra": 2, "inter": 1}
"""Number of threads within an operation and between operations; more take address space and gain little."""
_TALL = 1.5
"""Ratio of height to width of the boxes of lines from which the page lies on its side."""
_NEAR = 0.25
"""Largest share by which the measured size of a line differs from the usual one, if both are one."""
_DPI = 300
_MOST_PIXELS = 40_000_000
_CHINESE = r"[\u2e80-\u9fff\uff00-\uffef、。《》〔〕“”‘’—…]"
_BETWEEN = re.compile(rf"(?<={_CHINESE}) +(?=\S)|(?<=\S) +(?={_CHINESE})")
"""Spaces beside a Chinese character."""
_PARAGRAPH_END = re.compile(r"[。；：！？:;!?”）)]$")
_BEGINS = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]")

RecognizedLine = tuple[tuple[float, float, float, float], str, float]
"""Box (x0, y0, x1, y1), text and score of a line."""


def recognize_with_rapidocr(page: Any) -> str:
    """Return the text of a page of PDFium, in paragraphs."""
    import numpy

    picture = page.render(scale=_LONG_SIDE / max(page.get_size()), rev_byteorder=False).to_numpy()[:, :, :3]
    turns = (1, 3) if _is_sideways(numpy.ascontiguousarray(picture[::2, ::2])) else (0,)
    turned = [numpy.ascontiguousarray(numpy.rot90(picture, turn)) for turn in turns]
    lines = max(map(_recognize_lines, turned), key=_score_lines)
    height = max((box[3] for box, _, _ in lines), default=0.0)
    out = TextWriter("pdf")
    write_pages(out, [arrange_page(place_lines(lines), (), max(height, float(picture.shape[0])))])
    return out.finish().text


def _recognize_lines(picture: Any) -> list[RecognizedLine]:
    result = _load_rapidocr()(picture, use_det=True, use_cls=False, use_rec=True)
    if result.boxes is None or result.txts is None:
        return []
    return [
        ((float(box[:, 0].min()), float(box[:, 1].min()), float(box[:, 0].max()), float(box[:, 1].max())), text, score)
        for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
    ]


@cache
def _load_rapidocr() -> Any:
    """Return RapidOCR with the models of its package; it never loads others from the network."""
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(_THREADS["intra"])
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": count for kind, count in _THREADS.items()}
    paths = {f"{task}.model_path": path for task, path in find_ocr_models().items()}
    settings = {"Global.log_level": "error", "Global.use_cls": False, "Global.max_side_len": 2 * _LONG_SIDE}
    return RapidOCR(params={**settings, **paths, **threads})


def _is_sideways(picture: Any) -> bool:
    """Return whether most lines of a picture run from top to bottom."""
    boxes = _load_rapidocr()(picture, use_det=True, use_cls=False, use_rec=False).boxes
    if boxes is None or not len(boxes):
        return False
    ratios = [(box[:, 1].max() - box[:, 1].min()) / max(box[:, 0].max() - box[:, 0].min(), 1.0) for box in boxes]
    return bool(median(ratios) > _TALL)


def _score_lines(lines: Iterable[RecognizedLine]) -> float:
    return sum(len(text) * score for _, text, score in lines)


def place_lines(lines: Sequence[RecognizedLine]) -> list[PlacedChar]:
    """Return the characters of lines, spread over the boxes: a Latin letter is half as wide as a Han character."""
    sizes = [(box[2] - box[0]) / max(_measure_text(text), 1.0) for box, text, _ in lines]
    usual = median(size for size, (_, text, _) in zip(sizes, lines, strict=True) for _ in text) if lines else 1.0
    chars = []
    for (box, text, _), measured in zip(lines, sizes, strict=True):
        size = usual if abs(measured - usual) <= _NEAR * usual else measured
        x, space = box[0], False
        for sign in text:
            step = measured * _measure_text(sign)
            if not sign.isspace():
                chars.append(PlacedChar(x, box[1], x + step, box[3], sign, size, space))
            x, space = x + step, sign.isspace()
    return chars


def _measure_text(text: str) -> float:
    """Return the width of a text, in Han characters."""
    return sum(1.0 if is_wide(sign) else 0.5 for sign in text)


def recognize_with_tesseract(page: Any, seconds: float) -> str:
    """Return the text of a page of PDFium, in paragraphs.

    Raises:
        ReadError: Tesseract failed, or took longer than *seconds*.
    """
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    picture = b"".join(bytes(rows[y * bitmap.stride : y * bitmap.stride + bitmap.width]) for y in range(bitmap.height))
    header = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height)
    try:
        done = subprocess.run(
            ["tesseract", "stdin", "stdout", "-l", LANGUAGE, "--psm", "3"],
            input=header + picture, capture_output=True, timeout=seconds, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReadError("OCR 没有完成", "OCR did not finish") from error
    if done.returncode:
        raise ReadError("OCR 没有完成", "OCR did not finish")
    return mend_spaces(done.stdout.decode("utf-8", "replace"))


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
