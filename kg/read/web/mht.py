"""Saved web pages (.mht, RFC 2557): the page in them, as any page."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from kg.read.values import Limits, Reading, Unreadable
from kg.read.web import html

_MOST_PARTS = 5_000


def read(data: bytes, limits: Limits) -> Reading:
    """The text of the first page in the file.

    Raises:
        Unreadable: no page in it.
    """
    try:
        message = BytesParser(_class=EmailMessage, policy=policy.compat32).parsebytes(data)
        parts = [p for _, p in zip(range(_MOST_PARTS), message.walk(), strict=False)]
    except RecursionError as error:
        raise Unreadable("嵌套过深", "nested too deeply") from error
    for wanted in ("text/html", "application/xhtml+xml", "text/plain"):
        for part in parts:
            if part.get_content_type() == wanted:
                body = part.get_payload(decode=True)
                if isinstance(body, bytes) and body.strip():
                    return html.read(body, limits, str(part.get_param("charset") or ""))
    raise Unreadable("里面没有网页（文件损坏或不完整）", "no page in it (damaged or truncated)")
