"""The account for a SPARQL server: a token, or a user for Basic or Digest authentication, from the environment.

It is sent with each request once the server has asked for it. A server may refuse a long request before it has read it,
and close the connection, so that to wait for its refusal each time is not enough.
"""

from __future__ import annotations

import base64
import os
from email.message import Message
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

USER, PASSWORD, TOKEN = "KG_STORE_USER", "KG_STORE_PASSWORD", "KG_STORE_TOKEN"


class Account:
    """The account for one server, with what the server has asked for."""

    def __init__(self, address: str) -> None:
        """Read the account from the environment.

        Args:
            address: the beginning of the addresses to which it is sent.
        """
        self._token = os.environ.get(TOKEN, "")
        self._user, self._password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, address, self._user, self._password)
        self._digest = HTTPDigestAuthHandler(passwords)
        self._challenge: dict[str, str] = {}
        self._is_basic = False

    def sign(self, request: Request) -> None:
        """Add the account to a request, if the server has asked for it; a token in any case."""
        value = ""
        if self._token:
            value = f"Bearer {self._token}"
        elif self._challenge:
            value = f"Digest {self._digest.get_authorization(request, self._challenge)}"
        elif self._is_basic:
            pair = f"{self._user}:{self._password}".encode()
            value = f"Basic {base64.b64encode(pair).decode('ascii')}"
        if value:
            request.add_unredirected_header("Authorization", value)

    def learn(self, headers: Message) -> bool:
        """Take over what the server asks for in its answer 401; return whether there is an account for that."""
        if self._token or not self._user:
            return False
        asked = {scheme.lower(): rest for scheme, _, rest in map(_split, headers.get_all("www-authenticate", []))}
        if "digest" in asked:
            self._challenge = parse_keqv_list(list(filter(None, parse_http_list(asked["digest"]))))
        self._is_basic = "basic" in asked and "digest" not in asked
        return bool(asked.keys() & {"digest", "basic"})


def _split(challenge: str) -> tuple[str, str, str]:
    return challenge.partition(" ")
