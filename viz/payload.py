"""A page's data as the browser gets it: every string once, everything by number.

The drawing (who stands where, what links whom) goes through pyvis; this is the rest: names, facts, quotes. A quote is
a stretch of a passage (its sentence), so that all quotes of one sentence share its text. Positions count UTF-16 units,
which is what JavaScript's strings are made of.
"""

from __future__ import annotations

import json
from typing import Any

from ontology.terms import DCTERMS, PK, PREFIXES, RDFS, SKOS
from viz.data import Edge, FactLine, Figure, Node, PageData, Quote
from viz.pinyin import readings

Json = dict[str, Any]
_TERMS = {"broader": SKOS + "broader", "issued": DCTERMS + "issued", "title": DCTERMS + "title"}
"""Properties that are not of our own namespace, by their local names; all others are."""


def check(data: PageData) -> None:
    """Raise ValueError unless ids are unique, edges end at nodes and the focus is a node."""
    nodes = {node.id for node in data.nodes}
    if len(nodes) != len(data.nodes):
        raise ValueError("PageData: two nodes have one id")
    if len({edge.id for edge in data.edges}) != len(data.edges):
        raise ValueError("PageData: two edges have one id")
    for edge in data.edges:
        for end in (edge.source, edge.target):
            if end not in nodes:
                raise ValueError(f"PageData: edge {edge.id} ends at {end}, which is no node")
    if data.focus is not None and data.focus not in nodes:
        raise ValueError(f"PageData: the focus {data.focus} is no node")


class _Tables:
    """Strings and quotes, numbered as they come."""

    def __init__(self) -> None:
        self.passages: dict[str, int] = {}
        self.sources: dict[tuple[str, str, str, str], int] = {}
        self.quotes: dict[tuple[int, int, int, int], int] = {}
        self.figures: dict[str, int] = {}
        self.parts: list[Figure] = []

    def figure(self, figure: Figure | None) -> int | None:
        if figure is None:
            return None
        number = self.figures.setdefault(figure.id, len(self.figures))
        if number == len(self.parts):
            self.parts.append(figure)
        return number

    def quote(self, quote: Quote) -> int:
        passage = quote.before + quote.text + quote.after
        begin = _utf16(quote.before)
        source = (quote.source_title, quote.agency, quote.date, quote.source_id)
        key = (
            self.passages.setdefault(passage, len(self.passages)),
            begin,
            begin + _utf16(quote.text),
            self.sources.setdefault(source, len(self.sources)),
        )
        return self.quotes.setdefault(key, len(self.quotes))

    def numbers(self, quotes: tuple[Quote, ...]) -> list[int]:
        return list(dict.fromkeys(self.quote(q) for q in quotes))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _trimmed(row: list[Any]) -> list[Any]:
    """*row* without its empty tail."""
    while row and row[-1] in ("", None, []):
        row.pop()
    return row


def payload(data: PageData, first: list[tuple[int, ...]], groups: list[int], left_out: int = 0) -> Json:
    """What the page's scripts read (``templates/js/model.js`` is the other side of this).

    Args:
        data: what to show; checked.
        first: position in ``data.nodes``, x, y and community of each node of the first view.
        groups: community of each node in the layout of everything.
        left_out: how many things of the graph are not on the page at all.
    """
    tables = _Tables()
    at = {n.id: i for i, n in enumerate(data.nodes)}

    def fact(line: FactLine) -> list[Any]:
        figure = tables.figure(line.figure)
        quotes = tables.numbers(line.quotes)
        return _trimmed([line.label, line.value, quotes, line.kind, line.label_en, line.value_en, figure])

    def parts(f: Figure) -> list[Any]:
        ties = [[slot, at[other]] for slot, other in f.ties if other in at]
        return _trimmed([f.id, f.value, f.unit, f.bound, f.amount, f.amount_en, f.metric, f.period, f.per, f.deadline,
                         f.frequency, ties])  # fmt: skip

    def node(value: Node) -> list[Any]:
        return _trimmed(
            [value.id, list(value.aliases), [fact(line) for line in value.facts], tables.numbers(value.quotes)]
        )

    def edge(value: Edge) -> list[Any]:
        confidence = None if value.confidence is None else round(value.confidence, 3)
        return _trimmed([value.predicate, tables.numbers(value.quotes), confidence, value.label_zh, value.label_en])

    nodes, edges = [node(n) for n in data.nodes], [edge(e) for e in data.edges]
    return {
        "title": data.title,
        "subtitle": data.subtitle,
        "focus": None if data.focus is None else at[data.focus],
        "leftOut": left_out,
        "nodes": nodes,
        "edges": edges,
        "first": [list(place) for place in first],
        "groups": groups,
        "figures": [parts(f) for f in tables.parts],
        "pinyin": readings(name for n in data.nodes for name in (n.label, *n.aliases)),
        "terms": {
            "prefixes": {name: PREFIXES[name] for name in ("pk", "dcterms", "skos", "rdf", "prov", "xsd")}
            | {"rdfs": RDFS},
            "ours": PK,
            "others": _TERMS,
        },
        "passages": list(tables.passages),
        "sources": [list(s) for s in tables.sources],
        "quotes": [list(q) for q in tables.quotes],
    }


_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def script_json(value: object) -> str:
    """*value* as JSON that can stand in a ``<script>``: no text in it can end the element or begin a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_UNSAFE).encode("utf-8", "backslashreplace").decode("utf-8")
