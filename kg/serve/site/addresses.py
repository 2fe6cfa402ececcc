"""The addresses of pages. They are stable: a thing has the path of its IRI, so that the IRI can lead here."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, urlencode

_ENCODED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
"""Bytes above 7F, percent-encoded."""

_quote_path = lru_cache(maxsize=20_000)(quote)
_quote_field = lru_cache(maxsize=20_000)(quote_plus)
"""The same things and sources are named by many pages."""


class Addresses:
    """Addresses for the things of one store.

    Args:
        base: what the IRIs of its things begin with.
    """

    def __init__(self, base: str) -> None:
        self._base = base

    def thing(self, iri: str) -> str:
        """Return the address of the page of a thing."""
        if not iri.startswith(self._base):
            return f"/thing?iri={_quote_field(iri)}"
        path, _, part = iri[len(self._base) :].partition("#")
        return f"/id/{_quote_path(path)}" + (f"?part={_quote_field(part)}" if part else "")

    def find_iris(self, raw_path: str, part: str) -> list[str]:
        """Return the IRIs that an address below ``/id/`` can mean.

        Args:
            raw_path: the path behind ``/id/`` as the client sent it. An IRI has percent signs of its own, and browsers
                encode Chinese characters besides.
            part: the fragment of the IRI, without its sign.
        """
        as_iri = _ENCODED.sub(lambda found: unquote(found[0]), raw_path)
        end = f"#{part}" if part else ""
        return list(dict.fromkeys(f"{self._base}{path}{end}" for path in (unquote(raw_path), as_iri)))

    def document(self, source: str, begin: int = -1, end: int = -1) -> str:
        """Return the address of the text of a source, at some of its words if they are given."""
        if begin < 0:
            return f"/document?source={_quote_field(source)}"
        return f"/document?source={_quote_field(source)}&at={begin}%2C{end}#c{begin}"

    def graph(self, iri: str = "") -> str:
        """Return the address of the graph around a thing, or of the whole graph."""
        return f"/graph?about={_quote_field(iri)}" if iri else "/graph"

    def search(self, **chosen: str) -> str:
        """Return the address of a search with words and facets."""
        given = {name: value for name, value in chosen.items() if value}
        return f"/search?{urlencode(given)}" if given else "/search"

    def editor(self, sparql: str) -> str:
        """Return the address of the editor with a query."""
        return f"/editor#query={quote(sparql, safe='')}"
