"""The addresses of the JSON API and of reconciliation: parameters in, JSON out, errors as JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kg.errors import KgError, UsageError
from kg.serve.api import answers, dataset, feed, reconcile
from kg.serve.errors import get_status
from kg.serve.negotiation import find_address
from kg.serve.site.render import SAFE_HEADERS, PageRequest
from kg.serve.site.routes import Site
from kg.serve.sparql.protocol import FORM, read_body

_DESCRIPTION = Path(__file__).parent / "openapi.json"
_LARGEST = 1_000_000
_OPEN = {
    "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
}  # fmt: skip
Make = Callable[[PageRequest], Any]


class Api:
    """The JSON API of one server.

    Args:
        site: the pages, which have the state of the store.
        base_url: the address of the server for others; empty: that of each request.
        is_open: whether scripts of other sites may read answers.
    """

    def __init__(self, site: Site, base_url: str, *, is_open: bool) -> None:
        self._site, self._base_url = site, base_url
        self._headers = {**SAFE_HEADERS, "Vary": "Accept-Language, Cookie", **(_OPEN if is_open else {})}

    def list_routes(self) -> list[Route]:
        """Return the routes of the API."""
        made: dict[str, Make] = {
            "/api/stats": answers.read_stats,
            "/api/search": answers.search,
            "/api/thing": answers.read_thing,
            "/api/documents": answers.read_documents,
            "/api/document": answers.read_document,
            "/api/reports": answers.list_reports,
            "/api/reports/{name}": answers.read_report,
            "/reconcile/suggest": reconcile.suggest_entities,
        }
        routes = [Route(path, self._make_endpoint(make), methods=["GET", "OPTIONS"]) for path, make in made.items()]
        return [
            Route("/api/openapi.json", self._give_description, methods=["GET", "OPTIONS"]),
            Route("/reconcile", self._reconcile, methods=["GET", "POST", "OPTIONS"]),
            Route("/void", self._make_located(dataset.give_dataset), methods=["GET", "OPTIONS"]),
            Route("/.well-known/void", self._redirect, methods=["GET"]),
            Route("/feed.atom", self._make_located(feed.give_feed), methods=["GET", "OPTIONS"]),
            *routes,
        ]

    def _make_endpoint(self, make: Make) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if request.method == "OPTIONS":
                return Response(None, 204, self._headers)
            return await self._answer(request, make)

        return answer

    async def _answer(self, request: Request, make: Make) -> Response:
        try:
            page = await run_sync(self._site.make_page, request)
            found = await run_sync(make, page)
        except KgError as error:
            return JSONResponse({"error": {"zh": error.zh, "en": error.en}}, get_status(error), self._headers)
        if isinstance(found, Response):
            found.headers.update(self._headers)
            return found
        return JSONResponse(found, headers=self._headers)

    def _make_located(self, make: Callable[[PageRequest, str], Response]) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint of an answer that has addresses of this server in it."""

        async def answer(request: Request) -> Response:
            if request.method == "OPTIONS":
                return Response(None, 204, self._headers)
            return await self._answer(request, lambda page: make(page, find_address(request, self._base_url)))

        return answer

    async def _redirect(self, request: Request) -> Response:
        return RedirectResponse("/void", 303)

    async def _give_description(self, request: Request) -> Response:
        return Response(_DESCRIPTION.read_bytes(), media_type="application/json", headers=self._headers)

    async def _reconcile(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(None, 204, self._headers)
        try:
            queries = await _read_queries(request)
        except KgError as error:
            return JSONResponse({"error": {"zh": error.zh, "en": error.en}}, get_status(error), self._headers)
        if queries is None:
            return await self._answer(
                request, lambda page: reconcile.describe_service(page, find_address(request, self._base_url))
            )
        return await self._answer(request, lambda page: reconcile.answer_queries(page, queries))


async def _read_queries(request: Request) -> str | None:
    """Return the parameter ``queries`` of the address or of a form; None if it is not given."""
    if request.method != "POST":
        return request.query_params.get("queries")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise UsageError(f"Content-Type 应为 {FORM}", f"Content-Type must be {FORM}")
    try:
        fields = parse_qs((await read_body(request, _LARGEST)).decode("utf-8"), errors="strict")
    except ValueError as error:
        raise UsageError("表单不是 UTF-8", "the form is not UTF-8") from error
    return fields["queries"][0] if "queries" in fields else None
