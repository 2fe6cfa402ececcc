"""Connections of clients: limits of time and size for what slow and hostile ones send and read."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.serve.heads import has_body, read_whole_request
from kg.serve.known import KnownAnswer
from kg.serve.quick import QUICK, CheapQuery, QuickAnswers, RequestHead, read_head

HEAD_SECONDS = 20.0
"""How long a client may take to send the head of a request."""
WRITE_SECONDS = 60.0
"""How long a client may leave what was sent to it unread."""
HEAD_BYTES = 64 * 1024
"""Bytes of the head of a request."""


_TOO_LARGE = "The head of the request is too large."
_REFUSAL = "请求不合 HTTP 格式；地址里的汉字等要用百分号编码，例如 curl -G URL --data-urlencode q=…"
_NO_HOST = "There must be exactly one header Host."
_REFUSALS = {_NO_HOST: "Host 应恰好有一个", _TOO_LARGE: f"请求头超过 {HEAD_BYTES // 1024} KB"}
"""What a refusal says in Chinese, by its English words."""


class LimitedConnection(HttpToolsProtocol):
    """A connection that is closed when its client is too slow, or sends a head without end.

    It gives answers that need no waiting itself (``kg.serve.quick``): a task for each would take longer than they do.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._quick: QuickAnswers | None = self.app_state.get(QUICK)
        self._answered = self._waits = self._refused = False
        self._whole = b""  # a request that waits for its result
        self._head, self._in_head, self._begun = 0, True, False
        self._ended = False
        self._used = 0.0
        self._head_timer: asyncio.TimerHandle | None = self.loop.call_later(HEAD_SECONDS, self._give_up)
        self._write_timer: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timers(head=True, write=True)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        quick = self._quick
        if quick is not None:
            self._end_waiting(quick)
            if self._in_head and not self._begun and self._is_idle():
                found = read_whole_request(data)
                if found is not None and self._answer_whole(quick, data, *found):
                    return
        self._parse(data)

    def _parse(self, data: bytes) -> None:
        """Read a request, or a part of one, in the usual way."""
        self._ended = False
        super().data_received(data)
        if self._in_head:
            # the bytes of a piece in which a request ends are mostly its body, which has a limit of its own
            self._head = 0 if self._ended else self._head + len(data)
            if self._head > HEAD_BYTES:
                self.send_400_response(_TOO_LARGE)
            elif self._head_timer is None and self._begun:
                self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _answer_whole(self, quick: QuickAnswers, data: bytes, url: bytes, head: RequestHead) -> bool:
        """Send the answer to a request that is not parsed any further, or have it sent; return whether that is so."""
        found = quick.find(url, head)
        if found is None:
            self._refused = True  # need not be looked for again
            return False
        self._stop_timers(head=True)
        self._used = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        if isinstance(found, CheapQuery):
            self._waits, self._whole = True, data
            quick.run_soon(found, self._deliver_whole)
        else:
            self._write(found)
        return True

    def _deliver_whole(self, answer: KnownAnswer | None) -> None:
        """Send the result of a cheap query; without one its request is parsed and answered in the usual way."""
        data, self._whole, self._waits = self._whole, b"", False
        if self.transport.is_closing():
            return
        if answer is not None:
            self._write(answer)
        else:
            self._refused = True
            self._parse(data)

    def timeout_keep_alive_handler(self) -> None:
        left = self.timeout_keep_alive - (self.loop.time() - self._used)
        if left > 0 or self._waits:  # requests that are not parsed leave the timer as it is
            self.timeout_keep_alive_task = self.loop.call_later(max(left, 1.0), self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _end_waiting(self, quick: QuickAnswers) -> None:
        """Run cheap queries until none of this connection waits: answers go out in the order of their requests."""
        while self._waits:
            quick.run_waiting()

    def on_message_begin(self) -> None:
        if self._quick is not None:
            self._end_waiting(self._quick)
        super().on_message_begin()
        self._begun = True

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, in both languages, and close the connection."""
        body = f"{msg}\n{_REFUSALS.get(msg, _REFUSAL)}\n".encode()
        lines = (
            b"HTTP/1.1 400 Bad Request", b"content-type: text/plain; charset=utf-8", b"x-content-type-options: nosniff",
            b"content-length: %d" % len(body), b"connection: close", b"", body,
        )  # fmt: skip
        self.transport.write(b"\r\n".join(lines))
        self.transport.close()

    def on_headers_complete(self) -> None:
        self._in_head = self._begun = False
        self._stop_timers(head=True)
        if sum(len(name) + len(value) + 4 for name, value in self.headers) + len(self.url) > HEAD_BYTES:
            self._answered = True  # by the refusal
            self.send_400_response(_TOO_LARGE)
            return
        if self.parser.get_http_version() == "1.1" and [name for name, _ in self.headers].count(b"host") != 1:
            self._answered = True
            self.send_400_response(_NO_HOST)
            return
        refused, self._refused = self._refused, False
        quick = None if refused else self._quick
        self._answered = quick is not None and self._is_plain() and self._answer(quick)
        if not self._answered:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head = self._ended = True
        if not self._answered:
            super().on_message_complete()

    def _is_idle(self) -> bool:
        """Return whether nothing is under way on the connection."""
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and not self._waits
            and self.transport.get_write_buffer_size() == 0
        )

    def _is_plain(self) -> bool:
        """Return whether a request is a GET without a body, and nothing else is under way on the connection."""
        parser = self.parser
        return (
            parser.get_method() == b"GET"
            and self._is_idle()
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
            and not self.expect_100_continue
            and not has_body(self.headers)
        )

    def _answer(self, quick: QuickAnswers) -> bool:
        """Send the answer to the request if it is known, or soon if it is cheap; return whether that is so."""
        found = quick.find(self.url, read_head(self.headers))
        if isinstance(found, CheapQuery):
            self._waits = True
            quick.run_soon(found, self._deliver)
        elif found is not None:
            self._send(found)
        return found is not None

    def _deliver(self, answer: KnownAnswer | None) -> None:
        """Send the result of a cheap query; without one the request is answered in the usual way."""
        self._waits = False
        if self.transport.is_closing():
            return
        if answer is not None:
            self._send(answer)
        else:
            self._answered = False
            super().on_headers_complete()
            super().on_message_complete()

    def _send(self, answer: KnownAnswer) -> None:
        self._write(answer)
        self.on_response_complete()

    def _write(self, answer: KnownAnswer) -> None:
        begin = _make_begin(tuple(self.server_state.default_headers))
        self.transport.write(b"".join((begin, answer.head, b"\r\n", answer.body)))

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(WRITE_SECONDS, self._give_up)

    def resume_writing(self) -> None:
        self._stop_timers(write=True)
        super().resume_writing()

    def _give_up(self, *_: Any) -> None:
        if self.transport.is_closing():
            return
        self.pipeline.clear()
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.abort()

    def _stop_timers(self, *, head: bool = False, write: bool = False) -> None:
        if head and self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        if write and self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None


@lru_cache(maxsize=4)
def _make_begin(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """Return the begin of a response with the headers that all have."""
    return b"".join((b"HTTP/1.1 200 OK\r\n", *[b"%b: %b\r\n" % header for header in headers]))
