"""Parse the answer of a reviewing model into typed changes, which are not checked yet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

from extract.llm.answer import AnswerError
from extract.llm.review.rules import get_review_limit
from ontology.lexicons import Lexicon

_THOUGHT = re.compile(r"^.*</think>", re.DOTALL)
_FENCE = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?```\s*$", re.DOTALL)
_KEY = re.compile(r"^[a-z]{1,2}\d{1,5}$")
"""Form of the ids of facts (``e12``) and of the keys that an answer gives to new things (``n1``)."""
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
class ReviewAnswer:
    """All changes of one answer, in the order in which they are applied."""

    changes: tuple[Change, ...] = ()
    malformed: int = 0
    """Number of items without the requested form."""
    surplus: int = 0
    """Number of items beyond the limit."""
    repeated: int = 0
    """Number of changes that occur again in the same answer."""


class _ItemError(ValueError):
    """An item does not have the requested form."""


@dataclass(slots=True)
class _Collector:
    lex: Lexicon
    changes: dict[Change, None] = field(default_factory=dict)
    malformed: int = 0
    surplus: int = 0
    repeated: int = 0

    def add_list(self, rows: Any, read: Callable[[Any, Lexicon], Iterator[Change]]) -> None:
        if not isinstance(rows, list):
            self.malformed += rows is not None
            return
        most = get_review_limit("items", self.lex)
        self.surplus += max(0, len(rows) - most)
        for row in rows[:most]:
            try:
                found = list(read(row, self.lex))
            except _ItemError:
                self.malformed += 1
                continue
            for change in found:
                self.repeated += change in self.changes
                self.changes[change] = None


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
        raise AnswerError(f"not JSON: {type(error).__name__}") from error
    if not isinstance(data, dict) or not any(isinstance(data.get(name), list) for name in LISTS):
        raise AnswerError("none of the requested lists")
    collector = _Collector(lex)
    collector.malformed += len(set(data) - set(LISTS))
    for name, read in LISTS.items():
        collector.add_list(data.get(name), read)
    changes = tuple(collector.changes)
    return ReviewAnswer(changes, collector.malformed, collector.surplus, collector.repeated)


def _is_too_deep(body: str, most: int) -> bool:
    """Return whether brackets outside of strings are nested deeper than *most*."""
    depth = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', body):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth > most:
            return True
    return False


# items of the lists


def _row(row: Any, *names: str) -> Mapping[str, Any]:
    """Return *row* if it is an object with exactly these keys at most."""
    if not isinstance(row, dict) or set(row) - set(names):
        raise _ItemError
    return row


def _text(row: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    value = row.get(name)
    value = "" if value is None else value
    if not isinstance(value, str) or (needed and not value.strip()):
        raise _ItemError
    return value.strip()


def _id(value: Any) -> str:
    if not isinstance(value, str) or not _KEY.match(value):
        raise _ItemError
    return value


def _ids(value: Any) -> Sequence[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or len(values) > 60:
        raise _ItemError
    return [_id(entry) for entry in values]


def _quotes(row: Mapping[str, Any], lex: Lexicon, *, needed: bool) -> tuple[str, ...]:
    values = row.get("quotes") or []
    if not isinstance(values, list) or len(values) > get_review_limit("quotes", lex) or (needed and not values):
        raise _ItemError
    if not all(isinstance(quote, str) and quote.strip() for quote in values):
        raise _ItemError
    if any(len(quote) > get_review_limit("quote", lex) for quote in values):
        raise _ItemError
    return tuple(values)


def _quote(row: Mapping[str, Any], lex: Lexicon, *, needed: bool = True) -> str:
    quote = _text(row, "quote", needed=needed)
    if len(quote) > get_review_limit("quote", lex):
        raise _ItemError
    return quote


def _read_drop(row: Any, lex: Lexicon) -> Iterator[Change]:
    yield DropChange(_id(row))


def _read_rename(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "id", "name")
    yield RenameChange(_id(row.get("id")), _text(row, "name"))


def _read_retype(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "id", "kind")
    yield RetypeChange(_id(row.get("id")), _text(row, "kind"))


def _read_same(row: Any, lex: Lexicon) -> Iterator[Change]:
    first, *others = _ids(row)
    if not others:
        raise _ItemError
    for other in others:
        yield SameChange(first, other)


def _read_entity(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "key", "kind", "name", "quote")
    yield EntityChange(_id(row.get("key")), _text(row, "kind"), _text(row, "name"), _quote(row, lex))


def _read_edge(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "s", "p", "o", "quotes")
    predicate, quotes = _text(row, "p"), _quotes(row, lex, needed=True)
    for subject in _ids(row.get("s")):
        for obj in _ids(row.get("o")):
            yield EdgeChange(subject, predicate, obj, quotes)


def _read_ladder(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "ids", "quotes")
    rungs, quotes = _ids(row.get("ids")), _quotes(row, lex, needed=True)
    for lower, upper in pairwise(rungs):
        yield EdgeChange(lower, "advancesTo", upper, quotes)


def _read_number(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "key", "kind", "number", "quote")
    yield NumberChange(_id(row.get("key")), _text(row, "kind"), _text(row, "number"), _quote(row, lex))


def _read_slot(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "id", "slot", "value", "quotes")
    slot = _text(row, "slot")
    if slot not in FIGURE_SLOTS:
        raise _ItemError
    yield SlotChange(_id(row.get("id")), slot, _text(row, "value", needed=False), _quotes(row, lex, needed=False))


def _read_field(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "id", "field", "value", "quote")
    name = _text(row, "field")
    if name not in FIELDS:
        raise _ItemError
    yield FieldChange(_id(row.get("id")), name, _text(row, "value"), _quote(row, lex, needed=False))


def _read_part(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "id", "kind")
    yield PartChange(_id(row.get("id")), _text(row, "kind", needed=False))


def _read_answer(row: Any, lex: Lexicon) -> Iterator[Change]:
    row = _row(row, "part", "suggestion", "quotes")
    yield AnswerChange(_id(row.get("part")), _id(row.get("suggestion")), _quotes(row, lex, needed=False))


LISTS: Mapping[str, Callable[[Any, Lexicon], Iterator[Change]]] = {
    "rename": _read_rename, "retype": _read_retype, "same": _read_same, "drop": _read_drop, "entities": _read_entity,
    "numbers": _read_number, "figures": _read_slot, "fields": _read_field, "parts": _read_part,
    "ladders": _read_ladder, "edges": _read_edge, "answers": _read_answer,
}  # fmt: skip
"""The lists of an answer in the order in which they are applied: names before what refers to them."""
