"""A copy of the graphs of another SPARQL 1.1 endpoint, fetched again from time to time, and served like a store."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from kg.errors import StoreError, UsageError
from kg.store.store import Store
from ontology.terms import PK

_SECONDS = 120
"""How long an answer of the endpoint may take."""
_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
_DEFAULT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_SOURCE = f"SELECT ?g WHERE {{ GRAPH ?g {{ ?g <{PK}sourcePath> ?path }} }} LIMIT 1"
_MARK = "/source/"
"""What follows the beginning of IRIs in the name of the graph of a source."""
_LOG = logging.getLogger("kg.serve")


class RemoteStore:
    """A store in a temporary folder with the graphs of an endpoint.

    Attributes:
        path: the folder of the store.
    """

    def __init__(self, url: str, seconds: float) -> None:
        """Fetch all graphs.

        Args:
            url: the address of the endpoint.
            seconds: how long to wait until they are fetched again.

        Raises:
            UsageError: this is not an address of the web.
            StoreError: the endpoint does not answer, or not as the SPARQL 1.1 Protocol says.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise UsageError(
                f"--endpoint {url}：应为 http 或 https 地址", f"--endpoint {url}: must begin with http or https"
            )
        self._url, self._seconds = url, seconds
        self._room = Path(tempfile.mkdtemp(prefix="kg-endpoint-"))
        self.path = self._room / "store"
        self._ended = threading.Event()
        try:
            self.fetch()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Fetch the graphs again and again, in a thread."""
        threading.Thread(target=self._watch, daemon=True).start()

    def close(self) -> None:
        """Stop fetching, and remove the copy."""
        self._ended.set()
        shutil.rmtree(self._room, ignore_errors=True)

    def fetch(self) -> int:
        """Fetch all graphs, write what has changed, and return the number of graphs that changed.

        Raises:
            StoreError: the endpoint does not answer; the copy stays as it was.
        """
        base = self._find_base()
        names = self._select(_GRAPHS)
        found = {name: set(self._construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}", name))
                 for name in names}  # fmt: skip
        with Store(self.path, write=True, base=base or None) as store:
            if not names:  # an endpoint with one graph only
                own = f"{store.base}source/endpoint"
                found[own] = set(self._construct(_DEFAULT, own))
            changed = sum(store.replace_graph(name, quads) for name, quads in sorted(found.items()))
            for name in set(store.list_graphs(links=True, builds=True)) - set(found):
                store.remove_graph(name)
                changed += 1
            store.flush()
        return changed

    def _watch(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self.fetch()
            except StoreError as error:
                _LOG.warning(json.dumps({"event": "endpoint", "error": error.en}))

    def _find_base(self) -> str:
        """Return what the IRIs of the endpoint's things begin with; empty if it has no source of this project."""
        name = next(iter(self._select(_SOURCE)), "")
        return name[: name.index(_MARK) + 1] if _MARK in name else ""

    def _select(self, query: str) -> list[str]:
        """Return the values of ?g."""
        try:
            rows = json.loads(self._ask(query, "application/sparql-results+json"))["results"]["bindings"]
            return sorted(row["g"]["value"] for row in rows if row["g"]["type"] == "uri")
        except (ValueError, KeyError, TypeError) as error:
            raise self._make_error("no SPARQL results as JSON") from error

    def _construct(self, query: str, graph: str) -> Iterator[Quad]:
        """Yield the triples of a query as quads of *graph*."""
        name = NamedNode(graph)
        try:
            for quad in parse(self._ask(query, "application/n-triples"), format=RdfFormat.N_TRIPLES):
                if isinstance(quad.graph_name, DefaultGraph):
                    yield Quad(quad.subject, quad.predicate, quad.object, name)
        except (ValueError, SyntaxError) as error:
            raise self._make_error(str(error)) from error

    def _ask(self, query: str, accept: str) -> bytes:
        data = urlencode({"query": query}).encode("ascii")
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            with build_opener(_SameScheme).open(Request(self._url, data, headers), timeout=_SECONDS) as response:
                found: bytes = response.read()
                return found
        except (URLError, OSError, ValueError) as error:
            raise self._make_error(str(getattr(error, "reason", "") or error)) from error

    def _make_error(self, why: str) -> StoreError:
        return StoreError(
            f"--endpoint {self._url}：读不到（{why}）；请确认是 SPARQL 1.1 查询地址",
            f"--endpoint {self._url}: cannot be read ({why}); check that it is the address of a SPARQL 1.1 endpoint",
        )


class _SameScheme(HTTPRedirectHandler):
    """Follows redirects to addresses of the web only."""

    def redirect_request(self, *given: Any) -> Request | None:
        if urlsplit(str(given[-1])).scheme not in ("http", "https"):
            raise URLError("redirected to an address that is not one of the web")
        return super().redirect_request(*given)
