"""Whether a page may list proposals, told from its bytes, so that other pages are not parsed when files are found."""

from __future__ import annotations

import re
from functools import cache

from kg.read.formats import load_settings

_ROWS = re.compile(rb"<tr\b", re.IGNORECASE)
_LEAST_ROWS = 2
_ENCODINGS = ("utf-8", "gb18030")


def may_list_proposals(data: bytes) -> bool:
    """Return whether a page has a table with rows, and words of the head of a list of proposals in one encoding."""
    rows = _ROWS.findall(data)
    return len(rows) >= _LEAST_ROWS and any(
        all(any(word in data for word in words) for words in needed) for needed in _encode_words()
    )


@cache
def _encode_words() -> tuple[tuple[tuple[bytes, ...], ...], ...]:
    """Return, for each encoding, the groups of words of which a list has one each."""
    groups = load_settings()["html"]["list_words"]
    return tuple(tuple(tuple(word.encode(name) for word in group) for group in groups) for name in _ENCODINGS)
