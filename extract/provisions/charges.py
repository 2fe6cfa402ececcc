"""Which agency is in charge of a target of a policy text: （牵头单位：X） behind its item, or in a heading above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from extract.model import EntityId, Figure, Kind, Part, PartId, Relation, Span
from extract.relations.clauses import ClauseIndex
from extract.relations.duties import DutyReader
from ontology.lexicons import Lexicon

_NEXT_ITEM = re.compile(r"\n\s*(?:\d{1,2}[.、．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]+、)")
"""A new item: what follows is not said of the one before."""
_CONFIDENCE = 0.85


class _Charge(NamedTuple):
    """A note of who is in charge."""

    position: int
    """In the joined text of the page."""
    span: Span
    agencies: Sequence[EntityId]


def find_charges(figures: Sequence[Figure], index: ClauseIndex, lex: Lexicon) -> Iterator[Relation]:
    """Yield ``actor`` from the targets of policy texts to the agencies in charge of their items.

    They are those of the first note behind the target in its item, else of the note in a heading above it. If some
    lead, the others are left out.

    Args:
        figures: the figures of a page.
        index: its clauses.
        lex: the lexicon.
    """
    outline = index.outline
    instruments = {letter.id for letter in outline.letters if letter.kind is Kind.INSTRUMENT}
    parts = {part.id: part for part in outline.parts if part.letter in instruments}
    targets = [figure for figure in figures if figure.kind is Kind.TARGET] if parts else []
    finder = _ChargeFinder(index, parts, lex) if targets else None
    for figure in targets:
        charge = finder.find(figure) if finder is not None else None
        if charge is not None:
            for agency in charge.agencies:
                yield Relation(figure.id, "actor", agency, charge.span, "duty.target", _CONFIDENCE)


class _ChargeFinder:
    def __init__(self, index: ClauseIndex, parts: Mapping[PartId, Part], lex: Lexicon) -> None:
        self._page = index.page
        self._parts = parts
        self._charges: list[_Charge] = []
        for duty, follows in DutyReader(index, lex).list_notes():
            if duty.agencies and not (follows and self._charges):
                agencies = tuple(dict.fromkeys(named.entity.id for named in duty.agencies))
                self._charges.append(_Charge(duty.begin, index.page.span(duty.begin, duty.end), agencies))

    def find(self, figure: Figure) -> _Charge | None:
        """Return the note that says who is in charge of a target; None if nothing says so."""
        holding = [part for part in self._parts.values() if part.span.contains(figure.span)]
        part = min(holding, key=lambda held: len(held.span), default=None)
        if part is None or not self._charges:
            return None
        behind = next((c for c in self._charges if figure.span.end <= c.span.begin < part.span.end), None)
        if behind is not None:
            between = self._page.text[self._page.find_end(figure.span.end) : behind.position]
            if not _NEXT_ITEM.search(between):
                return behind
        while part is not None:
            if part.heading is not None:
                for charge in self._charges:
                    if part.heading.begin <= charge.span.begin <= part.heading.end + 1:
                        return charge
            part = self._parts.get(part.parent) if part.parent else None
        return None
