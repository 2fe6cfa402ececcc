"""Answers that are known: a state of the store never changes, so that what was asked of it once is answered at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.cache import BoundedCache
from kg.serve.metrics import Metrics

_MOST, _LARGEST = 96_000_000, 1_000_000
"""Bytes of the answers that are kept, of all together and of one."""
_MOST_SEEN = 50_000
"""How many requests are remembered that came once."""
_OVERHEAD = 3_000
"""Bytes that an answer takes besides its body: its address and headers."""
_KEEP = "kg.keep"
_VARYING = frozenset({b"accept", b"accept-language", b"cookie"})
"""Headers that an answer depends on."""
_LANGUAGE = b"kg-lang"
"""The cookie that an answer depends on."""
_QUERIES = b"/sparql"

Header = tuple[bytes, bytes]
AnswerKey = tuple[Any, ...]


@dataclass(slots=True)
class KnownAnswer:
    """An answer with the status 200."""

    headers: tuple[Header, ...]
    head: bytes
    """The headers as lines."""
    body: bytes
    is_result: bool
    """Whether it is the result of a query, which the metrics count."""


def pick_varying(headers: Iterable[Header]) -> tuple[Header, ...]:
    """Return the headers that an answer may depend on; the names of all are in small letters."""
    return tuple([h for h in headers if h[0] in _VARYING and (h[0] != b"cookie" or _LANGUAGE in h[1])])


def make_answer(headers: Iterable[Header], body: bytes, is_result: bool) -> KnownAnswer:
    """Return an answer with the status 200."""
    kept = tuple(headers)
    return KnownAnswer(kept, b"".join([b"%b: %b\r\n" % header for header in kept]), body, is_result)


class AnswerMemory:
    """The answers of the present state of a store that are known.

    Args:
        number: returns the number of the state of the store.
    """

    def __init__(self, number: Callable[[], int]) -> None:
        self._number = number
        self._cache: BoundedCache[KnownAnswer] = BoundedCache(_MOST, _LARGEST)
        self._seen: set[int] = set()

    def is_wanted(self, key: AnswerKey) -> bool:
        """Return whether a request came before. What costs little is kept from its second time on."""
        mark = hash(key)
        if mark in self._seen:
            return True
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(mark)
        return False

    def make_key(self, path: bytes, query: bytes, varying: tuple[Header, ...]) -> AnswerKey:
        """Return what the answer to a request depends on; of its headers those of :func:`pick_varying`."""
        return (self._number(), path, query, varying)

    def get(self, key: AnswerKey) -> KnownAnswer | None:
        """Return the answer to a request; None if it is not known."""
        return self._cache.get(key)

    def put(self, key: AnswerKey, answer: KnownAnswer) -> None:
        """Keep an answer, unless a build has ended meanwhile."""
        if self._number() == key[0]:
            self._cache.put(key, answer, len(answer.body) + _OVERHEAD)


def keep_answer(scope: Scope) -> None:
    """Mark the answer to a request: it depends on the state of the store, the address and some headers only."""
    scope[_KEEP] = True


class KnownAnswers:
    """An ASGI layer that keeps the answers that are marked, and gives them again.

    Args:
        app: what answers.
        memory: where answers are kept.
        metrics: counts of what the server does.
    """

    def __init__(self, app: ASGIApp, memory: AnswerMemory, metrics: Metrics) -> None:
        self._app, self._memory, self._metrics = app, memory, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        path = scope.get("raw_path") or scope["path"].encode()
        key = self._memory.make_key(path, scope["query_string"], pick_varying(scope["headers"]))
        known = self._memory.get(key)
        if known is None:
            await self._answer(scope, receive, send, key)
            return
        if known.is_result:
            self._metrics.count_query("200", 0.0)
        await send({"type": "http.response.start", "status": 200, "headers": list(known.headers)})
        await send({"type": "http.response.body", "body": known.body, "more_body": False})

    async def _answer(self, scope: Scope, receive: Receive, send: Send, key: AnswerKey) -> None:
        sent: list[Message] = []

        async def watch(message: Message) -> None:
            if len(sent) < 3:
                sent.append(message)
            await send(message)

        await self._app(scope, receive, watch)
        if not scope.get(_KEEP) or len(sent) != 2 or sent[0].get("status") != 200 or sent[1].get("more_body"):
            return
        headers = [(name, value) for name, value in sent[0].get("headers", ())]
        self._memory.put(key, make_answer(headers, bytes(sent[1].get("body", b"")), key[1] == _QUERIES))
