"""Counts of what a server does, in the text format of Prometheus, and its log."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from bisect import bisect_left
from collections import Counter
from urllib.parse import quote

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
    """An ASGI layer that counts requests and writes a line of JSON for each to the log ``kg.serve``."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics
        self._now = (0, "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
        finally:
            # methods are tokens of the client: only known ones become labels
            method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "OPTIONS") else "other"
            self._metrics.count_request(method, status)
            if _LOG.isEnabledFor(logging.INFO):
                path = json.dumps(quote(scope["path"], safe="/:@!$&'()*+,;=~"))
                _LOG.info(
                    f'{{"time": "{self._tell_time()}", "method": "{method}", "path": {path}, "status": {status}, '
                    f'"bytes": {sent}, "seconds": {time.monotonic() - began:.4f}}}'
                )

    def _tell_time(self) -> str:
        """Return the present time; its text is made once for each second."""
        now = int(time.time())
        if now != self._now[0]:
            self._now = (now, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)))
        return self._now[1]


def start_log() -> None:
    """Write the log of requests to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False
