"""The processes that read and extract the sources of a build.

Each has one source at a time. If a process dies (out of memory, a fault in a library), another takes its place and its
source is tried once more; a source whose process dies twice is set aside by name, and the build goes on.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from kg.errors import SourceError
from kg.ingest.worker import SourceResult
from kg.processes import ChildProcess, ProcessDied
from kg.read import FoundSource

FILES_PER_WORKER = 8
"""How many sources make a process worth its start, if the user names no number."""
_MEMORY_PER_WORKER = 512 << 20
"""Bytes of memory that the machine must have for each process, if the user names no number."""
_ATTEMPTS = 2
_AHEAD = 8
"""How many sources for each process are given out before the first of them is stored: so memory stays flat."""


def choose_workers(sources: int, wanted: int | None = None) -> int:
    """Return how many processes read *sources*: *wanted* at most, or one for each core that this process may use.

    1 stands for no other process: the sources are read in this one. A machine with little memory gets fewer.
    """
    if wanted is not None:
        return max(1, min(wanted, sources))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, sources // FILES_PER_WORKER, get_memory() // _MEMORY_PER_WORKER))


def get_memory() -> int:
    """Return the memory of the machine in bytes; a great number where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 1 << 62


def process_sources(
    process: Callable[[FoundSource], SourceResult], sources: Iterable[FoundSource], workers: int
) -> Iterator[SourceResult]:
    """Yield the result of each source, in order.

    Args:
        process: reads one source; it never raises an error. It is pickled.
        sources: the sources.
        workers: number of processes; 1 for this one.
    """
    if workers == 1:
        yield from map(process, sources)
        return
    pool = ProcessPool()
    with ThreadPoolExecutor(workers) as threads:
        waiting: deque[Future[SourceResult]] = deque()
        try:
            for source in sources:
                waiting.append(threads.submit(pool.process, process, source))
                if len(waiting) >= workers * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.end()
            threads.shutdown(cancel_futures=True)


class ProcessPool:
    """A process for each thread that asks for one. It is started once, and processes one source after another."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._lock = threading.Lock()
        self._all: list[ChildProcess] = []
        self._ended = False

    def process(self, process: Callable[[FoundSource], SourceResult], source: FoundSource) -> SourceResult:
        """Return the result of a source from the process of this thread."""
        for _ in range(_ATTEMPTS):
            child = self._get_child()
            try:
                result: SourceResult = child.call(process, source)
                return result
            except ProcessDied:
                self._drop_child(child)
        return SourceResult(make_death_error(source))

    def end(self) -> None:
        """End all processes; nothing is processed afterwards."""
        with self._lock:
            self._ended = True
            children, self._all = self._all, []
        for child in children:
            child.kill()

    def _get_child(self) -> ChildProcess:
        child: ChildProcess | None = getattr(self._own, "child", None)
        if child is None:
            with self._lock:
                if self._ended:
                    raise ProcessDied
                child = self._own.child = ChildProcess()
                self._all.append(child)
        return child

    def _drop_child(self, child: ChildProcess) -> None:
        self._own.child = None
        child.kill()
        with self._lock:
            if child in self._all:
                self._all.remove(child)


def make_death_error(source: FoundSource) -> SourceError:
    """Return the error for a source whose process died each time."""
    return SourceError(
        f"{source.where}：处理它的进程两次意外结束（可能内存不足），已放在一边，其余照常；请把这个文件反馈给我们",
        f"{source.where}: the process that read it died twice (out of memory?); it was set aside and the rest was "
        "built; please report this file",
    )
