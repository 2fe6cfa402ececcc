"""Parts of documents: which words are their own, and the names of parts and figures in IRIs.

A part is named by its number, its own words and the part that it stands in; a figure by what it says, its sentence and
the part that this stands in. So a part or figure of one name is always a part of the same whole, also where two files
have one letter in different order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from extract.model import Extraction, Figure, Outline, Part, PartId, Span
from extract.text.normalize import name_key
from extract.text.search import SpanIndex
from kg.rdf.iri import hash_values
from kg.rdf.requirements import name_rules


def find_parent_ids(parts: Iterable[Part]) -> frozenset[str]:
    """Return the ids of parts with children; a child that is a mere heading (kind None) does not count."""
    return frozenset(part.parent for part in parts if part.kind is not None and part.parent is not None)


def select_own_text(part: Part, parents: frozenset[str]) -> Span:
    """Return the span of the words that are the part's own.

    This is all of the part, or its heading if its children contain the rest.

    Args:
        part: the part.
        parents: see :func:`find_parent_ids`.
    """
    return part.heading if part.id in parents and part.heading else part.span


class PartNames:
    """The local names of the parts and figures of one extraction."""

    def __init__(self, extraction: Extraction) -> None:
        self._text = extraction.source.text
        outline: Outline = extraction.outline
        self._parts: dict[str, Part] = {part.id: part for part in outline.parts}
        self._first_children: dict[str, int] = {}
        for part in outline.parts:
            if part.kind is not None and part.parent is not None:
                begin = self._first_children.get(part.parent, part.span.begin)
                self._first_children[part.parent] = min(begin, part.span.begin)
        self._keys: dict[str, str] = {}
        proper = [part for part in outline.parts if part.kind is not None]
        self._by_span = {part.span: part for part in reversed(proper)}  # of parts with equal spans, the first
        self._holders = SpanIndex(sorted((part.span for part in proper), key=len))
        self._sentences = SpanIndex(sentence.span for sentence in outline.sentences)

    def name_part(self, part: Part) -> str:
        """Return the local name of a part: ``measure-1f0a3b22c9``."""
        kind = part.kind.value.lower() if part.kind else "heading"
        return f"{kind}-{self._make_key(part)}"

    def name_figure(self, figure: Figure) -> str:
        """Return the local name of a figure: ``target-1f0a3b22c9``."""
        what = (
            figure.kind.value,
            f"{figure.value.normalize():f}",
            figure.unit,
            figure.metric,
            figure.period,
            figure.per,
        )
        sentence = self._sentences.find_holder(figure.span) or figure.span
        span = self._holders.find_holder(figure.span)
        holder = self.name_part(self._by_span[span]) if span is not None else ""
        words = (name_key(figure.span.of(self._text)), name_key(sentence.of(self._text)))
        return f"{figure.kind.value.lower()}-{hash_values(*what, *words, holder)}"

    def _make_key(self, part: Part) -> str:
        key = self._keys.get(part.id)
        if key is None:
            parent = self._find_proper_parent(part.parent)
            holder = self.name_part(parent) if parent is not None else ""
            words = name_key(self._select_words(part).of(self._text))
            key = self._keys[part.id] = hash_values(part.number, words, holder)
        return key

    def _find_proper_parent(self, ident: PartId | None) -> Part | None:
        """Return the part *ident*, or the nearest one above it that is not a mere heading."""
        while ident is not None:
            part = self._parts[ident]
            if part.kind is not None:
                return part
            ident = part.parent
        return None

    def _select_words(self, part: Part) -> Span:
        """Return the span of the words that are in no child of the part: its heading, or what leads to its children."""
        first = self._first_children.get(part.id)
        if first is None:
            return part.span
        return part.heading or Span(part.span.begin, max(part.span.begin, first))


def name_pieces(extraction: Extraction, letter_iris: Mapping[str, str], context: str) -> list[tuple[str, str, str]]:
    """Return id and wanted IRI of each part, figure and condition, for :func:`kg.rdf.iri.assign_iris`.

    Args:
        extraction: the extraction.
        letter_iris: IRI by id of a letter.
        context: the IRI of the source's text, for what stands in no letter.
    """
    names = PartNames(extraction)
    parts = [
        (str(part.id), f"{letter_iris.get(part.letter, context)}#{names.name_part(part)}", "")
        for part in extraction.outline.parts
    ]
    bodies = [letter for letter in extraction.outline.letters if letter.body]

    def find_document(span: Span) -> str:
        holders = [letter for letter in bodies if letter.span.contains(span)]
        holder = min(holders, key=lambda letter: len(letter.span), default=None)
        return letter_iris[holder.id] if holder else context

    figures = [
        (str(figure.id), f"{find_document(figure.span)}#{names.name_figure(figure)}", "")
        for figure in extraction.figures
    ]
    rules = [(ident, f"{find_document(span)}#{name}", "") for ident, name, span in name_rules(extraction)]
    return [*parts, *figures, *rules]
