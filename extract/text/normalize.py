"""Normal forms of text for comparison and search.

===============  ==========================================================================
``name_key``     the key of a name: all spellings of one name have the same key
``title_key``    the key of a proposal's title; it ignores symbols too
``search_fold``  the text without quotes and white space, in which lexicon entries are found
===============  ==========================================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from extract.model import Span

QUOTES = "“”\"'‘’「」『』＂"
OPEN, CLOSE = '“"「『‘＂', '”"」』’＂'
_MARKS = frozenset(QUOTES)
_DROP = frozenset(QUOTES + " \t\r\n\u3000\xa0\u200b\ufeff")
_DROPPED = re.compile(f"[{''.join(map(re.escape, sorted(_DROP)))}]+")
_NAME_MARKS = str.maketrans("", "", "\"'“”‘’「」『』《》〈〉<>()（）[]【】〔〕 \t\r\n\u3000\xa0·,，、.。;；:：-－—–_")
_TITLE_MARKS = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Return what all spellings of a name share: NFKC, lower case, no quotes, brackets, punctuation, white space."""
    return unicodedata.normalize("NFKC", name).lower().translate(_NAME_MARKS)


def title_key(title: str) -> str:
    """Return what all spellings of a title share: NFKC, letters and digits only."""
    return _TITLE_MARKS.sub("", unicodedata.normalize("NFKC", title))


def search_fold(text: str) -> str:
    """Return *text* without quotes and white space."""
    return text if _DROP.isdisjoint(text) else _DROPPED.sub("", text)


def search_offsets(text: str) -> list[int]:
    """Return the offset in *text* of each character of ``search_fold(text)``."""
    out: list[int] = []
    begin = 0
    for dropped in _DROPPED.finditer(text):
        out += range(begin, dropped.start())
        begin = dropped.end()
    out += range(begin, len(text))
    return out


def remove_space(words: str) -> str:
    """Return *words* without white space."""
    return "".join(words.split())


def find_occurrences(text: str, word: str) -> Iterator[Span]:
    """Yield where *word* stands in *text*, without overlaps."""
    at = text.find(word)
    while at >= 0:
        yield Span(at, at + len(word))
        at = text.find(word, at + len(word))


def include_quotes(text: str, span: Span) -> Span:
    """Return *span*, extended by a quote mark whose partner is inside, or by a pair of marks around it."""
    begin, end = span.begin, span.end
    if _MARKS.isdisjoint(text[max(0, begin - 1) : end + 1]):
        return span
    words = text[begin:end]
    opened = sum(words.count(c) for c in "“「『")
    closed = sum(words.count(c) for c in "”」』")
    straight = words.count('"') % 2
    if closed > opened and begin and text[begin - 1] in OPEN:
        begin -= 1
    elif opened > closed and end < len(text) and text[end] in CLOSE:
        end += 1
    elif straight:
        if begin and text[begin - 1] == '"':
            begin -= 1
        elif end < len(text) and text[end] == '"':
            end += 1
    elif begin and end < len(text) and text[begin - 1] in OPEN and text[end] in CLOSE:
        begin, end = begin - 1, end + 1
    return Span(begin, end)
