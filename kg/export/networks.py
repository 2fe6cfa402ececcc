"""A store as a network of things and statements: networkx, GraphML, GEXF and tables.

Figures are no nodes (a number is no thing): each is a row of its own table, and a line of the thing it is about.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import networkx as nx

from kg.files import make_xml_safe
from kg.graph.view import NODE_CLASSES, Passage, View
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


def network(store: Store) -> nx.MultiDiGraph[str]:
    """Documents, parts and entities with the statements between them, in a fixed order."""
    view = View(store)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri in view.of_kind(*NODE_CLASSES):
        graph.add_node(iri, **_node(view, iri))
    number = 0
    for s in view.all_statements():
        if s.subject in graph and s.object in graph:
            number += 1
            attributes = _edge(s.predicate, s.passages) | {"confidence": s.confidence or 0.0}
            graph.add_edge(s.subject, s.object, key=f"s{number}", **attributes)
    for iri in view.of_kind(*PART_CLASSES):
        for s in view.links(iri):
            if s.subject == iri and s.object in graph:
                number += 1
                attributes = _edge(s.predicate, s.passages) | {"confidence": 1.0}
                graph.add_edge(iri, s.object, key=f"s{number}", **attributes)
    return graph


def network_text(store: Store, form: str) -> str:
    """The network as GraphML or GEXF."""
    graph = network(store)
    for _, attributes in graph.nodes(data=True):
        _make_safe(attributes)
    for _, _, attributes in graph.edges(data=True):
        _make_safe(attributes)
    if form == "graphml":
        lines = nx.generate_graphml(graph, named_key_ids=True)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n"
    text = "\n".join(nx.generate_gexf(graph))
    # the writer puts today's date in: the same store shall give the same bytes
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + re.sub(r' lastmodifieddate="[^"]*"', "", text) + "\n"


def csv_tables(store: Store) -> dict[str, bytes]:
    """Tables ``nodes``, ``edges`` and ``figures``, UTF-8 with BOM so that spreadsheets read Chinese."""
    graph = network(store)
    edges = [
        {"id": key, "source": s, "target": t, "source_label": graph.nodes[s]["label"],
         "target_label": graph.nodes[t]["label"], **d}
        for s, t, key, d in graph.edges(keys=True, data=True)
    ]  # fmt: skip
    return {
        "nodes": csv_bytes(_NODE_COLUMNS, [{"id": n, **d} for n, d in graph.nodes(data=True)]),
        "edges": csv_bytes(_EDGE_COLUMNS, edges),
        "figures": csv_bytes(_FIGURE_COLUMNS, list(_figures(View(store)))),
    }


def _node(view: View, iri: str) -> dict[str, Any]:
    kind = view.kind(iri)
    passages = view.passages(iri)
    lines = [f"{f.metric} {format_figure(f, 'zh')}".strip() for f in view.figures(iri, ("about",))]
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


def _edge(predicate: str, passages: tuple[Passage, ...]) -> dict[str, Any]:
    facts = {"label": predicate, "predicate": predicate, "predicate_zh": name_property(predicate, "zh")}
    if passages:
        facts |= {"quote": passages[0].text, "document": passages[0].source}
    return facts


def _figures(view: View) -> Any:
    for f in view.all_figures():
        slots = dict(reversed(f.slots))
        about = slots.get("about", "")
        yield {
            "id": f.iri, "class": f.kind, "about": about, "about_label": view.label(about) if about else "",
            "metric": f.metric, "bound": f.bound, "value": f"{f.value.normalize():f}", "unit": f.unit,
            "period": f.period, "per": f.per, "deadline": f.deadline, "frequency": f.frequency,
            **{column: view.label(slots[slot]) for column, slot in (
                ("place", "place"), ("granted_under", "grantedUnder"), ("provider", "provider")) if slot in slots},
            "quote": f.passages[0].text if f.passages else "",
            "document": f.passages[0].source if f.passages else "",
        }  # fmt: skip


def csv_bytes(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> bytes:
    """A table in UTF-8 with BOM, so that spreadsheets read Chinese and take nothing for a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    """What a spreadsheet shall not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def _make_safe(attributes: dict[str, Any]) -> None:
    for key, value in attributes.items():
        if isinstance(value, str):
            attributes[key] = make_xml_safe(value)
