"""Decisions about things: what is one, what is two, what is none, and what each is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from extract.corrections.ledger import Folded, Ledger, Name, folded, kind_of
from extract.corrections.model import PERSON, Decision, Reason, Verdict, What
from extract.model import ENTITY_KINDS, Entity, Extraction, Figure, Relation, Span
from extract.text.normalize import name_key

_ENDS = ("about", "place", "granted_under", "provider", "condition_of")
"""Fields of a figure that may hold the id of an entity."""
_LABEL, _KIND, _JURISDICTION = "label", "kind", "jurisdiction"


class Names:
    """Where each name leads."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._steps: dict[Folded, dict[str, Decision]] = {}
        self._rejected: dict[Folded, Decision] = {}
        for d in ledger.of(What.ENTITY, Verdict.REJECT):
            if (kind := kind_of(d.kind)) is not None:
                self._rejected.setdefault((kind, name_key(d.subject)), d)
        for d in ledger.of(What.ENTITY, Verdict.CORRECT, Verdict.MERGE):
            if d.slot != _JURISDICTION:
                self._step(d)
        # who comes back to where he was goes in a circle: all at once, so that no order matters
        for d in [d for name in self._steps if self._in_circle(name) for d in self._steps[name].values()]:
            ledger.stop(d, Reason.CONTRADICTION)

    def _step(self, d: Decision) -> None:
        kind, slot = kind_of(d.kind), _LABEL if d.verdict is Verdict.MERGE else d.slot
        good = (slot == _LABEL and name_key(d.value)) or (slot == _KIND and kind_of(d.value) in ENTITY_KINDS)
        if kind is None or not good:
            self.ledger.stop(d, Reason.MALFORMED)
            return
        other = self._steps.setdefault((kind, name_key(d.subject)), {}).setdefault(slot, d)
        if other is d:
            return
        if other.value != d.value and other.source == d.source:
            self.ledger.stop(d, Reason.CONTRADICTION)
            self.ledger.stop(other, Reason.CONTRADICTION)
        else:  # the same, or what is decided for this source goes before what is for all
            self.ledger.use(d)

    def _in_circle(self, start: Folded) -> bool:
        at, seen = start, set[Folded]()
        while at not in seen:
            seen.add(at)
            to = self._next((at[0], at[1]))
            if to is None or folded(to) == at:
                return False
            at = folded(to)
        return at == start

    def _next(self, name: Name) -> Name | None:
        if folded(name) in self._rejected:
            return None
        kind, label = name
        for slot, d in self._steps.get(folded(name), {}).items():
            if not self.ledger.stopped(d):
                kind, label = (kind_of(d.value) or kind, label) if slot == _KIND else (kind, d.value)
        return kind, label

    def end(self, name: Name, *, use: bool = False) -> Name | None:
        """What *name* leads to; None if a person says that it is nothing.

        Args:
            name: class and label.
            use: say that the decisions on the way were applied.
        """
        while True:
            if use:
                here = [*self._steps.get(folded(name), {}).values(), self._rejected.get(folded(name))]
                for d in here:
                    if d is not None and not self.ledger.stopped(d):
                        self.ledger.use(d)
            to = self._next(name)
            if to is None or folded(to) == folded(name):
                return to
            name = to

    def merges(self, name: Name) -> bool:
        """Whether a person says that *name* is another name of something."""
        return any(d.verdict is Verdict.MERGE for d in self._steps.get(folded(name), {}).values())


def decide_names(x: Extraction, ledger: Ledger) -> tuple[Extraction, Names]:
    """Entities renamed, merged, split, rejected and added; relations and figures follow them."""
    names = Names(ledger)
    x = _added(_split(_renamed(x, names), names, ledger), names, ledger)
    return _accepted(_placed(x, names, ledger), names, ledger), names


def find(entities: Iterable[Entity], name: Name) -> Entity | None:
    """The entity of that class and label, else the first of that class with such an alias."""
    same = [e for e in entities if e.kind is name[0]]
    wanted = name_key(name[1])
    by_label = (e for e in same if name_key(e.label) == wanted)
    return next(by_label, None) or next((e for e in same if wanted in map(name_key, e.aliases)), None)


# renamed, merged, rejected


def _renamed(x: Extraction, names: Names) -> Extraction:
    groups: list[list[Entity]] = []
    moved: list[tuple[Entity, Name]] = []
    gone: set[str] = set()
    for e in x.entities:
        end = names.end((e.kind, e.label), use=True)
        if end is None:
            gone.add(e.id)
        elif folded(end) != folded((e.kind, e.label)):
            moved.append((e, end))
        else:
            groups.append([e if end[1] == e.label else replace(e, label=end[1], rule=PERSON, confidence=1.0)])
    if not moved and not gone:
        return replace(x, entities=tuple(g[0] for g in groups))
    for e, end in moved:
        renamed = _called(e, end, names, x.source.text)
        others = [g for g in groups if folded((g[0].kind, g[0].label)) == folded(end)]
        same = next((g for g in others if g[0].jurisdiction == e.jurisdiction), others[0] if others else None)
        if same is None:
            groups.append([renamed])
        else:
            same.append(renamed)
    order = {e.id: i for i, e in enumerate(x.entities)}
    groups.sort(key=lambda g: min(order[e.id] for e in g))
    to = {e.id: g[0].id for g in groups for e in g}
    return _redirected(replace(x, entities=tuple(map(_joined, groups))), lambda ident, _: to.get(ident, ident), gone)


def _called(e: Entity, end: Name, names: Names, text: str) -> Entity:
    """*e* under another name; the old one stays a name of it unless it was a wrong stretch of words."""
    wrong = not names.merges((e.kind, e.label)) and name_key(end[1]) in name_key(e.label)
    spans = e.spans
    if wrong:
        spans = tuple(_narrowed(s, end[1], text) for s in e.spans)
    aliases = {*e.aliases, *(() if wrong else (e.label,))} - {end[1]}
    return replace(e, kind=end[0], label=end[1], aliases=tuple(sorted(aliases)), spans=spans, rule=PERSON,
                   confidence=1.0)  # fmt: skip


def _narrowed(span: Span, words: str, text: str) -> Span:
    at = span.of(text).find(words)
    return Span(span.begin + at, span.begin + at + len(words)) if at >= 0 else span


def _joined(group: Sequence[Entity]) -> Entity:
    first = group[0]
    if len(group) == 1:
        return first
    aliases = {n for e in group for n in (e.label, *e.aliases)} - {first.label}
    facts = {(f.name, f.value): f for e in reversed(group) for f in e.facts}
    return replace(
        first, aliases=tuple(sorted(aliases)), spans=tuple(sorted({s for e in group for s in e.spans})),
        jurisdiction=first.jurisdiction or next((e.jurisdiction for e in group if e.jurisdiction), ""),
        facts=tuple(sorted(facts.values(), key=lambda f: (f.span, f.name, f.value))), rule=PERSON, confidence=1.0,
    )  # fmt: skip


def _redirected(x: Extraction, to: Callable[[str, Span], str], gone: set[str]) -> Extraction:
    """Relations and figures with the ids that *to* gives, without those in *gone*."""
    relations: dict[tuple[str, str, str, Span, str], Relation] = {}
    for r in x.relations:
        if r.subject in gone or r.object in gone:
            continue
        new = replace(r, subject=to(r.subject, r.span), object=to(r.object, r.span))
        if new == r or new.subject != new.object:
            relations.setdefault((new.subject, new.predicate, new.object, new.span, new.rule), new)
    return replace(x, relations=tuple(relations.values()), figures=tuple(_figure(f, to, gone) for f in x.figures))


def _figure(f: Figure, to: Callable[[str, Span], str], gone: set[str]) -> Figure:
    ends: Mapping[str, str | None] = {name: getattr(f, name) for name in _ENDS}
    new = {n: None if i is None or i in gone else to(i, f.span) for n, i in ends.items()}
    return f if new == ends else replace(f, **new)  # type: ignore[arg-type]


# split


def _split(x: Extraction, names: Names, ledger: Ledger) -> Extraction:
    splits: dict[tuple[Folded, str], tuple[Decision, Name | None]] = {}
    for d in ledger.of(What.ENTITY, Verdict.SPLIT):
        kind, new = kind_of(d.kind), d.value or d.object
        if kind is None or not name_key(d.object) or not name_key(new):
            ledger.stop(d, Reason.MALFORMED)
        elif (whole := names.end((kind, d.subject))) is not None:
            part = names.end((kind, new))
            taken = splits.setdefault((folded(whole), name_key(d.object)), (d, part))
            if taken[0] is not d:
                if taken[1] != part and taken[0].source == d.source:
                    ledger.stop(d, Reason.CONTRADICTION)
                    ledger.stop(taken[0], Reason.CONTRADICTION)
                else:
                    ledger.use(d)
    into = {(whole, folded(part)) for (whole, _), (_, part) in splits.items() if part is not None}
    for (whole, _), (d, part) in splits.items():
        # a part that is (a part of …) the whole itself would be split for ever
        if part is not None and whole in _reached(folded(part), into):
            ledger.stop(d, Reason.CONTRADICTION)
    again = True
    while again:
        again = False
        for (whole, alias), (d, part) in sorted(splits.items(), key=lambda item: item[1][0]):
            for e in x.entities:
                if not ledger.stopped(d) and folded((e.kind, e.label)) == whole and alias in map(name_key, e.aliases):
                    x, again = _taken_off(x, e, alias, part), True
                    ledger.use(d)
    return x


def _reached(start: Folded, edges: set[tuple[Folded, Folded]]) -> set[Folded]:
    found, todo = {start}, [start]
    while todo:
        at = todo.pop()
        todo += (new := {to for frm, to in edges if frm == at} - found)
        found |= new
    return found


def _taken_off(x: Extraction, e: Entity, alias: str, part: Name | None) -> Extraction:
    """*e* without a name; the mentions by that name, and what they alone say, go to *part*."""
    text = x.source.text
    off = tuple(s for s in e.spans if name_key(s.of(text)) == alias)
    left = tuple(s for s in e.spans if s not in off)
    printed = next(a for a in e.aliases if name_key(a) == alias)
    rest = replace(e, aliases=tuple(a for a in e.aliases if name_key(a) != alias), spans=left or e.spans, rule=PERSON)
    entities = [rest if other is e else other for other in x.entities]
    known = next((o for o in entities if part and folded((o.kind, o.label)) == folded(part)), None)
    target = ""
    if part is not None and off:
        more = {printed} - {part[1]}
        if known is not None:
            new = replace(known, spans=tuple(sorted({*known.spans, *off})),
                          aliases=tuple(sorted({*known.aliases, *more} - {known.label})))  # fmt: skip
            entities[entities.index(known)] = new
        else:
            new = Entity(fresh("e", [o.id for o in entities]), part[0], part[1], tuple(sorted(more)), off,
                         e.jurisdiction, rule=PERSON, confidence=1.0)  # fmt: skip
            entities.append(new)
        target = new.id

    def to(ident: str, span: Span) -> str:
        if ident != e.id or not target:
            return ident
        sentence = next((s.span for s in x.outline.sentences if s.span.contains(span)), span)
        for reach in (span, sentence):
            if any(s.overlaps(reach) for s in left):
                return ident
            if any(s.overlaps(reach) for s in off):
                return target
        return ident

    return _redirected(replace(x, entities=tuple(entities)), to, set())


def fresh(letter: str, used: Iterable[str]) -> str:
    """The next id of that kind."""
    return f"{letter}{max((int(i[1:]) for i in used if i[:1] == letter and i[1:].isdigit()), default=0) + 1}"


# added, placed, accepted


def _added(x: Extraction, names: Names, ledger: Ledger) -> Extraction:
    for d in ledger.of(What.ENTITY, Verdict.ADD):
        kind = kind_of(d.kind)
        if kind not in ENTITY_KINDS or kind is None or not name_key(d.subject):
            ledger.stop(d, Reason.MALFORMED)
            continue
        places, end = ledger.places(d.quote), names.end((kind, d.subject))
        if end is None:
            ledger.stop(d, Reason.CONTRADICTION)
        elif not places:
            ledger.stop(d, Reason.NO_QUOTE)
        else:
            ledger.use(d)
            if find(x.entities, end) is None:
                spans = tuple(_narrowed(p, d.subject, x.source.text) for p in places)
                new = Entity(fresh("e", [e.id for e in x.entities]), end[0], end[1], (), spans, rule=PERSON,
                             confidence=1.0)  # fmt: skip
                x = replace(x, entities=(*x.entities, new))
    return x


def _placed(x: Extraction, names: Names, ledger: Ledger) -> Extraction:
    """Which place tells a thing from its namesakes."""
    chosen: dict[Folded, Decision] = {}
    for d in ledger.of(What.ENTITY, Verdict.CORRECT):
        if d.slot == _JURISDICTION and (kind := kind_of(d.kind)) and (end := names.end((kind, d.subject))):
            other = chosen.setdefault(folded(end), d)
            if other.value != d.value and other.source == d.source:
                ledger.stop(d, Reason.CONTRADICTION)
                ledger.stop(other, Reason.CONTRADICTION)
    entities = []
    for e in x.entities:
        placed = chosen.get(folded((e.kind, e.label)))
        if placed is not None and not ledger.stopped(placed):
            ledger.use(placed)
            if e.jurisdiction != placed.value:
                e = replace(e, jurisdiction=placed.value, rule=PERSON)
        entities.append(e)
    return replace(x, entities=tuple(entities))


def _accepted(x: Extraction, names: Names, ledger: Ledger) -> Extraction:
    sure: set[Folded] = set()
    here = {folded((e.kind, e.label)) for e in x.entities}
    for d in ledger.of(What.ENTITY, Verdict.ACCEPT):
        if (kind := kind_of(d.kind)) and (end := names.end((kind, d.subject))) and folded(end) in here:
            sure.add(folded(end))
            ledger.use(d)
    accepted = (replace(e, confidence=1.0) if folded((e.kind, e.label)) in sure else e for e in x.entities)
    return replace(x, entities=tuple(accepted)) if sure else x
