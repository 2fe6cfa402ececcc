"""Who answers for what: agencies, what they run or issued, and whom that is for, in three columns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from viz.views.index import Index, ordered

_OWNED: Final = {"Program", "Platform", "PolicyInstrument"}
_SERVED: Final = {"EnterpriseTier", "TargetGroup"}


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two things: the statements and the sums that say it."""

    a: int
    b: int
    edges: tuple[int, ...]
    figures: tuple[str, ...]
    """Ids of provisions."""

    def plain(self) -> list[Any]:
        return [self.a, self.b, list(self.edges), list(self.figures)]


@dataclass(frozen=True, slots=True)
class Columns:
    """Agencies; programs, platforms and instruments; tiers and groups. What hangs together is a block of its own."""

    blocks: tuple[tuple[tuple[int, ...], ...], ...]
    """For each block its three columns, from top to bottom."""
    links: tuple[Link, ...]

    def plain(self) -> dict[str, Any]:
        blocks = [[list(column) for column in block] for block in self.blocks]
        return {"blocks": blocks, "links": [link.plain() for link in self.links]}


def agencies(index: Index) -> Columns:
    """The columns of *index*; what no agency is named for stands in the middle column as well, no line to its left.

    An instrument is there only if it does something for somebody: what is merely cited belongs to another view.
    """
    edges: dict[tuple[int, int], list[int]] = defaultdict(list)
    figures: dict[tuple[int, int], list[str]] = defaultdict(list)
    for number in index.edges("supports", "treatedAs"):
        a, b = index.ends[number]
        if index.kinds[a] in _OWNED and index.kinds[b] in _SERVED:
            edges[a, b].append(number)
        elif index.kinds[b] in _OWNED and index.kinds[a] in _SERVED:  # a class of firms treated as a program's
            edges[b, a].append(number)
    for grant in index.grants():
        served = [node for node in grant.about if index.kinds[node] in _SERVED]
        under = [node for node in grant.under if index.kinds[node] in _OWNED]
        for beneficiary in served:
            for giver in under or [node for node in grant.provider if index.kinds[node] == "Agency"]:
                figures[giver, beneficiary].append(grant.figure.id)
        for giver in (node for node in grant.provider if index.kinds[node] == "Agency"):
            for program in under:
                figures[giver, program].append(grant.figure.id)
    middle = {node for pair in [*edges, *figures] for node in pair if index.kinds[node] in _OWNED}
    for number in index.edges("administers", "operates"):
        a, b = index.ends[number]
        if index.kinds[a] == "Agency" and index.kinds[b] in _OWNED:
            edges[a, b].append(number)
            middle.add(b)
    for number in index.edges("issuedBy"):
        a, b = index.ends[number]
        if a in middle and index.kinds[b] == "Agency":
            edges[b, a].append(number)
    pairs = sorted({*edges, *figures})
    links = tuple(Link(a, b, tuple(edges.get((a, b), ())), tuple(figures.get((a, b), ()))) for a, b in pairs)
    return Columns(tuple(_block(index, nodes, pairs) for nodes in _blocks(index, pairs)), links)


def _block(index: Index, nodes: set[int], pairs: list[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    def column(kinds: set[str]) -> list[int]:
        return sorted((i for i in nodes if index.kinds[i] in kinds), key=lambda i: (-index.scores[i], i))

    within = [(a, b) for a, b in pairs if a in nodes]
    return tuple(map(tuple, ordered([column({"Agency"}), column(_OWNED), column(_SERVED)], within)))


def _blocks(index: Index, pairs: list[tuple[int, int]]) -> list[set[int]]:
    """What hangs together; blocks with agencies come first, then the larger ones."""
    near: dict[int, list[int]] = defaultdict(list)
    for a, b in pairs:
        near[a].append(b)
        near[b].append(a)
    blocks: list[set[int]] = []
    seen: set[int] = set()
    for start in sorted(near):
        if start in seen:
            continue
        block, waiting = {start}, [start]
        while waiting:
            fresh = {node for node in near[waiting.pop()] if node not in block}
            block |= fresh
            waiting += fresh
        seen |= block
        blocks.append(block)

    def order(nodes: set[int]) -> tuple[bool, float, int]:
        return (all(index.kinds[i] != "Agency" for i in nodes), -sum(index.scores[i] for i in nodes), min(nodes))

    return sorted(blocks, key=order)
