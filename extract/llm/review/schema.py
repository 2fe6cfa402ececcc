"""The JSON schema of a review, for servers that can enforce it. ``changes.py`` parses the same form strictly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from extract.llm.contract import make_object_schema, read_contract
from extract.llm.review.changes import FIELDS, FIGURE_SLOTS, LISTS
from extract.llm.review.forms import ITSELF
from extract.llm.review.rules import read_rules
from extract.model import ENTITY_KINDS, FIGURE_KINDS, Kind
from ontology.lexicons import Lexicon

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_PART_KINDS = (Kind.PROBLEM, Kind.SUGGESTION, Kind.MEASURE, Kind.COMMITMENT)


@cache
def build_review_schema(lex: Lexicon) -> Mapping[str, Any]:
    """Return the schema of an answer: the forms of its items, and the words that some of their values must be."""
    predicates = sorted({*read_contract(lex).pairs, *read_rules(lex)["document_predicates"]})
    entity_kinds = sorted(kind.value for kind in ENTITY_KINDS)
    figure_kinds = [kind.value for kind in FIGURE_KINDS]
    choices: Mapping[tuple[str, str], list[str]] = {
        ("retype", "kind"): entity_kinds,
        ("entities", "kind"): entity_kinds,
        ("numbers", "kind"): figure_kinds,
        ("edges", "p"): predicates,
        ("figures", "slot"): list(FIGURE_SLOTS),
        ("fields", "field"): list(FIELDS),
        ("parts", "kind"): [*(kind.value for kind in _PART_KINDS), ""],
    }
    rows: dict[str, Any] = {}
    for name, form in LISTS.items():
        values: dict[str, Any] = {key: _TEXTS if value.is_list else _TEXT for key, value in form.values.items()}
        values |= {key: {"type": "string", "enum": words} for (row, key), words in choices.items() if row == name}
        rows[name] = values.get(ITSELF) or make_object_schema(values)
    return make_object_schema({name: {"type": "array", "items": row} for name, row in rows.items()})
