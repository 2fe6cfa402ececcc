"""The layer of figures, and the layer of their slots."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.text.normalize import name_key
from kg.evaluate.model import SLOTS, Gold, GoldFigure, GoldNames, JudgementList
from kg.evaluate.reading import FIGURE_TYPES, SourceGraph, TextPlace

_TOLERANCE = 1e-6
"""Largest relative difference of two numbers that are equal."""


def judge_figures(gold: Gold, graph: SourceGraph, names: GoldNames, judgements: JudgementList) -> None:
    """Judge the figures: number, unit and quoted place must be the same; then their slots are judged."""
    free = dict.fromkeys(graph.find_by_class(*FIGURE_TYPES))
    for figure in gold.figures:
        places = _find_places(figure.quote, graph)
        ratings = {node: _rate_figure(figure, node, places, graph, names) for node in free}
        best = max(ratings, key=ratings.__getitem__, default=None)
        description = f"{figure.type} {figure.value:g} {figure.unit}: {figure.quote}"
        if best is None or not ratings[best]:
            if not figure.optional:
                judgements.add_missed("figures", figure.type, description, words=(figure.quote,))
            continue
        del free[best]
        add = judgements.add_open if figure.optional else judgements.add_found
        add("figures", figure.type, description, node=best, words=(figure.quote,))
        if not figure.optional:
            _judge_slots(figure, best, graph, names, judgements)
    for node in free:
        kind = sorted(graph.classes(node) & set(FIGURE_TYPES))[0]
        all_values = (graph.objects(node, "value"), graph.objects(node, "unit"), graph.quotes(node))
        value, unit, quote = (next(iter(values), "") for values in all_values)
        judgements.add_wrong("figures", kind, f"{kind} {value} {unit}: {quote}", node=node)


def _find_places(quote: str, graph: SourceGraph) -> list[TextPlace]:
    pattern = re.compile(re.escape(quote))
    return [TextPlace(iri, *m.span()) for iri, text in graph.texts.items() for m in pattern.finditer(text)]


def _rate_figure(
    figure: GoldFigure, node: str, places: Sequence[TextPlace], graph: SourceGraph, names: GoldNames
) -> int:
    """Return 0 if *node* is another figure; else 1, and 1 more for the right class and for the right subject.

    Args:
        figure: the annotated figure.
        node: a figure of the graph.
        places: the places of the annotated quote in the text.
        graph: the graph of the source.
        names: the annotated names.
    """
    values = map(float, graph.objects(node, "value"))
    if not any(abs(value - figure.value) <= _TOLERANCE * max(1.0, abs(figure.value)) for value in values):
        return 0
    units = set(map(name_key, graph.objects(node, "unit")))
    if name_key(figure.unit) not in units and (figure.unit or units):
        return 0
    if places:
        if not any(place.overlaps(other) for place in places for other in graph.places(node)):
            return 0
    else:
        quote = name_key(figure.quote)
        if not any(quote in other or other in quote for other in graph.quotes(node) if other):
            return 0
    has_subject = figure.about is not None and _has_right_subject(figure, node, graph, names)
    return 1 + (figure.type in graph.classes(node)) + has_subject


def _has_right_subject(figure: GoldFigure, node: str, graph: SourceGraph, names: GoldNames) -> bool:
    wanted = names.find_forms(figure.about or ())
    return any(wanted & graph.folded_names(value) for value in graph.objects(node, "about"))


def _judge_slots(
    figure: GoldFigure, node: str, graph: SourceGraph, names: GoldNames, judgements: JudgementList
) -> None:
    checks = [("type", figure.type, figure.type in graph.classes(node))]
    if figure.bound is not None:
        is_right = any(value.endswith(figure.bound) for value in graph.objects(node, "bound"))
        checks.append(("bound", figure.bound, is_right))
    if figure.about is not None:
        checks.append(("about", "|".join(figure.about), _has_right_subject(figure, node, graph, names)))
    if figure.period is not None:
        periods = map(name_key, graph.objects(node, "period"))
        checks.append(("period", figure.period, name_key(figure.period) in periods))
    for slot, wanted, is_right in checks:
        add = judgements.add_found if is_right else judgements.add_missed
        add(SLOTS, slot, f"{slot} of {figure.quote}: want {wanted}", words=(figure.quote,))
