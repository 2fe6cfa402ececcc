"""Decisions about figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import partial

from extract.corrections.ledger import Ledger, follow_steps, parse_kind
from extract.corrections.model import PERSON, Decision, DecisionTopic, DecisionVerdict, UnappliedReason
from extract.corrections.names import NameResolver, find_entity
from extract.model import FIGURE_KINDS, Bound, EntityId, Extraction, Figure, FigureId, Kind, PartId, Span
from extract.records import make_next_id
from extract.text.normalize import name_key
from extract.text.quantities import Quantity, find_quantities
from ontology.lexicons import Lexicon, load_lexicon

_TEXT_SLOTS = {"unit", "metric", "period", "per", "deadline", "frequency"}
"""Slots whose value is text."""
_ENTITY_SLOTS = {"about": "about", "place": "place", "provider": "provider", "grantedUnder": "granted_under"}
"""Slots whose value is an entity, and their fields."""
_MAX_QUOTE = 80
"""Longest quote of an addition, in code points, that becomes the span of the added figure."""


def format_figure_number(value: Decimal, unit: str) -> str:
    """Return the number of a figure as decisions write it: ``500000 CNY``, ``2.5``."""
    return f"{value.normalize():f} {unit}".strip()


def apply_to_figures(
    extraction: Extraction, names: NameResolver, ledger: Ledger, lex: Lexicon | None = None
) -> Extraction:
    """Add, correct, accept and reject figures."""
    if not ledger.select(DecisionTopic.FIGURE, *DecisionVerdict):
        return extraction
    return _FigureCorrector(extraction, names, ledger, lex or load_lexicon()).correct()


class _FigureCorrector:
    """The figures of an extraction, with the decisions about them."""

    def __init__(self, extraction: Extraction, names: NameResolver, ledger: Ledger, lex: Lexicon) -> None:
        self.extraction, self.names, self.ledger, self.lex = extraction, names, ledger, lex
        self.decisions = ledger.select(
            DecisionTopic.FIGURE, DecisionVerdict.REJECT, DecisionVerdict.CORRECT, DecisionVerdict.ACCEPT
        )

    def correct(self) -> Extraction:
        """Return the extraction with its figures added, corrected, accepted and rejected."""
        figures = self._correct_figures(self.extraction.figures)
        # additions come after rejections: a person may replace a rejected figure
        figures += self._correct_figures(self._make_added_figures(figures))
        removed = {figure.id for figure in self.extraction.figures} - {figure.id for figure in figures}
        relations = tuple(
            relation
            for relation in self.extraction.relations
            if relation.subject not in removed and relation.object not in removed
        )
        figures = [replace(f, condition_of=None) if f.condition_of in removed else f for f in figures]
        return replace(self.extraction, figures=tuple(figures), relations=relations)

    def _correct_figures(self, figures: Iterable[Figure]) -> list[Figure]:
        return [corrected for figure in figures if (corrected := self._correct_figure(figure)) is not None]

    def _correct_figure(self, figure: Figure) -> Figure | None:
        used: list[Decision] = []
        corrected, in_circle = follow_steps(figure, partial(self._apply_decisions, used))
        self.ledger.record_steps(used, in_circle=in_circle)
        return corrected

    def _apply_decisions(self, used: list[Decision], figure: Figure) -> Figure | None:
        """Apply the decisions about *figure* once, None if it is rejected. Add the applied ones to *used*."""
        number = format_figure_number(figure.value, figure.unit)
        decisions = [
            d for d in self.decisions
            if d.kind == figure.kind and d.subject == number and self.ledger.is_quoted(figure.span, d.quote)
        ]  # fmt: skip
        done: set[str] = set()
        for decision in sorted(decisions, key=lambda d: d.verdict is not DecisionVerdict.REJECT):
            if decision.verdict is DecisionVerdict.REJECT:
                used.append(decision)
                return None
            new = self._apply_decision(decision, figure)
            if new is not None and decision.slot not in done:
                used.append(decision)
                done.add(decision.slot)
                figure = new
        return figure

    def _apply_decision(self, decision: Decision, figure: Figure) -> Figure | None:
        """Return *figure* accepted or corrected, or None if the correction is not possible."""
        if decision.verdict is DecisionVerdict.ACCEPT:
            return replace(figure, confidence=1.0)
        by_person = replace(figure, rule=PERSON, confidence=1.0)
        slot, value = decision.slot, decision.value
        if slot in _TEXT_SLOTS:
            return replace(by_person, **{slot: value})  # type: ignore[arg-type]
        if slot == "kind" and (kind := parse_kind(value)) in FIGURE_KINDS and kind is not None:
            return replace(by_person, kind=kind, part_of=self._find_commitment(kind, figure.span))
        if slot == "bound" and value in set(Bound):
            return replace(by_person, bound=Bound(value))
        if slot == "value" and (number := self._parse_number(value)) is not None:
            return replace(by_person, value=number[0], unit=figure.unit if number[1] is None else number[1])
        if slot in _ENTITY_SLOTS:
            ident = self._find_entity_id(value) if value else None
            if value and ident is None:
                self.ledger.refuse(decision, UnappliedReason.NO_THING)
                return None
            return replace(by_person, **{_ENTITY_SLOTS[slot]: ident})  # type: ignore[arg-type]
        self.ledger.refuse(decision, UnappliedReason.MALFORMED)
        return None

    def _find_commitment(self, kind: Kind, span: Span) -> PartId | None:
        """Return the id of the innermost commitment that contains a target, None for other kinds of figures."""
        if kind is not Kind.TARGET:
            return None
        parts = self.extraction.outline.parts
        around = [part for part in parts if part.kind is Kind.COMMITMENT and part.span.contains(span)]
        innermost = min(around, key=lambda part: len(part.span), default=None)
        return innermost.id if innermost is not None else None

    def _parse_number(self, words: str) -> tuple[Decimal, str | None] | None:
        """Return value and unit of ``50万元``. The unit of a bare number is None."""
        try:
            return Decimal(words.replace(",", "")), None
        except InvalidOperation:
            found = find_quantities(words, self.lex)
            return (found[0].value, found[0].unit) if len(found) == 1 else None

    def _find_entity_id(self, label: str) -> EntityId | None:
        for kind in Kind:
            name = self.names.resolve((kind, label))
            if name is not None and (entity := find_entity(self.extraction.entities, name)) is not None:
                return entity.id
        return None

    def _make_added_figures(self, corrected: Iterable[Figure]) -> Iterable[Figure]:
        """Yield the figures that decisions add, except at the place of a *corrected* or another added one."""
        known = list(corrected)
        used_ids = [figure.id for figure in self.extraction.figures]
        for decision in self.ledger.select(DecisionTopic.FIGURE, DecisionVerdict.ADD):
            kind = parse_kind(decision.kind)
            if kind not in FIGURE_KINDS or kind is None:
                self.ledger.refuse(decision, UnappliedReason.MALFORMED)
                continue
            places = self.ledger.find_quote(decision.quote)
            found = [hit for place in places if (hit := self._find_quantity(place, decision.value)) is not None]
            about = self._find_entity_id(decision.subject) if decision.subject else None
            if not found:
                self.ledger.refuse(decision, UnappliedReason.NO_QUOTE)
                continue
            if decision.subject and about is None:
                self.ledger.refuse(decision, UnappliedReason.NO_THING)
                continue
            self.ledger.mark_applied(decision)
            place, quantity = found[0]
            if any(figure.span.overlaps(quantity.span) for figure in known):
                continue
            new = Figure(
                FigureId(make_next_id("f", used_ids)),
                kind,
                place if len(place) <= _MAX_QUOTE else quantity.outer,
                quantity.value,
                quantity.unit,
                quantity.bound,
                decision.predicate,
                about,
                part_of=self._find_commitment(kind, quantity.span),
                rule=PERSON,
                confidence=1.0,
            )
            known.append(new)
            used_ids.append(new.id)
            yield new

    def _find_quantity(self, place: Span, words: str) -> tuple[Span, Quantity] | None:
        """Return *place* and the quantity with the printed form *words* in it, at its position in the whole text."""
        text = self.extraction.source.text
        # the reading of a number depends on its context: read the whole line
        left = max((m.end() for m in re.finditer(r"\n", text[: place.begin])), default=0)
        right = text.find("\n", place.end)
        line = text[left : len(text) if right < 0 else right]
        for quantity in find_quantities(line, self.lex):
            moved = replace(
                quantity, span=_move_span(quantity.span, left), outer=_move_span(quantity.outer, left)
            )  # fmt: skip
            forms = (name_key(moved.span.of(text)), name_key(moved.outer.of(text)))
            if place.contains(moved.span) and name_key(words) in forms:
                return place, moved
        return None


def _move_span(span: Span, offset: int) -> Span:
    return Span(span.begin + offset, span.end + offset)
