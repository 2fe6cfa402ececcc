"""Words without which a pattern cannot match: a look for them tells soon that most patterns need not be tried.

``(?:对|向)[^，。]{0,9}?(?:给予|奖励)`` matches only where 给予 or 奖励 stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

Words = frozenset[str]
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


def find_required_words(pattern: re.Pattern[str]) -> Words:
    """Return words of which each match of *pattern* contains one; none if there are no such words."""
    if pattern.flags & re.IGNORECASE:
        return frozenset()
    words = _choose(_list_required(parser.parse(pattern.pattern, pattern.flags)))
    return frozenset(word for word in words if not any(other in word for other in words - {word}))


def _list_required(items: Iterable[tuple[Any, Any]]) -> Iterator[Words]:
    """Yield sets of words; a match of a sequence of parsed items contains one word of each set."""
    literal = ""
    for code, value in items:
        if code is codes.LITERAL:
            literal += chr(value)
            continue
        if literal:
            yield frozenset([literal])
            literal = ""
        if code is codes.SUBPATTERN:
            _, added_flags, _, inner = value
            yield from () if added_flags & re.IGNORECASE else _list_required(inner)
        elif code is codes.ATOMIC_GROUP:
            yield from _list_required(value)
        elif code in _REPEATS and value[0] > 0:
            yield from _list_required(value[2])
        elif code is codes.BRANCH:
            branches = [_choose(_list_required(branch)) for branch in value[1]]
            if all(branches):
                yield frozenset().union(*branches)
    if literal:
        yield frozenset([literal])


def _choose(found: Iterable[Words]) -> Words:
    """Return the set that is likely to be missed most often: that of the longest words, of these the smallest."""
    return max(found, key=lambda words: (min(map(len, words)), -len(words)), default=frozenset())


class WordSearch:
    """Finds words in texts, all at once.

    Args:
        words: the words to look for.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(frozenset(words))
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.Standard)

    def find_words(self, text: str) -> set[str]:
        """Return those of the words that stand in *text*."""
        words = self._words
        return {words[number] for number, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}
