"""Parse the answer of a reviewing model into typed changes, which are not checked yet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

from extract.llm.answer import AnswerError, make_json_error
from extract.llm.review.forms import (
    ID,
    IDS,
    ITSELF,
    OPTIONAL_QUOTE,
    OPTIONAL_QUOTES,
    OPTIONAL_WORDS,
    QUOTE,
    QUOTES,
    WORDS,
    ItemError,
    ItemForm,
    Value,
    choose_from,
)
from extract.llm.review.rules import get_review_limit
from ontology.lexicons import Lexicon

_THOUGHT = re.compile(r"^.*</think>", re.DOTALL)
_FENCE = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?```\s*$", re.DOTALL)
FIGURE_SLOTS = ("kind", "about", "period", "place", "under", "provider", "per", "condition_of")
FIELDS = ("title", "proposalNumber", "session", "issued", "documentNumber", "status", "level")


@dataclass(frozen=True, slots=True)
class DropChange:
    """An entity, relation or figure that the text does not state."""

    id: str


@dataclass(frozen=True, slots=True)
class RenameChange:
    """Other words for the name of an entity."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class RetypeChange:
    """Another class of an entity."""

    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class SameChange:
    """Two entities that are one. The first one is kept."""

    id: str
    other: str


@dataclass(frozen=True, slots=True)
class EntityChange:
    """An entity that the rules did not find, with the key that other changes use for it."""

    key: str
    kind: str
    name: str
    quote: str


@dataclass(frozen=True, slots=True)
class EdgeChange:
    """A relation that the rules did not find."""

    subject: str
    predicate: str
    object: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number that the rules did not take for a figure."""

    key: str
    kind: str
    number: str
    quote: str


@dataclass(frozen=True, slots=True)
class SlotChange:
    """A slot of a figure. An empty value clears it."""

    id: str
    slot: str
    value: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A literal property of a document or entity."""

    id: str
    field: str
    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class PartChange:
    """Another class of a part; empty if it is none."""

    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A part of a reply that says which suggestion it answers."""

    part: str
    suggestion: str
    quotes: tuple[str, ...]


Change: TypeAlias = (
    DropChange | RenameChange | RetypeChange | SameChange | EntityChange | EdgeChange | NumberChange | SlotChange
    | FieldChange | PartChange | AnswerChange
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeftOutItem:
    """An item of an answer that is no change."""

    reason: str
    """``malformed``: without the requested form; ``surplus``: beyond the limit; ``repeated``: said before."""
    where: str
    """Name of its list."""
    words: str
    """The item as it was said, shortened."""


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """All changes of one answer, in the order in which they are applied."""

    changes: tuple[Change, ...] = ()
    left_out: tuple[LeftOutItem, ...] = ()


@dataclass(slots=True)
class _Collector:
    lex: Lexicon
    changes: dict[Change, None] = field(default_factory=dict)
    left_out: list[LeftOutItem] = field(default_factory=list)

    def leave_out(self, reason: str, where: str, item: Any) -> None:
        self.left_out.append(LeftOutItem(reason, where, _shorten(item)))

    def add_list(self, name: str, rows: Any) -> None:
        if not isinstance(rows, list):
            if rows is not None:
                self.leave_out("malformed", name, rows)
            return
        most = get_review_limit("items", self.lex)
        for row in rows[:most]:
            try:
                found = LISTS[name].read(row, self.lex)
            except ItemError:
                self.leave_out("malformed", name, row)
                continue
            for change in found:
                if change in self.changes:
                    self.leave_out("repeated", name, row)
                self.changes[change] = None
        for row in rows[most:]:
            self.leave_out("surplus", name, row)


def parse_review(content: str, lex: Lexicon) -> ReviewAnswer:
    """Return the changes in an answer: a JSON object, also in a Markdown fence or after the thoughts of a model.

    Raises:
        AnswerError: the answer is too long, nested too deeply, not one JSON object, or has none of the lists.
    """
    if len(content) > get_review_limit("answer_chars", lex):
        raise AnswerError(f"{len(content)} characters")
    body = _THOUGHT.sub("", content)
    if fenced := _FENCE.match(body):
        body = fenced[1]
    if _is_too_deep(body, get_review_limit("depth", lex)):
        raise AnswerError("nested too deeply")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise make_json_error(body, error) from error
    if not isinstance(data, dict) or not any(isinstance(data.get(name), list) for name in LISTS):
        raise AnswerError("none of the requested lists")
    collector = _Collector(lex)
    for name in data:
        if name not in LISTS:
            collector.leave_out("malformed", _shorten(name, 24), data[name])
    for name in _APPLIED:
        collector.add_list(name, data.get(name))
    return ReviewAnswer(tuple(_put_back(collector.changes)), tuple(collector.left_out))


def _shorten(item: Any, most: int = 80) -> str:
    """Return *item* as it was said, on one line of at most *most* characters."""
    words = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
    line = "".join(character for character in " ".join(words[: 4 * most].split()) if character.isprintable())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _put_back(changes: Iterable[Change]) -> Iterator[Change]:
    """Yield *changes* with those that merge a new entity behind the new entities."""
    rows = list(changes)
    made = {change.key for change in rows if isinstance(change, EntityChange)}
    waiting = [change for change in rows if isinstance(change, SameChange) and made & {change.id, change.other}]
    last = max((i for i, change in enumerate(rows) if isinstance(change, EntityChange)), default=-1)
    for i, change in enumerate(rows):
        if change not in waiting:
            yield change
        if i == last:
            yield from waiting


def _is_too_deep(body: str, most: int) -> bool:
    """Return whether brackets outside of strings are nested deeper than *most*."""
    depth = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', body):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth > most:
            return True
    return False


# items of the lists


def _merge_ids(ids: Sequence[str]) -> Iterator[Change]:
    kept, *others = ids
    if not others:
        raise ItemError
    return (SameChange(kept, other) for other in others)


def _cross_ends(
    subjects: Sequence[str], predicate: str, objects: Sequence[str], quotes: tuple[str, ...]
) -> Iterator[Change]:
    return (EdgeChange(subject, predicate, obj, quotes) for subject in subjects for obj in objects)


def _fill_slots(figures: Sequence[str], slot: str, value: str, quotes: tuple[str, ...]) -> Iterator[Change]:
    return (SlotChange(figure, slot, value, quotes) for figure in figures)


def _climb(rungs: Sequence[str], quotes: tuple[str, ...]) -> Iterator[Change]:
    return (EdgeChange(lower, "advancesTo", upper, quotes) for lower, upper in pairwise(rungs))


def _one(change: Callable[..., Change], /, **values: Value) -> ItemForm[Change]:
    """Return the form of items that are one change, whose fields are *values* in this order."""
    return ItemForm(lambda *fields: (change(*fields),), values)


LISTS: Mapping[str, ItemForm[Change]] = {
    "drop": ItemForm(lambda ident: (DropChange(ident),), {ITSELF: ID}),
    "rename": _one(RenameChange, id=ID, name=WORDS),
    "retype": _one(RetypeChange, id=ID, kind=WORDS),
    "same": ItemForm(_merge_ids, {ITSELF: IDS}),
    "entities": _one(EntityChange, key=ID, kind=WORDS, name=WORDS, quote=QUOTE),
    "edges": ItemForm(_cross_ends, {"s": IDS, "p": WORDS, "o": IDS, "quotes": QUOTES}),
    "ladders": ItemForm(_climb, {"ids": IDS, "quotes": QUOTES}),
    "numbers": _one(NumberChange, key=ID, kind=WORDS, number=WORDS, quote=QUOTE),
    "figures": ItemForm(
        _fill_slots,
        {"id": IDS, "slot": choose_from(FIGURE_SLOTS), "value": OPTIONAL_WORDS, "quotes": OPTIONAL_QUOTES},
    ),
    "fields": _one(FieldChange, id=ID, field=choose_from(FIELDS), value=WORDS, quote=OPTIONAL_QUOTE),
    "parts": _one(PartChange, id=ID, kind=OPTIONAL_WORDS),
    "answers": _one(AnswerChange, part=ID, suggestion=ID, quotes=OPTIONAL_QUOTES),
}
"""The lists of an answer, in the order of the prompt."""
_APPLIED = (
    "rename", "retype", "same", "drop", "entities", "ladders", "edges", "numbers", "figures", "fields", "parts",
    "answers",
)  # fmt: skip
"""The order in which the lists are applied: names before what refers to them."""
