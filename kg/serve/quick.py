"""Answers that a connection gives without a task of its own: known ones, and results of queries that are cheap.

A query is cheap by its form: one pattern whose subject or object is given, and whose variables are different ones. The
store then has an index that begins with what is given, so that each row takes the same short time; the rows end at a
size that is computed within milliseconds. Such a query needs no process that can be stopped. All others do.
"""

from __future__ import annotations

import asyncio
import re
import time
from binascii import a2b_qp
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from pyoxigraph import QueryResultsFormat, QuerySolutions

from kg.errors import KgError
from kg.serve.known import AnswerKey, AnswerMemory, Header, KnownAnswer, pick_varying
from kg.serve.metrics import Metrics, RequestLog
from kg.serve.negotiation import choose_media_type
from kg.serve.snapshot import StoreCopies
from kg.serve.sparql.formats import ROW_TYPES, describe_type
from kg.store.store import Store

QUICK = "kg.quick"
"""Name in the state of the application under which connections find these answers."""
_LONGEST_QUERY = 2_000
"""Bytes of the address of a query that is looked at here."""
_LARGEST_RESULT = 64 * 1024
_LONGEST_ACCEPT = 500
_BATCH = 32
"""Queries that run one after another before requests are read again."""
_PREFIX = b"query="
_JSON = "application/sparql-results+json"
_IRI = r'<[^<>"{}|^`\\\x00-\x20]*+>'
_VARIABLE = r"[?$][A-Za-z_][A-Za-z0-9_]*+"
_LITERAL = rf'"[^"\\\r\n]*+"(?:@[A-Za-z]++(?:-[A-Za-z0-9]++)*+|\^\^{_IRI})?'
_GAP = r"[ \t\r\n]"
_CHEAP = re.compile(
    rf"""
    {_GAP}*+ SELECT (?: {_GAP}*+ \* | (?: {_GAP}*+ {_VARIABLE} )++ ) {_GAP}*+ (?:WHERE {_GAP}*+)?
    \{{ {_GAP}*+ (?P<subject>{_IRI}|{_VARIABLE}) {_GAP}++ (?P<predicate>{_IRI}|{_VARIABLE})
    {_GAP}++ (?P<object>{_IRI}|{_VARIABLE}|{_LITERAL}) {_GAP}*+ \.? {_GAP}*+ \}} {_GAP}*+
    (?:LIMIT {_GAP}++ [0-9]{{1,9}} {_GAP}*+)? (?:\#[^\r\n]*+)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


class _TooLarge(Exception):
    """The result is larger than those that are computed here."""


class _Buffer(BytesIO):
    """A file in memory that takes no more than a certain size."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > _LARGEST_RESULT:
            raise _TooLarge
        return super().write(data)


def is_cheap(sparql: str) -> bool:
    """Return whether a query is cheap by its form."""
    found = _CHEAP.fullmatch(sparql)
    if found is None or (found["subject"][0] in "?$" and found["object"][0] in "?$"):
        return False
    names = [term[1:] for term in found.group("subject", "predicate", "object") if term[0] in "?$"]
    return len(set(names)) == len(names)


@dataclass(frozen=True, slots=True)
class RequestHead:
    """What the answer to a GET request depends on besides its address."""

    varying: tuple[Header, ...]
    """The headers that it may depend on."""
    wants_json: bool
    """Whether JSON is the format of rows that the client likes best."""


def read_head(headers: Sequence[Header]) -> RequestHead:
    """Return what is to be known of headers; their names are in small letters."""
    accept = b", ".join([value for name, value in headers if name == b"accept"]).decode("latin-1")
    return RequestHead(pick_varying(headers), len(accept) <= _LONGEST_ACCEPT and _takes_json(accept))


@dataclass(slots=True)
class CheapQuery:
    """A query that is cheap by its form."""

    sparql: str
    key: AnswerKey
    began: float
    """When it came, by ``time.monotonic``."""


Deliver = Callable[[KnownAnswer | None], None]


class QuickAnswers:
    """The answers of one server that its connections give at once.

    Args:
        copies: the state of the store that is served.
        memory: the answers that are known.
        metrics: counts of what the server does.
        headers: headers of the results of queries besides their type.
    """

    def __init__(self, copies: StoreCopies, memory: AnswerMemory, metrics: Metrics, headers: Mapping[str, str]) -> None:
        self._copies, self._memory = copies, memory
        given = {"Content-Type": describe_type(_JSON), **headers}
        self._headers = tuple((name.lower().encode(), value.encode()) for name, value in given.items())
        self._head = b"".join(b"%b: %b\r\n" % header for header in self._headers)
        self._store: tuple[int, Store] | None = None
        self._waiting: list[tuple[CheapQuery, Deliver]] = []
        self._log = RequestLog(None, metrics)

    def close(self) -> None:
        """Close the store."""
        opened, self._store = self._store, None
        if opened is not None:
            opened[1].close()

    def find(self, url: bytes, head: RequestHead) -> KnownAnswer | CheapQuery | None:
        """Return the answer to a GET request, or the query that gives it; None if it has to be made in the usual way.

        Args:
            url: the address as the client sent it.
            head: what is to be known of its headers.
        """
        began = time.monotonic()
        path, _, query = url.partition(b"?")
        if path[:1] != b"/":
            return None
        key = self._memory.make_key(path, query, head.varying)
        answer = self._memory.get(key)
        if answer is None:
            if path != b"/sparql" or not head.wants_json or not query.startswith(_PREFIX):
                return None
            return None if len(query) > _LONGEST_QUERY or b"&" in query else _read_query(query, key, began)
        self._count(path, answer, began)
        return answer

    def run_soon(self, query: CheapQuery, deliver: Deliver) -> None:
        """Run a query after the requests that have arrived are read, and give its result, or None, to *deliver*.

        Reading requests and running queries take turns: each is faster while the processor has its code at hand.
        """
        self._waiting.append((query, deliver))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self.run_waiting)

    def run_waiting(self) -> None:
        """Run the queries that wait, so many that others are not kept waiting for long."""
        waiting, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self.run_waiting)
        bodies = [self._compute(query.sparql, query.key[0]) for query, _ in waiting]
        for (query, deliver), body in zip(waiting, bodies, strict=True):
            deliver(None if body is None else self._finish(query, body))

    def _finish(self, query: CheapQuery, body: bytes) -> KnownAnswer:
        length = b"%d" % len(body)
        head = b"%bcontent-length: %b\r\n" % (self._head, length)
        answer = KnownAnswer((*self._headers, (b"content-length", length)), head, body, True)
        if self._memory.is_wanted(query.key):
            self._memory.put(query.key, answer)
        self._count(b"/sparql", answer, query.began)
        return answer

    def _count(self, path: bytes, answer: KnownAnswer, began: float) -> None:
        if answer.is_result:
            self._log.record_result(path, len(answer.body), began)
        else:
            self._log.record("GET", path, 200, len(answer.body), began)

    def _compute(self, sparql: str, number: int) -> bytes | None:
        buffer = _Buffer()
        try:
            answer = self._open(number).oxigraph.query(sparql)
            assert isinstance(answer, QuerySolutions)
            answer.serialize(buffer, format=QueryResultsFormat.JSON)
        except (_TooLarge, KgError, OSError, SyntaxError, ValueError, RuntimeError):
            return None  # the usual way answers, or tells what is wrong
        return buffer.getvalue()

    def _open(self, number: int) -> Store:
        """Return the state of the store with a number."""
        if self._store is None or self._store[0] != number:
            self.close()
            self._store = number, Store(self._copies.get_folder(number))
        return self._store[1]


@lru_cache(maxsize=256)
def _takes_json(accept: str) -> bool:
    """Return whether JSON is the format of rows that a client likes best."""
    return choose_media_type(accept, tuple(ROW_TYPES)) == _JSON


def _decode(raw: bytes) -> str:
    """Return a percent-encoded value of a form. The decoder of quoted-printable is much faster than one in Python.

    Raises:
        ValueError: it is encoded in a wrong or unusual way.
    """
    decoded = a2b_qp(raw.replace(b"+", b" ").replace(b"%", b"="))
    if b"=" in raw or len(raw) - len(decoded) != 2 * raw.count(b"%"):  # each sign stands for two less
        raise ValueError
    return decoded.decode("utf-8")


def _read_query(raw: bytes, key: AnswerKey, began: float) -> CheapQuery | None:
    """Return the query of an address if it is cheap."""
    try:
        sparql = _decode(raw[len(_PREFIX) :])
    except ValueError:
        return None
    return CheapQuery(sparql, key, began) if is_cheap(sparql) else None
