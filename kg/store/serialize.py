"""RDF text of a store, and the union of its graphs; the same store always gives the same bytes.

Turtle, N-Triples, RDF/XML and JSON-LD hold the union of all sources; TriG and N-Quads keep one graph for each source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.files import make_xml_safe
from kg.store.store import Store
from ontology.terms import DCTERMS, NIF, PK, PREFIXES, RDF, RDFS, SKOS

_TRIPLES = {
    "turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML,
}  # fmt: skip
_QUADS = {"trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS}
_TYPE = RDF + "type"
_ORDER = (
    "Proposal", "LeadReply", "CoHandlingOpinion", "PolicyInstrument", "Report", "Agency", "Organization", "Enterprise",
    "Person", "Program", "Platform", "EnterpriseTier", "TargetGroup", "Place", "Problem", "Suggestion", "Measure",
    "Commitment", "Provision", "Observation", "Target", "Condition", "ConditionGroup", "StackingRule",
    "Evidence", "Revision",
)  # fmt: skip
"""Order of the classes in a file."""


def rank_class(kind: str) -> int:
    """Return the rank of a class in a file, by its local name; a name that is no class comes last."""
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def serialize_store(store: Store, form: str, *, with_builds: bool = False) -> str:
    """Return *store* as text.

    Args:
        store: the store.
        form: a syntax: ``turtle ntriples jsonld rdfxml trig nquads``.
        with_builds: include the log of builds.
    """
    graphs = store.list_graphs(links=True, builds=with_builds)
    if form in _QUADS:
        quads = [q for g in graphs for q in _sort_quads(set(store.read_quads(g)))]
        if form == "nquads":
            quads.sort(key=str)
        data = serialize(quads, format=_QUADS[form], prefixes=_select_prefixes(quads)) or b""
        return _normalize_text(data.decode("utf-8"), form)
    return serialize_triples(merge_graphs(store, graphs), _TRIPLES[form])


def merge_graphs(store: Store, graphs: Iterable[str] | None = None) -> list[Triple]:
    """Return the union of *graphs* (None: of all sources and the graph that joins them).

    A thing has one label: the longest; its other labels become aliases. A part has one text: the longest. (Two
    portals print it with and without a comma, for example.)
    """
    names = list(graphs or store.list_graphs(links=True))
    quads = {Quad(q.subject, q.predicate, q.object) for name in names for q in store.read_quads(name)}
    texts: dict[object, list[Quad]] = {}
    for q in quads:
        if q.predicate.value in (RDFS + "label", PK + "text"):
            texts.setdefault((q.subject, q.predicate), []).append(q)
    for variants in (found for found in texts.values() if len(found) > 1):
        variants.sort(key=lambda q: (len(q.object.value), q.object.value))  # type: ignore[union-attr]
        quads.difference_update(variants[:-1])
        if variants[0].predicate.value == RDFS + "label":
            quads.update(Quad(q.subject, NamedNode(SKOS + "altLabel"), q.object) for q in variants[:-1])
    return [q.triple for q in _sort_quads(quads)]


def serialize_triples(triples: Iterable[Triple], form: RdfFormat) -> str:
    """Return *triples* as text in a syntax, with the prefixes that they need and in a fixed order."""
    listed = list(triples)
    if form == RdfFormat.N_TRIPLES:
        listed.sort(key=str)
    if form == RdfFormat.RDF_XML:
        listed = [Triple(t.subject, t.predicate, _make_xml_object(t.object)) for t in listed]
    data = (
        serialize(listed, format=form, prefixes=_select_prefixes(listed) if form != RdfFormat.JSON_LD else None) or b""
    )
    names = {RdfFormat.TURTLE: "turtle", RdfFormat.RDF_XML: "rdfxml"}
    return _normalize_text(data.decode("utf-8"), names.get(form, ""))


def _sort_quads(quads: Iterable[Quad]) -> list[Quad]:
    """Return *quads* in reading order: documents, entities, parts, figures, evidence, then texts and their spans."""
    listed = list(quads)
    rank: dict[object, int] = {}
    for q in listed:
        if q.predicate.value == _TYPE and isinstance(q.object, NamedNode):
            local = q.object.value.removeprefix(PK)
            if local in _ORDER:
                rank[q.subject] = _ORDER.index(local)
            elif q.object.value.startswith(NIF):
                rank[q.subject] = len(_ORDER) + (q.object.value.endswith("Phrase"))
    named = {_TYPE: 0, RDFS + "label": 1, SKOS + "altLabel": 2, DCTERMS + "title": 3}
    return sorted(
        listed,
        key=lambda q: (
            rank.get(q.subject, len(_ORDER)), _make_sort_key(str(q.subject)), named.get(q.predicate.value, 9),
            q.predicate.value, str(q.object),
        ),
    )  # fmt: skip


def _make_sort_key(text: str) -> list[tuple[int, str]]:
    """Return a key that sorts numbers by value: ``char=9,`` before ``char=10,``."""
    return [(int(p), "") if p.isdecimal() and p.isascii() else (-1, p) for p in re.split(r"(?<==)(\d+)", text)]


def _select_prefixes(statements: Iterable[Quad | Triple]) -> dict[str, str]:
    """Return the prefixes that *statements* need."""
    names: set[str] = set()
    for s in statements:
        names.add(s.predicate.value)
        if isinstance(s.object, NamedNode):
            names.add(s.object.value)
        elif isinstance(s.object, Literal):
            names.add(s.object.datatype.value)
    return {p: ns for p, ns in PREFIXES.items() if any(n.startswith(ns) for n in names)}


def _normalize_text(text: str, form: str) -> str:
    """Return *text* with sorted prefixes (the serializer's order varies), and a blank line before each subject."""
    if form == "rdfxml":
        head = re.search(r"<rdf:RDF([^>]*)>", text)
        if head:
            attributes = " ".join(sorted(head[1].split()))
            text = f"{text[: head.start()]}<rdf:RDF {attributes}>{text[head.end() :]}"
        return text
    if form not in {"turtle", "trig"}:
        return text
    lines = text.splitlines()
    body = next((i for i, line in enumerate(lines) if not line.startswith("@prefix")), len(lines))
    out = sorted(lines[:body])
    for line in lines[body:]:
        if line.startswith("<") or (form == "trig" and line.startswith("\t<")):
            out.append("")
        out.append(line)
    return "\n".join(out) + "\n"


def _make_xml_object(term: Any) -> Any:
    """Return *term* with characters that XML cannot hold replaced."""
    if isinstance(term, Literal) and (value := make_xml_safe(term.value)) != term.value:
        return Literal(value, language=term.language) if term.language else Literal(value, datatype=term.datatype)
    return term
