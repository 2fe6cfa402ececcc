"""Fetch pages by address: politely (robots.txt, pauses), bounded in size and time, and from public hosts only.

One deadline holds for a whole fetch: looking up the host, robots.txt, pauses, redirects, headers and text.

A host is resolved once, all its IP addresses are checked, and the connection goes to an address that was checked. Each
redirect is checked in the same way.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.parse
import urllib.robotparser
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kg.read.formats import map_suffixes
from kg.read.found import FoundSource, make_size_error
from kg.read.values import Limits, ReadError

AGENT = "proposal-kg"
"""Name of this client in robots.txt."""
_PAUSE = 1.0
"""Seconds between two requests to one host."""
_MOST_PAUSE = 10.0
"""Largest number of seconds between two requests that a robots.txt can demand."""
_TIMEOUT = 15.0
"""Seconds without data after which a host is given up."""
_REDIRECTS = 5
_ROBOTS_BYTES = 512 << 10
_TYPES = "text/html,application/xhtml+xml,application/pdf,text/plain,*/*;q=0.5"
_DISALLOW_ALL = ("User-agent: *", "Disallow: /")
_TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
"""Addresses that lead to the IPv4 address in their last 32 bits: NAT64 (RFC 6052), IPv4-compatible (RFC 4291)."""
_LOCAL_TRANSLATED = ipaddress.IPv6Network("64:ff9b:1::/48")
"""NAT64 of a local network (RFC 8215): where such an address leads is not known."""
_REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """The response of a host."""

    status: int
    body: bytes
    content_type: str
    location: str
    """Target of a redirect."""


@dataclass(slots=True)
class _Host:
    """What is known about a host."""

    robots: urllib.robotparser.RobotFileParser
    pause: float
    last: float = float("-inf")
    """Time of the last request."""


@dataclass(slots=True)
class WebClient:
    """Fetches pages. One client is used for all requests, so that pauses and robots.txt apply to all of them."""

    limits: Limits
    allow_private: bool = False
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    hosts: dict[str, _Host] = field(default_factory=dict)

    def fetch_page(self, address: str) -> FoundSource:
        """Return the document at *address*.

        Raises:
            ReadError: not allowed, missing, too slow, too large, or at a private address.
        """
        deadline = self.clock() + self.limits.seconds
        current = address
        for _ in range(_REDIRECTS + 1):
            url = _parse_address(current)
            host = self._get_host(url, deadline)
            if not host.robots.can_fetch(AGENT, current):
                raise ReadError("网站的 robots.txt 不允许读取此页", "the site's robots.txt does not allow it")
            wait = host.last + host.pause - self.clock()
            if wait > 0:
                self.sleep(wait)
            if self.clock() > deadline:
                raise _make_timeout_error(self.limits)
            host.last = self.clock()
            response = self._request(url, deadline, self.limits.file_bytes)
            if response.status in _REDIRECT_CODES and response.location:
                current = _follow_redirect(current, response.location)
                continue
            if response.status != 200:
                raise ReadError(f"网站返回 {response.status}", f"the site answered {response.status}")
            return _make_source(address, current, response)
        raise ReadError(f"转跳过多（超过 {_REDIRECTS} 次）", f"too many redirects (more than {_REDIRECTS})")

    def _get_host(self, url: urllib.parse.SplitResult, deadline: float) -> _Host:
        key = f"{url.scheme}://{url.netloc}"
        if key not in self.hosts:
            robots = urllib.robotparser.RobotFileParser()
            response = self._fetch_robots(url, deadline)
            if response is None or response.status >= 500:
                robots.parse(_DISALLOW_ALL)  # RFC 9309 2.3.1.4: robots.txt is unreachable
            elif response.status == 200:
                robots.parse(response.body.decode("utf-8", "replace").splitlines())
            else:
                robots.parse([])  # RFC 9309 2.3.1.3: robots.txt is unavailable
            delay = robots.crawl_delay(AGENT)
            self.hosts[key] = _Host(robots, min(max(_PAUSE, float(delay or 0)), _MOST_PAUSE))
        return self.hosts[key]

    def _fetch_robots(self, url: urllib.parse.SplitResult, deadline: float) -> HttpResponse | None:
        """Return robots.txt, after redirects; None if there are too many."""
        current = urllib.parse.urlunsplit((url.scheme, url.netloc, "/robots.txt", "", ""))
        for _ in range(_REDIRECTS + 1):
            response = self._request(_parse_address(current), deadline, _ROBOTS_BYTES)
            if response.status not in _REDIRECT_CODES or not response.location:
                return response
            current = _follow_redirect(current, response.location)
        return None

    def _request(self, url: urllib.parse.SplitResult, deadline: float, most: int) -> HttpResponse:
        host = url.hostname or ""
        port = url.port or (443 if url.scheme == "https" else 80)
        ip = self._resolve_host(host, port, deadline)
        path = urllib.parse.urlunsplit(("", "", urllib.parse.quote(url.path or "/", "/%:@!$&'()*+,;=~"),
                                        urllib.parse.quote(url.query, "/%:@!$&'()*+,;=~?"), ""))  # fmt: skip
        connection = _PinnedConnection(host, port, ip, url.scheme == "https")
        # a socket's own timeout begins anew with each byte: a host that sends a header slowly would never be given up
        watch = threading.Timer(max(deadline - self.clock(), 0), connection.abort)
        watch.daemon = True
        watch.start()
        try:
            connection.request("GET", path, headers={
                "User-Agent": f"{AGENT}/1.0", "Accept": _TYPES, "Accept-Encoding": "gzip", "Connection": "close",
            })  # fmt: skip
            reply = connection.getresponse()
            body = self._read_body(reply, deadline, most)
            if connection.aborted:
                raise _make_timeout_error(self.limits)
            return HttpResponse(
                reply.status, body, reply.getheader("Content-Type") or "", reply.getheader("Location") or ""
            )
        except (OSError, ValueError, http.client.HTTPException) as error:
            if connection.aborted:
                raise _make_timeout_error(self.limits) from error
            raise _make_connection_error(host, error) from error
        finally:
            watch.cancel()
            connection.close()

    def _read_body(self, reply: http.client.HTTPResponse, deadline: float, most: int) -> bytes:
        packed = (reply.getheader("Content-Encoding") or "").lower() in ("gzip", "x-gzip")
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if packed else None
        out = bytearray()
        while True:
            if self.clock() > deadline:
                raise _make_timeout_error(self.limits)
            piece = reply.read1(1 << 16)
            if not piece:
                return bytes(out)
            try:
                out += unpack.decompress(piece, most + 1 - len(out)) if unpack else piece
            except zlib.error as error:
                raise ReadError("网站返回的数据损坏", "the site sent damaged data") from error
            if len(out) > most:
                raise make_size_error(self.limits)

    def _resolve_host(self, host: str, port: int, deadline: float) -> str:
        """Return an IP address of *host*.

        Raises:
            ReadError: there is none, one of them is private, or the resolver is too slow.
        """
        addresses: list[str] = []

        def resolve() -> None:
            with contextlib.suppress(OSError, UnicodeError):
                addresses.extend(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

        resolver = threading.Thread(target=resolve, daemon=True)
        resolver.start()
        resolver.join(max(deadline - self.clock(), 0))
        if resolver.is_alive():
            raise _make_timeout_error(self.limits)
        if not addresses:
            raise ReadError(f"找不到主机 {host}", f"no such host: {host}")
        if not self.allow_private:
            for ip in addresses:
                if not _is_public(ip):
                    raise ReadError(
                        f"{host} 在内网（{ip}），未读取；确需读取请加 --allow-private",
                        f"{host} is in a private network ({ip}); not read unless --allow-private is given",
                    )
        return addresses[0]


def fetch_page(address: str, limits: Limits, *, allow_private: bool = False) -> FoundSource:
    """Return the document at *address*; one client is used for all requests of this process.

    Raises:
        ReadError: see :meth:`WebClient.fetch_page`.
    """
    client = _clients.setdefault((limits, allow_private), WebClient(limits, allow_private))
    return client.fetch_page(address)


_clients: dict[tuple[Limits, bool], WebClient] = {}


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to a host at an IP address that was resolved before."""

    def __init__(self, host: str, port: int, ip: str, secure: bool) -> None:
        super().__init__(host, port, timeout=_TIMEOUT)
        self._ip, self._secure = ip, secure
        self.aborted = False
        """Whether the time for the whole fetch is over."""

    def connect(self) -> None:
        self.sock = socket.create_connection((self._ip, self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def abort(self) -> None:
        """End what waits for the host; called from another thread."""
        self.aborted = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _is_public(address: str) -> bool:
    """Return whether an address, and the IPv4 address that it leads to, can be reached by everybody."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = None
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if any(ip in network for network in _TRANSLATED):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        elif ip in _LOCAL_TRANSLATED:
            return False
    return ip.is_global and not ip.is_multicast and (inner is None or (inner.is_global and not inner.is_multicast))


def _follow_redirect(address: str, location: str) -> str:
    """Return the address that a redirect leads to.

    Raises:
        ReadError: it is malformed.
    """
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")  # http.client reads headers as Latin-1
    try:
        target = urllib.parse.urljoin(address, location)
        urllib.parse.urlsplit(target)
    except ValueError as error:
        raise ReadError(
            f"网站转到一个不合规的地址（{location[:120]}）", f"redirected to a malformed address ({location[:120]})"
        ) from error
    return target


def _make_connection_error(host: str, error: Exception) -> ReadError:
    if isinstance(error, ssl.SSLError) and not isinstance(error, TimeoutError):
        return ReadError("网站证书有问题，未读取", "the site's certificate is not valid; not read")
    if isinstance(error, TimeoutError):
        return ReadError(
            f"{host} {_TIMEOUT:g} 秒没有回应，已放弃", f"{host} sent nothing for {_TIMEOUT:g} seconds; given up"
        )
    return ReadError(f"连接不上 {host}", f"cannot connect to {host}")


def _parse_address(address: str) -> urllib.parse.SplitResult:
    try:
        url = urllib.parse.urlsplit(address)
        port = url.port
    except ValueError:
        url, port = urllib.parse.urlsplit(""), None
    if url.scheme.lower() not in ("http", "https") or not url.hostname or (port is not None and not port):
        raise ReadError("不是 http(s) 地址", "not an http(s) address")
    if url.username or url.password:
        raise ReadError("地址里不能带用户名或密码", "addresses with a user name or password are not read")
    host = url.hostname
    try:
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ReadError("不是 http(s) 地址", "not an http(s) address") from error
    if ascii_host != host:
        url = url._replace(netloc=ascii_host + (f":{port}" if port else ""))
    return url


def _make_source(address: str, final: str, response: HttpResponse) -> FoundSource:
    url = urllib.parse.urlsplit(address)
    name = urllib.parse.unquote(url.netloc + (url.path if url.path != "/" else ""))
    ident = (name + (f"?{url.query}" if url.query else "")).rstrip("/")
    ending = Path(urllib.parse.urlsplit(final).path).name
    path = Path(urllib.parse.unquote(ending) or "index.html")
    declared = response.content_type
    known = path.suffix.lower() in map_suffixes()
    if declared.startswith(("application/octet-stream", "application/download")) or known:
        declared = declared if declared.startswith("text/html") else ""
    if not declared and not known:
        declared = "text/html"
    return FoundSource(ident, path, data=response.body, declared_type=declared, address=address)


def _make_timeout_error(limits: Limits) -> ReadError:
    return ReadError(
        f"整个读取（含查找主机、robots.txt 和转跳）超过 {limits.seconds:g} 秒，已放弃",
        f"given up after {limits.seconds:g} seconds for the whole fetch (host, robots.txt and redirects included)",
    )
