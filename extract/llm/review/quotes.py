"""The places of a change in the text: its quotes, the items that they stand in, and the names in them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from extract.llm.review.rules import get_review_limit, read_rules
from extract.llm.review.sections import Section
from extract.model import Entity, Extraction, Part, Span
from extract.text.normalize import name_key
from ontology.lexicons import Lexicon

_CLAUSE_END = re.compile(r"[，,。；;！!？?：:]")
_SPACE = re.compile(r"[\s\u200b\ufeff]")


class RefusedChangeError(Exception):
    """A change that the text does not support. The reason is a key of ``REVIEW_REASONS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class QuotedText:
    """The lines of a section, as a model saw them.

    Args:
        extraction: the extraction of the rules.
        section: the section that was sent.
        lex: the lexicon of the extraction.
        text: the text as it was sent: of the same length as that of the source, possibly with masked characters.
    """

    def __init__(self, extraction: Extraction, section: Section, lex: Lexicon, text: str = "") -> None:
        self.source = extraction.source.text
        self.section = section
        self._text = text or self.source
        self._lex = lex
        self._parts = [part for part in extraction.outline.parts if part.letter == section.letter]
        self._by_id = {part.id: part for part in self._parts}
        self._sentences = [s for s in extraction.outline.sentences if s.letter == section.letter]

    # places

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        """The shown lines without white space, and the offset of each character. Gaps between lines are NULs."""
        characters: list[str] = []
        offsets: list[int] = []
        last = -1
        for line in self.section.shown:
            if last >= 0 and self.source[last : line.span.begin].strip():
                characters.append("\0")
                offsets.append(last)
            for i in range(*line.span):
                if not _SPACE.match(self._text[i]):
                    characters.append(self._text[i])
                    offsets.append(i)
            last = line.span.end
        return "".join(characters), offsets

    def find_all(self, words: str) -> list[Span]:
        """Return where *words* stand in the shown lines, character by character except for white space."""
        wanted = _SPACE.sub("", words)
        folded, offsets = self._folded
        found: list[Span] = []
        at = folded.find(wanted) if wanted and "\0" not in wanted else -1
        while at >= 0:
            found.append(Span(offsets[at], offsets[at + len(wanted) - 1] + 1))
            at = folded.find(wanted, at + 1)
        return found

    def find_readings(self, quotes: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return the places of one or two quotes that stand in one item.

        Raises:
            RefusedChangeError: a quote is not in the text, or no two places are in one item.
        """
        places = [self.find_all(quote) for quote in quotes]
        if not places or not all(places):
            raise RefusedChangeError("quote")
        if len(places) == 1:
            return [(place,) for place in places[0]]
        pairs = [(one, two) for one in places[0] for two in places[1] if self.are_in_one_item(one, two)]
        if not pairs:
            raise RefusedChangeError("item")
        return list(pairs)

    # items

    def find_item(self, span: Span) -> Part | None:
        """Return the innermost part, headings included, that contains *span*."""
        around = [part for part in self._parts if part.span.contains(span)]
        return min(around, key=lambda part: len(part.span), default=None)

    def list_item_spans(self, span: Span) -> list[Span]:
        """Return the words that state something about *span*: its item or paragraph, and the heads of the items above.

        The head of an item is what stands before its first item; that of a letter are its lines before the body.
        """
        item = self.find_item(span)
        spans = [self._find_head(item) if self._has_items(item) else self._divide(item.span, span)] if item else []
        if item is None or not spans[0].contains(span):
            spans = [self._find_paragraph(span)]
        while item is not None:
            item = self._by_id.get(item.parent) if item.parent else None
            if item is not None:
                spans.append(self._find_head(item))
        return spans

    def are_in_one_item(self, one: Span, two: Span) -> bool:
        """Return whether two places are in one item, or one is in the head of the item of the other."""
        return any(span.contains(two) for span in self.list_item_spans(one)) or any(
            span.contains(one) for span in self.list_item_spans(two)
        )

    def _has_items(self, part: Part | None) -> bool:
        return part is not None and any(other.parent == part.id for other in self._parts)

    def _find_head(self, part: Part) -> Span:
        inner = [other.span.begin for other in self._parts if other.parent == part.id]
        return Span(part.span.begin, max(min(inner, default=part.span.end), part.span.begin + 1))

    def _find_paragraph(self, span: Span) -> Span:
        begin = self.source.rfind("\n", 0, span.begin) + 1
        end = self.source.find("\n", span.end - 1)
        return self._divide(Span(begin, end if end >= 0 else len(self.source)), span)

    @cached_property
    def _longest(self) -> int:
        return get_review_limit("paragraph", self._lex)

    def _divide(self, paragraph: Span, span: Span) -> Span:
        """Return a paragraph or item; of a long one the words around *span*, from a number in it to the next one."""
        if len(paragraph) <= self._longest or not paragraph.contains(span):
            return paragraph
        item = re.compile(read_rules(self._lex)["own"]["item"])
        cuts = [m.start() for m in item.finditer(self.source, *paragraph)]
        begin = max((at for at in cuts if at <= span.begin), default=paragraph.begin)
        return Span(begin, min((at for at in cuts if at >= span.end), default=paragraph.end))

    # clauses

    def list_clauses(self, places: Iterable[Span]) -> list[str]:
        """Return the words of the clauses that contain one of *places*."""
        found: dict[Span, None] = {}
        for place in places:
            found[self.find_clause(place)] = None
        return [span.of(self.source) for span in found]

    def find_clause(self, place: Span) -> Span:
        """Return the clause around *place*, over lines that go on. Marks inside *place* do not end it."""
        sentence = self.find_sentence(place)
        marks = _CLAUSE_END.finditer(self.source, sentence.begin, place.begin)
        begin = max((m.end() for m in marks), default=sentence.begin)
        after = _CLAUSE_END.search(self.source, place.end, sentence.end)
        return Span(begin, after.start() if after else max(sentence.end, place.end))

    def find_sentence(self, place: Span) -> Span:
        """Return the sentence around *place*, or its paragraph."""
        around = [s.span for s in self._sentences if s.span.contains(place)]
        return around[0] if around else self._find_paragraph(place)

    # names

    def find_names(self, entity: Entity, spans: Sequence[Span]) -> Iterator[Span]:
        """Yield the places in *spans* where *entity* is named: its mentions, its label and its aliases."""
        for span in spans:
            yield from (mention for mention in entity.spans if span.contains(mention))
            words = span.of(self.source)
            for name in (entity.label, *entity.aliases):
                at = words.find(name)
                if at >= 0 and len(name_key(name)) > 1:
                    yield Span(span.begin + at, span.begin + at + len(name))


class LineIndex:
    """The number of the line at an offset of a text."""

    def __init__(self, text: str) -> None:
        self._begins = [0, *(m.end() for m in re.finditer("\n", text))]

    def find_number(self, offset: int) -> int:
        return bisect_right(self._begins, offset)
