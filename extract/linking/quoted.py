"""Joining of a name in quotes to the name that has it in quotes behind other words, among the names that stay.

A page that names one 存量房“带押过户” calls it “带押过户”, too; with 二手房“带押过户” beside it, nobody knows which.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from extract.linking.link import LinkedMentions
from extract.model import Entity, EntityId, Kind
from extract.records import copy_with
from extract.text.normalize import name_key
from ontology.lexicons import Lexicon

_LED = re.compile("[^“”]{2,}“(?P<name>[^“”]{2,})”[^“”]*")
"""A name with words before its quotes."""


@cache
def _read_containers(lex: Lexicon) -> tuple[str, ...]:
    return tuple(lex.read_config("linking")["containers"])


def join_quoted(linked: LinkedMentions, lex: Lexicon) -> LinkedMentions:
    """Return *linked* with what stands in quotes alone joined to the only name that has it in quotes behind words.

    It follows the decision on candidates: 货物“船边提” that is no name takes nothing.
    """
    led: dict[tuple[Kind, str, str], list[Entity]] = defaultdict(list)
    schemes = [e for e in linked.entities if e.kind in (Kind.PROGRAM, Kind.PLATFORM)]
    for entity in schemes:
        found = _LED.fullmatch(entity.label)
        if found is not None and not entity.label.endswith(_read_containers(lex)):
            led[entity.kind, entity.jurisdiction, name_key(found["name"])].append(entity)
    joined: dict[EntityId, Entity] = {}
    for entity in schemes:
        longer = led.get((entity.kind, entity.jurisdiction, name_key(entity.label)), [])
        if len(longer) == 1 and longer[0] is not entity:
            joined[entity.id] = longer[0]
    return _join_entities(linked, joined) if joined else linked


def _join_entities(linked: LinkedMentions, joined: Mapping[EntityId, Entity]) -> LinkedMentions:
    """Return *linked* with some entities joined to others."""
    parts: dict[EntityId, list[Entity]] = defaultdict(list)
    for entity in linked.entities:
        if entity.id in joined:
            parts[joined[entity.id].id].append(entity)
    entities = tuple(_absorb(e, parts[e.id]) if e.id in parts else e for e in linked.entities if e.id not in joined)
    ids: dict[str, str] = {short: long.id for short, long in joined.items()}
    mentions = sorted({(span, EntityId(ids.get(ident, ident))) for span, ident in linked.mentions})
    relations = dict.fromkeys(
        copy_with(r, subject=ids.get(r.subject, r.subject), object=ids.get(r.object, r.object))
        for r in linked.relations
    )
    return LinkedMentions(entities, tuple(mentions), tuple(relations))


def _absorb(entity: Entity, parts: Sequence[Entity]) -> Entity:
    names = {name for e in (entity, *parts) for name in (e.label, *e.aliases)} - {entity.label}
    spans = {span for e in (entity, *parts) for span in e.spans}
    confidence = max(e.confidence for e in (entity, *parts))
    return copy_with(entity, aliases=tuple(sorted(names)), spans=tuple(sorted(spans)), confidence=confidence)
