"""Which classes a property may stand between, read from ``shapes.ttl``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ontology import SHAPES
from ontology.terms import PK, SKOS

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_BROADER = "broader"


class PropertyShapes:
    """The classes that ``shapes.ttl`` (SHACL Core) lets a property stand between."""

    def __init__(self) -> None:
        from rdflib import SH, Graph

        self.sh: Any = SH
        self.graph: Graph = Graph().parse(data=SHAPES.read_text(encoding="utf-8"), format="turtle")

    def fits(self, name: str, subject: str, obj: str) -> bool:
        """Return whether the property *name* may stand between these classes (local names)."""
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
