"""A server on a real port of this computer, in a thread of the tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.serve.run import describe_address, make_config, open_port
from kg.serve.settings import QueryLimits, ServeSettings

SMALL = QueryLimits(seconds=1.5, rows=2000, size=2_000_000, at_once=2, wait_seconds=0.5, request_size=100_000)
"""Limits that tests reach quickly."""


@contextmanager
def serve(settings: ServeSettings) -> Iterator[str]:
    """Serve a store, and give the address of the server without a slash at its end."""
    import uvicorn

    from kg.serve.app import Server, make_app

    with open_port("127.0.0.1", 0) as listener, run_app(make_app(Server(settings)), listener, uvicorn):
        yield describe_address(listener).rstrip("/")


@contextmanager
def run_app(app: Any, listener: Any, uvicorn: Any) -> Iterator[None]:
    """Run an ASGI application in a thread."""
    config = make_config(app)
    config.timeout_graceful_shutdown = 2
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    ready = threading.Event()

    def run() -> None:
        startup = server.startup

        async def start(*args: Any, **kwargs: Any) -> None:
            await startup(*args, **kwargs)
            ready.set()

        server.startup = start
        server.run(sockets=[listener])

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(30), "the server does not start"
    yield
    server.should_exit = True
    thread.join(20)


def make_settings(store: Path, limits: QueryLimits = SMALL, **more: Any) -> ServeSettings:
    """Return settings with small limits."""
    return ServeSettings(store, limits=limits, **more)
