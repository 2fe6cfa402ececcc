"""Judge changes of entities: new ones, other names and classes, two that are one, and those to drop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.llm.naming import is_entity_name, strip_name_marks
from extract.llm.review.changes import DropChange, EntityChange, RenameChange, RetypeChange, SameChange
from extract.llm.review.classes import fits_form, may_name
from extract.llm.review.context import ReviewContext
from extract.llm.review.draft import sort_spans
from extract.llm.review.names import are_alike, are_one_text, find_name_pieces, is_short_name
from extract.llm.review.quotes import RefusedChangeError
from extract.llm.review.rules import (
    get_review_limit,
    has_rule,
    is_equal,
    matches_rule,
    may_retype,
    read_rules,
)
from extract.mentions.tiers.rules import read_rules as read_tier_rules
from extract.mentions.tiers.tiers import find_level
from extract.model import ENTITY_KINDS, TITLED_KINDS, Entity, EntityId, Fact, Kind, Relation, Span
from extract.records import make_next_id
from extract.revision import Revision
from extract.text.normalize import include_quotes, name_key
from extract.text.segment import segmenter

_NESTING = frozenset({*TITLED_KINDS, Kind.PROGRAM, Kind.PLATFORM, Kind.AGENCY, Kind.ORGANIZATION, Kind.ENTERPRISE})
"""Classes whose names may contain the name of another thing."""
_ATTRIBUTES = frozenset({"n", "nz", "b", "a", "f", "ns", "nt"})
"""Parts of speech of words that narrow a class."""
_COMMAS = ("，", ",")
_LEVEL = "level"
_LEVELLED = frozenset({Kind.TIER, Kind.AGENCY})
"""Classes of things that have a level."""
_OWN = ("issuedBy", "approvedBy", "basedOn")
"""What a policy text says of itself."""


def parse_entity_kind(name: str) -> Kind:
    """Return a class of entities.

    Raises:
        RefusedChangeError: there is no such class.
    """
    kind = next((kind for kind in ENTITY_KINDS if kind.value == name), None)
    if kind is None:
        raise RefusedChangeError("kind")
    return kind


# new


def add_entity(change: EntityChange, context: ReviewContext) -> str:
    """Add an entity that the text names, or give the key of the change to the known one."""
    draft, kind = context.draft, parse_entity_kind(change.kind)
    name = strip_name_marks(change.name)
    if len(name) > get_review_limit("name", context.lex) or not is_entity_name(name, kind):
        raise RefusedChangeError("name")
    quotes = [reading[0] for reading in context.quoted.find_readings((change.quote,))]
    places = [place for place in context.quoted.find_all(name) if any(quote.contains(place) for quote in quotes)]
    pieces = (
        []
        if places
        else [span for quote in quotes if (span := find_name_pieces(name, quote, context.quoted, context.lex))]
    )
    if not places and not pieces:
        raise RefusedChangeError("absent")
    known = draft.find_by_name(name) or _find_division(name, kind, context)
    if same := next((entity for entity in known if entity.kind is kind), None):
        context.keys[change.key] = same.id
        raise RefusedChangeError("known")
    if known:  # its class stays; what else the answer says of it is judged by itself
        context.keys[change.key] = known[0].id
        raise RefusedChangeError("contradiction")
    if not may_name(name, kind, places, draft.text, context.lex):
        raise RefusedChangeError("form")
    spans = context.quoted.find_all(name) if places else pieces
    free = [place for place in spans if pieces or _is_free(place, kind, context)]
    if not free:
        raise RefusedChangeError("clash")
    ident = EntityId(make_next_id("e", [*draft.entities, *draft.replaced, *(e.id for e in draft.base.entities)]))
    made = context.namer.make_entity(free, kind, draft.rule, ident, name=name if pieces else "")
    if made is None:
        raise RefusedChangeError("name")
    if same := next((entity for entity in draft.find_by_name(made.label) if entity.kind is kind), None):
        context.keys[change.key] = same.id
        raise RefusedChangeError("known")
    entity = _with_level(replace(made, confidence=draft.trust.get_confidence("entity")), context)
    draft.entities[ident] = entity
    context.keys[change.key] = ident
    _add_implied_relations(entity, context)
    draft.revise(draft.make_revision("entity", ident, entity.spans[0], "", f"{kind.value} {entity.label}"))
    return "entity"


def _find_division(name: str, kind: Kind, context: ReviewContext) -> list[Entity]:
    """Return the one place whose name is *name* with the word for its kind of division behind it: 青禾市 for 青禾."""
    ending = re.compile(read_rules(context.lex)["own"]["division"])
    places = [e for e in context.draft.entities.values() if e.kind is kind is Kind.PLACE]
    same = [e for e in places if (found := ending.search(e.label)) and e.label[: found.start()] == name]
    return same if len(same) == 1 else []


def _is_free(place: Span, kind: Kind, context: ReviewContext) -> bool:
    """Return whether no known name rules out an entity of *kind* at *place*; on a clash, whole words win."""
    for other in context.draft.entities.values():
        names = set(map(name_key, (other.label, *other.aliases)))
        for span in other.spans:
            # the words of a member of a list over a shared word are no name of it alone
            if not span.overlaps(place) or name_key(span.of(context.draft.text)) not in names:
                continue
            if span.contains(place):
                if (
                    span == include_quotes(context.draft.text, place)
                    or other.kind not in _NESTING
                    or other.kind is kind
                ):
                    return False
            elif place.contains(span):
                is_nested = kind in (Kind.AGENCY, Kind.PLACE, *TITLED_KINDS)
                if other.kind is kind and not is_nested and not _is_narrower(place, span, context):
                    return False
            elif context.count_cut_words(place) >= context.count_cut_words(span):
                return False
    return True


def _is_narrower(place: Span, head: Span, context: ReviewContext) -> bool:
    """Return whether *place* is *head* with nouns or attributes before it: 服务业小微企业, not 支持小微企业."""
    if place.end != head.end:
        return False
    sentence = context.quoted.find_sentence(place)
    words = segmenter(context.lex).segment(sentence.of(context.draft.text))
    before = [word for word in words if place.begin <= sentence.begin + word.begin < head.begin]
    return context.count_cut_words(place) == 0 and all(word.tag in _ATTRIBUTES for word in before)


def _with_level(entity: Entity, context: ReviewContext) -> Entity:
    """Return a class of firms with the level that its name states, as the rules read it; anything else as it is."""
    level = find_level(entity.label, read_tier_rules(context.lex)) if entity.kind is Kind.TIER else ""
    if not level or entity.get_fact(_LEVEL) == level:
        return entity
    others = (fact for fact in entity.facts if fact.name != _LEVEL)
    return replace(entity, facts=(*others, Fact(_LEVEL, level, entity.spans[0])))


def _add_implied_relations(entity: Entity, context: ReviewContext) -> None:
    """Add the relation to the part around the name, and that of an agency to the place in its label."""
    draft, span = context.draft, entity.spans[0]
    part = context.find_part(span)
    if part is not None and entity.kind is not Kind.PLACE:
        draft.relations.append(Relation(part.id, "involves", entity.id, span, draft.rule, entity.confidence))
    if entity.kind is Kind.AGENCY:
        places = [e for e in draft.entities.values() if e.kind is Kind.PLACE and entity.label.startswith(e.label)]
        if places:
            place = max(places, key=lambda other: len(other.label))
            draft.relations.append(Relation(entity.id, "jurisdiction", place.id, span, draft.rule, entity.confidence))


# changed


def rename_entity(change: RenameChange, context: ReviewContext) -> str:
    """Give an entity the name whose borders the text has, or merge it with the entity that has the name."""
    entity, draft = context.get_entity(change.id), context.draft
    name = strip_name_marks(change.name)
    if len(name) > get_review_limit("name", context.lex) or not is_entity_name(name, entity.kind):
        raise RefusedChangeError("name")
    places = context.quoted.find_all(name)
    pieces = [] if places else _find_pieces(name, entity, context)
    if not places and not pieces:
        raise RefusedChangeError("quote")
    if name_key(name) == name_key(entity.label):
        raise RefusedChangeError("known")
    at = pieces or [place for place in places if any(place.overlaps(span) for span in entity.spans)]
    if not at:
        raise RefusedChangeError("elsewhere")
    if not fits_form(name, entity.kind, context.lex):
        raise RefusedChangeError("form")
    old = next(span for span in entity.spans if span.overlaps(at[0]))
    is_known = any(other.id != entity.id and other.kind is entity.kind for other in draft.find_by_name(name))
    if not is_known and not pieces and context.count_cut_words(at[0]) > context.count_cut_words(old):
        raise RefusedChangeError("border")
    context.need_trust("rename")
    made = context.namer.make_entity(at, entity.kind, draft.rule, entity.id, name=name if pieces else "")
    if made is None:
        raise RefusedChangeError("name")
    known = [e for e in (*draft.find_by_name(made.label), *draft.find_by_name(name)) if e.id != entity.id]
    if same := next((other for other in known if other.kind is entity.kind), None):
        _merge(same, entity, at[0], "rename", context)
        return "rename"
    names = {entity.label, *entity.aliases, name}
    is_border = name_key(name) in name_key(entity.label) or name_key(entity.label) in name_key(name)
    kept = {alias for alias in names if not is_border or alias == name or name_key(alias) in name_key(made.label)}
    if is_border:
        kept -= {entity.label}
    others = [span for span in entity.spans if not any(span.overlaps(place) for place in at)]
    renamed = replace(
        entity, label=made.label, aliases=tuple(sorted(kept - {made.label})), spans=sort_spans([*at, *others]),
        jurisdiction=made.jurisdiction, is_local=made.is_local, named_in=made.named_in, rule=draft.rule,
        confidence=draft.trust.get_confidence("rename"),
    )  # fmt: skip
    draft.entities[entity.id] = _with_level(renamed, context)
    revision = draft.make_revision("rename", entity.id, at[0], entity.label, made.label)
    draft.revise(_withdrawing(revision, entity))
    draft.withdraw_names("rename", entity, at[0], {*entity.aliases} - {*kept, made.label}, made.label)
    draft.withdraw_facts(entity, at[0], draft.entities[entity.id].facts)
    return "rename"


def _find_pieces(name: str, entity: Entity, context: ReviewContext) -> list[Span]:
    """Return the words of the lists in which *entity* is a member that is called *name*: 全国甲级、乙级民宿."""
    items = dict.fromkeys(context.quoted.list_item_spans(span)[0] for span in entity.spans)
    found = (find_name_pieces(name, item, context.quoted, context.lex) for item in items)
    return [piece for piece in found if piece and any(piece.overlaps(span) for span in entity.spans)]


def retype_entity(change: RetypeChange, context: ReviewContext) -> str:
    """Give an entity another class, unless the form of its name contradicts it."""
    entity, kind, draft = context.get_entity(change.id), parse_entity_kind(change.kind), context.draft
    if entity.kind is kind:
        raise RefusedChangeError("known")
    is_named = may_name(entity.label, kind, entity.spans, draft.text, context.lex)
    if not is_named or not may_retype(entity.kind, kind, context.lex):
        raise RefusedChangeError("form")
    if has_rule(context.lex, "retype", "ends", kind.value) and not matches_rule(
        entity.label, context.lex, "retype", "ends", kind.value
    ):
        raise RefusedChangeError("form")
    if is_equal(entity.kind, kind, context.lex) and not _gets_something(entity, context):
        raise RefusedChangeError("equal")
    context.need_trust("retype")
    span = _find_span(entity, context)
    known = [other for other in draft.find_by_name(entity.label) if other.kind is kind]
    revision = draft.make_revision("retype", entity.id, span, entity.kind.value, kind.value, entity.label)
    draft.revise(_withdrawing(revision, entity))
    confidence = draft.trust.get_confidence("retype")
    facts = tuple(fact for fact in entity.facts if fact.name != _LEVEL or kind in _LEVELLED)
    retyped = replace(entity, kind=kind, facts=facts, rule=draft.rule, confidence=confidence)
    draft.entities[entity.id] = _with_level(retyped, context)
    if known:
        same = known[0]
        names, stated = {*same.aliases, *entity.aliases} - {same.label}, {fact.name for fact in same.facts}
        added = [fact for fact in draft.entities[entity.id].facts if fact.name not in stated]
        draft.entities[same.id] = replace(
            same, aliases=tuple(sorted(names)), spans=sort_spans([*same.spans, *entity.spans]),
            facts=(*same.facts, *added),
        )  # fmt: skip
        draft.withdraw_facts(entity, span, draft.entities[same.id].facts)
        draft.redirect(entity.id, same.id)
    else:
        draft.withdraw_facts(entity, span, draft.entities[entity.id].facts)
    ident = draft.resolve(entity.id)
    draft.withdraw_relations(
        "drop.edge",
        lambda r: (
            ident in (r.subject, r.object)
            and r.predicate in draft.contract.pairs
            and r.subject in draft.entities
            and not draft.fits_contract(r.subject, r.predicate, r.object)
        ),
    )
    return "retype"


def _gets_something(entity: Entity, context: ReviewContext) -> bool:
    """Return whether the graph or the answer itself says that something is given to *entity*."""
    is_given = any(r.predicate == "supports" and r.object == entity.id for r in context.draft.relations)
    return is_given or any(context.find_id(given) == entity.id for given in context.supported)


def merge_entities(change: SameChange, context: ReviewContext) -> str:
    """Merge two entities that the text does not tell apart."""
    kept, other = context.get_entity(change.id), context.get_entity(change.other)
    if kept.id == other.id:
        raise RefusedChangeError("known")
    if kept.kind is not other.kind and not may_retype(other.kind, kept.kind, context.lex):
        raise RefusedChangeError("kind")
    if _are_different(kept, other, context):
        raise RefusedChangeError("contradiction")
    context.need_trust("same")
    _merge(kept, other, _find_span(other, context), "same", context)
    return "same"


def _merge(kept: Entity, other: Entity, span: Span, change: str, context: ReviewContext) -> None:
    draft = context.draft
    names = {other.label, *other.aliases, *kept.aliases} if change == "same" else set(kept.aliases)
    facts = {(fact.name, fact.value): fact for fact in (*other.facts, *kept.facts)}
    draft.entities[kept.id] = replace(
        kept, aliases=tuple(sorted(names - {kept.label})), spans=sort_spans([*kept.spans, *other.spans]),
        facts=tuple(facts.values()), rule=draft.rule, confidence=draft.trust.get_confidence(change),
    )  # fmt: skip
    revision = draft.make_revision(change, kept.id, span, f"{other.kind.value} {other.label}", kept.label)
    draft.revise(_withdrawing(revision, other))
    lost = {*other.aliases} - {*names, kept.label}
    draft.withdraw_names(change, other, span, lost, kept.label)
    draft.redirect(other.id, kept.id)


def _are_different(one: Entity, two: Entity, context: ReviewContext) -> bool:
    """Return whether the text tells two entities apart, or nothing says that they are one."""
    if any(is_short_name(a, b, context.draft.text, context.lex) for a, b in ((one, two), (two, one))):
        return False
    levels: list[str] = read_rules(context.lex)["lists"]["levels"]
    marks = [({n for n in levels if n in e.label}, set(re.findall(r"\d+", e.label))) for e in (one, two)]
    if any(left != right and left and right for left, right in zip(*marks, strict=True)):
        return True
    stated = [e.get_fact("level") for e in (one, two)]
    if all(stated) and stated[0] != stated[1]:
        return True
    joint = re.compile(f'(?:{read_rules(context.lex)["lists"]["joint"]})[“”"《》]*')
    for first in one.spans:
        for second in two.spans:
            left, right = sorted((first, second))
            between = context.draft.text[left.end : right.begin].strip("”》“《") if left.end <= right.begin else ""
            is_repeated = between in _COMMAS and left.of(context.draft.text).endswith(right.of(context.draft.text))
            if joint.fullmatch(between) and not is_repeated:
                return True
    pairs = [(a, b) for a in (one.label, *one.aliases) for b in (two.label, *two.aliases)]
    if one.kind in TITLED_KINDS and two.kind in TITLED_KINDS:
        return not any(are_one_text(a, b, context.lex) for a, b in pairs)
    field = re.compile(read_rules(context.lex)["own"]["department"])
    if one.kind is two.kind is Kind.AGENCY:
        pairs = [(field.sub("", a), field.sub("", b)) for a, b in pairs]
    return not any(are_alike(a, b) for a, b in pairs)


def drop_entity(change: DropChange, context: ReviewContext) -> str:
    """Withdraw an entity, unless the letter itself depends on it or its name is certain."""
    entity, draft = context.get_entity(change.id), context.draft
    rules = read_rules(context.lex)["drop"]
    own = {found.id for letter in draft.letters.values() if (found := draft.find_letter_entity(letter))}
    heads = {(r.subject, r.predicate) for r in draft.relations if r.object == entity.id}
    is_own = any(subject in draft.letters or (subject in own and name in _OWN) for subject, name in heads)
    found_as = next((base for base in draft.base.entities if base.id == entity.id), entity)
    is_certain = entity.kind.value in rules["classes"] and found_as.confidence >= float(rules["certain"])
    if is_own or entity.id in own or (is_certain and not all(map(context.count_cut_words, entity.spans))):
        raise RefusedChangeError("certain")
    if entity.kind is Kind.PROGRAM and any(_is_called_program(span, context) for span in entity.spans):
        raise RefusedChangeError("certain")
    if change.id in context.used:
        raise RefusedChangeError("contradiction")
    context.need_trust("drop.entity")
    span, words = _find_span(entity, context), f"{entity.kind.value} {entity.label}"
    revision = draft.make_revision("drop.entity", "", span, words, "", entity.label)
    draft.revise(_withdrawing(revision, entity))
    draft.withdraw_names("drop.entity", entity, span, entity.aliases)
    draft.withdraw_facts(entity, span)
    draft.remove_entity(entity.id)
    return "drop.entity"


def _is_called_program(span: Span, context: ReviewContext) -> bool:
    """Return whether the name at *span* stands in quotes, and the words around them call or run it as a program."""
    text, lex = context.draft.text, context.lex
    quoted = include_quotes(text, span)
    opening, closing = text.find("“", quoted.begin, quoted.end), text.find("”", quoted.begin, quoted.end)
    if not opening < closing or opening > span.begin:
        return False
    before, after = text[max(0, opening - 12) : opening], text[closing + 1 : closing + 13]
    return matches_rule("".join(before.split()), lex, "drop", "run") or matches_rule(
        "".join(after.split()), lex, "drop", "called"
    )


def _find_span(entity: Entity, context: ReviewContext) -> Span:
    """Return the first mention in the section, else the first one at all."""
    own: Sequence[Span] = [span for span in entity.spans if context.section.span.contains(span)]
    return (own or entity.spans)[0]


def _withdrawing(revision: Revision, entity: Entity) -> Revision:
    return replace(revision, withdrawn_rule=entity.rule, withdrawn_confidence=entity.confidence)
