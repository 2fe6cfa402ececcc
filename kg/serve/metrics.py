"""Counts of what a server does, in the text format of Prometheus, and its log."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import time
import traceback
from bisect import bisect_left
from collections import Counter
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BOUNDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)
"""Upper bounds of the classes of times, in seconds."""
_LOG = logging.getLogger("kg.serve")


class Metrics:
    """Counters of one server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._queries: Counter[str] = Counter()
        self._times: Counter[int] = Counter()
        self._seconds = 0.0
        self.started = time.time()

    def count_request(self, method: str, status: int) -> None:
        """Count a request."""
        with self._lock:
            self._requests[method, status] += 1

    def count_query(self, outcome: str, seconds: float) -> None:
        """Count a query: how it ended, and how long it took."""
        with self._lock:
            self._queries[outcome] += 1
            self._times[bisect_left(_BOUNDS, seconds)] += 1
            self._seconds += seconds

    def count_result(self, method: str, seconds: float) -> None:
        """Count a request that was answered with the result of a query."""
        with self._lock:
            self._requests[method, 200] += 1
            self._queries["200"] += 1
            self._times[bisect_left(_BOUNDS, seconds)] += 1
            self._seconds += seconds

    def render(self, running: int, state: int) -> str:
        """Return the counts as text.

        Args:
            running: how many queries run now.
            state: the number of the state of the store that is served.
        """
        with self._lock:
            requests, queries, times = sorted(self._requests.items()), sorted(self._queries.items()), self._times.copy()
            seconds = self._seconds
        lines = [
            "# TYPE kg_requests_total counter",
            *(f'kg_requests_total{{method="{m}",status="{status}"}} {n}' for (m, status), n in requests),
            "# TYPE kg_queries_total counter",
            *(f'kg_queries_total{{outcome="{outcome}"}} {n}' for outcome, n in queries),
            "# TYPE kg_query_seconds histogram",
        ]
        total = 0
        for at, bound in enumerate((*map(str, _BOUNDS), "+Inf")):
            total += times[at]
            lines.append(f'kg_query_seconds_bucket{{le="{bound}"}} {total}')
        lines += [
            f"kg_query_seconds_sum {seconds:.6f}",
            f"kg_query_seconds_count {total}",
            "# TYPE kg_queries_running gauge",
            f"kg_queries_running {running}",
            "# TYPE kg_store_state gauge",
            f"kg_store_state {state}",
            "# TYPE kg_start_time_seconds gauge",
            f"kg_start_time_seconds {self.started:.0f}",
        ]
        return "\n".join(lines) + "\n"


class RequestLog:
    """An ASGI layer that counts requests and writes a line of JSON for each to the log ``kg.serve``.

    Args:
        app: what answers; None for a log of requests that are answered without it.
        metrics: counts of what the server does.
    """

    def __init__(self, app: ASGIApp | None, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._now = (0, "")
        self._lines: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, sent = time.monotonic(), 0, 0

        async def watch(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            status = status or 500  # what the server then answers
            _LOG.error(_describe_failure(error))
            raise
        finally:
            self.record(scope["method"], scope["path"], status, sent, began)

    def record(self, method: str, path: str | bytes, status: int, sent: int, began: float) -> None:
        """Count a request, and write its line.

        Args:
            method: its method.
            path: its path; bytes are percent-encoded already.
            status: the status of the answer.
            sent: bytes of its body.
            began: when it came, by ``time.monotonic``.
        """
        # methods are tokens of the client: only known ones become labels
        known = method if method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        self._metrics.count_request(known, status)
        self._note(known, path, status, sent, time.monotonic() - began)

    def record_result(self, path: bytes, sent: int, began: float) -> None:
        """Count a GET request that was answered with the result of a query, and write its line."""
        seconds = time.monotonic() - began
        self._metrics.count_result("GET", seconds)
        self._note("GET", path, 200, sent, seconds)

    def _note(self, method: str, path: str | bytes, status: int, sent: int, seconds: float) -> None:
        if _LOG.isEnabledFor(logging.INFO):
            self._lines.append(
                f'{{"time": "{self._tell_time()}", "method": "{method}", "path": {_encode_path(path)}, '
                f'"status": {status}, "bytes": {sent}, "seconds": {seconds:.4f}}}'
            )
            if len(self._lines) == 1:
                asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        """Write the lines of all requests that were answered in one turn of the event loop."""
        lines, self._lines = self._lines, []
        _LOG.info("\n".join(lines))

    def _tell_time(self) -> str:
        """Return the present time; its text is made once for each second."""
        now = int(time.time())
        if now != self._now[0]:
            self._now = (now, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)))
        return self._now[1]


def _describe_failure(error: Exception) -> str:
    """Return a line of JSON for an error of the program, with where it arose."""
    text = "".join(traceback.format_exception(error))
    return json.dumps({"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "error": text})


class _LogLines(logging.Formatter):
    """Messages of the server itself as lines of JSON, as those of requests."""

    def format(self, record: logging.LogRecord) -> str:
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        return json.dumps({"time": when, "level": record.levelname.lower(), "message": record.getMessage()})


@lru_cache(maxsize=1_000)
def _encode_path(path: str | bytes) -> str:
    """Return a path as the log has it: percent-encoded, in quotes."""
    return json.dumps(quote(unquote_to_bytes(path) if isinstance(path, bytes) else path, safe="/:@!$&'()*+,;=~"))


def start_log() -> None:
    """Write the log of requests, and the messages of the server itself, to standard error as lines of JSON."""
    own = logging.StreamHandler(sys.stderr)
    own.setFormatter(_LogLines())
    # the request log has the errors of the program already
    own.addFilter(lambda record: record.exc_info is None)
    server = logging.getLogger("uvicorn")
    server.handlers[:] = [own]
    server.propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False
