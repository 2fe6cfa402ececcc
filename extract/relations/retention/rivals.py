"""The choice between overlapping candidates, which are readings of one name with other borders.

推进服务业示范项目建设 names 服务业示范项目 or 服务业示范项目建设. Both are rated; the likelier one stays.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Mapping, Sequence

from extract.linking.link import LinkedMentions, remove_entities
from extract.mentions.classes.expansion import SEPARATORS
from extract.mentions.overlaps import FAMILIES, REACH
from extract.mentions.words import PageWords
from extract.model import EntityId, Span
from extract.records import copy_with

_LIKELY = 0.7
"""Probability from which a longer name takes the words of a shorter one that also stands elsewhere."""
_Placed = tuple[Span, EntityId]
"""A mention: its place, and the entity that it names."""


def choose_readings(linked: LinkedMentions, scores: Mapping[str, float], page: PageWords) -> LinkedMentions:
    """Return *linked* without the mentions that overlap one of a likelier candidate, and without names left with none.

    Only classes give way to classes, and schemes to schemes; of a class or scheme and a certain name the longer one
    stays. Names that share words with the one beside them, as in 国家级、省级龙头企业, overlap it rightly. A name that
    stands alone elsewhere, 残疾人, gives way inside a longer one that is likely, 重度残疾人: its rating comes from the
    other places.

    Args:
        linked: the names of a page.
        scores: how likely each candidate among them is a name.
        page: the words of the page.
    """
    rivals = [e for e in linked.entities if e.id in scores and e.kind in FAMILIES]
    names = {e.id: (e.label, *e.aliases) for e in rivals}
    places: dict[EntityId, list[Span]] = {}
    for span, ident in linked.mentions:
        if ident in names and not _is_put_together(span, names[ident], page):
            places.setdefault(ident, []).append(span)
    families = {e.id: FAMILIES[e.kind] for e in rivals}
    inner = set(_find_inner(places, families, scores))
    taken: dict[str, list[Span]] = {}
    lost: set[_Placed] = set()
    ranked = sorted(rivals, key=lambda e: (-scores[e.id], e.spans[:1], e.id))
    for late in (False, True):
        for entity in ranked:
            own = taken.setdefault(families[entity.id], [])
            free = []
            for span in places.get(entity.id, ()):
                if ((span, entity.id) in inner) is not late:
                    continue
                if _is_taken(span, own):
                    lost.add((span, entity.id))
                else:
                    free.append(span)
            for span in free:
                insort(own, span)
    lost |= set(_find_hidden(linked, scores, lost))
    if not lost:
        return linked
    return _remove_mentions(linked, lost)


def _find_inner(
    places: Mapping[EntityId, Sequence[Span]], families: Mapping[EntityId, str], scores: Mapping[str, float]
) -> Iterator[_Placed]:
    """Yield the mentions inside a longer one that is likely a name, of names that also stand where nothing overlaps."""
    by_family: dict[str, list[_Placed]] = {}
    for ident, spans in places.items():
        by_family.setdefault(families[ident], []).extend((span, ident) for span in spans)
    for placed in by_family.values():
        placed.sort()
        alone = {ident for span, ident in placed if not any(_list_overlapping(span, ident, placed))}
        for span, ident in placed:
            if ident in alone and any(
                scores[other] >= _LIKELY and outer.begin <= span.begin and span.end <= outer.end
                for outer, other in _list_overlapping(span, ident, placed)
            ):
                yield span, ident


def _list_overlapping(span: Span, ident: str, placed: Sequence[_Placed]) -> Iterator[_Placed]:
    """Yield the mentions of other names that overlap *span*; *placed* is sorted."""
    begin, end = span
    nearest, farthest = ((begin - REACH, 0), ""), ((end, 0), "")
    for other in placed[bisect_left(placed, nearest) : bisect_left(placed, farthest)]:
        if begin < other[0][1] and other[1] != ident:
            yield other


def _find_hidden(linked: LinkedMentions, scores: Mapping[str, float], lost: Collection[_Placed]) -> Iterator[_Placed]:
    """Yield the mentions that overlap a longer one, one of both being a class or scheme that is a candidate.

    The place in 青禾市示范项目 is one of its own only if that is no name.
    """
    kinds = {e.id: e.kind for e in linked.entities}
    undecided = {e.id for e in linked.entities if e.id in scores and e.kind in FAMILIES}
    standing: list[_Placed] = []
    for placed in sorted(linked.mentions, key=lambda m: (m[0].begin, -m[0].end)):
        span, ident = placed
        if placed in lost:
            continue
        standing = [other for other in standing if other[0].end > span.begin]
        for other in standing:
            ends = ident in undecided, other[1] in undecided
            decided = kinds[other[1]] if ends[0] else kinds[ident]
            if ends[0] == ends[1] or decided in FAMILIES:
                continue
            if len(span) <= len(other[0]):
                yield placed
                break
            yield other
        else:
            standing.append(placed)


def _is_put_together(span: Span, names: Collection[str], page: PageWords) -> bool:
    """Whether a name has words of two places: its span is that of a list, 国家级、省级龙头企业."""
    printed = page.text[page.find_position(span.begin) : page.find_end(span.end)]
    return printed not in names and any(sign in printed for sign in SEPARATORS)


def _is_taken(span: Span, taken: Sequence[Span]) -> bool:
    """Whether *span* overlaps one of *taken*, which are sorted."""
    begin, end = span
    near = taken[bisect_left(taken, (begin - REACH, 0)) : bisect_left(taken, (end, 0))]
    return any(other[1] > begin for other in near)


def _remove_mentions(linked: LinkedMentions, lost: set[_Placed]) -> LinkedMentions:
    """Return *linked* without some mentions, and without names left with none.

    A place that is named only inside other names stays if an agency belongs to it: the agency's name names it.
    """
    mentions = tuple(mention for mention in linked.mentions if mention not in lost)
    losers = {ident for _, ident in lost} - {ident for _, ident in mentions}
    told = {
        r.object: r.span for r in reversed(linked.relations) if r.predicate == "jurisdiction" and r.object in losers
    }
    entities = []
    for entity in linked.entities:
        left = tuple(span for span in entity.spans if (span, entity.id) not in lost)
        if not left and entity.id in told:
            left = (told[entity.id],)
        entities.append(copy_with(entity, spans=left) if left != entity.spans else entity)
    return remove_entities(LinkedMentions(tuple(entities), mentions, linked.relations), losers - told.keys())
