"""Publishing: each page is asked of the site itself, and its links become links to files."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from kg.errors import UsageError
from kg.graph.query import list_named_queries
from kg.graph.view import NODE_CLASSES
from kg.serve.app import Server, make_app
from kg.serve.publish.index import make_index_script, read_pinyin_script
from kg.serve.publish.paths import REPORT_FORMATS, TextPlaces, find_file, rewrite_links
from kg.serve.settings import QueryLimits, ServeSettings
from kg.serve.site.state import SiteState
from kg.serve.site.texts import SiteTexts
from kg.serve.site.tools import list_ready_reports
from kg.store.serialize import serialize_store
from ontology.terms import RULE_CLASSES
from viz.page import MAX_NODES

_STATIC = ("site.css", "report.css", "site.js", "scheme.js", "facts.js", "static-search.js")
_DUMPS = {"data.ttl": "turtle", "data.nq": "nquads"}
_MARK = "kg-published.txt"
"""A file that says that a folder was published, and may be written over."""
PublishProgress = Callable[[int, int], None]


def publish_store(store: Path, output: Path, lang: str, progress: PublishProgress | None = None) -> int:
    """Write the site of a store to a folder, completely or not at all, and return the number of files.

    Args:
        store: the folder of the store.
        output: the folder to write; one that was published before is replaced.
        lang: language of the pages.
        progress: called with the number of pages written and of all pages.

    Raises:
        StoreError: there is no store.
        UsageError: the folder holds something else, or cannot be written.
    """
    if output.exists() and any(output.iterdir()) and not (output / _MARK).exists():
        raise UsageError(
            f"{output}：已有其他内容；请换一个文件夹", f"{output}: holds something else; choose another folder"
        )
    settings = ServeSettings(store, lang, limits=QueryLimits(seconds=600, at_once=1), is_static=True)
    server = Server(settings)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent) as room:
            target = Path(room) / "site"
            writer = _Publisher(server, target, lang, progress)
            # in a thread of its own: a notebook runs an event loop already
            with ThreadPoolExecutor(1) as threads:
                number = threads.submit(lambda: asyncio.run(writer.write())).result()
            target.chmod(0o755)
            if output.exists():
                shutil.rmtree(output)
            target.rename(output)
    except OSError as error:
        raise UsageError(
            f"{output}：写不了（{error.strerror}）", f"{output}: cannot be written ({error.strerror})"
        ) from error
    finally:
        server.close()
    return number


class _Publisher:
    def __init__(self, server: Server, target: Path, lang: str, progress: PublishProgress | None) -> None:
        self._app, self._states, self._target = make_app(server), server.site.states, target
        self._texts, self._progress = SiteTexts(lang), progress
        self._written = 0
        self._places = TextPlaces()

    async def write(self) -> int:
        state = self._states.get()
        addresses = list(dict.fromkeys(_list_addresses(state, self._texts.lang)))
        for number, address in enumerate(addresses, 1):
            await self._write_page(address)
            if self._progress:
                self._progress(number, len(addresses))
        for file in self._places.list_linking():
            path = self._target / file
            html = path.read_text(encoding="utf-8")
            path.write_text(self._places.settle(html, file), encoding="utf-8", newline="")
        self._write("search-index.js", make_index_script(state, self._texts))
        self._write("static/pinyin.js", read_pinyin_script())
        for name, form in _DUMPS.items():
            self._write(name, serialize_store(state.store, form))
        self._write(_MARK, "kg publish\n")
        return self._written

    async def _write_page(self, address: str) -> None:
        file = find_file(address)
        assert file is not None, address
        kind, data = await fetch(self._app, address)
        if kind.startswith("text/html") and not address.startswith("/graph"):
            html = rewrite_links(data.decode("utf-8"), file)
            self._places.note(file, html)
            self._write(file, html)
        else:
            self._write(file, data)

    def _write(self, file: str, content: str | bytes) -> None:
        path = self._target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
        self._written += 1


def _list_addresses(state: SiteState, lang: str) -> Iterator[str]:
    """Yield the addresses of all pages that are published."""
    yield from ("/", "/search", "/documents", "/reports", "/queries")
    yield from (f"/static/{name}" for name in _STATIC)
    for name, _, _ in list_ready_reports(lang):
        yield f"/reports/{name}"
        yield from (f"/reports/{name}?format={form}" for form in REPORT_FORMATS)
    yield from (f"/queries/{name}" for name in list_named_queries())
    yield from (state.addresses.document(source) for source in state.sources)
    things = state.view.find_by_class(*NODE_CLASSES, *RULE_CLASSES)
    for iri in things:
        page = state.addresses.thing(iri)
        yield page
        yield f"{page}{'&' if '?' in page else '?'}format=ttl"
    if len(things) <= MAX_NODES:
        yield "/graph"


async def fetch(app: Any, address: str) -> tuple[str, bytes]:
    """Return the media type and the body of a page that the application answers.

    Raises:
        RuntimeError: it does not answer with 200.
    """
    parts = urlsplit(address)
    path = parts.path
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": unquote(path), "raw_path": quote(path, safe="/%").encode("ascii"), "root_path": "",
        "query_string": parts.query.encode("ascii"), "server": ("localhost", 80),
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html,*/*")],
        "client": ("localhost", 1),
    }  # fmt: skip
    status, kind, body = 0, "", bytearray()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, kind
        if message["type"] == "http.response.start":
            status = message["status"]
            kind = dict(message["headers"]).get(b"content-type", b"").decode("ascii")
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    if status != 200:
        raise RuntimeError(f"{address}: {status}")
    return kind, bytes(body)
