"""The supports of a page made whole: receivers checked, payers and departments in charge added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from extract.model import Decided, Figure, FigureId, Kind, Relation, Requirements
from extract.provisions.charges import find_charges
from extract.provisions.conditions import find_requirements, list_decided
from extract.provisions.context import ProvisionPage
from extract.provisions.exclusions import add_exclusions
from extract.provisions.givers import GiverReader, make_payer_relations
from extract.provisions.receivers import ReceiverReader
from extract.records import copy_with
from extract.relations.clauses import ClauseIndex
from ontology.lexicons import Lexicon


class Provisions(NamedTuple):
    """What is known of the supports of a page."""

    figures: Sequence[Figure]
    """All figures of the page."""
    relations: Sequence[Relation]
    """Further payers, and departments in charge of supports and targets."""
    requirements: Requirements
    """What decides who gets the supports."""


def complete_provisions(figures: Iterable[Figure], index: ClauseIndex, text: str, lex: Lexicon) -> Provisions:
    """Return the figures of a page, its supports with who gives and who gets them.

    Args:
        figures: all figures.
        index: the clauses of the page with the names in them.
        text: the text of the source.
        lex: the lexicon (``provisions.toml``).
    """
    given = list(figures)
    page = ProvisionPage(given, index)
    givers, receivers = GiverReader(page, lex), ReceiverReader(page, lex)
    changed: dict[FigureId, Figure] = {}
    relations: list[Relation] = []
    for grant in page.grants:
        payers = givers.read_payers(grant)
        relations += make_payer_relations(grant, payers, page)
        provider = payers[0].entity.id if payers else None
        changed[grant.figure.id] = copy_with(grant.figure, provider=provider, about=receivers.check(grant))
    relations += givers.read_charges()
    completed = [changed.get(figure.id, figure) for figure in given]
    requirements, thresholds = find_requirements(completed, ProvisionPage(completed, index), lex)
    decided = list_decided(requirements)
    completed = [_decide(figure, decided, is_threshold=figure.id in thresholds) for figure in completed]
    relations += find_charges(completed, index, lex)
    freed, requirements = add_exclusions(completed, requirements, text, index, lex)
    return Provisions(freed, relations, requirements)


def _decide(figure: Figure, decided: Mapping[FigureId, Decided], *, is_threshold: bool) -> Figure:
    """Return a threshold with what it decides, other figures as they are."""
    if is_threshold:
        figure = copy_with(figure, kind=Kind.CONDITION, place=None, part_of=None, deadline="", frequency="")
    if figure.kind is not Kind.CONDITION:
        return figure
    return copy_with(figure, condition_of=decided.get(figure.id, figure.condition_of))
