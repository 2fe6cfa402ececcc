"""Bytes → text: strictly, so that a wrong guess never reaches the graph."""

from __future__ import annotations

import codecs
import re
from functools import cache

from kg.read.settings import settings
from kg.read.values import Unreadable

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\v\x1a")
_MOST_CONTROLS = 0.01
"""Share of control characters above which bytes are taken for something else than text."""
_ENOUGH_HAN = 100
"""Han characters from which on their frequencies tell text from what only decodes."""
_LEAST_COMMON = 0.03
"""Share of the commonest characters that every Chinese text of some length has."""
_MIXED_LINE = 6
"""Bytes beyond ASCII in a line that cannot be valid in two encodings by chance."""
_HAN = re.compile("[\u3400-\u9fff]")


def decode_text(data: bytes) -> tuple[str, str]:
    """*data* as text with ``\\n`` newlines and no BOM, and the name of its encoding.

    Tried in turn: a BOM; UTF-16 without one, if zero bytes stand as they do there; UTF-8; GB18030, of which GBK and
    GB2312 are parts.

    Raises:
        Unreadable: bytes that are no text, or text in two encodings.
    """
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if looks_like_text(text) and (encoding != "gb18030" or _reads_as_chinese(text)):
            return normal_newlines(text.removeprefix("\ufeff")), encoding.removesuffix("-sig")
    if line := _mixed(data):
        raise Unreadable(
            f"混用了两种编码（第 {line} 行起是另一种）；请用编辑器另存为 UTF-8",
            f"two encodings in one file (another one from line {line}); save it as UTF-8",
        )
    raise Unreadable(
        "不是文本文件（不是 UTF-8、UTF-16 或 GB18030 编码）", "not a text file (neither UTF-8, UTF-16 nor GB18030)"
    )


def normal_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def looks_like_text(text: str) -> bool:
    """Whether *text* is free of zero bytes, and nearly so of control characters and of what nobody writes."""
    if "\0" in text:
        return False
    controls = sum(c in _CONTROLS for c in text)
    # GB18030 can name code points that nobody has assigned or that are private: a page of those is no page.
    odd = sum("\ue000" <= c <= "\uf8ff" or c > "\U0002ffff" for c in text)
    return controls + odd <= _MOST_CONTROLS * len(text)


def _candidates(data: bytes) -> tuple[str, ...]:
    for bom, encoding in _UTF16.items():
        if data.startswith(bom):
            return (encoding,)
    head = data[:4096]
    # Line ends and digits of UTF-16 have a zero byte; no text in the other encodings has any.
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(data) % 2 == 0 and head[at::2].count(0) > 0 and head[1 - at :: 2].count(0) == 0:
            return (encoding,)
    return ("utf-8-sig", "gb18030")


@cache
def _common() -> frozenset[str]:
    return frozenset(settings()["text"]["common"])


def _reads_as_chinese(text: str) -> bool:
    """Whether a text of some length has the characters that none goes without; UTF-8 read as GB18030 has not."""
    han = _HAN.findall(text[:200_000])
    return len(han) < _ENOUGH_HAN or sum(c in _common() for c in han) >= _LEAST_COMMON * len(han)


def _mixed(data: bytes) -> int:
    """The line from which on bytes that begin in one of two encodings go on in the other; 0 if that is not so."""
    first = ""
    for number, line in enumerate(data.splitlines(), 1):
        if sum(b > 127 for b in line[:2000]) < _MIXED_LINE:
            continue
        try:
            line.decode("utf-8")
            now = "utf-8"
        except UnicodeDecodeError:
            try:
                line.decode("gb18030")
                now = "gb18030"
            except UnicodeDecodeError:
                return 0
        if first and now != first:
            return number
        first = now
    return 0
