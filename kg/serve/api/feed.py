"""The feed (Atom): what each build changed, of everything or of one agency, program or proposal."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from starlette.responses import Response

from kg.errors import NotFoundError
from kg.files import make_xml_safe
from kg.serve.api.changes import SourceChange, list_changes
from kg.serve.site.documents import DocumentLine, list_documents
from kg.serve.site.render import PageRequest
from kg.serve.site.things import ThingPages
from ontology.labels import name_class

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 50
_MOST_TITLES = 3
_NEVER = "1970-01-01T00:00:00Z"


def give_feed(page: PageRequest, address: str) -> Response:
    """Return the feed. The parameter ``iri`` narrows it to the sources that speak of a thing.

    A store that keeps no history has the documents that were read last instead.

    Raises:
        NotFoundError: there is no such thing.
    """
    iri = page.get("iri", 4000)
    title = page.texts("site.name")
    documents = list(page.state.remember(("documents",), lambda: list_documents(page.state.view)))
    if iri:
        if not page.state.view.knows(iri):
            raise NotFoundError(f"{iri[:200]}：库里没有", f"{iri[:200]}: not in this graph")
        thing = ThingPages(page.state.view, page.texts.lang).make(page.state.view.main_node(iri))
        speaking = {line.target for line in thing.documents} | {thing.iri} if thing else set()
        documents = [line for line in documents if line.iri in speaking]
        title = f"{page.state.view.label(page.state.view.main_node(iri))} · {title}"
    changes = page.state.remember(("changes", iri), lambda: list_changes(page.state, iri))
    dated = (
        [] if changes else sorted(documents, key=lambda line: (_find_time(page, line), line.iri), reverse=True)[:_MOST]
    )
    feed = _make_element(None, "feed")
    _make_element(feed, "id", str(page.request.url))
    _make_element(feed, "title", title)
    _make_element(feed, "updated", changes[0].time if changes else _find_time(page, dated[0]) if dated else _NEVER)
    _make_element(feed, "link", rel="self", href=str(page.request.url))
    _make_element(_make_element(feed, "author"), "name", title)
    for change in changes:
        _add_change(feed, page, change, address)
    for line in dated:
        _add_entry(feed, page, line, address)
    data = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(data, media_type="application/atom+xml")


def _add_change(feed: ET.Element, page: PageRequest, change: SourceChange, address: str) -> None:
    entry = _make_element(feed, "entry")
    names = list(change.titles[:_MOST_TITLES]) or [change.source or change.graph]
    title = page.texts(f"feed.{change.kind}", what=page.texts("feed.joint").join(names))
    if len(change.titles) > _MOST_TITLES:
        title += page.texts("feed.others", n=len(change.titles) - _MOST_TITLES)
    _make_element(entry, "id", f"{change.graph}?build={change.step}")
    _make_element(entry, "title", title)
    _make_element(entry, "updated", change.time)
    if change.source in page.state.sources:
        _make_element(entry, "link", rel="alternate", href=address + page.state.addresses.document(change.source))
    counts = page.texts("feed.counts", added=change.added, removed=change.removed)
    _make_element(entry, "summary", " · ".join(filter(None, (change.source, counts))))


def _add_entry(feed: ET.Element, page: PageRequest, line: DocumentLine, address: str) -> None:
    entry = _make_element(feed, "entry")
    _make_element(entry, "id", line.iri)
    _make_element(entry, "title", line.title)
    _make_element(entry, "updated", _find_time(page, line))
    if line.date[4:5] == "-" and len(line.date) == 10:
        _make_element(entry, "published", f"{line.date}T00:00:00Z")
    _make_element(entry, "link", rel="alternate", href=address + page.state.addresses.thing(line.iri))
    words = " · ".join(filter(None, (name_class(line.kind, page.texts.lang), line.author, line.date, line.source)))
    _make_element(entry, "summary", words)


def _find_time(page: PageRequest, line: DocumentLine) -> str:
    record = page.state.records.get(line.source)
    return record.read if record is not None and record.read else _NEVER


def _make_element(parent: ET.Element | None, name: str, text: str = "", **attributes: str) -> ET.Element:
    tag = f"{{{_ATOM}}}{name}"
    element = ET.Element(tag, attributes) if parent is None else ET.SubElement(parent, tag, attributes)
    element.text = make_xml_safe(text) or None
    return element


ET.register_namespace("", _ATOM)
