"""Who may use a desk: the person who started it, from this computer.

Another web page that is open in the same browser could send requests to the desk. Each request must therefore be
addressed to this computer (no other name may lead here), carry the secret of this server, and, if it changes anything,
come from a page of the desk itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "kg-desk"
TOKEN = "token"
"""Parameter of the address that the server prints."""
HEADER = "x-kg-desk"
"""Header that scripts of the desk send with a change; a form of another site cannot."""
_OPEN = ("/healthz", "/static/")
_SAFE = ("GET", "HEAD", "OPTIONS")
_LOCAL = ("127.0.0.1", "localhost", "[::1]")


class DeskGuard:
    """An ASGI layer that lets only requests of the desk's own person through."""

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self._app, self._secret = app, secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._check(scope)
        await (refusal or self._app)(scope, receive, send)

    def _check(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        path = scope["path"]
        if not _is_local(headers.get("host", "")):
            return _refuse("这个地址不是本机：请用启动时印出的地址", "not an address of this computer")
        if path.startswith(_OPEN):
            return None
        given = parse_qs(scope.get("query_string", b"").decode("ascii", "ignore")).get(TOKEN, [""])[0]
        if given and scope["method"] in _SAFE:
            if not hmac.compare_digest(given.encode(), self._secret.encode()):
                return _refuse("地址里的口令不对：请用启动时印出的地址", "the token in the address is wrong")
            response = RedirectResponse("/desk", 303)
            response.set_cookie(COOKIE, self._secret, httponly=True, samesite="strict", path="/")
            return response
        if not hmac.compare_digest(self._read_secret(headers).encode(), self._secret.encode()):
            return _refuse(
                "请用启动时印出的地址打开（里面有口令）",
                "open the address that was printed at the start (with its token)",
            )
        if scope["method"] not in _SAFE and not self._is_own(headers, scope):
            return _refuse("这个请求不是工作台自己的页面发出的", "the request does not come from a page of the desk")
        return None

    def _read_secret(self, headers: Headers) -> str:
        bearer = headers.get("authorization", "")
        if bearer.startswith("Bearer "):
            return bearer[7:]
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except CookieError:
            return ""
        return cookies[COOKIE].value if COOKIE in cookies else ""

    def _is_own(self, headers: Headers, scope: Scope) -> bool:
        if headers.get("authorization", "").startswith("Bearer "):
            return True  # a program, not a browser
        origin = headers.get("origin")
        own = f"{scope.get('scheme', 'http')}://{headers.get('host', '')}"
        if origin is not None and origin != own:
            return False
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return False
        if scope["path"] == "/sparql":
            return True  # a query changes nothing
        return hmac.compare_digest(headers.get(HEADER, "").encode(), make_form_token(self._secret).encode())


def make_secret() -> str:
    """Return the secret of a new server."""
    return secrets.token_urlsafe(24)


def make_form_token(secret: str) -> str:
    """Return what pages of the desk send with each change. The secret itself is in no page."""
    return hashlib.sha256(f"form {secret}".encode()).hexdigest()


def _is_local(host: str) -> bool:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower() in _LOCAL


def _refuse(zh: str, en: str) -> Response:
    return PlainTextResponse(f"{zh}\n{en}\n", 403, {"Cache-Control": "no-store"})
