"""The sentence around quoted words, also where the width of a page broke its lines."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import east_asian_width

_REACH = 120
"""Most code points that are shown on each side of quoted words."""
_STOP = re.compile(r"[。！？!?\n]")
_OPEN_END = re.compile(r"[\u4e00-\u9fffA-Za-z0-9，,、“”）)%]$")
"""How a line ends whose sentence may go on in the next line."""
_BEGINS = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零\d]+[章节条部分]|[一二三四五六七八九十]+[、.．是]|[（(][一二三四五六七八九十\d]+[）)]"
    r"|\d+[、.．)）](?!\d)|附件|[\u3000 ]{2}|[\u4e00-\u9fff（）()/]{2,12}[:：])"
)
"""How a line begins that is an item, a field or a paragraph of its own."""
_CELLS = re.compile(r"\t|[|｜]|\S[ \u3000]{2,}\S")
"""What stands between the cells of a row."""
_LEAST_WIDTH = 30
_LEAST_FULL = 3
_LEAST_LINES = 0.2
"""The width of the page broke the lines if so many, and more than this share of them, are full and do not end."""
_FULL = 0.7
"""A line is full from this share of the width of its page on."""


def sentence_around(text: str, begin: int, end: int) -> tuple[int, int]:
    """Return begin and end of the sentence around *begin* to *end*; a very long sentence is cut."""
    left = max(0, begin - _REACH)
    for stop in reversed(list(_STOP.finditer(text, left, begin))):
        if not _is_broken_at(text, stop.start()):
            left = stop.end()
            break
    if text[begin:end].endswith(("。", "\n")):
        return left, end
    for stop in _STOP.finditer(text, end, end + _REACH):
        if not _is_broken_at(text, stop.start()):
            return left, stop.end()
    return left, min(len(text), end + _REACH)


def _is_broken_at(text: str, position: int) -> bool:
    """Return whether the sign at *position* ends a line whose sentence goes on in the next line."""
    width = _find_width(text) if text[position] == "\n" else 0
    if not width:
        return False
    line = text[text.rfind("\n", 0, position) + 1 : position].strip(" \t\r")
    following = text[position + 1 : position + 1 + width].split("\n")[0]
    if not following.strip() or _BEGINS.match(following) or _CELLS.search(line) or _CELLS.search(following):
        return False
    return bool(_OPEN_END.search(line)) and _measure(line) >= _FULL * width


@lru_cache(maxsize=128)
def _find_width(text: str) -> int:
    """Return the width of the lines of a text; 0 if its lines are paragraphs."""
    lines = [line for raw in text.split("\n") if (line := raw.strip())]
    widths = sorted(map(_measure, lines))
    width = widths[len(widths) * 9 // 10] if widths else 0
    if width < _LEAST_WIDTH or widths[-1] > 2 * width:
        return 0
    full = sum(_measure(line) >= _FULL * width and _OPEN_END.search(line) is not None for line in lines)
    return width if full >= _LEAST_FULL and full > _LEAST_LINES * len(lines) else 0


class _SignWidths(dict[str, int]):
    """Widths of signs as printed, each looked up once: a Chinese character is two wide."""

    def __missing__(self, sign: str) -> int:
        width = self[sign] = 2 if east_asian_width(sign) in "WF" else 1
        return width


_WIDTHS = _SignWidths()


def _measure(line: str) -> int:
    """Return the width of a line as printed."""
    return len(line) if line.isascii() else sum(map(_WIDTHS.__getitem__, line))
