"""Parse the answer of a model into typed proposals, which are not checked yet."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from extract.llm.settings import get_limit
from extract.model import Span
from extract.text.normalize import search_fold

_THOUGHT = re.compile(r"^.*</think>", re.DOTALL)
_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)\n?```", re.DOTALL)
_FENCE_BEGIN = re.compile(r"^\s*(?:```(?:json)?\s*)?")
_BRACKETS = {"[": "]", "{": "}"}
_LISTS = ("entities", "edges", "figures")


class AnswerError(ValueError):
    """An answer is not a JSON object of the requested form. The message says why."""


class CutAnswerError(AnswerError):
    """An answer begins a JSON object and ends before it is complete."""


def make_json_error(body: str, error: Exception) -> AnswerError:
    """Return the error about *body*, which could not be decoded."""
    kind = CutAnswerError if _is_unfinished(body) else AnswerError
    return kind(f"not JSON: {type(error).__name__}")


def _is_unfinished(body: str) -> bool:
    """Return whether *body* begins with an object whose brackets and strings are not closed at its end."""
    body = _FENCE_BEGIN.sub("", body)
    if not body.startswith("{"):
        return False
    opened: list[str] = []
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*(?P<end>"?)|[\[{]|[\]}]', body, re.DOTALL):
        if mark[0][0] == '"' and not mark["end"]:
            return True
        if mark[0] in _BRACKETS:
            opened.append(_BRACKETS[mark[0]])
        elif mark[0] in ("]", "}") and (opened.pop() != mark[0] or not opened):
            return False  # brackets that do not match, or an object that is complete
    return True


@dataclass(frozen=True, slots=True)
class ProposedEntity:
    """An entity with its class, as printed in *quote*."""

    name: str
    kind: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProposedEdge:
    """A relation between two printed names."""

    subject: str
    predicate: str
    object: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProposedFigure:
    """A figure with its printed slots."""

    number: str
    kind: str
    quote: str
    about: str = ""
    metric: str = ""
    period: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class LlmAnswer:
    """All proposals of one answer, in its order."""

    entities: tuple[ProposedEntity, ...] = ()
    edges: tuple[ProposedEdge, ...] = ()
    figures: tuple[ProposedFigure, ...] = ()
    malformed: int = 0
    """Number of items without the requested fields."""
    surplus: int = 0
    """Number of items beyond the limit."""


_Item = TypeVar("_Item", ProposedEntity, ProposedEdge, ProposedFigure)


def parse_answer(content: str) -> LlmAnswer:
    """Return the proposals in an answer: a JSON object, also in a Markdown fence or after the thoughts of a model.

    Raises:
        AnswerError: the answer is too long, incomplete, not JSON, or has none of the requested lists.
    """
    if len(content) > get_limit("answer_chars"):
        raise AnswerError(f"{len(content)} characters")
    body = _THOUGHT.sub("", content)
    if fenced := _FENCE.search(body):
        body = fenced[1]
    begin, end = body.find("{"), body.rfind("}")
    if begin < 0 or end < begin:
        raise AnswerError("no JSON object")
    try:
        data = json.loads(body[begin : end + 1], strict=False)
    except (ValueError, RecursionError) as error:
        raise AnswerError(f"not JSON: {type(error).__name__}") from error
    if not isinstance(data, dict) or not any(isinstance(data.get(name), list) for name in _LISTS):
        raise AnswerError("none of the requested lists")
    entities = _parse_items(data, "entities", ProposedEntity)
    edges = _parse_items(data, "edges", ProposedEdge)
    figures = _parse_items(data, "figures", ProposedFigure)
    malformed = entities.malformed + edges.malformed + figures.malformed
    surplus = entities.surplus + edges.surplus + figures.surplus
    return LlmAnswer(entities.items, edges.items, figures.items, malformed, surplus)


@dataclass(frozen=True, slots=True)
class _ItemList(Generic[_Item]):
    """The items of one list, with the numbers of those that are left out."""

    items: tuple[_Item, ...]
    malformed: int
    surplus: int


def _parse_items(data: Mapping[str, Any], name: str, kind: type[_Item]) -> _ItemList[_Item]:
    rows = data.get(name)
    if not isinstance(rows, list):
        return _ItemList((), int(rows is not None), 0)
    read = rows[: get_limit("items")]
    field_names = [f.name for f in fields(kind)]
    required = field_names[: 4 if kind is ProposedEdge else 3]
    items: list[_Item] = []
    for row in read:
        # some models write null for an empty value
        values = {field: row.get(field) or "" for field in field_names} if isinstance(row, dict) else {}
        if values and all(isinstance(value, str) for value in values.values()) and all(values[r] for r in required):
            items.append(kind(**values))
    return _ItemList(tuple(items), len(read) - len(items), len(rows) - len(read))


class QuoteFinder:
    """A search for words in a part of a text, without regard to quotation marks and white space.

    Args:
        text: the text of the source.
        span: the part to search.
    """

    def __init__(self, text: str, span: Span) -> None:
        self._positions = [i for i in range(span.begin, min(span.end, len(text))) if search_fold(text[i])]
        self._folded = "".join(text[i] for i in self._positions)

    def find_all(self, words: str) -> list[Span]:
        """Return all places of *words* in the text of the source, in order; none if *words* is empty when folded."""
        wanted = search_fold(words)
        found: list[Span] = []
        at = self._folded.find(wanted) if wanted else -1
        while at >= 0:
            found.append(Span(self._positions[at], self._positions[at + len(wanted) - 1] + 1))
            at = self._folded.find(wanted, at + 1)
        return found
