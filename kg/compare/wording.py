"""Changes in words: the numbers of figures with what tells them apart, texts cut to where they differ."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.compare.data import fact, predicate, word
from kg.compare.index import Figure, Index
from kg.compare.model import Said
from kg.graph.view import FigureFacts
from kg.graph.wording import format_figure
from ontology.labels import name_class

_SHOWN = ("per", "period", "deadline", "frequency")
"""Slots that stand in brackets after a number, as ``kg show`` has them; the place comes last."""
_TIES = ("about", "grantedUnder", "provider", "conditionOf")
_LONG = 60
"""Code points from which on a text is cut to where it differs."""
_AROUND = 16
"""Code points kept on each side of what differs."""
_YEAR = re.compile(r"\d{4}")


def said_figure(index: Index, f: Figure, lang: str) -> Said:
    """A figure, complete in itself."""
    place = index.label(f.slots["place"]) if f.slots.get("place", f.subject) != f.subject else ""
    passages = index.quoted(f.spans)
    value = f"{f.facts.value.normalize():f}"
    return Said(format_figure(f.facts, lang, place), value, f.facts.unit, f.facts.period, passages)


def figure_label(f: Figure, lang: str) -> str:
    """What a figure counts."""
    return f.facts.metric or name_class(f.facts.kind, lang)


def figures(a: Index, x: Figure, b: Index, y: Figure, lang: str) -> str:
    """Two figures of which one has become the other: ``58家 → 113家（2023）``, shared slots at the end."""
    shared = {name: getattr(y.facts, name) for name in _SHOWN if getattr(x.facts, name) == getattr(y.facts, name)}
    places = [i.label(f.slots["place"]) if "place" in f.slots else "" for i, f in ((a, x), (b, y))]
    both = places[0] if places[0] == places[1] and y.slots.get("place") != y.subject else ""
    sides = []
    for index, f, other, place in ((a, x, (b, y), places[0]), (b, y, (a, x), places[1])):
        dated = f.facts.period if "period" not in shared else ""
        own = _without(f.facts, {*shared, *(("period",) if _YEAR.fullmatch(dated) else ())})
        said = format_figure(own, lang, "" if places[0] == places[1] else place)
        if _YEAR.fullmatch(dated):
            said = word("at", lang, period=word("year", lang, x=dated), words=said)
        sides.append(" ".join([said, *_ties(index, f, *other, lang)]))
    line = arrow(sides[0], sides[1], lang)
    empty = format_figure(_without(y.facts, set(_SHOWN)), lang)
    rest = format_figure(_without(y.facts, set(_SHOWN) - set(shared)), lang, both).removeprefix(empty)
    return line + rest


def arrow(before: str, after: str, lang: str) -> str:
    return word("arrow", lang, before=before, after=after)


def texts(before: str, after: str, lang: str) -> str:
    """Two texts of which one has become the other, long ones cut to where they differ."""
    before, after = " ".join(before.split()), " ".join(after.split())
    if max(len(before), len(after)) > _LONG:
        head = _common(before, after)
        tail = _common(before[head:][::-1], after[head:][::-1])
        before, after = (_cut(t, head, tail, lang) for t in (before, after))
    return arrow(word("quoted", lang, x=before), word("quoted", lang, x=after), lang)


def _cut(text: str, head: int, tail: int, lang: str) -> str:
    begin, end = max(0, head - _AROUND), min(len(text), len(text) - tail + _AROUND)
    cut = word("cut", lang)
    return (cut if begin else "") + text[begin:end] + (cut if end < len(text) else "")


def _common(one: str, other: str) -> int:
    """Code points that two texts begin with, both."""
    for i, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return i
    return min(len(one), len(other))


def _without(facts: FigureFacts, names: set[str]) -> FigureFacts:
    per, period, deadline, frequency = ("" if name in names else getattr(facts, name) for name in _SHOWN)
    return replace(facts, per=per, period=period, deadline=deadline, frequency=frequency)


def _ties(index: Index, f: Figure, other: Index, g: Figure, lang: str) -> list[str]:
    """What a figure is about or granted under, where the other one says otherwise."""
    found = []
    if f.facts.kind != g.facts.kind:
        found.append((fact("class", lang), name_class(f.facts.kind, lang)))
    if f.facts.metric != g.facts.metric:
        found.append((fact("metric", lang), f.facts.metric))
    for name in _TIES:
        mine, theirs = f.slots.get(name, ""), g.slots.get(name, "")
        if mine != theirs and (not theirs or index.label(mine) != other.label(theirs)):
            found.append((predicate(name, lang), index.label(mine) if mine else ""))
    return [f"[{word('slot', lang, slot=name, x=x)}]" for name, x in found if x]
