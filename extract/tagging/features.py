"""The features of a word: what the sequence model sees of a word and of the words around it.

Training and use read the same templates, so that a weight means the same in both. A feature is a pair of a template
(``w-1``: the text of the word before) and a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, count
from operator import itemgetter

from extract.mentions.words import BREAK, PageWords
from extract.model import Kind, Mention
from extract.text.segment import Word
from ontology.lexicons import Lexicon

LONGEST = 150
"""Words of a sequence at most; a longer sentence is cut, so that the cost of a page grows linearly with its length."""
WINDOW = 2
"""Words on each side whose text counts."""
TAG_WINDOW = 3
"""Words on each side whose part of speech counts."""
REACHES: Mapping[str, int] = {"t": TAG_WINDOW, "w": WINDOW, "s": WINDOW, "h": WINDOW, "p": 0, "e": 0, "l": 0}
"""Families of templates that see one token, in their order: words on each side of the judged one that they reach.

They are its part of speech, its text, its last character, the class of its head; of the judged word itself also its
first character, its last two characters and its length.
"""
OUTSIDE = "<>"
"""Stands for the words before the first and after the last word of a sequence."""
BIAS = ("b", "-")
"""The feature that every word has."""
SPACE = "sp"
"""Part of speech of white space: its text says nothing."""
_ENDS = frozenset("。；") | {BREAK}
_OPEN, _CLOSE = "“", "”"
_QUOTE_ENDS = frozenset({_OPEN, _CLOSE, BREAK})
_get_text = itemgetter(2)


@dataclass(frozen=True, slots=True)
class Token:
    """A word as the templates see it."""

    text: str
    tag: str
    head: str
    """Class of the head that it is (``heads.tsv``), else empty."""


EDGE = Token(OUTSIDE, OUTSIDE, "")


@cache
def read_heads(lex: Lexicon) -> Mapping[str, str]:
    """Return the class of each head of ``heads.tsv``."""
    return {word: kind for word, kind, *_ in lex.read_table("heads")}


def find_places(words: Sequence[Word], texts: frozenset[str]) -> Iterator[int]:
    """Yield the numbers of the words with one of some texts, without a step of Python for each word."""
    return compress(count(), map(texts.__contains__, map(_get_text, words)))


def split_sequences(words: Sequence[Word]) -> Iterator[range]:
    """Yield the sequences of a page, as ranges of word numbers: stretches between full stops, semicolons and breaks."""
    begin = 0
    ends = find_places(words, _ENDS)
    for end in [*ends, len(words)]:
        while end - begin > LONGEST:
            yield range(begin, begin + LONGEST)
            begin += LONGEST
        if begin < end:
            yield range(begin, end)
        begin = end + 1


def read_tokens(words: Iterable[Word], heads: Mapping[str, str]) -> list[Token]:
    """Return the words as tokens; equal words are one object."""
    made: dict[tuple[str, str], Token] = {}
    out = []
    for word in words:
        key = (word.text, word.tag)
        token = made.get(key)
        if token is None:
            token = made[key] = Token(word.text, word.tag, heads.get(word.text, ""))
        out.append(token)
    return out


def mark_mentions(page: PageWords, mentions: Iterable[Mention]) -> dict[int, frozenset[str]]:
    """Return for each word the mentions of rules that it belongs to: position in the mention, rule, kind."""
    marks: dict[int, frozenset[str]] = {}
    made: dict[tuple[str, Kind], tuple[frozenset[str], ...]] = {}
    for mention in mentions:
        key = (mention.rule, mention.kind)
        own = made.get(key)
        if own is None:
            tail = f"-{mention.rule.split('.')[0]}-{mention.kind.value}"
            own = made[key] = tuple(frozenset({position + tail}) for position in "BIL")
        begin, inside, end = own
        first, last = find_words(page, mention)
        mark = begin
        for i in range(first, last):
            if i > first:
                mark = inside if i < last - 1 else end
            known = marks.get(i)
            marks[i] = mark if known is None else known | mark
    return marks


def find_words(page: PageWords, mention: Mention) -> tuple[int, int]:
    """Return the number of the first word of a mention, and of the first word after it."""
    return page.number_words(mention.span)


def find_quotes(words: Sequence[Word]) -> Iterator[range]:
    """Yield the words that stand in quotes, the quotes included, as ranges of word numbers; a break ends a quote."""
    begin: int | None = None
    for i in find_places(words, _QUOTE_ENDS):
        text = words[i][2]
        if begin is not None:
            yield range(begin, i + 1 if text == _CLOSE else i)
        begin = i if text == _OPEN else None
    if begin is not None:
        yield range(begin, len(words))


def find_quoted(words: Sequence[Word]) -> list[bool]:
    """Return for each word whether it stands in quotes."""
    out = [False] * len(words)
    for quote in find_quotes(words):
        out[quote.start : quote.stop] = [True] * len(quote)
    return out


def get_views(token: Token) -> tuple[str | None, ...]:
    """Return what each family of ``REACHES`` sees of a token; None if it sees nothing."""
    if token is EDGE:
        return None, token.text, None, None, None, None, None
    text, tag = token.text, token.tag
    if tag == SPACE:
        return tag, None, None, None, None, None, None
    return tag, text, text[-1], token.head or None, text[0], text[-2:], str(min(len(text), 4))


def name_template(family: str, offset: int) -> str:
    """Return the template of a family for a token *offset* words after the one that is judged."""
    return f"{family}{offset}" if REACHES[family] else family


def list_token_features(token: Token, offset: int) -> Iterator[tuple[str, str]]:
    """Yield template and value of a token that stands *offset* words after the one that is judged."""
    for family, value in zip(REACHES, get_views(token), strict=True):
        if value is not None and abs(offset) <= REACHES[family]:
            yield name_template(family, offset), value


def list_features(
    tokens: Sequence[Token], quoted: Sequence[bool], marks: Mapping[int, frozenset[str]], sequence: range
) -> list[list[tuple[str, str]]]:
    """Return the features of all words of a sequence, as training needs them."""
    out = []
    for i in sequence:
        found = [BIAS, ("q", str(int(quoted[i])))]
        for offset in range(-TAG_WINDOW, TAG_WINDOW + 1):
            token = tokens[i + offset] if i + offset in sequence else EDGE
            found += list_token_features(token, offset)
        for template, k in (("tt", i), ("pt", i - 1)):
            if k in sequence and k + 1 in sequence:
                found.append((template, f"{tokens[k].tag} {tokens[k + 1].tag}"))
        found += [("m", mark) for mark in sorted(marks.get(i, ()))]
        out.append(found)
    return out


KIND_CODES: Mapping[Kind, str] = {
    Kind.GROUP: "class",
    Kind.TIER: "class",
    Kind.PROGRAM: "scheme",
    Kind.PLATFORM: "scheme",
    Kind.AGENCY: "body",
    Kind.ORGANIZATION: "body",
    Kind.INSTRUMENT: "document",
    Kind.REPORT: "document",
    Kind.ENTERPRISE: "firm",
    Kind.PLACE: "place",
    Kind.PERSON: "person",
}
"""The kinds of names that the model tells apart. Which class of a kind a name is, its words and rules say."""
