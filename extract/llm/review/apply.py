"""Apply the changes of a reviewing model to an extraction: each is verified by the text, and refused with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from extract.llm.report import LlmReport, Refusal
from extract.llm.review.changes import (
    AnswerChange,
    Change,
    DropChange,
    EdgeChange,
    EntityChange,
    FieldChange,
    NumberChange,
    PartChange,
    RenameChange,
    RetypeChange,
    ReviewAnswer,
    SameChange,
    SlotChange,
)
from extract.llm.review.context import ReviewContext
from extract.llm.review.documents import change_field, change_part
from extract.llm.review.draft import Draft
from extract.llm.review.edges import add_answer, add_edge, drop_relation
from extract.llm.review.entities import add_entity, drop_entity, merge_entities, rename_entity, retype_entity
from extract.llm.review.figures import add_figure, change_slot, drop_figure
from extract.llm.review.quotes import QuotedText, RefusedChangeError
from extract.llm.review.sections import Section
from extract.llm.review.trust import ReviewTrust
from extract.model import Extraction
from extract.revision import make_revision_key
from ontology.lexicons import Lexicon

_KNOWN = "known"


def apply_review(
    answer: ReviewAnswer, extraction: Extraction, section: Section, *, model: str, lex: Lexicon, trust: ReviewTrust
) -> tuple[Extraction, LlmReport]:
    """Apply the changes of *answer* that the text supports.

    Args:
        answer: what the model said about *section*.
        extraction: the extraction of the rules, whose ids the model was shown.
        section: the section that was sent.
        model: name of the model, for ``rule``.
        lex: the lexicon of the extraction.
        trust: which kinds of changes may override the rules.

    Returns:
        The changed extraction, and the counts of the verdicts.
    """
    draft = Draft(extraction, model, lex, trust)
    report = LlmReport()
    for _, verdicts in apply_changes(answer, draft, section):
        report += verdicts
    return draft.build(), report


def apply_changes(
    answer: ReviewAnswer, draft: Draft, section: Section, text: str = "", rejected: frozenset[str] = frozenset()
) -> Iterator[tuple[Change | None, LlmReport]]:
    """Apply the changes of *answer* to *draft* one by one. Yield each with its verdict; None for what is no change.

    Args:
        answer: what the model said about *section*.
        draft: the extraction so far; it is changed.
        section: the section that was sent.
        text: the text as it was sent, if some of its characters were masked.
        rejected: the changes that a person rejected, by :func:`make_revision_key`.
    """
    used = frozenset(_list_used(answer.changes))
    supported = frozenset(c.object for c in answer.changes if isinstance(c, EdgeChange) and c.predicate == "supports")
    quoted = QuotedText(draft.base, section, draft.lex, text)
    context = ReviewContext(draft, section, quoted, used=used, supported=supported)
    for change in answer.changes:
        state, done = draft.save(), len(draft.revisions)
        try:
            kind = _JUDGES[type(change)](change, context)
            if any(make_revision_key(r.change, r.name, r.before, r.after) in rejected for r in draft.revisions[done:]):
                draft.restore(state)
                raise RefusedChangeError("person")
        except RefusedChangeError as refused:
            yield change, _make_refusal(change, refused.reason, context)
        else:  # what follows from a change is as sure as the change
            sure = draft.trust.get_confidence(kind)
            draft.revisions[done:] = [replace(revision, confidence=sure) for revision in draft.revisions[done:]]
            yield change, LlmReport(offered=1, accepted=1, changed={kind: 1})
    counts = Counter(item.reason for item in answer.left_out)
    yield (
        None,
        LlmReport(
            offered=counts.total(), rejected=dict(sorted(counts.items())),
            refusals=tuple(Refusal(draft.base.source.id, i.where, i.words, i.reason) for i in answer.left_out),
        ),
    )  # fmt: skip


def _list_used(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        match change:
            case EdgeChange(subject, _, obj, _):
                yield from (subject, obj)
            case SlotChange(_, _, value, _):
                yield value


def _make_refusal(change: Change, reason: str, context: ReviewContext) -> LlmReport:
    if reason == _KNOWN:
        return LlmReport(offered=1, known=1)
    refusal = Refusal(context.draft.base.source.id, name_change(change), describe_change(change, context), reason)
    return LlmReport(offered=1, rejected={reason: 1}, refusals=(refusal,))


def name_change(change: Change) -> str:
    """Return the kind of a change for people and reports: ``edge``, ``slot.about`` … ."""
    if isinstance(change, SlotChange):
        return f"slot.{change.slot}"
    if isinstance(change, DropChange):
        return {"e": "drop.entity", "r": "drop.edge", "f": "drop.figure"}.get(change.id[:1], "drop")
    return _NAMES[type(change)]


def describe_change(change: Change, context: ReviewContext) -> str:
    """Return a change in words, on one line of limited length."""
    draft = context.draft

    def name(ident: str) -> str:
        found = context.find_id(ident)
        if ident in draft.relation_ids:
            return draft.describe_relation(*draft.relation_ids[ident])
        return draft.describe(found)

    match change:
        case DropChange(ident):
            words = [name(ident)]
        case RenameChange(ident, new):
            words = [name(ident), "→", new]
        case RetypeChange(ident, kind) | PartChange(ident, kind):
            words = [name(ident), "→", kind]
        case SameChange(ident, other):
            words = [name(ident), "=", name(other)]
        case EntityChange(_, kind, new, _):
            words = [kind, new]
        case EdgeChange(subject, predicate, obj, _):
            words = [name(subject), predicate, name(obj)]
        case NumberChange(_, kind, number, _):
            words = [kind, number]
        case SlotChange(ident, slot, value, _):
            words = [name(ident), slot, "→", name(value) if value else "∅"]
        case FieldChange(ident, field, value, _):
            words = [name(ident), field, "→", value]
        case AnswerChange(part, suggestion, _):
            words = [name(part), "→", name(suggestion)]
    text = " ".join(" ".join(words).split())
    return "".join(character for character in text if character.isprintable())[:120]


def _drop(change: DropChange, context: ReviewContext) -> str:
    judges = {"e": drop_entity, "r": drop_relation, "f": drop_figure}
    judge = judges.get(change.id[:1])
    if judge is None:
        raise RefusedChangeError("id")
    return judge(change, context)


_JUDGES: Mapping[type, Callable[[Any, ReviewContext], str]] = {
    DropChange: _drop, RenameChange: rename_entity, RetypeChange: retype_entity, SameChange: merge_entities,
    EntityChange: add_entity, EdgeChange: add_edge, NumberChange: add_figure, SlotChange: change_slot,
    FieldChange: change_field, PartChange: change_part, AnswerChange: add_answer,
}  # fmt: skip
_NAMES: Mapping[type, str] = {
    RenameChange: "rename", RetypeChange: "retype", SameChange: "same", EntityChange: "entity", EdgeChange: "edge",
    NumberChange: "figure", FieldChange: "field", PartChange: "part", AnswerChange: "answer",
}  # fmt: skip
