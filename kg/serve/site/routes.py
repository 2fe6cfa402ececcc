"""The addresses of the site, and how a request becomes a page: language, state of the store, thread, errors."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import KgError, NotFoundError
from kg.serve.errors import make_problem_response
from kg.serve.known import keep_answer
from kg.serve.site import pages, tools
from kg.serve.site.render import SAFE_HEADERS, PageRequest, find_language, render_problem
from kg.serve.site.state import SiteState, SiteStates
from kg.serve.site.styles import build_css, build_report_css
from kg.serve.site.texts import SiteTexts
from kg.serve.sparql.pool import QueryPool

Show = Callable[[PageRequest], Response | Awaitable[Response]]
IsQuick = Callable[[PageRequest], bool]
_STATIC = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css"}
_MOST_THREADS = 8
_CACHE = {"Cache-Control": "max-age=3600", **SAFE_HEADERS}


class Site:
    """The pages of one server.

    Args:
        states: the state of the store that is shown.
        pool: the processes of queries.
        lang: language of pages if a reader has chosen none.
        desk: whether the server has a desk.
        is_static: whether the pages are made for files.
    """

    def __init__(
        self, states: SiteStates, pool: QueryPool, lang: str, *, desk: bool = False, is_static: bool = False
    ) -> None:
        self.states, self._pool, self._lang = states, pool, lang
        self._desk, self._is_static = desk, is_static
        self._limiter = anyio.CapacityLimiter(_MOST_THREADS)

    def list_routes(self) -> list[Route]:
        """Return the routes of all pages."""

        async def show_query(page: PageRequest) -> Response:
            return await tools.show_query(page, self._pool)

        shown: dict[str, Show] = {
            "/": pages.show_home,
            "/search": pages.show_search,
            "/suggest": pages.suggest,
            "/thing": pages.show_thing,
            "/id/{path:path}": pages.show_thing,
            "/documents": pages.show_documents,
            "/document": pages.show_document,
            "/reports": tools.show_reports,
            "/reports/{name}": tools.show_report,
            "/ask": tools.show_ask,
            "/queries": tools.show_queries,
            "/queries/{name}": show_query,
            "/editor": tools.show_editor,
            "/editor/terms": tools.give_terms,
            "/graph": tools.show_graph,
        }
        quick = {"/thing": pages.is_small_thing, "/id/{path:path}": pages.is_small_thing}
        routes = [
            Route(path, self._make_endpoint(show, quick.get(path)), methods=["GET"]) for path, show in shown.items()
        ]
        return [*routes, Route("/static/{name}", self.show_static, methods=["GET"])]

    def make_page(self, request: Request) -> PageRequest:
        """Return a request with the state of the store. This may take long after a build; call it in a thread."""
        return self._make_page_of(request, self.states.get())

    def _make_page_of(self, request: Request, state: SiteState) -> PageRequest:
        return PageRequest(request, state, SiteTexts(find_language(request, self._lang)), self._desk, self._is_static)

    async def show_missing(self, request: Request, _: Exception | None = None) -> Response:
        """Return the answer for an address that the server does not have: a page for readers, a line for programs."""
        error = NotFoundError("没有这一页", "there is no such page")
        if "text/html" in request.headers.get("accept", ""):
            return render_problem(request, error, find_language(request, self._lang))
        return make_problem_response(error)

    async def show_failure(self, request: Request, _: Exception) -> Response:
        """Return the answer to a request that an error of the program ended."""
        error = KgError("服务器内部出错，已记入日志", "an error of the server; it is in its log")
        wants_page = "text/html" in request.headers.get("accept", "")
        lang = find_language(request, self._lang)
        response = render_problem(request, error, lang) if wants_page else make_problem_response(error)
        response.headers["Connection"] = "close"  # the server closes it after an error
        return response

    async def show_static(self, request: Request) -> Response:
        """Return a style sheet or script of the package."""
        name = request.path_params["name"]
        if name == "site.css":
            return Response(build_css(), media_type="text/css", headers=_CACHE)
        if name == "report.css":
            return Response(build_report_css(), media_type="text/css", headers=_CACHE)
        known = {path.name: path for path in _STATIC.iterdir() if path.suffix in _TYPES}
        if name not in known:
            return await self.show_missing(request)
        return Response(known[name].read_bytes(), media_type=_TYPES[known[name].suffix], headers=_CACHE)

    def _make_endpoint(self, show: Show, is_quick: IsQuick | None) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers requests of a page.

        Args:
            show: makes the page.
            is_quick: whether it takes a few milliseconds. It is then made where the request arrives: threads that
                compute at the same time take the lock of the interpreter from each other at each look-up.
        """

        def start(request: Request) -> Response | Awaitable[Response]:
            return show(self.make_page(request))

        def start_quick(request: Request) -> Response | Awaitable[Response] | None:
            state = self.states.get_ready() if is_quick is not None else None
            if is_quick is None or state is None:
                return None
            page = self._make_page_of(request, state)
            return show(page) if is_quick(page) else None

        async def answer(request: Request) -> Response:
            try:
                found = start_quick(request)
                if found is None:
                    found = await run_sync(lambda: start(request), limiter=self._limiter)
                response = await found if inspect.isawaitable(found) else found
            except KgError as error:
                return render_problem(request, error, find_language(request, self._lang))
            if response.status_code == 200 and "set-cookie" not in response.headers:
                keep_answer(request.scope)
            return response

        return answer
