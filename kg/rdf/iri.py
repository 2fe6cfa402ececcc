"""Readable, valid IRIs from names (RFC 3987): Chinese stays as it is, what an IRI cannot hold is percent-encoded.

Names with one key (``extract.text.normalize.name_key``) give one IRI, so that one thing has one IRI
however a page prints its name.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from extract.text.normalize import name_key
from kg.errors import UsageError
from ontology.terms import ID

BASE = ID
"""The beginning of the IRIs of things, unless a user sets another base."""

MARK = "~"
"""Occurs in no encoded name. What follows it distinguishes things that would otherwise have one IRI."""

_LONGEST = 160
"""Largest number of code points of a name in an IRI; a longer one is cut and gets a digest."""

_UCSCHAR = ((0xA0, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFEF), (0x10000, 0xDFFFF))
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._")


class _EncodeTable(dict[int, str]):
    """A table for ``str.translate``: what each character becomes in an IRI. It grows as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = char in _UNRESERVED or _is_readable(char)
        encoded = self[code] = char if kept else "".join(f"%{b:02X}" for b in char.encode("utf-8", "surrogatepass"))
        return encoded


_ENCODE_TABLE = _EncodeTable()


def percent_encode(text: str) -> str:
    """Return *text* as one segment of an IRI: each character is kept or percent-encoded, so no two texts become one."""
    return text.translate(_ENCODE_TABLE)


def make_segment(name: str) -> str:
    """Return the segment of an IRI for *name*, the same for all its spellings (see ``name_key``)."""
    key = name_key(name)
    if not any(char.isalnum() for char in key):
        return MARK + hash_values(name)
    if len(key) > _LONGEST:
        return percent_encode(key[:_LONGEST]) + MARK + hash_values(key)
    return percent_encode(key)


def hash_values(*values: str, size: int = 10) -> str:
    """Return *size* hex digits of the SHA-256 of *values*."""
    return hashlib.sha256("\0".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:size]


def assign_iris(wanted: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return an IRI for each thing, and different ones for things that want the same.

    Args:
        wanted: for each thing its id, the IRI it should have, and what else distinguishes it from its namesakes.

    Returns:
        IRIs by id. The first of several things keeps the wanted IRI; the others get a digest of what distinguishes
        them.
    """
    assigned: dict[str, str] = {}
    taken: set[str] = set()
    for ident, iri, extra in wanted:
        if iri in taken:
            iri = f"{iri}{MARK}{hash_values(extra, size=8)}"
        plain, count = iri, 2
        while iri in taken:
            iri, count = f"{plain}{MARK}{count}", count + 1
        taken.add(iri)
        assigned[ident] = iri
    return assigned


def check_base(base: str) -> str:
    """Return *base* if IRIs can begin with it.

    Raises:
        UsageError: it is not an absolute IRI, or does not end in ``/``.
    """
    parts = urlsplit(base)
    bad = set(base) & set(' <>"{}|\\^`\t\n\r#?')
    if not parts.scheme or not parts.netloc or bad or not base.endswith("/"):
        raise UsageError(
            f"{base}：不能作为 IRI 前缀（应类似 {BASE}，以 / 结尾）",
            f"{base}: not usable as the beginning of IRIs (it must look like {BASE} and end in /)",
        )
    return base


def _is_readable(char: str) -> bool:
    """Return whether RFC 3987 lets *char* stand in a path (ucschar), and it is a letter, digit or mark."""
    code = ord(char)
    in_range = any(first <= code <= last for first, last in _UCSCHAR)
    return in_range and code & 0xFFFF < 0xFFFE and unicodedata.category(char)[0] in "LMN"
