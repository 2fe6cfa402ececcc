"""The tier ladder: tiers of enterprises by level, the steps between them, and what each tier gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from viz.data import FactLine
from viz.views.grants import find_grant_place
from viz.views.index import PageIndex

LEVELS: Final = ("National", "Provincial", "Municipal", "County", "Town", "")
"""Levels from top to bottom. The empty one is that of tiers without a stated level."""
_MAX_STEPS: Final = 20
"""Longest ladder that is followed."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One tier."""

    node: int
    level: int
    """Position in :data:`LEVELS`."""
    gets: tuple[tuple[int, int | None], ...]
    """Position of each provision among its facts, and the place of whoever gives it."""
    supported: tuple[int, ...]
    """Edges ``supports`` to it."""
    treated: tuple[int, ...]
    """Edges ``treatedAs`` from it."""
    conditions: tuple[int, ...] = ()
    """Positions of the conditions among its facts, without those of a provision that it gets."""

    def to_json(self) -> list[Any]:
        gets = [list(pair) for pair in self.gets]
        return [self.node, self.level, gets, list(self.supported), list(self.treated), list(self.conditions)]


@dataclass(frozen=True, slots=True)
class TierLadder:
    """The rungs in display order, and the steps between them."""

    rungs: tuple[Rung, ...]
    steps: tuple[int, ...]
    """Edges ``advancesTo`` and ``broader`` between tiers."""

    def to_json(self) -> dict[str, Any]:
        return {"levels": list(LEVELS), "rungs": [rung.to_json() for rung in self.rungs], "steps": list(self.steps)}


def build_tier_ladder(index: PageIndex) -> TierLadder:
    """Return the ladder of *index*.

    Within a level, the tiers of a ladder come first, in its order. The other tiers follow, those with the most
    provisions and support first.
    """
    nodes = index.find_nodes("EnterpriseTier")
    depth = _count_steps(index, nodes)
    rungs = [_make_rung(index, node) for node in nodes]

    def order(rung: Rung) -> tuple[int, bool, int, int, float, int]:
        alone = depth[rung.node] == 0 and not index.find_edges_from(rung.node, "advancesTo")
        benefits = len(rung.gets) + len(rung.supported)
        return rung.level, alone, depth[rung.node], -benefits, -index.scores[rung.node], rung.node

    tiers = set(nodes)
    steps = [edge for edge in index.find_edges("advancesTo", "broader") if set(index.ends[edge]) <= tiers]
    return TierLadder(tuple(sorted(rungs, key=order)), tuple(steps))


def _make_rung(index: PageIndex, node: int) -> Rung:
    lines = index.data.nodes[node].facts
    level = index.find_fact(node, "level")
    provisions = [i for i, line in enumerate(lines) if line.kind == "Provision" and not _is_total(line)]
    got = {line.figure.id for i in provisions if (line := lines[i]).figure}
    conditions = [i for i, line in enumerate(lines) if line.kind == "Condition" and not got & _find_decided(line)]
    return Rung(
        node,
        level=LEVELS.index(level) if level in LEVELS else len(LEVELS) - 1,
        gets=tuple((i, find_grant_place(index, lines[i])) for i in provisions),
        supported=tuple(index.find_edges_to(node, "supports")),
        treated=tuple(index.find_edges_from(node, "treatedAs")),
        conditions=tuple(conditions),
    )


def _is_total(line: FactLine) -> bool:
    """Whether all receivers share a sum, so that no single one gets it."""
    return line.figure is not None and line.figure.support == "Budget"


def _find_decided(condition: FactLine) -> set[str]:
    """Return the ids of the figures that *condition* is a condition of."""
    ties = condition.figure.ties if condition.figure else ()
    return {other for slot, other in ties if slot == "conditionOf"}


def _count_steps(index: PageIndex, nodes: list[int]) -> dict[int, int]:
    """Return for each tier the number of steps that lead up to it, on the longest way. Circles are cut off."""
    depth = dict.fromkeys(nodes, 0)
    for _ in range(min(len(nodes), _MAX_STEPS)):
        moved = False
        for edge in index.find_edges("advancesTo"):
            lower, higher = index.ends[edge]
            if lower in depth and higher in depth and depth[higher] < depth[lower] + 1 <= len(nodes):
                depth[higher], moved = depth[lower] + 1, True
        if not moved:
            break
    return depth
