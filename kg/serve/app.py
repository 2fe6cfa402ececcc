"""The application: the addresses of a server, and what answers them."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kg.serve.api.routes import Api
from kg.serve.desk.folder import DeskFolder
from kg.serve.desk.guard import DeskGuard
from kg.serve.desk.routes import Desk
from kg.serve.errors import NOSNIFF
from kg.serve.known import AnswerMemory, KnownAnswers
from kg.serve.metrics import Metrics, RequestLog
from kg.serve.quick import QUICK, QuickAnswers
from kg.serve.remote import RemoteStore
from kg.serve.settings import ServeSettings
from kg.serve.site.render import compile_templates
from kg.serve.site.routes import Site
from kg.serve.site.state import SiteStates
from kg.serve.snapshot import StoreCopies
from kg.serve.sparql.endpoint import RESULT_HEADERS, EndpointOptions, GraphEndpoint, SparqlEndpoint
from kg.serve.sparql.pool import QueryPool
from kg.version import __version__


class Server:
    """What the parts of one server share.

    Attributes:
        settings: how the store is served.
        copies: the state of the store that is served.
        pool: the processes of queries.
        metrics: counts of what the server does.
    """

    def __init__(self, settings: ServeSettings) -> None:
        """Make the parts.

        Raises:
            StoreError: there is no store, or a build is running.
            UsageError: a limit is not above 0.
        """
        settings.limits.check()
        self.settings = settings
        self.metrics = Metrics()
        folder = DeskFolder(settings.desk) if settings.desk is not None else None
        self.remote = RemoteStore(settings.endpoint, settings.refresh) if settings.endpoint else None
        store = self.remote.path if self.remote else folder.store if folder else settings.store
        try:
            self.copies = StoreCopies(store, hides_folders=folder is None)
        except BaseException:
            if self.remote is not None:
                self.remote.close()
            raise
        self.pool = QueryPool(settings.limits)
        self.site = Site(
            SiteStates(self.copies), self.pool, settings.lang, desk=folder is not None, is_static=settings.is_static
        )
        self.memory = AnswerMemory(self.copies.look)
        # a desk has a guard that looks at each request
        self.quick = QuickAnswers(self.copies, self.memory, self.metrics, RESULT_HEADERS) if folder is None else None
        self.desk = Desk(folder, self.site, settings.lang, settings.secret) if folder else None

    def close(self) -> None:
        """End the processes, and remove the copies."""
        if self.desk is not None:
            self.desk.close()
        self.pool.close()
        if self.quick is not None:
            self.quick.close()
        self.copies.close()
        if self.remote is not None:
            self.remote.close()

    async def show_health(self, request: Request) -> Response:
        """Answer ``/healthz``: the server can read its store."""
        ready = (self.copies.path / "CURRENT").exists()
        state = {"status": "ok" if ready else "failed", "state": self.copies.number, "version": __version__}
        return JSONResponse(state, 200 if ready else 503, {"Cache-Control": "no-store", **NOSNIFF})

    async def show_metrics(self, request: Request) -> Response:
        """Answer ``/metrics``."""
        text = self.metrics.render(self.pool.running, self.copies.number)
        return PlainTextResponse(text, headers=NOSNIFF, media_type="text/plain; version=0.0.4")


def make_app(server: Server) -> Starlette:
    """Return the ASGI application of *server*. It closes the server when it ends."""

    @asynccontextmanager
    async def run(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        server.pool.start()
        threading.Thread(target=compile_templates, daemon=True).start()
        if server.remote is not None:
            server.remote.start()
        try:
            yield {QUICK: server.quick}
        finally:
            server.close()

    settings = server.settings
    options = EndpointOptions(settings.public_url, is_open=server.desk is None)
    parts = (server.copies, server.pool, server.metrics, options)
    routes = [
        Route("/sparql", SparqlEndpoint(*parts)),
        Route("/graphs", GraphEndpoint(*parts)),
        Route("/healthz", server.show_health),
        Route("/metrics", server.show_metrics),
        *server.site.list_routes(),
        *Api(server.site, settings.public_url, is_open=server.desk is None).list_routes(),
        *(server.desk.list_routes() if server.desk else []),
    ]
    layers = [Middleware(RequestLog, metrics=server.metrics)]
    if server.desk is not None:
        layers.append(Middleware(DeskGuard, secret=settings.secret))
    layers.append(Middleware(KnownAnswers, memory=server.memory, metrics=server.metrics))
    handlers = {404: server.site.show_missing, 500: server.site.show_failure}
    return Starlette(routes=routes, lifespan=run, middleware=layers, exception_handlers=handlers)
