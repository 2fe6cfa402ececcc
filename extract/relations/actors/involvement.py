"""Last steps: which entities a part involves, who acts in it, and which classes play no part at all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping

from extract.linking.link import LinkedMentions
from extract.model import Entity, Figure, Kind, Outline, Relation, Span
from extract.relations.actors.promisers import PromiserReader
from ontology.lexicons import Lexicon

_GENERAL = frozenset({"group.name"})
_REPLIES = frozenset({Kind.LEAD_REPLY, Kind.CO_OPINION})


def prune_entities(
    linked: LinkedMentions, relations: Iterable[Relation], figures: Iterable[Figure]
) -> tuple[Entity, ...]:
    """Entities without the generic classes (中小企业, 高校) that no relation and no figure is about."""
    used = {x for r in relations for x in (r.subject, r.object)}
    for f in figures:
        used |= {x for x in (f.about, f.place, f.granted_under, f.provider, f.condition_of) if x}
    return tuple(e for e in linked.entities if e.id in used or not (e.kind is Kind.GROUP and e.rule in _GENERAL))


def find_involvements(
    outline: Outline,
    linked: LinkedMentions,
    kept: Collection[str],
    figures: Iterable[Figure],
    text: str,
    lex: Lexicon,
) -> Iterator[Relation]:
    """``involves`` from each leaf part to the entities that it names, ``actor`` to the agency whose letter it is.

    Nobody acts in a part that refuses. The actor of a promise is who makes it, if the letter tells a promise of another
    agency; its targets have the same.
    """
    promisers = PromiserReader(text, linked, kept, lex)
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
        acts = part.kind in (Kind.MEASURE, Kind.COMMITMENT) and not part.refused
        if actor and actor in kept and acts and part.id not in parents:
            told = promisers.read(part.span, actor) if part.kind is Kind.COMMITMENT else None
            if told is None or told.writer:
                yield Relation(part.id, "actor", actor, part.label_span, "part.issuer", 0.8)
            if told is not None:
                yield from (Relation(part.id, "actor", one, told.span, "part.promiser", 0.8) for one in told.others)
    writers = {letter: agency for letter, agency in issuers.items() if agency in kept}
    yield from _find_promised_targets(outline, writers, figures, promisers)


def _find_promised_targets(
    outline: Outline, writers: Mapping[str, str], figures: Iterable[Figure], promisers: PromiserReader
) -> Iterator[Relation]:
    """Yield ``actor`` from each target of a letter that another agency promises than who writes it.

    If a part has promises of several, each of its targets has those of its sentence.
    """
    letters = [letter for letter in outline.letters if letter.kind in _REPLIES and letter.id in writers]
    for figure in (f for f in figures if f.kind is Kind.TARGET):
        letter = next((x for x in letters if x.span.contains(figure.span)), None)
        told = promisers.read_sentence(figure.span.begin, writers[letter.id]) if letter is not None else None
        if letter is None or told is None:
            continue
        held = [p for p in outline.parts if p.letter == letter.id and p.span.contains(figure.span)]
        part = min(held, key=lambda p: len(p.span), default=None)
        if told.others or (part is not None and promisers.read(part.span, writers[letter.id]) is not None):
            for agency in (*told.others, *([writers[letter.id]] if told.writer else [])):
                yield Relation(figure.id, "actor", agency, told.span, "part.promiser", 0.8)
