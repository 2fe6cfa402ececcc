"""Whether the words and times before a number promise it, or say what was reached of what was promised."""

from __future__ import annotations

import re

from extract.figures.context import Number, Scene
from extract.figures.cues import Cues
from extract.text.periods import TimeExpression, TimeUse

_WIDTH = 40
"""Characters before the clause in which a promise may stand."""
_UP_TO = 4
"""Most characters of the words before a time that say that it is one up to which was counted."""
_MONTH = re.compile(r"(?:19|20)\d\d-\d\d")


def is_promised(scene: Scene, number: Number, before: str, left: str, c: Cues) -> bool:
    """Whether words of promising, a deadline or a year after the letter's stand before a number.

    A year before the letter's is no deadline of anything that is to come: 由2022年的820家增加到2024年的1310家.

    Args:
        scene: the sentence.
        number: the number.
        before: what stands before its clause in its segment.
        left: what stands before it in its clause.
        c: the cues of the sentence.
    """
    if is_reached(scene, number, before, left, c):
        return False
    words = before[-_WIDTH:] + left
    stated = [t for t in scene.times if t.span.begin < number.begin and t.use in (TimeUse.AT, TimeUse.BY)]
    year, written = (stated[-1].value[:4] if stated else ""), (scene.letter.get_value("issued") or "")[:4]
    last = _find_last_year(stated)
    gone = last.isdigit() and last < written
    named = [m[0] for m in c.at["target"].finditer(words)] if c.has("target", words) else []
    if named and not (gone and all(c.at["target_dated"].fullmatch(cue) for cue in named)):
        return True
    if c.has("promises", words):
        return True
    if c.has("target_unless_past", words):
        return not gone
    if stated and stated[-1].use is TimeUse.BY:
        return not written or year >= written
    return year.isdigit() and written != "" and year > written


def is_reached(scene: Scene, number: Number, before: str, left: str, c: Cues) -> bool:
    """Whether the words behind the last promise before a number say what was done: 计划新建5个，实际建成*3个*.

    A share goes on about what the clauses before it say; the arguments are those of :func:`is_promised`.
    """
    if c.has("compared_goal", left):
        return True
    words = before + left if number.quantity.unit == "%" else left
    begin, written = number.begin - len(words), scene.letter.get_value("issued") or ""
    times = [t for t in scene.times if begin <= t.span.begin < number.begin and t.use in (TimeUse.AT, TimeUse.BY)]
    promised = [m.end() for name in ("target", "promises") for m in c.at[name].finditer(words)]
    late = [t.span.end - begin for t in times if written and _is_late(t, written)]
    if c.has("reached", words[max((*promised, *late), default=0) :]):
        return True
    return bool(times) and times[-1].use is TimeUse.AT and _has_ended(times[-1], written)


def is_past(scene: Scene, number: Number, left: str, c: Cues) -> bool:
    """Whether its own clause dates a number to a year before the letter's and promises nothing: 去年新建12所."""
    begin = scene.clause(number.begin).begin
    stated = [t for t in scene.times if begin <= t.span.begin < number.begin and t.use is TimeUse.AT]
    if c.has("compared", left):
        return False
    last = _find_last_year(stated)
    return last.isdigit() and last < (scene.letter.get_value("issued") or "")[:4] and not c.has("target", left)


def counts_to_date(scene: Scene, number: Number, text: str, c: Cues) -> bool:
    """Whether the last time before a number is 截至 and one past when the letter was written, without a promise behind.

    Args:
        scene: the sentence.
        number: the number.
        text: the folded text of the page.
        c: the cues of the sentence.
    """
    stated = [t for t in scene.times if t.span.begin < number.begin and t.use is not TimeUse.EVERY]
    written = scene.letter.get_value("issued") or ""
    if not (stated and written):
        return False
    last = stated[-1]
    value, day = last.value.split("/")[-1], written[: len(last.value.split("/")[-1])]
    if not value[:4].isdigit() or value >= day:
        return False
    begin = max(scene.begin, last.span.begin - _UP_TO)
    behind = text[last.span.end : number.begin]
    return c.has("up_to", text[begin : last.span.end]) and not (c.has("target", behind) or c.has("promises", behind))


def _is_late(time: TimeExpression, written: str) -> bool:
    """Whether a time is in the year of the letter or later, is not the day of the letter, and had not ended then."""
    value = time.value
    return value[:4].isdigit() and value[:4] >= written[:4] and value != written and not _has_ended(time, written)


def _has_ended(time: TimeExpression, written: str) -> bool:
    """Whether a month, or some months, had ended when the letter was written."""
    last = time.value.split("/")[-1][:7]
    return _MONTH.fullmatch(last) is not None and len(written) >= len(last) and last < written[:7]


def _find_last_year(stated: list[TimeExpression]) -> str:
    return stated[-1].value.split("/")[-1][:4] if stated else ""
