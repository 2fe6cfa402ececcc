"""The description of the endpoint (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize
from starlette.responses import Response

from kg.serve.errors import RequestProblem
from kg.serve.negotiation import choose_media_type
from kg.serve.sparql.formats import GRAPH_TYPES, describe_type
from ontology.terms import RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
VOID = "http://rdfs.org/ns/void#"
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip


def describe_service(address: str, accept: str) -> Response:
    """Return the description of the endpoint at *address* in the format that a client likes best.

    Raises:
        RequestProblem: it takes none of the formats.
    """
    kinds = tuple(GRAPH_TYPES)
    # a browser asks for pages, which the description is not: it gets text
    chosen = choose_media_type(accept, kinds) or ("text/turtle" if "text/html" in accept else None)
    if chosen is None:
        raise RequestProblem(406, f"可用的格式：{'、'.join(kinds)}", f"the formats are {', '.join(kinds)}")
    form = GRAPH_TYPES[chosen]
    prefixes = {"sd": SD, "void": VOID} if form != RdfFormat.JSON_LD else None
    data = serialize(_list_triples(address), format=form, prefixes=prefixes) or b""
    return Response(data, headers={"Content-Type": describe_type(chosen), "Vary": "Accept"})


def _list_triples(address: str) -> list[Triple]:
    service, dataset, graph = NamedNode(f"{address}#service"), BlankNode("dataset"), BlankNode("graph")

    def state(subject: NamedNode | BlankNode, prop: str, value: NamedNode | BlankNode | Literal) -> Triple:
        return Triple(subject, NamedNode(prop if ":" in prop else SD + prop), value)

    return [
        state(service, RDF + "type", NamedNode(SD + "Service")),
        state(service, "endpoint", NamedNode(address)),
        state(service, "supportedLanguage", NamedNode(SD + "SPARQL11Query")),
        *(state(service, "resultFormat", NamedNode(FORMATS + name)) for name in _RESULTS),
        state(service, "defaultDataset", dataset),
        state(service, "availableGraphs", dataset),
        state(dataset, RDF + "type", NamedNode(SD + "Dataset")),
        state(dataset, "defaultGraph", graph),
        state(graph, RDF + "type", NamedNode(SD + "Graph")),
    ]
