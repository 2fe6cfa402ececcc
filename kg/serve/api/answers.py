"""What the JSON API answers, as plain values. ``openapi.json`` describes the addresses and their parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from starlette.responses import Response

from kg.errors import NotFoundError, UsageError
from kg.graph.facts import Passage
from kg.serve.site.documents import MarkedText, list_documents
from kg.serve.site.index import FACETS
from kg.serve.site.render import PageRequest
from kg.serve.site.search import Hit
from kg.serve.site.things import ThingGroup, ThingLine, ThingPages
from kg.serve.site.tools import get_report, list_report_filters, list_shown_reports

Json = dict[str, Any]
_MOST_RESULTS, _MOST_PAGES = 100, 10_000
_ALL = 100_000


def read_stats(page: PageRequest) -> Json:
    """Return what is in the graph."""
    stats = page.state.stats
    return {"sources": stats.sources, "quads": stats.quads, "classes": stats.classes, "predicates": stats.predicates}


def search(page: PageRequest) -> Json:
    """Return a page of the results of a search, with facets."""
    chosen = {name: value for name in FACETS if (value := page.get(name))}
    number, size = _read_number(page, "page", 1, _MOST_PAGES), _read_number(page, "size", 20, _MOST_RESULTS)
    result = page.state.index.search(page.get("q", 200), chosen, number, size)
    facets = {name: [{"value": value, "count": n} for value, n in values] for name, values in result.facets}
    return {"total": result.total, "results": [_make_hit(page, hit) for hit in result.hits], "facets": facets}


def read_thing(page: PageRequest) -> Json:
    """Return all that the graph says of a thing."""
    iri = page.get("iri", 4000)
    thing = ThingPages(page.state.view, page.texts.lang).make(_find_thing(page, iri), _ALL)
    if thing is None:
        raise NotFoundError(f"{iri[:200]}：库里没有", f"{iri[:200]}: not in this graph")
    return {
        "iri": thing.iri, "name": thing.name, "class": thing.kind, "aliases": list(thing.aliases),
        "text": thing.text, "sources": list(thing.sources),
        "facts": [{"label": line.label, "value": line.value, "quotes": _make_quotes(line.passages)}
                  for line in thing.facts],
        "figures": _make_lines(thing.figures), "statements": _make_lines((*thing.parts, *thing.statements)),
        "mentions": _make_quotes(thing.mentions),
    }  # fmt: skip


def read_documents(page: PageRequest) -> Json:
    """Return the documents that were read, and the files that were not."""
    documents = page.state.remember(("documents",), lambda: list_documents(page.state.view))
    failed = [
        {"source": record.source, "zh": record.failure[0], "en": record.failure[1]}
        for record in page.state.records.values() if record.failure
    ]  # fmt: skip
    return {"documents": [{**asdict(line), "class": asdict(line)["kind"]} for line in documents], "failed": failed}


def read_document(page: PageRequest) -> Json:
    """Return the text of a source, and what is quoted from which words."""
    state, source = page.state, page.get("source", 2000)
    context = state.sources.get(source)
    if context is None:
        raise NotFoundError(f"{source}：库里没有这个来源", f"{source}: no such source")
    marked = state.remember(("marked", context), lambda: MarkedText(state.view, context))
    spans = [
        {"begin": span.begin, "end": span.end, "class": span.kind, "iris": list(span.iris)} for span in marked.spans
    ]
    return {"source": source, "iri": context, "text": marked.text, "spans": spans}


def list_reports(page: PageRequest) -> Json:
    """Return the reports and their filters."""
    return {"reports": [
        {"name": name, "title": title, "description": words, "filters": list_report_filters(name)}
        for name, title, words in list_shown_reports(page.texts.lang)
    ]}  # fmt: skip


def read_report(page: PageRequest) -> Response:
    """Return a report as JSON."""
    report = get_report(page)
    return Response(report.render("json", page.texts.lang), media_type="application/json")


def _find_thing(page: PageRequest, iri: str) -> str:
    if not iri:
        raise UsageError("请给出参数 iri", "give the parameter iri")
    if not page.state.view.knows(iri):
        raise NotFoundError(f"{iri[:200]}：库里没有", f"{iri[:200]}: not in this graph")
    return page.state.view.main_node(iri)


def _make_hit(page: PageRequest, hit: Hit) -> Json:
    snippet = "".join(text for text, _ in hit.snippet)
    return {"iri": hit.iri, "class": hit.kind, "name": hit.label, "snippet": snippet, "source": hit.source,
            "begin": hit.begin, "page": page.state.addresses.thing(hit.iri)}  # fmt: skip


def _make_lines(groups: Iterable[ThingGroup]) -> list[Json]:
    return [_make_line(group, line) for group in groups for line in group.lines]


def _make_line(group: ThingGroup, line: ThingLine) -> Json:
    return {"property": group.key, "label": line.label, "value": line.value, "target": line.target,
            "class": line.kind, "quotes": _make_quotes(line.passages)}  # fmt: skip


def _make_quotes(passages: Iterable[Passage]) -> list[Json]:
    return [
        {"text": p.text, "before": p.before, "after": p.after, "source": p.source, "begin": p.begin,
         "end": p.begin + len(p.text), "locator": p.locator, "document": p.document} for p in passages
    ]  # fmt: skip


def _read_number(page: PageRequest, name: str, default: int, most: int) -> int:
    text = page.get(name, 20)
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise UsageError(f"{name} 应为 1 到 {most} 的整数", f"{name} must be an integer from 1 to {most}")
    return int(text)
