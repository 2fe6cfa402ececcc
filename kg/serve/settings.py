"""What a server allows: limits of time, memory and size, and the addresses of its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import UsageError

HOST = "127.0.0.1"
"""The address that a server listens at if the user names none: only this computer can reach it."""
PORT = 8642


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What a query to the endpoint may take. A query that takes more is stopped."""

    seconds: float = 30.0
    """Time to compute a result. The time in which a client reads it does not count."""
    rows: int = 500_000
    """Rows or triples of a result."""
    size: int = 256_000_000
    """Bytes of a result."""
    memory: int = 2_000_000_000
    """Bytes of memory that the process of a query may take besides the mapped files of the store."""
    at_once: int = 4
    """Queries that run at the same time."""
    wait_seconds: float = 5.0
    """How long a query waits for its turn before it is refused."""
    request_size: int = 1_000_000
    """Bytes of a request."""
    send_seconds: float = 30.0
    """How long a client may take to accept a piece of a result."""
    total_seconds: float = 600.0
    """How long a response may take from its first to its last byte."""

    def check(self) -> None:
        """Check the limits.

        Raises:
            UsageError: one of them is not above 0.
        """
        for name in ("seconds", "rows", "size", "memory", "at_once"):
            if getattr(self, name) <= 0:
                raise UsageError(f"{name}：必须大于 0", f"{name}: must be above 0")


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How a store is served."""

    store: Path
    lang: str = "zh"
    """Language of pages if a reader has chosen none."""
    public_url: str = ""
    """The address under which others reach the server, without a slash at its end; empty: that of each request."""
    limits: QueryLimits = field(default_factory=QueryLimits)
    desk: Path | None = None
    """The folder of the desk; None for a server without one. The store is then that of the desk."""
    endpoint: str = ""
    """The address of a SPARQL endpoint whose graphs are served instead of a store; empty for none."""
    refresh: float = 600.0
    """Seconds after which the graphs of the endpoint are fetched again."""
    is_static: bool = False
    """Whether the pages are made for files: without what needs a server."""
    secret: str = ""
    """What a request has to carry if the server has a desk."""
