"""Noun phrases that can name a class, a program or a platform: found by their head, bounded by what a name cannot hold.

A Chinese noun phrase ends in its head. From a head of the lexicon (``heads.tsv``) the phrase goes left over modifiers
to the first border: a sign, a function word, a verb that governs it. Names that share words of a phrase are found by
``extract.mentions.classes.expansion``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import compress, count
from typing import NamedTuple

from extract.mentions.words import PageWords
from extract.model import Kind
from extract.text.segment import Word
from ontology.lexicons import Lexicon

OPEN, CLOSE = "“‘「『", "”’」』"
_NEVER = frozenset(
    {"c", "u", "uj", "uz", "ul", "ud", "d", "r", "y", "e", "o", "t", "p", "q", "zg", "sp", "w", "k", "z", "m"}
)
"""Parts of speech that no modifier has."""
_GOES_ON = frozenset({"n", "vn", "nz", "nt", "ng", "an", "b", "j", "k", "x", "ns", "nr", "eng"})
"""Parts of speech of a word that makes the head before it a modifier: 企业职工."""
VERBS = frozenset({"v", "vd", "vi", "ad"})
CLASS_WORDS = frozenset({"类", "级", "孩", "型", "星级", "档", "层次", "期"})
LEVEL = re.compile(
    r"(?:国家|省|市|区|县|州|部|校|全国|省部|市州|区县|镇|村|乡|地市|设区市)级|[全本我](?:国|省|市|区|县|州|镇)|(?:国|省|市|区|县|境)[内外]"
)
_TORN = frozenset({"t", "zg", "ag", "vg", "dg"})
"""Parts of speech of characters that are seldom words of their own."""
_COMPANY = ("有限公司", "股份公司", "集团公司", "有限责任公司")
_WHOLE = ("全", "本", "我")
"""First characters of words such as 全市, which say where a class is counted and belong to no name."""
_OWN = frozenset("我本该贵")
_LONGEST_QUOTE = 16
_LONGEST = 40
"""Characters of a phrase; what is longer is no name."""
_LISTS = ("borders", "modifiers", "trims", "relational", "inner", "scheme_verbs", "generic")
"""Lists of words in ``phrases.toml``."""


class Phrase(NamedTuple):
    """A candidate name in the joined text of a page."""

    begin: int
    end: int
    kind: Kind
    use: str
    """Of the head, see ``heads.tsv``."""
    head: str
    name: str
    modifiers: int
    """Words before the head."""
    shared: bool = False
    """Whether the head is shared with a later phrase: the name is put together from two places."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words that make noun phrases, see ``heads.tsv`` and ``phrases.toml``."""

    heads: dict[str, tuple[Kind, str]]
    borders: frozenset[str]
    modifiers: frozenset[str]
    trims: frozenset[str]
    relational: frozenset[str]
    inner: frozenset[str]
    scheme_verbs: frozenset[str]
    generic: frozenset[str]
    suffixes: dict[str, Kind]
    series: tuple[tuple[str, ...], ...]
    fields: frozenset[str]
    """Words that stand beside each other before one head, the longer ones first: 硕士, 博士."""

    def is_modifier(self, word: Word) -> bool:
        """Whether a word may stand in a phrase before its head."""
        return word.tag not in _NEVER and word.text not in self.borders


@cache
def read_grammar(lex: Lexicon) -> Grammar:
    """Return what ``heads.tsv`` and ``phrases.toml`` say of noun phrases."""
    config = lex.read_config("phrases")
    words = {name: frozenset(config[name].split()) for name in _LISTS}
    return Grammar(
        heads={word: (Kind(kind), use) for word, kind, use, *_ in lex.read_table("heads")},
        suffixes={word: Kind(kind) for kind, listed in config["suffixes"].items() for word in listed.split()},
        fields=frozenset(config["fields"]),
        series=tuple(tuple(sorted(row.split(), key=len, reverse=True)) for row in config["series"]),
        **words,
    )


def find_phrases(page: PageWords, lex: Lexicon) -> list[Phrase]:
    """Return the candidate names of a page, in order."""
    return list(_Finder(page, read_grammar(lex)).run())


class _Finder:
    def __init__(self, page: PageWords, patterns: Grammar) -> None:
        self.text, self.words, self.texts, self.p = page.text, page.words, page.texts, patterns

    def run(self) -> Iterator[Phrase]:
        heads, suffixes = self.p.heads, self.p.suffixes
        # Most words can be no head, and most stand on the page several times.
        possible_texts = {text for text in set(self.texts) if text in heads or text[-1] in suffixes}
        for i in compress(count(), map(possible_texts.__contains__, self.texts)):
            word = self.words[i]
            known = self._head(i, word)
            if known is None or self._goes_on(i, known):
                continue
            kind, use = known
            first = self._left(i)
            if kind in (Kind.PROGRAM, Kind.PLATFORM):
                framed = self._framed(first, i)
                if framed is None and use == "framed" and "“" not in self.text[self.words[first].begin : word.end]:
                    continue
                first = first if framed is None else framed
            if first < i and self._is_torn(first):
                first -= 1
            begin, end = self.words[first].begin, word.end
            name = self.text[begin:end]
            if not self._is_name(first, i, use, name) or (kind is not Kind.GROUP and self._is_generic(first, i)):
                continue
            yield Phrase(begin, end, kind, use, word.text, name, i - first)

    def _head(self, i: int, word: Word) -> tuple[Kind, str] | None:
        known = self.p.heads.get(word.text)
        if known is not None:
            return known
        kind = self.p.suffixes.get(word.text[-1])
        if kind is None:
            return None
        if len(word.text) > 1:
            return (kind, "name" if len(word.text) > 2 else "modified") if word.tag in ("n", "nz", "x") else None
        before = self.words[i - 1] if i else None
        if before is not None and self.p.is_modifier(before) and word.tag in ("n", "x", "k", "ng", "g", "q"):
            return kind, "modified"
        return None

    def _goes_on(self, i: int, known: tuple[Kind, str]) -> bool:
        """Whether the next word makes this head a modifier."""
        after = self.words[i + 1] if i + 1 < len(self.words) else None
        if after is None or after.tag not in _GOES_ON or after.text in self.p.borders:
            return after is not None and after.text in ("化", "性", "家", "类", "级", "型", "们", "率", "量", "额")
        if known[0] is not Kind.GROUP:
            return after.tag not in ("vn", "n", "an")
        return not (after.tag in ("vn", "an") and (known[1] == "name" or self._ends_phrase(i + 2)))

    def _ends_phrase(self, k: int) -> bool:
        """Whether no noun stands at word *k*: 企业 is the object in 支持企业上市, a modifier in 企业上市辅导."""
        return k >= len(self.words) or self.words[k].tag not in _GOES_ON or self.words[k].text in self.p.borders

    def _left(self, i: int) -> int:
        """Index of the first word of the phrase whose head is word *i*."""
        words, k = self.words, i - 1
        while k >= 0 and words[i].end - words[k].begin <= _LONGEST:
            word = words[k]
            if word.tag == "w" and word.text in CLOSE:
                m = self._opening(k)
                if m is None:
                    break
                k = m - 1
            elif self.p.is_modifier(word):
                if self._governs(k):
                    break
                k -= 1
            elif (word.text in CLASS_WORDS and k >= 1 and words[k - 1].tag in ("m", "eng", "x", "n", "b")) or (
                word.text == "以上"
                and k >= 2
                and words[k - 1].text in ("及", "或", "含")
                and words[k - 2].text in CLASS_WORDS
            ):
                k -= 2
            else:
                break
        first = k + 1
        while first < i:
            word = words[first]
            trimmed = (
                word.tag in VERBS
                or word.tag == "f"
                or word.text in self.p.trims
                or word.text in self.p.inner
                or (word.tag == "vn" and self._is_quoted(first + 1))
            )
            if word.text.startswith(_WHOLE) and LEVEL.fullmatch(word.text):
                first += 1
                continue
            if (
                not trimmed
                or (word.text in self.p.modifiers and word.text not in self.p.inner and not self._is_quoted(first + 1))
                or LEVEL.fullmatch(word.text)
            ):
                break
            first += 1
        return first

    def _is_torn(self, first: int) -> bool:
        """Whether the segmenter tore a word before *first* into characters: 清+源+行动."""
        word, before = self.words[first], self.words[first - 1] if first else None
        return before is not None and len(word.text) == len(before.text) == 1 and before.tag in _TORN

    def _governs(self, k: int) -> bool:
        """Whether word *k* belongs to the clause around the phrase, not to the name.

        It ends a company's name, follows 我 or 本 (我局), or is a verb with a noun phrase as its subject: in
        专项资金*帮扶*高校毕业生 the phrase begins after the verb.
        """
        word, before = self.words[k], self.words[k - 1] if k else None
        if word.text.endswith(_COMPANY):
            return True
        if before is None:
            return False
        if len(word.text) == 1 and before.text in _OWN:
            return True
        return (
            word.tag == "v"
            and word.text not in self.p.modifiers
            and word.text not in self.p.inner
            and (before.text in self.p.heads or before.text in CLOSE)
        )

    def _framed(self, first: int, i: int) -> int | None:
        """Index of the first word of a scheme's name that follows a verb such as 实施; None if there is no such verb.

        The name is all that stands between verb and head, verbs included: 实施 *提升就业服务质量工程*.
        """
        k = first - 1
        while k >= 0 and self.words[i].end - self.words[k].begin <= _LONGEST:
            word = self.words[k]
            if word.text in self.p.scheme_verbs:
                return k + 1
            if word.tag in _NEVER or word.text in ("对", "为", "向", "由"):
                return None
            k -= 1
        return None

    def _is_quoted(self, k: int) -> bool:
        return k < len(self.words) and self.words[k].text in OPEN

    def _opening(self, k: int) -> int | None:
        m = k - 1
        while m >= 0 and self.words[k].end - self.words[m].begin <= _LONGEST_QUOTE:
            if self.words[m].tag == "w" and self.words[m].text in OPEN:
                return m
            m -= 1
        return None

    def _is_name(self, first: int, i: int, use: str, name: str) -> bool:
        if first == i:
            return use == "name" and len(name) > 1
        if use == "framed" and len(name) < 4:
            return False
        if i - first == 1 and self.words[first].text in self.p.relational:
            return False
        if i - first == 1 and LEVEL.fullmatch(self.words[first].text) and use != "name":
            return False
        return name.count("“") == name.count("”") and name.strip("“”‘’") != ""

    def _is_generic(self, first: int, i: int) -> bool:
        return all(word.text in self.p.generic or word.tag in ("m", "q") for word in self.words[first:i])
