"""Connections of clients: limits of time and size for what slow and hostile ones send and read."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.serve.known import KnownAnswer
from kg.serve.quick import QUICK, CheapQuery, QuickAnswers

HEAD_SECONDS = 20.0
"""How long a client may take to send the head of a request."""
WRITE_SECONDS = 60.0
"""How long a client may leave what was sent to it unread."""
HEAD_BYTES = 64 * 1024
"""Bytes of the head of a request that come in several pieces."""

_WITH_BODY = frozenset({b"content-length", b"transfer-encoding"})


class LimitedConnection(HttpToolsProtocol):
    """A connection that is closed when its client is too slow, or sends a head without end.

    It gives answers that need no waiting itself (``kg.serve.quick``): a task for each would take longer than they do.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._quick: QuickAnswers | None = self.app_state.get(QUICK)
        self._answered = self._waits = False
        self._head, self._in_head, self._begun = 0, True, False
        self._head_timer: asyncio.TimerHandle | None = self.loop.call_later(HEAD_SECONDS, self._give_up)
        self._write_timer: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timers(head=True, write=True)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.send_400_response("The head of the request is too large.")
            elif self._head_timer is None and self._begun:
                self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def on_message_begin(self) -> None:
        while self._waits and self._quick is not None:
            self._quick.run_waiting()  # answers go out in the order of their requests
        super().on_message_begin()
        self._begun = True

    def on_headers_complete(self) -> None:
        self._in_head = self._begun = False
        self._stop_timers(head=True)
        self._answered = self._quick is not None and self._is_plain() and self._answer(self._quick)
        if not self._answered:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head, self._in_head = 0, True
        if not self._answered:
            super().on_message_complete()

    def _is_plain(self) -> bool:
        """Return whether a request is a GET without a body, and nothing else is under way on the connection."""
        parser = self.parser
        return (
            parser.get_method() == b"GET"
            and (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and self.transport.get_write_buffer_size() == 0
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
            and not self.expect_100_continue
            and not any(name in _WITH_BODY for name, _ in self.headers)
        )

    def _answer(self, quick: QuickAnswers) -> bool:
        """Send the answer to the request if it is known, or soon if it is cheap; return whether that is so."""
        found = quick.find(self.url, self.headers)
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
        lines = [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        self.transport.write(b"".join((b"HTTP/1.1 200 OK\r\n", *lines, answer.head, b"\r\n", answer.body)))
        self.on_response_complete()

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
