"""Choose the nodes that a page draws when it opens: the most important ones that are linked to each other."""

from __future__ import annotations

import heapq
import math

from viz.data import PageData

_HALVING_SHARE = 0.1
"""A node counts half when this share of the limit is better nodes of its class: replies alone tell little."""
_ISOLATED_FACTOR = 0.25
"""Factor on the score of a node while none of its neighbours is chosen."""


def score_nodes(data: PageData) -> list[float]:
    """Return the importance of each node of *data*, in its order: its weight, raised by its number of neighbours."""
    position = {node.id: i for i, node in enumerate(data.nodes)}
    neighbours: list[set[str]] = [set() for _ in data.nodes]
    for edge in data.edges:
        neighbours[position[edge.source]].add(edge.target)
        neighbours[position[edge.target]].add(edge.source)
    return [
        max(node.weight, 0.0) * (1 + math.log2(1 + len(around)))
        for node, around in zip(data.nodes, neighbours, strict=True)
    ]


def choose_nodes(data: PageData, limit: int) -> list[int]:
    """Return the positions of at most *limit* nodes, best first.

    The choice starts at the focus or, without a focus, at the most important node. It grows by the best neighbour of
    the chosen nodes. A node without a chosen neighbour must be four times as important as that neighbour. The more
    nodes of a class rank before a node, the lower its score.
    """
    scores = score_nodes(data)
    ranks: dict[str, int] = {}
    for i in sorted(range(len(scores)), key=lambda i: (-scores[i], i)):
        rank = ranks[data.nodes[i].kind] = ranks.get(data.nodes[i].kind, -1) + 1
        scores[i] /= 1 + rank / (max(limit, 1) * _HALVING_SHARE)
    position = {node.id: i for i, node in enumerate(data.nodes)}
    neighbours: list[set[int]] = [set() for _ in data.nodes]
    for edge in data.edges:
        source, target = position[edge.source], position[edge.target]
        neighbours[source].add(target)
        neighbours[target].add(source)
    queue = [(-score * _ISOLATED_FACTOR, i) for i, score in enumerate(scores)]
    if data.focus is not None:
        queue.append((-math.inf, position[data.focus]))
    heapq.heapify(queue)
    chosen: list[int] = []
    seen: set[int] = set()
    while queue and len(chosen) < limit:
        _, i = heapq.heappop(queue)
        if i in seen:
            continue
        seen.add(i)
        chosen.append(i)
        for neighbour in sorted(neighbours[i] - seen):
            heapq.heappush(queue, (-scores[neighbour], neighbour))
    return chosen
