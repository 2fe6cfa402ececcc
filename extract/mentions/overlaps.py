"""Mentions that overlap: which of them stand."""

from __future__ import annotations

from collections.abc import Iterable

from extract.model import TITLED, Kind, Mention

_IN_TITLE = frozenset({Kind.AGENCY, Kind.ENTERPRISE, Kind.ORGANIZATION})
_CLASSES = frozenset({Kind.TIER, Kind.GROUP})
_SCHEMES = frozenset({Kind.PROGRAM, Kind.PLATFORM})
_NAMED = _IN_TITLE | _SCHEMES | {Kind.TIER, Kind.PLACE}
_WHOLE = frozenset({"group.heading", "group.item"})
"""Rules that read a whole heading: what it names is what it says, not only its last words."""
_NEAR = 6
"""How many mentions back one may overlap another."""


def settle(mentions: Iterable[Mention]) -> list[Mention]:
    """Choose between mentions that overlap, in the order of the text.

    The longer wins; but a title keeps the bodies and programs that it names, a program the class that its name begins
    with, and a class that a frame brought in gives way to the named thing that it ends in (对认定为…的小巨人企业).
    """
    every = sorted(mentions, key=lambda m: (m.span.begin, -len(m.span), -m.confidence))
    ends = {m.span.end: m for m in every if m.kind in _NAMED}
    out: list[Mention] = []
    for mention in every:
        if mention.kind is Kind.GROUP and _gives_way(mention, ends.get(mention.span.end)):
            continue
        keep = True
        begin = mention.span.begin
        for i in range(len(out) - 1, max(-1, len(out) - 1 - _NEAR), -1):
            other = out[i]
            if other.span.end <= begin or _nests(mention, other):  # in order, so that none begins later
                continue
            if not other.span.contains(mention.span) and len(mention.span) > len(other.span):
                del out[i]
            else:
                keep = False
                break
        if keep:
            out.append(mention)
    return out


def _gives_way(group: Mention, named: Mention | None) -> bool:
    if named is None or group.rule == "group.name" or not group.span.contains(named.span):
        return False
    return named.rule == "tier.scheme" or group.rule not in _WHOLE


def _nests(mention: Mention, other: Mention) -> bool:
    """Whether *mention* may stand inside *other* as a thing of its own."""
    if not other.span.contains(mention.span) or other.span == mention.span:
        return False
    if other.kind in TITLED:
        return mention.kind in _IN_TITLE or mention.rule == "program.quoted"
    begins = mention.span.begin - other.span.begin <= 1
    return other.kind in _SCHEMES and mention.kind in _CLASSES and begins
