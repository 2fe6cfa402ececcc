"""Requests that arrive as a whole are read without a parser: with the same result, or not at all."""

from __future__ import annotations

import pytest

pytest.importorskip("httptools")

from kg.serve.heads import read_whole_request


def make(*lines: bytes, first: bytes = b"GET /sparql?query=ASK%7B%7D HTTP/1.1") -> bytes:
    return b"\r\n".join((first, *lines, b"", b""))


def test_a_plain_request_has_an_address_and_what_answers_depend_on() -> None:
    found = read_whole_request(make(b"Host: x", b"ACCEPT: text/csv", b"Cookie: kg-lang=en", b"User-Agent: y"))
    assert found is not None
    url, head = found
    assert url == b"/sparql?query=ASK%7B%7D"
    assert head.varying == ((b"accept", b"text/csv"), (b"cookie", b"kg-lang=en")) and not head.wants_json
    assert read_whole_request(make(b"Host: x", b"Cookie: other=1"))[1].varying == ()  # type: ignore[index]
    assert read_whole_request(make(b"Host: x", b"Accept: */*"))[1].wants_json  # type: ignore[index]


@pytest.mark.parametrize(
    "data",
    [
        make(b"Host: x", b"Connection: close"),
        make(b"Host: x", b"Connection: Upgrade", b"Upgrade: websocket"),
        make(b"Host: x", b"Content-Length: 0"),
        make(b"Host: x", b"Transfer-Encoding: chunked"),
        make(b"Host: x", b"Expect: 100-continue"),
        make(b"Host: x", b"bad header"),
        make(b"Accept: */*"),
        make(b"Host: x", b"Host: y"),
        make(b"Host: x", b"Bad\x00: y"),
        make(b"Host: x", first=b"POST /sparql HTTP/1.1"),
        make(b"Host: x", first=b"GET /sparql HTTP/1.0"),
        make(b"Host: x", first=b"GET /sparql"),
        make(b"Host: x", first=b"GET /a HTTP/1.1 HTTP/1.1"),
        make(b"Host: x", first="GET /名 HTTP/1.1".encode()),
        make(b"Host: x", first=b"GET /a\x0b HTTP/1.1"),
        make(b"Host: x", first=b"GET /a\nX: y HTTP/1.1"),
        make(b"Host: x")[:-1],
        make(b"Host: x") + b"GET",
        make(b"Host: x") * 2,  # two requests
        make(b"X: " + b"y" * 5_000),
        b"",
        b"\r\n\r\n",
    ],
)
def test_all_others_are_left_to_the_parser(data: bytes) -> None:
    assert read_whole_request(data) is None
