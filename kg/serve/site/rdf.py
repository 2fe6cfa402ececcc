"""The RDF of a thing: what the store states of it and about it, with its evidence and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Quad, RdfFormat
from starlette.responses import Response

from kg.errors import UsageError
from kg.graph.view import FIGURE_SLOTS, View
from kg.serve.negotiation import choose_media_type
from kg.serve.site.render import SAFE_HEADERS
from kg.serve.sparql.formats import GRAPH_TYPES, describe_type
from kg.store.serialize import serialize_triples
from ontology.terms import NIF, PK, PROV, RDF, RDFS

SUFFIXES: Mapping[str, str] = {
    "ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples", "rdf": "application/rdf+xml",
}  # fmt: skip
"""Media types by the value of ``format`` in an address."""
_HTML = "text/html"
_MOST = 20_000
"""Statements of a thing that are given."""


def choose_type(accept: str, wanted: str) -> str | None:
    """Return the media type in which a client wants a thing: ``text/html`` for its page; None if it takes none.

    Args:
        accept: the header ``Accept``.
        wanted: the value of ``format`` in the address; empty for none.

    Raises:
        UsageError: there is no such format.
    """
    if wanted in SUFFIXES:
        return SUFFIXES[wanted]
    if wanted:
        raise UsageError(
            f"{wanted}：没有这种格式（有：{'、'.join(SUFFIXES)}）", f"{wanted}: no such format ({', '.join(SUFFIXES)})"
        )
    return choose_media_type(accept, (_HTML, "application/xhtml+xml", *GRAPH_TYPES))


def make_rdf_response(view: View, iri: str, media_type: str) -> Response:
    """Return the statements of a thing in a format of ``GRAPH_TYPES``."""
    triples = {quad.triple for quad in _list_quads(view, iri)}
    form = GRAPH_TYPES.get(media_type, RdfFormat.TURTLE)
    text = serialize_triples(sorted(triples, key=str), form)
    headers = {
        **SAFE_HEADERS, "Content-Type": describe_type(media_type), "Vary": "Accept", "Access-Control-Allow-Origin": "*",
    }  # fmt: skip
    return Response(text.encode("utf-8", "replace"), headers=headers)


def _list_quads(view: View, iri: str) -> Iterator[Quad]:
    """Yield statements of a thing, its evidence, its figures, their quotes, and the names of what they lead to."""
    store, seen, number = view.store, set[str](), 0
    nodes = list(view.same_nodes(iri))
    for node in view.same_nodes(iri):
        for prop in (RDF + "subject", RDF + "object", *(PK + slot for slot in FIGURE_SLOTS)):
            nodes += [getattr(quad.subject, "value", "") for quad in store.find_statements(None, prop, node)]
        for quad in store.find_statements(None, None, node):
            yield quad
            number += 1
            if number > _MOST:
                return
    while nodes:
        node = nodes.pop(0)
        if not node or node in seen:
            continue
        seen.add(node)
        for quad in store.find_statements(node):
            yield quad
            number += 1
            if number > _MOST:
                return
            if isinstance(quad.object, NamedNode):
                if quad.predicate.value == PROV + "wasQuotedFrom":
                    yield from _read_quote(view, quad.object.value)
                else:
                    yield from store.find_statements(quad.object.value, RDFS + "label")


def _read_quote(view: View, span: str) -> Iterator[Quad]:
    """Yield the statements of a quote, without the whole text that it stands in."""
    return (quad for quad in view.store.find_statements(span) if quad.predicate.value != NIF + "isString")
