"""Answers that are known: a state of the store never changes, so that what was asked of it once is answered at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.cache import BoundedCache
from kg.serve.metrics import Metrics

_MOST, _LARGEST = 96_000_000, 1_000_000
"""Bytes of the answers that are kept, of all together and of one."""
_OVERHEAD = 3_000
"""Bytes that an answer takes besides its body: its address and headers."""
_KEEP = "kg.keep"
_VARYING = frozenset({b"accept", b"accept-language", b"cookie"})
"""Headers that an answer depends on."""
_LANGUAGE = b"kg-lang"
"""The cookie that an answer depends on."""


@dataclass(frozen=True, slots=True)
class _Answer:
    start: Message
    body: Message
    counted: bool
    """Whether it is the result of a query, which the metrics count."""


def keep_answer(scope: Scope) -> None:
    """Mark the answer to a request: it depends on the state of the store, the address and some headers only."""
    scope[_KEEP] = True


class KnownAnswers:
    """An ASGI layer that keeps the answers that are marked, and gives them again.

    Args:
        app: what answers.
        number: returns the number of the state of the store.
        metrics: counts of what the server does.
    """

    def __init__(self, app: ASGIApp, number: Callable[[], int], metrics: Metrics) -> None:
        self._app, self._number, self._metrics = app, number, metrics
        self._cache: BoundedCache[_Answer] = BoundedCache(_MOST, _LARGEST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        headers = tuple([h for h in scope["headers"] if h[0] in _VARYING and (h[0] != b"cookie" or _LANGUAGE in h[1])])
        number = self._number()
        key = (number, scope.get("raw_path") or scope["path"], scope["query_string"], headers)
        known = self._cache.get(key)
        if known is not None:
            if known.counted:
                self._metrics.count_query("200", 0.0)
            await send(known.start)
            await send(known.body)
            return
        await self._answer(scope, receive, send, key)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, key: tuple[Any, ...]) -> None:
        sent: list[Message] = []

        async def watch(message: Message) -> None:
            if len(sent) < 3:
                sent.append(message)
            await send(message)

        await self._app(scope, receive, watch)
        if not scope.get(_KEEP) or len(sent) != 2 or sent[0].get("status") != 200 or sent[1].get("more_body"):
            return
        if self._number() == key[0]:  # no build has ended meanwhile
            body = sent[1].get("body", b"")
            self._cache.put(key, _Answer(sent[0], sent[1], scope["path"] == "/sparql"), len(body) + _OVERHEAD)
