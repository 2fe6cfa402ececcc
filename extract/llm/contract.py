"""What may be stated of what: the relations of the lexicon, as far as the shapes of the ontology let them pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from extract.model import ENTITY_KINDS, Kind
from ontology import SHAPES
from ontology.lexicons import Lexicon
from ontology.terms import PK, SKOS

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

FIGURE_KINDS = (Kind.PROVISION, Kind.OBSERVATION, Kind.TARGET, Kind.CONDITION)
_BROADER = "broader"


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
    shapes = _Shapes()
    pairs: dict[str, frozenset[tuple[Kind, Kind]]] = {}
    for name, (subjects, objects) in lex.config("relations")["kinds"].items():
        pairs[name] = frozenset(
            (Kind(s), Kind(o)) for s in subjects for o in objects if shapes.fits(name, s, o)
        )  # fmt: skip
    return Contract(pairs)


class _Shapes:
    """The classes that ``shapes.ttl`` (SHACL Core) lets a property stand between."""

    def __init__(self) -> None:
        from rdflib import SH, Graph

        self.sh: Any = SH
        self.graph: Graph = Graph().parse(data=SHAPES.read_text(encoding="utf-8"), format="turtle")

    def fits(self, name: str, subject: str, obj: str) -> bool:
        from rdflib import URIRef

        path = URIRef((SKOS if name == _BROADER else PK) + name)
        of_path = list(self.graph.subjects(self.sh.targetSubjectsOf, path))
        of_class = list(self.graph.subjects(self.sh.targetClass, URIRef(PK + subject)))
        for shape in of_path:
            allowed = self._classes(shape)
            if allowed and subject not in allowed:
                return False
        for shape in (*of_path, *of_class):
            for prop in self.graph.objects(shape, self.sh.property):
                allowed = self._classes(prop) if (prop, self.sh.path, path) in self.graph else set()
                if allowed and obj not in allowed:
                    return False
        return True

    def _classes(self, shape: Node) -> set[str]:
        """Local names that ``sh:class``, or ``sh:or`` of such, asks for; none if it asks for nothing."""
        found = {str(c).removeprefix(PK) for c in self.graph.objects(shape, self.sh["class"])}
        for listed in self.graph.objects(shape, self.sh["or"]):
            for one in self.graph.items(listed):
                found |= {str(c).removeprefix(PK) for c in self.graph.objects(one, self.sh["class"])}
        return found


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
