"""Split a page into the sections that a model reviews: a letter, or a run of whole items of a long letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extract.llm.review.rules import get_review_limit
from extract.model import Extraction, Letter, Span
from ontology.lexicons import Lexicon

_LONG_LINE = 2000
"""Characters of a line that is divided where parts begin: some pages have a whole letter on one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page that is not blank, or a piece of a very long one."""

    number: int
    """Counted from 1 over the whole page, with blank lines."""
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """What one request reviews: lines of one letter, with the words of the letter that they need to be understood."""

    letter: str
    """Id of the letter."""
    lines: tuple[Line, ...]
    """The lines to review."""
    head: tuple[Line, ...] = ()
    """Lines of the letter before the first section."""
    tail: tuple[Line, ...] = ()
    """Lines of the letter behind the last section."""
    path: tuple[Line, ...] = ()
    """Headings above the section that are not in it, the outermost first."""
    halvings: int = 0
    """How often a larger section was halved to get it."""

    @property
    def span(self) -> Span:
        return Span(self.lines[0].span.begin, self.lines[-1].span.end)

    @property
    def shown(self) -> tuple[Line, ...]:
        """All lines that are sent, in the order of the page."""
        return tuple(sorted({*self.head, *self.path, *self.lines, *self.tail}, key=lambda line: line.span))


def make_sections(extraction: Extraction, lex: Lexicon) -> tuple[Section, ...]:
    """Return the sections of all letters that have a body, in order and without overlaps."""
    lines = tuple(_split_lines(extraction))
    limit = get_review_limit("section", lex)
    sections: list[Section] = []
    for letter in extraction.outline.letters:
        if letter.body is None:
            continue
        own = [line for line in lines if line.span.overlaps(letter.span)]
        body = [line for line in own if line.span.overlaps(letter.body)]
        if not body:
            continue
        most = get_review_limit("context", lex)
        head = _fit([line for line in own if line.span < body[0].span], most)
        tail = _fit([line for line in own if line.span > body[-1].span][::-1], most)[::-1]
        for block in _join_blocks(_split_blocks(body, letter, extraction), limit):
            path = _find_path(block, own, letter, extraction)
            sections.append(Section(letter.id, tuple(block), tuple(head), tuple(tail), path))
    return tuple(sections)


def halve_section(section: Section, extraction: Extraction) -> tuple[Section, ...]:
    """Return the two halves of *section*, never cut inside an item; the section alone if it is one item."""
    letter = extraction.outline.get_letter(section.letter)
    blocks = list(_split_blocks(section.lines, letter, extraction))
    if len(blocks) < 2:
        return (section,)
    total, first = sum(map(_measure, blocks)), 1
    while first < len(blocks) - 1 and sum(map(_measure, blocks[: first + 1])) <= total / 2:
        first += 1
    own = section.shown
    halves = []
    for part in (blocks[:first], blocks[first:]):
        lines = [line for block in part for line in block]
        path = _find_path(lines, own, letter, extraction)
        halves.append(replace(section, lines=tuple(lines), path=path, halvings=section.halvings + 1))
    return tuple(halves)


def _split_lines(extraction: Extraction) -> Iterator[Line]:
    parts = sorted({part.span.begin for part in extraction.outline.parts})
    text, begin = extraction.source.text, 0
    for number, words in enumerate(text.split("\n"), 1):
        end = begin + len(words)
        cuts = [at for at in parts if begin < at < end] if len(words) > _LONG_LINE else []
        for piece in (Span(*ends) for ends in pairwise([begin, *cuts, end])):
            if piece.of(text).strip():
                yield Line(number, piece)
        begin = end + 1


def _measure(lines: Sequence[Line]) -> int:
    return sum(len(line.span) for line in lines)


def _fit(lines: Sequence[Line], most: int) -> list[Line]:
    """Return the first of *lines* that have at most *most* characters together."""
    fitting: list[Line] = []
    for line in lines:
        if _measure(fitting) + len(line.span) > most:
            break
        fitting.append(line)
    return fitting


def _split_blocks(lines: Sequence[Line], letter: Letter, extraction: Extraction) -> Iterator[list[Line]]:
    """Yield runs of lines that must not be divided: no part without parts of its own runs over their border."""
    parts = [part for part in extraction.outline.parts if part.letter == letter.id]
    parents = {part.parent for part in parts}
    leaves = [part.span for part in parts if part.id not in parents]
    block: list[Line] = []
    for line in lines:
        if block and not any(leaf.begin < line.span.begin < leaf.end for leaf in leaves):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _join_blocks(blocks: Iterator[list[Line]], limit: int) -> Iterator[list[Line]]:
    """Yield runs of whole blocks with at most *limit* characters; a longer block stays alone."""
    joined: list[Line] = []
    for block in blocks:
        if joined and _measure(joined) + _measure(block) > limit:
            yield joined
            joined = []
        joined = [*joined, *block]
    if joined:
        yield joined


def _find_path(
    block: Sequence[Line], lines: Sequence[Line], letter: Letter, extraction: Extraction
) -> tuple[Line, ...]:
    begin = block[0].span.begin
    headings = [
        part.label_span
        for part in extraction.outline.parts
        if part.letter == letter.id and part.span.begin < begin < part.span.end
    ]
    inside = {line.span for line in block}
    found = [line for line in lines if line.span not in inside and any(line.span.overlaps(h) for h in headings)]
    return tuple(line for line in found if len(line.span) <= 200)
