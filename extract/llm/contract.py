"""What may be stated of what: the relations of the lexicon, as far as the shapes of the ontology let them pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from extract.model import ENTITY_KINDS, Kind
from ontology.lexicons import Lexicon
from ontology.property_shapes import PropertyShapes

FIGURE_KINDS = (Kind.PROVISION, Kind.OBSERVATION, Kind.TARGET, Kind.CONDITION)


@dataclass(frozen=True, slots=True)
class Contract:
    """Kinds and properties that a model may use."""

    pairs: Mapping[str, frozenset[tuple[Kind, Kind]]]
    """Property → (subject, object)."""

    def subjects(self, predicate: str) -> frozenset[Kind]:
        return frozenset(s for s, _ in self.pairs.get(predicate, ()))

    def objects(self, predicate: str) -> frozenset[Kind]:
        return frozenset(o for _, o in self.pairs.get(predicate, ()))

    def fits(self, subject: Kind, predicate: str, obj: Kind) -> bool:
        return (subject, obj) in self.pairs.get(predicate, ())


@cache
def contract(lex: Lexicon) -> Contract:
    """The contract under *lex*: ``[kinds]`` of ``relations.toml`` and ``shapes.ttl`` together."""
    shapes = PropertyShapes()
    pairs: dict[str, frozenset[tuple[Kind, Kind]]] = {}
    for name, (subjects, objects) in lex.config("relations")["kinds"].items():
        pairs[name] = frozenset(
            (Kind(s), Kind(o)) for s in subjects for o in objects if shapes.fits(name, s, o)
        )  # fmt: skip
    return Contract(pairs)


@cache
def answer_schema(lex: Lexicon) -> Mapping[str, Any]:
    """The JSON schema of an answer, for servers that hold a model to it."""
    text = {"type": "string"}
    kinds = sorted(k.value for k in ENTITY_KINDS)
    rows = {
        "entities": {"name": text, "kind": {"type": "string", "enum": kinds}, "quote": text},
        "edges": {
            "subject": text, "predicate": {"type": "string", "enum": sorted(contract(lex).pairs)}, "object": text,
            "quote": text,
        },
        "figures": {
            "number": text, "kind": {"type": "string", "enum": [k.value for k in FIGURE_KINDS]}, "about": text,
            "metric": text, "period": text, "under": text, "quote": text,
        },
    }  # fmt: skip
    return _object({name: {"type": "array", "items": _object(row)} for name, row in rows.items()})


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False,
    }  # fmt: skip
