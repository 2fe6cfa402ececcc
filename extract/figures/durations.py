"""Which kind of figure a stretch of time makes."""

from __future__ import annotations

from typing import Literal

from extract.figures.around import Around, Verdict
from extract.figures.context import FigureContext, Number, Scene
from extract.figures.cues import Cues, cues
from extract.figures.existing import load_existing_words
from extract.figures.promises import is_past, is_promised
from extract.model import Bound, Kind

_WIDTH = 12
"""Characters before a time, or a list of times, in which words say that it is a term."""


def judge_duration(
    page: FigureContext, scene: Scene, number: Number, a: Around, part: Kind | None
) -> Verdict | Literal[False] | None:
    """What a stretch of time makes; False if it is judged as other numbers are."""
    c, q = cues(page.lex), number.quantity
    if c.has("valid", a.left):
        return Verdict(Kind.OBSERVATION, "validity")
    if c.has("change", a.left):
        return Verdict(Kind.TARGET if _shortened(scene, number, a, part, c) else Kind.OBSERVATION, "duration")
    if c.has("term", a.lead[-_WIDTH:]):
        if c.has("process", a.left):
            return False
        if q.bound is Bound.AT_LEAST and a.right.startswith("的") and c.has("threshold_right", a.right):
            return Verdict(Kind.CONDITION, "threshold")  # 去化周期在18个月以上的区域，可…
        if c.has("give", a.segment) or q.bound is Bound.AT_MOST:
            return Verdict(Kind.PROVISION, "term")
        return Verdict(Kind.OBSERVATION, "duration")
    if q.bound is Bound.AT_MOST and c.has("if_done", a.right):
        return Verdict(Kind.CONDITION, "threshold")
    if q.bound is Bound.AT_MOST and c.has("process", a.right) and not c.has("threshold_end", a.clause):
        promised = part is Kind.COMMITMENT or scene.letter.kind is Kind.INSTRUMENT
        if scene.letter.kind is Kind.INSTRUMENT and load_existing_words(page.lex).binds_applicant(a.left):
            return Verdict(Kind.CONDITION, "requirement")
        return Verdict(Kind.TARGET if promised else Kind.OBSERVATION, "time limit")
    if q.bound is Bound.EXACTLY or q.ranged:
        return None
    named = q.bound is Bound.AT_LEAST and c.has("threshold_right", a.right)
    return Verdict(Kind.CONDITION, "threshold") if named or c.has("threshold_end", a.clause) else None


def _shortened(scene: Scene, number: Number, a: Around, part: Kind | None, c: Cues) -> bool:
    """Whether a change of a duration is promised: a policy or a promise that shortens a procedure *to* some days."""
    if part is Kind.COMMITMENT:
        return True
    instrument = scene.letter.kind is Kind.INSTRUMENT
    if (
        not (instrument or is_promised(scene, number, a.before, a.left, c))
        or number.quantity.unit not in c.process_units
    ):
        return False
    return c.has("changed_to", a.near) and not c.has("past_strict", a.left) and not is_past(scene, number, a.left, c)
