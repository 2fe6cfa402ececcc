"""Look-ups in a page's data that views share: everything by position."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from viz.choice import importance
from viz.data import FactLine, Figure, PageData


@dataclass(frozen=True, slots=True)
class Grant:
    """A provision: who gets it, under what, from whom."""

    figure: Figure
    about: tuple[int, ...]
    under: tuple[int, ...]
    provider: tuple[int, ...]


class Index:
    """*data* with its edges by end and predicate. Nodes and edges are named by their positions."""

    def __init__(self, data: PageData) -> None:
        self.data = data
        self.at = {node.id: i for i, node in enumerate(data.nodes)}
        self.kinds = [node.kind for node in data.nodes]
        self.scores = importance(data)
        self.ends = [(self.at[edge.source], self.at[edge.target]) for edge in data.edges]
        self._out: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._in: dict[tuple[int, str], list[int]] = defaultdict(list)
        for number, (edge, (a, b)) in enumerate(zip(data.edges, self.ends, strict=True)):
            self._out[a, edge.predicate].append(number)
            self._in[b, edge.predicate].append(number)

    def of_kind(self, *kinds: str) -> list[int]:
        """Nodes of some classes."""
        return [i for i, kind in enumerate(self.kinds) if kind in kinds]

    def edges(self, *predicates: str) -> list[int]:
        """Edges with one of the predicates."""
        return [n for n, edge in enumerate(self.data.edges) if edge.predicate in predicates]

    def edges_from(self, node: int, predicate: str) -> list[int]:
        return self._out.get((node, predicate), [])

    def edges_to(self, node: int, predicate: str) -> list[int]:
        return self._in.get((node, predicate), [])

    def objects(self, node: int, predicate: str) -> list[int]:
        return [self.ends[n][1] for n in self.edges_from(node, predicate)]

    def subjects(self, node: int, predicate: str) -> list[int]:
        return [self.ends[n][0] for n in self.edges_to(node, predicate)]

    def fact(self, node: int, label: str) -> str:
        """The first plain fact of that name, or nothing."""
        return next((f.value for f in self.data.nodes[node].facts if f.label == label and not f.kind), "")

    def figure_lines(self, kind: str) -> list[tuple[int, int, FactLine]]:
        """Node, position among its facts, and line of all figures of one class."""
        return [(i, n, line) for i, node in enumerate(self.data.nodes) for n, line in enumerate(node.facts)
                if line.kind == kind]  # fmt: skip

    def grants(self) -> list[Grant]:
        """All provisions whose parts are known, each once, in the order of the page."""
        found: dict[str, Figure] = {}
        for _, _, line in self.figure_lines("Provision"):
            if line.figure is not None:
                found.setdefault(line.figure.id, line.figure)

        def tied(figure: Figure, slot: str) -> tuple[int, ...]:
            return tuple(dict.fromkeys(self.at[other] for s, other in figure.ties if s == slot and other in self.at))

        return [Grant(f, tied(f, "about"), tied(f, "grantedUnder"), tied(f, "provider")) for f in found.values()]


def ordered(columns: list[list[int]], links: list[tuple[int, int]], rounds: int = 6) -> list[list[int]]:
    """*columns* reordered so that links between them cross little: each thing goes where its links are, in turns.

    The barycentre heuristic of Sugiyama and others; ties keep their order, so that the result is always the same.
    """
    near: dict[int, list[int]] = defaultdict(list)
    for a, b in links:
        near[a].append(b)
        near[b].append(a)
    columns = [list(column) for column in columns]
    for turn in range(rounds):
        for c in range(len(columns)) if turn % 2 else range(len(columns) - 1, -1, -1):
            share = {node: (row + 0.5) / len(column) for k, column in enumerate(columns) if k != c
                     for row, node in enumerate(column)}  # fmt: skip
            own = {node: (row + 0.5) / len(columns[c]) for row, node in enumerate(columns[c])}

            def middle(node: int, share: dict[int, float] = share, own: dict[int, float] = own) -> float:
                places = [share[other] for other in near[node] if other in share]
                return sum(places) / len(places) if places else own[node]

            columns[c] = sorted(columns[c], key=lambda node: (round(middle(node), 9), round(own[node], 9)))
    return columns
