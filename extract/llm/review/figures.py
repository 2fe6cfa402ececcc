"""Judge changes of figures: their slots, new ones and those to drop. Values and units stay as the rules read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from extract.figures.slots import read_per
from extract.llm.review.changes import DropChange, NumberChange, SlotChange
from extract.llm.review.classes import read_figure_kind
from extract.llm.review.context import ReviewContext
from extract.llm.review.quotes import RefusedChangeError
from extract.llm.review.rules import matches_rule, read_rules
from extract.model import ENTITY_KINDS, FIGURE_KINDS, Entity, Figure, FigureId, Kind, PartId, Span
from extract.records import make_next_id
from extract.text.folding import fold_text
from extract.text.normalize import name_key
from extract.text.periods import TimeUse, find_times
from extract.text.quantities import Quantity, find_quantities

_END_KINDS: Mapping[str, frozenset[Kind]] = {
    "place": frozenset({Kind.PLACE}),
    "under": frozenset({Kind.PROGRAM, Kind.INSTRUMENT}),
    "provider": frozenset({Kind.AGENCY}),
    "condition_of": frozenset({Kind.PROGRAM, Kind.INSTRUMENT, Kind.TIER}),
}
"""Classes that a slot may name; ``about`` may name any."""
_COUNTED = frozenset({Kind.GROUP, Kind.TIER, Kind.PLATFORM, Kind.PROGRAM})
"""Classes of things that are counted by the number behind their name."""
_RECEIVERS = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE, Kind.PERSON})
"""Classes of things that get a support."""
_CLASSES = frozenset({Kind.GROUP, Kind.TIER})
"""Classes of receivers that are many."""
_FIELDS = {"under": "granted_under"}
_SLOTS = (
    "metric", "about", "period", "place", "granted_under", "provider", "per", "deadline", "frequency", "part_of",
    "condition_of", "support",
)  # fmt: skip
"""What a figure says beside its class and number."""
_ALLOWED: Mapping[Kind, frozenset[str]] = {
    Kind.PROVISION: frozenset({"kind", "about", "period", "under", "provider", "per"}),
    Kind.OBSERVATION: frozenset({"kind", "about", "period", "place"}),
    Kind.TARGET: frozenset({"kind", "about", "period", "place"}),
    Kind.CONDITION: frozenset({"kind", "about", "period", "condition_of"}),
}


def change_slot(change: SlotChange, context: ReviewContext) -> str:
    """Give a slot of a figure another value, fill it or clear it."""
    figure = _get_figure(change.id, context)
    if change.slot not in _ALLOWED[figure.kind]:
        raise RefusedChangeError("kind")
    item = _find_item(figure, change.quotes, context)
    readers: Mapping[str, Callable[[Figure, str, Sequence[Span], ReviewContext], str]] = {
        "kind": _read_kind, "period": _read_period, "per": _read_per, "condition_of": _read_condition,
    }  # fmt: skip
    value = readers.get(change.slot, _EndReader(change.slot).read)(figure, change.value, item, context)
    field = _FIELDS.get(change.slot, change.slot)
    before = getattr(figure, field) or ""
    if value == before:
        raise RefusedChangeError("known")
    name = f"slot.{change.slot}"
    if before:
        context.need_trust(name)
    _store_slot(figure, field, value, name, context)
    return name


def _store_slot(figure: Figure, field: str, value: str, change: str, context: ReviewContext) -> None:
    draft = context.draft
    before = str(getattr(figure, field) or "")
    values: dict[str, object] = {field: value or None if field not in ("period", "per", "kind") else value}
    if field == "kind":
        values = _move_slots(figure, Kind(value), context)
    elif field == "period" and figure.kind is Kind.TARGET:
        values["deadline"] = value
    draft.figures[figure.id] = replace(figure, **values)  # type: ignore[arg-type]
    revision = draft.make_revision(change, figure.id, figure.span, draft.describe(before), draft.describe(value))
    if before:
        revision = replace(revision, withdrawn_rule=figure.rule, withdrawn_confidence=figure.confidence)
    draft.revise(revision)
    draft.withdraw_slots(figure, (name for name in values if name != field and values[name] != getattr(figure, name)))


def _move_slots(figure: Figure, kind: Kind, context: ReviewContext) -> dict[str, object]:
    """Return the values of a figure of another class: a target has a deadline and a commitment, others have none."""
    values: dict[str, object] = {"kind": kind, "deadline": "", "part_of": None}
    if kind is Kind.TARGET:
        commitment = context.find_part(figure.span, Kind.COMMITMENT)
        values |= {"deadline": figure.period, "part_of": PartId(commitment.id) if commitment else None}
    if kind is not Kind.CONDITION:
        values["condition_of"] = None
    if kind is not Kind.PROVISION:
        values |= {"granted_under": None, "provider": None, "per": "", "support": None}
    if kind not in (Kind.PROVISION, Kind.TARGET):
        values["frequency"] = ""
    if kind not in (Kind.OBSERVATION, Kind.TARGET):
        values["place"] = None
    return values


def _get_figure(given: str, context: ReviewContext) -> Figure:
    figure = context.draft.figures.get(context.find_id(given))
    if figure is None:
        raise RefusedChangeError("gone" if any(f.id == given for f in context.draft.base.figures) else "id")
    if not any(line.span.overlaps(figure.span) for line in context.section.lines):
        raise RefusedChangeError("elsewhere")
    return figure


def _find_item(figure: Figure, quotes: Sequence[str], context: ReviewContext) -> list[Span]:
    """Return the words that may state a slot: the quotes, which must be in the item of the number, else the item."""
    item = context.quoted.list_item_spans(figure.span)
    if not quotes:
        return [*item, *(line.span for line in context.section.head)]
    for reading in context.quoted.find_readings(quotes):
        if all(context.quoted.are_in_one_item(figure.span, quote) for quote in reading):
            return list(reading)
    raise RefusedChangeError("item")


# slots


def _read_kind(figure: Figure, value: str, item: Sequence[Span], context: ReviewContext) -> str:
    return read_figure_kind(figure, value, context)


class _EndReader:
    """Reads a slot that names a thing. The thing must be named in the item of the number, or be the letter's own."""

    def __init__(self, slot: str) -> None:
        self.slot = slot

    def read(self, figure: Figure, value: str, item: Sequence[Span], context: ReviewContext) -> str:
        ident = context.find_id(value)
        if self.slot == "about" and ident != figure.about and _is_counted(figure, context):
            raise RefusedChangeError("contradiction")
        if not value:
            return ""
        if ident in context.draft.letters:
            entity = context.draft.find_letter_entity(context.draft.letters[ident])
            if entity is None:
                raise RefusedChangeError("end")
            ident = entity.id
        entity = context.draft.entities.get(ident)
        if entity is None:
            context.get_entity(value)
            raise RefusedChangeError("id")
        never = read_rules(context.lex)["about"]["never"] if self.slot == "about" else ()
        if entity.kind not in _END_KINDS.get(self.slot, ENTITY_KINDS) or entity.kind.value in never:
            raise RefusedChangeError("kind")
        if not context.locate(ident, item) and not self._is_implied(figure, entity, context):
            raise RefusedChangeError("end")
        if self.slot == "about" and ident != figure.about and _is_no_subject(figure, entity, context):
            raise RefusedChangeError("contradiction")
        return ident

    def _is_implied(self, figure: Figure, entity: Entity, context: ReviewContext) -> bool:
        """Return whether the item of the number means *entity* without naming it."""
        own = context.letter_entity
        match self.slot:
            case "about":
                is_short = context.find_short_name(entity.id, figure.span) is not None
                return is_short or (figure.kind is Kind.PROVISION and _is_receiver(figure, entity, context))
            case "under":
                return own is not None and entity.id == own.id
            case "condition_of":
                return own is not None and _list_programs(own, context) == {entity.id}
        return False


def _is_receiver(figure: Figure, entity: Entity, context: ReviewContext) -> bool:
    """Return whether a support says only 每家单位 or 申请人, and its program or text supports *entity*."""
    own = context.letter_entity
    programs = _list_programs(own, context) if own else set()
    givers = {figure.granted_under or "", own.id if own else "", *(programs if len(programs) == 1 else ())}
    if not any(context.draft.states(giver, "supports", entity.id) for giver in givers):
        return False
    sentence = context.quoted.find_sentence(figure.span)
    if not matches_rule(sentence.of(context.draft.text), context.lex, "about", "receiver"):
        return False
    named = (other for other in context.draft.entities.values() if other.kind in _RECEIVERS)
    return not any(sentence.contains(span) for other in named for span in other.spans)


def _is_no_subject(figure: Figure, entity: Entity, context: ReviewContext) -> bool:
    """Return whether the class or the place of *entity* shows that the figure is not about it.

    No support is for a policy text or the whole place of the letter. What the sentence names only behind the number is
    not meant where a receiver stands before it: 对A给予10万元，对B给予5万元.
    """
    rules, kind = read_rules(context.lex)["about"], figure.kind.value
    if entity.kind.value in rules["not_of"].get(kind, ()) or (
        kind in rules["no_place"] and entity.id in context.places
    ):
        return True
    sentence, number = context.quoted.find_sentence(figure.span), figure.span
    inside = [span for span in entity.spans if sentence.contains(span)]
    if kind not in rules["ahead"] or not inside or any(span.begin < number.end for span in inside):
        return False
    others = (e for e in context.draft.entities.values() if e.kind in _CLASSES and e.id != entity.id)
    return any(sentence.begin <= span.begin < number.end for e in others for span in e.spans)


def _list_programs(letter: Entity, context: ReviewContext) -> set[str]:
    """Return the ids of the programs that a policy text sets up or runs."""
    stated = (r for r in context.draft.relations if r.predicate == "establishes" and r.subject == letter.id)
    return {r.object for r in stated if context.draft.get_kind(r.object) is Kind.PROGRAM}


def _is_counted(figure: Figure, context: ReviewContext) -> bool:
    """Return whether what a figure is about stands right before its number, which counts it: 从业人员600人次."""
    entity = context.draft.entities.get(figure.about or "")
    if entity is None or figure.kind is Kind.PROVISION or entity.kind not in _COUNTED:
        return False
    numbers = re.finditer(r"\d[\d.]*", figure.span.of(context.draft.text))
    begins = {figure.span.begin, *(figure.span.begin + number.start() for number in numbers)}
    return any(span.end in begins for span in entity.spans)


def _read_period(figure: Figure, value: str, item: Sequence[Span], context: ReviewContext) -> str:
    """Return the time that the words *value* in the item state, as the rules read it, or as printed."""
    if not value:
        return ""
    issued = context.letter.get_value("issued") or ""
    for span in item:
        folded = fold_text(span.of(context.draft.text))
        places = [p for p in context.quoted.find_all(value) if span.contains(p)]
        for time in find_times(folded.text, issued, context.lex):
            if time.use is TimeUse.EVERY:
                continue
            at = folded.map_to_source(time.span.begin, time.span.end)
            at = Span(at.begin + span.begin, at.end + span.begin)
            if any(place.overlaps(at) for place in places) or name_key(time.value) == name_key(value):
                return time.value
        is_time = matches_rule(value, context.lex, "time", "printed") and not matches_rule(
            value, context.lex, "time", "often"
        )
        if places and is_time and len(value) <= 20:
            return "".join(value.split())
    raise RefusedChangeError("period")


def _read_per(figure: Figure, value: str, item: Sequence[Span], context: ReviewContext) -> str:
    """Return what one payment is for. Its words must stand in the sentence of the number."""
    sentence = context.quoted.find_sentence(figure.span)
    words = sentence.of(context.draft.text)
    marks = read_rules(context.lex)["per"]["marks"]
    pieces = [piece for piece in re.split(marks, value) if piece]
    if not all(piece in words for piece in pieces):
        raise RefusedChangeError("quote")
    return read_per(value, context.lex) or "/".join(pieces)


def _read_condition(figure: Figure, value: str, item: Sequence[Span], context: ReviewContext) -> str:
    """Return the figure or entity that a condition decides. It, or who gets it, must be in the same item."""
    if not value:
        return ""
    ident = context.find_id(value)
    other = context.draft.figures.get(ident)
    if other is not None:
        if other.kind is not Kind.PROVISION:
            raise RefusedChangeError("kind")
        is_named = other.about is not None and context.locate(other.about, item) is not None
        if not is_named and not any(span.overlaps(other.span) for span in item):
            raise RefusedChangeError("end")
        return ident
    return _EndReader("condition_of").read(figure, value, item, context)


# new, dropped


def add_figure(change: NumberChange, context: ReviewContext) -> str:
    """Add a figure for a number that the rules left out. They read its value, unit and bound."""
    draft = context.draft
    kind = next((kind for kind in FIGURE_KINDS if kind.value == change.kind), None)
    if kind is None:
        raise RefusedChangeError("kind")
    quantity, quote = _find_quantity(change, context)
    known = next((f for f in draft.figures.values() if f.span.contains(quantity.span)
                  and (f.value, f.unit) == (quantity.value, quantity.unit)), None)  # fmt: skip
    if known is not None:
        context.keys[change.key] = known.id
        raise RefusedChangeError("known")
    figure = Figure(
        FigureId(make_next_id("f", [*draft.figures, *(f.id for f in draft.base.figures)])), kind, quote,
        quantity.value, quantity.unit, quantity.bound, rule=draft.rule,
        per=quantity.per if kind is Kind.PROVISION else "",
        confidence=draft.trust.get_confidence("figure"),
    )  # fmt: skip
    read_figure_kind(figure, kind.value, context, is_new=True)
    if context.letter.kind is Kind.PROPOSAL and context.is_wished([quantity.span]):
        raise RefusedChangeError("wish")
    if kind is Kind.TARGET and (commitment := context.find_part(quote, Kind.COMMITMENT)):
        figure = replace(figure, part_of=commitment.id)
    draft.figures[figure.id] = figure
    context.keys[change.key] = figure.id
    draft.revise(draft.make_revision("figure", figure.id, quote, "", f"{kind.value} {change.number}"))
    return "figure"


def _find_quantity(change: NumberChange, context: ReviewContext) -> tuple[Quantity, Span]:
    """Return the quantity that the words of a new number mean best, and the quote around it.

    The upper end of a range stands in the words of its lower end: 3000元 in 2000元至3000元.
    """
    quotes = [reading[0] for reading in context.quoted.find_readings((change.quote,))]
    numbers = context.quoted.find_all(change.number)
    found: list[tuple[int, Quantity, Span]] = []
    for line in context.section.lines:
        for read in find_quantities(line.span.of(context.draft.text), context.lex):
            quantity = read.shift(line.span.begin)
            quote = next((quote for quote in quotes if quote.contains(quantity.span)), None)
            around = [n for n in numbers if quantity.span.contains(n) or n.contains(quantity.span)]
            if quote is not None and around:
                found.append((min(abs(len(n) - len(quantity.span)) for n in around), quantity, quote))
    if not found:
        raise RefusedChangeError("number")
    _, quantity, quote = min(found, key=lambda entry: entry[0])
    return quantity, quote


def drop_figure(change: DropChange, context: ReviewContext) -> str:
    """Withdraw a figure."""
    figure, draft = _get_figure(change.id, context), context.draft
    context.need_trust("drop.figure")
    words = draft.describe(figure.id)
    revision = draft.make_revision("drop.figure", "", figure.span, f"{figure.kind.value} {words}", "", words)
    draft.revise(replace(revision, withdrawn_rule=figure.rule, withdrawn_confidence=figure.confidence))
    draft.withdraw_slots(figure, _SLOTS)
    draft.withdraw_relations("drop.edge", lambda r: figure.id in (r.subject, r.object))
    draft.clear_slots_with(figure.id, ["condition_of"])
    del draft.figures[figure.id]
    return "drop.figure"
