"""What a model answered → typed proposals. Nothing in them is believed yet."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from extract.llm.settings import limit
from extract.model import Span
from extract.text.normalize import search_fold

_THOUGHT = re.compile(r"^.*</think>", re.DOTALL)
_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)\n?```", re.DOTALL)
_LISTS = ("entities", "edges", "figures")


class AnswerError(ValueError):
    """No JSON object of the form asked for; the message says why."""


@dataclass(frozen=True, slots=True)
class ProposedEntity:
    name: str
    kind: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProposedEdge:
    subject: str
    predicate: str
    object: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProposedFigure:
    number: str
    kind: str
    quote: str
    about: str = ""
    metric: str = ""
    period: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that one answer proposes, in its order."""

    entities: tuple[ProposedEntity, ...] = ()
    edges: tuple[ProposedEdge, ...] = ()
    figures: tuple[ProposedFigure, ...] = ()
    malformed: int = 0
    """Items without the fields asked for."""
    surplus: int = 0
    """Items beyond the number that is looked at."""


_Item = TypeVar("_Item", ProposedEntity, ProposedEdge, ProposedFigure)


def parse(content: str) -> Answer:
    """Read an answer: a JSON object, also in a fence or after a model's thoughts.

    Raises:
        AnswerError: too long, no JSON, cut off, or not an object with the lists asked for.
    """
    if len(content) > limit("answer_chars"):
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
        raise AnswerError(f"no JSON: {type(error).__name__}") from error
    if not isinstance(data, dict) or not any(isinstance(data.get(name), list) for name in _LISTS):
        raise AnswerError("none of the lists asked for")
    entities, bad1, more1 = _items(data, "entities", ProposedEntity)
    edges, bad2, more2 = _items(data, "edges", ProposedEdge)
    figures, bad3, more3 = _items(data, "figures", ProposedFigure)
    return Answer(entities, edges, figures, bad1 + bad2 + bad3, more1 + more2 + more3)


def _items(data: Mapping[str, Any], name: str, kind: type[_Item]) -> tuple[tuple[_Item, ...], int, int]:
    rows = data.get(name)
    if not isinstance(rows, list):
        return (), int(rows is not None), 0
    looked = rows[: limit("items")]
    made: list[_Item] = []
    for row in looked:
        # null is how some models write "nothing"
        values = {f.name: row.get(f.name) or "" for f in fields(kind)} if isinstance(row, dict) else {}
        required = [f.name for f in fields(kind)][: 4 if kind is ProposedEdge else 3]
        if all(isinstance(v, str) for v in values.values()) and values and all(values[r] for r in required):
            made.append(kind(**values))
    return tuple(made), len(looked) - len(made), len(rows) - len(looked)


class Stretch:
    """A stretch of a text in which words are looked up.

    Args:
        text: the source's text.
        span: where to look; what is found never reaches out of it.
    """

    def __init__(self, text: str, span: Span) -> None:
        kept = [i for i in range(span.begin, min(span.end, len(text))) if search_fold(text[i])]
        self._at = kept
        self._folded = "".join(text[i] for i in kept)

    def find(self, words: str) -> list[Span]:
        """Every place of *words*, in order, as spans of the source's text; none for words without a character."""
        wanted = search_fold(words)
        found: list[Span] = []
        at = self._folded.find(wanted) if wanted else -1
        while at >= 0:
            found.append(Span(self._at[at], self._at[at + len(wanted) - 1] + 1))
            at = self._folded.find(wanted, at + 1)
        return found
