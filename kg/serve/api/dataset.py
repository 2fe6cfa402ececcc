"""The description of the data: VoID and DCAT, for catalogues and crawlers."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize
from starlette.responses import Response

from kg.serve.errors import RequestProblem
from kg.serve.negotiation import choose_media_type
from kg.serve.site.render import PageRequest
from kg.serve.sparql.formats import GRAPH_TYPES, describe_type
from ontology.terms import DCTERMS, PK, PREFIXES, RDF, XSD

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
_VOCABULARIES = ("pk", "nif", "dcterms", "skos", "prov", "org", "eli")
_DUMPS = ("text/turtle", "application/n-triples", "application/ld+json")

Node = NamedNode | BlankNode


def give_dataset(page: PageRequest, address: str) -> Response:
    """Return the description in the format that a client likes best.

    Raises:
        RequestProblem: it takes none of the formats.
    """
    accept = ", ".join(page.request.headers.getlist("accept"))
    kinds = tuple(GRAPH_TYPES)
    chosen = choose_media_type(accept, kinds) or ("text/turtle" if "text/html" in accept else None)
    if chosen is None:
        raise RequestProblem(406, f"可用的格式：{'、'.join(kinds)}", f"the formats are {', '.join(kinds)}")
    form = GRAPH_TYPES[chosen]
    prefixes = {"void": VOID, "dcat": DCAT, "dcterms": DCTERMS, "pk": PK, "xsd": XSD}
    data = serialize(list_triples(page, address), format=form, prefixes=None if form == RdfFormat.JSON_LD else prefixes)
    return Response(data or b"", headers={"Content-Type": describe_type(chosen)})


def list_triples(page: PageRequest, address: str) -> list[Triple]:
    """Return the description of the data that a server at *address* offers."""
    state, dataset = page.state, NamedNode(f"{address}/void#dataset")
    found: list[Triple] = []

    def add(subject: Node, prop: str, value: Node | Literal) -> None:
        found.append(Triple(subject, NamedNode(prop), value))

    add(dataset, RDF + "type", NamedNode(VOID + "Dataset"))
    add(dataset, RDF + "type", NamedNode(DCAT + "Dataset"))
    for lang in ("zh", "en"):
        add(dataset, DCTERMS + "title", Literal(type(page.texts)(lang)("home.title"), language=lang))
        add(dataset, DCTERMS + "description", Literal(type(page.texts)(lang)("site.honest"), language=lang))
    last = max((record.read for record in state.records.values()), default="")
    if last:
        add(dataset, DCTERMS + "modified", Literal(last, datatype=NamedNode(XSD + "dateTime")))
    add(dataset, VOID + "triples", Literal(state.stats.quads))
    add(dataset, VOID + "documents", Literal(state.stats.sources))
    add(dataset, VOID + "uriSpace", Literal(state.store.base))
    add(dataset, VOID + "sparqlEndpoint", NamedNode(f"{address}/sparql"))
    for prefix in _VOCABULARIES:
        add(dataset, VOID + "vocabulary", NamedNode(PREFIXES[prefix]))
    for kind, number in state.stats.classes.items():
        part = BlankNode()
        add(dataset, VOID + "classPartition", part)
        add(part, VOID + "class", NamedNode(PK + kind))
        add(part, VOID + "entities", Literal(number))
    for media_type in _DUMPS:
        dump, address_of_dump = BlankNode(), NamedNode(f"{address}/graphs?default")
        add(dataset, DCAT + "distribution", dump)
        add(dump, RDF + "type", NamedNode(DCAT + "Distribution"))
        add(dump, DCAT + "accessURL", address_of_dump)
        add(dump, DCAT + "mediaType", NamedNode(f"https://www.iana.org/assignments/media-types/{media_type}"))
    add(dataset, VOID + "dataDump", NamedNode(f"{address}/graphs?default"))
    return found
