"""A SPARQL 1.1 server: Query, Update and Graph Store Protocol over HTTP, with authentication, batches and retries.

All requests may be sent again: a graph is put as a whole, and what is added or removed is named in full.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import Request, build_opener

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from kg.errors import StoreError
from kg.store.accounts import PASSWORD, TOKEN, USER, Account

UPDATE, GRAPHS = "KG_STORE_UPDATE", "KG_STORE_GRAPHS"
_SECONDS = 300
_ATTEMPTS = 5
_PAUSE = 0.25
"""Seconds before the second attempt; doubled before each further one."""
_BATCH = 400
"""Statements in one update."""
_POST_BATCH = 20_000
"""Statements in one request that adds to a graph."""
_FORM = "application/x-www-form-urlencoded"
_RESULTS = "application/sparql-results+json"
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class Endpoint:
    """A server, by the address of its queries.

    Attributes:
        url: the address.
        is_virtuoso: whether it is Virtuoso, which has no default graph of its own.
    """

    def __init__(self, url: str) -> None:
        """Find out the other addresses, and whether the server answers.

        Raises:
            StoreError: it does not.
        """
        parts = urlsplit(url)
        self.url = url if parts.path not in ("", "/") else urlunsplit(parts._replace(path="/query"))
        self._account = Account(urlunsplit(parts._replace(path="/", query="")))
        self._opener = build_opener()
        _, headers = self._send(self.url, urlencode({"query": "ASK {}"}).encode(), accept=_RESULTS)
        self.is_virtuoso = "virtuoso" in headers.get("server", "").lower()
        head, _, last = self.url.rpartition("/")
        if self.is_virtuoso:
            more = "-auth" if os.environ.get(USER) else ""
            update, graphs = f"{head}/sparql{more}", f"{head}/sparql-graph-crud{more}"
        else:
            update, graphs = (f"{head}/update", f"{head}/store") if last == "query" else (self.url, f"{head}/data")
        self._update = os.environ.get(UPDATE) or update
        self._graphs = os.environ.get(GRAPHS) or graphs

    def ask(self, sparql: str, parameters: Iterable[tuple[str, str]] = ()) -> tuple[bytes, str]:
        """Return the answer to a query, as JSON or as N-Triples, with its media type.

        Raises:
            StoreError: the server does not answer, or gives only some of the rows.
            SyntaxError: it refuses the query.
        """
        data = urlencode([("query", sparql), *parameters]).encode("ascii")
        body, headers = self._send(self.url, data, accept=f"{_RESULTS}, application/n-triples;q=0.9")
        if limit := headers.get("x-sparql-maxrows"):
            raise StoreError(
                f"{self.url}：服务器只给前 {limit} 行；请调高它的限制（Virtuoso：ResultSetMaxRows）",
                f"{self.url}: the server gives only {limit} rows; raise its limit (Virtuoso: ResultSetMaxRows)",
            )
        return body, headers.get("content-type", "")

    def read_graph(self, graph: str) -> list[Quad]:
        """Return the quads of a named graph; an empty name stands for the default graph."""
        try:
            body, _ = self._send(self._name(graph), None, accept="application/n-triples, text/plain;q=0.5")
        except FileNotFoundError:
            return []
        found = parse(body, format=RdfFormat.N_TRIPLES)
        name = NamedNode(graph) if graph else None
        return [Quad(q.subject, q.predicate, q.object, name) for q in found]

    def put_graph(self, graph: str, quads: Iterable[Quad]) -> None:
        """Replace a graph as a whole."""
        self._send(self._name(graph), _serialize(quads), method="PUT", kind="text/turtle")

    def add_to_graph(self, graph: str, quads: Iterable[Quad]) -> None:
        """Add quads to a graph."""
        listed = list(quads)
        for begin in range(0, len(listed), _POST_BATCH):
            data = _serialize(listed[begin : begin + _POST_BATCH])
            self._send(self._name(graph), data, method="POST", kind="text/turtle")

    def take_from_graph(self, graph: str, quads: Iterable[Quad]) -> None:
        """Remove quads from a graph."""
        listed = list(quads)
        for begin in range(0, len(listed), _BATCH):
            data = _serialize(listed[begin : begin + _BATCH]).decode("utf-8")
            inside = f"GRAPH <{graph}> {{\n{data}}}" if graph else data
            text = urlencode({"update": f"DELETE DATA {{\n{inside}}}"}).encode("ascii")
            self._send(self._update, text)

    def copy_graph(self, source: str, target: str) -> None:
        """Add to the graph *target* what the graph *source* has."""
        self._update_by_graph("INSERT", source, target)

    def subtract_graph(self, source: str, target: str) -> None:
        """Take from the graph *target* what the graph *source* has."""
        self._update_by_graph("DELETE", source, target)

    def _update_by_graph(self, verb: str, source: str, target: str) -> None:
        triple = "?s ?p ?o"
        inside = f"GRAPH <{target}> {{ {triple} }}" if target else triple
        text = f"{verb} {{ {inside} }} WHERE {{ GRAPH <{source}> {{ {triple} }} }}"
        self._send(self._update, urlencode({"update": text}).encode("ascii"))

    def drop_graph(self, graph: str) -> None:
        """Remove a graph; nothing happens if there is none."""
        try:
            self._send(self._name(graph), None, method="DELETE")
        except FileNotFoundError:
            return

    def _name(self, graph: str) -> str:
        """Return the address of a graph."""
        key = "graph-uri" if self.is_virtuoso else "graph"
        return f"{self._graphs}?{urlencode({key: graph}) if graph else 'default'}"

    def _send(
        self, url: str, data: bytes | None, *, method: str = "", accept: str = "*/*", kind: str = _FORM
    ) -> tuple[bytes, dict[str, str]]:
        """Send a request, again if the server is busy, and return the answer with its headers in lower case."""
        headers = {"Accept": accept, **({"Content-Type": kind} if data is not None else {})}
        request = Request(url, data, headers, method=method or ("GET" if data is None else "POST"))
        for attempt in range(_ATTEMPTS):
            try:
                return self._send_once(request)
            except HTTPError as error:
                why = error.read(2000).decode("utf-8", "replace").strip()[:300]
                if error.code == 404:
                    raise FileNotFoundError(url) from error
                if error.code == 400 and kind == _FORM:
                    raise SyntaxError(why) from error
                if error.code not in _AGAIN or attempt == _ATTEMPTS - 1:
                    raise self._make_error(f"HTTP {error.code} {why}") from error
            except (URLError, HTTPException, OSError, ValueError) as error:
                if attempt == _ATTEMPTS - 1:
                    raise self._make_error(str(getattr(error, "reason", "") or error)) from error
            time.sleep(_PAUSE * 2**attempt)
        raise AssertionError  # the last attempt returns or raises

    def _send_once(self, request: Request) -> tuple[bytes, dict[str, str]]:
        """Send a request; again with the account if the server asks for it."""
        self._account.sign(request)
        try:
            response = self._opener.open(request, timeout=_SECONDS)
        except HTTPError as error:
            if error.code != 401 or not self._account.learn(error.headers):
                raise
            error.close()
            self._account.sign(request)
            response = self._opener.open(request, timeout=_SECONDS)
        with response:
            return response.read(), {key.lower(): value for key, value in response.headers.items()}

    def _make_error(self, why: str) -> StoreError:
        why = " ".join(why.split())
        return StoreError(
            f"{self.url}：服务器不应答或拒绝（{why}）；已写入的都保留，重新运行同一命令即可继续。"
            f"账号放在环境变量 {USER}、{PASSWORD} 或 {TOKEN} 里",
            f"{self.url}: the server does not answer or refuses ({why}); what was written is kept: run the same "
            f"command again to go on. Accounts are read from the environment: {USER}, {PASSWORD} or {TOKEN}",
        )


def is_address(store: str | os.PathLike[str]) -> bool:
    """Return whether a store is behind an address of the web."""
    return os.fspath(store).lower().startswith(("http://", "https://"))


def name_folder(store: str | os.PathLike[str]) -> str:
    """Return the folder of a store; for an address, a name like it in the working folder."""
    return re.sub(r"[^\w.-]+", "-", os.fspath(store)).strip("-") if is_address(store) else os.fspath(store)


def _serialize(quads: Iterable[Quad]) -> bytes:
    return serialize((q.triple for q in quads), format=RdfFormat.N_TRIPLES) or b""
