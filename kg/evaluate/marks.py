"""Where in a text the judgements stand, so that people can see them there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extract.model import Entity, Figure, Letter, Part, Relation, Span
from kg.evaluate.model import FileResult, Judgement, Verdict
from kg.evaluate.reading import property_iri as gold_property
from kg.rdf.graph import property_iri

_Thing = Letter | Part | Entity | Figure
_HEAD = 24
"""Code points of a part that are marked: its beginning, so that what stands in it can still be seen."""
_SHOWN = 12
"""Places marked for one thing that the text names again and again."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A judgement, and where it stands; nowhere if the text has no words for it."""

    judgement: Judgement
    spans: tuple[Span, ...]


def marks(file: FileResult) -> tuple[Mark, ...]:
    """The judgements of *file* with their places in its text, slots left out where they are right."""
    where = _Places(file)
    shown = (j for j in file.judgements if j.layer != "slots" or j.verdict is not Verdict.FOUND)
    return tuple(Mark(j, where.of(j)) for j in shown)


class _Places:
    """Finds judgements in the text of one file."""

    def __init__(self, file: FileResult) -> None:
        self.text = file.extraction.source.text
        x = file.extraction
        self.things: dict[str, list[_Thing]] = {}
        every: tuple[_Thing, ...] = (*x.outline.letters, *x.outline.parts, *x.entities, *x.figures)
        for thing in every:
            if thing.id in file.names.things:
                self.things.setdefault(file.names.things[thing.id], []).append(thing)
        self.relations = statements(file)

    def of(self, j: Judgement) -> tuple[Span, ...]:
        if j.statement is not None:
            s, name, o = j.statement
            made = self.relations.get((s, gold_property(name), o), [])
            if made:
                return tuple(sorted({r.span for r in made}))[:_SHOWN]
        if j.layer in {"entities", "parts", "figures"} and j.node:
            return tuple(sorted({s for thing in self.things.get(j.node, ()) for s in _spans(thing)}))[:_SHOWN]
        found = [span for words in j.words for span in self._standing(words)]
        if not found and j.layer == "documents":
            found = list(self._fields(j))
        if not found and j.node and j.layer == "attributes":
            found = [s for thing in self.things.get(j.node, ()) for s in _spans(thing)[:1]]
        once = [s for s in found if not any(other != s and other.contains(s) for other in found)]
        return tuple(sorted(set(once)))[:_SHOWN]

    def _standing(self, words: str) -> Iterator[Span]:
        """Where *words* stand, white space aside: a page may break a name."""
        letters = [re.escape(c) for c in words if not c.isspace()]
        if letters:
            for m in re.finditer(r"\s*".join(letters), self.text):
                yield Span(m.start(), m.end())

    def _fields(self, j: Judgement) -> Iterator[Span]:
        for thing in self.things.get(j.node, ()):
            if isinstance(thing, Letter):
                yield from (f.span for f in thing.fields if f.name == j.key)


def statements(file: FileResult) -> Mapping[tuple[str, str, str], list[Relation]]:
    """What was extracted for each statement of the graph, by IRIs of subject, property and object."""
    things = file.names.things
    made: dict[tuple[str, str, str], list[Relation]] = {}
    for r in file.extraction.relations:
        if r.subject in things and r.object in things:
            made.setdefault((things[r.subject], property_iri(r.predicate), things[r.object]), []).append(r)
    return made


def _spans(thing: _Thing) -> tuple[Span, ...]:
    if isinstance(thing, Entity):
        return thing.spans
    if isinstance(thing, Part):
        return (Span(thing.own.begin, min(thing.own.end, thing.own.begin + _HEAD)),)
    return (thing.span,)
