"""How well a text holds a term: as it is, in another word for it, in short or long form, or in part."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_EXACT, _SAME, _SHORT = 1.0, 0.95, 0.85
"""Worth of a term itself, of another word for it, of a form of which it is short (北交所, 北京证券交易所)."""
_LEAST_SHARE = 0.7
"""A part of a term counts from this share of its signs."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or name of a question."""

    text: str
    """Its key."""
    forms: tuple[str, ...]
    """Keys of other words for it."""
    required: bool
    """Whether an answer has to hold it: names, numbers, and nouns that are rare."""
    is_place: bool = False
    is_name: bool = False
    is_topic: bool = False
    """Whether it is a name of what a document may be about (契税补贴): the opening of the document may have it."""
    is_agency: bool = False
    is_addressed: bool = False
    """Whether it names a person, agency or proposal, which a letter names in its opening only."""
    is_proposal: bool = False
    is_focus: bool = False
    """Whether it stands among the words that ask (贷 in 最多能贷多少): the sentence itself has to hold it."""
    parts: tuple[str, ...] = ()
    """The words of a compound that is no proper name: a text holds it if it holds all of them (契税, 补贴)."""
    weight: float = 1.0
    is_must: bool = False
    """Whether nothing makes up for it: names, places, numbers, years and contraries."""
    is_soft: bool = False
    """Whether it is a verb or a function word, which other words may say as well."""
    is_official: bool = False
    """Whether official documents use it, so that one that lacks it speaks of something else."""
    is_function: bool = False
    """Whether it is a function word or a word of time or place within something."""


def match_term(term: Term, text: str) -> float:
    """Return how well *text* holds *term*: 1 for the term itself, 0 for nothing of it."""
    if has_key(text, term.text):
        return _EXACT
    if any(has_key(text, form) for form in term.forms):
        return _SAME
    if term.text.isascii():
        return 0.0
    if len(term.parts) > 1 and all(part in text for part in term.parts):
        return _SHORT
    if len(term.text) > 2 and find_long_form(term.text, text):
        return _SHORT
    if len(term.text) > 2 and not term.is_name:
        share = _find_common(term.text, text) / len(term.text)
        return share * _SHORT if share >= _LEAST_SHARE else 0.0
    return 0.0


def has_key(text: str, key: str) -> bool:
    """Return whether *key* is in *text*; a number has to stand alone."""
    if key not in text:
        return False
    if key[:1].isdigit() or key[-1:].isdigit():
        return re.search(rf"(?<!\d){re.escape(key)}(?!\d)", text) is not None
    return True


def find_long_form(short: str, text: str) -> bool:
    """Return whether *text* has the signs of *short* in this order, in a stretch of two to three times its length."""
    reach = 2 * len(short) + 2
    at = text.find(short[0])
    while at >= 0:
        stretch = text[at : at + reach]
        place = 0
        for sign in short:
            place = stretch.find(sign, place) + 1
            if not place:
                break
        else:
            return True
        at = text.find(short[0], at + 1)
    return False


def _find_common(term: str, text: str) -> int:
    """Return the length of the longest part of *term* that is in *text*."""
    for size in range(len(term) - 1, 1, -1):
        if any(term[at : at + size] in text for at in range(len(term) - size + 1)):
            return size
    return 0


def match_any(term: Term, texts: Iterable[str]) -> float:
    """Return how well the best of *texts* holds *term*."""
    return max((match_term(term, text) for text in texts), default=0.0)
