"""The pages that compute something: reports with filters, named queries, the editor, graphs of neighbours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote as encode
from urllib.parse import urlencode

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode
from starlette.responses import HTMLResponse, JSONResponse, Response

from kg.errors import NotFoundError, UsageError
from kg.export.page import PageOptions
from kg.export.page import render_page as render_graph
from kg.graph.presentation import present_result
from kg.graph.query import QueryDataset, list_named_queries, load_named_query
from kg.graph.result import Result, Term, load_columns
from kg.report.ask import ask_store
from kg.report.catalog import list_filters, list_reports, make_report
from kg.report.model import Excerpt
from kg.report.report import Report
from kg.report.texts import FILE_FILTERS, Texts
from kg.report.writers.html import render_tables
from kg.serve.site.questions import list_report_queries
from kg.serve.site.render import SAFE_HEADERS, PageRequest, render_page
from kg.serve.site.texts import SiteTexts
from kg.serve.sparql import work
from kg.serve.sparql.pool import QueryPool
from ontology.labels import name_class, name_fact, name_property
from ontology.terms import ABSTRACT_CLASSES, CLASSES, DCTERMS, NIF, PK, PREFIXES, PROPERTIES, PROV, RDFS, SKOS
from viz.data import SiteLinks
from viz.page import MAX_NODES

FORMATS = {
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "ics": "text/calendar; charset=utf-8",
}
"""Media types of the files of a report."""
_ASKING = frozenset({"match"})
"""Reports that answer only when they are told something: they have a form, and no files of their own."""
_STATIC = ("xlsx", "docx")
"""Formats of the files of reports that a published site has."""
_MOST_HOPS = 3
_MOST_NODES = 3000
"""Things of a graph page of the server; the neighbours of any other are fetched when they are asked for."""
_OTHER_PROPERTIES = {
    DCTERMS + "title": "title", DCTERMS + "issued": "issued", DCTERMS + "source": "source", RDFS + "label": "",
    SKOS + "altLabel": "", PROV + "wasQuotedFrom": "", NIF + "anchorOf": "", NIF + "isString": "",
}  # fmt: skip
"""Properties of other vocabularies that the graph uses most, with the key of their names."""
_LINKS = SiteLinks("/", "/thing?iri=", "/graph?about=")
_STATIC_LINKS = SiteLinks("index.html")
_GRAPH_POLICY = "frame-ancestors 'self'"
"""The graph page brings a policy of its own; this is what it cannot say in its text."""


def list_shown_reports(lang: str) -> list[tuple[str, str, str]]:
    """Return name, title and description of each report that an address can ask for: it needs no file of the user."""
    texts = Texts(lang)
    return [(name, texts.title(name), words) for name, words in list_reports(lang).items() if list_report_filters(name)]


def list_ready_reports(lang: str) -> list[tuple[str, str, str]]:
    """Return name, title and description of each report that needs no filter."""
    return [entry for entry in list_shown_reports(lang) if entry[0] not in _ASKING]


def show_reports(page: PageRequest) -> Response:
    """Return the list of reports."""
    listed = (list_ready_reports if page.is_static else list_shown_reports)(page.texts.lang)
    return render_page(page, "reports.html", reports=listed)


def show_report(page: PageRequest) -> Response:
    """Return a report as a page, or as a file if the address says ``format``."""
    name = _get_name(page)
    if name in _ASKING and not _get_filters(page, name):
        return _render_report(page, name, None)
    report = get_report(page)
    form = page.get("format", 10)
    return _make_file(page, report, form) if form in FORMATS else _render_report(page, name, report)


def _render_report(page: PageRequest, name: str, report: Report | None) -> Response:
    """Return the page of a report; without one, only the form that asks for its filters."""
    [(title, about)] = [(t, words) for known, t, words in list_shown_reports(page.texts.lang) if known == name]
    filters = dict(report.filters.items()) if report else {}
    tables = render_tables(report, page.texts.lang, _locate_in(page)) if report else ""
    forms = [form for form in (_STATIC if page.is_static else FORMATS) if report and (form != "ics" or report.events)]
    return render_page(
        page, "report.html", name=name, title=title, about=about, names=list_report_filters(name), filters=filters,
        tables=Markup(tables), r=Texts(page.texts.lang), report=report, forms=forms,
        queries=list_report_queries(name, filters, report.queries if report else (), page.texts.lang),
        link=lambda form: f"/reports/{name}?{urlencode({**filters, 'format': form})}",
    )  # fmt: skip


def list_report_filters(name: str) -> list[str]:
    """Return the filters that an address may give to a report.

    They are those that the pages have words for, and no files: an address must not name a file of this computer.
    """
    known = SiteTexts("zh")
    return [o for o in list_filters(name) if o not in FILE_FILTERS and known.has(f"filters.{o}")]


_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")


def get_report(page: PageRequest) -> Report:
    """Return the report that the path of a request names, with the filters of its address.

    Raises:
        NotFoundError: there is no such report.
        UsageError: a filter has a wrong value.
    """
    name = _get_name(page)
    filters = _get_filters(page, name)
    key = ("report", name, page.texts.lang, *sorted(filters.items()))
    try:
        report: Report = page.state.remember(
            key, lambda: make_report(page.state.store, name, page.texts.lang, **filters)
        )
    except UsageError as error:  # it names options of the command line
        raise UsageError(_name_parameters(error.zh), _name_parameters(error.en)) from error
    return report


def _name_parameters(message: str) -> str:
    return _OPTION.sub(lambda found: found[1].replace("-", "_"), message)


def _get_name(page: PageRequest) -> str:
    name: str = page.request.path_params["name"]
    if name not in [known for known, _, _ in list_shown_reports(page.texts.lang)]:
        raise NotFoundError(f"{name[:100]}：没有这种报告", f"{name[:100]}: no such report")
    return name


def _get_filters(page: PageRequest, name: str) -> dict[str, str]:
    return {option: value for option in list_report_filters(name) if (value := page.get(option, 200))}


def _locate_in(page: PageRequest) -> Callable[[Excerpt], str]:
    addresses = page.state.addresses
    return lambda quote: addresses.document(quote.source, quote.begin, quote.end) if quote.source else ""


def _make_file(page: PageRequest, report: Report, form: str) -> Response:
    title = Texts(page.texts.lang).title(report.name)
    disposition = (
        f"attachment; filename=\"{report.name}.{form}\"; filename*=UTF-8''{encode(f'{title}.{form}', safe='')}"
    )
    headers = {**SAFE_HEADERS, "Content-Type": FORMATS[form], "Content-Disposition": disposition}
    return Response(report.render(form, page.texts.lang), headers=headers)


def show_ask(page: PageRequest) -> Response:
    """Return the answer to a question in Chinese or English."""
    question = page.get("q", 300)
    answer = None
    if question:
        key = ("ask", question, page.texts.lang)
        answer = page.state.remember(key, lambda: ask_store(page.state.store, question))
    return render_page(page, "ask.html", question=question, answer=answer)


def show_queries(page: PageRequest) -> Response:
    """Return the list of named queries."""
    return render_page(page, "queries.html", queries=list(list_named_queries().values()))


async def show_query(page: PageRequest, pool: QueryPool) -> Response:
    """Return a named query with its parameters and its result. It runs within the limits of the endpoint."""
    name = page.request.path_params["name"]
    query = list_named_queries().get(name)
    if query is None:
        raise NotFoundError(f"{name[:100]}：没有这个命名查询", f"{name[:100]}: no such named query")
    params = {param.name: page.get(param.name, 200) for param in query.params}
    sparql = load_named_query(name, params)
    raw = _read_rows(await run_select(pool, str(page.state.store.path), sparql))
    result = present_result(raw, page.texts.lang, numbers=False, titles=False)
    columns = load_columns()["columns"]
    titles = [columns.get(name, {}).get(page.texts.lang, name) for name in result.variables]
    return render_page(
        page, "query.html", named=query, params=params, sparql=sparql, names=result.variables, rows=result.rows,
        titles=titles, is_thing=page.state.view.kind,
    )  # fmt: skip


def _read_rows(result: dict[str, Any]) -> Result:
    """Return the rows of SPARQL JSON."""
    names = tuple(result["head"]["vars"])

    def read_term(cell: dict[str, str] | None) -> Term | None:
        if cell is None:
            return None
        return NamedNode(cell["value"]) if cell["type"] == "uri" else Literal(cell["value"])

    rows = tuple(tuple(read_term(row.get(name)) for name in names) for row in result["results"]["bindings"])
    return Result(names, rows)


async def run_select(pool: QueryPool, folder: str, sparql: str) -> dict[str, Any]:
    """Return the result of a SELECT as the values of its JSON."""
    task = work.QueryTask(
        folder, sparql, QueryDataset(), "application/sparql-results+json", pool.limits.rows, pool.limits.size
    )
    data = bytearray()
    async with pool.borrow() as process:
        piece = await process.begin(work.begin_query, task)
        while piece is not None:
            data += piece.data
            piece = None if piece.last else await process.read()
    found: dict[str, Any] = json.loads(data)
    return found


def show_editor(page: PageRequest) -> Response:
    """Return the editor of queries."""
    lang = page.texts.lang
    templates = [
        {"name": query.name, "title": query.title(lang), "text": load_named_query(query.name)}
        for query in list_named_queries().values()
    ]
    return render_page(page, "editor.html", templates=templates, prefixes=dict(PREFIXES))


def give_terms(page: PageRequest) -> Response:
    """Return what the editor completes: prefixes, classes and properties, with names in the language of the page."""
    lang = page.texts.lang
    classes = [(PK + name, name_class(name, lang)) for name in sorted(CLASSES - ABSTRACT_CLASSES)]
    own = [(PK + name, name_property(name, lang)) for name in sorted(PROPERTIES)]
    others = [(iri, name_fact(name, lang) if name else "") for iri, name in _OTHER_PROPERTIES.items()]
    found = {"prefixes": dict(PREFIXES), "classes": classes, "properties": [*own, *others]}
    return JSONResponse(found, headers=SAFE_HEADERS)


def show_graph(page: PageRequest) -> Response:
    """Return the graph page of the neighbours of a thing, or of the whole store."""
    about = page.get("about", 4000) or None
    if about and not page.state.view.knows(about):
        raise NotFoundError(f"{about[:200]}：库里没有", f"{about[:200]}: not in this graph")
    hops = page.get_number("hops", 1, _MOST_HOPS)
    options = PageOptions(
        lang=page.texts.lang, view=page.get("view", 20) or "graph", site=_STATIC_LINKS if page.is_static else _LINKS,
        most=MAX_NODES if page.is_static else _MOST_NODES,
    )  # fmt: skip
    key = ("graph", about or "", hops, options.lang, options.view)
    html: str = page.state.remember(key, lambda: render_graph(page.state.store, about, hops, options))
    return HTMLResponse(html, headers={**SAFE_HEADERS, "Content-Security-Policy": _GRAPH_POLICY, "Vary": "Cookie"})
