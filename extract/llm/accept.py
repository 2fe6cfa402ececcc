"""A model's proposals + what the rules found → both together; the rules' facts are never touched.

A proposal is taken only if its quote stands in the piece of text that was sent, its names stand there too, the contract
lets it be said of these kinds, and nothing that is known speaks against it. All values come from the text: a label
from the words quoted, a number from our own reading of them; from the model comes only what goes with what.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from extract.llm.answer import Answer, ProposedEdge, ProposedEntity, ProposedFigure, Stretch
from extract.llm.chunks import Chunk
from extract.llm.contract import FIGURE_KINDS, Contract, contract
from extract.llm.naming import Namer, namer
from extract.llm.report import Report, Tally
from extract.llm.settings import limit, rule_of, words
from extract.model import ENTITY_KINDS, TITLED, Entity, Extraction, Figure, Kind, Part, Relation, Span
from extract.text import folding as figure_text
from extract.text.normalize import name_key, search_fold
from extract.text.periods import times
from extract.text.quantities import Quantity, quantities
from ontology.lexicons import Lexicon

_IN_TITLE = frozenset({Kind.AGENCY, Kind.ORGANIZATION, Kind.ENTERPRISE, Kind.PROGRAM})
_UNDER = frozenset({Kind.PROGRAM, Kind.INSTRUMENT})


def accept(
    answer: Answer, extraction: Extraction, chunk: Chunk, *, model: str, lex: Lexicon
) -> tuple[Extraction, Report]:
    """Add to *extraction* what of *answer* holds.

    Args:
        answer: what the model proposed for *chunk*.
        extraction: what is known of the source; its ids keep their meaning.
        chunk: the piece of text that was sent: nothing is accepted that it does not say.
        model: name of the model, for ``rule``.
        lex: the lexicon of the extraction.

    Returns:
        The extraction with new entities, relations and figures behind the old ones, and the count of verdicts.
    """
    work = _Work(extraction, chunk, model, lex)
    for entity in answer.entities:
        work.entity(entity)
    for edge in answer.edges:
        work.edge(edge)
    for figure in answer.figures:
        work.figure(figure)
    work.tally.reject("malformed", answer.malformed)
    work.tally.reject("surplus", answer.surplus)
    return work.extraction(), work.tally.report()


class _Work:
    """One answer, proposal by proposal."""

    def __init__(self, extraction: Extraction, chunk: Chunk, model: str, lex: Lexicon) -> None:
        self.base = extraction
        self.text = extraction.source.text
        self.chunk = chunk
        self.letter = extraction.outline.letter(chunk.letter)
        self.rule = rule_of(model)
        self.lex = lex
        self.contract: Contract = contract(lex)
        self.namer: Namer = namer(self.text, extraction.outline, lex)
        self.stretch = Stretch(self.text, chunk.span)
        self.tally = Tally()
        self.entities = {e.id: e for e in extraction.entities}
        self.relations = list(extraction.relations)
        self.figures = list(extraction.figures)
        self.stated = {(r.subject, r.predicate, r.object) for r in self.relations}
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for e in extraction.entities:
            self._index(e)
        self.own = self._own()
        self.issuer = self._issuer()

    def extraction(self) -> Extraction:
        entities, relations, figures = tuple(self.entities.values()), tuple(self.relations), tuple(self.figures)
        return replace(self.base, entities=entities, relations=relations, figures=figures)

    def _index(self, entity: Entity) -> None:
        for name in dict.fromkeys(name_key(n) for n in (entity.label, *entity.aliases)):
            if name and entity.id not in self.by_name[name]:
                self.by_name[name].append(entity.id)

    def _own(self) -> Entity | None:
        """The entity that the letter is, if it is a policy text or a report."""
        title = name_key(self.letter.first("title") or "")
        same = [self.entities[i] for i in self.by_name.get(title, ()) if self.letter.kind in TITLED]
        return next((e for e in same if e.kind is self.letter.kind), None)

    def _issuer(self) -> Entity | None:
        """The one agency that the letter is by."""
        writer = self.own.id if self.own else self.chunk.letter
        issuers = [r.object for r in self.relations if r.subject == writer and r.predicate == "issuedBy"]
        return self.entities.get(issuers[0]) if len(set(issuers)) == 1 else None

    def _quoted(self, quote: str) -> list[Span]:
        return self.stretch.find(quote) if len(search_fold(quote)) <= limit("quote") else []

    # entities

    def entity(self, p: ProposedEntity) -> None:
        kind = _kind(p.kind, ENTITY_KINDS)
        if kind is None:
            return self.tally.reject("kind")
        quotes = self._quoted(p.quote)
        if not quotes:
            return self.tally.reject("quote")
        spots = self.stretch.find(p.name)
        if not any(q.contains(s) for q in quotes for s in spots):
            return self.tally.reject("absent")
        same = [self.entities[i] for i in self.by_name.get(name_key(p.name), ())]
        if same:
            return self._met(same, kind, spots)
        free = [s for s in spots if self._free(s, kind)]
        if not free:
            return self.tally.reject("contradiction")
        made = self.namer.entity(free, kind, self.rule, self._next("e", self.entities))
        if made is None:
            return self.tally.reject("name")
        same = [self.entities[i] for i in self.by_name.get(name_key(made.label), ())]
        if same:
            return self._met(same, kind, ())
        self.entities[made.id] = made
        self._index(made)
        self._tie(made)
        return self.tally.accept()

    def _met(self, same: Sequence[Entity], kind: Kind, spots: Iterable[Span]) -> None:
        """A name that is known: of this kind it is nothing new, of another kind the known one stays."""
        alike = [e for e in same if e.kind is kind]
        if not alike:
            return self.tally.reject("contradiction")
        mine = alike[0]
        if mine.rule == self.rule:
            more = {s for s in spots if not any(x.overlaps(s) for x in mine.spans)}
            self.entities[mine.id] = replace(mine, spans=tuple(sorted({*mine.spans, *more})))
        return self.tally.know()

    def _free(self, spot: Span, kind: Kind) -> bool:
        """Whether the rules have not read the words at *spot* as (part of) something else."""
        for other in self.entities.values():
            for span in other.spans:
                if not span.overlaps(spot) or (spot.contains(span) and spot != span):
                    continue
                inside = span.contains(spot) and span != spot
                if not inside or not (kind is Kind.PLACE or (other.kind in TITLED and kind in _IN_TITLE)):
                    return False
        return True

    def _tie(self, entity: Entity) -> None:
        """What a name says of itself: the part that it stands in involves it, an agency's place is in its label."""
        confidence, span = float(words()["confidence"]["entity"]), entity.spans[0]
        part = self._part(span)
        if part is not None and entity.kind is not Kind.PLACE:
            self.relations.append(Relation(part.id, "involves", entity.id, span, self.rule, confidence))
        if entity.kind is Kind.AGENCY:
            places = [e for e in self.entities.values() if e.kind is Kind.PLACE and entity.label.startswith(e.label)]
            for place in sorted(places, key=lambda e: -len(e.label))[:1]:
                self.relations.append(Relation(entity.id, "jurisdiction", place.id, span, self.rule, confidence))

    def _part(self, span: Span, kind: Kind | None = None) -> Part | None:
        """The innermost part that *span* stands in (of *kind*, if given)."""
        holding = [
            p for p in self.base.outline.parts
            if p.kind is not None and kind in (None, p.kind) and p.span.contains(span)
        ]  # fmt: skip
        return min(holding, key=lambda p: len(p.span), default=None)

    # edges

    def edge(self, p: ProposedEdge) -> None:
        if p.predicate not in self.contract.pairs:
            return self.tally.reject("kind")
        quotes = self._quoted(p.quote)
        if not quotes:
            return self.tally.reject("quote")
        if self._wishes(quotes[0]) or _says(p.quote, "negated") or _says(p.quote, "wished"):
            return self.tally.reject("wish")
        subjects, objects = self._called(p.subject), self._called(p.object)
        if not subjects or not objects:
            return self.tally.reject("absent")
        pairs = [(s, o) for s in subjects for o in objects if self.contract.fits(s.kind, p.predicate, o.kind)]
        if not pairs:
            return self.tally.reject("kind")
        both: list[tuple[Span, Entity, Entity]] = []
        one: list[tuple[Span, Entity, Entity]] = []
        for quote in quotes:
            for s, o in pairs:
                held = self._holds(quote, s, p.subject) + self._holds(quote, o, p.object)
                (both if held == 2 else one if held else []).append((quote, s, o))
        found = both or one
        if not found:
            return self.tally.reject("absent")
        if len({(s.id, o.id) for _, s, o in found}) > 1 or (not both and len(found) > 1):
            return self.tally.reject("ambiguous")
        quote, s, o = found[0]
        if (s.id, p.predicate, o.id) in self.stated:
            return self.tally.know()
        if s.id == o.id or (o.id, p.predicate, s.id) in self.stated:
            return self.tally.reject("contradiction")
        self.stated.add((s.id, p.predicate, o.id))
        confidence = float(words()["confidence"]["edge"])
        self.relations.append(Relation(s.id, p.predicate, o.id, quote, self.rule, confidence))
        return self.tally.accept()

    def _wishes(self, span: Span) -> bool:
        """Whether *span* stands where a proposal asks for something, or may do."""
        if self.letter.kind is not Kind.PROPOSAL:
            return False
        asks = [p for p in self.base.outline.parts if p.letter == self.letter.id and p.kind is Kind.SUGGESTION]
        return not asks or any(p.span.overlaps(span) for p in asks)

    def _called(self, name: str) -> list[Entity]:
        """The things that *name* may mean here: what this piece or a heading over it names, its writer, itself."""
        for means, what in (("self", self.issuer), ("own", self.own)):
            if re.search(words()["names"][means], search_fold(name)):
                return [what] if what else []
        areas = (self.chunk.span, *self.chunk.headings)
        return [
            e for e in (self.entities[i] for i in self.by_name.get(name_key(name), ()))
            if e in (self.issuer, self.own) or any(a.contains(s) for a in areas for s in e.spans)
        ]  # fmt: skip

    def _holds(self, quote: Span, entity: Entity, name: str) -> bool:
        """Whether *quote* names *entity*."""
        return any(quote.contains(s) for s in (*entity.spans, *self.stretch.find(name)))

    # figures

    def figure(self, p: ProposedFigure) -> None:
        kind = _kind(p.kind, FIGURE_KINDS)
        if kind is None:
            return self.tally.reject("kind")
        quotes = self._quoted(p.quote)
        if not quotes:
            return self.tally.reject("quote")
        found = self._numbers(p.number, quotes)
        if not found:
            return self.tally.reject("number")
        known = [f for _, q in found for f in self.figures if _same(f, q)]
        fresh = [(quote, q) for quote, q in found if not any(_same(f, q) for f in self.figures)]
        if not fresh:
            return self.tally.know() if any(f.kind is kind for f in known) else self.tally.reject("contradiction")
        if len(fresh) > 1:
            return self.tally.reject("ambiguous")
        quote, quantity = fresh[0]
        if self._wished(p, kind, quote):
            return self.tally.reject("wish")
        self.figures.append(self._made(p, kind, quote, quantity))
        return self.tally.accept()

    def _numbers(self, number: str, quotes: Sequence[Span]) -> list[tuple[Span, Quantity]]:
        """The quantities in *quotes* that the words *number* mean, each once."""
        begin = self.chunk.span.begin
        here = [_moved(q, begin) for q in quantities(self.chunk.span.of(self.text), self.lex)]
        spots = self.stretch.find(number)
        found: dict[Span, tuple[Span, Quantity]] = {}
        for quote in quotes:
            for q in here:
                meant = any(quote.contains(s) and s.overlaps(q.span) for s in spots)
                if meant and quote.contains(q.span):
                    found.setdefault(q.span, (quote, q))
        return list(found.values())

    def _wished(self, p: ProposedFigure, kind: Kind, quote: Span) -> bool:
        if self.letter.kind is not Kind.PROPOSAL:
            return kind is not Kind.TARGET and _says(p.quote, "wished")
        return kind is not Kind.OBSERVATION or self._wishes(quote)

    def _made(self, p: ProposedFigure, kind: Kind, quote: Span, q: Quantity) -> Figure:
        period = self._period(p.period) if p.period and kind in (Kind.OBSERVATION, Kind.TARGET) else ""
        under = self._one(p.under, _UNDER) if kind is Kind.PROVISION else None
        promise = self._part(quote, Kind.COMMITMENT) if kind is Kind.TARGET else None
        metric = self.stretch.find(p.metric)
        return Figure(
            id=self._next("f", (f.id for f in self.figures)), kind=kind, span=quote,
            value=q.value, unit=q.unit, bound=q.bound, per=q.per if kind is Kind.PROVISION else "",
            metric="".join(metric[0].of(self.text).split()) if metric else "",
            about=self._one(p.about, ENTITY_KINDS),
            period="" if kind is Kind.TARGET else period, deadline=period if kind is Kind.TARGET else "",
            granted_under=under, part_of=promise.id if promise else None,
            rule=self.rule, confidence=float(words()["confidence"]["figure"]),
        )  # fmt: skip

    def _one(self, name: str, kinds: Iterable[Kind]) -> str | None:
        """The one thing that *name* means here, if it is one."""
        found = [e for e in self._called(name) if e.kind in kinds] if name else []
        return found[0].id if len(found) == 1 else None

    def _period(self, printed: str) -> str:
        """The time that the words *printed* state, as our own rules read it; nothing if they state none."""
        spots = self.stretch.find(printed)
        folded = figure_text.fold(self.chunk.span.of(self.text))
        begin = self.chunk.span.begin
        for time in times(folded.text, self.letter.first("issued") or "", self.lex):
            where = folded.source(time.span.begin, time.span.end)
            if any(s.overlaps(Span(where.begin + begin, where.end + begin)) for s in spots):
                return time.value
        return ""

    @staticmethod
    def _next(prefix: str, taken: Iterable[str]) -> str:
        numbers = (int(i[1:]) for i in taken if i[:1] == prefix and i[1:].isdigit())
        return f"{prefix}{max(numbers, default=0) + 1}"


def _kind(name: str, allowed: Iterable[Kind]) -> Kind | None:
    return next((k for k in allowed if k.value == name), None)


def _says(quote: str, what: str) -> bool:
    return re.search(words()["refuse"][what], search_fold(quote)) is not None


def _same(figure: Figure, q: Quantity) -> bool:
    return figure.span.contains(q.span) and (figure.value, figure.unit) == (q.value, q.unit)


def _moved(q: Quantity, by: int) -> Quantity:
    return replace(
        q, span=Span(q.span.begin + by, q.span.end + by), outer=Span(q.outer.begin + by, q.outer.end + by)
    )  # fmt: skip
