"""The classes and properties that a page uses, with the number of things and statements of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from viz.views.index import PageIndex


@dataclass(frozen=True, slots=True)
class PageSchema:
    """Classes and properties in use, the most frequent first."""

    classes: tuple[tuple[str, int], ...]
    """Class and number of things, figures included."""
    properties: tuple[tuple[str, str, str, int], ...]
    """Class of the subject, property, class of the object, and number of statements."""
    literals: tuple[tuple[str, str, int], ...]
    """Class, fact that is not a figure, and number of things that have it."""

    def to_json(self) -> dict[str, Any]:
        return {
            "classes": [list(row) for row in self.classes],
            "properties": [list(row) for row in self.properties],
            "literals": [list(row) for row in self.literals],
        }


def build_schema(index: PageIndex) -> PageSchema:
    """Return the schema of *index*. A figure counts once, although it is a line of several things."""
    classes = Counter(index.kinds)
    properties = Counter(
        (index.kinds[subject], edge.predicate, index.kinds[obj])
        for edge, (subject, obj) in zip(index.data.edges, index.ends, strict=True)
    )
    literals: Counter[tuple[str, str]] = Counter()
    seen: set[str] = set()
    for node in index.data.nodes:
        literals.update({(node.kind, line.label) for line in node.facts if not line.kind})
        for line in node.facts:
            if not line.kind or line.figure is None or line.figure.id in seen:
                continue
            seen.add(line.figure.id)
            classes[line.kind] += 1
            ties = [(slot, index.position[node_id]) for slot, node_id in line.figure.ties if node_id in index.position]
            properties.update((line.kind, slot, index.kinds[tied]) for slot, tied in ties)

    def by_count(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return (-row[-1], *row[:-1])

    return PageSchema(
        tuple(sorted(classes.items(), key=by_count)),
        tuple(sorted(((*key, count) for key, count in properties.items()), key=by_count)),
        tuple(sorted(((*key, count) for key, count in literals.items()), key=by_count)),
    )
