"""The pages of search, things and documents, and the home page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from pyoxigraph import NamedNode
from starlette.responses import JSONResponse, RedirectResponse, Response

from kg.errors import KgError, NotFoundError
from kg.serve.errors import NotAcceptable
from kg.serve.site.documents import MarkedText, list_documents
from kg.serve.site.index import FACETS
from kg.serve.site.rdf import SUFFIXES, choose_type, make_rdf_response
from kg.serve.site.render import PageRequest, render_page
from kg.serve.site.search import PAGE
from kg.serve.site.things import SHOWN, ThingPages
from ontology.terms import DOCUMENT_CLASSES, ENTITY_CLASSES, FIGURE_CLASSES, PART_CLASSES

_ALL = 100_000
_SMALL = 100
"""Statements about a thing whose page is made at once."""
_DOCUMENTS_QUERY = """SELECT ?document ?title ?date ?source WHERE {
  ?document dcterms:source ?text ; dcterms:title ?title . ?text pk:sourcePath ?source
  OPTIONAL { ?document dcterms:issued ?date }
} ORDER BY DESC(?date) ?title"""
_HOME_DOCUMENTS = 6
_MOST_PAGES = 250
_FOUND = "kg.thing"
_GROUPS = (
    ("documents", DOCUMENT_CLASSES), ("parts", PART_CLASSES), ("entities", ENTITY_CLASSES), ("figures", FIGURE_CLASSES),
)  # fmt: skip


def show_home(page: PageRequest) -> Response:
    """Return the home page: what is in the graph, and where to begin."""
    state = page.state
    counts = state.stats.classes
    groups = [(name, [(kind, n) for kind, n in counts.items() if kind in classes]) for name, classes in _GROUPS]
    documents = state.remember(("documents",), lambda: list_documents(state.view))
    failed = [record for record in state.records.values() if record.failure]
    begin = state.remember(("agencies",), lambda: state.index.search("", {"class": "Agency"}, size=6).hits)
    return render_page(
        page, "home.html", groups=groups, documents=documents[:_HOME_DOCUMENTS], number=len(documents),
        failed=len(failed), agencies=begin,
    )  # fmt: skip


def show_search(page: PageRequest) -> Response:
    """Return the results of a search, with facets."""
    if page.is_static:
        return render_page(page, "search_static.html")
    words = page.get("q", 200)
    chosen = {name: value for name in FACETS if (value := page.get(name))}
    number = page.get_number("page", 1, _MOST_PAGES)
    result = page.state.index.search(words, chosen, number)
    return render_page(
        page, "search.html", query=words, chosen=chosen, result=result, number=number,
        pages=min(-(-result.total // PAGE), _MOST_PAGES), sparql=_make_search_query([hit.iri for hit in result.hits]),
        link=lambda **more: _link_search(words, chosen, more),
    )  # fmt: skip


def suggest(page: PageRequest) -> Response:
    """Return names that fit what somebody types, as JSON."""
    hits = page.state.index.suggest(page.get("q", 200))
    found = [
        {"name": hit.label, "class": page.texts.get_class(hit.kind), "kind": hit.kind,
         "address": page.state.addresses.thing(hit.iri)} for hit in hits
    ]  # fmt: skip
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


def show_thing(page: PageRequest) -> Response:
    """Return the page or the RDF of a thing, by the path of its IRI or the parameter ``iri``."""
    iri = _find_iri(page)
    view = page.state.view
    if context := _find_source(page, iri):
        return RedirectResponse(page.state.addresses.document(context), 303)
    media_type = choose_type(", ".join(page.request.headers.getlist("accept")), page.get("format", 10))
    if media_type is None:
        raise NotAcceptable("没有所要的格式", "none of the accepted formats exists")
    if media_type not in ("text/html", "application/xhtml+xml"):
        return make_rdf_response(view, iri, media_type)
    shown = _ALL if page.get("all", 1) or page.is_static else SHOWN
    thing = ThingPages(view, page.texts.lang).make(iri, shown)
    if thing is None:
        raise _make_missing_error(iri)
    own = page.state.addresses.thing(iri)
    joint = "&" if "?" in own else "?"
    suffixes = ("ttl",) if page.is_static else SUFFIXES
    downloads = [(suffix, f"{own}{joint}{urlencode({'format': suffix})}") for suffix in suffixes]
    return render_page(
        page, "thing.html", thing=thing, downloads=downloads, whole=f"{own}{joint}all=1", sparql=f"DESCRIBE <{iri}>",
        is_entity=thing.kind in ENTITY_CLASSES,
    )  # fmt: skip


def is_small_thing(page: PageRequest) -> bool:
    """Return whether the page of a thing takes a few milliseconds: few statements are about it, or there is none."""
    try:
        return not page.get("all", 1) and page.state.view.is_small(_find_iri(page), _SMALL)
    except KgError:
        return True


def show_documents(page: PageRequest) -> Response:
    """Return the list of documents, and of what could not be read."""
    state = page.state
    documents = state.remember(("documents",), lambda: list_documents(state.view))
    failed = [record for record in state.records.values() if record.failure]
    language = 0 if page.texts.lang == "zh" else 1
    return render_page(
        page, "documents.html", documents=documents, sparql=_DOCUMENTS_QUERY,
        failed=[(record.source, record.failure[language]) for record in failed if record.failure],
        unread=sorted(set(state.sources) - {line.source for line in documents}),
    )  # fmt: skip


def show_document(page: PageRequest) -> Response:
    """Return the text of a source with its marks."""
    state, source = page.state, page.get("source", 2000)
    context = state.sources.get(source)
    if context is None:
        raise NotFoundError(f"{source}：库里没有这个来源", f"{source}: no such source")
    chosen = _read_range(page.get("at", 30))
    marked = state.remember(("marked", context), lambda: MarkedText(state.view, context))
    facts = marked.list_facts(*chosen, page.texts.lang) if chosen else []
    record = state.records.get(source)
    letters = [
        line for line in state.remember(("documents",), lambda: list_documents(state.view)) if line.source == source
    ]
    return render_page(
        page, "document.html", source=source, lines=marked.make_runs(chosen), facts=facts, chosen=chosen,
        record=record, letters=letters, words=marked.text[chosen[0] : chosen[1]] if chosen else "",
        read=marked.list_all_facts(page.texts.lang) if page.is_static else [],
    )  # fmt: skip


def _find_iri(page: PageRequest) -> str:
    """Return the thing that a request names; it is looked for once."""
    scope = page.request.scope
    if _FOUND not in scope:
        scope[_FOUND] = _look_for_iri(page)
    found: str = scope[_FOUND]
    return found


def _look_for_iri(page: PageRequest) -> str:
    view = page.state.view
    if given := page.get("iri", 4000):
        if not view.knows(given):
            raise _make_missing_error(given)
        return view.main_node(given)
    raw: Any = page.request.scope.get("raw_path") or page.request.url.path.encode()
    path = raw.decode("utf-8", "replace").partition("?")[0].partition("/id/")[2]
    candidates = page.state.addresses.find_iris(path, page.get("part"))
    for iri in candidates:
        if view.knows(iri):
            return view.main_node(iri)
    raise _make_missing_error(candidates[0])


def _find_source(page: PageRequest, iri: str) -> str:
    return next((source for source, context in page.state.sources.items() if context == iri), "")


def _read_range(text: str) -> tuple[int, int] | None:
    begin, comma, end = text.partition(",")
    if comma and begin.isdecimal() and end.isdecimal() and int(begin) < int(end):
        return int(begin), int(end)
    return None


def _link_search(words: str, chosen: dict[str, str], more: dict[str, str]) -> str:
    fields = {"q": words, **chosen, **more}
    given = {name: str(value) for name, value in fields.items() if value}
    return f"/search?{urlencode(given)}" if given else "/search"


def _make_search_query(found: list[str]) -> str:
    """Return the query for what a page of results lists: SPARQL does not search by sound, parts of names or facets."""
    if not found:
        return ""
    things = " ".join(str(NamedNode(iri)) for iri in dict.fromkeys(found))
    return (
        f"SELECT DISTINCT ?thing ?class ?name WHERE {{\n  VALUES ?thing {{ {things} }}\n  ?thing a ?class\n"
        "  OPTIONAL { ?thing rdfs:label ?label } OPTIONAL { ?thing dcterms:title ?title }\n"
        "  BIND(COALESCE(?label, ?title) AS ?name)\n} ORDER BY ?name"
    )


def _make_missing_error(iri: str) -> NotFoundError:
    shown = iri[:200]
    return NotFoundError(f"{shown}：库里没有", f"{shown}: not in this graph")
