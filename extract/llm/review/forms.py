"""The form of the items of an answer: which keys they have and what may stand there. Parser and schema share it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from extract.llm.review.rules import get_review_limit
from ontology.lexicons import Lexicon

_KEY = re.compile(r"[a-z]{1,2}\d{1,5}")
"""Form of the ids of facts (``e12``) and of the keys that an answer gives to new things (``n1``)."""
_MOST_IDS = 60
"""Largest number of ids in one item."""
_Item = TypeVar("_Item")


class ItemError(ValueError):
    """An item does not have the requested form."""


@dataclass(frozen=True, slots=True)
class Value:
    """What stands under a key of an item."""

    read: Callable[[Any, Lexicon], Any]
    """Returns the value, or raises ItemError."""
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class ItemForm(Generic[_Item]):
    """The form of the items of one list.

    An item is an object with these keys at most. With ``ITSELF`` as the only key, it is no object but that value.
    """

    make: Callable[..., Iterable[_Item]]
    """Returns what an item says, given the values in the order of the keys."""
    values: Mapping[str, Value]

    def read(self, item: Any, lex: Lexicon) -> list[_Item]:
        """Return what *item* says.

        Raises:
            ItemError: it does not have this form.
        """
        if ITSELF in self.values:
            item = {ITSELF: item}
        if not isinstance(item, dict) or set(item) - set(self.values):
            raise ItemError
        return list(self.make(*(value.read(item.get(name), lex) for name, value in self.values.items())))


ITSELF = ""
"""The key of a value that is the whole item."""


def _read_words(value: Any, lex: Lexicon) -> str:
    words = _read_optional_words(value, lex)
    if not words:
        raise ItemError
    return words


def _read_optional_words(value: Any, lex: Lexicon) -> str:
    value = "" if value is None else value
    if not isinstance(value, str):
        raise ItemError
    return value.strip()


def _read_id(value: Any, lex: Lexicon) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ItemError
    return value


def _read_ids(value: Any, lex: Lexicon) -> Sequence[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not 0 < len(values) <= _MOST_IDS:
        raise ItemError
    return [_read_id(entry, lex) for entry in values]


def _read_quote(value: Any, lex: Lexicon) -> str:
    quote = _read_words(value, lex)
    if len(quote) > get_review_limit("quote", lex):
        raise ItemError
    return quote


def _read_optional_quote(value: Any, lex: Lexicon) -> str:
    return _read_quote(value, lex) if _read_optional_words(value, lex) else ""


def _read_quotes(value: Any, lex: Lexicon) -> tuple[str, ...]:
    quotes = _read_optional_quotes(value, lex)
    if not quotes:
        raise ItemError
    return quotes


def _read_optional_quotes(value: Any, lex: Lexicon) -> tuple[str, ...]:
    values = value or []
    if not isinstance(values, list) or len(values) > get_review_limit("quotes", lex):
        raise ItemError
    return tuple(_read_quote(entry, lex) for entry in values)


def choose_from(names: Sequence[str]) -> Value:
    """Return the form of a word that must be one of *names*."""

    def read(value: Any, lex: Lexicon) -> str:
        if value not in names:
            raise ItemError
        return str(value)

    return Value(read)


WORDS, OPTIONAL_WORDS = Value(_read_words), Value(_read_optional_words)
ID, IDS = Value(_read_id), Value(_read_ids, is_list=True)
QUOTE, OPTIONAL_QUOTE = Value(_read_quote), Value(_read_optional_quote)
QUOTES, OPTIONAL_QUOTES = Value(_read_quotes, is_list=True), Value(_read_optional_quotes, is_list=True)
