"""Other borders for the names of a page: parts of lists, names without the words of the clause around them.

Where the sequence model or a rule is unsure, it takes words of the clause for words of the name, or a list for one
name. The other readings become candidates too, each by its own rule, and the decision on candidates chooses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import compress, count

from extract.mentions.classes.expansion import SEPARATORS
from extract.text.segment import Word

_OPEN, _CLOSE = "“", "”"
_OPENING, _CLOSING = frozenset("“《（("), frozenset("”》）)")
_BREAKS = SEPARATORS | {"等", "，"}
_OF = "的"
_LONGEST_QUOTE = 16
"""Words between two quotation marks that can be a name."""
_CLAUSE_TAGS = frozenset({"v", "p", "d", "m", "q", "r"})
"""Parts of speech of words of the clause that may stand before a name."""
_MARKS = frozenset("“”《》；，\n")
"""No name in quotes has one of these inside."""


def split_names(words: Sequence[Word], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield first word and end of the names of a list; separators in quotes and brackets divide nothing.

    “甲通”“乙码” are two names, and 等 ends a list: 残疾人 in 残疾人等困难群体.
    """
    depth, begin = 0, first
    for i in range(first, last):
        text = words[i][2]
        follows = text == _OPEN and i > first and words[i - 1][2] == _CLOSE
        if depth == 0 and (text in _BREAKS or follows):
            if begin < i:
                yield begin, i
            begin = i if follows else i + 1
        depth += (text in _OPENING) - (text in _CLOSING)
    if begin < last:
        yield begin, last


def cut_name(words: Sequence[Word], first: int, last: int, heads: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield the shorter readings of a name: up to its last head or quote, from its last quote, after its last 的."""
    end = last
    while end > first and (text := words[end - 1][2]) not in heads and text not in _CLOSING:
        end -= 1
    if first < end < last:
        yield first, end
    else:
        end = last
    quote = of = first
    for i in range(first, end):
        text = words[i][2]
        if text == _OPEN:
            quote = i
        elif text == _OF and i + 1 < end:
            of = i + 1
    for begin in {quote, of} - {first}:
        yield begin, end


def trim_name(words: Sequence[Word], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the readings of a name that begin after a verb, a number or a preposition: 农村医学生 in 培养农村医学生.

    They have two words at least: 人才 in 拔尖人才 is no other reading.
    """
    for i in range(first, last - 2):
        if words[i].tag in _CLAUSE_TAGS:
            yield i + 1, last


def find_quotes(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the quoted stretches of words that may be names, with their marks."""
    for i in compress(count(), map(_OPEN.__eq__, texts)):
        for k in range(i + 1, min(i + _LONGEST_QUOTE, len(texts))):
            text = texts[k]
            if text == _CLOSE:
                yield i, k + 1
            if text in _MARKS:
                break
