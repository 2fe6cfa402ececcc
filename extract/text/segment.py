"""Text → words with a part of speech: the most probable split by word frequencies (unigram model, Viterbi).

The words come from ``words.tsv`` (general Chinese) and ``terms.tsv`` (words of official documents); a user's lexicon
may add to both. A character that no word covers is a word of its own, with the tag ``x``.
"""

from __future__ import annotations

import math
import re
from array import array
from functools import cache
from itertools import compress, repeat
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from extract.model import Span
from ontology.lexicons import Lexicon

_UNKNOWN = 14.0
"""Cost of a character that no word covers: more than that of the rarest word."""
_TERM_FREQUENCY = 2000.0
"""Frequency of a word of official documents, at least."""
_OTHER = re.compile(r"[A-Za-z][A-Za-z0-9+\-]*|\d+(?:[.,]\d+)*|[ \t\u3000\xa0]+|\n+")


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
        for word, tag, *_ in lex.read_table("terms"):
            known[word] = (max(known.get(word, (0.0, ""))[0], _TERM_FREQUENCY), tag)
        total = sum(frequency for frequency, _ in known.values())
        costs = {word: math.log(frequency / total) for word, (frequency, _) in known.items()}
        # single characters are looked up one by one: the automaton would report nearly every character of a text
        self._character_costs = {word: cost for word, cost in costs.items() if len(word) == 1}
        words = sorted(word for word in known if len(word) > 1)
        self._costs = array("d", (costs[word] for word in words))
        self._tags = {word: tag for word, (_, tag) in known.items()}
        self._automaton = AhoCorasick(words, matchkind=MatchKind.Standard)

    def segment(self, text: str) -> list[Word]:
        """Return the words of *text*, in order, without gaps."""
        ends = self._find_ends(text)
        begins = [0, *ends[:-1]]
        words = list(map(text.__getitem__, map(slice, begins, ends)))
        tags = list(map(self._tags.get, words, repeat("x")))
        _join_signs(text, begins, ends, words, tags)
        parts = compress(zip(begins, ends, words, tags, strict=False), tags)
        return list(map(tuple.__new__, repeat(Word), parts))  # half the time of the named tuple's own constructor

    def _find_ends(self, text: str) -> list[int]:
        """Return where the words of the best path end."""
        costs = self._costs
        single = list(map(self._character_costs.get, text, repeat(-_UNKNOWN)))
        back = list(range(-1, len(text)))  # every character may stand alone
        score, best = 0.0, [0.0]
        last = 0
        for word, begin, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if last < end:
                for cost in single[last:end]:
                    score += cost
                    best.append(score)
                last = end
            joined = best[begin] + costs[word]
            if joined > score:
                best[end] = score = joined
                back[end] = begin
        ends = []
        at = len(text)
        while at:
            ends.append(at)
            at = back[at]
        ends.reverse()
        return ends


def _join_signs(text: str, begins: list[int], ends: list[int], words: list[str], tags: list[str]) -> None:
    """Put numbers, Latin words and white space together, and tag other signs; what is joined to a word gets no tag."""
    skip = 0
    for i, tag in enumerate(tags):
        if tag != "x" or "\u3400" <= words[i] <= "\u9fff" or begins[i] < skip:
            continue
        found = _OTHER.match(text, begins[i])
        if found is None:
            tags[i] = "w"
            continue
        ends[i] = skip = found.end()
        words[i] = joined = found.group()
        tags[i] = "m" if joined[0].isdigit() else "eng" if joined[0].isalpha() else "sp"
        while i + 1 < len(tags) and begins[i + 1] < skip:
            i += 1
            tags[i] = ""


@cache
def segmenter(lex: Lexicon) -> Segmenter:
    """Return the segmenter of *lex*, built once."""
    return Segmenter(lex)
