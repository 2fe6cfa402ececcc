"""Addresses are fetched politely, from public hosts only, in bounds; a real server on this machine answers."""

from __future__ import annotations

import contextlib
import gzip
import io
import socket
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg import read
from kg.ingest.build import build
from kg.read.values import Limits, ReadError
from kg.read.web import fetch as web
from tests.support.format_files import REPLY, docx, paragraph, portal

PAGES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private/\nCrawl-delay: 2\n"),
    "/答复.html": (200, {"Content-Type": "text/html; charset=gbk"}, portal(charset="gbk").encode("gbk")),
    "/view": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(portal().encode())),
    "/file.docx": (200, {"Content-Type": "application/octet-stream"}, docx(paragraph("正文在此。"))),
    "/private/a.html": (200, {}, b"x"),
    "/moved": (302, {"Location": "/view"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/to-lan": (302, {"Location": "http://10.1.2.3/"}, b""),
    "/big": (200, {"Content-Type": "text/html"}, b"a" * 300_000),
    "/packed": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * (80 << 20))),
}


class Handler(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        from urllib.parse import unquote

        path = unquote(self.path)
        self.asked.append(path)
        status, headers, body = PAGES.get(path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Handler.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Clock:
    """Time that passes by being waited for."""

    def __init__(self) -> None:
        self.now, self.waits = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


def client(limits: Limits | None = None, private: bool = True) -> tuple[web.WebClient, Clock]:
    clock = Clock()
    return web.WebClient(limits or Limits(), private, clock.sleep, clock), clock


def test_an_address_is_a_source_with_its_address(site: str, tmp_path: Path) -> None:
    report = build(f"{site}/答复.html", tmp_path / "s", allow_private=True)
    assert [b.source for b in report.built] == [f"{site.removeprefix('http://')}/答复.html"]
    found = client()[0].fetch_page(f"{site}/答复.html")
    source = read.load_document(found).source
    assert source.text.splitlines()[-6:] == list(REPLY)
    assert source.path == f"{site}/答复.html" and source.media_type == "text/html"


@pytest.mark.parametrize(("path", "words"), [("/view", REPLY[3]), ("/moved", REPLY[3]), ("/file.docx", "正文在此。")])
def test_what_the_answer_is_decides_how_it_is_read(site: str, path: str, words: str) -> None:
    assert words in read.load_document(client()[0].fetch_page(site + path)).source.text


def test_robots_are_asked_once_and_minded(site: str) -> None:
    c, clock = client()
    c.fetch_page(f"{site}/view")
    c.fetch_page(f"{site}/view")
    with pytest.raises(ReadError, match=r"robots\.txt"):
        c.fetch_page(f"{site}/private/a.html")
    assert Handler.asked == ["/robots.txt", "/view", "/view"]
    assert clock.waits == [2.0]


def test_private_networks_are_refused_unless_allowed(site: str) -> None:
    c, _ = client(private=False)
    for address in (site, "http://localhost/", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/", "http://0/",
                    "http://[::ffff:192.168.1.1]/", "http://2130706433/"):  # fmt: skip
        with pytest.raises(ReadError) as caught:
            c.fetch_page(address)
        assert "内网" in caught.value.zh or "找不到主机" in caught.value.zh
    assert Handler.asked == []


def test_redirects_are_checked_like_the_first_address(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    c, _ = client(private=False)
    # the test's own server counts as public; nothing else of this machine does
    monkeypatch.setattr(web, "_is_public", lambda ip: ip == "127.0.0.1")
    for path, says in (("/to-lan", "内网"), ("/to-file", "不是 http"), ("/loop", "转跳过多")):
        with pytest.raises(ReadError) as caught:
            c.fetch_page(site + path)
        assert says in caught.value.zh


def test_size_and_time_are_bounded(site: str) -> None:
    with pytest.raises(ReadError, match="too large"):
        client(Limits(file_bytes=100_000))[0].fetch_page(f"{site}/big")
    with pytest.raises(ReadError, match="too large"):
        client()[0].fetch_page(f"{site}/packed")
    c, clock = client(Limits(seconds=5))
    c.clock = lambda: (setattr(clock, "now", clock.now + 3), clock.now)[1]
    with pytest.raises(ReadError, match="given up"):
        c.fetch_page(f"{site}/big")


@pytest.mark.parametrize("address", ["http://", "https://u:p@example.org/", "http://exa mple:99999/", "ftp://x/"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(ReadError):
        client()[0].fetch_page(address)


def test_a_page_that_is_not_there_is_reported_and_the_rest_is_built(site: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(REPLY), encoding="utf-8")
    report = build([f"{site}/none", tmp_path / "a.txt", "http://10.0.0.1/"], tmp_path / "s")
    assert [b.source for b in report.built] == ["a.txt"]
    assert len(report.failed) == 2 and all("内网" in f.error.zh for f in report.failed)


@pytest.mark.parametrize(
    ("data", "ident"), [("\n".join(REPLY).encode("gb18030"), "stdin.txt"), (portal().encode(), "stdin.html")]
)
def test_standard_input_is_a_source(data: bytes, ident: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    (found,) = read.find_sources(["-"]).files
    assert found.id == ident
    assert read.load_document(found).source.text.splitlines()[-6:] == list(REPLY)


# deadlines, redirects, addresses that lead to private ones


@pytest.fixture
def slow_site() -> Iterator[str]:
    """A host that sends a header without end, a byte at a time."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not ended.wait(0.02):
                connection.sendall(b"a")

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/a"
    ended.set()
    listener.close()


def test_a_host_that_sends_its_header_slowly_is_given_up(slow_site: str) -> None:
    with pytest.raises(ReadError, match=r"given up after 0\.3 seconds for the whole fetch"):
        web.WebClient(Limits(seconds=0.3), allow_private=True).fetch_page(slow_site)


def test_a_slow_search_for_the_host_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(web.socket, "getaddrinfo", lambda *_, **__: [ended.wait(30)][1:])
    with pytest.raises(ReadError, match="whole fetch"):
        web.WebClient(Limits(seconds=0.1)).fetch_page("http://example.invalid/")
    ended.set()


@pytest.mark.parametrize("location", ["http://[::1", "http://[bad]/x", "//[", "http://exa mple:99999/"])
def test_a_redirect_to_a_malformed_address_is_an_error_in_one_line(
    site: str, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PAGES, "/to-broken", (302, {"Location": location}, b""))
    with pytest.raises(ReadError) as caught:
        client()[0].fetch_page(f"{site}/to-broken")
    assert "\n" not in caught.value.zh


def test_a_redirect_may_be_written_in_utf_8(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    location = "/答复.html".encode().decode("latin-1")
    monkeypatch.setitem(PAGES, "/to-reply", (302, {"Location": location}, b""))
    assert REPLY[3] in read.load_document(client()[0].fetch_page(f"{site}/to-reply")).source.text


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("64:ff9b::10.0.0.1", False), ("64:ff9b::169.254.169.254", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b::8.8.8.8", True), ("64:ff9b:1::808:808", False), ("::127.0.0.1", False), ("::ffff:10.0.0.1", False),
        ("2002:a00:1::", False), ("2001:4860:4860::8888", True), ("8.8.8.8", True), ("fe80::1%eth0", False),
    ],
)  # fmt: skip
def test_addresses_that_lead_to_private_ones_are_private(address: str, public: bool) -> None:
    assert web._is_public(address) is public
