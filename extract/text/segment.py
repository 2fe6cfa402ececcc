"""Text → words with a part of speech: the most probable split by word frequencies (unigram model, Viterbi).

The words come from ``words.tsv`` (general Chinese) and ``terms.tsv`` (words of official documents); ``word_tags.tsv``
corrects parts of speech of the former. A user's lexicon may add to all of them. A character that no word covers is a
word of its own, with the tag ``x``.
"""

from __future__ import annotations

import math
import re
from functools import cache
from itertools import repeat
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from extract.model import Span
from ontology.lexicons import Lexicon

_UNKNOWN = 14.0
"""Cost of a character that no word covers: more than that of the rarest word."""
_TERM_FREQUENCY = 2000.0
"""Frequency of a word of official documents, at least."""
_OTHER = re.compile(r"[A-Za-z][A-Za-z0-9+\-]*|\d+(?:[.,]\d+)*|[ \t\u3000\xa0]+|\n+")

_SIGNS = "，。、；：！？“”‘’（）《》〈〉【】〔〕「」『』—…·～,;:!?()[]<>/%&*+=-_.#@~|'\""
"""Frequent signs, which are words with the tag ``w``."""


class Word(NamedTuple):
    """A word of a text."""

    begin: int
    end: int
    text: str
    tag: str
    """Part of speech (ICTCLAS): ``n`` noun, ``vn`` noun of action, ``v`` verb, ``b`` attribute, ``p`` preposition …;
    ``m`` a number, ``eng`` Latin letters, ``sp`` white space, ``w`` any other sign, ``x`` an unknown character."""

    @property
    def span(self) -> Span:
        return Span(self.begin, self.end)


class Segmenter:
    """Splits texts into words. Build it once a lexicon: ``segmenter(lex)``."""

    def __init__(self, lex: Lexicon) -> None:
        known: dict[str, tuple[float, str]] = {}
        for word, frequency, tag, *_ in lex.read_table("words"):
            known[word] = (float(frequency), tag)
        for word, tag, *_ in lex.read_table("word_tags"):
            if word in known:
                known[word] = (known[word][0], tag)
        for word, tag, *told in lex.read_table("terms"):
            least = float("".join(told) or _TERM_FREQUENCY)
            known[word] = (max(known.get(word, (0.0, ""))[0], least), tag)
        total = sum(frequency for frequency, _ in known.values())
        costs = {word: math.log(frequency / total) for word, (frequency, _) in known.items()}
        # The automaton has no single characters: it would report nearly every character of a text.
        self._characters = dict.fromkeys(_SIGNS, "w") | {w: tag for w, (_, tag) in known.items() if len(w) == 1}
        self._words = sorted(word for word in known if len(word) > 1)
        self._tags = [known[word][1] for word in self._words]
        self._gains = [costs[word] - sum(costs.get(character, -_UNKNOWN) for character in word) for word in self._words]
        """How much more probable a word is than its characters one by one, as a logarithm."""
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.Standard)

    def segment(self, text: str) -> list[Word]:
        """Return the words of *text*, in order, without gaps."""
        words, tags, characters = self._words, self._tags, self._characters
        parts: list[tuple[int, int, str, str]] = []
        add = parts.append
        last = 0
        for number, begin, end in self._choose_words(text):
            while last < begin:
                word = text[last]
                tag = characters.get(word)
                if tag is None:
                    sign = _read_sign(text, last)
                    add(sign)
                    last = sign[1]
                else:
                    after = last + 1
                    add((last, after, word, tag))
                    last = after
            if last == begin < end:
                add((begin, end, words[number], tags[number]))
                last = end
            elif last < end:
                last = end
        return list(map(tuple.__new__, repeat(Word), parts))  # half the time of the named tuple's own constructor

    def _choose_words(self, text: str) -> list[tuple[int, int, int]]:
        """Return number, begin and end of the longer words on the best path, and an empty one where the text ends."""
        gains = self._gains
        best = [0.0] * (len(text) + 1)
        """For each position up to the last one seen, the gain of the best path to it."""
        seen = 0
        gain = 0.0
        joins: list[tuple[int, int, int]] = []
        for match in self._automaton.find_matches_as_indexes(text, overlapping=True):
            number, begin, end = match
            while seen < end:
                seen += 1
                best[seen] = gain
            joined = best[begin] + gains[number]
            if joined > gain:
                best[end] = gain = joined
                joins.append(match)
        at = len(text)
        chosen = [(0, at, at)]
        for join in reversed(joins):  # of several that end at one place, the last is the best
            if join[2] <= at:
                chosen.append(join)
                at = join[1]
        chosen.reverse()
        return chosen


def _read_sign(text: str, begin: int) -> tuple[int, int, str, str]:
    """Return what stands at *begin*, where no word is: numbers, Latin words and white space are put together."""
    character = text[begin]
    if "\u3400" <= character <= "\u9fff":
        return begin, begin + 1, character, "x"
    found = _OTHER.match(text, begin)
    if found is None:
        return begin, begin + 1, character, "w"
    return begin, found.end(), found[0], "m" if character.isdigit() else "eng" if character.isalpha() else "sp"


@cache
def segmenter(lex: Lexicon) -> Segmenter:
    """Return the segmenter of *lex*, built once."""
    return Segmenter(lex)
