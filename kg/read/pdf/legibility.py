"""Whether the text of a page is what the page shows: fonts without a table of codes give other characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from kg.read.formats import load_settings

_FEW = 20
"""Least number of characters that are judged."""
_STRANGE = 0.3
"""Share of characters without code, or that Chinese official text does not have, from which a page is illegible."""
_FEW_HAN = 80
"""Least number of Han characters of which some are common ones."""
_COMMON = 0.04
"""Least share of the commonest characters among Han characters; official text has 9 percent and more."""
_SYMBOLS = 0.2
"""Share of ASCII symbols from which a page can be illegible …"""
_KINDS = 10
"""… if there are so many different ones: tables and addresses have few."""
_LEVEL_1 = 0xC6
"""Last first byte of the usual characters in Big5."""


def is_legible(signs: Iterable[str], unmapped: int = 0) -> bool:
    """Return whether the characters of a page can be its text.

    Args:
        signs: the characters that have codes, without white space.
        unmapped: number of characters without a code.
    """
    signs = list(signs)
    total = len(signs) + unmapped
    if total < _FEW:
        return True
    if unmapped + sum(not _is_usual(sign) for sign in signs) >= _STRANGE * total:
        return False
    symbols = [sign for sign in signs if sign.isascii() and not sign.isalnum()]
    if len(symbols) >= _SYMBOLS * total and len(set(symbols)) >= _KINDS:
        return False
    han = [sign for sign in signs if "\u3400" <= sign <= "\u9fff"]
    common = set(load_settings()["text"]["common"])
    return len(han) < _FEW_HAN or sum(sign in common for sign in han) >= _COMMON * len(han)


@cache
def _is_usual(sign: str) -> bool:
    """Return whether Chinese official text has a character, simplified or traditional."""
    if sign.isascii():
        return sign.isprintable()
    if "\u3400" <= sign <= "\u9fff":
        return bool(_encode(sign, "gb2312")) or b"" < _encode(sign, "big5")[:1] <= bytes([_LEVEL_1])
    if "\u2000" <= sign <= "\u33ff" or "\ufe10" <= sign <= "\uffef":
        return True
    return sign in "·×÷±°§" or unicodedata.category(sign) in ("Zs", "No")


def _encode(sign: str, encoding: str) -> bytes:
    """Return a character in an encoding; empty if that does not have it."""
    return sign.encode(encoding, "ignore")
