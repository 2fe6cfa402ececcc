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
        for word, frequency, tag, *_ in lex.table("words"):
            known[word] = (float(frequency), tag)
        for word, tag, *_ in lex.table("terms"):
            known[word] = (max(known.get(word, (0.0, ""))[0], 2000.0), tag)
        total = sum(frequency for frequency, _ in known.values())
        words = sorted(known)
        self._costs = [math.log(known[word][0] / total) for word in words]
        self._tags = [known[word][1] for word in words]
        self._automaton = AhoCorasick(words, matchkind=MatchKind.Standard)

    def segment(self, text: str) -> list[Word]:
        """Return the words of *text*, in order, without gaps."""
        best, back, tags = [0.0], [0], ["x"]
        costs, names = self._costs, self._tags
        last = 0
        for word, begin, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            while last < end:  # every character may stand alone
                best.append(best[last] - _UNKNOWN)
                back.append(last)
                tags.append("x")
                last += 1
            score = best[begin] + costs[word]
            if score > best[end]:
                best[end], back[end], tags[end] = score, begin, names[word]
        size = len(text)
        while last < size:
            back.append(last)
            tags.append("x")
            last += 1
        out: list[Word] = []
        at = size
        while at:
            begin = back[at]
            out.append(Word(begin, at, text[begin:at], tags[at]))
            at = begin
        out.reverse()
        return _join(text, out)


def _join(text: str, words: list[Word]) -> list[Word]:
    """Put numbers, Latin words and white space together; give signs their tag."""
    out: list[Word] = []
    skip = 0
    for word in words:
        if word.begin < skip:
            continue
        if word.tag == "x" and not "\u3400" <= word.text <= "\u9fff":
            found = _OTHER.match(text, word.begin)
            if found is None:
                out.append(Word(word.begin, word.end, word.text, "w"))
                continue
            skip = found.end()
            first = word.text
            tag = "m" if first.isdigit() else "eng" if first.isalpha() else "sp"
            out.append(Word(word.begin, skip, found.group(), tag))
        else:
            out.append(word)
    return out


@cache
def segmenter(lex: Lexicon) -> Segmenter:
    """Return the segmenter of *lex*, built once."""
    return Segmenter(lex)
