"""Pages by their address: politely (robots.txt, pauses), bounded in size and time, and from public hosts only.

A host is looked up once, all its addresses are checked, and the connection goes to the very address that was checked;
each redirect is checked anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
import urllib.parse
import urllib.robotparser
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kg.read.found import Found, too_large
from kg.read.sniff import kinds
from kg.read.values import Limits, Unreadable

AGENT = "proposal-kg"
"""The name by which robots.txt may speak of us."""
_PAUSE = 1.0
"""Seconds between two requests to one host."""
_MOST_PAUSE = 10.0
"""Seconds that a robots.txt can ask for at most."""
_TIMEOUT = 15.0
"""Seconds that a host may take to connect, or to go on."""
_REDIRECTS = 5
_ROBOTS_BYTES = 512 << 10
_TYPES = "text/html,application/xhtml+xml,application/pdf,text/plain,*/*;q=0.5"
_NOTHING = ("User-agent: *", "Disallow: /")
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host sent."""

    status: int
    body: bytes
    said: str
    """Its Content-Type."""
    location: str
    """Where it sends us, if it does."""


@dataclass(slots=True)
class _Host:
    """What is known of a host in this run."""

    robots: urllib.robotparser.RobotFileParser
    pause: float
    last: float = float("-inf")


@dataclass(slots=True)
class Client:
    """Fetches pages; one for a run, so that pauses and robots.txt hold for all of it."""

    limits: Limits
    allow_private: bool = False
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    hosts: dict[str, _Host] = field(default_factory=dict)

    def fetch(self, address: str) -> Found:
        """What stands at *address*.

        Raises:
            Unreadable: not allowed, not there, too slow, too large, to a private address.
        """
        deadline = self.clock() + self.limits.seconds
        now = address
        for _ in range(_REDIRECTS + 1):
            url = _parsed(now)
            host = self._host(url, deadline)
            if not host.robots.can_fetch(AGENT, now):
                raise Unreadable("网站的 robots.txt 不允许读取此页", "the site's robots.txt does not allow it")
            wait = host.last + host.pause - self.clock()
            if wait > 0:
                self.sleep(wait)
            host.last = self.clock()
            answer = self._ask(url, deadline, self.limits.file_bytes)
            if answer.status in _MOVED and answer.location:
                now = urllib.parse.urljoin(now, answer.location)
                continue
            if answer.status != 200:
                raise Unreadable(f"网站返回 {answer.status}", f"the site answered {answer.status}")
            return _found(address, now, answer)
        raise Unreadable(f"转跳过多（超过 {_REDIRECTS} 次）", f"too many redirects (more than {_REDIRECTS})")

    def _host(self, url: urllib.parse.SplitResult, deadline: float) -> _Host:
        key = f"{url.scheme}://{url.netloc}"
        if key not in self.hosts:
            robots = urllib.robotparser.RobotFileParser()
            answer = self._robots(url, deadline)
            if answer is None or answer.status >= 500:
                robots.parse(_NOTHING)  # RFC 9309 2.3.1.4: unreachable
            elif answer.status == 200:
                robots.parse(answer.body.decode("utf-8", "replace").splitlines())
            else:
                robots.parse([])  # RFC 9309 2.3.1.3: there is none
            asked = robots.crawl_delay(AGENT)
            self.hosts[key] = _Host(robots, min(max(_PAUSE, float(asked or 0)), _MOST_PAUSE))
        return self.hosts[key]

    def _robots(self, url: urllib.parse.SplitResult, deadline: float) -> Answer | None:
        """robots.txt, its redirects on the way; None if it goes on and on."""
        now = urllib.parse.urlunsplit((url.scheme, url.netloc, "/robots.txt", "", ""))
        for _ in range(_REDIRECTS + 1):
            answer = self._ask(_parsed(now), deadline, _ROBOTS_BYTES)
            if answer.status not in _MOVED or not answer.location:
                return answer
            now = urllib.parse.urljoin(now, answer.location)
        return None

    def _ask(self, url: urllib.parse.SplitResult, deadline: float, most: int) -> Answer:
        host = url.hostname or ""
        port = url.port or (443 if url.scheme == "https" else 80)
        ip = self._checked(host, port)
        path = urllib.parse.urlunsplit(("", "", urllib.parse.quote(url.path or "/", "/%:@!$&'()*+,;=~"),
                                        urllib.parse.quote(url.query, "/%:@!$&'()*+,;=~?"), ""))  # fmt: skip
        connection = _Pinned(host, port, ip, url.scheme == "https")
        try:
            connection.request("GET", path, headers={
                "User-Agent": f"{AGENT}/1.0", "Accept": _TYPES, "Accept-Encoding": "gzip", "Connection": "close",
            })  # fmt: skip
            response = connection.getresponse()
            body = self._body(response, deadline, most)
            return Answer(
                response.status, body, response.getheader("Content-Type") or "", response.getheader("Location") or ""
            )
        except TimeoutError as error:
            raise _slow(self.limits) from error
        except ssl.SSLError as error:
            raise Unreadable("网站证书有问题，未读取", "the site's certificate is not valid; not read") from error
        except (OSError, http.client.HTTPException) as error:
            raise Unreadable(f"连接不上 {host}", f"cannot connect to {host}") from error
        finally:
            connection.close()

    def _body(self, response: http.client.HTTPResponse, deadline: float, most: int) -> bytes:
        packed = (response.getheader("Content-Encoding") or "").lower() in ("gzip", "x-gzip")
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if packed else None
        out = bytearray()
        while True:
            if self.clock() > deadline:
                raise _slow(self.limits)
            piece = response.read1(1 << 16)
            if not piece:
                return bytes(out)
            try:
                out += unpack.decompress(piece, most + 1 - len(out)) if unpack else piece
            except zlib.error as error:
                raise Unreadable("网站返回的数据损坏", "the site sent damaged data") from error
            if len(out) > most:
                raise too_large(self.limits)

    def _checked(self, host: str, port: int) -> str:
        """The address of *host* that the connection goes to; every one that it has is public."""
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreadable(f"找不到主机 {host}", f"no such host: {host}") from error
        found = [str(info[4][0]) for info in infos]
        if not self.allow_private:
            for one in found:
                if not _is_public(one):
                    raise Unreadable(
                        f"{host} 在内网（{one}），未读取；确需读取请加 --allow-private",
                        f"{host} is in a private network ({one}); not read unless --allow-private is given",
                    )
        return found[0]


def fetch(address: str, limits: Limits, *, allow_private: bool = False) -> Found:
    """What stands at *address*; pauses and robots.txt are remembered for this process.

    Raises:
        Unreadable: see :meth:`Client.fetch`.
    """
    client = _clients.setdefault((limits, allow_private), Client(limits, allow_private))
    return client.fetch(address)


_clients: dict[tuple[Limits, bool], Client] = {}


class _Pinned(http.client.HTTPConnection):
    """A connection to a host at an address that was looked up before."""

    def __init__(self, host: str, port: int, ip: str, secure: bool) -> None:
        super().__init__(host, port, timeout=_TIMEOUT)
        self._ip, self._secure = ip, secure

    def connect(self) -> None:
        plain = socket.create_connection((self._ip, self.port), self.timeout)
        self.sock = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._secure else plain
        )


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (inner is None or inner.is_global)


def _parsed(address: str) -> urllib.parse.SplitResult:
    try:
        url = urllib.parse.urlsplit(address)
        port = url.port
    except ValueError:
        url, port = urllib.parse.urlsplit(""), None
    if url.scheme.lower() not in ("http", "https") or not url.hostname or (port is not None and not port):
        raise Unreadable("不是 http(s) 地址", "not an http(s) address")
    if url.username or url.password:
        raise Unreadable("地址里不能带用户名或密码", "addresses with a user name or password are not read")
    host = url.hostname
    try:
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Unreadable("不是 http(s) 地址", "not an http(s) address") from error
    if ascii_host != host:
        url = url._replace(netloc=ascii_host + (f":{port}" if port else ""))
    return url


def _found(address: str, final: str, answer: Answer) -> Found:
    url = urllib.parse.urlsplit(address)
    name = urllib.parse.unquote(url.netloc + (url.path if url.path != "/" else ""))
    ident = (name + (f"?{url.query}" if url.query else "")).rstrip("/")
    ending = Path(urllib.parse.urlsplit(final).path).name
    path = Path(urllib.parse.unquote(ending) or "index.html")
    said = answer.said
    if said.startswith(("application/octet-stream", "application/download")) or path.suffix.lower() in kinds():
        said = said if said.startswith("text/html") else ""
    if not said and path.suffix.lower() not in kinds():
        said = "text/html"
    return Found(ident, path, data=answer.body, said=said, address=address)


def _slow(limits: Limits) -> Unreadable:
    return Unreadable(f"读取超过 {limits.seconds:g} 秒，已放弃", f"given up after {limits.seconds:g} seconds")
