"""What a model learns from: names in chunks of text, from annotated files (gold) or from the rules (silver).

A gold file lists things and their names; where they stand is found in the text, the longest name first. Names on which
readers may differ, and mentions of which the rules are not sure, are left open: they count neither for nor against.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.language import Language

from extract.mentions.context import Page
from extract.model import ENTITY_KINDS, Kind, Mention, Source, Span
from extract.proposer.chunks import chunks, trim_marks
from extract.text.normalize import include_quotes, search_fold
from ontology.lexicons import Lexicon

_SURE_LENGTH = 3
"""Names shorter than this stand inside other words too (高企 in 提高企业): they count only where the rules see them."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What an annotation says is on a page: all names of one thing; without a kind if readers may differ on it."""

    kind: Kind | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Annotated:
    """A page and what a careful reader found named on it."""

    source: Source
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name in a chunk; without a kind it is left open."""

    span: Span
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A chunk of text with the names in it, in order, none over another."""

    text: str
    names: tuple[Name, ...]


def gold(annotated: Annotated, rules: Language) -> tuple[Labelled, ...]:
    """The chunks of a page with the names of the things that its annotation lists."""
    return _cut(_read(annotated.source, rules)[0], located(annotated, rules))


def located(annotated: Annotated, rules: Language) -> Sequence[Name]:
    """Where the names of an annotation stand in the letters of its page, in order, none over another."""
    source = annotated.source
    page, mentions = _read(source, rules)
    seen = {m.span for m in mentions}
    names: list[Name] = []
    index = [i for i, c in enumerate(source.text) if search_fold(c)]
    folded = search_fold(source.text)
    for word, kind in _names(annotated.things).items():
        for found in re.finditer(re.escape(word), folded):
            span = Span(index[found.start()], index[found.end() - 1] + 1)
            span = trim_marks(source.text, include_quotes(source.text, span))
            if page.inside(span) and (len(word) >= _SURE_LENGTH or span in seen):
                names.append(Name(span, kind))
    return longest(names)


def silver(source: Source, rules: Language, lex: Lexicon) -> tuple[Labelled, ...]:
    """The chunks of *source* with the names that the rules are sure of."""
    page, mentions = _read(source, rules)
    sure = float(lex.config("proposer")["silver_confidence"])
    return _cut(page, [Name(m.span, m.kind if m.confidence >= sure else None) for m in mentions])


def _read(source: Source, rules: Language) -> tuple[Page, list[Mention]]:
    doc = rules(source.text)
    mentions = [m for m in doc._.mentions if m.kind in ENTITY_KINDS]
    return doc._.page, [_moved(m, trim_marks(source.text, m.span)) for m in mentions]


def _moved(mention: Mention, span: Span) -> Mention:
    return Mention(span, mention.kind, mention.name, mention.rule, mention.confidence)


def _names(things: Iterable[Thing]) -> dict[str, Kind | None]:
    """Folded names with their kinds; None where readers may differ, or two things of different kinds share one."""
    out: dict[str, Kind | None] = {}
    for thing in things:
        for name in thing.names:
            word = search_fold(name).strip("《》〈〉【】")
            if len(word) > 1:
                out[word] = thing.kind if out.get(word, thing.kind) == thing.kind else None
    return out


def _cut(page: Page, names: Iterable[Name]) -> tuple[Labelled, ...]:
    """The chunks of *page*, each with its names, positions relative to it."""
    kept = longest(names)
    out = []
    for chunk in chunks(page):
        inside = [
            Name(Span(n.span.begin - chunk.begin, n.span.end - chunk.begin), n.kind)
            for n in kept
            if chunk.contains(n.span)
        ]
        out.append(Labelled(chunk.of(page.text), tuple(inside)))
    return tuple(out)


def longest(names: Iterable[Name]) -> Sequence[Name]:
    """Of names that overlap, the longest; in order of the text."""
    out: list[Name] = []
    for name in sorted(names, key=lambda n: (-len(n.span), n.span.begin, n.kind is None, str(n.kind))):
        if len(name.span) and not any(name.span.overlaps(other.span) for other in out):
            out.append(name)
    return sorted(out, key=lambda n: n.span)
