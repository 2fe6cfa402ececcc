"""What goes wrong with a request: a status, and a message in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kg.errors import DiskError, KgError, LlmError, NotFoundError, QueryError, SourceError, StoreError, UsageError

if TYPE_CHECKING:
    from starlette.responses import Response


NOSNIFF = {"X-Content-Type-Options": "nosniff"}
"""Keeps browsers from taking a text for a page."""


class NotAcceptable(KgError):
    """The client takes none of the media types of a result."""


class ResultTooLarge(KgError):
    """A result has more rows or bytes than the limits allow."""


_STATUS: Mapping[type[KgError], int] = {
    NotAcceptable: 406,
    ResultTooLarge: 413,
    QueryError: 400,
    UsageError: 400,
    LlmError: 400,
    NotFoundError: 404,
    SourceError: 400,
    StoreError: 503,
    DiskError: 507,
}
"""Status by class of error; a class that is not here has that of the class it is derived from."""


class RequestProblem(KgError):
    """A request that is refused.

    Args:
        status: the HTTP status.
        zh: the message in Chinese.
        en: the message in English.
        headers: more headers of the response.
    """

    def __init__(self, status: int, zh: str, en: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(zh, en)
        self.status = status
        self.headers = dict(headers or {})


def get_status(error: KgError) -> int:
    """Return the HTTP status for *error*."""
    if isinstance(error, RequestProblem):
        return error.status
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


def make_problem_response(error: KgError) -> Response:
    """Return the response of a program's address for *error*: its message in both languages as plain text."""
    from starlette.responses import PlainTextResponse  # the processes of queries do without it

    headers = error.headers if isinstance(error, RequestProblem) else {}
    return PlainTextResponse(f"{error.en}\n{error.zh}\n", get_status(error), {**NOSNIFF, **headers})
