"""The words around a number, and what they say that it is."""

from __future__ import annotations

from typing import NamedTuple

from extract.figures.context import FigureClause, FigureContext, Number, Scene
from extract.model import Kind


class Around(NamedTuple):
    """The words at either side of a number, up to its clause's ends or the next number."""

    left: str
    """From the clause's beginning."""
    lead: str
    """The same before the list that the number belongs to: 期限分别为 of 期限分别为36个月、24个月、*12个月*."""
    near: str
    """From the number before it, if there is one in the clause."""
    right: str
    """Up to the next number or the clause's end."""
    tail: str
    """Up to the clause's end."""
    clause: str
    segment: str
    """From the last semicolon to the next."""
    before: str
    """The segment up to the clause."""
    after: str
    """The segment behind the clause."""


def around(page: FigureContext, scene: Scene, number: Number, clause: FigureClause) -> Around:
    text = page.text
    i = scene.numbers.index(number)
    left_stop = max(clause.begin, scene.numbers[i - 1].outer_end if i else 0)
    right_stop = min(clause.end, scene.numbers[i + 1].outer_begin if i + 1 < len(scene.numbers) else clause.end)
    first = find_list(scene, number)[0]
    same = [c for c in scene.clauses if c.segment == clause.segment]
    return Around(
        left=text[clause.begin : number.outer_begin] + text[number.outer_begin : number.begin],
        lead=text[clause.begin : max(clause.begin, first.outer_begin)],
        near=text[min(left_stop, number.begin) : number.begin],
        right=text[number.outer_end : max(right_stop, number.outer_end)],
        tail=text[number.outer_end : clause.end],
        clause=text[clause.begin : clause.end],
        segment=text[same[0].begin : same[-1].end],
        before=text[same[0].begin : clause.begin],
        after=text[clause.end : same[-1].end],
    )


def find_list(scene: Scene, number: Number) -> list[Number]:
    """Return the numbers of the sentence that stand in one list with *number*, which is one of them."""
    group = number.quantity.group
    return [n for n in scene.numbers if n.quantity.group == group] if group else [number]


class Verdict(NamedTuple):
    kind: Kind
    rule: str
