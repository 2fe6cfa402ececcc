"""Text → words with a part of speech: the most probable split by word frequencies (unigram model, Viterbi).

The words come from ``words.tsv`` (general Chinese) and ``terms.tsv`` (words of official documents); a user's lexicon
may add to both. A character that no word covers is a word of its own, with the tag ``x``.
"""

from __future__ import annotations

import math
import re
from functools import cache
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
        self._characters = {word: (costs[word], tag) for word, (_, tag) in known.items() if len(word) == 1}
        words = sorted(word for word in known if len(word) > 1)
        self._costs = [costs[word] for word in words]
        self._tags = [known[word][1] for word in words]
        self._automaton = AhoCorasick(words, matchkind=MatchKind.Standard)

    def segment(self, text: str) -> list[Word]:
        """Return the words of *text*, in order, without gaps."""
        single, unknown = self._characters.get, (-_UNKNOWN, "x")
        costs, names = self._costs, self._tags
        best, back, tags = [0.0], [0], ["x"]
        last = 0
        for word, begin, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            while last < end:  # every character may stand alone
                cost, tag = single(text[last], unknown)
                best.append(best[last] + cost)
                back.append(last)
                tags.append(tag)
                last += 1
            score = best[begin] + costs[word]
            if score > best[end]:
                best[end], back[end], tags[end] = score, begin, names[word]
        for position in range(last, len(text)):
            back.append(position)
            tags.append(single(text[position], unknown)[1])
        return _join(text, back, tags)


def _join(text: str, back: list[int], tags: list[str]) -> list[Word]:
    """Return the words of the best path; numbers, Latin words and white space are put together, signs get a tag."""
    bounds = []
    at = len(text)
    while at:
        bounds.append((back[at], at))
        at = back[at]
    bounds.reverse()
    make = tuple.__new__  # half the time of the named tuple's own constructor
    out: list[Word] = []
    skip = 0
    for begin, end in bounds:
        if begin < skip:
            continue
        tag, words = tags[end], text[begin:end]
        if tag == "x" and not "\u3400" <= words <= "\u9fff":
            found = _OTHER.match(text, begin)
            if found is None:
                tag = "w"
            else:
                end, words = found.end(), found.group()
                skip = end
                tag = "m" if words[0].isdigit() else "eng" if words[0].isalpha() else "sp"
        out.append(make(Word, (begin, end, words, tag)))
    return out


@cache
def segmenter(lex: Lexicon) -> Segmenter:
    """Return the segmenter of *lex*, built once."""
    return Segmenter(lex)
