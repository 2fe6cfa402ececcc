"""Normal forms of text for comparison and search.

===============  ==========================================================================
``name_key``     the key of a name: two names are the same if, and only if, their keys are equal
``number_key``   the same for printed numbers (文号, 编号), where dashes and dots count
``title_key``    the key of a title or a passage in a comparison of texts; it ignores symbols too
``search_fold``  the text without quotes and white space, in which lexicon entries are found
===============  ==========================================================================

Linking, IRIs, joining, corrections, review and scoring all use ``name_key``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from extract.model import Span, make_span

QUOTES = "“”\"'‘’「」『』＂"
OPEN, CLOSE = '“"「『‘＂', '”"」』’＂'
_MARKS = frozenset(QUOTES)
_DROP = frozenset(QUOTES + " \t\r\n\u3000\xa0\u200b\ufeff")
DROPPED = re.compile(f"[{''.join(map(re.escape, sorted(_DROP)))}]+")
"""What ``search_fold`` leaves out."""
_QUOTE_SYMBOLS = frozenset("`´<>")
"""Marks that quote a name, but are symbols to Unicode."""
_KEPT_MARKS = frozenset("%&/@#*.")
"""Punctuation that distinguishes names and units."""
_LOOSE_MARK = re.compile(r"(?<!\d)[.\-]|[.\-](?!\d)")
"""A dot or dash that does not stand between digits: 2.0 and 2021-2025 keep theirs."""
_TITLE_MARKS = re.compile(r"[\W_]+")


class _NameTable(dict[int, int | str | None]):
    """A table for ``str.translate`` that drops what is no part of a name. It grows as characters are met."""

    def __missing__(self, code: int) -> int | str | None:
        char = chr(code)
        category = unicodedata.category(char)
        dropped = (category[0] in "PZC" and char not in _KEPT_MARKS) or char in _QUOTE_SYMBOLS
        kept = self[code] = "-" if category == "Pd" else None if dropped else code
        return kept


class _NumberTable(dict[int, int | str | None]):
    """The same for printed numbers: dashes, dots and commas stay, all dashes are one."""

    def __missing__(self, code: int) -> int | str | None:
        char = chr(code)
        category = unicodedata.category(char)
        dropped = category in ("Ps", "Pe", "Pi", "Pf") or category[0] in "ZC" or char in _QUOTE_SYMBOLS or char in "\"'"
        kept = self[code] = None if dropped else "-" if category == "Pd" else code
        return kept


_NAME_TABLE, _NUMBER_TABLE = _NameTable(), _NumberTable()


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Return what all spellings of a name share: NFKC, lower case, no quotes, brackets, punctuation, white space.

    A dot or dash between digits stays.
    """
    key = _normalize(name).translate(_NAME_TABLE)
    if "." in key or "-" in key:
        key = _LOOSE_MARK.sub("", key)
    return unicodedata.normalize("NFKC", key)  # what stood apart before can compose now


def number_key(number: str) -> str:
    """Return what all spellings of a printed number share: NFKC, lower case, one dash, no brackets, white space."""
    return unicodedata.normalize("NFKC", _normalize(number).translate(_NUMBER_TABLE))


def _normalize(text: str) -> str:
    # lower() can give characters that NFKC composes: the second pass makes the result stable
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())


def title_key(title: str) -> str:
    """Return what all spellings of a title share: NFKC, letters and digits only."""
    return _TITLE_MARKS.sub("", unicodedata.normalize("NFKC", title))


def unwrap(text: str, spans: Iterable[Span]) -> str:
    """Return *text* with a space for each line break inside *spans*, paragraphs that the width of a page broke."""
    if "\n" not in text:
        return text
    pieces: list[str] = []
    at = 0
    for begin, end in sorted(spans):
        if begin < at or "\n" not in (words := text[begin:end]):
            continue
        pieces += (text[at:begin], words.replace("\n", " "))
        at = end
    return "".join([*pieces, text[at:]])


def search_fold(text: str) -> str:
    """Return *text* without quotes and white space."""
    return text if _DROP.isdisjoint(text) else DROPPED.sub("", text)


def remove_space(words: str) -> str:
    """Return *words* without white space."""
    return "".join(words.split())


def find_occurrences(text: str, word: str) -> Iterator[Span]:
    """Yield where *word* stands in *text*, without overlaps."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        yield make_span((at, end))
        at = text.find(word, end)


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


_BROKEN_LINE = re.compile(r"[ \t\u3000\xa0]*[\r\n]\s*")
_LATIN_WORD = re.compile(r"[A-Za-z0-9]")


def join_lines(text: str) -> str:
    """Return *text* as one line. Lines that the width of a page broke are joined: 完成率达\\n到 is 完成率达到.

    Latin words on both sides of a break stay two words.
    """
    parts = _BROKEN_LINE.split(text)
    joined = parts[0]
    for part in parts[1:]:
        latin = _LATIN_WORD.match(joined[-1:]) and _LATIN_WORD.match(part[:1])
        joined += f" {part}" if latin else part
    return joined


def print_line(text: str) -> str:
    """Return *text* as one line, with single spaces."""
    return " ".join(join_lines(text).split())
