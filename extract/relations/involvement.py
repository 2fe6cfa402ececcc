"""Last steps: which entities a part involves, who acts in it, and which classes play no part at all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator

from extract.linking.link import LinkedMentions
from extract.model import Entity, Figure, Kind, Outline, Relation, Span

_GENERAL = frozenset({"group.name"})


def prune_entities(
    linked: LinkedMentions, relations: Iterable[Relation], figures: Iterable[Figure]
) -> tuple[Entity, ...]:
    """Entities without the generic classes (中小企业, 高校) that no relation and no figure is about."""
    used = {x for r in relations for x in (r.subject, r.object)}
    for f in figures:
        used |= {x for x in (f.about, f.place, f.granted_under, f.provider, f.condition_of) if x}
    return tuple(e for e in linked.entities if e.id in used or not (e.kind is Kind.GROUP and e.rule in _GENERAL))


def find_involvements(outline: Outline, linked: LinkedMentions, kept: Collection[str]) -> Iterator[Relation]:
    """``involves`` from each leaf part to the entities that it names, ``actor`` to the agency whose letter it is."""
    begins = [s.begin for s, _ in linked.mentions]
    kinds = {e.id: e.kind for e in linked.entities}
    parents = {p.parent for p in outline.parts if p.parent}
    issuers = {r.subject: r.object for r in reversed(linked.relations) if r.predicate == "issuedBy"}
    for part in outline.parts:
        if part.kind is None:
            continue
        area = part.heading if part.id in parents and part.heading else part.span
        seen: dict[str, Span] = {}
        for span, ident in linked.mentions[bisect_left(begins, area.begin) : bisect_left(begins, area.end)]:
            if ident in kept and kinds[ident] is not Kind.PLACE:
                seen.setdefault(ident, span)
        for named, span in seen.items():
            yield Relation(part.id, "involves", named, span, "part.names", 0.9)
        actor = issuers.get(part.letter)
        if actor and actor in kept and part.kind in (Kind.MEASURE, Kind.COMMITMENT) and part.id not in parents:
            yield Relation(part.id, "actor", actor, part.label_span, "part.issuer", 0.8)
