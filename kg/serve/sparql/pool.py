"""The processes that run the queries of a server: a fixed number, each stopped if its query takes too much."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
from anyio.to_thread import run_sync

from kg.processes import ChildProcess, ProcessDied
from kg.serve.errors import RequestProblem
from kg.serve.settings import QueryLimits
from kg.serve.sparql import work

_GRACE = 0.1
"""Seconds after which a process that is over its time is killed."""


class QueryProcess:
    """A process that runs one query at a time. It is started for the first query, and again if it died."""

    def __init__(self, limits: QueryLimits, limiter: anyio.CapacityLimiter) -> None:
        self._limits, self._limiter = limits, limiter
        self._process: ChildProcess | None = None
        self._lock = threading.Lock()
        self._left = self._ran = 0.0
        self._ended = False
        self.idle = True
        """Whether the process waits for a query: false while a result is read."""

    def start(self) -> None:
        """Start the process, if it does not run."""
        with self._lock:
            if self._process is None and not self._ended:
                process = ChildProcess()
                process.call(work.prepare, self._limits.memory)
                self._process = process

    def start_ahead(self) -> None:
        """Start the process if that is possible; else the first query tells why it is not."""
        with suppress(OSError, ProcessDied):
            self.start()
            if self._ended:
                self.stop()

    def stop(self) -> None:
        """Kill the process; the next query starts another one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def end(self) -> None:
        """Kill the process for good. A thread may still be about to start it."""
        self._ended = True
        self.stop()

    async def begin(
        self, function: Callable[..., Any], task: work.QueryTask | work.GraphTask
    ) -> work.ResultPiece | None:
        """Return the first piece of a result; None if there is none."""
        self._left, self.idle = self._limits.seconds, False
        piece: work.ResultPiece | None = await self._call(function, task)
        self.idle = piece is None or piece.last
        return piece

    async def read(self) -> work.ResultPiece:
        """Return the next piece of the result."""
        piece: work.ResultPiece = await self._call(work.read_piece)
        self.idle = piece.last
        return piece

    async def _call(self, function: Callable[..., Any], *args: object) -> Any:
        if self._process is None:
            await run_sync(self.start, abandon_on_cancel=True, limiter=self._limiter)
        began, left = anyio.current_time(), max(self._left, 0.05)
        # the process ends itself in time; this is for systems where it cannot
        limit = asyncio.get_running_loop().call_later(left + _GRACE, self.abandon)
        limited = (left, function, *args)
        try:
            return await run_sync(self._run, work.run_limited, limited, abandon_on_cancel=True, limiter=self._limiter)
        except ProcessDied as error:
            self.stop()
            if self._ran >= left:
                took = self._limits.seconds - left + self._ran
                raise RequestProblem(
                    503,
                    f"查询超过 {self._limits.seconds:g} 秒，第 {took:.2f} 秒已停止；请缩小范围",
                    f"the query took longer than {self._limits.seconds:g} s and was stopped after {took:.2f} s; "
                    "make it narrower",
                ) from error
            raise RequestProblem(
                503,
                "查询需要的内存太多，已停止；请缩小范围",
                "the query needed too much memory and was stopped; make it narrower",
            ) from error
        except MemoryError as error:
            self.stop()
            raise RequestProblem(503, "查询需要的内存太多", "the query needs too much memory") from error
        except Exception:
            self.idle = True  # the process has answered with an error and waits
            raise
        finally:
            limit.cancel()
            self._left -= anyio.current_time() - began

    def abandon(self) -> None:
        """Kill the process without waiting for its end."""
        process = self._process
        if process is not None:
            process.interrupt()

    def _run(self, function: Callable[..., Any], args: tuple[object, ...]) -> Any:
        self.start()
        process = self._process
        if process is None or self._ended:
            self.stop()
            raise ProcessDied
        began = time.monotonic()
        try:
            return process.call(function, *args)
        finally:
            self._ran = time.monotonic() - began


class QueryPool:
    """The processes of a server. Each runs one query at a time; further queries wait for their turn."""

    def __init__(self, limits: QueryLimits) -> None:
        self.limits = limits
        # threads only wait for processes here, and there are as few as processes
        self._limiter = anyio.CapacityLimiter(2 * limits.at_once)
        self._free = [QueryProcess(limits, self._limiter) for _ in range(limits.at_once)]
        self._places = anyio.Semaphore(limits.at_once)

    @property
    def running(self) -> int:
        """The number of queries that run now."""
        return self.limits.at_once - len(self._free)

    def start(self) -> None:
        """Start the processes, so that no query waits for them: the first at once, the others soon."""
        self._free[-1].start()
        for process in self._free[:-1]:
            self._start_soon(process)

    def close(self) -> None:
        """End all processes."""
        for process in self._free:
            process.end()

    def _start_soon(self, process: QueryProcess, old: QueryProcess | None = None) -> None:
        """Start a process, and wait for the end of the one whose place it takes, without keeping others waiting."""

        def start() -> None:
            if old is not None:
                old.end()
            process.start_ahead()

        threading.Thread(target=start, daemon=True).start()

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[QueryProcess]:
        """Give a process for one query.

        Raises:
            RequestProblem: none became free in time.
        """
        with anyio.move_on_after(self.limits.wait_seconds) as waiting:
            await self._places.acquire()
        if waiting.cancelled_caught:
            raise RequestProblem(
                503,
                f"同时运行的查询已有 {self.limits.at_once} 个；请稍后再试",
                f"{self.limits.at_once} queries are running already; try again later",
                {"Retry-After": "5"},
            )
        process = self._free.pop()
        try:
            yield process
        finally:
            if not process.idle:
                old, process = process, QueryProcess(self.limits, self._limiter)
                old.abandon()  # the client went away, or its result was cut off
                self._start_soon(process, old)
            self._free.append(process)
            self._places.release()
