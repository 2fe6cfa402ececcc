"""Text of several lines as one line."""

from __future__ import annotations

import re

_LINE_BREAK = re.compile(r"[ \t\u3000\xa0]*[\r\n]\s*")
_LATIN_WORD = re.compile(r"[A-Za-z0-9]")


def join_lines(text: str) -> str:
    """Return *text* as one line. Lines that the width of a page broke are joined: 完成率达\\n到 is 完成率达到.

    Latin words on both sides of a break stay two words.
    """
    parts = _LINE_BREAK.split(text)
    joined = parts[0]
    for part in parts[1:]:
        latin = _LATIN_WORD.match(joined[-1:]) and _LATIN_WORD.match(part[:1])
        joined += f" {part}" if latin else part
    return joined


def print_line(text: str) -> str:
    """Return *text* as one line, with single spaces."""
    return " ".join(join_lines(text).split())
