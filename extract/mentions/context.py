"""A page as the mention finders see it: its text, its outline, and where lexicon entries occur in it.

Entries are searched in text without quotes and white space. So one entry finds 专精特新“小巨人”企业, 专精特新小巨人企业
and a name that is broken over two lines. One Aho-Corasick automaton finds the entries of all lexicons.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, cached_property, partial
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from extract.mentions.words import JoinedText, PageWords, join_lines, read_words
from extract.model import Kind, Letter, Outline, Sentence, Span, make_span
from extract.text.folding import search_fold_page
from extract.text.normalize import search_fold
from extract.text.rows import crosses_row, list_rows
from extract.text.search import SpanSet
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon
from ontology.tiers import load_tiers

_PARAGRAPH_END = re.compile(
    r"\n\s*[\n\u3000 ]|[。；：！？，,;:、]\s*\n|\n\s*(?:[一二三四五六七八九十]+、|[(（]|\d+[.、．])"
)
_LISTS = (
    ("agencies", "organs", "organ"),
    ("agencies", "centres", "organ"),
    ("organizations", "banks", "bank"),
    ("organizations", "international", "bank"),
    ("organizations", "parties", "party"),
    ("organizations", "suffixes", "body"),
    ("organizations", "company", "company"),
    ("groups", "names", "group"),
    ("programs", "endings", "program"),
    ("programs", "platform_endings", "platform"),
)
"""Lists of words in the lexicon: file, key, and the category of their hits."""


class LexiconHit(NamedTuple):
    """A lexicon entry found on a page."""

    span: Span
    key: str
    """The canonical form of the entry; several forms are joined by ``|``."""
    word: str
    """The entry itself, folded."""


_make_hit: Callable[[tuple[Span, str, str]], LexiconHit] = partial(tuple.__new__, LexiconHit)
"""Faster than the constructor: a page has a thousand hits."""


class LexiconAutomaton:
    """The entries of all lexicons in one automaton; ``get_automaton`` builds it once for each lexicon."""

    def __init__(self, lex: Lexicon) -> None:
        entries: dict[str, dict[str, str]] = {}
        for word, category, key in _list_entries(lex):
            folded = search_fold(word)
            if folded:
                entries.setdefault(folded, {}).setdefault(category, key)
        self._words = sorted(entries)
        self._categories = [tuple(entries[word].items()) for word in self._words]
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.Standard)

    def find_entries(self, text: str) -> dict[str, list[LexiconHit]]:
        """Return all entries in *text*, in order, by category, without those that cross the end of a paragraph."""
        hits: defaultdict[str, list[LexiconHit]] = defaultdict(list)
        words, categories = self._words, self._categories
        folded, offsets = search_fold_page(text)
        rows = list_rows(text)
        for number, begin, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            first, last = offsets[begin], offsets[end - 1] + 1
            if last - first > end - begin and _crosses_paragraph_end(text[first:last]):
                continue
            if rows and crosses_row(rows, first, last):
                continue
            span = make_span((first, last))
            for category, key in categories[number]:
                hits[category].append(_make_hit((span, key, words[number])))
        return hits


def _list_entries(lex: Lexicon) -> Iterator[tuple[str, str, str]]:
    """Yield word, category and key of all entries; the first key of a word in a category counts."""
    # A short form may stand for several organs: 城管执法 is 城市管理执法 in one city, 城市管理和综合执法 in another.
    full_forms: dict[str, list[str]] = {}
    for full, shorts, *_ in ((*row, "", "") for row in lex.read_table("agencies")):
        for word in (full, *shorts.split()):
            full_forms.setdefault(search_fold(word), []).append(full)
    for word, forms in full_forms.items():
        yield word, "core", "|".join(dict.fromkeys(forms))
    for name, others, *_ in ((*row, "", "") for row in lex.read_table("national_organs")):
        for word in (name, *others.split()):
            yield word, "national", name
    for full, short, level, *_ in (row + ("",) * 3 for row in lex.read_table("divisions")):
        if level:
            yield full, "division", full
            if len(short) >= 2 and level != "County":  # a county's short name counts only beside its full name
                yield short, "division", full
    for tier in load_tiers(lex.extra):
        for word in (tier.label, *tier.aliases):
            yield word, "tier", tier.label
    for word, key in lex.read_config("tiers").get("shorts", {}).items():
        yield word, "tier_short", key
    for file, key, category in _LISTS:
        for word in lex.read_config(file).get(key, ()):
            yield word, category, word


def _crosses_paragraph_end(words: str) -> bool:
    return "\n" in words and _PARAGRAPH_END.search(words) is not None


@cache
def get_automaton(lex: Lexicon) -> LexiconAutomaton:
    """Return the automaton of *lex*, built once."""
    return LexiconAutomaton(lex)


class MentionContext:
    """What each mention finder receives.

    Args:
        text: the page.
        outline: its letters, parts and sentences.
        lex: the lexicon.
    """

    def __init__(self, text: str, outline: Outline, lex: Lexicon) -> None:
        self.text = text
        self.outline = outline
        self.lex = lex
        self._hits: Mapping[str, list[LexiconHit]] = get_automaton(lex).find_entries(text)
        self._sentence_begins = [sentence.span.begin for sentence in outline.sentences]
        self._letters = [letter for letter in outline.letters if letter.body]
        areas = [letter.span for letter in outline.letters if letter.body is not None]
        areas += [field.span for letter in outline.letters for field in letter.fields]
        self._areas = SpanSet(text, areas or [Span(0, len(text))])

    @cached_property
    def words(self) -> PageWords:
        """The words of the page's sentences, read at the first use."""
        return read_words(self.text, self.outline.sentences, segmenter(self.lex))

    @cached_property
    def joined(self) -> JoinedText:
        """The text without the line breaks inside sentences, joined at the first use."""
        return join_lines(self.text, self.outline.sentences)

    def get_hits(self, category: str) -> list[LexiconHit]:
        """Return all hits of a category, in order; they may overlap."""
        return self._hits.get(category, [])

    def get_longest_hits(self, category: str) -> list[LexiconHit]:
        """Return the hits of a category that do not lie inside another one."""
        longest: list[LexiconHit] = []
        for hit in sorted(self.get_hits(category), key=lambda hit: (hit.span.begin, -hit.span.end)):
            if not longest or hit.span.end > longest[-1].span.end:
                longest.append(hit)
        return longest

    def is_in_letter(self, span: Span) -> bool:
        """Whether *span* begins in a letter or a field, not in page furniture. A page without letters is all letter."""
        return self._areas.contains(span.begin)

    def find_sentence(self, position: int) -> Sentence | None:
        """Return the sentence at *position*, None if there is none."""
        i = bisect_right(self._sentence_begins, position) - 1
        if i < 0:
            return None
        sentence = self.outline.sentences[i]
        return sentence if sentence.span.begin <= position < sentence.span.end else None

    def is_in_part(self, position: int, kinds: Collection[Kind]) -> bool:
        """Whether *position* is in the text of a part of one of some kinds."""
        sentence = self.find_sentence(position)
        ident = sentence.part if sentence else None
        return any(part.id == ident and part.kind in kinds for part in self.outline.parts) if ident else False

    def find_letter(self, position: int) -> Letter | None:
        """Return the letter at *position*, None if there is none."""
        for letter in self._letters:
            if letter.span.begin <= position < letter.span.end:
                return letter
        return None

    def get_words_before(self, position: int, length: int = 24) -> str:
        """Return up to *length* characters before *position*, on its line."""
        words = self.text[max(0, position - length) : position]
        return words[words.rfind("\n") + 1 :]

    def get_words_after(self, position: int, length: int = 24) -> str:
        """Return up to *length* characters from *position* on, on its line."""
        words = self.text[position : position + length]
        cut = words.find("\n")
        return words if cut < 0 else words[:cut]
