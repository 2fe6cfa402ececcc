"""Decisions about facts of things and documents, and about statements between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from extract.corrections.entities import Names, find
from extract.corrections.ledger import Ledger, follow, kind_of
from extract.corrections.model import PERSON, Decision, Reason, Verdict, What, flat
from extract.model import Entity, Extraction, Fact, Field, Letter, Part, Relation, Span
from extract.text.normalize import name_key


def decide_facts(x: Extraction, names: Names, ledger: Ledger) -> Extraction:
    """Facts and statements added, corrected, accepted and rejected, in this order."""
    return _Statements(_facts(x, names, ledger), names, ledger).decided()


# facts


@dataclass(frozen=True, slots=True)
class _Literal:
    name: str
    value: str


def _facts(x: Extraction, names: Names, ledger: Ledger) -> Extraction:
    about = ledger.of(What.FACT, Verdict.REJECT, Verdict.CORRECT, Verdict.ACCEPT)
    added = ledger.of(What.FACT, Verdict.ADD)
    if not about and not added:
        return x
    entities = []
    for e in x.entities:
        own = [d for d in about if _is(e, d.kind, d.subject, names)]
        new = [f for d in added if _is(e, d.kind, d.subject, names) for f in _added_fact(e, d, ledger)]
        found: dict[tuple[str, str], Fact] = {}
        for fact in (*e.facts, *new):
            end = _literal(fact.name, fact.value, fact.span, own, ledger)
            if end is not None:
                found.setdefault((end.name, end.value), replace(fact, value=end.value))
        entities.append(replace(e, facts=tuple(found.values())) if own or new else e)
    letters = []
    for letter in x.outline.letters:
        own = [d for d in about if d.kind == letter.kind]
        fields: list[Field] = []
        for field in letter.fields:
            end = _literal(field.name, field.value, field.span, own, ledger)
            if end is not None:
                fields.append(field if end.value == field.value else replace(field, value=end.value))
        letters.append(replace(letter, fields=tuple(fields)) if own else letter)
    return replace(x, entities=tuple(entities), outline=replace(x.outline, letters=tuple(letters)))


def _is(e: Entity, kind: str, label: str, names: Names) -> bool:
    known = kind_of(kind)
    end = names.end((known, label)) if known else None
    return end is not None and find([e], end) is not None


def _added_fact(e: Entity, d: Decision, ledger: Ledger) -> Iterable[Fact]:
    places = ledger.places(d.quote)
    if not places:
        ledger.stop(d, Reason.NO_QUOTE)
        return
    ledger.use(d)
    yield Fact(d.predicate, d.object, places[0])


def _literal(name: str, value: str, span: Span, about: list[Decision], ledger: Ledger) -> _Literal | None:
    """What becomes of a fact; None if it is rejected."""
    used: list[Decision] = []

    def step(at: _Literal) -> _Literal | None:
        for d in about:  # the first that fits: what is decided for this source comes first
            same = d.predicate == at.name and flat(d.object) == flat(at.value)
            if same and ledger.quoted(d.quote, span):
                used.append(d)
                if d.verdict is Verdict.REJECT:
                    return None
                if d.verdict is Verdict.CORRECT and d.value:
                    return _Literal(name, d.value)
        return at

    outcome = follow(_Literal(name, value), step)
    _account(used, outcome[1], ledger)
    return outcome[0]


def _account(used: Iterable[Decision], circle: bool, ledger: Ledger) -> None:
    for d in used:
        if circle:
            ledger.stop(d, Reason.CONTRADICTION)
        else:
            ledger.use(d)


# statements


class _Statements:
    """The relations of an extraction, and the decisions about them."""

    def __init__(self, x: Extraction, names: Names, ledger: Ledger) -> None:
        self.x, self.names, self.ledger = x, names, ledger
        self.text = x.source.text
        self.things: dict[str, Entity | Letter | Part] = {
            t.id: t for group in (x.entities, x.outline.letters, x.outline.parts) for t in group
        }
        self.by_predicate: dict[str, list[Decision]] = {}
        for d in ledger.of(What.STATEMENT, Verdict.REJECT, Verdict.CORRECT, Verdict.ACCEPT):
            self.by_predicate.setdefault(d.predicate, []).append(d)

    def decided(self) -> Extraction:
        relations = [*self.x.relations, *self._added()]
        found: dict[object, Relation] = {}
        for i, r in enumerate(relations):
            end = self._decided(r)
            if end is not None:
                # what became the same as another is one; what nobody touched stays as it is
                same = (end.subject, end.predicate, end.object, end.span)
                found.setdefault(same if end.rule == PERSON or same in found else (i, same), end)
        return replace(self.x, relations=tuple(found.values()))

    def _added(self) -> Iterable[Relation]:
        for d in self.ledger.of(What.STATEMENT, Verdict.ADD):
            places = self.ledger.places(d.quote)
            if not places:
                self.ledger.stop(d, Reason.NO_QUOTE)
                continue
            subject = self._thing(d.kind, d.subject, places[0])
            obj = self._thing(d.object_kind, d.object, places[0])
            if subject is None or obj is None or subject == obj or not d.predicate:
                self.ledger.stop(d, Reason.NO_THING if d.predicate else Reason.MALFORMED)
                continue
            self.ledger.use(d)
            yield Relation(subject, d.predicate, obj, places[0], PERSON, 1.0)

    def _thing(self, kind: str, label: str, near: Span) -> str | None:
        """Id of the thing of that class and label; of documents, which have no label of their own, the one *near*."""
        known = kind_of(kind)
        if known is None:
            return None
        end = self.names.end((known, label))
        entity = find(self.x.entities, end) if end else None
        if entity is not None:
            return entity.id
        parts = [p.id for p in self.x.outline.parts if p.kind is known and _begins(p, label, self.text)]
        letters = [x for x in self.x.outline.letters if x.kind is known]
        inside = [x.id for x in letters if x.span.contains(near)] or [x.id for x in letters if len(letters) == 1]
        return next(iter(parts + inside), None)

    def _decided(self, r: Relation) -> Relation | None:
        used: list[Decision] = []
        end, circle = follow(r, partial(self._step, used))
        _account(used, circle, self.ledger)
        return end

    def _step(self, used: list[Decision], r: Relation) -> Relation | None:
        here = [d for d in self.by_predicate.get(r.predicate, ()) if self._about(d, r)]
        done: set[str] = set()
        for d in sorted(here, key=lambda d: d.verdict is not Verdict.REJECT):
            if d.verdict is Verdict.REJECT:
                used.append(d)
                return None
            new = replace(r, confidence=1.0) if d.verdict is Verdict.ACCEPT else self._corrected(r, d)
            if new is not None and d.slot not in done:
                used.append(d)
                done.add(d.slot)
                r = new
        return r

    def _corrected(self, r: Relation, d: Decision) -> Relation | None:
        """*r* with one correction, None if that cannot be."""
        if d.slot == "predicate" and d.value:
            return replace(r, predicate=d.value, rule=PERSON, confidence=1.0)
        if d.slot not in ("subject", "object"):
            self.ledger.stop(d, Reason.MALFORMED)
            return None
        kind = d.kind if d.slot == "subject" else d.object_kind
        ident = self._thing(kind, d.value, r.span) or self._any(d.value)
        other = r.object if d.slot == "subject" else r.subject
        if ident is None or ident == other:
            self.ledger.stop(d, Reason.NO_THING)
            return None
        return replace(r, **{d.slot: ident, "rule": PERSON, "confidence": 1.0})  # type: ignore[arg-type]

    def _any(self, label: str) -> str | None:
        """The only entity of that name, whatever its class."""
        same = [e.id for e in self.x.entities if name_key(label) in (name_key(e.label), *map(name_key, e.aliases))]
        return same[0] if len(same) == 1 else None

    def _about(self, d: Decision, r: Relation) -> bool:
        return (
            self._same(r.subject, d.kind, d.subject)
            and self._same(r.object, d.object_kind, d.object)
            and self.ledger.quoted(d.quote, r.span)
        )

    def _same(self, ident: str, kind: str, label: str) -> bool:
        thing = self.things.get(ident)
        if isinstance(thing, Entity):
            return _is(thing, kind, label, self.names)
        if isinstance(thing, Part):
            return thing.kind == kind and _begins(thing, label, self.text)
        return thing is not None and thing.kind == kind  # the quote tells which document it is


def _begins(part: Part, label: str, text: str) -> bool:
    return name_key(part.own.of(text)).startswith(name_key(label))
