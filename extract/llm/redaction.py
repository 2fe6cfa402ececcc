"""Mask numbers of people before anything is sent. Masking keeps the length of a text, so that all positions stay."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from extract.model import Extraction
from ontology.lexicons import Lexicon

Redact = Callable[[str], str]
"""Returns a text in which what must not be sent is masked, character by character."""


def make_redactor(lex: Lexicon, *, redact: bool) -> Redact:
    """Return the function that masks what ``[redact]`` of ``llm_review.toml`` names, or one that changes nothing."""
    if not redact:
        return str
    rules = lex.read_config("llm_review")["redact"]
    patterns, mask = tuple(rules["patterns"]), str(rules["mask"])
    return lambda text: _mask(text, patterns, mask)


def make_sent_text(extraction: Extraction, lex: Lexicon, *, redact: bool) -> str:
    """Return the text of the source as it is sent."""
    return make_redactor(lex, redact=redact)(extraction.source.text)


def _mask(text: str, patterns: tuple[str, ...], mask: str) -> str:
    """Return *text* with what *patterns* match masked: their groups, or all of it if they have none."""
    folded = "".join(map(_fold, text))
    masked = list(text)
    for pattern in patterns:
        for found in _compile(pattern).finditer(folded):
            for group in range(1, len(found.groups()) + 1) if found.groups() else (0,):
                begin, end = found.span(group)
                for i in range(max(begin, 0), end):
                    masked[i] = masked[i] if masked[i].isspace() else mask
    return "".join(masked)


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _fold(character: str) -> str:
    """Return the half-width form of a character, if that is one character."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character
