"""The places of judgements in the text of a file, for people to see them there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from extract.model import Entity, Figure, Letter, Part, Relation, Span
from kg.evaluate.model import SLOTS, FileResult, Judgement, MatchVerdict
from kg.evaluate.reading import make_property_iri as make_gold_property_iri
from kg.rdf.terms import make_property_iri

_Thing = Letter | Part | Entity | Figure
_HEAD = 24
"""Code points at the beginning of a part that are marked. The rest stays free for what is inside of the part."""
_MOST_SPANS = 12
"""Most places that are marked for one thing."""


@dataclass(frozen=True, slots=True)
class JudgementMark:
    """A judgement with its spans in the text. There are none if the text has no words for it."""

    judgement: Judgement
    spans: tuple[Span, ...]


def mark_judgements(file: FileResult) -> tuple[JudgementMark, ...]:
    """Return the judgements of *file* with their spans, without the slots that are right."""
    finder = _SpanFinder(file)
    shown = (j for j in file.judgements if j.layer != SLOTS or j.verdict is not MatchVerdict.FOUND)
    return tuple(JudgementMark(judgement, finder.find_spans(judgement)) for judgement in shown)


def group_relations(file: FileResult) -> Mapping[tuple[str, str, str], list[Relation]]:
    """Return the extracted relations by the IRIs of subject, property and object in the graph."""
    iris = file.names.iris
    grouped: dict[tuple[str, str, str], list[Relation]] = {}
    for relation in file.extraction.relations:
        if relation.subject in iris and relation.object in iris:
            key = (iris[relation.subject], make_property_iri(relation.predicate), iris[relation.object])
            grouped.setdefault(key, []).append(relation)
    return grouped


class _SpanFinder:
    """Finds the spans of judgements in the text of one file."""

    def __init__(self, file: FileResult) -> None:
        extraction, iris = file.extraction, file.names.iris
        self._text = extraction.source.text
        self._things: dict[str, list[_Thing]] = {}
        things: tuple[_Thing, ...] = (
            *extraction.outline.letters, *extraction.outline.parts, *extraction.entities, *extraction.figures,
        )  # fmt: skip
        for thing in things:
            if thing.id in iris:
                self._things.setdefault(iris[thing.id], []).append(thing)
        self._relations = group_relations(file)

    def find_spans(self, judgement: Judgement) -> tuple[Span, ...]:
        """Return the spans of a judgement: those of its relation, else of its thing, else of its words."""
        things = self._things.get(judgement.node, ())
        if judgement.statement is not None:
            subject, name, obj = judgement.statement
            relations = self._relations.get((subject, make_gold_property_iri(name), obj), [])
            if relations:
                return _limit_spans(relation.span for relation in relations)
        if judgement.layer in {"entities", "parts", "figures"} and judgement.node:
            return _limit_spans(span for thing in things for span in _get_spans(thing))
        found = [span for words in judgement.words for span in self._find_words(words)]
        if not found and judgement.layer == "documents":
            letters = (thing for thing in things if isinstance(thing, Letter))
            found = [field.span for letter in letters for field in letter.fields if field.name == judgement.key]
        if not found and judgement.node and judgement.layer == "attributes":
            found = [span for thing in things for span in _get_spans(thing)[:1]]
        return _limit_spans(s for s in found if not any(other != s and other.contains(s) for other in found))

    def _find_words(self, words: str) -> Iterator[Span]:
        """Yield the spans of *words*; white space is ignored, because a page may break a name."""
        characters = [re.escape(char) for char in words if not char.isspace()]
        if characters:
            for m in re.finditer(r"\s*".join(characters), self._text):
                yield Span(*m.span())


def _limit_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(set(spans)))[:_MOST_SPANS]


def _get_spans(thing: _Thing) -> tuple[Span, ...]:
    if isinstance(thing, Entity):
        return thing.spans
    if isinstance(thing, Part):
        begin, end = thing.label_span.begin, thing.label_span.end
        return (Span(begin, min(end, begin + _HEAD)),)
    return (thing.span,)
