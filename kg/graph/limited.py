"""SPARQL with a limit of time. The query engine cannot be stopped, so that another process runs the query.

The process opens the store only for the time of a query, so that it keeps no store from being built into.
"""

from __future__ import annotations

from pathlib import Path

from kg.errors import QueryError
from kg.graph.query import run_query
from kg.graph.result import Result
from kg.processes import ChildProcess, ProcessDied
from kg.store.store import Store

DEFAULT_SECONDS = 60.0
"""How long a query may take if the user says nothing."""


class QueryRunner:
    """Runs the queries to one store in one other process, which is started for the first of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._process: ChildProcess | None = None

    def run(self, sparql: str, seconds: float | None) -> Result:
        """Run a query and return its result.

        Args:
            sparql: the query.
            seconds: how long it may take; None for no limit. A store that is open for writing is queried in this
                process and without a limit: no other process can open it.

        Raises:
            QueryError: the query is wrong, or took longer.
        """
        if not seconds or self._store.writable:
            return run_query(self._store, sparql)
        if self._process is None:
            self._process = ChildProcess()
        try:
            result: Result = self._process.call(query_folder, _locate(self._store), sparql, seconds=seconds)
        except TimeoutError as error:
            self.close()
            raise make_timeout_error(seconds) from error
        except ProcessDied as error:
            self.close()
            raise QueryError(
                "查询进程意外结束（可能内存不足）；请缩小查询的范围",
                "the process of the query died (out of memory?); make the query narrower",
            ) from error
        return result

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process = None


def _locate(store: Store) -> str | Path:
    """Return where another process finds *store*."""
    return store.path.absolute() if store.remote is None else store.address


def query_folder(path: str | Path, sparql: str) -> Result:
    """Run a query on the store in the folder *path*."""
    with Store(path) as store:
        return run_query(store, sparql)


def make_timeout_error(seconds: float) -> QueryError:
    """Return the error for a query that took longer than *seconds*."""
    return QueryError(
        f"查询超过 {seconds:g} 秒，已停止；可缩小范围，或用 timeout 放宽",
        f"the query took longer than {seconds:g} s and was stopped; make it narrower, or allow more time with timeout",
    )
