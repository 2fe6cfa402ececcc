"""A store of the examples, for questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.api import Graph

EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.fixture(scope="package")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """The examples, read by the real rules."""
    path = tmp_path_factory.mktemp("ask") / "store"
    kg.build(EXAMPLES, path, workers=1)
    with kg.open(path) as graph:
        yield graph
