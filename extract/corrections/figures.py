"""Decisions about figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import partial

from extract.corrections.entities import Names, find, fresh
from extract.corrections.ledger import Ledger, follow, kind_of
from extract.corrections.model import PERSON, Decision, Reason, Verdict, What
from extract.model import Bound, Extraction, Figure, Kind, Span
from extract.text.normalize import name_key
from extract.text.quantities import Quantity, quantities
from ontology.lexicons import Lexicon, lexicon

KINDS = frozenset({Kind.PROVISION, Kind.OBSERVATION, Kind.TARGET, Kind.CONDITION})
_TEXTS = {"unit", "metric", "period", "per", "deadline", "frequency"}
"""Slots that hold words."""
_THINGS = {"about": "about", "place": "place", "provider": "provider", "grantedUnder": "granted_under"}
"""Slots that hold an entity, and their fields."""
_LONGEST = 80
"""Code points of a quote that a figure added by a person is quoted from as a whole."""


def printed(value: Decimal, unit: str) -> str:
    """A figure's number as decisions name it: ``500000 CNY``, ``2.5``."""
    return f"{value.normalize():f} {unit}".strip()


def decide_figures(x: Extraction, names: Names, ledger: Ledger, lex: Lexicon | None = None) -> Extraction:
    """Figures added, corrected, accepted and rejected, in this order."""
    if not ledger.of(What.FIGURE, *Verdict):
        return x
    return _Figures(x, names, ledger, lex or lexicon()).decided()


class _Figures:
    def __init__(self, x: Extraction, names: Names, ledger: Ledger, lex: Lexicon) -> None:
        self.x, self.names, self.ledger, self.lex = x, names, ledger, lex
        self.about = ledger.of(What.FIGURE, Verdict.REJECT, Verdict.CORRECT, Verdict.ACCEPT)

    def decided(self) -> Extraction:
        figures = [end for f in self.x.figures if (end := self._decided(f)) is not None]
        # what a person adds may take the place of what a person rejects
        figures += [end for f in self._added(figures) if (end := self._decided(f)) is not None]
        kept = {f.id for f in figures}
        gone = {f.id for f in self.x.figures} - kept
        relations = (r for r in self.x.relations if r.subject not in gone and r.object not in gone)
        figures = [replace(f, condition_of=None) if f.condition_of in gone else f for f in figures]
        return replace(self.x, figures=tuple(figures), relations=tuple(relations))

    def _decided(self, f: Figure) -> Figure | None:
        used: list[Decision] = []
        end, circle = follow(f, partial(self._step, used))
        for d in used:
            if circle:
                self.ledger.stop(d, Reason.CONTRADICTION)
            else:
                self.ledger.use(d)
        return end

    def _step(self, used: list[Decision], f: Figure) -> Figure | None:
        number = printed(f.value, f.unit)
        here = [
            d for d in self.about
            if d.kind == f.kind and d.subject == number and self.ledger.quoted(d.quote, f.span)
        ]  # fmt: skip
        done: set[str] = set()
        for d in sorted(here, key=lambda d: d.verdict is not Verdict.REJECT):
            if d.verdict is Verdict.REJECT:
                used.append(d)
                return None
            new = replace(f, confidence=1.0) if d.verdict is Verdict.ACCEPT else self._corrected(f, d)
            if new is not None and d.slot not in done:
                used.append(d)
                done.add(d.slot)
                f = new
        return f

    def _corrected(self, f: Figure, d: Decision) -> Figure | None:
        """*f* with one correction, None if that cannot be."""
        by = replace(f, rule=PERSON, confidence=1.0)
        if d.slot in _TEXTS:
            return replace(by, **{d.slot: d.value})  # type: ignore[arg-type]
        if d.slot == "kind" and (kind := kind_of(d.value)) in KINDS and kind is not None:
            return replace(by, kind=kind, part_of=self._commitment(kind, f.span))
        if d.slot == "bound" and d.value in set(Bound):
            return replace(by, bound=Bound(d.value))
        if d.slot == "value" and (number := self._number(d.value)) is not None:
            value, unit = number
            return replace(by, value=value, unit=f.unit if unit is None else unit)
        if d.slot in _THINGS:
            ident = self._entity(d.value) if d.value else None
            if ident is None and d.value:
                self.ledger.stop(d, Reason.NO_THING)
                return None
            return replace(by, **{_THINGS[d.slot]: ident})  # type: ignore[arg-type]
        self.ledger.stop(d, Reason.MALFORMED)
        return None

    def _commitment(self, kind: Kind, span: Span) -> str | None:
        """The commitment that a target belongs to: the innermost around it."""
        around = [p for p in self.x.outline.parts if p.kind is Kind.COMMITMENT and p.span.contains(span)]
        found = min(around, key=lambda p: len(p.span), default=None)
        return found.id if found is not None and kind is Kind.TARGET else None

    def _number(self, words: str) -> tuple[Decimal, str | None] | None:
        """Value and unit of ``50万元``; of a bare number no unit."""
        try:
            return Decimal(words.replace(",", "")), None
        except InvalidOperation:
            found = quantities(words, self.lex)
            return (found[0].value, found[0].unit) if len(found) == 1 else None

    def _entity(self, label: str) -> str | None:
        for kind in Kind:
            end = self.names.end((kind, label))
            if end is not None and (e := find(self.x.entities, end)) is not None:
                return e.id
        return None

    def _added(self, kept: Iterable[Figure]) -> Iterable[Figure]:
        known = list(kept)
        taken = [f.id for f in self.x.figures]
        for d in self.ledger.of(What.FIGURE, Verdict.ADD):
            kind, places = kind_of(d.kind), self.ledger.places(d.quote)
            if kind not in KINDS or kind is None:
                self.ledger.stop(d, Reason.MALFORMED)
                continue
            found = [hit for p in places if (hit := self._quantity(p, d.value)) is not None]
            about = self._entity(d.subject) if d.subject else None
            if not found:
                self.ledger.stop(d, Reason.NO_QUOTE)
            elif d.subject and about is None:
                self.ledger.stop(d, Reason.NO_THING)
            else:
                self.ledger.use(d)
                place, q = found[0]
                if not any(f.span.overlaps(q.span) for f in known):
                    span = place if len(place) <= _LONGEST else q.outer
                    new = Figure(fresh("f", taken), kind, span, q.value, q.unit, q.bound, d.predicate,
                                 about, rule=PERSON, confidence=1.0)  # fmt: skip
                    new = replace(new, part_of=self._commitment(kind, q.span))
                    known.append(new)
                    taken.append(new.id)
                    yield new

    def _quantity(self, place: Span, words: str) -> tuple[Span, Quantity] | None:
        """The number *words* in *place*, as the whole text has it."""
        text = self.x.source.text
        # numbers are read with what stands around them
        left = max((m.end() for m in re.finditer(r"\n", text[: place.begin])), default=0)
        right = text.find("\n", place.end)
        line = text[left : len(text) if right < 0 else right]
        for q in quantities(line, self.lex):
            at = replace(q, span=_moved(q.span, left), outer=_moved(q.outer, left))
            if place.contains(at.span) and name_key(words) in (name_key(at.span.of(text)), name_key(at.outer.of(text))):
                return place, at
        return None


def _moved(span: Span, by: int) -> Span:
    return Span(span.begin + by, span.end + by)
