"""Requests of the SPARQL 1.1 Protocol and the Graph Store Protocol, read into plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import anyio
from pyoxigraph import NamedNode
from starlette.requests import Request

from kg.errors import UsageError
from kg.graph.query import QueryDataset
from kg.serve.errors import RequestProblem

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_MOST_FIELDS = 1000
BODY_SECONDS = 60.0
"""How long the body of a request may take to arrive."""
_ALLOWED = {"Allow": "GET, HEAD, POST, OPTIONS"}
_READ_ONLY = {"Allow": "GET, HEAD, OPTIONS"}


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query as a client sends it."""

    sparql: str
    dataset: QueryDataset


async def read_query_request(request: Request, most: int) -> QueryRequest | None:
    """Return the query of a request; None if it has none and asks for the description of the service.

    Args:
        request: the request.
        most: bytes that it may have.

    Raises:
        RequestProblem: it is malformed, too large, or an update.
    """
    raw = request.scope.get("query_string", b"")
    if len(raw) > most:
        raise RequestProblem(414, f"地址超过 {most} 字节", f"the address has more than {most} bytes")
    fields = _parse_fields(raw)
    if request.method in ("GET", "HEAD"):
        return _make_request(fields) if fields else None
    if request.method != "POST":
        raise RequestProblem(405, "只接受 GET 和 POST", "only GET and POST are allowed", _ALLOWED)
    kind, parameters = _read_content_type(request)
    if kind == UPDATE:
        raise _make_update_problem()
    if kind not in (FORM, QUERY):
        raise RequestProblem(415, f"Content-Type 应为 {FORM} 或 {QUERY}", f"Content-Type must be {FORM} or {QUERY}")
    charset = parameters.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise RequestProblem(415, "字符编码应为 UTF-8", "the charset must be UTF-8")
    body = await read_body(request, most)
    if kind == FORM:
        return _make_request([*fields, *_parse_fields(body)])
    return _make_request([*fields, ("query", _decode(body))])


async def read_body(request: Request, most: int) -> bytes:
    """Return the body of a request.

    Raises:
        RequestProblem: it has more than *most* bytes, or does not arrive in time.
    """
    problem = RequestProblem(413, f"请求超过 {most} 字节", f"the request has more than {most} bytes")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise problem
    body = bytearray()
    with anyio.move_on_after(BODY_SECONDS) as waiting:
        async for data in request.stream():
            body += data
            if len(body) > most:
                raise problem
    if waiting.cancelled_caught:
        raise RequestProblem(
            408,
            f"请求没有在 {BODY_SECONDS:g} 秒内发完",
            f"the request did not arrive within {BODY_SECONDS:g} s",
            {"Connection": "close"},
        )
    return bytes(body)


def parse_json(data: str | bytes) -> Any:
    """Return the value of a JSON text that a client sent.

    Raises:
        UsageError: it is not JSON, is nested too deeply, or has half of a surrogate pair, which no answer can repeat.
    """
    try:
        found = json.loads(data)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise UsageError("请求不是 JSON，或嵌套太深", "the request is not JSON, or is nested too deeply") from error
    return found


def read_graph_request(request: Request) -> str:
    """Return the IRI of the graph that a request of the Graph Store Protocol names; empty for the default graph.

    Raises:
        RequestProblem: it is malformed, or would change the graph.
    """
    if request.method not in ("GET", "HEAD"):
        raise RequestProblem(405, "这里只能读取", "the graphs can only be read", _READ_ONLY)
    fields = _parse_fields(request.scope.get("query_string", b""))
    names = [value for name, value in fields if name == "graph"]
    default = [value for name, value in fields if name == "default"]
    if len(names) + len(default) != 1 or any(default):
        raise RequestProblem(400, "请写 ?default 或一个 ?graph=IRI", "give either ?default or one ?graph=IRI")
    return _check_iri(names[0]) if names else ""


def _make_request(fields: list[tuple[str, str]]) -> QueryRequest:
    if any(name == "update" for name, _ in fields):
        raise _make_update_problem()
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        raise RequestProblem(400, "参数 query 应恰好有一个", "there must be exactly one parameter query")
    default = tuple(_check_iri(value) for name, value in fields if name == "default-graph-uri")
    named = tuple(_check_iri(value) for name, value in fields if name == "named-graph-uri")
    if not default and not named:
        return QueryRequest(queries[0], QueryDataset())
    return QueryRequest(queries[0], QueryDataset(default, named))


def _parse_fields(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            data.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict",
            max_num_fields=_MOST_FIELDS,
        )  # fmt: skip
    except UnicodeDecodeError as error:
        raise RequestProblem(400, "参数不是 UTF-8", "the parameters are not UTF-8") from error
    except ValueError as error:
        raise RequestProblem(400, "参数太多", "there are too many parameters") from error


def _read_content_type(request: Request) -> tuple[str, dict[str, str]]:
    kind, *parts = (part.strip() for part in request.headers.get("content-type", "").split(";"))
    pairs = (part.partition("=") for part in parts)
    return kind.lower(), {name.strip().lower(): value.strip(' "') for name, _, value in pairs}


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestProblem(400, "查询不是 UTF-8", "the query is not UTF-8") from error


def _check_iri(text: str) -> str:
    try:
        return NamedNode(text).value
    except ValueError as error:
        shown = text[:100]
        raise RequestProblem(400, f"{shown}：不是完整的 IRI", f"{shown}: not an absolute IRI") from error


def _make_update_problem() -> RequestProblem:
    return RequestProblem(
        403,
        "只能查询：这里不能用 SPARQL 修改图谱",
        "only queries are allowed: the graph cannot be changed with SPARQL here",
    )
