"""Decisions about entities: rename, merge, split, reject, add, and accept them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from extract.corrections.ledger import EntityKey, EntityName, Ledger, make_entity_key, parse_kind
from extract.corrections.model import PERSON, Decision, DecisionTopic, DecisionVerdict, UnappliedReason
from extract.corrections.names import JURISDICTION, NameResolver, find_entity, get_entity_key, get_entity_name
from extract.model import ENTITY_KINDS, Entity, EntityId, Extraction, Figure, Relation, Span
from extract.records import make_next_id
from extract.text.normalize import name_key

_FIGURE_ENDS = ("about", "place", "granted_under", "provider", "condition_of")
"""Fields of a figure that may hold the id of an entity."""


def apply_to_entities(extraction: Extraction, ledger: Ledger) -> tuple[Extraction, NameResolver]:
    """Rename, merge, reject, split, add and accept entities. Relations and figures follow their entities."""
    names = NameResolver(ledger)
    extraction = _rename_entities(extraction, names)
    extraction = _split_entities(extraction, names, ledger)
    extraction = _add_entities(extraction, names, ledger)
    extraction = _set_jurisdictions(extraction, names, ledger)
    return _accept_entities(extraction, names, ledger), names


# renamed, merged, rejected


def _rename_entities(extraction: Extraction, names: NameResolver) -> Extraction:
    """Give entities their final names, merge those that get the same name, and remove the rejected ones."""
    groups: list[list[Entity]] = []
    moved: list[tuple[Entity, EntityName]] = []
    rejected: set[str] = set()
    for entity in extraction.entities:
        final = names.resolve(get_entity_name(entity), mark_applied=True)
        if final is None:
            rejected.add(entity.id)
        elif make_entity_key(final) != get_entity_key(entity):
            moved.append((entity, final))
        elif final[1] == entity.label:
            groups.append([entity])
        else:
            groups.append([replace(entity, label=final[1], rule=PERSON, confidence=1.0)])
    if not moved and not rejected:
        return replace(extraction, entities=tuple(group[0] for group in groups))
    for entity, final in moved:
        renamed = _rename_entity(entity, final, names, extraction.source.text)
        same_name = [group for group in groups if get_entity_key(group[0]) == make_entity_key(final)]
        same_place = (group for group in same_name if group[0].jurisdiction == entity.jurisdiction)
        target = next(same_place, same_name[0] if same_name else None)
        if target is None:
            groups.append([renamed])
        else:
            target.append(renamed)
    order = {entity.id: i for i, entity in enumerate(extraction.entities)}
    groups.sort(key=lambda group: min(order[entity.id] for entity in group))
    new_ids: dict[str, str] = {entity.id: group[0].id for group in groups for entity in group}
    merged = replace(extraction, entities=tuple(map(_merge_group, groups)))
    return _redirect_ids(merged, lambda ident, _: new_ids.get(ident, ident), rejected)


def _rename_entity(entity: Entity, name: EntityName, names: NameResolver, text: str) -> Entity:
    """Return *entity* under another name.

    The old label becomes an alias. It does not if the new label is a part of it: then the old label was a wrong
    selection of words, and the spans are narrowed.
    """
    is_narrower = not names.is_merged(get_entity_name(entity)) and name_key(name[1]) in name_key(entity.label)
    spans, aliases = entity.spans, set(entity.aliases)
    if is_narrower:
        spans = tuple(_narrow_span(span, name[1], text) for span in entity.spans)
    else:
        aliases.add(entity.label)
    aliases -= {name[1]}
    return replace(
        entity, kind=name[0], label=name[1], aliases=tuple(sorted(aliases)), spans=spans, rule=PERSON, confidence=1.0,
        is_local=entity.is_local and is_narrower,  # a name that a person chose says enough
    )  # fmt: skip


def _narrow_span(span: Span, words: str, text: str) -> Span:
    """Return the place of *words* in *span*, or *span* without them."""
    at = span.of(text).find(words)
    return Span(span.begin + at, span.begin + at + len(words)) if at >= 0 else span


def _merge_group(group: Sequence[Entity]) -> Entity:
    first = group[0]
    if len(group) == 1:
        return first
    aliases = {name for entity in group for name in (entity.label, *entity.aliases)} - {first.label}
    facts = {(fact.name, fact.value): fact for entity in reversed(group) for fact in entity.facts}
    return replace(
        first,
        aliases=tuple(sorted(aliases)),
        spans=tuple(sorted({span for entity in group for span in entity.spans})),
        jurisdiction=next((entity.jurisdiction for entity in group if entity.jurisdiction), ""),
        facts=tuple(sorted(facts.values(), key=lambda fact: (fact.span, fact.name, fact.value))),
        rule=PERSON,
        confidence=1.0,
    )


def _redirect_ids(extraction: Extraction, redirect: Callable[[str, Span], str], removed: set[str]) -> Extraction:
    """Replace the ids in relations and figures, and drop what refers to the *removed* ids.

    *redirect* gets an id and the span of the relation or figure, and returns the new id.
    """
    relations: dict[tuple[str, str, str, Span, str], Relation] = {}
    for relation in extraction.relations:
        if relation.subject in removed or relation.object in removed:
            continue
        subject, obj = redirect(relation.subject, relation.span), redirect(relation.object, relation.span)
        new = replace(relation, subject=subject, object=obj)
        if new == relation or subject != obj:
            relations.setdefault((subject, new.predicate, obj, new.span, new.rule), new)
    figures = tuple(_redirect_figure(figure, redirect, removed) for figure in extraction.figures)
    return replace(extraction, relations=tuple(relations.values()), figures=figures)


def _redirect_figure(figure: Figure, redirect: Callable[[str, Span], str], removed: set[str]) -> Figure:
    old: Mapping[str, str | None] = {field: getattr(figure, field) for field in _FIGURE_ENDS}
    new = {
        field: None if ident is None or ident in removed else redirect(ident, figure.span)
        for field, ident in old.items()
    }
    return figure if new == old else replace(figure, **new)  # type: ignore[arg-type]


# split


def _split_entities(extraction: Extraction, names: NameResolver, ledger: Ledger) -> Extraction:
    splits = _collect_splits(names, ledger)
    _refuse_circular_splits(splits, ledger)
    changed = True
    while changed:
        changed = False
        for (whole, alias), (decision, part) in sorted(splits.items(), key=lambda item: item[1][0]):
            for entity in extraction.entities:
                has_alias = get_entity_key(entity) == whole and alias in map(name_key, entity.aliases)
                if has_alias and not ledger.is_refused(decision):
                    extraction, changed = _split_off_alias(extraction, entity, alias, part), True
                    ledger.mark_applied(decision)
    return extraction


_Splits = Mapping[tuple[EntityKey, str], tuple[Decision, EntityName | None]]
"""Entity and folded alias → decision, and the name that the split-off entity gets (None if it is rejected)."""


def _collect_splits(names: NameResolver, ledger: Ledger) -> _Splits:
    splits: dict[tuple[EntityKey, str], tuple[Decision, EntityName | None]] = {}
    for decision in ledger.select(DecisionTopic.ENTITY, DecisionVerdict.SPLIT):
        kind, new_label = parse_kind(decision.kind), decision.value or decision.object
        if kind is None or not name_key(decision.object) or not name_key(new_label):
            ledger.refuse(decision, UnappliedReason.MALFORMED)
            continue
        whole = names.resolve((kind, decision.subject))
        if whole is None:
            continue
        part = names.resolve((kind, new_label))
        first, first_part = splits.setdefault((make_entity_key(whole), name_key(decision.object)), (decision, part))
        if first is decision:
            continue
        if first_part != part and first.source == decision.source:
            ledger.refuse_all((decision, first), UnappliedReason.CONTRADICTION)
        else:
            ledger.mark_applied(decision)
    return splits


def _refuse_circular_splits(splits: _Splits, ledger: Ledger) -> None:
    """Refuse splits whose part is, directly or by other splits, the whole itself: they would never end."""
    edges = {(whole, make_entity_key(part)) for (whole, _), (_, part) in splits.items() if part is not None}
    for (whole, _), (decision, part) in splits.items():
        if part is not None and whole in _find_reachable(make_entity_key(part), edges):
            ledger.refuse(decision, UnappliedReason.CONTRADICTION)


def _find_reachable(start: EntityKey, edges: set[tuple[EntityKey, EntityKey]]) -> set[EntityKey]:
    found, waiting = {start}, [start]
    while waiting:
        current = waiting.pop()
        new = {end for begin, end in edges if begin == current} - found
        waiting += new
        found |= new
    return found


def _split_off_alias(extraction: Extraction, entity: Entity, alias: str, part: EntityName | None) -> Extraction:
    """Take *alias* (folded) from *entity*. Its mentions, and what they alone state, move to the entity *part*."""
    text = extraction.source.text
    moved = tuple(span for span in entity.spans if name_key(span.of(text)) == alias)
    kept = tuple(span for span in entity.spans if span not in moved)
    printed = next(name for name in entity.aliases if name_key(name) == alias)
    aliases = tuple(name for name in entity.aliases if name_key(name) != alias)
    rest = replace(entity, aliases=aliases, spans=kept or entity.spans, rule=PERSON)
    entities = [rest if other is entity else other for other in extraction.entities]
    target = _add_part(entities, entity, part, printed, moved) if part is not None and moved else ""

    def redirect(ident: str, span: Span) -> str:
        if ident != entity.id or not target:
            return ident
        sentences = (sentence.span for sentence in extraction.outline.sentences if sentence.span.contains(span))
        for context in (span, next(sentences, span)):
            if any(mention.overlaps(context) for mention in kept):
                return ident
            if any(mention.overlaps(context) for mention in moved):
                return target
        return ident

    return _redirect_ids(replace(extraction, entities=tuple(entities)), redirect, set())


def _add_part(entities: list[Entity], whole: Entity, part: EntityName, alias: str, spans: tuple[Span, ...]) -> str:
    """Add the mentions *spans* to the entity *part*, which is made if necessary. Return its id."""
    aliases = {alias} - {part[1]}
    known = next((entity for entity in entities if get_entity_key(entity) == make_entity_key(part)), None)
    if known is None:
        ident = EntityId(make_next_id("e", [entity.id for entity in entities]))
        new = Entity(
            ident, part[0], part[1], tuple(sorted(aliases)), spans, whole.jurisdiction, rule=PERSON, confidence=1.0,
            is_local=whole.is_local, named_in=whole.named_in,
        )  # fmt: skip
        entities.append(new)
        return ident
    aliases = {*known.aliases, *aliases} - {known.label}
    position = entities.index(known)
    entities[position] = replace(
        known, spans=tuple(sorted({*known.spans, *spans})), aliases=tuple(sorted(aliases))
    )  # fmt: skip
    return known.id


# added, placed, accepted


def _add_entities(extraction: Extraction, names: NameResolver, ledger: Ledger) -> Extraction:
    for decision in ledger.select(DecisionTopic.ENTITY, DecisionVerdict.ADD):
        kind = parse_kind(decision.kind)
        if kind not in ENTITY_KINDS or kind is None or not name_key(decision.subject):
            ledger.refuse(decision, UnappliedReason.MALFORMED)
            continue
        places, name = ledger.find_quote(decision.quote), names.resolve((kind, decision.subject))
        if name is None:
            ledger.refuse(decision, UnappliedReason.CONTRADICTION)
            continue
        if not places:
            ledger.refuse(decision, UnappliedReason.NO_QUOTE)
            continue
        ledger.mark_applied(decision)
        if find_entity(extraction.entities, name) is None:
            spans = tuple(_narrow_span(place, decision.subject, extraction.source.text) for place in places)
            ident = EntityId(make_next_id("e", [entity.id for entity in extraction.entities]))
            new = Entity(ident, name[0], name[1], (), spans, rule=PERSON, confidence=1.0)
            extraction = replace(extraction, entities=(*extraction.entities, new))
    return extraction


def _set_jurisdictions(extraction: Extraction, names: NameResolver, ledger: Ledger) -> Extraction:
    """Correct the jurisdictions of entities, which distinguish entities of the same name."""
    chosen: dict[EntityKey, Decision] = {}
    for decision in ledger.select(DecisionTopic.ENTITY, DecisionVerdict.CORRECT):
        kind = parse_kind(decision.kind)
        if decision.slot != JURISDICTION or kind is None:
            continue
        name = names.resolve((kind, decision.subject))
        if name is None:
            continue
        first = chosen.setdefault(make_entity_key(name), decision)
        if first.value != decision.value and first.source == decision.source:
            ledger.refuse_all((decision, first), UnappliedReason.CONTRADICTION)
    entities = []
    for entity in extraction.entities:
        correction = chosen.get(get_entity_key(entity))
        if correction is not None and not ledger.is_refused(correction):
            ledger.mark_applied(correction)
            if entity.jurisdiction != correction.value:
                entity = replace(entity, jurisdiction=correction.value, rule=PERSON)
        entities.append(entity)
    return replace(extraction, entities=tuple(entities))


def _accept_entities(extraction: Extraction, names: NameResolver, ledger: Ledger) -> Extraction:
    present = {get_entity_key(entity) for entity in extraction.entities}
    accepted: set[EntityKey] = set()
    for decision in ledger.select(DecisionTopic.ENTITY, DecisionVerdict.ACCEPT):
        kind = parse_kind(decision.kind)
        name = names.resolve((kind, decision.subject)) if kind else None
        if name is not None and make_entity_key(name) in present:
            accepted.add(make_entity_key(name))
            ledger.mark_applied(decision)
    if not accepted:
        return extraction
    entities = (
        replace(entity, confidence=1.0) if get_entity_key(entity) in accepted else entity
        for entity in extraction.entities
    )
    return replace(extraction, entities=tuple(entities))
