"""The ladder of tiers: classes of firms by level, what leads from one to the next, and what each gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from viz.views.index import Index

LEVELS: Final = ("National", "Provincial", "Municipal", "County", "Town", "")
"""From the top of the page down; the last: none stated."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One tier."""

    node: int
    level: int
    """Position in :data:`LEVELS`."""
    gets: tuple[int, ...]
    """Positions of the provisions among its facts."""
    supported: tuple[int, ...]
    """Edges that support it."""
    treated: tuple[int, ...]
    """Edges that say what it is treated as."""

    def plain(self) -> list[Any]:
        return [self.node, self.level, list(self.gets), list(self.supported), list(self.treated)]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in the order of the page, and the steps from one to another."""

    rungs: tuple[Rung, ...]
    steps: tuple[int, ...]
    """Edges ``advancesTo`` and ``broader`` between tiers."""

    def plain(self) -> dict[str, Any]:
        return {"levels": list(LEVELS), "rungs": [rung.plain() for rung in self.rungs], "steps": list(self.steps)}


def tiers(index: Index) -> Ladder:
    """The ladder of *index*.

    Within a level, tiers that are steps of one ladder stand side by side in its order; then come the others, those that
    get most first.
    """
    found = index.of_kind("EnterpriseTier")
    depth = _depths(index, found)
    rungs = [_rung(index, node) for node in found]
    rungs.sort(key=lambda r: (r.level, depth[r.node] == 0 and not index.edges_from(r.node, "advancesTo"), depth[r.node],
                              -len(r.gets) - len(r.supported), -index.scores[r.node], r.node))  # fmt: skip
    tier = set(found)
    steps = [n for n in index.edges("advancesTo", "broader") if set(index.ends[n]) <= tier]
    return Ladder(tuple(rungs), tuple(steps))


def _rung(index: Index, node: int) -> Rung:
    lines = index.data.nodes[node].facts
    level = index.fact(node, "level")
    gets = tuple(n for n, line in enumerate(lines) if line.kind == "Provision")
    place = LEVELS.index(level) if level in LEVELS else len(LEVELS) - 1
    treated = tuple(index.edges_from(node, "treatedAs"))
    return Rung(node, place, gets, tuple(index.edges_to(node, "supports")), treated)


def _depths(index: Index, nodes: list[int]) -> dict[int, int]:
    """How many steps lead up to each tier, the longest way; circles end where they began."""
    depth = dict.fromkeys(nodes, 0)
    for _ in range(min(len(nodes), 20)):
        moved = False
        for number in index.edges("advancesTo"):
            a, b = index.ends[number]
            if a in depth and b in depth and depth[b] < depth[a] + 1 <= len(nodes):
                depth[b], moved = depth[a] + 1, True
        if not moved:
            break
    return depth
