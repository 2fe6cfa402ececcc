"""Requests that arrive as a whole: their address, and what is to be known of their headers.

A client sends the same headers with each request. So the bytes behind the first line are looked up as they are;
only new ones are parsed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import httptools

from kg.serve.known import Header
from kg.serve.quick import RequestHead, read_head

_WITH_BODY = frozenset({b"content-length", b"transfer-encoding"})
_NOT_PLAIN = _WITH_BODY | {b"expect", b"upgrade"}
_LONGEST_BLOCK = 4_000
"""Bytes of headers that are looked up as they are."""
_METHOD, _VERSION = b"GET ", b" HTTP/1.1"
_END = b"\r\n\r\n"


def has_body(headers: Sequence[Header]) -> bool:
    """Return whether a request with these headers has a body."""
    return any(name in _WITH_BODY for name, _ in headers)


def read_whole_request(data: bytes) -> tuple[bytes, RequestHead] | None:
    """Return address and head of *data* if it is one GET request as a whole, without anything unusual; else None."""
    if not (data.startswith(_METHOD) and data.endswith(_END)):
        return None
    line, _, block = data.partition(b"\r\n")
    url = line[len(_METHOD) : -len(_VERSION)]
    # a sign that no address has would make another request of it
    if not line.endswith(_VERSION) or b" " in url or not url.isascii() or not url.decode("ascii").isprintable():
        return None
    head = _read_block(block) if len(block) <= _LONGEST_BLOCK else None
    return None if head is None else (url, head)


class _Parsed:
    """What a parser of requests found."""

    def __init__(self, data: bytes) -> None:
        self.headers: list[Header] = []
        self.ends = 0
        self.goes_on = False
        self._parser = httptools.HttpRequestParser(self)
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        # the parser knows this at the end of the head only
        self.goes_on = self._parser.should_keep_alive() and not self._parser.should_upgrade()

    def on_message_complete(self) -> None:
        self.ends += 1


@lru_cache(maxsize=512)
def _read_block(block: bytes) -> RequestHead | None:
    """Return the head that the lines behind the first one are, with the empty line; None if they are not plain."""
    try:
        found = _Parsed(b"GET / HTTP/1.1\r\n" + block)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    names = [name for name, _ in found.headers]
    plain = found.ends == 1 and found.goes_on and names.count(b"host") == 1 and _NOT_PLAIN.isdisjoint(names)
    return read_head(found.headers) if plain else None
