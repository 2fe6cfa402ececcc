"""Pages from templates: their language, their headers, and what every template may use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from extract.text.normalize import join_lines
from kg.errors import KgError
from kg.serve.errors import get_status
from kg.serve.negotiation import choose_language
from kg.serve.site.addresses import Addresses
from kg.serve.site.lines import make_icon, render_line, render_quote, render_quotes
from kg.serve.site.state import SiteState
from kg.serve.site.texts import LANGUAGES, SiteTexts

_FOLDER = Path(__file__).parent
LANGUAGE_COOKIE = "kg-lang"
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy: a script that got into a page by a name or a quote does not run."""
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request of a page, with the state of the store that answers it."""

    request: Request
    state: SiteState
    texts: SiteTexts
    desk: bool = False
    """Whether the server has a desk."""
    is_static: bool = False
    """Whether the page is made for a file: without what needs a server."""

    def get(self, name: str, most: int = 500) -> str:
        """Return a parameter of the address, without white space around it; empty if it is not given."""
        return self.request.query_params.get(name, "").strip()[:most]

    def get_number(self, name: str, default: int, most: int) -> int:
        """Return a parameter that is a number from 1 to *most*."""
        text = self.get(name, 9)
        return min(max(int(text), 1), most) if text.isdecimal() else default


def find_language(request: Request, default: str) -> str:
    """Return the language of a page: that of the address, of the reader's choice before, or of the browser."""
    for chosen in (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, "")):
        if chosen in LANGUAGES:
            return chosen
    return choose_language(request.headers.get("accept-language", ""), default)


def render_page(page: PageRequest, template: str, **values: object) -> Response:
    """Return a page made of a template and *values*."""
    request = page.request
    context = {
        "t": page.texts,
        "a": page.state.addresses,
        "state": page.state,
        "desk": page.desk,
        "is_static": page.is_static,
        "here": request.scope["path"],
        "others": [] if page.is_static else _list_others(request, page.texts.lang),
        "query": "",
        **values,
    }
    text: str = load_environment().get_template(template).render(context)
    return finish_page(request, text, page.texts.lang)


def render_problem(request: Request, error: KgError, lang: str) -> Response:
    """Return the page for an error."""
    texts = SiteTexts(lang)
    context = {
        "t": texts, "a": Addresses(""), "state": None, "desk": False, "is_static": False, "here": "",
        "query": "", "others": _list_others(request, lang), "message": error.message(lang), "status": get_status(error),
    }  # fmt: skip
    text: str = load_environment().get_template("problem.html").render(context)
    return finish_page(request, text, lang, get_status(error))


def finish_page(request: Request, text: str, lang: str, status: int = 200) -> Response:
    """Return the response of a page with the headers that all pages have."""
    headers = {
        **SAFE_HEADERS,
        "Content-Security-Policy": _POLICY,
        "Content-Language": lang,
        "Vary": "Accept, Accept-Language, Cookie",
        "Cache-Control": "no-cache",
    }
    response = HTMLResponse(text.encode("utf-8", "replace"), status, headers)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, lang, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def _list_others(request: Request, shown: str) -> list[tuple[str, str]]:
    """Return the other languages, each with the address of the same page in it."""
    return [(lang, _change_language(request, lang)) for lang in LANGUAGES if lang != shown]


def _change_language(request: Request, lang: str) -> str:
    """Return the address of the same page in another language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{_get_path(request)}?{urlencode([*kept, ('lang', lang)])}"


def _get_path(request: Request) -> str:
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    # two slashes at its begin would lead to another host
    return quote(b"/" + path.partition(b"?")[0].lstrip(b"/"), safe="/:@!$&'()*+,;=~%")


@cache
def load_environment() -> Any:
    """Return the environment of the templates. All that is put into them is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["named_node"] = lambda term: isinstance(term, NamedNode)
    environment.filters["joined"] = join_lines
    environment.globals.update(icon=make_icon, quote=render_quote, quotes=render_quotes, render_line=render_line)
    return environment


def compile_templates() -> None:
    """Compile all templates, so that no reader waits for it."""
    environment = load_environment()
    for name in environment.list_templates():
        environment.get_template(name)
