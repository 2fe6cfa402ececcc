"""Print how the time of extraction grows with the length of unusual texts: ``python -m benchmarks.growth [--longest N]``.

Each text repeats a few characters. Its length doubles from column to column, and so should the time: the last column is
the factor for the last doubling, about 2 if the time grows linearly and 4 if it grows with the square. Texts whose
extraction takes longer than ``--limit`` seconds are not made longer. Nothing is asserted: the table is for people.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from extract.model import Source

SHORTEST = 2_500
_HEAD = "云溪市教育局关于市政协一届一次会议第20240001号提案的答复\n\n林可委员：\n\n您提出的提案收悉。现答复如下：\n\n"
_PROSE = "2023年，全市新建公办幼儿园32所，投入资金1.2亿元，市教育局牵头落实《云溪市托育办法》，"
UNITS = {
    "sentences": _PROSE[:-1] + "。\n",
    "one line": _PROSE,
    "one line of sentences": _PROSE[:-1] + "。",
    "lines without an end": _PROSE + "\n",
    "blank lines": "\n",
    "lines of spaces": "   \n",
    "spaces": " ",
    "one word": "市",
    "letters": "a",
    "九九九": "九",
    "百百百": "百",
    "111": "1",
    "1,111": ",111",
    "1 111": " 111",
    "1、1、": "1、",
    "1万1万": "1万",
    "1元、": "1元、",
    "2023年、": "2023年、",
    "1月-": "1月-",
    "《《《": "《",
    "》》》": "》",
    "《一》": "《一》",
    "“““": "“",
    "“一”": "“一”",
    "（（（": "（",
    "、、、": "、",
    "。。。": "。",
    "：：：": "：",
    "----": "-",
    "....": ".",
    "一、": "一、",
    "lines of 一、": "一、\n",
    "lines of 1.": "1.\n",
    "（一）": "（一）",
    "第第第": "第",
    "关于关于": "关于",
    "agencies": "市教育局、",
    "agencies without marks": "市教育局",
    "firms": "云溪有限公司",
    "places": "云溪市",
    "classes": "高新技术企业",
    "programs": "“云溪”计划",
    "suggestions": "建议",
    "lines of dates": "2024年5月6日\n",
    "addressees": "林可委员：\n",
    "table rows": "| 市教育局 | 12家 |\n",
}
"""What each text repeats."""


@cache
def _make_heads() -> tuple[str, ...]:
    return ("", _HEAD)


def make_text(unit: str, size: int, head: str = "") -> str:
    """Return a text of *size* characters that repeats *unit*."""
    return head + (unit * (size // len(unit) + 1))[: max(0, size - len(head))]


def measure_growth(unit: str, sizes: Sequence[int], limit: float, head: str = "") -> list[float]:
    """Return the time in seconds for each of *sizes*, the shorter of two runs; it stops behind one above *limit*."""
    from extract.pipeline import extract

    times: list[float] = []
    for size in sizes:
        source = Source(id="growth", text=make_text(unit, size, head))
        best = float("inf")
        for _ in range(2):
            begin = time.perf_counter()
            extract(source)
            best = min(best, time.perf_counter() - begin)
            if best > 1:
                break
        times.append(best)
        if best > limit:
            break
    return times
