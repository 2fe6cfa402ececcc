"""Decisions of people as the tests write them, and what comes of them."""

from __future__ import annotations

from extract.corrections.apply import apply_decisions
from extract.corrections.model import Decision, DecisionTopic, DecisionVerdict, UnappliedReason
from extract.model import Extraction

SOURCE = "2024/20240015.txt"
TIER = "国家级专精特新“小巨人”企业"
LAW = "澄溪市先进制造业促进办法"


def decide(verdict: str, what: str, kind: str = "", subject: str = "", source: str = SOURCE, **more: str) -> Decision:
    rest = {"predicate": "", "object_kind": "", "object": "", "quote": "", "slot": "", **more}
    return Decision(
        source=source, what=DecisionTopic(what), kind=kind, subject=subject, verdict=DecisionVerdict(verdict), **rest
    )


def done(extraction: Extraction, *decisions: Decision) -> Extraction:
    """With *decisions*, all of which apply."""
    decided, left = apply_decisions(extraction, decisions)
    assert left == ()
    return decided


def stopped(extraction: Extraction, *decisions: Decision) -> set[UnappliedReason]:
    """Why they do not apply; nothing is changed."""
    decided, left = apply_decisions(extraction, decisions)
    assert decided == extraction
    assert {u.decision for u in left} == set(decisions)
    return {u.reason for u in left}


def triples(x: Extraction) -> set[tuple[str, str, str]]:
    labels = {e.id: e.label for e in x.entities}
    return {(labels.get(r.subject, r.subject), r.predicate, labels.get(r.object, r.object)) for r in x.relations}


def statement(verdict: str, subject: tuple[str, str], predicate: str, obj: tuple[str, str], **more: str) -> Decision:
    return decide(verdict, "statement", *subject, predicate=predicate, object_kind=obj[0], object=obj[1], **more)


AGENCY, PROGRAM = ("Agency", "澄溪市工业和信息化局"), ("Program", "登高计划")
AGENCY, PROGRAM = ("Agency", "澄溪市工业和信息化局"), ("Program", "登高计划")
