"""Quotes that show both ends of a statement: who runs a program often stands behind the clause that names it.

The quote is extended to the name of the agency if that stands near, in the same sentence or part. Else the statement
gets a second quote, the clause that names it. Which place an agency belongs to rests on its own name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extract.linking.link import LinkedMentions
from extract.model import Kind, Outline, Relation, Span
from extract.records import copy_with
from extract.text.search import SpanIndex

_ACTORS = frozenset({Kind.AGENCY, Kind.ORGANIZATION, Kind.ENTERPRISE})
_JURISDICTION = "jurisdiction"
_LONGEST = 240
"""Most characters of a quote that is extended."""


def complete_quotes(relations: Iterable[Relation], linked: LinkedMentions, outline: Outline) -> Iterator[Relation]:
    """Yield *relations*; those of agencies, bodies and firms with quotes that name both ends."""
    finder = _MentionFinder.read(linked, outline)
    for relation in relations:
        if finder.kinds.get(relation.subject) not in _ACTORS or relation.object not in finder.kinds:
            yield relation
            continue
        if relation.predicate == _JURISDICTION and finder.is_named(relation.subject, relation.span):
            yield relation  # the words that name the place stand in the head of the letter, if not in the name
            continue
        missing = [end for end in (relation.subject, relation.object) if not finder.is_named(end, relation.span)]
        places = [place for end in missing if (place := finder.find_nearest(end, relation.span))]
        begin = min([relation.span.begin, *(place.begin for place in places)])
        end = max([relation.span.end, *(place.end for place in places)])
        if not places or (end - begin <= _LONGEST and finder.is_one_stretch(Span(begin, end))):
            yield copy_with(relation, span=Span(begin, end)) if places else relation
        else:
            yield relation
            yield from (copy_with(relation, span=finder.find_clause(place)) for place in places)


@dataclass(frozen=True, slots=True)
class _MentionFinder:
    """Where the entities of a page are named."""

    kinds: dict[str, Kind]
    mentions: dict[str, list[Span]]
    sentences: SpanIndex
    parts: SpanIndex
    """The shortest first."""
    clauses: SpanIndex

    @classmethod
    def read(cls, linked: LinkedMentions, outline: Outline) -> _MentionFinder:
        mentions: dict[str, list[Span]] = defaultdict(list)
        for span, ident in linked.mentions:
            mentions[ident].append(span)
        return cls(
            {entity.id: entity.kind for entity in linked.entities},
            mentions,
            SpanIndex(sentence.span for sentence in outline.sentences),
            SpanIndex(sorted((part.span for part in outline.parts), key=len)),
            SpanIndex(clause for sentence in outline.sentences for clause in sentence.clauses),
        )

    def is_named(self, ident: str, span: Span) -> bool:
        """Whether an entity is named inside *span*."""
        return any(span.contains(place) for place in self.mentions[ident])

    def is_one_stretch(self, span: Span) -> bool:
        """Whether *span* lies in one sentence or part: no signature or heading of the page stands inside."""
        return self.sentences.find_holder(span) is not None or self.parts.find_holder(span) is not None

    def find_nearest(self, ident: str, span: Span) -> Span | None:
        """Return the mention of an entity nearest to *span*: in its sentence, else in its part, else anywhere."""
        for holder in (self.sentences.find_holder(span), self.parts.find_holder(span), None):
            inside = [place for place in self.mentions[ident] if holder is None or holder.contains(place)]
            if inside:
                return min(inside, key=lambda place: (max(place.begin - span.end, span.begin - place.end), place))
        return None

    def find_clause(self, place: Span) -> Span:
        """Return the clause that contains *place*, else *place* itself."""
        return self.clauses.find_holder(place) or place
