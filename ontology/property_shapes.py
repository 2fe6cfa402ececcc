"""The classes that a property may connect, read from ``shapes.ttl``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ontology import SHAPES
from ontology.terms import PK, SKOS

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_BROADER = "broader"


class PropertyShapes:
    """The classes that ``shapes.ttl`` (SHACL Core) allows as ends of a property."""

    def __init__(self) -> None:
        from rdflib import SH, Graph

        self.sh: Any = SH
        self.graph: Graph = Graph().parse(data=SHAPES.read_text(encoding="utf-8"), format="turtle")

    def fits(self, name: str, subject: str, obj: str) -> bool:
        """Return whether the property *name* may connect these classes, all given by local names."""
        from rdflib import URIRef

        path = URIRef((SKOS if name == _BROADER else PK) + name)
        path_shapes = list(self.graph.subjects(self.sh.targetSubjectsOf, path))
        class_shapes = list(self.graph.subjects(self.sh.targetClass, URIRef(PK + subject)))
        for shape in path_shapes:
            allowed = self._find_classes(shape)
            if allowed and subject not in allowed:
                return False
        for shape in (*path_shapes, *class_shapes):
            for prop in self.graph.objects(shape, self.sh.property):
                allowed = self._find_classes(prop) if (prop, self.sh.path, path) in self.graph else set()
                if allowed and obj not in allowed:
                    return False
        return True

    def _find_classes(self, shape: Node) -> set[str]:
        """Return the local names of the classes that ``sh:class`` or ``sh:or`` allows. Empty: all classes."""
        found = {str(c).removeprefix(PK) for c in self.graph.objects(shape, self.sh["class"])}
        for listed in self.graph.objects(shape, self.sh["or"]):
            for option in self.graph.items(listed):
                found |= {str(c).removeprefix(PK) for c in self.graph.objects(option, self.sh["class"])}
        return found
