"""Validation of a graph: the SHACL shapes of the ontology, and two checks that need the text of the sources.

The two checks: each statement between two things has evidence; each quote is equal to its place in the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from kg.store.serialize import merge_graphs
from kg.store.store import Store
from ontology.terms import FIGURE_CLASSES, NIF, OBJECT_PROPERTIES, PART_CLASSES, PK, PROV, RDF, SKOS

if TYPE_CHECKING:
    from rdflib import Graph

_STATED = (frozenset(PK + name for name in OBJECT_PROPERTIES) | {SKOS + "broader"}) - {PK + "revisionOf"}
"""Properties whose statements need evidence. A revision is quoted as a whole."""
_OWN_WORDS = frozenset(PK + name for name in ("partOf", "actor", "involves"))
"""Properties of a part or figure that need no evidence: the part or figure is quoted as a whole."""
_QUOTED = PROV + "wasQuotedFrom"


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of a shape or check, with its message in Chinese and English."""

    rule: str
    """``evidence``, ``quote``, ``unquoted``, or ``shape``."""
    focus: str
    """IRI of the faulty node."""
    zh: str
    en: str
    graph: str = ""
    """IRI of the graph; empty for a shape."""

    def message(self, lang: str) -> str:
        """Return the message in *lang*."""
        return self.zh if lang == "zh" else self.en


def validate_store(store: Store, *, shapes: bool = True) -> list[Finding]:
    """Return all findings in *store*, sorted; the list is empty if the store is valid.

    Args:
        store: an open store.
        shapes: also check the SHACL shapes. This takes seconds for each ten thousand triples.
    """
    findings = [f for graph in store.list_graphs() for f in check_graph(store.read_quads(graph), graph)]
    findings += check_graph(store.read_quads(store.links_graph), store.links_graph, _source_texts(store))
    if shapes:
        findings += check_shapes(store)
    return sorted(findings, key=lambda f: (f.rule, f.graph, f.focus, f.zh))


def check_graph(quads: Iterable[Quad], graph: str = "", texts: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Yield what is wrong with evidence and quotes in one graph.

    Args:
        quads: the quads of the graph.
        graph: IRI of the graph.
        texts: text of each source by the IRI of its graph. Only the graph of links needs it: it quotes the sources,
            but does not hold their texts.
    """
    listed = list(quads)
    kinds: dict[str, set[str]] = {}
    props: dict[str, dict[str, list[str]]] = {}
    for quad in listed:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            props.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object.value)
            if quad.predicate.value == RDF + "type":
                kinds.setdefault(quad.subject.value, set()).add(quad.object.value.removeprefix(PK))
    yield from _find_unsupported(listed, kinds, props, graph)
    yield from _find_misquoted(props, graph, texts or {})


def check_shapes(store: Store) -> list[Finding]:
    """Return the violations of the SHACL shapes in the merged graphs of *store*."""
    import pyshacl
    from rdflib import Graph

    data = Graph()
    triples = serialize(merge_graphs(store), format=RdfFormat.N_TRIPLES) or b""
    data.parse(data=triples, format="nt")
    _, report, _ = pyshacl.validate(
        data,
        shacl_graph=_load_ontology_file("shapes.ttl"),
        ont_graph=_load_ontology_file("proposal-kg.ttl"),
        advanced=True,
    )
    return list(_read_report(report))


def _find_unsupported(
    quads: list[Quad], kinds: dict[str, set[str]], props: dict[str, dict[str, list[str]]], graph: str
) -> Iterator[Finding]:
    backed = {
        (p[RDF + "subject"][0], p[RDF + "predicate"][0], p[RDF + "object"][0])
        for node, p in props.items()
        if "Evidence" in kinds.get(node, ()) and p.get(_QUOTED) and RDF + "subject" in p
    }
    for quad in quads:
        if not (isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)):
            continue
        if quad.predicate.value not in _STATED:
            continue
        subject, predicate, obj = quad.subject.value, quad.predicate.value, quad.object.value
        own = kinds.get(subject, set())
        if obj.startswith(PK):
            continue  # the object is an individual of the ontology: an attribute, backed by the quote of the thing
        if own & (FIGURE_CLASSES | PART_CLASSES) and predicate in _OWN_WORDS:
            continue
        if (subject, predicate, obj) not in backed:
            shown = f"{subject} {predicate.removeprefix(PK)} {obj}"
            yield Finding(
                "evidence", subject, f"没有依据的关系：{shown}", f"statement without evidence: {shown}", graph
            )
    for node, own in sorted(kinds.items()):
        if own & (FIGURE_CLASSES | PART_CLASSES | {"Evidence"}) and not props[node].get(_QUOTED):
            yield Finding("unquoted", node, f"没有引文：{node}", f"node without a quote: {node}", graph)


def _source_texts(store: Store) -> Mapping[str, str]:
    found = store.find_statements(None, NIF + "isString")
    return {getattr(quad.subject, "value", ""): getattr(quad.object, "value", "") for quad in found}


def _find_misquoted(props: dict[str, dict[str, list[str]]], graph: str, texts: Mapping[str, str]) -> Iterator[Finding]:
    for node, values in props.items():
        if NIF + "anchorOf" not in values:
            continue
        contexts = [props.get(c, {}) for c in values.get(NIF + "referenceContext", ())]
        inside = [t for c in contexts for t in c.get(NIF + "isString", ())]
        text = next(iter(inside or [texts[c] for c in values.get(NIF + "referenceContext", ()) if c in texts]), "")
        begin, end = int(values[NIF + "beginIndex"][0]), int(values[NIF + "endIndex"][0])
        if text[begin:end] != values[NIF + "anchorOf"][0] or not begin < end:
            yield Finding("quote", node, f"引文与原文不符：{node}", f"quote differs from its source: {node}", graph)


def _load_ontology_file(name: str) -> Graph:
    from rdflib import Graph

    graph = Graph()
    graph.parse(data=files("ontology").joinpath(name).read_text(encoding="utf-8"), format="turtle")
    return graph


def _read_report(report: Graph) -> Iterator[Finding]:
    from rdflib import SH
    from rdflib import Literal as RdfLiteral

    for result in report.objects(None, SH.result):
        literals = [m for m in report.objects(result, SH.resultMessage) if isinstance(m, RdfLiteral)]
        messages = {literal.language or "": str(literal) for literal in literals}
        default = messages.get("") or next(iter(sorted(messages.values())), "")
        focus = str(report.value(result, SH.focusNode))
        value = report.value(result, SH.value)
        shown = f"{focus}({value})" if value is not None else focus
        yield Finding(
            "shape", focus, f"{messages.get('zh', default)} {shown}", f"{messages.get('en', default)} {shown}"
        )
