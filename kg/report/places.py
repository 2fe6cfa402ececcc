"""Where a figure holds, who states it and when: its own slots first, then those of its grounds and its letter."""

from __future__ import annotations

from dataclasses import dataclass

from kg.report.facts import Facts
from kg.report.figures import FigureInfo


@dataclass(frozen=True, slots=True)
class Setting:
    """The circumstances of a figure."""

    letter: str
    """IRI of the document that states it; empty if it is not known."""
    agency: str
    """Names of those in charge of the item of a target, else of those who wrote the document."""
    place: str
    """Name of the place; empty if it is not known."""
    year: str
    """Year of the figure's own time, else of the document."""


def find_setting(facts: Facts, figure: FigureInfo) -> Setting:
    """Return who states a figure, and for which place and year it holds."""
    letter = facts.letter_at(figure.context, figure.begin)
    agencies = facts.agencies(letter) if letter else []
    place = figure.place or next(
        filter(None, (facts.place_of(iri) for iri in (figure.provider, figure.under, *agencies, letter) if iri)), ""
    )
    named = facts.name(place) or find_named_place(facts, figure.under) or find_named_place(facts, letter)
    when = next(
        (
            text
            for text in (figure.period, figure.deadline, facts.issued(letter) if letter else "")
            if text[:4].isdigit()
        ),
        "",
    )
    return Setting(letter, facts.names(figure.actors or agencies), named, when[:4])


def find_named_place(facts: Facts, iri: str) -> str:
    """Return the place that the name of an instrument begins with (霁川市…办法); empty if the graph has none such."""
    name = facts.name(iri)
    beginnings = (name[:size] for size in range(len(name), 1, -1))
    return next((place for place in beginnings if place in facts.place_names), "")
