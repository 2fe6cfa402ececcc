"""Running a server: the port, the address that is printed, and the end by a signal."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.serve.settings import ServeSettings

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

LOCAL = ("127.0.0.1", "localhost", "::1")
"""Addresses of this computer that no other can reach."""
_BACKLOG = 512
_HEADER_BYTES = 64 * 1024
"""Bytes of the headers of a request and of its address."""
_IDLE_SECONDS = 15
_MOST_CONNECTIONS = 512
_END_SECONDS = 5


def run_server(settings: ServeSettings, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve a store until the process is interrupted.

    Args:
        settings: how the store is served.
        host: the address to listen at.
        port: the port; 0 for any free one.
        announce: called with the address of the server when it can be reached.

    Raises:
        StoreError: there is no store, or a build is running.
        UsageError: the port is taken, or a limit is wrong.
    """
    import uvicorn

    from kg.serve.app import Server, make_app
    from kg.serve.desk.guard import TOKEN
    from kg.serve.metrics import start_log

    if settings.desk is not None and host not in LOCAL:
        raise UsageError(f"--host {host}：工作台只在本机使用", f"--host {host}: a desk is for this computer alone")
    listener = open_port(host, port)
    with listener:
        server = Server(settings)
        start_log()
        config = make_config(make_app(server))
        entry = f"desk?{TOKEN}={settings.secret}" if settings.desk is not None else ""
        announce(describe_address(listener) + entry)
        uvicorn.Server(config).run(sockets=[listener])


def make_config(app: ASGIApp) -> uvicorn.Config:
    """Return the settings of uvicorn for an application: its connections, and their limits."""
    import uvicorn

    connection: Any = "h11"
    with suppress(ImportError):  # a parser in C, which not every system has
        from kg.serve.connection import LimitedConnection

        connection = LimitedConnection
    return uvicorn.Config(
        app, log_level="warning", log_config=None, access_log=False, server_header=False, lifespan="on",
        http=connection,
        h11_max_incomplete_event_size=_HEADER_BYTES, timeout_keep_alive=_IDLE_SECONDS,
        limit_concurrency=_MOST_CONNECTIONS, timeout_graceful_shutdown=_END_SECONDS,
    )  # fmt: skip


def open_port(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: the port is taken, or the address is not one of this computer.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(
            f"--host {host} --port {port}：不能使用（{why}）；请换一个端口，例如 --port {port + 1}",
            f"--host {host} --port {port}: cannot be used ({why}); choose another port, for example --port {port + 1}",
        ) from error


def describe_address(listener: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"
