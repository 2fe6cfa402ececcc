"""The files of a published site: which file an address of the site becomes, and links from one file to another."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from html import escape, unescape
from posixpath import dirname, join, normpath, relpath
from urllib.parse import parse_qs, quote, unquote, urlsplit

_LONGEST = 120
"""Bytes of the name of a file or folder."""
_UNSAFE = re.compile(r'[\x00-\x1f<>:"\\|?*%#&]')
_LINK = re.compile(r'(?<=[\s])(href|src|action)="(/[^"]*)"')
_PLACE = re.compile(r' id="c(\d+)"')
_PLACE_LINK = re.compile(r'href="([^"#]*)#c(\d+)"')
_SINGLE = {
    "/": "index.html", "/search": "search.html", "/documents": "documents.html", "/reports": "reports.html",
    "/queries": "queries.html", "/graph": "graph.html",
}  # fmt: skip
_ROOT_FILES = frozenset({"/data.ttl", "/data.nq", "/search-index.js"})
REPORT_FORMATS = ("xlsx", "docx")
"""Files of reports that are published."""


def find_file(address: str) -> str | None:
    """Return the path of the file that an address becomes, without its fragment; None if it is not published."""
    parts = urlsplit(address)
    path, query = parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}
    if path in _SINGLE:
        return _SINGLE[path]
    form = query.get("format", "")
    if path.startswith("/static/") or path in _ROOT_FILES:
        return path[1:]
    if path.startswith(("/reports/", "/queries/")):
        suffix = form or "html"
        return f"{path[1:]}.{suffix}" if suffix == "html" or suffix in REPORT_FORMATS else None
    if path == "/document":
        return f"documents/{make_safe_path(query.get('source', ''))}.html"
    if path.startswith("/id/") or path == "/thing":
        name = unquote(path[1:]) if path != "/thing" else f"thing/{query.get('iri', '')}"
        part = f"/{query['part']}" if "part" in query else ""
        kind = {"": "html", "ttl": "ttl"}.get(form)
        return f"{make_safe_path(name + part)}.{kind}" if kind else None
    return None


def make_safe_path(path: str) -> str:
    """Return a path whose parts every file system and web server can hold. Different paths stay different."""
    return "/".join(map(_make_safe_part, path.split("/")))


def rewrite_links(html: str, own: str) -> str:
    """Return a page with its links to addresses of the site as relative links to files.

    Args:
        html: the page.
        own: the path of its own file.
    """

    def rewrite(found: re.Match[str]) -> str:
        link = make_link(unescape(found[2]), own)
        return f'{found[1]}="{escape(link)}"' if link is not None else ""

    return _LINK.sub(rewrite, html)


class TextPlaces:
    """The places of texts that pages of a published site link to: only words that something was read from have one."""

    def __init__(self) -> None:
        self._begins: dict[str, list[int]] = {}
        self._linking: set[str] = set()

    def note(self, file: str, html: str) -> None:
        """Remember the places of a page, and whether it links to others."""
        self._begins[file] = sorted({int(found[1]) for found in _PLACE.finditer(html)})
        if _PLACE_LINK.search(html):
            self._linking.add(file)

    def list_linking(self) -> list[str]:
        """Return the files of the pages that link to places."""
        return sorted(self._linking)

    def settle(self, html: str, own: str) -> str:
        """Return a page whose links lead to the last place at or before the one that they name, or to the page."""

        def find(found: re.Match[str]) -> str:
            path = unquote(unescape(found[1]))
            begins = self._begins.get(normpath(join(dirname(own), path)) if path else own, [])
            at = bisect_right(begins, int(found[2]))
            return f'href="{found[1]}#c{begins[at - 1]}"' if at else f'href="{found[1] or "#"}"'

        return _PLACE_LINK.sub(find, html)


def make_link(address: str, own: str) -> str | None:
    """Return the relative link from the file *own* to an address; None if it is not published."""
    target = find_file(address)
    if target is None:
        return None
    parts = urlsplit(address)
    end = f"#{parts.fragment}" if parts.fragment else ""
    if target == "search.html" and parts.query:
        end = f"?{parts.query}{end}"
    if target == own and end:
        return end
    return quote(relpath(target, own.rpartition("/")[0] or ".")) + end


def _make_safe_part(part: str) -> str:
    safe = _UNSAFE.sub("_", part).strip(" .") or "_"
    if len(safe.encode()) > _LONGEST:
        safe = safe.encode()[:_LONGEST].decode("utf-8", "ignore")
    if safe == part:
        return part
    return f"{safe}-{hashlib.sha256(part.encode('utf-8', 'replace')).hexdigest()[:10]}"
