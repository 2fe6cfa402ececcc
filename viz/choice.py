"""Which nodes are drawn at first: the most important ones, and so that they hang together."""

from __future__ import annotations

import heapq
import math

from viz.data import PageData

_SHARE = 0.1
"""When a class has this share of the limit, the next one of it counts half: a picture of replies alone says little."""
_LONELY = 0.25
"""What importance counts for while a node has no edge to any node that is drawn already."""


def importance(data: PageData) -> list[float]:
    """A score for each node of *data*, in its order: the given weight, raised by the number of its neighbours."""
    at = {node.id: i for i, node in enumerate(data.nodes)}
    near: list[set[str]] = [set() for _ in data.nodes]
    for edge in data.edges:
        near[at[edge.source]].add(edge.target)
        near[at[edge.target]].add(edge.source)
    return [max(node.weight, 0.0) * (1 + math.log2(1 + len(n))) for node, n in zip(data.nodes, near, strict=True)]


def choose(data: PageData, limit: int) -> list[int]:
    """Positions of at most *limit* nodes, best first.

    Grown from the focus, or else from the most important node: next comes always the best among the neighbours of those
    chosen; a node without a chosen neighbour has to be four times as important to come first. Each class is taken the
    less readily the more of it there is.
    """
    scores = importance(data)
    ranks: dict[str, int] = {}
    for i in sorted(range(len(scores)), key=lambda i: (-scores[i], i)):
        rank = ranks[data.nodes[i].kind] = ranks.get(data.nodes[i].kind, -1) + 1
        scores[i] /= 1 + rank / (max(limit, 1) * _SHARE)
    at = {node.id: i for i, node in enumerate(data.nodes)}
    near: list[set[int]] = [set() for _ in data.nodes]
    for edge in data.edges:
        a, b = at[edge.source], at[edge.target]
        near[a].add(b)
        near[b].add(a)
    queue = [(-score * _LONELY, i) for i, score in enumerate(scores)]
    if data.focus is not None:
        queue.append((-math.inf, at[data.focus]))
    heapq.heapify(queue)
    chosen: list[int] = []
    seen: set[int] = set()
    while queue and len(chosen) < limit:
        _, i = heapq.heappop(queue)
        if i in seen:
            continue
        seen.add(i)
        chosen.append(i)
        for j in sorted(near[i] - seen):
            heapq.heappush(queue, (-scores[j], j))
    return chosen
