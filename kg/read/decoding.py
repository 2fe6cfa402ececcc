"""Strict decoding of bytes: an encoding that does not fit is an error, so that broken text never reaches the graph."""

from __future__ import annotations

import codecs
import re
from functools import cache

from kg.read.formats import load_settings
from kg.read.values import ReadError

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\v\x1a")
_MOST_CONTROLS = 0.01
"""Largest share of control characters, and of unassigned ones, in text."""
_ENOUGH_HAN = 100
"""Number of Han characters from which their frequencies show whether the encoding is right."""
_LEAST_COMMON = 0.03
"""Least share of the commonest characters in a Chinese text of some length."""
_MIXED_LINE = 6
"""Number of bytes beyond ASCII from which a line is not valid in two encodings by chance."""
_HAN = re.compile("[\u3400-\u9fff]")


def decode_text(data: bytes) -> tuple[str, str]:
    """Return *data* as text with ``\\n`` newlines and no BOM, and the name of its encoding.

    Encodings are tried in this order: the one of the BOM; UTF-16 without BOM, if zero bytes are placed as in UTF-16;
    UTF-8; GB18030, which includes GBK and GB2312.

    Raises:
        ReadError: *data* is not text, or text in two encodings.
    """
    for encoding in _guess_encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if looks_like_text(text) and (encoding != "gb18030" or _reads_as_chinese(text)):
            return normalize_newlines(text.removeprefix("\ufeff")), encoding.removesuffix("-sig")
    if line := _find_mixed_line(data):
        raise ReadError(
            f"混用了两种编码（第 {line} 行起是另一种）；请用编辑器另存为 UTF-8",
            f"two encodings in one file (another one from line {line}); save it as UTF-8",
        )
    raise ReadError(
        "不是文本文件（不是 UTF-8、UTF-16 或 GB18030 编码）", "not a text file (neither UTF-8, UTF-16 nor GB18030)"
    )


def normalize_newlines(text: str) -> str:
    """Return *text* with ``\\n`` newlines."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def looks_like_text(text: str) -> bool:
    """Return whether *text* has no zero bytes, and at most a few control characters and unassigned code points."""
    if "\0" in text:
        return False
    controls = sum(c in _CONTROLS for c in text)
    # GB18030 decodes many bytes to private or unassigned code points: a text of those is in another encoding
    odd = sum("\ue000" <= c <= "\uf8ff" or c > "\U0002ffff" for c in text)
    return controls + odd <= _MOST_CONTROLS * len(text)


def _guess_encodings(data: bytes) -> tuple[str, ...]:
    for bom, encoding in _UTF16.items():
        if data.startswith(bom):
            return (encoding,)
    head = data[:4096]
    # in UTF-16, line ends and digits have a zero byte; text in the other encodings has none
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(data) % 2 == 0 and head[at::2].count(0) > 0 and head[1 - at :: 2].count(0) == 0:
            return (encoding,)
    return ("utf-8-sig", "gb18030")


@cache
def _load_common_characters() -> frozenset[str]:
    return frozenset(load_settings()["text"]["common"])


def _reads_as_chinese(text: str) -> bool:
    """Return whether *text* is short, or has the commonest characters, which UTF-8 decoded as GB18030 lacks."""
    han = _HAN.findall(text[:200_000])
    return len(han) < _ENOUGH_HAN or sum(c in _load_common_characters() for c in han) >= _LEAST_COMMON * len(han)


def _find_mixed_line(data: bytes) -> int:
    """Return the number of the first line in a second encoding; 0 if there is none, or a line is in neither."""
    first = ""
    for number, line in enumerate(data.splitlines(), 1):
        if sum(b > 127 for b in line[:2000]) < _MIXED_LINE:
            continue
        try:
            line.decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            try:
                line.decode("gb18030")
                encoding = "gb18030"
            except UnicodeDecodeError:
                return 0
        if first and encoding != first:
            return number
        first = encoding
    return 0
