"""A page in pieces that fit a request: each of one letter, cut between sentences, best between parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extract.llm.settings import limit
from extract.model import Extraction, Letter, Outline, Part, Span


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a letter."""

    letter: str
    span: Span
    headings: tuple[Span, ...] = ()
    """Headings that it stands under and does not hold, from the outermost."""


def chunks(extraction: Extraction) -> tuple[Chunk, ...]:
    """The pieces of *extraction*'s letters that have a text, in order; they do not overlap."""
    text = extraction.source.text
    found: list[Chunk] = []
    for letter in extraction.outline.letters:
        if letter.body is None:
            continue
        for span in _pieces(letter, extraction.outline):
            if len(span.of(text).strip()) >= limit("least"):
                found.append(Chunk(letter.id, span, _headings(span, letter, extraction.outline)))
    return tuple(sorted(found, key=lambda c: c.span))


def _pieces(letter: Letter, outline: Outline) -> Iterator[Span]:
    most = limit("chunk")
    fresh = {p.span.begin for p in outline.parts if p.letter == letter.id and p.parent is None}
    begin = end = -1
    for unit in _units(letter, outline, most):
        if begin >= 0:
            starts_part = any(end <= at <= unit.begin for at in fresh)
            if unit.end - begin > most or (starts_part and end - begin > most // 2):
                yield Span(begin, end)
                begin = -1
        if begin < 0:
            begin = unit.begin
        end = unit.end
    if begin >= 0:
        yield Span(begin, end)


def _units(letter: Letter, outline: Outline, most: int) -> Iterator[Span]:
    """Sentences and headings; what is too long is cut at its clauses, else anywhere."""
    sentences = [s for s in outline.sentences if s.letter == letter.id]
    units = {s.span: s.clauses for s in sentences}
    for part in outline.parts:
        heading = part.heading
        if part.letter == letter.id and heading and not any(s.span.overlaps(heading) for s in sentences):
            units[heading] = (heading,)
    last = 0
    for span in sorted(units):
        for piece in units[span] if len(span) > most and units[span] else (span,):
            at = max(piece.begin, last)
            while at < piece.end:
                last = min(at + most, piece.end)
                yield Span(at, last)
                at = last


def _headings(span: Span, letter: Letter, outline: Outline) -> tuple[Span, ...]:
    holding: list[Part] = [
        p for p in outline.parts if p.letter == letter.id and p.heading and p.span.begin <= span.begin < p.span.end
    ]
    holding.sort(key=lambda p: (p.span.begin, -p.span.end))
    return tuple(p.heading for p in holding if p.heading and not span.contains(p.heading))
