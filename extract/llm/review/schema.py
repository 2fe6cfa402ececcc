"""The JSON schema of a review, for servers that can enforce it. ``changes.py`` parses the same form strictly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from extract.llm.contract import make_object_schema, read_contract
from extract.llm.review.changes import FIELDS, FIGURE_SLOTS
from extract.llm.review.rules import read_rules
from extract.model import ENTITY_KINDS, FIGURE_KINDS, Kind
from ontology.lexicons import Lexicon

_TEXT = {"type": "string"}
_PART_KINDS = (Kind.PROBLEM, Kind.SUGGESTION, Kind.MEASURE, Kind.COMMITMENT)


@cache
def build_review_schema(lex: Lexicon) -> Mapping[str, Any]:
    """Return the schema of an answer."""
    predicates = sorted({*read_contract(lex).pairs, *read_rules(lex)["document_predicates"]})
    texts = {"type": "array", "items": _TEXT}
    entity_kind = _choose(sorted(kind.value for kind in ENTITY_KINDS))
    figure_kind = _choose([kind.value for kind in FIGURE_KINDS])
    rows: dict[str, Any] = {
        "drop": _TEXT,
        "rename": _object(id=_TEXT, name=_TEXT),
        "retype": _object(id=_TEXT, kind=entity_kind),
        "same": texts,
        "entities": _object(key=_TEXT, kind=entity_kind, name=_TEXT, quote=_TEXT),
        "edges": _object(s=texts, p=_choose(predicates), o=texts, quotes=texts),
        "ladders": _object(ids=texts, quotes=texts),
        "numbers": _object(key=_TEXT, kind=figure_kind, number=_TEXT, quote=_TEXT),
        "figures": _object(id=_TEXT, slot=_choose(list(FIGURE_SLOTS)), value=_TEXT, quotes=texts),
        "fields": _object(id=_TEXT, field=_choose(list(FIELDS)), value=_TEXT, quote=_TEXT),
        "parts": _object(id=_TEXT, kind=_choose([*(kind.value for kind in _PART_KINDS), ""])),
        "answers": _object(part=_TEXT, suggestion=_TEXT, quotes=texts),
    }
    return make_object_schema({name: {"type": "array", "items": row} for name, row in rows.items()})


def _choose(values: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": values}


def _object(**properties: Any) -> dict[str, Any]:
    return make_object_schema(properties)
