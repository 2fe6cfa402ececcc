"""Add the proposals of a model to an extraction, without changing what the rules have found.

A proposal is accepted if its quote and its names are in the chunk that was sent, the contract allows it between these
classes, and nothing known contradicts it. All values come from the text: a label from the quoted words, a number from
the project's own reading of them. Only the choice of what belongs together comes from the model.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extract.llm.answer import LlmAnswer, ProposedEdge, ProposedEntity, ProposedFigure, QuoteFinder
from extract.llm.chunks import Chunk
from extract.llm.contract import Contract, read_contract
from extract.llm.naming import EntityNamer, get_namer
from extract.llm.report import LlmReport, Tally
from extract.llm.settings import get_limit, make_rule_name, read_prompt
from extract.model import (
    ENTITY_KINDS,
    FIGURE_KINDS,
    TITLED_KINDS,
    Entity,
    EntityId,
    Extraction,
    Figure,
    FigureId,
    Kind,
    Part,
    Relation,
    Span,
)
from extract.records import make_next_id
from extract.text.folding import fold_text
from extract.text.normalize import name_key, search_fold
from extract.text.periods import find_times
from extract.text.quantities import Quantity, find_quantities
from ontology.lexicons import Lexicon

_KINDS_IN_TITLES = frozenset({Kind.AGENCY, Kind.ORGANIZATION, Kind.ENTERPRISE, Kind.PROGRAM})
"""Classes of entities that a title may name."""
_KINDS_OF_BASIS = frozenset({Kind.PROGRAM, Kind.INSTRUMENT})
"""Classes that a provision may be granted under."""


def accept_answer(
    answer: LlmAnswer, extraction: Extraction, chunk: Chunk, *, model: str, lex: Lexicon
) -> tuple[Extraction, LlmReport]:
    """Add the acceptable proposals of *answer* to *extraction*.

    Args:
        answer: the proposals of the model for *chunk*.
        extraction: what is known of the source. Its ids are kept.
        chunk: the piece of text that was sent. All quotes must be in it.
        model: name of the model, for ``rule``.
        lex: the lexicon of the extraction.

    Returns:
        The extraction with new entities, relations and figures after the old ones, and the counts of the verdicts.
    """
    judge = _AnswerJudge(extraction, chunk, model, lex)
    for entity in answer.entities:
        judge.judge_entity(entity)
    for edge in answer.edges:
        judge.judge_edge(edge)
    for figure in answer.figures:
        judge.judge_figure(figure)
    judge.tally.count_rejected("malformed", answer.malformed)
    judge.tally.count_rejected("surplus", answer.surplus)
    return judge.build_extraction(), judge.tally.make_report()


@dataclass(frozen=True, slots=True)
class _EdgeReading:
    """One reading of a proposed edge: a place of its quote, and the entities at its ends."""

    quote: Span
    subject: Entity
    object: Entity


@dataclass(frozen=True, slots=True)
class _FigureReading:
    """One reading of a proposed figure: a place of its quote, and a quantity in it."""

    quote: Span
    quantity: Quantity


class _AnswerJudge:
    """A judge of the proposals of one answer. It collects the accepted ones."""

    def __init__(self, extraction: Extraction, chunk: Chunk, model: str, lex: Lexicon) -> None:
        self.base = extraction
        self.text = extraction.source.text
        self.chunk = chunk
        self.letter = extraction.outline.get_letter(chunk.letter)
        self.rule = make_rule_name(model)
        self.lex = lex
        self.contract: Contract = read_contract(lex)
        self.namer: EntityNamer = get_namer(self.text, extraction.outline, lex)
        self.finder = QuoteFinder(self.text, chunk.span)
        self.tally = Tally()
        self.entities: dict[str, Entity] = {entity.id: entity for entity in extraction.entities}
        self.relations = list(extraction.relations)
        self.figures = list(extraction.figures)
        self.stated = {(r.subject, r.predicate, r.object) for r in self.relations}
        self.ids_by_name: dict[str, list[str]] = defaultdict(list)
        for entity in extraction.entities:
            self._index_names(entity)
        self.letter_entity = self._find_letter_entity()
        self.issuer = self._find_issuer()

    def build_extraction(self) -> Extraction:
        """Return the extraction with the accepted proposals."""
        entities, relations, figures = tuple(self.entities.values()), tuple(self.relations), tuple(self.figures)
        return replace(self.base, entities=entities, relations=relations, figures=figures)

    def _index_names(self, entity: Entity) -> None:
        for name in dict.fromkeys(map(name_key, (entity.label, *entity.aliases))):
            if name and entity.id not in self.ids_by_name[name]:
                self.ids_by_name[name].append(entity.id)

    def _find_by_name(self, name: str) -> list[Entity]:
        return [self.entities[ident] for ident in self.ids_by_name.get(name_key(name), ())]

    def _find_letter_entity(self) -> Entity | None:
        """Return the entity that is the letter itself, if the letter is a policy text or a report."""
        if self.letter.kind not in TITLED_KINDS:
            return None
        same_title = self._find_by_name(self.letter.get_value("title") or "")
        return next((entity for entity in same_title if entity.kind is self.letter.kind), None)

    def _find_issuer(self) -> Entity | None:
        """Return the agency that issued the letter, if there is exactly one."""
        subject = self.letter_entity.id if self.letter_entity else self.chunk.letter
        issuers = {r.object for r in self.relations if r.subject == subject and r.predicate == "issuedBy"}
        return self.entities.get(issuers.pop()) if len(issuers) == 1 else None

    def _find_quotes(self, quote: str) -> list[Span]:
        return self.finder.find_all(quote) if len(search_fold(quote)) <= get_limit("quote") else []

    # entities

    def judge_entity(self, proposal: ProposedEntity) -> None:
        """Accept or reject a proposed entity, and count the verdict."""
        kind = _find_kind(proposal.kind, ENTITY_KINDS)
        if kind is None:
            return self.tally.count_rejected("kind")
        quotes = self._find_quotes(proposal.quote)
        if not quotes:
            return self.tally.count_rejected("quote")
        places = self.finder.find_all(proposal.name)
        if not any(quote.contains(place) for quote in quotes for place in places):
            return self.tally.count_rejected("absent")
        if same := self._find_by_name(proposal.name):
            return self._judge_known_name(same, kind, places)
        free = [place for place in places if self._is_free(place, kind)]
        if not free:
            return self.tally.count_rejected("contradiction")
        entity = self.namer.make_entity(free, kind, self.rule, EntityId(make_next_id("e", self.entities)))
        if entity is None:
            return self.tally.count_rejected("name")
        if same := self._find_by_name(entity.label):
            return self._judge_known_name(same, kind, ())
        self.entities[entity.id] = entity
        self._index_names(entity)
        self._add_implied_relations(entity)
        return self.tally.count_accepted()

    def _judge_known_name(self, same: Sequence[Entity], kind: Kind, places: Iterable[Span]) -> None:
        """Count a proposal whose name is known: known if the class is the same, else a contradiction.

        An entity that this model has proposed before gets the new *places* as mentions.
        """
        entity = next((entity for entity in same if entity.kind is kind), None)
        if entity is None:
            return self.tally.count_rejected("contradiction")
        if entity.rule == self.rule:
            new = {place for place in places if not any(span.overlaps(place) for span in entity.spans)}
            self.entities[entity.id] = replace(entity, spans=tuple(sorted({*entity.spans, *new})))
        return self.tally.count_known()

    def _is_free(self, place: Span, kind: Kind) -> bool:
        """Return whether no known mention rules out an entity of *kind* at *place*.

        A mention inside *place* does not. A mention around it does not if it may contain such a name.
        """
        for other in self.entities.values():
            for span in other.spans:
                if not span.overlaps(place) or (place.contains(span) and place != span):
                    continue
                is_inside = span.contains(place) and span != place
                may_contain = kind is Kind.PLACE or (other.kind in TITLED_KINDS and kind in _KINDS_IN_TITLES)
                if not is_inside or not may_contain:
                    return False
        return True

    def _add_implied_relations(self, entity: Entity) -> None:
        """Add the relation to the part around the name, and that of an agency to the place in its label."""
        confidence, span = float(read_prompt()["confidence"]["entity"]), entity.spans[0]
        part = self._find_part(span)
        if part is not None and entity.kind is not Kind.PLACE:
            self.relations.append(Relation(part.id, "involves", entity.id, span, self.rule, confidence))
        if entity.kind is Kind.AGENCY:
            places = [other for other in self.entities.values() if other.kind is Kind.PLACE]
            if places := [place for place in places if entity.label.startswith(place.label)]:
                place = max(places, key=lambda place: len(place.label))
                self.relations.append(Relation(entity.id, "jurisdiction", place.id, span, self.rule, confidence))

    def _find_part(self, span: Span, kind: Kind | None = None) -> Part | None:
        """Return the innermost part (of *kind*, if given) that contains *span*."""
        parts = [part for part in self.base.outline.parts if part.kind is not None and kind in (None, part.kind)]
        around = [part for part in parts if part.span.contains(span)]
        return min(around, key=lambda part: len(part.span), default=None)

    # edges

    def judge_edge(self, proposal: ProposedEdge) -> None:
        """Accept or reject a proposed relation, and count the verdict."""
        predicate = proposal.predicate
        if predicate not in self.contract.pairs:
            return self.tally.count_rejected("kind")
        quotes = self._find_quotes(proposal.quote)
        if not quotes:
            return self.tally.count_rejected("quote")
        if self._is_suggested(quotes[0]) or _matches(proposal.quote, "negated") or _matches(proposal.quote, "wished"):
            return self.tally.count_rejected("wish")
        subjects, objects = self._find_meant(proposal.subject), self._find_meant(proposal.object)
        if not subjects or not objects:
            return self.tally.count_rejected("absent")
        pairs = [(s, o) for s in subjects for o in objects if self.contract.fits(s.kind, predicate, o.kind)]
        if not pairs:
            return self.tally.count_rejected("kind")
        readings = self._read_edge(proposal, quotes, pairs)
        if not readings:
            return self.tally.count_rejected("absent")
        if len(readings) > 1:
            return self.tally.count_rejected("ambiguous")
        subject, obj, quote = readings[0].subject.id, readings[0].object.id, readings[0].quote
        if (subject, predicate, obj) in self.stated:
            return self.tally.count_known()
        if subject == obj or (obj, predicate, subject) in self.stated:
            return self.tally.count_rejected("contradiction")
        self.stated.add((subject, predicate, obj))
        confidence = float(read_prompt()["confidence"]["edge"])
        self.relations.append(Relation(subject, predicate, obj, quote, self.rule, confidence))
        return self.tally.count_accepted()

    def _read_edge(
        self, proposal: ProposedEdge, quotes: Sequence[Span], pairs: Iterable[tuple[Entity, Entity]]
    ) -> list[_EdgeReading]:
        """Return the readings with both ends in the quote or, without any, those with one end in it.

        Of several places of the quote with the same two ends in it, only the first is returned.
        """
        with_both: dict[tuple[str, str], _EdgeReading] = {}
        with_one: list[_EdgeReading] = []
        pairs = list(pairs)
        for quote in quotes:
            for subject, obj in pairs:
                reading = _EdgeReading(quote, subject, obj)
                count = self._names(quote, subject, proposal.subject) + self._names(quote, obj, proposal.object)
                if count == 2:
                    with_both.setdefault((subject.id, obj.id), reading)
                elif count:
                    with_one.append(reading)
        return list(with_both.values()) or with_one

    def _is_suggested(self, span: Span) -> bool:
        """Return whether *span* is in a suggestion, or in a proposal without suggestions."""
        if self.letter.kind is not Kind.PROPOSAL:
            return False
        parts = self.base.outline.parts
        suggestions = [part for part in parts if part.letter == self.letter.id and part.kind is Kind.SUGGESTION]
        return not suggestions or any(part.span.overlaps(span) for part in suggestions)

    def _find_meant(self, name: str) -> list[Entity]:
        """Return the entities that *name* may mean in this chunk.

        These are entities with a mention in the chunk or in a heading above it, the issuer, and the letter itself.
        """
        for key, entity in (("self", self.issuer), ("own", self.letter_entity)):
            if re.search(read_prompt()["names"][key], search_fold(name)):
                return [entity] if entity else []
        areas = (self.chunk.span, *self.chunk.headings)
        return [
            entity
            for entity in self._find_by_name(name)
            if entity in (self.issuer, self.letter_entity)
            or any(area.contains(span) for area in areas for span in entity.spans)
        ]

    def _names(self, quote: Span, entity: Entity, name: str) -> bool:
        """Return whether *quote* contains a mention of *entity*, or its proposed *name*."""
        return any(quote.contains(span) for span in (*entity.spans, *self.finder.find_all(name)))

    # figures

    def judge_figure(self, proposal: ProposedFigure) -> None:
        """Accept or reject a proposed figure, and count the verdict."""
        kind = _find_kind(proposal.kind, FIGURE_KINDS)
        if kind is None:
            return self.tally.count_rejected("kind")
        quotes = self._find_quotes(proposal.quote)
        if not quotes:
            return self.tally.count_rejected("quote")
        readings = self._read_figure(proposal.number, quotes)
        if not readings:
            return self.tally.count_rejected("number")
        known = [figure for r in readings for figure in self.figures if _is_same_number(figure, r.quantity)]
        new = [r for r in readings if not any(_is_same_number(figure, r.quantity) for figure in self.figures)]
        if not new:
            is_known = any(figure.kind is kind for figure in known)
            return self.tally.count_known() if is_known else self.tally.count_rejected("contradiction")
        if len(new) > 1:
            return self.tally.count_rejected("ambiguous")
        if self._is_wish(proposal, kind, new[0].quote):
            return self.tally.count_rejected("wish")
        self.figures.append(self._make_figure(proposal, kind, new[0]))
        return self.tally.count_accepted()

    def _read_figure(self, number: str, quotes: Sequence[Span]) -> list[_FigureReading]:
        """Return the quantities in *quotes* that the printed *number* means, each once."""
        begin = self.chunk.span.begin
        quantities = [q.shift(begin) for q in find_quantities(self.chunk.span.of(self.text), self.lex)]
        places = self.finder.find_all(number)
        found: dict[Span, _FigureReading] = {}
        for quote in quotes:
            for quantity in quantities:
                is_meant = any(quote.contains(place) and place.overlaps(quantity.span) for place in places)
                if is_meant and quote.contains(quantity.span):
                    found.setdefault(quantity.span, _FigureReading(quote, quantity))
        return list(found.values())

    def _is_wish(self, proposal: ProposedFigure, kind: Kind, quote: Span) -> bool:
        """Return whether the figure is only wished for. A proposal states only observations as facts."""
        if self.letter.kind is not Kind.PROPOSAL:
            return kind is not Kind.TARGET and _matches(proposal.quote, "wished")
        return kind is not Kind.OBSERVATION or self._is_suggested(quote)

    def _make_figure(self, proposal: ProposedFigure, kind: Kind, reading: _FigureReading) -> Figure:
        quote, quantity = reading.quote, reading.quantity
        period = self._read_period(proposal.period) if kind in (Kind.OBSERVATION, Kind.TARGET) else ""
        commitment = self._find_part(quote, Kind.COMMITMENT) if kind is Kind.TARGET else None
        metric = self.finder.find_all(proposal.metric)
        return Figure(
            id=FigureId(make_next_id("f", (figure.id for figure in self.figures))),
            kind=kind,
            span=quote,
            value=quantity.value,
            unit=quantity.unit,
            bound=quantity.bound,
            per=quantity.per if kind is Kind.PROVISION else "",
            metric="".join(metric[0].of(self.text).split()) if metric else "",
            about=self._find_only_meant(proposal.about, ENTITY_KINDS),
            period="" if kind is Kind.TARGET else period,
            deadline=period if kind is Kind.TARGET else "",
            granted_under=self._find_only_meant(proposal.under, _KINDS_OF_BASIS) if kind is Kind.PROVISION else None,
            part_of=commitment.id if commitment else None,
            rule=self.rule,
            confidence=float(read_prompt()["confidence"]["figure"]),
        )

    def _find_only_meant(self, name: str, kinds: Iterable[Kind]) -> EntityId | None:
        """Return the id of the entity that *name* means, if it is exactly one."""
        found = [entity for entity in self._find_meant(name) if entity.kind in kinds] if name else []
        return found[0].id if len(found) == 1 else None

    def _read_period(self, printed: str) -> str:
        """Return the time that the words *printed* state, as the rules read it, or an empty string."""
        places = self.finder.find_all(printed)
        if not places:
            return ""
        folded = fold_text(self.chunk.span.of(self.text))
        begin = self.chunk.span.begin
        for time in find_times(folded.text, self.letter.get_value("issued") or "", self.lex):
            span = folded.map_to_source(time.span.begin, time.span.end)
            if any(place.overlaps(Span(span.begin + begin, span.end + begin)) for place in places):
                return time.value
        return ""


def _find_kind(name: str, allowed: Iterable[Kind]) -> Kind | None:
    return next((kind for kind in allowed if kind.value == name), None)


def _matches(quote: str, key: str) -> bool:
    """Return whether *quote* matches the pattern *key* of ``[refuse]`` in ``prompt.toml``."""
    return re.search(read_prompt()["refuse"][key], search_fold(quote)) is not None


def _is_same_number(figure: Figure, quantity: Quantity) -> bool:
    return figure.span.contains(quantity.span) and (figure.value, figure.unit) == (quantity.value, quantity.unit)
