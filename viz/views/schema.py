"""What kinds of things and statements the page holds, with their numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from viz.views.index import Index


@dataclass(frozen=True, slots=True)
class Schema:
    """Classes and properties in use."""

    classes: tuple[tuple[str, int], ...]
    """Class and number of things, figures included, in the order of the legend."""
    properties: tuple[tuple[str, str, str, int], ...]
    """Class, property, class, and number of statements."""
    literals: tuple[tuple[str, str, int], ...]
    """Class, plain fact, and number of things that have it."""

    def plain(self) -> dict[str, Any]:
        return {
            "classes": [list(row) for row in self.classes],
            "properties": [list(row) for row in self.properties],
            "literals": [list(row) for row in self.literals],
        }


def schema(index: Index) -> Schema:
    """The schema of *index*. A figure counts once, whatever it is a line of."""
    classes = Counter(index.kinds)
    links = Counter(
        (index.kinds[a], edge.predicate, index.kinds[b])
        for edge, (a, b) in zip(index.data.edges, index.ends, strict=True)
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
            ties = [(slot, index.at[to]) for slot, to in line.figure.ties if to in index.at]
            links.update((line.kind, slot, index.kinds[to]) for slot, to in ties)

    def by_count(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return (-row[-1], *row[:-1])

    return Schema(
        tuple(sorted(classes.items(), key=by_count)),
        tuple(sorted(((a, p, b, n) for (a, p, b), n in links.items()), key=by_count)),
        tuple(sorted(((a, p, n) for (a, p), n in literals.items()), key=by_count)),
    )
