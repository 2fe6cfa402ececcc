"""Split a page into chunks that fit a request. A chunk is within one letter and ends with a sentence or part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extract.llm.settings import get_limit
from extract.model import Extraction, Letter, Outline, Span


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a letter that is sent in one request."""

    letter: str
    """Id of the letter."""
    span: Span
    headings: tuple[Span, ...] = ()
    """Headings above the chunk that are not in it, the outermost first."""


def make_chunks(extraction: Extraction) -> tuple[Chunk, ...]:
    """Return the chunks of all letters that have a body, in order and without overlaps."""
    text, outline = extraction.source.text, extraction.outline
    chunks: list[Chunk] = []
    for letter in outline.letters:
        if letter.body is None:
            continue
        for span in _split_body(letter, outline):
            if len(span.of(text).strip()) >= get_limit("least"):
                chunks.append(Chunk(letter.id, span, _find_headings(span, letter, outline)))
    return tuple(sorted(chunks, key=lambda chunk: chunk.span))


def _split_body(letter: Letter, outline: Outline) -> Iterator[Span]:
    """Yield spans of whole units. A span that is at least half full ends where a part of the top level begins."""
    max_length = get_limit("chunk")
    part_starts = {part.span.begin for part in outline.parts if part.letter == letter.id and part.parent is None}
    begin = end = -1
    for unit in _split_into_units(letter, outline, max_length):
        if begin >= 0:
            starts_part = any(end <= start <= unit.begin for start in part_starts)
            if unit.end - begin > max_length or (starts_part and end - begin > max_length // 2):
                yield Span(begin, end)
                begin = -1
        if begin < 0:
            begin = unit.begin
        end = unit.end
    if begin >= 0:
        yield Span(begin, end)


def _split_into_units(letter: Letter, outline: Outline, max_length: int) -> Iterator[Span]:
    """Yield sentences and headings. Those that are too long are cut at clauses or, in a long clause, anywhere."""
    sentences = [sentence for sentence in outline.sentences if sentence.letter == letter.id]
    units = {sentence.span: sentence.clauses for sentence in sentences}
    for part in outline.parts:
        heading = part.heading
        if part.letter == letter.id and heading and not any(s.span.overlaps(heading) for s in sentences):
            units[heading] = (heading,)
    last = 0
    for span in sorted(units):
        for piece in units[span] if len(span) > max_length and units[span] else (span,):
            start = max(piece.begin, last)
            while start < piece.end:
                last = min(start + max_length, piece.end)
                yield Span(start, last)
                start = last


def _find_headings(span: Span, letter: Letter, outline: Outline) -> tuple[Span, ...]:
    parts = [
        part
        for part in outline.parts
        if part.letter == letter.id and part.heading and part.span.begin <= span.begin < part.span.end
    ]
    parts.sort(key=lambda part: (part.span.begin, -part.span.end))
    return tuple(part.heading for part in parts if part.heading and not span.contains(part.heading))
