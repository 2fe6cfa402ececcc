"""What the process of a query does: it runs one query after another, and gives the result of each piece by piece.

These functions run in a child process (``kg.processes``). It keeps the store open from one query to the next.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyoxigraph import QueryBoolean, QueryTriples, RdfFormat, Triple, serialize

from kg.errors import KgError
from kg.graph.query import FAILURES, QueryDataset, explain_failure, start_query
from kg.serve.errors import NotAcceptable, ResultTooLarge
from kg.serve.negotiation import choose_media_type
from kg.serve.sparql.formats import GRAPH_TYPES, ROW_TYPES, Rows, describe_type, serialize_rows, serialize_truth
from kg.store.serialize import serialize_triples
from kg.store.store import Store
from ontology.terms import PREFIXES

_PIECE = 128 * 1024
"""Characters of a piece of a result."""
_PIECE_SECONDS = 0.5
"""A piece is sent when it is so old, so that a slow query shows its first rows early."""
_SMALL_GRAPH = 5_000
"""A graph of so many triples is sorted and written as a whole."""
_WHOLE = frozenset({RdfFormat.RDF_XML, RdfFormat.JSON_LD})
"""Formats in which a graph is written as a whole."""


@dataclass(frozen=True, slots=True)
class QueryTask:
    """A query as it is sent to a process."""

    folder: str
    """The folder of the store."""
    sparql: str
    dataset: QueryDataset
    accept: str
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class GraphTask:
    """A graph to be read, as it is sent to a process."""

    folder: str
    graph: str
    """Its IRI; empty for the default graph."""
    accept: str
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class ResultPiece:
    """A piece of a result."""

    data: bytes
    last: bool
    content_type: str = ""
    """That of the result; given with its first piece."""


class _Worker:
    """The store that is open, and the result that is being read."""

    def __init__(self) -> None:
        self.folder = ""
        self.store: Store | None = None
        self.pieces: Iterator[ResultPiece] = iter(())

    def open(self, folder: str) -> Store:
        if self.store is None or self.folder != folder:
            if self.store is not None:
                self.store.close()
            self.store, self.folder = None, folder
            self.store = Store(folder)
        return self.store


_worker = _Worker()


def prepare(memory: int) -> None:
    """Limit the memory of this process to *memory* bytes more than it has now, if the system can."""
    with suppress(ImportError, OSError, ValueError):
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def run_limited(seconds: float, function: Callable[..., Any], *args: object) -> Any:
    """Return ``function(*args)``; the system ends this process if that takes longer, however busy the server is."""
    with suppress(AttributeError, ValueError):  # not on every system
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function(*args)
    finally:
        with suppress(AttributeError):
            signal.setitimer(signal.ITIMER_REAL, 0)


def begin_query(task: QueryTask) -> ResultPiece:
    """Begin to answer a query, and return the first piece.

    Raises:
        QueryError: the query is wrong.
        NotAcceptable: the client takes no format of the result.
        ResultTooLarge: the first piece is larger than the result may be.
    """
    answer = start_query(_worker.open(task.folder), task.sparql, task.dataset)
    if isinstance(answer, QueryTriples):
        return _begin(
            _choose(task.accept, GRAPH_TYPES), lambda form: _write_graph(answer, GRAPH_TYPES[form], task), task
        )
    if isinstance(answer, QueryBoolean):
        truth = bool(answer)
        return _begin(_choose(task.accept, ROW_TYPES), lambda form: [serialize_truth(truth, ROW_TYPES[form])], task)
    names = [variable.value for variable in answer.variables]
    width = range(len(names))
    rows = ([row[i] for i in width] for row in answer)
    return _begin(
        _choose(task.accept, ROW_TYPES),
        lambda form: serialize_rows(names, _count_rows(rows, task.rows), ROW_TYPES[form]),
        task,
    )


def begin_graph(task: GraphTask) -> ResultPiece | None:
    """Begin to give a graph of the store, and return the first piece; None if there is no such graph.

    Raises:
        NotAcceptable, ResultTooLarge: as :func:`begin_query`.
    """
    store = _worker.open(task.folder)
    quads = store.read_quads(task.graph) if task.graph else store.find_statements()
    triples = (quad.triple for quad in quads)
    first = next(triples, None)
    if first is None and task.graph:
        return None
    found = _chain(first, triples)
    return _begin(_choose(task.accept, GRAPH_TYPES), lambda form: _write_graph(found, GRAPH_TYPES[form], task), task)


def read_piece() -> ResultPiece:
    """Return the next piece of the result.

    Raises:
        QueryError: the query failed.
        ResultTooLarge: the result is larger than it may be.
    """
    try:
        return next(_worker.pieces)
    except FAILURES as error:
        raise explain_failure(error) from error


def _begin(media_type: str, write: Callable[[str], Iterable[str]], task: QueryTask | GraphTask) -> ResultPiece:
    _worker.pieces = _cut(write(media_type), describe_type(media_type), task.size)
    return read_piece()


def _choose(accept: str, offered: Iterable[str]) -> str:
    kinds = tuple(offered)
    chosen = choose_media_type(accept, kinds)
    if chosen is None:
        raise NotAcceptable(f"Accept：结果的格式有 {'、'.join(kinds)}", f"Accept: the result can be {', '.join(kinds)}")
    return chosen


def _cut(texts: Iterable[str], content_type: str, size: int) -> Iterator[ResultPiece]:
    """Yield *texts* as pieces, the last one marked."""
    waiting: list[str] = []
    length, sent, since = 0, 0, time.monotonic()
    for text in texts:
        waiting.append(text)
        length += len(text)
        if length >= _PIECE or (sent == 0 and time.monotonic() - since > _PIECE_SECONDS):
            data = "".join(waiting).encode("utf-8", "replace")
            sent += len(data)
            if sent > size:
                raise _make_size_error(size)
            yield ResultPiece(data, False, content_type)
            waiting, length, since = [], 0, time.monotonic()
    data = "".join(waiting).encode("utf-8", "replace")
    if sent + len(data) > size:
        raise _make_size_error(size)
    yield ResultPiece(data, True, content_type)


def _count_rows(rows: Rows, most: int) -> Rows:
    for number, row in enumerate(rows, 1):
        if number > most:
            raise _make_row_error(most)
        yield row


def _write_graph(triples: Iterable[Triple], form: RdfFormat, task: QueryTask | GraphTask) -> Iterator[str]:
    """Yield a graph as text. A small graph is sorted and has no triple twice."""
    counted = _count_triples(triples, task.rows)
    batch = list(islice(counted, _SMALL_GRAPH + 1))
    if len(batch) <= _SMALL_GRAPH:
        yield serialize_triples(sorted(set(batch), key=str), form)
        return
    if form in _WHOLE:
        yield serialize_triples(sorted({*batch, *counted}, key=str), form)
        return
    prefixes = dict(PREFIXES) if form in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N3) else None
    while batch:
        yield (serialize(batch, format=form, prefixes=prefixes) or b"").decode("utf-8")
        batch = list(islice(counted, _SMALL_GRAPH))


def _count_triples(triples: Iterable[Triple], most: int) -> Iterator[Triple]:
    for number, triple in enumerate(triples, 1):
        if number > most:
            raise _make_row_error(most)
        yield triple


def _chain(first: Triple | None, rest: Iterator[Triple]) -> Iterator[Triple]:
    if first is not None:
        yield first
    yield from rest


def _make_row_error(most: int) -> KgError:
    return ResultTooLarge(
        f"结果超过 {most} 行，已停止；请缩小范围，或用 LIMIT 和 OFFSET 分批取",
        f"the result has more than {most} rows and was stopped; make it narrower, or fetch it in parts with LIMIT and "
        "OFFSET",
    )


def _make_size_error(size: int) -> KgError:
    return ResultTooLarge(
        f"结果超过 {size} 字节，已停止；请缩小范围，或用 LIMIT 和 OFFSET 分批取",
        f"the result has more than {size} bytes and was stopped; make it narrower, or fetch it in parts with LIMIT and "
        "OFFSET",
    )
