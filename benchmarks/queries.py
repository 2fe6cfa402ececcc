"""The time of each named query on a store, and on a bare pyoxigraph store in memory with the same statements.

The queries run in processes of their own, which are ended when a query takes too long.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, QuerySolutions
from pyoxigraph import Store as Oxigraph

from kg.graph.query import list_named_queries, load_named_query
from kg.processes import ChildProcess
from kg.store.store import Store
from ontology.terms import PREFIXES

_opened: dict[tuple[Path, bool], Oxigraph] = {}
"""The stores of this process, by folder and whether they are copies in memory."""


@dataclass(frozen=True, slots=True)
class ScaleQuery:
    """One named query on a store."""

    name: str
    rows: int
    seconds: float | None
    """Median; None if the limit was reached."""
    bare_seconds: float | None
    """Median on a bare pyoxigraph store in memory."""


class _Engine:
    """A process with one store."""

    def __init__(self, open_store: Callable[[Path], None], path: Path, in_memory: bool) -> None:
        self._open, self._path, self._in_memory = open_store, path, in_memory
        self._process: ChildProcess | None = None

    def measure(self, name: str, runs: int, limit: float) -> tuple[int, float] | None:
        """Return rows and median time of a query; None if its runs take longer than *limit* each."""
        if self._process is None:
            self._process = ChildProcess()
            self._process.call(self._open, self._path)
        try:
            found: tuple[int, float] = self._process.call(
                time_query, self._path, self._in_memory, name, runs, seconds=limit * runs
            )
        except TimeoutError:
            self._process = None
            return None
        return found

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()


def measure_queries(store: Path, runs: int, limit: float) -> Iterator[ScaleQuery]:
    """Yield the times of each named query, without values for its parameters."""
    engines = _Engine(open_store, store, False), _Engine(copy_store, store, True)
    try:
        for name in list_named_queries():
            ours, bare = (engine.measure(name, runs, limit) for engine in engines)
            assert ours is None or bare is None or ours[0] == bare[0], name
            yield ScaleQuery(name, ours[0] if ours else 0, ours[1] if ours else None, bare[1] if bare else None)
    finally:
        for engine in engines:
            engine.close()


def open_store(path: Path) -> None:
    """Open a store for :func:`time_query`."""
    _opened[path, False] = Store(path).oxigraph


def copy_store(path: Path) -> None:
    """Copy the statements of a store to memory for :func:`time_query`, each once."""
    _opened[path, True] = copy = Oxigraph()
    with Store(path) as store:
        copy.bulk_extend(store.oxigraph.quads_for_pattern(None, None, None, DefaultGraph()))


def time_query(path: Path, in_memory: bool, name: str, runs: int) -> tuple[int, float]:
    """Return the number of rows and the median time."""
    text, times, rows = load_named_query(name), [], 0
    for _ in range(runs):
        begin = time.perf_counter()
        found = _opened[path, in_memory].query(text, prefixes=dict(PREFIXES))
        assert isinstance(found, QuerySolutions)
        rows = sum(1 for _ in found)
        times.append(time.perf_counter() - begin)
    return rows, statistics.median(times)
