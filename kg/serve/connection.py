"""Connections of clients: limits of time and size for what slow and hostile ones send and read."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20.0
"""How long a client may take to send the head of a request."""
WRITE_SECONDS = 60.0
"""How long a client may leave what was sent to it unread."""
HEAD_BYTES = 64 * 1024
"""Bytes of the head of a request that come in several pieces."""


class LimitedConnection(HttpToolsProtocol):
    """A connection that is closed when its client is too slow, or sends a head without end."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head, self._in_head = 0, True
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

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_timers(head=True)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head, self._in_head = 0, True
        super().on_message_complete()

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
