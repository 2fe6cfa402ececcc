"""The data of a page as its scripts read it: tables of strings, and numbers that point into them.

pyvis writes the drawing (places of the nodes, edges). The payload has the rest: names, facts, quotes, pinyin. A quote
is a range of a passage (its sentence), so that all quotes of one sentence share its text. Positions count UTF-16
units, because JavaScript strings consist of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from ontology.terms import DCTERMS, PK, PREFIXES, RDFS, SKOS
from viz.data import Edge, FactLine, FigureDetails, Node, PageData, Quote

Json = dict[str, Any]
_TERMS = {"broader": SKOS + "broader", "issued": DCTERMS + "issued", "title": DCTERMS + "title"}
"""IRIs of the properties from other vocabularies, by local name. All other properties are in ``pk:``."""
_RARE: Final = 0.02
"""A reading is rare if fewer than this share of the words with the character have it."""


def check_page_data(data: PageData) -> None:
    """Raise ValueError unless ids are unique, edges end at nodes and the focus is a node."""
    nodes = {node.id for node in data.nodes}
    if len(nodes) != len(data.nodes):
        raise ValueError("PageData: two nodes have the same id")
    if len({edge.id for edge in data.edges}) != len(data.edges):
        raise ValueError("PageData: two edges have the same id")
    for edge in data.edges:
        for end in (edge.source, edge.target):
            if end not in nodes:
                raise ValueError(f"PageData: edge {edge.id} ends at {end}, which is not a node")
    if data.focus is not None and data.focus not in nodes:
        raise ValueError(f"PageData: the focus {data.focus} is not a node")


class _Tables:
    """Passages, sources, quotes and figures, numbered in the order in which they are added."""

    def __init__(self) -> None:
        self.passages: dict[str, int] = {}
        self.sources: dict[tuple[str, str, str, str, str], int] = {}
        self.quotes: dict[tuple[int, int, int, int], int] = {}
        self.figures: dict[str, FigureDetails] = {}
        self.figure_numbers: dict[str, int] = {}

    def add_figure(self, figure: FigureDetails | None) -> int | None:
        """Return the number of *figure*, or None without one."""
        if figure is None:
            return None
        self.figures.setdefault(figure.id, figure)
        return self.figure_numbers.setdefault(figure.id, len(self.figure_numbers))

    def add_quote(self, quote: Quote) -> int:
        """Return the number of *quote*. Equal quotes have one number."""
        passage = quote.before + quote.text + quote.after
        begin = _count_utf16(quote.before)
        source = (quote.source_title, quote.agency, quote.date, quote.source_id, quote.locator)
        key = (
            self.passages.setdefault(passage, len(self.passages)),
            begin,
            begin + _count_utf16(quote.text),
            self.sources.setdefault(source, len(self.sources)),
        )
        return self.quotes.setdefault(key, len(self.quotes))

    def add_quotes(self, quotes: tuple[Quote, ...]) -> list[int]:
        """Return the numbers of *quotes*, each once."""
        return list(dict.fromkeys(self.add_quote(quote) for quote in quotes))


def _count_utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _trim_row(row: list[Any]) -> list[Any]:
    """Remove the empty values at the end of *row*, and return it."""
    while row and row[-1] in ("", None, []):
        row.pop()
    return row


def build_payload(data: PageData, first: list[tuple[int, ...]], groups: list[int], left_out: int = 0) -> Json:
    """Return the data that the scripts of the page read (in ``templates/js/model.js``).

    Args:
        data: the content of the page, checked by :func:`check_page_data`.
        first: for each node of the first view its position in ``data.nodes``, x, y and community.
        groups: community of each node in the layout of the whole graph.
        left_out: number of things of the graph that the page does not hold.
    """
    tables = _Tables()
    position = {node.id: i for i, node in enumerate(data.nodes)}
    nodes = [_make_node_row(node, tables) for node in data.nodes]
    edges = [_make_edge_row(edge, tables) for edge in data.edges]
    return {
        "title": data.title,
        "subtitle": data.subtitle,
        "focus": None if data.focus is None else position[data.focus],
        "leftOut": left_out,
        "sourceCount": data.source_count,
        "nodes": nodes,
        "edges": edges,
        "first": [list(place) for place in first],
        "groups": groups,
        "figures": [_make_figure_row(figure, position, tables) for figure in tables.figures.values()],
        "pinyin": find_readings(name for node in data.nodes for name in (node.label, *node.aliases)),
        "terms": {
            "prefixes": {name: PREFIXES[name] for name in ("pk", "dcterms", "skos", "rdf", "prov", "xsd")}
            | {"rdfs": RDFS},
            "ours": PK,
            "others": _TERMS,
        },
        "passages": list(tables.passages),
        "sources": [list(source) for source in tables.sources],
        "quotes": [list(quote) for quote in tables.quotes],
    }


def _make_node_row(node: Node, tables: _Tables) -> list[Any]:
    facts = [_make_fact_row(line, tables) for line in node.facts]
    return _trim_row([node.id, list(node.aliases), facts, tables.add_quotes(node.quotes)])


def _make_fact_row(line: FactLine, tables: _Tables) -> list[Any]:
    figure = tables.add_figure(line.figure)
    quotes = tables.add_quotes(line.quotes)
    return _trim_row([line.label, line.value, quotes, line.kind, line.label_en, line.value_en, figure])


def _make_edge_row(edge: Edge, tables: _Tables) -> list[Any]:
    confidence = None if edge.confidence is None else round(edge.confidence, 3)
    return _trim_row([edge.predicate, tables.add_quotes(edge.quotes), confidence, edge.label_zh, edge.label_en])


def _make_figure_row(figure: FigureDetails, position: dict[str, int], tables: _Tables) -> list[Any]:
    ties = [[slot, position[node]] for slot, node in figure.ties if node in position]
    numbers = tables.figure_numbers
    decides = [numbers[other] for slot, other in figure.ties if slot == "conditionOf" and other in numbers]
    return _trim_row([
        figure.id, figure.value, figure.unit, figure.bound, figure.amount, figure.amount_en, figure.metric,
        figure.period, figure.per, figure.deadline, figure.frequency, ties, decides,
    ])  # fmt: skip


def find_readings(names: Iterable[str]) -> dict[str, str]:
    """Return the pinyin of each Chinese character in *names*, for the search by sound and by initials.

    Readings have no tones and write ü as v. Several readings of one character (重) are separated by blanks; readings
    that hardly any word has (需 as *ru*) are left out, because they would find names that nobody means. The table
    depends on the set of characters alone. It has characters rather than names, because many names share them.
    """
    characters = sorted({c for name in names for c in name if "\u3400" <= c <= "\u9fff" or c >= "\U00020000"})
    if not characters:
        return {}
    from pypinyin import Style, pinyin  # loads a dictionary of phrases: about 0.1 s

    found: dict[str, str] = {}
    for character in characters:
        readings = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
        if readings:
            found[character] = " ".join(_drop_rare(character, list(dict.fromkeys(readings[0]))))
    return found


def _drop_rare(character: str, readings: list[str]) -> list[str]:
    """Return *readings* without those that few of the words with *character* have. The first one is the usual one."""
    counts = _count_readings().get(character, Counter()) if len(readings) > 1 else Counter()
    least = _RARE * counts.total()
    return [reading for n, reading in enumerate(readings) if not n or counts[reading] >= least]


@cache
def _count_readings() -> dict[str, Counter[str]]:
    """Return for each character the number of words of pypinyin's dictionary in which it has each reading."""
    from pypinyin.constants import PHRASES_DICT
    from pypinyin.contrib.tone_convert import to_normal

    normal = cache(lambda reading: to_normal(reading, v_to_u=False))
    counts: dict[str, Counter[str]] = {}
    for word, readings in PHRASES_DICT.items():
        for character, reading in zip(word, readings, strict=False):
            counts.setdefault(character, Counter())[normal(reading[0])] += 1
    return counts


_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def encode_script_json(value: object) -> str:
    """Return *value* as JSON for a ``<script>`` element: no text in it can end the element or begin a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_UNSAFE).encode("utf-8", "backslashreplace").decode("utf-8")
