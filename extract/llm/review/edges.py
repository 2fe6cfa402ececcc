"""Judge changes of relations: between entities, of documents, and between answers and suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.llm.review.changes import AnswerChange, DropChange, EdgeChange
from extract.llm.review.context import ReviewContext
from extract.llm.review.quotes import RefusedChangeError
from extract.llm.review.rules import matches_rule, read_rules
from extract.model import REPLY_KINDS, TITLED_KINDS, Kind, Relation, Span
from extract.text.normalize import name_key

_SHARED = 4
"""Characters in a row that a part and the suggestion that it answers share."""
_ORDERED = frozenset({"advancesTo"})
"""Properties whose subject stands before the object in the text."""
_NAMED_BY_LETTER = frozenset({
    "submittedBy", "leadAgency", "coAgency", "issuedBy", "addressedTo", "consulted", "basedOn", "approvedBy",
})  # fmt: skip
"""Properties of a document, whose subject is the document around the quote."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """The places of the two ends of a relation in its quotes. An end that is only implied has none."""

    quotes: tuple[Span, ...]
    subject: Span | None
    object: Span


def add_edge(change: EdgeChange, context: ReviewContext) -> str:
    """Add a relation that the quoted words state."""
    draft = context.draft
    subject, obj = _find_end(change.subject, context), _find_end(change.object, context)
    is_document = subject in draft.letters
    if not draft.fits_contract(subject, change.predicate, obj):
        raise RefusedChangeError("kind")
    readings = context.quoted.find_readings(change.quotes)
    ends = next((found for quotes in readings if (found := _find_ends(subject, change, obj, quotes, context))), None)
    if ends is None:
        raise RefusedChangeError("end")
    places = [ends.object, *([ends.subject] if ends.subject else [])]
    if context.is_denied(places):
        raise RefusedChangeError("denied")
    if not is_document and context.is_wished(places):
        raise RefusedChangeError("wish")
    if change.predicate == "establishes" and not _is_founded(obj, ends, context):
        raise RefusedChangeError("unstated")
    if draft.states(subject, change.predicate, obj):
        raise RefusedChangeError("known")
    if subject == obj or draft.states(obj, change.predicate, subject):
        raise RefusedChangeError("contradiction")
    if ends.subject and _is_reversed(change.predicate, ends.subject, ends.object, context):
        raise RefusedChangeError("order")
    kind = "document" if is_document else "edge"
    span = _join(ends)
    confidence = draft.trust.get_confidence(kind)
    draft.relations.append(Relation(subject, change.predicate, obj, span, draft.rule, confidence))
    words = draft.describe_relation(subject, change.predicate, obj)
    draft.revise(draft.make_revision(kind, subject, span, "", words, words))
    return kind


def _find_end(given: str, context: ReviewContext) -> str:
    """Return the id of an entity or document. A policy text is the entity with its title, if there is one."""
    ident = context.find_id(given)
    if ident in context.draft.letters:
        entity = context.draft.find_letter_entity(context.draft.letters[ident])
        return entity.id if entity else ident
    return context.get_entity(given).id


def _find_ends(
    subject: str, change: EdgeChange, obj: str, quotes: tuple[Span, ...], context: ReviewContext
) -> _Ends | None:
    """Return the places of both ends in one reading, or None if an end is neither named nor implied."""
    at = context.locate(obj, quotes)
    if at is None:
        return None
    begin = context.locate(subject, quotes)
    if begin is None and not _is_implied(subject, change.predicate, quotes, context):
        return None
    return _Ends(quotes, begin, at)


def _is_implied(subject: str, predicate: str, quotes: Sequence[Span], context: ReviewContext) -> bool:
    """Return whether the letter's words need not name the subject: it is the letter or its issuer."""
    implied = read_rules(context.lex)["implied"]
    draft, letter = context.draft, context.letter
    if subject == letter.id and letter.kind in TITLED_KINDS and predicate in implied["letter"]:
        return True  # a policy text without a title is no entity, but it is what states all that it says
    if subject in draft.letters:
        return predicate in _NAMED_BY_LETTER and (subject == letter.id or _is_named(subject, quotes, context))
    own = context.letter_entity
    if own is not None and subject == own.id:
        return predicate in implied["letter"]
    if subject not in context.issuers or letter.kind not in REPLY_KINDS or predicate not in implied["issuer"]:
        return False
    return any(matches_rule(quote.of(draft.text), context.lex, "implied", "cues", predicate) for quote in quotes)


def _is_named(ident: str, quotes: Sequence[Span], context: ReviewContext) -> bool:
    """Return whether another letter of the page is named in the quotes, or is only referred to on this page."""
    other = context.draft.letters[ident]
    return other.body is None or any(other.span.overlaps(quote) for quote in quotes)


def _is_reversed(predicate: str, subject: Span, obj: Span, context: ReviewContext) -> bool:
    """Return whether the order of the ends, or the words between them, state the opposite."""
    if predicate in _ORDERED:
        return subject.begin > obj.begin
    if predicate != "broader":
        return False
    first, second = sorted((subject, obj))
    between = "".join(context.draft.text[first.end : second.begin].split())
    rule = "narrower_first" if first == obj else "wider_first"
    return matches_rule(between, context.lex, "broader", rule)


def _is_founded(obj: str, ends: _Ends, context: ReviewContext) -> bool:
    """Return whether the words around the name of a program or platform say that it is set up or run.

    A heading that is the name alone says so too: 第四条 建站资助。
    """
    text, lex = context.draft.text, context.lex
    clause = context.quoted.find_clause(ends.object)
    quote = next((quote for quote in ends.quotes if quote.contains(ends.object)), clause)
    before = text[min(clause.begin, quote.begin) : ends.object.begin]
    before, after = ("".join(words.split()) for words in (before, text[ends.object.end : clause.end]))
    own_clause = "".join(text[clause.begin : ends.object.begin].split())
    if matches_rule(own_clause, lex, "founding", "asked"):
        return False
    if not after.strip("”’") and matches_rule(own_clause, lex, "founding", "heading"):
        return True
    name = context.draft.describe(obj)
    is_activity = "“" not in name and matches_rule(name, lex, "founding", "activity")
    if is_activity:
        return matches_rule(own_clause, lex, "founding", "found")
    return matches_rule(before, lex, "founding", "before") or matches_rule(after, lex, "founding", "behind")


def _join(ends: _Ends) -> Span:
    """Return the quote with the object, or both quotes as one if they stand close together."""
    first, last = min(ends.quotes), max(ends.quotes)
    joined = Span(first.begin, max(first.end, last.end))
    holder = next((quote for quote in ends.quotes if quote.contains(ends.object)), last)
    return joined if len(joined) <= 240 else holder


def drop_relation(change: DropChange, context: ReviewContext) -> str:
    """Withdraw a relation."""
    draft = context.draft
    statement = draft.relation_ids.get(change.id)
    if statement is None:
        raise RefusedChangeError("id")
    subject, predicate, obj = draft.resolve(statement[0]), statement[1], draft.resolve(statement[2])
    if not draft.states(subject, predicate, obj):
        is_left_out = any(end not in draft.letters and draft.get_kind(end) is None for end in (subject, obj))
        raise RefusedChangeError("known" if is_left_out else "gone")
    context.need_trust("drop.edge")
    draft.withdraw_relations("drop.edge", lambda r: (r.subject, r.predicate, r.object) == (subject, predicate, obj))
    return "drop.edge"


def add_answer(change: AnswerChange, context: ReviewContext) -> str:
    """Let a part of a reply answer a suggestion that its words or the heading above it name."""
    draft = context.draft
    part, suggestion = draft.parts.get(change.part), draft.parts.get(change.suggestion)
    if part is None or suggestion is None:
        raise RefusedChangeError("id")
    is_reply = draft.letters[part.letter].kind in REPLY_KINDS
    if not is_reply or part.kind not in (Kind.MEASURE, Kind.COMMITMENT) or suggestion.kind is not Kind.SUGGESTION:
        raise RefusedChangeError("kind")
    if draft.states(part.id, "respondsTo", suggestion.id):
        raise RefusedChangeError("known")
    spans = list(context.quoted.list_item_spans(part.span))
    if change.quotes:
        spans = [span for reading in context.quoted.find_readings(change.quotes) for span in reading
                 if any(own.overlaps(span) for own in spans)]  # fmt: skip
    wanted = name_key(suggestion.label_span.of(draft.text))
    at = next((span for span in spans if _shares_words(name_key(span.of(draft.text)), wanted)), None)
    if at is None:
        raise RefusedChangeError("end")
    confidence = draft.trust.get_confidence("answer")
    guessed = (part.id, "mayRespondTo", suggestion.id)
    draft.withdraw_relations("answer", lambda r: (r.subject, r.predicate, r.object) == guessed)
    span = at if len(at) <= 240 else part.label_span
    draft.relations.append(Relation(part.id, "respondsTo", suggestion.id, span, draft.rule, confidence))
    words = draft.describe_relation(part.id, "respondsTo", suggestion.id)
    draft.revise(draft.make_revision("answer", part.id, span, "", words, words))
    return "answer"


def _shares_words(one: str, two: str) -> bool:
    least = min(_SHARED, len(two))
    return least > 1 and any(two[i : i + least] in one for i in range(len(two) - least + 1))
