"""Readable, valid IRIs from names (RFC 3987): Chinese stays as it is, what an IRI may not hold is percent-encoded.

Names that differ in width, case, quotes, brackets or white space only are one name here, so that one thing has one
IRI however a page prints it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from kg.errors import UsageError
from ontology.terms import ID

BASE = ID
"""What IRIs of things begin with, unless a user sets another base."""

MARK = "~"
"""Stands in no name: what follows it tells apart things that would else have one IRI."""

_LONGEST = 160
"""Code points of a name kept in an IRI; a longer one is cut and gets a digest."""

# Unicode categories: quotes and brackets, separators, formats; more quotes are no punctuation to Unicode
_DROPPED = frozenset({"Ps", "Pe", "Pi", "Pf", "Zs", "Zl", "Zp", "Cc", "Cf"})
_QUOTES = frozenset("\"'`´<>＂＇｀")
_UCSCHAR = ((0xA0, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFEF), (0x10000, 0xDFFFF))
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._")


def fold(name: str) -> str:
    """What tells *name* from other names: NFKC, lower case, one kind of dash; without quotes, brackets, white space."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower())
    kept = (
        "-" if unicodedata.category(c) == "Pd" else c
        for c in text
        if unicodedata.category(c) not in _DROPPED and c not in _QUOTES
    )
    return unicodedata.normalize("NFKC", "".join(kept))


def encode(text: str) -> str:
    """*text* as one segment of an IRI, every character kept or percent-encoded; different texts stay different."""
    out = []
    for c in text:
        if c in _UNRESERVED or _readable(c):
            out.append(c)
        else:
            out += [f"%{byte:02X}" for byte in c.encode("utf-8", "surrogatepass")]
    return "".join(out)


def segment(name: str) -> str:
    """The segment of an IRI for *name*, the same for all its spellings (see :func:`fold`)."""
    key = fold(name)
    if not any(c.isalnum() for c in key):
        return MARK + digest(name)
    if len(key) > _LONGEST:
        return encode(key[:_LONGEST]) + MARK + digest(key)
    return encode(key)


def digest(*values: str, size: int = 10) -> str:
    """*size* hex digits of the SHA-256 of *values*."""
    return hashlib.sha256("\0".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:size]


def distinct(wanted: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Give each thing its IRI, and one of its own where two want the same.

    Args:
        wanted: of each thing its id, the IRI it should have, and what else tells it from its namesakes.

    Returns:
        IRIs by id. The first of several keeps the IRI; the others get a digest of what tells them apart.
    """
    given: dict[str, str] = {}
    taken: set[str] = set()
    for ident, iri, extra in wanted:
        if iri in taken:
            iri = f"{iri}{MARK}{digest(extra, size=8)}"
        plain, count = iri, 2
        while iri in taken:
            iri, count = f"{plain}{MARK}{count}", count + 1
        taken.add(iri)
        given[ident] = iri
    return given


def checked_base(base: str) -> str:
    """*base*, if IRIs can be built on it.

    Raises:
        UsageError: it is no absolute IRI, or does not end in ``/``.
    """
    parts = urlsplit(base)
    bad = set(base) & set(' <>"{}|\\^`\t\n\r#?')
    if not parts.scheme or not parts.netloc or bad or not base.endswith("/"):
        raise UsageError(
            f"{base}：不能作为 IRI 前缀（应类似 {BASE}，以 / 结尾）",
            f"{base}: cannot be the beginning of IRIs (it should look like {BASE} and end in /)",
        )
    return base


def _readable(c: str) -> bool:
    """Whether *c* is a letter, digit or mark beyond ASCII that RFC 3987 lets stand in a path (ucschar)."""
    code = ord(c)
    in_range = any(first <= code <= last for first, last in _UCSCHAR)
    return in_range and code & 0xFFFF < 0xFFFE and unicodedata.category(c)[0] in "LMN"
