"""Training examples: chunks of text with the names in them, from annotated files or from the rules.

An annotated file lists things and their names. Their places are found in the text, the longest name first. Names on
which readers may differ, and mentions with a low confidence, are left open: they count neither for nor against.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.language import Language

from extract.mentions.context import MentionContext
from extract.model import ENTITY_KINDS, Kind, Mention, Source, Span
from extract.proposer.chunks import split_into_chunks, trim_marks
from extract.text.normalize import include_quotes, search_fold
from ontology.lexicons import Lexicon

_UNAMBIGUOUS_LENGTH = 3
"""Shorter names also occur inside other words (高企 in 提高企业): they count only where the rules find a mention."""


@dataclass(frozen=True, slots=True)
class AnnotatedThing:
    """All names of one thing in an annotation. ``kind`` is None if readers may differ on it."""

    kind: Kind | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedPage:
    """A page and the things that an annotator found in it."""

    source: Source
    things: tuple[AnnotatedThing, ...]


@dataclass(frozen=True, slots=True, order=True)
class NameLabel:
    """The place of a name. ``kind`` is None if it is left open."""

    span: Span
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class LabelledChunk:
    """A chunk of text with the names in it, in order and without overlaps."""

    text: str
    names: tuple[NameLabel, ...]


def label_from_annotation(annotated: AnnotatedPage, rules: Language) -> tuple[LabelledChunk, ...]:
    """Return the chunks of a page with the annotated names."""
    return _label_chunks(_find_mentions(annotated.source, rules)[0], locate_names(annotated, rules))


def label_from_rules(source: Source, rules: Language, lex: Lexicon) -> tuple[LabelledChunk, ...]:
    """Return the chunks of *source* with the mentions of the rules. Those with a low confidence are left open."""
    context, mentions = _find_mentions(source, rules)
    threshold = float(lex.read_config("proposer")["silver_confidence"])
    names = [NameLabel(m.span, m.kind if m.confidence >= threshold else None) for m in mentions]
    return _label_chunks(context, names)


def locate_names(annotated: AnnotatedPage, rules: Language) -> Sequence[NameLabel]:
    """Return the places of the annotated names in the letters of the page, in order and without overlaps."""
    text = annotated.source.text
    context, mentions = _find_mentions(annotated.source, rules)
    mention_spans = {mention.span for mention in mentions}
    names: list[NameLabel] = []
    position = [i for i, character in enumerate(text) if search_fold(character)]
    folded = search_fold(text)
    for word, kind in _index_names(annotated.things).items():
        for m in re.finditer(re.escape(word), folded):
            span = Span(position[m.start()], position[m.end() - 1] + 1)
            span = trim_marks(text, include_quotes(text, span))
            is_certain = len(word) >= _UNAMBIGUOUS_LENGTH or span in mention_spans
            if is_certain and context.is_in_letter(span):
                names.append(NameLabel(span, kind))
    return keep_longest(names)


def keep_longest(names: Iterable[NameLabel]) -> Sequence[NameLabel]:
    """Return *names* without overlaps, in the order of the text. Of names that overlap, the longest is kept."""
    chosen: list[NameLabel] = []
    for name in sorted(names, key=lambda name: (-len(name.span), name.span.begin, name.kind is None, str(name.kind))):
        if len(name.span) and not any(name.span.overlaps(other.span) for other in chosen):
            chosen.append(name)
    return sorted(chosen, key=lambda name: name.span)


def _find_mentions(source: Source, rules: Language) -> tuple[MentionContext, list[Mention]]:
    """Return the mentions of entities on a page, without marks around them."""
    doc = rules(source.text)
    mentions = [
        Mention(trim_marks(source.text, m.span), m.kind, m.name, m.rule, m.confidence)
        for m in doc._.mentions
        if m.kind in ENTITY_KINDS
    ]
    return doc._.context, mentions


def _index_names(things: Iterable[AnnotatedThing]) -> dict[str, Kind | None]:
    """Return the folded names with their kinds. The kind is None if it is left open or if two kinds share the name."""
    kinds: dict[str, Kind | None] = {}
    for thing in things:
        for name in thing.names:
            word = search_fold(name).strip("《》〈〉【】")
            if len(word) > 1:
                kinds[word] = thing.kind if kinds.get(word, thing.kind) == thing.kind else None
    return kinds


def _label_chunks(context: MentionContext, names: Iterable[NameLabel]) -> tuple[LabelledChunk, ...]:
    """Return the chunks of a page, each with its names at positions in the chunk."""
    chosen = keep_longest(names)
    labelled = []
    for chunk in split_into_chunks(context):
        inside = [
            NameLabel(Span(name.span.begin - chunk.begin, name.span.end - chunk.begin), name.kind)
            for name in chosen
            if chunk.contains(name.span)
        ]
        labelled.append(LabelledChunk(chunk.of(context.text), tuple(inside)))
    return tuple(labelled)
