"""What a response takes from its request: the media type by ``Accept``, the address of the server by ``Host``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.serve.errors import RequestProblem

if TYPE_CHECKING:
    from starlette.requests import Request

_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?\Z")
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")


@dataclass(frozen=True, slots=True)
class MediaRange:
    """An entry of ``Accept``: ``text/*;q=0.5``."""

    kind: str
    subtype: str
    quality: float

    def match(self, media_type: str) -> int:
        """Return how exactly the range matches *media_type*: 0 not at all, 1 ``*/*``, 2 ``text/*``, 3 in full."""
        kind, _, subtype = media_type.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return 3
        if self.subtype != "*":
            return 0
        return 2 if self.kind == kind else int(self.kind == "*")


def parse_accept(header: str) -> tuple[MediaRange, ...]:
    """Return the entries of ``Accept``; entries that are malformed are left out."""
    found = []
    for entry in header.split(","):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        kind, slash, subtype = name.partition("/")
        if not slash or not kind or not subtype:
            continue
        found.append(MediaRange(kind, subtype, _read_quality(parameters)))
    return tuple(found)


def choose_media_type(header: str, offered: Sequence[str]) -> str | None:
    """Return the media type of *offered* that a client likes best; None if it takes none of them.

    Args:
        header: the value of ``Accept``; empty for none, which takes everything.
        offered: media types, the best first.
    """
    ranges = parse_accept(header)
    if not header.strip() or not offered:
        return offered[0] if offered else None
    rated = [(_rate(media_type, ranges), -at, media_type) for at, media_type in enumerate(offered)]
    quality, _, best = max(rated)
    return best if quality > 0 else None


def find_address(request: Request, public_url: str) -> str:
    """Return the address of the server for others, without a slash at its end.

    Args:
        request: the request.
        public_url: the address that the user named; empty: that of the request.

    Raises:
        RequestProblem: the request names no host, or one that no address can have.
    """
    if public_url:
        return public_url
    host = request.headers.get("host", "")
    if not _HOST.match(host):
        raise RequestProblem(400, "Host 不是主机名", "Host is not the name of a host")
    return f"{request.url.scheme}://{host}"


def choose_language(header: str, default: str, known: Iterable[str] = ("zh", "en")) -> str:
    """Return the language of ``Accept-Language`` that is known and liked best, else *default*."""
    found: list[tuple[float, int, str]] = []
    for at, entry in enumerate(header.split(",")):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        language = name.partition("-")[0]
        if language in known and (quality := _read_quality(parameters)) > 0:
            found.append((-quality, at, language))
    return min(found)[2] if found else default


def _rate(media_type: str, ranges: Iterable[MediaRange]) -> float:
    """Return the quality of *media_type*: that of the most exact range."""
    matches = [(exactness, entry.quality) for entry in ranges if (exactness := entry.match(media_type))]
    return max(matches)[1] if matches else 0.0


def _read_quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            value = value.strip()
            return float(value) if _QUALITY.match(value) else 0.0
    return 1.0
