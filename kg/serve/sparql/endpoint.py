"""The addresses of programs: ``/sparql`` (SPARQL 1.1 Protocol) and ``/graphs`` (Graph Store Protocol), for reading."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import anyio
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.errors import KgError
from kg.serve.cache import BoundedCache
from kg.serve.errors import RequestProblem, make_problem_response
from kg.serve.known import keep_answer
from kg.serve.metrics import Metrics
from kg.serve.negotiation import find_address
from kg.serve.snapshot import StoreCopies
from kg.serve.sparql import work
from kg.serve.sparql.description import describe_service
from kg.serve.sparql.pool import QueryPool
from kg.serve.sparql.protocol import read_graph_request, read_query_request

Task = tuple[Callable[..., Any], work.QueryTask | work.GraphTask]
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
_PLAIN = {"Vary": "Accept", "X-Content-Type-Options": "nosniff"}
RESULT_HEADERS = {**_PLAIN, **CORS}
"""Headers of each result that scripts of other sites may read, besides its type."""


@dataclass(frozen=True, slots=True)
class EndpointOptions:
    """How the addresses of programs are offered."""

    base_url: str = ""
    """The address of the server for others; empty: that of each request."""
    is_open: bool = True
    """Whether scripts of other sites may read results."""


_CACHE, _LARGEST = 32_000_000, 128_000
"""Bytes of the results that are kept for the next who asks, of all together and of one."""


class ProtocolEndpoint:
    """An ASGI application that answers one kind of request with a result of a query process."""

    _allowed = "GET, HEAD, POST, OPTIONS"

    def __init__(self, copies: StoreCopies, pool: QueryPool, metrics: Metrics, options: EndpointOptions) -> None:
        self._copies, self._pool, self._metrics, self._options = copies, pool, metrics, options
        self._cors = CORS if options.is_open else {}
        self._cache: BoundedCache[work.ResultPiece] = BoundedCache(_CACHE, _LARGEST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        began = time.monotonic()
        outcome = "error"
        try:
            if request.method == "OPTIONS":
                await Response(None, 204, {**self._cors, "Allow": self._allowed})(scope, receive, send)
                outcome = "options"
                return
            outcome = await self._answer(request, send)
        except KgError as error:
            response = make_problem_response(error)
            response.headers.update(self._cors)
            await response(scope, receive, send)
            outcome = f"{response.status_code}"
        finally:
            self._metrics.count_query(outcome, time.monotonic() - began)

    async def _answer(self, request: Request, send: Send) -> str:
        task = await self._read_task(request)
        if isinstance(task, Response):
            task.headers.update(self._cors)
            await task(request.scope, request.receive, send)
            return "description"
        answer = _Answer(self._pool, request, send, self._cors)
        known = self._cache.get(task[1])
        if known is not None:
            keep_answer(request.scope)
            return await answer.send_known(known)
        outcome = await answer.send_result(task)
        if answer.whole is not None:
            self._cache.put(task[1], answer.whole, len(answer.whole.data) + len(str(task[1])) + 1_000)
            keep_answer(request.scope)
        return outcome

    async def _read_task(self, request: Request) -> Task | Response:
        raise NotImplementedError

    def _get_accept(self, request: Request) -> str:
        return ", ".join(request.headers.getlist("accept"))


class SparqlEndpoint(ProtocolEndpoint):
    """``/sparql``."""

    async def _read_task(self, request: Request) -> Task | Response:
        limits = self._pool.limits
        query = await read_query_request(request, limits.request_size)
        if query is None:
            address = find_address(request, self._options.base_url)
            return describe_service(f"{address}/sparql", self._get_accept(request))
        folder = str(self._copies.path)
        return work.begin_query, work.QueryTask(
            folder, query.sparql, query.dataset, self._get_accept(request), limits.rows, limits.size
        )


class GraphEndpoint(ProtocolEndpoint):
    """``/graphs``: ``?default`` or ``?graph=IRI``."""

    _allowed = "GET, HEAD, OPTIONS"

    async def _read_task(self, request: Request) -> Task | Response:
        limits = self._pool.limits
        graph = read_graph_request(request)
        task = work.GraphTask(
            str(self._copies.path), graph, self._get_accept(request), limits.rows, limits.size
        )  # fmt: skip
        return work.begin_graph, task


class _Answer:
    """The sending of one result, piece by piece, until it ends, its client goes away, or it takes too long."""

    def __init__(self, pool: QueryPool, request: Request, send: Send, headers: Mapping[str, str]) -> None:
        self._pool, self._request, self._send, self._headers = pool, request, send, headers
        self._started = False
        self._outcome = "gone"
        self.whole: work.ResultPiece | None = None
        """The result, if it was one piece."""

    async def send_known(self, piece: work.ResultPiece) -> str:
        """Send a result that is one piece and known."""
        await self._send_piece(piece)
        return self._outcome

    async def send_result(self, task: Task) -> str:
        """Send the result of *task*, and return how it ended.

        Raises:
            KgError: there is no result, and nothing has been sent.
        """
        failure: KgError | None = None
        async with anyio.create_task_group() as group:
            group.start_soon(self._watch, group.cancel_scope)
            with anyio.move_on_after(self._pool.limits.total_seconds) as total:
                try:
                    await self._send_pieces(task)
                except KgError as error:
                    failure = error
            if total.cancelled_caught:
                self._outcome = "slow"
            group.cancel_scope.cancel()
        if failure is None:
            return self._outcome
        if not self._started:
            raise failure
        # The response has begun. It is left without its end, so that no client takes it for whole.
        return "cut"

    async def _send_pieces(self, task: Task) -> None:
        async with aclosing(self._read_pieces(task)) as pieces:
            async for piece in pieces:
                await self._send_piece(piece)

    async def _read_pieces(self, task: Task) -> AsyncGenerator[work.ResultPiece, None]:
        async with self._pool.borrow() as process:
            piece = await process.begin(*task)
            if piece is None:
                raise RequestProblem(404, "库里没有这个图", "there is no such graph")
            self.whole = piece if piece.last else None
            yield piece
            while not piece.last and self._request.method != "HEAD":
                piece = await process.read()
                yield piece

    async def _send_piece(self, piece: work.ResultPiece) -> None:
        with anyio.fail_after(self._pool.limits.send_seconds):
            if not self._started:
                await self._send(self._make_start(piece))
                self._started = True
            head = self._request.method == "HEAD"
            body = b"" if head else piece.data
            if piece.last or head:
                self._outcome = "200"  # the server tells of the client's end as soon as this piece is sent
            await self._send({"type": "http.response.body", "body": body, "more_body": not (piece.last or head)})

    def _make_start(self, piece: work.ResultPiece) -> dict[str, Any]:
        headers = MutableHeaders({"Content-Type": piece.content_type, **_PLAIN, **self._headers})
        if piece.last:
            headers["Content-Length"] = str(len(piece.data))
        return {"type": "http.response.start", "status": 200, "headers": headers.raw}

    async def _watch(self, scope: anyio.CancelScope) -> None:
        """Cancel the answer when the client goes away."""
        while True:
            message = await self._request.receive()
            if message["type"] == "http.disconnect":
                scope.cancel()
                return
