"""Places of the nodes, computed once before the page is written, so that nothing moves when the page opens.

A force-directed drawing of some thousand nodes with a few large hubs is an unreadable tangle. Therefore the drawing
has two levels. Each community (Louvain, networkx) is laid out alone and becomes a disc, and the discs are placed by
the links between them. The spring embedder is that of rustworkx (Fruchterman and Reingold in Rust): it is ten times
faster than that of networkx and does not need SciPy. Its cost is quadratic, and communities keep it small.
Connected components are packed in rows. All arithmetic is elementwise and seeded, so that the same graph always gets
the same coordinates.
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
Integers = NDArray[np.int64]

SPACING: Final = 64.0
"""Distance between neighbouring nodes, in page units. The radius of a node is 8 to 24."""
_SEED: Final = 7
_SINGLE_DISC: Final = 40
"""Components up to this size are not divided into communities."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The place and the community of each node."""

    places: tuple[tuple[int, int], ...]
    """The point of each node, in page units."""
    groups: tuple[int, ...]
    """The number of the community of each node."""


def place_nodes(size: int, links: Links, spacing: float = SPACING) -> list[tuple[int, int]]:
    """Return only the places of :func:`draw_graph`."""
    return list(draw_graph(size, links, spacing).places)


def draw_graph(size: int, links: Links, spacing: float = SPACING) -> Drawing:
    """Place the nodes ``0 … size-1``.

    Args:
        size: number of nodes.
        links: pairs of nodes. Direction, repetition and loops do not matter.
        spacing: distance between neighbouring nodes, in page units.

    Returns:
        A drawing in which no two nodes are nearer than about 0.8 *spacing*. It is centred on the origin and about as
        wide as high: the page stretches it to the window. Each community fills a disc of its own.
    """
    pairs = sorted({(min(source, target), max(source, target)) for source, target in links if source != target})
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(size))
    graph.add_edges_from_no_data(pairs)
    components = sorted((sorted(c) for c in rx.connected_components(graph)), key=lambda c: (-len(c), c[0]))
    component_of = [0] * size
    for number, component in enumerate(components):
        for node in component:
            component_of[node] = number
    boxes, divisions = [], []
    for component, inner_links in zip(components, _select_inner_links(components, component_of, pairs), strict=True):
        box, communities = _place_component(component, inner_links, spacing)
        boxes.append(box)
        divisions.append(communities)
    places: list[Point] = [(0.0, 0.0)] * size
    community_of = [0] * size
    count = 0
    offsets = _pack_boxes(boxes, spacing)
    for component, box, communities, (dx, dy) in zip(components, boxes, divisions, offsets, strict=True):
        for node, (x, y) in zip(component, box, strict=True):
            places[node] = (x + dx, y + dy)
        for members in communities:
            for position in members:
                community_of[component[position]] = count
            count += 1
    return Drawing(tuple((round(x), round(y)) for x, y in _centre_points(places)), tuple(community_of))


def _select_inner_links(groups: list[list[int]], group_of: Sequence[int], links: Links) -> list[list[tuple[int, int]]]:
    """Return for each group the links between its own nodes, as pairs of positions in the group.

    *group_of* is the number of the group of each node.
    """
    position = {node: i for group in groups for i, node in enumerate(group)}
    found: list[list[tuple[int, int]]] = [[] for _ in groups]
    for source, target in links:
        if group_of[source] == group_of[target]:
            found[group_of[source]].append((position[source], position[target]))
    return found


def _place_component(nodes: list[int], links: Links, spacing: float) -> tuple[list[Point], list[list[int]]]:
    """Return the places of the nodes of a connected graph, and its communities."""
    one_community = [list(range(len(nodes)))]
    if len(nodes) <= _SINGLE_DISC:
        return _place_disc(len(nodes), links, spacing), one_community
    degree = _count_degrees(len(nodes), links)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(nodes)))
    # Links to a hub weigh little: they do not show which nodes belong together.
    graph.add_weighted_edges_from(
        (source, target, 1 / math.sqrt(degree[source] * degree[target])) for source, target in links
    )
    communities = [sorted(c) for c in nx.community.louvain_communities(graph, seed=_SEED)]
    communities.sort(key=lambda c: (-len(c), c[0]))
    if len(communities) == 1:
        return _place_disc(len(nodes), links, spacing), one_community
    return _place_communities(communities, links, spacing), communities


def _count_degrees(size: int, links: Links) -> list[int]:
    degree = [0] * size
    for source, target in links:
        degree[source] += 1
        degree[target] += 1
    return degree


def _place_disc(size: int, links: Links, spacing: float) -> list[Point]:
    """Place a connected graph in a disc whose area is proportional to its size."""
    if size == 1:
        return [(0.0, 0.0)]
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(size))
    graph.add_edges_from_no_data(list(links))
    found = rx.spring_layout(graph, num_iter=400, tol=1e-7, seed=_SEED)
    places = _centre_points([(float(found[i][0]), float(found[i][1])) for i in range(size)])
    reach = max(math.hypot(x, y) for x, y in places) or 1.0
    scale = spacing * 0.58 * math.sqrt(size) / reach
    return _centre_points(_push_apart([(x * scale, y * scale) for x, y in places], spacing))


def _place_communities(communities: list[list[int]], links: Links, spacing: float) -> list[Point]:
    """Place each community in a disc, and the discs by the links between them; turn each towards its links."""
    community_of = {node: first for first, community in enumerate(communities) for node in community}
    inside = _select_inner_links(communities, [community_of[node] for node in range(len(community_of))], links)
    discs = [_place_disc(len(members), inner, spacing) for members, inner in zip(communities, inside, strict=True)]
    radii = [max(math.hypot(x, y) for x, y in disc) + spacing * 0.75 for disc in discs]
    between: dict[tuple[int, int], int] = {}
    outside: list[list[tuple[int, int]]] = [[] for _ in communities]
    for source, target in links:
        first, second = community_of[source], community_of[target]
        if first != second:
            key = (min(first, second), max(first, second))
            between[key] = between.get(key, 0) + 1
            outside[first].append((source, target))
            outside[second].append((target, source))
    centres = _place_centres(radii, between)
    places: dict[int, Point] = {}
    for community, disc, (cx, cy) in zip(communities, discs, centres, strict=True):
        for node, (x, y) in zip(community, disc, strict=True):
            places[node] = (cx + x, cy + y)
    for _ in range(2):
        for first, community in enumerate(communities):
            _turn_disc(community, centres[first], outside[first], places)
    return [places[node] for node in range(len(community_of))]


def _place_centres(radii: list[float], between: dict[tuple[int, int], int]) -> list[Point]:
    """Return the centres of discs that do not overlap: linked discs near each other, all near the middle."""
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(radii)))
    graph.add_edges_from([(source, target, float(n)) for (source, target), n in sorted(between.items())])
    most = max(between.values())
    found = rx.spring_layout(graph, num_iter=400, tol=1e-7, seed=_SEED, weight_fn=lambda n: n / most)
    spread = 2.0 * math.sqrt(sum(radius * radius for radius in radii))
    places = [(float(found[i][0]) * spread, float(found[i][1]) * spread) for i in range(len(radii))]
    for _ in range(300):
        places = [(x * 0.985, y * 0.985) for x, y in places]
        for i, (xi, yi) in enumerate(places):
            for other in range(i):
                xj, yj = places[other]
                dx, dy = xi - xj, yi - yj
                gap = math.hypot(dx, dy) or 1e-6
                want = radii[i] + radii[other]
                if gap < want:
                    # The larger disc moves less.
                    share = radii[other] / want
                    push = (want - gap) / gap
                    xi, yi = xi + dx * push * share, yi + dy * push * share
                    places[other] = (xj - dx * push * (1 - share), yj - dy * push * (1 - share))
            places[i] = (xi, yi)
    return places


def _turn_disc(community: list[int], centre: Point, outside: list[tuple[int, int]], places: dict[int, Point]) -> None:
    """Turn or mirror a disc so that its links to other discs become short."""
    if not outside:
        return
    cx, cy = centre
    here = np.array([places[source] for source, _ in outside]) - (cx, cy)
    there = np.array([places[target] for _, target in outside]) - (cx, cy)
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


def _push_apart(places: list[Point], spacing: float, rounds: int = 120) -> list[Point]:
    """Move points apart that are nearer than *spacing*.

    The search for near pairs is costly. It has some slack, so that it is repeated only when a point has moved far.
    """
    points = np.array(places, dtype=np.float64).reshape(-1, 2)
    slack = spacing * 0.5
    first, second = _find_near_pairs(points, spacing + slack)
    last_searched = points.copy()
    for _ in range(rounds):
        if np.abs(points - last_searched).max(initial=0.0) > slack / 2.9:
            first, second = _find_near_pairs(points, spacing + slack)
            last_searched = points.copy()
        delta = points[first] - points[second]
        gap = np.sqrt(delta[:, 0] * delta[:, 0] + delta[:, 1] * delta[:, 1])
        close = gap < spacing * 0.98
        if not close.any():
            break
        lefts, rights, delta, gap = first[close], second[close], delta[close], gap[close]
        same = gap < 1e-6  # at the same place: move them in a direction that depends on their numbers
        delta[same] = np.stack([np.cos(lefts[same]), np.sin(lefts[same])], axis=1)
        gap[same] = 1.0
        push = delta * (np.where(same, spacing, spacing - gap) / (2 * gap))[:, None]
        for axis in (0, 1):
            # bincount adds in the order of the pairs: the rounding is always the same
            forward = np.bincount(lefts, push[:, axis], len(points))
            back = np.bincount(rights, push[:, axis], len(points))
            points[:, axis] += forward - back
    return [(float(x), float(y)) for x, y in points]


def _find_near_pairs(points: Points, reach: float) -> tuple[Integers, Integers]:
    """Return the positions of all pairs of points nearer than *reach*, found with a grid of that width."""
    cells = np.floor(points / reach).astype(np.int64)
    cells -= cells.min(axis=0)
    width = int(cells[:, 1].max()) + 3
    keys = (cells[:, 0] + 1) * width + cells[:, 1] + 1
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    firsts, seconds = [], []
    for step in (0, 1, width - 1, width, width + 1):  # half of the neighbouring cells: each pair once
        low = np.searchsorted(ranked, ranked + step, side="left")
        high = np.searchsorted(ranked, ranked + step, side="right")
        if step == 0:
            low = np.arange(len(ranked)) + 1
        counts = np.maximum(high - low, 0)
        ranks = np.repeat(np.arange(len(ranked)), counts)
        offsets = np.arange(len(ranks)) - np.repeat(np.cumsum(counts) - counts, counts)
        firsts.append(order[ranks])
        seconds.append(order[np.repeat(low, counts) + offsets])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    delta = points[first] - points[second]
    near = delta[:, 0] * delta[:, 0] + delta[:, 1] * delta[:, 1] < reach * reach
    return first[near], second[near]


def _pack_boxes(boxes: list[list[Point]], spacing: float) -> list[Point]:
    """Return the offsets that place drawings side by side in rows, the highest first, without overlap."""
    margin = spacing
    bounds = [_find_bounds(box) for box in boxes]
    sizes = [(right - left + margin, bottom - top + margin) for left, top, right, bottom in bounds]
    area = sum(box_width * box_height for box_width, box_height in sizes)
    width = max([math.sqrt(area), *(box_width for box_width, _ in sizes)])
    order = sorted(range(len(boxes)), key=lambda i: (-sizes[i][1], -sizes[i][0], i))
    offsets: list[Point] = [(0.0, 0.0)] * len(boxes)
    row: list[int] = []
    used = y = 0.0

    def place_row() -> None:
        """Set the offsets of the current row, centred."""
        x = (width - used) / 2
        height = sizes[row[0]][1]
        for i in row:
            box_width, box_height = sizes[i]
            offsets[i] = (x - bounds[i][0], y + (height - box_height) / 2 - bounds[i][1])
            x += box_width

    for i in order:
        box_width = sizes[i][0]
        if row and used + box_width > width + 1e-6:
            place_row()
            y += sizes[row[0]][1]
            row, used = [], 0.0
        row.append(i)
        used += box_width
    if row:
        place_row()
    return offsets


def _find_bounds(places: Sequence[Point]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return min(xs), min(ys), max(xs), max(ys)


def _centre_points(places: list[Point]) -> list[Point]:
    if not places:
        return places
    left, top, right, bottom = _find_bounds(places)
    return [(x - (left + right) / 2, y - (top + bottom) / 2) for x, y in places]
