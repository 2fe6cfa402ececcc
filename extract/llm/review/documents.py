"""Judge changes of documents and parts: literal fields, facts of entities, and the classes of parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extract.llm.review.changes import FieldChange, PartChange
from extract.llm.review.context import ReviewContext
from extract.llm.review.quotes import RefusedChangeError
from extract.llm.review.rules import has_rule, matches_rule
from extract.model import REPLY_KINDS, Entity, Fact, Field, Kind, Letter, Span
from extract.text.dates import parse_date
from extract.text.normalize import name_key, number_key

_OF_LETTERS: Mapping[str, frozenset[Kind]] = {
    "title": frozenset({Kind.PROPOSAL, *REPLY_KINDS, Kind.INSTRUMENT, Kind.REPORT}),
    "proposalNumber": frozenset({Kind.PROPOSAL}),
    "session": frozenset({Kind.PROPOSAL}),
    "issued": frozenset({*REPLY_KINDS, Kind.INSTRUMENT, Kind.REPORT}),
    "documentNumber": frozenset({*REPLY_KINDS, Kind.INSTRUMENT}),
}
_OF_ENTITIES: Mapping[str, frozenset[Kind]] = {
    "issued": frozenset({Kind.INSTRUMENT, Kind.REPORT}),
    "documentNumber": frozenset({Kind.INSTRUMENT}),
    "status": frozenset({Kind.INSTRUMENT}),
    "level": frozenset({Kind.TIER, Kind.AGENCY}),
}
_LATER: Mapping[str, tuple[str, ...]] = {"InForce": ("UnderRevision", "Repealed"), "UnderRevision": ("Repealed",)}
"""States that come after a state."""
_FIELD_CONFIDENCE = 0.95
"""Of a literal field of a document as the rules read it; a field has no confidence of its own."""
_NEAR = 60
"""Characters between the name of an instrument and its number or date, at most."""
_PARTS_OF: Mapping[Kind, frozenset[Kind]] = {
    Kind.PROPOSAL: frozenset({Kind.PROBLEM, Kind.SUGGESTION}),
    **dict.fromkeys(REPLY_KINDS, frozenset({Kind.MEASURE, Kind.COMMITMENT})),
}
"""Classes of parts by class of the document."""


def change_field(change: FieldChange, context: ReviewContext) -> str:
    """Give a document or an entity a literal property that the text prints."""
    ident = context.find_id(change.id)
    letter = context.draft.letters.get(ident)
    if letter is not None and not (own := context.draft.find_letter_entity(letter)):
        return _change_letter(letter, change, context)
    entity = own if letter is not None and own else context.get_entity(change.id)
    return _change_entity(entity, change, context)


def _change_letter(letter: Letter, change: FieldChange, context: ReviewContext) -> str:
    if letter.kind not in _OF_LETTERS.get(change.field, frozenset()):
        raise RefusedChangeError("kind")
    span = _find_value(change, context)
    if not any(line.span.overlaps(span) for line in context.section.shown):
        raise RefusedChangeError("quote")
    value = _read_value(change)
    before = letter.get_value(change.field) or ""
    if name_key(before) == name_key(value):
        raise RefusedChangeError("known")
    if before:
        context.need_trust("field")
    fields = [field for field in letter.fields if field.name != change.field]
    made = replace(letter, fields=(*fields, Field(change.field, value, span)))
    context.draft.letters[letter.id] = made
    for field in letter.get_fields(change.field) or (None,):
        before = f"{change.field} {field.value}" if field else ""
        revision = context.draft.make_revision("field", letter.id, span, before, f"{change.field} {value}")
        if field:
            revision = replace(revision, withdrawn_rule=f"field.{field.name}", withdrawn_confidence=_FIELD_CONFIDENCE)
        context.draft.revise(revision)
    return "field"


def _change_entity(entity: Entity, change: FieldChange, context: ReviewContext) -> str:
    if entity.kind not in _OF_ENTITIES.get(change.field, frozenset()):
        raise RefusedChangeError("kind")
    if change.field in ("status", "level"):
        value, span = change.value, _find_cue(entity, change, context)
    else:
        value, span = _read_value(change), _find_value(change, context)
        near = (Span(s.begin - _NEAR, s.end + _NEAR) for s in entity.spans)
        if not any(around.overlaps(span) for around in near):
            raise RefusedChangeError("end")
    before = entity.get_fact(change.field) or ""
    if before == value:
        raise RefusedChangeError("known")
    if before:
        context.need_trust("field")
    facts = [fact for fact in entity.facts if fact.name != change.field]
    draft, made = context.draft, Fact(change.field, value, span)
    draft.entities[entity.id] = replace(entity, facts=(*facts, made))
    if before:
        draft.withdraw_facts(entity, span, [*facts, made])
    else:
        draft.revise(draft.make_revision("field", entity.id, span, "", f"{change.field} {value}"))
    return "field"


def _find_cue(entity: Entity, change: FieldChange, context: ReviewContext) -> Span:
    """Return the mention of an entity whose words allow the individual *change.value*."""
    if not has_rule(context.lex, change.field, change.value):
        raise RefusedChangeError("kind")
    if change.field == "level":
        if not matches_rule(entity.label, context.lex, "level", change.value):
            raise RefusedChangeError("contradiction")
        return entity.spans[0]
    text, later = context.draft.text, _LATER.get(change.value, ())
    for span in entity.spans:  # a sentence that says more of it is what holds: 现行X已列入修订计划
        sentence = context.quoted.find_sentence(span).of(text)
        if any(matches_rule(sentence, context.lex, "status", state) for state in later):
            raise RefusedChangeError("contradiction")
    for span in entity.spans:
        if matches_rule(context.quoted.find_clause(span).of(text), context.lex, "status", change.value):
            return span
    raise RefusedChangeError("contradiction")


def _find_value(change: FieldChange, context: ReviewContext) -> Span:
    """Return where the value is printed, in the quote if there is one."""
    places = context.quoted.find_all(change.value)
    if change.quote:
        quotes = [reading[0] for reading in context.quoted.find_readings((change.quote,))]
        places = [place for place in places if any(quote.contains(place) for quote in quotes)]
    if not places:
        raise RefusedChangeError("quote")
    return places[0]


def _read_value(change: FieldChange) -> str:
    value = "".join(change.value.split())
    if change.field == "issued":
        date = parse_date(value)
        if not date:
            raise RefusedChangeError("period")
        return date
    if change.field == "documentNumber":
        if not any(character.isdigit() for character in value):
            raise RefusedChangeError("number")
        return value.replace("[", "〔").replace("]", "〕").replace("【", "〔").replace("】", "〕")
    if change.field == "proposalNumber":
        digits = number_key(value)
        if not digits:
            raise RefusedChangeError("number")
        return value.removeprefix("第").removesuffix("号")
    return value.removeprefix("《").removesuffix("》") if change.field == "title" else value


def change_part(change: PartChange, context: ReviewContext) -> str:
    """Give a part another class, or none."""
    draft = context.draft
    part = draft.parts.get(change.id)
    if part is None:
        raise RefusedChangeError("id")
    kind = next((kind for kind in Kind if kind.value == change.kind), None)
    if change.kind and kind not in _PARTS_OF.get(draft.letters[part.letter].kind, frozenset()):
        raise RefusedChangeError("kind")
    if part.kind is kind:
        raise RefusedChangeError("known")
    words = " ".join(span.of(draft.text) for span in (part.span, *context.quoted.list_item_spans(part.span)))
    if kind and has_rule(context.lex, "parts", kind.value) and not matches_rule(
        words, context.lex, "parts", kind.value
    ):  # fmt: skip
        raise RefusedChangeError("contradiction")
    if part.kind is not None:
        context.need_trust("part")
    before, after = (k.value if k else "" for k in (part.kind, kind))
    revision = draft.make_revision("part", part.id, part.label_span, before, after)
    draft.revise(replace(revision, withdrawn_rule=part.rule, withdrawn_confidence=part.confidence))
    draft.parts[part.id] = replace(part, kind=kind, rule=draft.rule, confidence=draft.trust.get_confidence("part"))
    if kind is None or kind is not Kind.SUGGESTION:
        draft.withdraw_relations("part", lambda r: r.object == part.id and r.predicate != "partOf")
    if kind is None:
        draft.withdraw_relations("part", lambda r: r.subject == part.id)
    if part.kind is Kind.COMMITMENT:
        draft.clear_slots_with(part.id, ["part_of"])
    return "part"
