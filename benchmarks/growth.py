"""Print how the time of extraction grows with the length of unusual texts: ``python -m benchmarks.growth``.

Each text repeats a few characters. Its length doubles from column to column, and so should the time. The last column
is the factor for the last doubling: about 2 if the time grows linearly, 4 if it grows with the square. Nothing is
asserted: the table is for people.
"""

from __future__ import annotations

import argparse
import gc
import time
import unicodedata
from collections.abc import Sequence

from extract.model import Source
from extract.pipeline import extract

SHORTEST = 2_500
HEAD = "云溪市教育局关于市政协一届一次会议第20240001号提案的答复\n\n林可委员：\n\n您提出的提案收悉。现答复如下：\n\n"
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
    "full names of firms": "云溪科技有限公司、",
    "places": "云溪市",
    "classes": "高新技术企业",
    "programs": "“云溪”计划",
    "suggestions": "建议",
    "lines of dates": "2024年5月6日\n",
    "addressees": "林可委员：\n",
    "table rows": "| 市教育局 | 12家 |\n",
    "grants one by one": "分别给予1万元、",
    "grants": "奖励10万元，",
    "bounded grants": "最高不超过50万元",
    "grants of classes": "高新技术企业奖励1万元，",
    "old and new values": "从1万元提高到2万元，",
    "ranges": "1-2名",
    "levels": "国家",
    "classes of listed levels": "国家级、省级、市级企业",
    "titles": "关于加快发展的提案\n",
    "articles": "第一条 加强\n",
    "numbered items": "1.加强管理。\n",
    "numbers in one line": "一、加强。（一）加强。",
    "1. and 2. in one line": "1.加强。2.加强。",
    "首先 in each line": "首先，加强管理。\n",
    "numbers and paragraphs": "一、加强\n段落文字。\n段落文字，\n",
    "leads": "牵头单位：市教育局",
    "leaders of dots": "……",
    "middle dots": "·",
    "low lines": "_",
    "different titles": "《云溪#办法》、",
    "different firms": "云溪#科技有限公司、",
    "different bureaus": "云溪市#局、",
    "different classes": "#企业、",
    "different words": "#、",
}
"""What each text repeats; ``#`` is two other characters each time."""


def make_text(unit: str, size: int, head: str = "") -> str:
    """Return a text of *size* characters: *head*, then *unit* again and again."""
    room = size - len(head)
    times = room // len(unit) + 1
    text = "".join(unit.replace("#", _spell(i)) for i in range(times)) if "#" in unit else unit * times
    return head + text[:room]


def _spell(number: int) -> str:
    """Return two Chinese characters that stand for *number* alone, up to 10,000."""
    return chr(0x4E00 + number % 100 * 7) + chr(0x4E00 + number // 100 * 7)


def measure_growth(unit: str, sizes: Sequence[int], limit: float, head: str = "") -> list[float]:
    """Return the seconds of processor time for each of *sizes*, up to the first that takes longer than *limit*.

    A short run is repeated and its best time counts, since other work on the machine only adds to it.
    """
    times: list[float] = []
    for size in sizes:
        source = Source(id="growth", text=make_text(unit, size, head))
        runs = [_measure_run(source)]
        while sum(runs) < 0.1 and len(runs) < 3:
            runs.append(_measure_run(source))
        times.append(min(runs))
        if times[-1] > limit:
            break
    return times


def _measure_run(source: Source) -> float:
    gc.collect()
    gc.disable()  # as timeit does: its passes fall on any run
    try:
        begin = time.process_time()
        extract(source)
        return time.process_time() - begin
    finally:
        gc.enable()


def format_growth(name: str, times: Sequence[float], sizes: Sequence[int]) -> str:
    """Return a row of the table: the name, a time for each of *sizes* and the factor for the last doubling."""
    cells = [f"{seconds:8.3f}" for seconds in times] + ["       –"] * (len(sizes) - len(times))
    factor = f"{times[-1] / times[-2]:6.1f}" if len(times) > 1 else "     –"
    return f"{_pad(name, 26)}{''.join(cells)}{factor}"


def _pad(words: str, width: int) -> str:
    """Return *words* with spaces up to *width* columns; a Chinese character takes two."""
    return words + " " * (width - sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in words))


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="kinds of text (default: all)")
    parser.add_argument("--longest", type=int, default=40_000, help="characters of the longest text (default: 40000)")
    parser.add_argument(
        "--limit", type=float, default=10, help="seconds after which a text grows no more (default: 10)"
    )
    parser.add_argument("--letter", action="store_true", help="begin each text with the head of a letter")
    args = parser.parse_args(argv)
    if unknown := [name for name in args.names if name not in UNITS]:
        parser.error(f"unknown kinds of text: {', '.join(unknown)}; known: {', '.join(UNITS)}")
    sizes = [SHORTEST]
    while sizes[-1] * 2 <= args.longest:
        sizes.append(sizes[-1] * 2)
    extract(Source(id="growth", text=HEAD))
    print(f"{'':26}{''.join(f'{size:8,}' for size in sizes)}  last")
    for name in args.names or UNITS:
        times = measure_growth(UNITS[name], sizes, args.limit, HEAD if args.letter else "")
        print(format_growth(name, times, sizes), flush=True)


if __name__ == "__main__":
    main()
