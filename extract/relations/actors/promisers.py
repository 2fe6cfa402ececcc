"""Who promises something in a letter: 市卫健委计划10月底前印发办法，我局予以配合 is a promise of the 市卫健委.

The subject of a promise is an agency, or several beside each other, at the begin of a clause and before a word of
promising, or behind 由 and before a word of being in charge. 该局 is the agency named last. 我局 is who writes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from extract.linking.link import LinkedMentions
from extract.model import Kind, Span
from ontology.lexicons import Lexicon

_SENTENCE = re.compile(r"[^。；;！!\n]+")


class Promisers(NamedTuple):
    """Who promises what stands in a stretch of text."""

    others: tuple[str, ...]
    """Agencies that do not write the letter."""
    writer: bool
    """Whether who writes promises it, too."""
    span: Span


@cache
def _compile(lex: Lexicon) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in lex.read_config("relations")["promisers"].items()}


class PromiserReader:
    """Finds who promises in the letters of a page.

    Args:
        text: the page.
        linked: the entities and where they are mentioned.
        kept: ids of the entities that are kept.
        lex: the lexicon (``[promisers]`` in ``relations.toml``).
    """

    def __init__(self, text: str, linked: LinkedMentions, kept: Collection[str], lex: Lexicon) -> None:
        self._text, self._linked, self._patterns = text, linked, _compile(lex)
        self._agencies = {e.id for e in linked.entities if e.kind is Kind.AGENCY and e.id in kept}

    def read(self, area: Span, writer: str) -> Promisers | None:
        """Return who promises what stands in *area*; None if nothing names anybody but who writes.

        Args:
            area: a part of a letter, or one of its sentences.
            writer: the agency that writes the letter.
        """
        others: dict[str, Span] = {}
        by_writer = False
        last: tuple[str, ...] | None = None
        for m in _SENTENCE.finditer(self._text, area.begin, area.end):
            sentence = Span(*m.span())
            found = self._read_sentence(sentence, writer)
            if found is None:
                if self._patterns["promises"].search(self._text, *sentence):
                    by_writer = by_writer or last is None  # goes on about the same agencies
                continue
            last = found.others
            by_writer = by_writer or found.writer
            others |= {one: found.span for one in found.others if one not in others}
        return Promisers(tuple(others), by_writer, next(iter(others.values()))) if others else None

    def read_sentence(self, position: int, writer: str) -> Promisers | None:
        """Return who promises in the sentence around a position; None if it names nobody."""
        begin = max(self._text.rfind(sign, 0, position) for sign in "。；;！!\n") + 1
        m = _SENTENCE.search(self._text, begin)
        return self._read_sentence(Span(*m.span()), writer) if m is not None else None

    def _read_sentence(self, sentence: Span, writer: str) -> Promisers | None:
        """Return the subject of the first promise of a sentence; None if it has none."""
        own = self._patterns["writer"].search(sentence.of(self._text))
        named = next(self._find_subjects(sentence), None)
        if named is not None and (own is None or named[1] or named[2].begin <= sentence.begin + own.start("who")):
            agencies, joins, span = named
            others = tuple(one for one in dict.fromkeys(agencies) if one != writer)
            return Promisers(others, joins or writer in agencies, span)
        return Promisers((), True, sentence) if own is not None else None

    def _find_subjects(self, sentence: Span) -> Iterator[tuple[list[str], bool, Span]]:
        """Yield agencies that are the subject of a promise, and whether who writes is named among them."""
        text, patterns = self._text, self._patterns
        named = [(s, e) for s, e in self._linked.find_in(sentence) if e in self._agencies and s.end <= sentence.end]
        outer = [
            (s, e) for s, e in named if not any(o != s and o.begin <= s.begin and s.end <= o.end for o, _ in named)
        ]
        for i, (span, agency) in enumerate(outer):
            agencies, begin, end = [str(agency)], span.begin, span.end
            for other, ident in outer[i + 1 :]:
                if not patterns["joint"].fullmatch(text, end, other.begin):
                    break
                agencies.append(str(ident))
                end = other.end
            beside = patterns["and_writer"].match(text, end, sentence.end)
            stop = beside.end() if beside is not None else end
            left = text[sentence.begin : begin]
            before, by = patterns["before"].search(left), patterns["by"].search(left)
            acts = patterns["acts"].match(text, stop, sentence.end)
            leads = patterns["leads"].match(text, stop, sentence.end)
            joins = beside is not None or (before is not None and before["own"] is not None)
            if (before is not None and acts is not None) or (by is not None and leads is not None):
                yield agencies, joins, Span(begin, end)
            told = patterns["that_one"].search(text[end : sentence.end])
            if told is not None and not any(end <= o.begin < end + told.start() for o, _ in outer):
                yield agencies[-1:], False, Span(begin, end)
