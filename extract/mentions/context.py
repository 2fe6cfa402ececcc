"""One page as the mention finders see it: its text, its folded text and where lexicon entries occur in it.

Folding leaves out quotes and white space, so that 专精特新“小巨人”企业, 专精特新小巨人企业 and a name broken over two
lines are found by one entry. All entries of all lexicons run on a single Aho-Corasick automaton.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from extract.model import Kind, Letter, Outline, Sentence, Span
from extract.text.normalize import search_fold, search_offsets
from extract.text.search import Cover
from ontology.lexicons import Lexicon
from ontology.tiers import tiers


class Hit(NamedTuple):
    """A lexicon entry found on a page."""

    span: Span
    key: str
    """The canonical form that the entry stands for."""
    word: str
    """The entry itself, folded."""


class Lexis:
    """All lexicon entries on one automaton. Build it once a lexicon: ``lexis(lex)``."""

    def __init__(self, lex: Lexicon) -> None:
        entries: dict[str, dict[str, str]] = {}
        cores: dict[str, list[str]] = {}
        """A short form may stand for several: 城管执法 is 城市管理执法 in one city, 城市管理和综合执法 in another."""

        def add(word: str, category: str, key: str) -> None:
            word = search_fold(word)
            if word:
                entries.setdefault(word, {}).setdefault(category, key)

        for full, shorts, *_ in ((*row, "", "") for row in lex.table("agencies")):
            for word in (full, *shorts.split()):
                cores.setdefault(search_fold(word), []).append(full)
        for word, fulls in cores.items():
            add(word, "core", "|".join(dict.fromkeys(fulls)))
        for name, others, *_ in ((*row, "", "") for row in lex.table("national_organs")):
            for word in (name, *others.split()):
                add(word, "national", name)
        for word in lex.config("agencies").get("organs", ()):
            add(word, "organ", word)
        for full, short, level, parent, *_ in (row + ("",) * 4 for row in lex.table("divisions")):
            if level:
                add(full, "division", full)
                if len(short) >= 2:
                    add(short, "division", full)
            del parent
        for tier in tiers(lex.extra):
            for word in (tier.label, *tier.aliases):
                add(word, "tier", tier.label)
        for word, key in lex.config("tiers").get("shorts", {}).items():
            add(word, "tier_short", key)
        organizations = lex.config("organizations")
        for word in organizations.get("banks", ()):
            add(word, "bank", word)
        for word in organizations.get("parties", ()):
            add(word, "party", word)
        for word in organizations.get("suffixes", ()):
            add(word, "body", word)
        for word in organizations.get("company", ()):
            add(word, "company", word)
        for word in lex.config("groups").get("names", ()):
            add(word, "group", word)
        programs = lex.config("programs")
        for word in programs.get("endings", ()):
            add(word, "program", word)
        for word in programs.get("platform_endings", ()):
            add(word, "platform", word)
        self._words = sorted(entries)
        self._categories = [tuple(entries[w].items()) for w in self._words]
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.Standard)

    def find(self, text: str) -> dict[str, list[Hit]]:
        """Every entry in *text*, by category, in order; none runs over the end of a paragraph."""
        out: defaultdict[str, list[Hit]] = defaultdict(list)
        words, categories, index = self._words, self._categories, search_offsets(text)
        for number, begin, end in self._automaton.find_matches_as_indexes(search_fold(text), overlapping=True):
            span = Span(index[begin], index[end - 1] + 1)
            if span.end - span.begin > end - begin and _broken(span.of(text)):
                continue
            for category, key in categories[number]:
                out[category].append(Hit(span, key, words[number]))
        return out


def _broken(words: str) -> bool:
    """Whether a stretch runs over the end of a paragraph."""
    return "\n" in words and _BREAK.search(words) is not None


@cache
def lexis(lex: Lexicon) -> Lexis:
    """The automaton of *lex*, built once."""
    return Lexis(lex)


_BREAK = re.compile(r"\n\s*[\n\u3000 ]|[。；：！？,，;:、]\s*\n|\n\s*(?:[一二三四五六七八九十]+、|[(（]|\d+[.、．])")


class Page:
    """What every finder is given."""

    def __init__(self, text: str, outline: Outline, lex: Lexicon) -> None:
        self.text = text
        self.outline = outline
        self.lex = lex
        self._hits: Mapping[str, list[Hit]] = lexis(lex).find(text)
        self._begins = [s.span.begin for s in outline.sentences]
        self._letters = [x for x in outline.letters if x.body]
        areas = [x.span for x in outline.letters if x.body is not None]
        areas += [f.span for x in outline.letters for f in x.fields]
        self._areas = Cover(text, areas or [Span(0, len(text))])

    def hits(self, category: str) -> list[Hit]:
        return self._hits.get(category, [])

    def longest(self, category: str) -> list[Hit]:
        """Hits of a category of which none lies in another."""
        out: list[Hit] = []
        for hit in sorted(self.hits(category), key=lambda h: (h.span.begin, -h.span.end)):
            if not out or hit.span.end > out[-1].span.end:
                out.append(hit)
        return out

    def inside(self, span: Span) -> bool:
        """Whether *span* begins in a letter (all of a page is one that has none): furniture lies outside of them."""
        return self._areas.holds(span.begin)

    def sentence(self, position: int) -> Sentence | None:
        from bisect import bisect_right

        i = bisect_right(self._begins, position) - 1
        if i < 0:
            return None
        found = self.outline.sentences[i]
        return found if found.span.begin <= position < found.span.end else None

    def promised(self, position: int) -> bool:
        """Whether a position stands in a commitment."""
        sentence = self.sentence(position)
        ident = sentence.part if sentence else None
        return any(p.id == ident and p.kind is Kind.COMMITMENT for p in self.outline.parts) if ident else False

    def letter_at(self, position: int) -> Letter | None:
        for letter in self._letters:
            if letter.span.begin <= position < letter.span.end:
                return letter
        return None

    def before(self, position: int, length: int = 24) -> str:
        """The words before a position, back to the line's begin at most."""
        words = self.text[max(0, position - length) : position]
        return words[words.rfind("\n") + 1 :]

    def after(self, position: int, length: int = 24) -> str:
        """The words after a position, to the line's end at most."""
        words = self.text[position : position + length]
        cut = words.find("\n")
        return words if cut < 0 else words[:cut]
