"""Stores of a few invented texts, which tests ask questions of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import kg
from kg.api import Graph


@contextmanager
def open_graph_of(folder: Path, texts: Mapping[str, str]) -> Iterator[Graph]:
    """Build a store of *texts*, by file name, in an empty folder, and open it."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    kg.build([folder / name for name in texts], folder / "store", workers=1)
    with kg.open(folder / "store") as graph:
        yield graph
