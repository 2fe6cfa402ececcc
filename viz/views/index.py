"""Look-ups in the data of a page, shared by the views."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from viz.choice import score_nodes
from viz.data import FactLine, FigureDetails, PageData


@dataclass(frozen=True, slots=True)
class Grant:
    """A provision, with the nodes that it is tied to."""

    figure: FigureDetails
    about: tuple[int, ...]
    """Who gets it."""
    under: tuple[int, ...]
    """Programs and instruments that it is granted under."""
    provider: tuple[int, ...]
    """Who gives it."""


class PageIndex:
    """*data* with its edges by end and predicate. Nodes and edges are given as positions in *data*."""

    def __init__(self, data: PageData) -> None:
        self.data = data
        self.position = {node.id: i for i, node in enumerate(data.nodes)}
        self.kinds = [node.kind for node in data.nodes]
        self.scores = score_nodes(data)
        self.ends = [(self.position[edge.source], self.position[edge.target]) for edge in data.edges]
        """Subject and object of each edge."""
        self._by_subject: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._by_object: dict[tuple[int, str], list[int]] = defaultdict(list)
        for number, (edge, (subject, obj)) in enumerate(zip(data.edges, self.ends, strict=True)):
            self._by_subject[subject, edge.predicate].append(number)
            self._by_object[obj, edge.predicate].append(number)

    def find_nodes(self, *kinds: str) -> list[int]:
        """Return the nodes of some classes."""
        return [i for i, kind in enumerate(self.kinds) if kind in kinds]

    def find_edges(self, *predicates: str) -> list[int]:
        """Return the edges with one of the predicates."""
        return [i for i, edge in enumerate(self.data.edges) if edge.predicate in predicates]

    def find_edges_from(self, subject: int, predicate: str) -> list[int]:
        return self._by_subject.get((subject, predicate), [])

    def find_edges_to(self, obj: int, predicate: str) -> list[int]:
        return self._by_object.get((obj, predicate), [])

    def find_subjects(self, obj: int, predicate: str) -> list[int]:
        return [self.ends[edge][0] for edge in self.find_edges_to(obj, predicate)]

    def find_fact(self, node: int, label: str) -> str:
        """Return the first fact *label* of *node* that is not a figure, or an empty string."""
        return next((f.value for f in self.data.nodes[node].facts if f.label == label and not f.kind), "")

    def find_figure_lines(self, kind: str) -> list[FactLine]:
        """Return the fact lines of all figures of one class, in the order of the nodes."""
        return [line for node in self.data.nodes for line in node.facts if line.kind == kind]

    def find_grants(self) -> list[Grant]:
        """Return all provisions whose slots are known, each once, in the order of the nodes."""
        figures: dict[str, FigureDetails] = {}
        for line in self.find_figure_lines("Provision"):
            if line.figure is not None:
                figures.setdefault(line.figure.id, line.figure)
        return [
            Grant(
                figure,
                about=self._find_tied_nodes(figure, "about"),
                under=self._find_tied_nodes(figure, "grantedUnder"),
                provider=self._find_tied_nodes(figure, "provider"),
            )
            for figure in figures.values()
        ]

    def _find_tied_nodes(self, figure: FigureDetails, slot: str) -> tuple[int, ...]:
        nodes = [self.position[node] for name, node in figure.ties if name == slot and node in self.position]
        return tuple(dict.fromkeys(nodes))


def order_columns(columns: list[list[int]], links: list[tuple[int, int]], rounds: int = 6) -> list[list[int]]:
    """Return *columns* reordered so that few links between them cross.

    Each node moves to the mean position of the nodes that it is linked to, column by column, for some rounds: the
    barycentre heuristic of Sugiyama et al. Ties keep their order, so that the result is always the same.
    """
    linked: dict[int, list[int]] = defaultdict(list)
    for left, right in links:
        linked[left].append(right)
        linked[right].append(left)
    columns = [list(column) for column in columns]
    for turn in range(rounds):
        for number in range(len(columns)) if turn % 2 else range(len(columns) - 1, -1, -1):
            heights = {
                node: (row + 0.5) / len(column)
                for other_number, column in enumerate(columns)
                if other_number != number
                for row, node in enumerate(column)
            }
            own = {node: (row + 0.5) / len(columns[number]) for row, node in enumerate(columns[number])}

            def compute_mean(node: int, heights: dict[int, float] = heights, own: dict[int, float] = own) -> float:
                found = [heights[other] for other in linked[node] if other in heights]
                return sum(found) / len(found) if found else own[node]

            columns[number] = sorted(
                columns[number], key=lambda node: (round(compute_mean(node), 9), round(own[node], 9))
            )
    return columns
