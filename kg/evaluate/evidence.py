"""The check of quotes and evidence. It needs no annotation.

Each quoted span must be equal to its place in the text. Each statement and each figure must have a quote.
"""

from __future__ import annotations

from kg.evaluate.gold import DOCUMENT_LINKS
from kg.evaluate.model import EvidenceCheck
from kg.evaluate.reading import EDGES, FIGURE_TYPES, SourceGraph, make_property_iri
from ontology.terms import NIF, PROV, RDF


def check_evidence(graph: SourceGraph) -> EvidenceCheck:
    """Return the number of right spans, and a line for each wrong span and each missing quote."""
    good, wrong = _check_spans(graph)
    return EvidenceCheck(good, tuple(wrong), tuple(_find_missing(graph)))


def _check_spans(graph: SourceGraph) -> tuple[int, list[str]]:
    good, wrong = 0, []
    for span, words in graph.pairs(NIF + "anchorOf"):
        place = graph.place(span)
        if place is not None and graph.texts.get(place.context, "")[place.begin : place.end] == words:
            good += 1
        else:
            wrong.append(f"{span} does not quote its text")
    return good, wrong


def _find_missing(graph: SourceGraph) -> list[str]:
    backed = {
        tuple(next(iter(graph.objects(node, RDF + end)), "") for end in ("subject", "predicate", "object"))
        for node in graph.find_by_class("Evidence")
        if graph.objects(node, PROV + "wasQuotedFrom")
    }
    missing = [
        f"no evidence: {graph.label(subject)} {name} {graph.label(obj)}"
        for name in dict.fromkeys((*EDGES, *DOCUMENT_LINKS))
        for subject, obj in graph.pairs(name)
        if (subject, make_property_iri(name), obj) not in backed
    ]
    figures = graph.find_by_class(*FIGURE_TYPES)
    return missing + [f"no evidence: figure {node}" for node in figures if not graph.quotes(node)]
