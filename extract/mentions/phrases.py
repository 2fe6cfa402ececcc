"""Noun phrases that can name a class, a program or a platform: found by their head, bounded by what a name cannot hold.

A Chinese noun phrase ends in its head. From a head of the lexicon (``heads.tsv``) the phrase goes left over modifiers
to the first border: a sign, a function word, a verb that governs it. Heads shared by several modifiers
(国家级、省级龙头企业) give one phrase each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
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
_VERBS = frozenset({"v", "vd", "vi", "ad"})
_CLASS_WORD = frozenset({"类", "级", "孩", "型", "星级", "档", "层次", "期"})
_LEVEL = re.compile(
    r"(?:国家|省|市|区|县|州|部|校|全国|省部|市州|区县|镇|村|乡|地市|设区市)级|[全本我](?:国|省|市|区|县|州|镇)|(?:国|省|市|区|县|境)[内外]"
)
_COMPANY = ("有限公司", "股份公司", "集团公司", "有限责任公司")
_WHOLE = ("全", "本", "我")
"""First characters of words such as 全市, which say where a class is counted and belong to no name."""
_OWN = frozenset("我本该贵")
_LONGEST_QUOTE = 16
_LONGEST = 40
"""Characters of a phrase; what is longer is no name."""
_LISTS = ("borders", "modifiers", "trims", "relational", "inner", "scheme_verbs", "generic")
"""Lists of words in ``phrases.toml``."""
_SEPARATORS = frozenset("、和或及与") | {"以及", "或者"}


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
class _Patterns:
    heads: dict[str, tuple[Kind, str]]
    borders: frozenset[str]
    modifiers: frozenset[str]
    trims: frozenset[str]
    relational: frozenset[str]
    inner: frozenset[str]
    scheme_verbs: frozenset[str]
    generic: frozenset[str]
    suffixes: dict[str, Kind]


@cache
def _patterns(lex: Lexicon) -> _Patterns:
    config = lex.read_config("phrases")
    words = {name: frozenset(config[name].split()) for name in _LISTS}
    return _Patterns(
        heads={word: (Kind(kind), use) for word, kind, use, *_ in lex.read_table("heads")},
        suffixes={word: Kind(kind) for kind, listed in config["suffixes"].items() for word in listed.split()},
        **words,
    )


def find_phrases(page: PageWords, lex: Lexicon) -> list[Phrase]:
    """Return the candidate names of a page, in order."""
    return list(_Finder(page, _patterns(lex)).run())


def find_sharing(page: PageWords, lex: Lexicon, first: int, last: int, kind: Kind) -> list[Phrase]:
    """Return the names that share the end of a name: 国家级*创业孵化基地* beside 省级创业孵化基地.

    Args:
        page: the words of the page.
        lex: the lexicon.
        first: number of the first word of the name.
        last: number of its last word.
        kind: its class.
    """
    return list(_Finder(page, _patterns(lex)).find_sharing(first, last, kind))


class _Finder:
    def __init__(self, page: PageWords, patterns: _Patterns) -> None:
        self.text, self.words, self.p = page.text, page.words, patterns

    def run(self) -> Iterator[Phrase]:
        heads, suffixes = self.p.heads, self.p.suffixes
        for i, word in enumerate(self.words):
            if word[2] not in heads and word[2][-1] not in suffixes:  # true of most words
                continue
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
            begin, end = self.words[first].begin, word.end
            name = self.text[begin:end]
            if not self._is_name(first, i, use, name) or (kind is not Kind.GROUP and self._is_generic(first, i)):
                continue
            yield Phrase(begin, end, kind, use, word.text, name, i - first)
            if first < i:
                yield from self._sharing(first, i, kind, use)
            elif first and self.words[first - 1].text in _SEPARATORS:
                yield from self._sharing_end(i, kind, use)
            elif first > 1 and self.words[first - 1].text == "等":
                yield from self._listed(first, i, kind, use)

    def find_sharing(self, first: int, last: int, kind: Kind) -> Iterator[Phrase]:
        """Yield the phrases that share the end of the name between two words."""
        if first < last:
            yield from self._sharing(first, last, kind, "name")

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
        if before is not None and self._is_modifier(before) and word.tag in ("n", "x", "k", "ng", "g", "q"):
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

    def _is_modifier(self, word: Word) -> bool:
        return word.tag not in _NEVER and word.text not in self.p.borders

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
            elif self._is_modifier(word):
                if self._governs(k):
                    break
                k -= 1
            elif (word.text in _CLASS_WORD and k >= 1 and words[k - 1].tag in ("m", "eng", "x", "n", "b")) or (
                word.text == "以上"
                and k >= 2
                and words[k - 1].text in ("及", "或", "含")
                and words[k - 2].text in _CLASS_WORD
            ):
                k -= 2
            else:
                break
        first = k + 1
        while first < i:
            word = words[first]
            trimmed = (
                word.tag in _VERBS
                or word.tag == "f"
                or word.text in self.p.trims
                or word.text in self.p.inner
                or (word.tag == "vn" and self._is_quoted(first + 1))
            )
            if word.text.startswith(_WHOLE) and _LEVEL.fullmatch(word.text):
                first += 1
                continue
            if (
                not trimmed
                or (word.text in self.p.modifiers and word.text not in self.p.inner and not self._is_quoted(first + 1))
                or _LEVEL.fullmatch(word.text)
            ):
                break
            first += 1
        return first

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
        if i - first == 1 and _LEVEL.fullmatch(self.words[first].text) and use != "name":
            return False
        return name.count("“") == name.count("”") and name.strip("“”‘’") != ""

    def _is_generic(self, first: int, i: int) -> bool:
        return all(word.text in self.p.generic or word.tag in ("m", "q") for word in self.words[first:i])

    def _sharing(self, first: int, i: int, kind: Kind, use: str) -> Iterator[Phrase]:
        """Yield the phrases left of *first* that share the head of word *i*: 国家级、省级龙头企业."""
        words, k = self.words, first - 1
        while k > 0 and words[k].text in _SEPARATORS:
            last = k - 1
            begin = last
            while begin >= 0 and (self._is_modifier(words[begin]) or self._is_numbered(begin)):
                begin -= 1
            begin += 1
            while begin < last and words[begin].tag in _VERBS and words[begin].text not in self.p.modifiers:
                begin += 1
            if begin > last or not self._shares(begin, last, first, i):
                return
            rest = self._rest(last, first, i)
            name = self.text[words[begin].begin : words[last].end] + self.text[words[rest].begin : words[i].end]
            yield Phrase(
                words[begin].begin, words[i].end, kind, use, words[i].text, name, last - begin + 1 + i - rest, True
            )
            k = begin - 1

    def _sharing_end(self, i: int, kind: Kind, use: str) -> Iterator[Phrase]:
        """Yield the phrase that shares the end of a compound word: 现役 with 军人 in 现役或退役军人."""
        word, before = self.words[i], self.words[i - 2] if i > 1 else None
        if before is None or before.tag not in ("b", "a", "an", "v", "vn") or before.text in self.p.borders:
            return
        ends = (word.text[k:] for k in range(1, len(word.text)))
        head = next((end for end in ends if end in self.p.heads), None)  # the longest one
        if head is not None:
            yield Phrase(before.begin, word.end, kind, use, head, before.text + head, 1, True)

    def _listed(self, first: int, i: int, kind: Kind, use: str) -> Iterator[Phrase]:
        """Yield the phrases of a list before 等 that share the head after it: 失能、高龄等老年人."""
        words, k = self.words, first - 2
        head = words[i].text
        found: list[Phrase] = []
        while k >= 0:
            last = k
            while k >= 0 and (self._is_modifier(words[k]) or self._is_numbered(k)):
                k -= 1
            begin = k + 1
            while begin < last and words[begin].tag in _VERBS and words[begin].text not in self.p.modifiers:
                begin += 1
            if begin > last or words[last].end - words[begin].begin > 12:
                break
            name = self.text[words[begin].begin : words[last].end] + head
            found.append(Phrase(words[begin].begin, words[i].end, kind, use, head, name, last - begin + 2, True))
            if k < 0 or words[k].text not in _SEPARATORS:
                break
            k -= 1
        if len(found) > 1 and self._lacks_head(found[-1], words):
            yield from found

    def _lacks_head(self, phrase: Phrase, words: Sequence[Word]) -> bool:
        """Whether the first item of a list only qualifies: 失能 in 失能、高龄等老年人."""
        stem = phrase.name.removesuffix(phrase.head)
        return (
            stem not in self.p.heads
            and not any(stem.endswith(h) for h in self.p.heads if len(h) > 1)
            and any(w.begin == phrase.begin and w.tag in ("b", "a", "an", "v", "vn") for w in words)
        )

    def _is_numbered(self, k: int) -> bool:
        word = self.words[k]
        return word.text in _CLASS_WORD or (
            word.tag in ("m", "eng") and k + 1 < len(self.words) and self.words[k + 1].text in _CLASS_WORD
        )

    def _shares(self, begin: int, last: int, first: int, i: int) -> bool:
        """Whether the words before a separator lack a head of their own."""
        word = self.words[last]
        if word.text in self.p.heads or word.end - self.words[begin].begin > 10:
            return False
        if _LEVEL.fullmatch(word.text) or word.text in _CLASS_WORD or word.tag in ("b", "a", "an"):
            return True
        after = self.words[first]
        if word.tag in ("v", "vn", "vd"):
            return after.tag in ("v", "vn", "b")
        if word.tag in ("n", "j", "nz", "s", "f", "l", "ns"):
            return any(w.text[-1] == word.text[-1] for w in self.words[first:i])
        return False

    def _rest(self, last: int, first: int, i: int) -> int:
        """Index of the word with which the shared part begins."""
        word = self.words[last]
        for k in range(first, i):
            if self.words[k].text[-1] == word.text[-1] or (
                _LEVEL.fullmatch(self.words[k].text) and _LEVEL.fullmatch(word.text)
            ):
                return k + 1
        for k in range(first, i):
            if self.words[k].tag == word.tag:
                return k + 1
        return first + 1
