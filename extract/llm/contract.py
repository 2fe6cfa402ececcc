"""The classes and properties that a model may use: relations of the lexicon that the ontology shapes allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from extract.model import ENTITY_KINDS, FIGURE_KINDS, Kind
from ontology.lexicons import Lexicon
from ontology.property_shapes import PropertyShapes


@dataclass(frozen=True, slots=True)
class Contract:
    """The properties that a model may use, with the classes of their ends."""

    pairs: Mapping[str, frozenset[tuple[Kind, Kind]]]
    """Property → allowed classes of subject and object."""

    def fits(self, subject: Kind, predicate: str, obj: Kind) -> bool:
        """Return whether *predicate* may connect these classes."""
        return (subject, obj) in self.pairs.get(predicate, ())


@cache
def read_contract(lex: Lexicon) -> Contract:
    """Return the contract: what ``[kinds]`` of ``relations.toml`` and ``shapes.ttl`` both allow."""
    shapes = PropertyShapes()
    pairs: dict[str, frozenset[tuple[Kind, Kind]]] = {}
    for name, (subjects, objects) in lex.read_config("relations")["kinds"].items():
        pairs[name] = frozenset(
            (Kind(s), Kind(o)) for s in subjects for o in objects if shapes.fits(name, s, o)
        )  # fmt: skip
    return Contract(pairs)


@cache
def build_answer_schema(lex: Lexicon) -> Mapping[str, Any]:
    """Return the JSON schema of an answer, for servers that can enforce it."""
    text = {"type": "string"}
    kinds = sorted(k.value for k in ENTITY_KINDS)
    rows = {
        "entities": {"name": text, "kind": {"type": "string", "enum": kinds}, "quote": text},
        "edges": {
            "subject": text, "predicate": {"type": "string", "enum": sorted(read_contract(lex).pairs)}, "object": text,
            "quote": text,
        },
        "figures": {
            "number": text, "kind": {"type": "string", "enum": [k.value for k in FIGURE_KINDS]}, "about": text,
            "metric": text, "period": text, "under": text, "quote": text,
        },
    }  # fmt: skip
    return make_object_schema({name: {"type": "array", "items": make_object_schema(row)} for name, row in rows.items()})


def make_object_schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with exactly these properties."""
    return {
        "type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False,
    }  # fmt: skip
