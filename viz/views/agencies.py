"""Agencies, what they run or issued, and whom that serves, in three columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from viz.views.index import PageIndex, order_columns

_AGENCY: Final = frozenset({"Agency"})
_OWNED: Final = frozenset({"Program", "Platform", "PolicyInstrument"})
_SERVED: Final = frozenset({"EnterpriseTier", "TargetGroup"})


@dataclass(frozen=True, slots=True)
class AgencyLink:
    """A line between two things, with the statements and provisions that it stands for."""

    left: int
    right: int
    edges: tuple[int, ...]
    figures: tuple[str, ...]
    """Ids of provisions."""

    def to_json(self) -> list[Any]:
        return [self.left, self.right, list(self.edges), list(self.figures)]


@dataclass(frozen=True, slots=True)
class AgencyColumns:
    """Columns of agencies, of programs, platforms and instruments, and of tiers and groups.

    Things that are linked to each other form a block.
    """

    blocks: tuple[tuple[tuple[int, ...], ...], ...]
    """The three columns of each block, from top to bottom."""
    links: tuple[AgencyLink, ...]

    def to_json(self) -> dict[str, Any]:
        blocks = [[list(column) for column in block] for block in self.blocks]
        return {"blocks": blocks, "links": [link.to_json() for link in self.links]}


def build_agency_columns(index: PageIndex) -> AgencyColumns:
    """Return the columns of *index*. A program without an agency is in the middle column too, without a line.

    An instrument is included only if it supports somebody. The view of instruments has those that are only cited.
    """
    links = _Links(index)
    links.add_support()
    links.add_grants()
    links.add_owners()
    pairs = links.list_pairs()
    blocks = tuple(_arrange_block(index, nodes, pairs) for nodes in _find_blocks(index, pairs))
    return AgencyColumns(blocks, links.build())


class _Links:
    """The links that are collected for the columns of *index*."""

    def __init__(self, index: PageIndex) -> None:
        self.index = index
        self.edges: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.figures: dict[tuple[int, int], list[str]] = defaultdict(list)

    def add_support(self) -> None:
        """Add the statements that a program supports a tier or group, or that one is treated as the other."""
        for edge in self.index.find_edges("supports", "treatedAs"):
            subject, obj = self.index.ends[edge]
            if self._is_in(subject, _OWNED) and self._is_in(obj, _SERVED):
                self.edges[subject, obj].append(edge)
            elif self._is_in(obj, _OWNED) and self._is_in(subject, _SERVED):  # a tier treated like that of a program
                self.edges[obj, subject].append(edge)

    def add_grants(self) -> None:
        """Add the provisions: agency → program → beneficiary, or agency → beneficiary without a program."""
        for grant in self.index.find_grants():
            served = [node for node in grant.about if self._is_in(node, _SERVED)]
            under = [node for node in grant.under if self._is_in(node, _OWNED)]
            agencies = [node for node in grant.provider if self._is_in(node, _AGENCY)]
            for beneficiary in served:
                for giver in under or agencies:
                    self.figures[giver, beneficiary].append(grant.figure.id)
            for agency in agencies:
                for program in under:
                    self.figures[agency, program].append(grant.figure.id)

    def add_owners(self) -> None:
        """Add what agencies run, and the issuers of the instruments that are linked already."""
        middle = {node for pair in self.list_pairs() for node in pair if self._is_in(node, _OWNED)}
        for edge in self.index.find_edges("administers", "operates"):
            subject, obj = self.index.ends[edge]
            if self._is_in(subject, _AGENCY) and self._is_in(obj, _OWNED):
                self.edges[subject, obj].append(edge)
                middle.add(obj)
        for edge in self.index.find_edges("issuedBy"):
            subject, obj = self.index.ends[edge]
            if subject in middle and self._is_in(obj, _AGENCY):
                self.edges[obj, subject].append(edge)

    def list_pairs(self) -> list[tuple[int, int]]:
        """Return the pairs of linked nodes, sorted."""
        return sorted({*self.edges, *self.figures})

    def build(self) -> tuple[AgencyLink, ...]:
        return tuple(
            AgencyLink(*pair, tuple(self.edges.get(pair, ())), tuple(self.figures.get(pair, ())))
            for pair in self.list_pairs()
        )

    def _is_in(self, node: int, kinds: Iterable[str]) -> bool:
        return self.index.kinds[node] in kinds


def _arrange_block(index: PageIndex, nodes: set[int], pairs: list[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Return the three columns of a block."""
    columns = [
        sorted((node for node in nodes if index.kinds[node] in kinds), key=lambda node: (-index.scores[node], node))
        for kinds in (_AGENCY, _OWNED, _SERVED)
    ]
    inner = [pair for pair in pairs if pair[0] in nodes]
    return tuple(map(tuple, order_columns(columns, inner)))


def _find_blocks(index: PageIndex, pairs: list[tuple[int, int]]) -> list[set[int]]:
    """Return the sets of linked nodes: those with agencies first, then by importance."""
    linked: dict[int, list[int]] = defaultdict(list)
    for left, right in pairs:
        linked[left].append(right)
        linked[right].append(left)
    blocks: list[set[int]] = []
    seen: set[int] = set()
    for start in sorted(linked):
        if start in seen:
            continue
        block, waiting = {start}, [start]
        while waiting:
            new = {node for node in linked[waiting.pop()] if node not in block}
            block |= new
            waiting += new
        seen |= block
        blocks.append(block)

    def order(nodes: set[int]) -> tuple[bool, float, int]:
        without_agency = all(index.kinds[node] != "Agency" for node in nodes)
        return without_agency, -sum(index.scores[node] for node in nodes), min(nodes)

    return sorted(blocks, key=order)
