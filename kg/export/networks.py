"""A store as a network of things and statements: networkx, GraphML, GEXF and tables.

Figures are not nodes. Each figure is a row of a table of its own, and a part of the attribute ``figures`` of the thing
that it is about.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import networkx as nx

from kg.files import make_xml_safe
from kg.graph.facts import Passage
from kg.graph.view import NODE_CLASSES, View
from kg.graph.wording import format_figure
from kg.store.store import Store
from ontology.labels import name_class, name_property
from ontology.terms import PART_CLASSES

_NODE_COLUMNS = ("id", "label", "class", "class_zh", "aliases", "issued", "documentNumber", "proposalNumber", "session",
                 "handlingClass", "number", "status", "level", "replyState", "unreadFile", "figures", "quote",
                 "source")  # fmt: skip
_EDGE_COLUMNS = ("id", "source", "target", "predicate", "predicate_zh", "source_label", "target_label", "confidence",
                 "quote", "document")  # fmt: skip
_FIGURE_COLUMNS = ("id", "class", "about", "about_label", "metric", "bound", "value", "unit", "period", "place", "per",
                   "deadline", "frequency", "granted_under", "provider", "quote", "document")  # fmt: skip
_SLOT_COLUMNS = {"place": "place", "granted_under": "grantedUnder", "provider": "provider"}
"""Columns of figures with the name of a thing, and the slot of that thing."""


def build_network(store: Store) -> nx.MultiDiGraph[str]:
    """Return documents, parts and entities with the statements between them, in a fixed order."""
    view = View(store)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri in view.find_by_class(*NODE_CLASSES):
        graph.add_node(iri, **_make_node(view, iri))
    number = 0
    for edge in view.all_statements():
        if edge.subject in graph and edge.object in graph:
            number += 1
            attributes = _make_edge(edge.predicate, edge.passages) | {"confidence": edge.confidence or 0.0}
            graph.add_edge(edge.subject, edge.object, key=f"s{number}", **attributes)
    for iri in view.find_by_class(*PART_CLASSES):
        for edge in view.links(iri):
            if edge.subject == iri and edge.object in graph:
                number += 1
                attributes = _make_edge(edge.predicate, edge.passages) | {"confidence": 1.0}
                graph.add_edge(iri, edge.object, key=f"s{number}", **attributes)
    return graph


def serialize_network(store: Store, form: str) -> str:
    """Return the network as GraphML or GEXF."""
    graph = build_network(store)
    for _, attributes in graph.nodes(data=True):
        _make_safe(attributes)
    for _, _, attributes in graph.edges(data=True):
        _make_safe(attributes)
    if form == "graphml":
        lines = nx.generate_graphml(graph, named_key_ids=True)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n"
    text = "\n".join(nx.generate_gexf(graph))
    # The writer adds today's date. Without it the same store gives the same bytes.
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + re.sub(r' lastmodifieddate="[^"]*"', "", text) + "\n"


def serialize_tables(store: Store) -> dict[str, bytes]:
    """Return the tables ``nodes``, ``edges`` and ``figures`` as CSV (:func:`serialize_csv`)."""
    graph = build_network(store)
    edges = [
        {"id": key, "source": source, "target": target, "source_label": graph.nodes[source]["label"],
         "target_label": graph.nodes[target]["label"], **attributes}
        for source, target, key, attributes in graph.edges(keys=True, data=True)
    ]  # fmt: skip
    nodes = [{"id": iri, **attributes} for iri, attributes in graph.nodes(data=True)]
    return {
        "nodes": serialize_csv(_NODE_COLUMNS, nodes),
        "edges": serialize_csv(_EDGE_COLUMNS, edges),
        "figures": serialize_csv(_FIGURE_COLUMNS, list(_make_figure_rows(View(store)))),
    }


def serialize_csv(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> bytes:
    """Return a table as CSV for spreadsheets.

    It is UTF-8 with a BOM, since spreadsheets read Chinese only then. No cell is read as a formula.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _make_cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _make_node(view: View, iri: str) -> dict[str, Any]:
    kind = view.kind(iri)
    passages = view.passages(iri)
    figures = view.figures(iri, ("about",))
    lines = [f"{figure.metric} {format_figure(figure, 'zh')}".strip() for figure in figures]
    facts = {
        "label": view.label(iri),
        "class": kind,
        "class_zh": name_class(kind, "zh"),
        "aliases": "；".join(view.aliases(iri)),
        "figures": "；".join(lines),
        **dict(view.literals(iri)),
    }
    if passages:
        facts |= {"quote": passages[0].text, "source": passages[0].source}
    return {key: value for key, value in facts.items() if value}


def _make_edge(predicate: str, passages: tuple[Passage, ...]) -> dict[str, Any]:
    facts = {"label": predicate, "predicate": predicate, "predicate_zh": name_property(predicate, "zh")}
    if passages:
        facts |= {"quote": passages[0].text, "document": passages[0].source}
    return facts


def _make_figure_rows(view: View) -> Iterator[dict[str, Any]]:
    for figure in view.all_figures():
        slots = dict(reversed(figure.slots))  # the first of several things in one slot
        about = slots.get("about", "")
        names = {column: view.label(slots[slot]) for column, slot in _SLOT_COLUMNS.items() if slot in slots}
        yield {
            "id": figure.iri, "class": figure.kind, "about": about, "about_label": view.label(about) if about else "",
            "metric": figure.metric, "bound": figure.bound, "value": f"{figure.value.normalize():f}",
            "unit": figure.unit, "period": figure.period, "per": figure.per, "deadline": figure.deadline,
            "frequency": figure.frequency, **names,
            "quote": figure.passages[0].text if figure.passages else "",
            "document": figure.passages[0].source if figure.passages else "",
        }  # fmt: skip


def _make_cell(value: Any) -> Any:
    """Return *value*, after an apostrophe if a spreadsheet would read it as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def _make_safe(attributes: dict[str, Any]) -> None:
    for key, value in attributes.items():
        if isinstance(value, str):
            attributes[key] = make_xml_safe(value)
