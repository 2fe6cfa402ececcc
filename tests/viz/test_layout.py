"""Where nodes stand: apart from each other, near what they are linked to, the same on every run."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys

import pytest

from tests.support.paths import ROOT
from viz.layout import SPACING, place_nodes


def wool(size: int, seed: int = 1) -> list[tuple[int, int]]:
    """Hubs that much hangs on, as the graphs of a city have them."""
    roll = random.Random(seed)
    hubs = max(2, size // 40)
    links = [(node, min(int(roll.expovariate(0.3)), hubs - 1)) for node in range(hubs, size)]
    links += [(node, max(hubs, node - roll.randint(1, 9))) for node in range(hubs + 1, size)]
    links += [(roll.randrange(size), roll.randrange(size)) for _ in range(size // 5)]
    return links


def distance(a: tuple[int, int], b: tuple[int, int]) -> float:
    return math.hypot(a[0] - b[0], a[1] - b[1])


@pytest.mark.parametrize("size", [2, 30, 250, 1500])
def test_no_two_nodes_overlap(size: int) -> None:
    places = place_nodes(size, wool(size))
    assert len(places) == size
    least = min(distance(places[i], places[j]) for i in range(size) for j in range(i))
    assert least >= 0.75 * SPACING


def test_linked_nodes_are_near_each_other() -> None:
    links = wool(250)
    places = place_nodes(250, links)
    linked = [distance(places[a], places[b]) for a, b in links if a != b]
    any_two = [distance(places[i], places[j]) for i in range(250) for j in range(i)]
    assert sum(linked) / len(linked) < 0.6 * sum(any_two) / len(any_two)


def test_room_is_used() -> None:
    """A drawing that is mostly empty has unreadable labels."""
    places = place_nodes(1500, wool(1500))
    width = max(x for x, _ in places) - min(x for x, _ in places)
    height = max(y for _, y in places) - min(y for _, y in places)
    assert width * height < 1500 * (2.6 * SPACING) ** 2
    assert 0.5 < width / height < 2


def test_components_stand_side_by_side() -> None:
    triangles = [(3 * n + a, 3 * n + b) for n in range(8) for a, b in ((0, 1), (1, 2), (0, 2))]
    places = place_nodes(26, triangles)  # and two that are alone
    boxes = []
    for group in [range(3 * n, 3 * n + 3) for n in range(8)] + [range(24, 25), range(25, 26)]:
        xs, ys = [places[i][0] for i in group], [places[i][1] for i in group]
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]


def test_centred() -> None:
    places = place_nodes(60, wool(60))
    assert abs(max(x for x, _ in places) + min(x for x, _ in places)) <= 2
    assert abs(max(y for _, y in places) + min(y for _, y in places)) <= 2


@pytest.mark.parametrize(
    ("size", "links"), [(0, []), (1, []), (1, [(0, 0)]), (3, []), (2, [(0, 1), (1, 0), (0, 1)]), (2, [(1, 1), (0, 1)])]
)
def test_odd_graphs(size: int, links: list[tuple[int, int]]) -> None:
    places = place_nodes(size, links)
    assert len(set(places)) == size


def test_order_of_links_does_not_matter() -> None:
    links = wool(300)
    other = [(b, a) for a, b in reversed(links)]
    assert place_nodes(300, links) == place_nodes(300, other)


def test_every_process_draws_the_same() -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]); from tests.viz.test_layout import wool; "
        "from viz.layout import place_nodes; "
        "print(hashlib.sha256(repr(place_nodes(400, wool(400))).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(ROOT)],
            env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout
        for seed in ("0", "1")
    }  # fmt: skip
    assert len(found) == 1
