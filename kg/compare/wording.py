"""Changes in words: figures with what distinguishes them, and texts cut to where they differ."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.text.normalize import print_line
from kg.compare.data import format_phrase, label_link, label_literal
from kg.compare.index import ComparedFigure, FactIndex
from kg.compare.model import FactValue
from kg.graph.facts import FigureFacts
from kg.graph.wording import format_figure
from ontology.labels import name_class

_SHOWN = ("per", "period", "deadline", "frequency")
"""Slots in brackets after a number, in the order of ``kg show``; the place comes last."""
_THING_SLOTS = ("about", "grantedUnder", "provider", "conditionOf")
_LONG = 60
"""Code points above which a text is cut to where it differs."""
_AROUND = 16
"""Code points kept before and after the difference."""
_YEAR = re.compile(r"\d{4}")


def describe_figure(index: FactIndex, figure: ComparedFigure, lang: str) -> FactValue:
    """Return the value of a figure in words that can stand alone."""
    has_place = figure.slots.get("place", figure.subject) != figure.subject
    place = index.label(figure.slots["place"]) if has_place else ""
    passages = index.read_passages(figure.spans)
    value = f"{figure.facts.value.normalize():f}"
    words = format_figure(figure.facts, lang, place)
    return FactValue(words, value, figure.facts.unit, figure.facts.period, passages)


def label_figure(figure: ComparedFigure, lang: str) -> str:
    """Return what a figure counts."""
    return figure.facts.metric or name_class(figure.facts.kind, lang)


def describe_figure_change(
    old_index: FactIndex, old: ComparedFigure, new_index: FactIndex, new: ComparedFigure, lang: str
) -> str:
    """Return the change of a figure in words: ``58家 → 113家（2023）``. Slots that both share come at the end."""
    shared = {name: getattr(new.facts, name) for name in _SHOWN if getattr(old.facts, name) == getattr(new.facts, name)}
    old_place, new_place = (
        index.label(figure.slots["place"]) if "place" in figure.slots else ""
        for index, figure in ((old_index, old), (new_index, new))
    )
    sides = []
    for figure, place, differences in (
        (old, old_place, _list_differences(old_index, old, new_index, new, lang)),
        (new, new_place, _list_differences(new_index, new, old_index, old, lang)),
    ):
        words = _format_side(figure, set(shared), "" if old_place == new_place else place, lang)
        sides.append(" ".join([words, *differences]))
    common_place = old_place if old_place == new_place and new.slots.get("place") != new.subject else ""
    number_only = format_figure(_clear_slots(new.facts, set(_SHOWN)), lang)
    with_shared = format_figure(_clear_slots(new.facts, set(_SHOWN) - set(shared)), lang, common_place)
    return describe_change(sides[0], sides[1], lang) + with_shared.removeprefix(number_only)


def describe_change(before: str, after: str, lang: str) -> str:
    """Return ``before → after``."""
    return format_phrase("arrow", lang, before=before, after=after)


def describe_text_change(before: str, after: str, lang: str) -> str:
    """Return the change of a text, with long texts cut to where they differ."""
    before, after = print_line(before), print_line(after)
    if max(len(before), len(after)) > _LONG:
        head = _count_common(before, after)
        tail = _count_common(before[head:][::-1], after[head:][::-1])
        before, after = (_cut_text(text, head, tail, lang) for text in (before, after))
    return describe_change(format_phrase("quoted", lang, x=before), format_phrase("quoted", lang, x=after), lang)


def _format_side(figure: ComparedFigure, shared: set[str], place: str, lang: str) -> str:
    """Return a figure without its *shared* slots; a year of its own comes before the number."""
    period = figure.facts.period if "period" not in shared else ""
    year = bool(_YEAR.fullmatch(period))
    words = format_figure(_clear_slots(figure.facts, shared | {"period"} if year else shared), lang, place)
    if not year:
        return words
    return format_phrase("at", lang, period=format_phrase("year", lang, x=period), words=words)


def _cut_text(text: str, head: int, tail: int, lang: str) -> str:
    begin, end = max(0, head - _AROUND), min(len(text), len(text) - tail + _AROUND)
    cut = format_phrase("cut", lang)
    return (cut if begin else "") + text[begin:end] + (cut if end < len(text) else "")


def _count_common(one: str, other: str) -> int:
    """Return the number of code points at the beginning that two texts have in common."""
    for i, (char, other_char) in enumerate(zip(one, other, strict=False)):
        if char != other_char:
            return i
    return min(len(one), len(other))


def _clear_slots(facts: FigureFacts, names: set[str]) -> FigureFacts:
    per, period, deadline, frequency = ("" if name in names else getattr(facts, name) for name in _SHOWN)
    return replace(facts, per=per, period=period, deadline=deadline, frequency=frequency)


def _list_differences(
    index: FactIndex, figure: ComparedFigure, other_index: FactIndex, other: ComparedFigure, lang: str
) -> list[str]:
    """Return class, metric and things of a figure where the other figure has others, each in brackets."""
    found = []
    if figure.facts.kind != other.facts.kind:
        found.append((label_literal("class", lang), name_class(figure.facts.kind, lang)))
    if figure.facts.metric != other.facts.metric:
        found.append((label_literal("metric", lang), figure.facts.metric))
    for name in _THING_SLOTS:
        thing, other_thing = figure.slots.get(name, ""), other.slots.get(name, "")
        if thing != other_thing and (not other_thing or index.label(thing) != other_index.label(other_thing)):
            found.append((label_link(name, lang), index.label(thing) if thing else ""))
    return [f"[{format_phrase('slot', lang, slot=label, x=value)}]" for label, value in found if value]
