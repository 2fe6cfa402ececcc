"""Classes of several trades that share the end of their names: 旅游、零售、仓储*行业纳税人*."""

from __future__ import annotations

from collections.abc import Iterator, Set

from extract.mentions.phrases import Grammar, Phrase
from extract.mentions.words import PageWords
from extract.model import Kind

_TAGS = frozenset({"n", "vn", "nz", "j", "b"})
"""Parts of speech of the words in the name of a trade."""
_MOST_WORDS = 3
"""Words of the name of a trade, at most."""
_REACH = 80
"""Characters before a class in which the list lies that shares its words."""


def expand_fields(
    phrase: Phrase, first: int, i: int, page: PageWords, grammar: Grammar, separators: Set[str]
) -> Iterator[Phrase]:
    """Yield the classes of the other trades in a list.

    Args:
        phrase: the last class of the list, as it stands: 仓储行业纳税人.
        first: the number of its first word.
        i: the number of its head.
        page: the words of the page.
        grammar: the words of noun phrases.
        separators: the words between members of a list.
    """
    words, text = page.words, page.text
    field = next((k for k in range(first + 1, i) if words[k].text in grammar.fields), None)
    if field is None or phrase.kind is not Kind.GROUP:
        return
    rest, k = text[words[field].begin : phrase.end], first - 1
    while k > 0 and words[k].text in separators and words[k].begin >= phrase.begin - _REACH:
        last = begin = k - 1
        while begin >= 0 and last - begin < _MOST_WORDS and _names_field(words[begin].text, words[begin].tag, grammar):
            begin -= 1
        begin += 1
        if begin > last or words[last].text in grammar.heads:
            return
        name = text[words[begin].begin : words[last].end] + rest
        yield phrase._replace(begin=words[begin].begin, name=name, modifiers=i - field + 1, shared=True)
        k = begin - 1


def _names_field(word: str, tag: str, grammar: Grammar) -> bool:
    """Whether a word may stand in the name of a trade."""
    return tag in _TAGS and word not in grammar.borders and word not in grammar.fields
