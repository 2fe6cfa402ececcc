"""Where nodes stand: computed once, before the page is written, so that the page opens finished and stands still.

A force-directed drawing of some thousand nodes of this kind (few hubs that everything hangs on) is a ball of wool.
So we draw it in two levels: communities (Louvain, networkx) are laid out one by one, become discs, and the discs are
laid out by what links them. The spring embedder is rustworkx's: Fruchterman and Reingold in Rust, ten times faster than
networkx's and in no need of SciPy; communities also keep its quadratic cost small. Components are packed in rows.
All arithmetic is elementwise and seeded: same graph, same coordinates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import networkx as nx
import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

Point = tuple[float, float]
Links = Sequence[tuple[int, int]]
Points = NDArray[np.float64]
Numbers = NDArray[np.int64]

SPACING: Final = 64.0
"""Distance that neighbouring nodes keep, in page units (a node's radius is 8 to 24)."""
_SEED: Final = 7
_WHOLE: Final = 40
"""Components up to this size are drawn in one go."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where nodes stand, and with whom."""

    places: tuple[tuple[int, int], ...]
    """One point for each node, in page units."""
    groups: tuple[int, ...]
    """For each node the number of the community that it stands in."""


def layout(size: int, links: Links, spacing: float = SPACING) -> list[tuple[int, int]]:
    """The places of :func:`draw`."""
    return list(draw(size, links, spacing).places)


def draw(size: int, links: Links, spacing: float = SPACING) -> Drawing:
    """Place nodes ``0 … size-1``.

    Args:
        size: number of nodes.
        links: pairs of nodes; direction, repetition and loops do not matter.
        spacing: distance that nodes keep from each other, in page units.

    Returns:
        Points, no two nearer than about 0.8 *spacing*; the whole is centred on the origin and about as wide as high
        (the page stretches it to the window). Communities are apart: each fills a disc of its own.
    """
    pairs = sorted({(min(a, b), max(a, b)) for a, b in links if a != b})
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(size))
    graph.add_edges_from_no_data(pairs)
    groups = sorted((sorted(g) for g in rx.connected_components(graph)), key=lambda g: (-len(g), g[0]))
    home = [0] * size
    for number, group in enumerate(groups):
        for node in group:
            home[node] = number
    boxes, inside = [], []
    for group, own in zip(groups, _within(groups, home, pairs), strict=True):
        box, communities = _component(group, own, spacing)
        boxes.append(box)
        inside.append(communities)
    places: list[Point] = [(0.0, 0.0)] * size
    numbers = [0] * size
    count = 0
    for group, box, communities, (dx, dy) in zip(groups, boxes, inside, _pack(boxes, spacing), strict=True):
        for node, (x, y) in zip(group, box, strict=True):
            places[node] = (x + dx, y + dy)
        for members in communities:
            for position in members:
                numbers[group[position]] = count
            count += 1
    return Drawing(tuple((round(x), round(y)) for x, y in _centred(places)), tuple(numbers))


def _within(groups: list[list[int]], home: Sequence[int], links: Links) -> list[list[tuple[int, int]]]:
    """For each group the links among its nodes, renumbered to positions in it; *home* names each node's group."""
    at = {node: i for group in groups for i, node in enumerate(group)}
    found: list[list[tuple[int, int]]] = [[] for _ in groups]
    for a, b in links:
        if home[a] == home[b]:
            found[home[a]].append((at[a], at[b]))
    return found


def _component(group: list[int], links: Links, spacing: float) -> tuple[list[Point], list[list[int]]]:
    """Places of a connected graph, and its communities."""
    everybody = [list(range(len(group)))]
    if len(group) <= _WHOLE:
        return _spring(len(group), links, spacing), everybody
    degree = _degrees(len(group), links)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(group)))
    # A hub belongs to everybody: what hangs on it alone says little about who belongs together.
    graph.add_weighted_edges_from((a, b, 1 / math.sqrt(degree[a] * degree[b])) for a, b in links)
    communities = [sorted(c) for c in nx.community.louvain_communities(graph, seed=_SEED)]
    communities.sort(key=lambda c: (-len(c), c[0]))
    if len(communities) == 1:
        return _spring(len(group), links, spacing), everybody
    return _islands(communities, links, spacing), communities


def _degrees(size: int, links: Links) -> list[int]:
    degree = [0] * size
    for a, b in links:
        degree[a] += 1
        degree[b] += 1
    return degree


def _spring(size: int, links: Links, spacing: float) -> list[Point]:
    """One connected graph, drawn in a disc whose area grows with its size."""
    if size == 1:
        return [(0.0, 0.0)]
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(size))
    graph.add_edges_from_no_data(list(links))
    found = rx.spring_layout(graph, num_iter=400, tol=1e-7, seed=_SEED)
    places = _centred([(float(found[i][0]), float(found[i][1])) for i in range(size)])
    reach = max(math.hypot(x, y) for x, y in places) or 1.0
    scale = spacing * 0.58 * math.sqrt(size) / reach
    return _centred(_separate([(x * scale, y * scale) for x, y in places], spacing))


def _islands(communities: list[list[int]], links: Links, spacing: float) -> list[Point]:
    """Each community in a disc, the discs placed by the links between them, each turned towards its links."""
    home = {node: i for i, c in enumerate(communities) for node in c}
    inside = _within(communities, [home[node] for node in range(len(home))], links)
    drawn = [_spring(len(c), own, spacing) for c, own in zip(communities, inside, strict=True)]
    radii = [max(math.hypot(x, y) for x, y in d) + spacing * 0.75 for d in drawn]
    between: dict[tuple[int, int], int] = {}
    outside: list[list[tuple[int, int]]] = [[] for _ in communities]
    for a, b in links:
        i, j = home[a], home[b]
        if i != j:
            key = (min(i, j), max(i, j))
            between[key] = between.get(key, 0) + 1
            outside[i].append((a, b))
            outside[j].append((b, a))
    centres = _discs(radii, between)
    places: dict[int, Point] = {}
    for community, disc, (cx, cy) in zip(communities, drawn, centres, strict=True):
        for node, (x, y) in zip(community, disc, strict=True):
            places[node] = (cx + x, cy + y)
    for _ in range(2):
        for i, community in enumerate(communities):
            _turn(community, centres[i], outside[i], places)
    return [places[node] for node in range(len(home))]


def _discs(radii: list[float], between: dict[tuple[int, int], int]) -> list[Point]:
    """Centres of discs that do not overlap, linked ones near each other, drawn together towards the middle."""
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(radii)))
    graph.add_edges_from([(a, b, float(n)) for (a, b), n in sorted(between.items())])
    most = max(between.values())
    found = rx.spring_layout(graph, num_iter=400, tol=1e-7, seed=_SEED, weight_fn=lambda n: n / most)
    spread = 2.0 * math.sqrt(sum(r * r for r in radii))
    places = [(float(found[i][0]) * spread, float(found[i][1]) * spread) for i in range(len(radii))]
    for _ in range(300):
        places = [(x * 0.985, y * 0.985) for x, y in places]
        for i, (xi, yi) in enumerate(places):
            for j in range(i):
                xj, yj = places[j]
                dx, dy = xi - xj, yi - yj
                gap = math.hypot(dx, dy) or 1e-6
                want = radii[i] + radii[j]
                if gap < want:
                    # The bigger one gives way less.
                    share = radii[j] / want
                    push = (want - gap) / gap
                    xi, yi = xi + dx * push * share, yi + dy * push * share
                    places[j] = (xj - dx * push * (1 - share), yj - dy * push * (1 - share))
            places[i] = (xi, yi)
    return places


def _turn(community: list[int], centre: Point, outside: list[tuple[int, int]], places: dict[int, Point]) -> None:
    """Turn or mirror a disc so that its links to other discs become short."""
    if not outside:
        return
    cx, cy = centre
    here = np.array([places[a] for a, _ in outside]) - (cx, cy)
    there = np.array([places[b] for _, b in outside]) - (cx, cy)
    best: tuple[float, float, float, float] | None = None
    for step in range(16):
        cos, sin = math.cos(step * math.pi / 8), math.sin(step * math.pi / 8)
        for flip in (1.0, -1.0):
            x, y = here[:, 0], here[:, 1] * flip
            dx, dy = x * cos - y * sin - there[:, 0], x * sin + y * cos - there[:, 1]
            cost = float(np.sqrt(dx * dx + dy * dy).sum())
            if best is None or cost < best[0] - 1e-6:
                best = (cost, cos, sin, flip)
    assert best is not None
    _, cos, sin, flip = best
    for node in community:
        left, up = places[node][0] - cx, (places[node][1] - cy) * flip
        places[node] = (cx + left * cos - up * sin, cy + left * sin + up * cos)


def _separate(places: list[Point], spacing: float, rounds: int = 120) -> list[Point]:
    """Push apart points that are nearer than *spacing*.

    Pairs that can come that near are looked up once, with some slack, and again only when something has moved that far.
    """
    points = np.array(places, dtype=np.float64).reshape(-1, 2)
    slack = spacing * 0.5
    first, second = _near_pairs(points, spacing + slack)
    since = points.copy()
    for _ in range(rounds):
        if np.abs(points - since).max(initial=0.0) > slack / 2.9:
            first, second = _near_pairs(points, spacing + slack)
            since = points.copy()
        delta = points[first] - points[second]
        gap = np.sqrt(delta[:, 0] * delta[:, 0] + delta[:, 1] * delta[:, 1])
        close = gap < spacing * 0.98
        if not close.any():
            break
        a, b, delta, gap = first[close], second[close], delta[close], gap[close]
        same = gap < 1e-6  # at one place: part them in a direction of their own
        delta[same] = np.stack([np.cos(a[same]), np.sin(a[same])], axis=1)
        gap[same] = 1.0
        push = delta * (np.where(same, spacing, spacing - gap) / (2 * gap))[:, None]
        for axis in (0, 1):
            # bincount adds in the order of the pairs, the same every time
            points[:, axis] += np.bincount(a, push[:, axis], len(points)) - np.bincount(b, push[:, axis], len(points))
    return [(float(x), float(y)) for x, y in points]


def _near_pairs(points: Points, reach: float) -> tuple[Numbers, Numbers]:
    """Positions of all pairs of points nearer than *reach*, from a grid of that width."""
    cells = np.floor(points / reach).astype(np.int64)
    cells -= cells.min(axis=0)
    width = int(cells[:, 1].max()) + 3
    keys = (cells[:, 0] + 1) * width + cells[:, 1] + 1
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    firsts, seconds = [], []
    for step in (0, 1, width - 1, width, width + 1):  # each pair of neighbouring cells once
        low = np.searchsorted(ranked, ranked + step, side="left")
        high = np.searchsorted(ranked, ranked + step, side="right")
        if step == 0:
            low = np.arange(len(ranked)) + 1
        counts = np.maximum(high - low, 0)
        a = np.repeat(np.arange(len(ranked)), counts)
        offsets = np.arange(len(a)) - np.repeat(np.cumsum(counts) - counts, counts)
        firsts.append(order[a])
        seconds.append(order[np.repeat(low, counts) + offsets])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    delta = points[first] - points[second]
    near = delta[:, 0] * delta[:, 0] + delta[:, 1] * delta[:, 1] < reach * reach
    return first[near], second[near]


def _pack(boxes: list[list[Point]], spacing: float) -> list[Point]:
    """Offsets that set the drawings of components (largest first) side by side in rows, without overlap."""
    margin = spacing
    bounds = [_bounds(b) for b in boxes]
    sizes = [(right - left + margin, bottom - top + margin) for left, top, right, bottom in bounds]
    area = sum(w * h for w, h in sizes)
    width = max([math.sqrt(area), *(w for w, _ in sizes)])
    order = sorted(range(len(boxes)), key=lambda i: (-sizes[i][1], -sizes[i][0], i))
    offsets: list[Point] = [(0.0, 0.0)] * len(boxes)
    row: list[int] = []
    used = y = 0.0

    def close() -> None:
        """Set the row that is full: centred."""
        x = (width - used) / 2
        height = sizes[row[0]][1]
        for i in row:
            w, h = sizes[i]
            offsets[i] = (x - bounds[i][0], y + (height - h) / 2 - bounds[i][1])
            x += w

    for i in order:
        w = sizes[i][0]
        if row and used + w > width + 1e-6:
            close()
            y += sizes[row[0]][1]
            row, used = [], 0.0
        row.append(i)
        used += w
    if row:
        close()
    return offsets


def _bounds(places: Sequence[Point]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return min(xs), min(ys), max(xs), max(ys)


def _centred(places: list[Point]) -> list[Point]:
    if not places:
        return places
    left, top, right, bottom = _bounds(places)
    return [(x - (left + right) / 2, y - (top + bottom) / 2) for x, y in places]
