"""Answers of a model with some of their changes made false: wrong quotes, ids, numbers and classes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from extract.llm.review.changes import (
    Change,
    DropChange,
    EdgeChange,
    EntityChange,
    NumberChange,
    PartChange,
    RenameChange,
    RetypeChange,
    ReviewAnswer,
    SameChange,
    SlotChange,
)
from extract.model import ENTITY_KINDS, FIGURE_KINDS, Extraction

_KINDS = sorted(kind.value for kind in ENTITY_KINDS)
_PREDICATES = ("administers", "operates", "establishes", "supports", "availableOn", "issuedBy", "hasTier", "basedOn")


def falsify(
    answer: ReviewAnswer, extraction: Extraction, rng: random.Random, share: float = 0.1
) -> tuple[ReviewAnswer, dict[Change, str]]:
    """Return *answer* with a share of its changes made false, and the false ones with what was done to them."""
    changes: list[Change] = []
    false: dict[Change, str] = {}
    for change in answer.changes:
        if rng.random() < share:
            how, made = _falsify_one(change, extraction, rng)
            if made != change and made not in answer.changes:
                false[made] = how
                change = made
        changes.append(change)
    return replace(answer, changes=tuple(dict.fromkeys(changes))), false


def _other_entity(extraction: Extraction, rng: random.Random, not_id: str = "") -> str:
    return rng.choice([entity.id for entity in extraction.entities if entity.id != not_id])


def _falsify_words(words: str, rng: random.Random) -> str:
    """Replace one character of *words*."""
    at = rng.randrange(len(words))
    return words[:at] + ("甲" if words[at] != "甲" else "乙") + words[at + 1 :]


def _falsify_one(change: Change, extraction: Extraction, rng: random.Random) -> tuple[str, Change]:
    def other(ident: str = "") -> str:
        return _other_entity(extraction, rng, ident)

    ways: list[tuple[str, Callable[[], Change]]]
    match change:
        case EntityChange():
            ways = [
                ("quote", lambda: replace(change, quote=_falsify_words(change.quote, rng))),
                ("name", lambda: replace(change, name=_falsify_words(change.name, rng))),
                ("class", lambda: replace(change, kind=rng.choice(_KINDS))),
            ]
        case EdgeChange():
            ways = [
                ("quote", lambda: replace(change, quotes=(_falsify_words(change.quotes[0], rng),))),
                ("id", lambda: replace(change, subject=other(change.subject))),
                ("id", lambda: replace(change, object=other(change.object))),
                ("class", lambda: replace(change, predicate=rng.choice(_PREDICATES))),
                ("direction", lambda: replace(change, subject=change.object, object=change.subject)),
            ]
        case SlotChange(_, "kind", _, _):
            ways = [("class", lambda: replace(change, value=rng.choice([kind.value for kind in FIGURE_KINDS])))]
        case SlotChange(_, "period", _, _):
            ways = [("number", lambda: replace(change, value=f"{rng.randrange(1990, 2040)}年"))]
        case SlotChange():
            ways = [
                ("id", lambda: replace(change, value=other(change.value))),
                ("id", lambda: replace(change, id=rng.choice([figure.id for figure in extraction.figures]))),
            ]
        case NumberChange():
            ways = [("number", lambda: replace(change, number=f"{rng.randrange(2, 9999)}家"))]
        case RenameChange():
            ways = [
                ("name", lambda: replace(change, name=_falsify_words(change.name, rng))),
                ("id", lambda: replace(change, id=other(change.id))),
            ]
        case RetypeChange():
            ways = [
                ("class", lambda: replace(change, kind=rng.choice(_KINDS))),
                ("id", lambda: replace(change, id=other(change.id))),
            ]
        case SameChange():
            ways = [("id", lambda: replace(change, other=other(change.other)))]
        case DropChange():
            ways = [("id", lambda: replace(change, id=other(change.id)))]
        case PartChange():
            ways = [("class", lambda: replace(change, kind="Program"))]
        case _:
            ways = [("same", lambda: change)]
    how, make = rng.choice(ways)
    return f"{type(change).__name__} {how}", make()
