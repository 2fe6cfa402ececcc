"""The words that tell what kind of figure a number makes: the patterns of ``[kinds]`` in ``figures.toml``.

A number asks for some forty of them in its sentence. One search for all words that these patterns require tells which
of them cannot match there.
"""

from __future__ import annotations

import re
from collections.abc import Set
from copy import copy
from functools import lru_cache

from extract.text.literals import WordSearch, find_required_words
from extract.text.quantities import Quantity
from ontology.lexicons import Lexicon

_ELSEWHERE = ("_heading", "_title")
"""Names of patterns that are looked for outside of the sentence end so."""


class Cues:
    """The patterns of ``[kinds]`` in ``figures.toml``, compiled."""

    def __init__(self, lex: Lexicon) -> None:
        kinds = lex.read_config("figures")["kinds"]
        self.weak = frozenset(kinds["weak_units"])
        self.not_given = frozenset(kinds["not_given_units"])
        self.metered = frozenset(kinds["metered_units"])
        self.persons = frozenset(kinds["person_units"])
        self.process_units = frozenset(kinds["process_units"])
        self.at = {k: re.compile(v) for k, v in kinds.items() if isinstance(v, str)}
        self._required = {
            name: words
            for name, pattern in self.at.items()
            if not name.endswith(_ELSEWHERE) and (words := find_required_words(pattern))
        }
        self._search = WordSearch(word for words in self._required.values() for word in words)
        self._absent: Set[str] = frozenset()
        """Names of patterns that are known to match nowhere."""

    def has(self, name: str, text: str) -> bool:
        return name not in self._absent and self.at[name].search(text) is not None

    def has_joined(self, name: str, one: str, two: str) -> bool:
        """Whether two stretches, read as one, have it: what stands between them may have parted a word."""
        return self.at[name].search(one + two) is not None

    def tells_case(self, quantity: Quantity, left: str, right: str, tail: str) -> bool:
        """Whether a bounded number is one of several cases, each with its own amount.

        *两人及以上*共同申请的，最高80万元; *5年以下和5年以上*的利率分别为2%、3%.

        Args:
            quantity: the number.
            left: the words before it in its clause.
            right: those up to the next number.
            tail: those up to the end of the clause.
        """
        if quantity.unit in self.persons and self.has("together_right", right):
            return True
        listed = quantity.kind == "time" and (self.has("time_next", right) or self.has("time_before", left))
        return listed and self.has("in_turn", tail)

    def narrow(self, text: str) -> Cues:
        """Return cues for stretches of *text* alone: those of whose words it has none are not tried again."""
        words = self._search.find_words(text)
        narrowed = copy(self)
        narrowed._absent = {name for name, required in self._required.items() if required.isdisjoint(words)}
        return narrowed


@lru_cache(maxsize=8)
def cues(lex: Lexicon) -> Cues:
    return Cues(lex)


@lru_cache(maxsize=64)
def cues_in(text: str, lex: Lexicon) -> Cues:
    """Return the cues for stretches of a sentence, and for headings and titles."""
    return cues(lex).narrow(text)
