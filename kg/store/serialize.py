"""RDF text of a store, and the union of its graphs. The same store gives the same bytes.

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
    "Commitment", "Provision", "Observation", "Target", "Condition", "Evidence",
)  # fmt: skip
"""What comes first in a file for people."""


def rank_class(kind: str) -> int:
    """Which place a class, by its local name, has in a file for people; what is none comes last."""
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def serialize_store(store: Store, form: str, *, with_builds: bool = False) -> str:
    """All of *store* in an RDF syntax."""
    graphs = store.graphs(links=True, builds=with_builds)
    if form in _QUADS:
        quads = [q for g in graphs for q in _in_order(set(store.quads(g)))]
        if form == "nquads":
            quads.sort(key=str)
        return _clean((serialize(quads, format=_QUADS[form], prefixes=_used(quads)) or b"").decode("utf-8"), form)
    return serialize_triples(merge_graphs(store, graphs), _TRIPLES[form])


def merge_graphs(store: Store, graphs: Iterable[str] | None = None) -> list[Triple]:
    """What all sources say together, and what joins them.

    Of two ways to print a name the fullest is the label, the other an alias; of two ways to print the words of a part
    (two portals differ in a comma) one is kept.
    """
    quads = {Quad(q.subject, q.predicate, q.object) for g in graphs or store.graphs(links=True) for q in store.quads(g)}
    printed: dict[object, list[Quad]] = {}
    for q in quads:
        if q.predicate.value in (RDFS + "label", PK + "text"):
            printed.setdefault((q.subject, q.predicate), []).append(q)
    for several in (found for found in printed.values() if len(found) > 1):
        several.sort(key=lambda q: (len(q.object.value), q.object.value))  # type: ignore[union-attr]
        quads.difference_update(several[:-1])
        if several[0].predicate.value == RDFS + "label":
            quads.update(Quad(q.subject, NamedNode(SKOS + "altLabel"), q.object) for q in several[:-1])
    return [q.triple for q in _in_order(quads)]


def serialize_triples(triples: Iterable[Triple], form: RdfFormat) -> str:
    """*triples* in a syntax, with prefixes and in a fixed order."""
    listed = list(triples)
    if form == RdfFormat.N_TRIPLES:
        listed.sort(key=str)
    if form == RdfFormat.RDF_XML:
        listed = [Triple(t.subject, t.predicate, _xml_object(t.object)) for t in listed]
    data = serialize(listed, format=form, prefixes=_used(listed) if form != RdfFormat.JSON_LD else None) or b""
    names = {RdfFormat.TURTLE: "turtle", RdfFormat.RDF_XML: "rdfxml"}
    return _clean(data.decode("utf-8"), names.get(form, ""))


def _in_order(quads: Iterable[Quad]) -> list[Quad]:
    """Quads for people: documents, things, parts, figures, evidence, then texts and their spans."""
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
            rank.get(q.subject, len(_ORDER)), _natural(str(q.subject)), named.get(q.predicate.value, 9),
            q.predicate.value, str(q.object),
        ),
    )  # fmt: skip


def _natural(text: str) -> list[tuple[int, str]]:
    """Numbers in order of size: ``char=9,`` before ``char=10,``."""
    return [(int(p), "") if p.isdecimal() and p.isascii() else (-1, p) for p in re.split(r"(?<==)(\d+)", text)]


def _used(statements: Iterable[Quad | Triple]) -> dict[str, str]:
    """The prefixes that *statements* need."""
    names: set[str] = set()
    for s in statements:
        names.add(s.predicate.value)
        if isinstance(s.object, NamedNode):
            names.add(s.object.value)
        elif isinstance(s.object, Literal):
            names.add(s.object.datatype.value)
    return {p: ns for p, ns in PREFIXES.items() if any(n.startswith(ns) for n in names)}


def _clean(text: str, form: str) -> str:
    """Prefixes in order (the serializer's own order changes from run to run), and a blank line before each subject."""
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


def _xml_object(term: Any) -> Any:
    if isinstance(term, Literal) and (value := make_xml_safe(term.value)) != term.value:
        return Literal(value, language=term.language) if term.language else Literal(value, datatype=term.datatype)
    return term
