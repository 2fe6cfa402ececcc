"""What a graph page shows: plain, frozen values, filled by ``kg.export.page`` from a store or by hand in a notebook.

    PageData ── Node ── FactLine ── Figure
            │               └───── Quote
            └── Edge ───────────── Quote

A figure is never a node here: it is a :class:`FactLine` of the things that it is tied to.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source that say something, in the text around them."""

    text: str
    """The quoted words, exactly as the source has them."""
    before: str = ""
    """The text right before them, normally the beginning of their sentence."""
    after: str = ""
    """The text right after them, normally the rest of their sentence."""
    source_title: str = ""
    """Title of the document that says it, for people."""
    agency: str = ""
    """Who issued or submitted that document."""
    date: str = ""
    """When, ISO 8601 (``2023-06-19``, ``2023-06``, ``2023``)."""
    source_id: str = ""
    """Id of the source in the store, e.g. ``2023/20230368.txt``."""
    begin: int = 0
    """Where in the source it begins, in code points: the order of the text."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in its parts, for badges, tables and Turtle."""

    id: str
    """Its IRI: a figure that is a line of several things is one figure."""
    value: str
    """Decimal number in the base unit: ``297000000``."""
    unit: str = ""
    """``CNY``, ``%`` or the counter as printed."""
    bound: str = ""
    """Local name (``AtMost``): a key of ``[bounds]`` in ``texts.toml``; empty if none is stated."""
    amount: str = ""
    """Value and unit as people write them: ``2.97亿元``."""
    amount_en: str = ""
    metric: str = ""
    """What is counted or paid, as printed."""
    period: str = ""
    per: str = ""
    deadline: str = ""
    frequency: str = ""
    ties: tuple[tuple[str, str], ...] = ()
    """Property (``about``, ``grantedUnder`` …) and Node id of each thing that it is tied to."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in words: ``文号`` – ``东府办〔2022〕63号``, ``建站资助`` – ``最高 120 万元（2022）``."""

    label: str
    """A key of ``[facts]`` in ``texts.toml`` (``documentNumber``), else words that are shown as they are."""
    value: str
    """A key of ``[values]`` in ``texts.toml`` (``InForce``), else words that are shown as they are."""
    quotes: tuple[Quote, ...] = ()
    label_en: str = ""
    """English words for *label*, when it is no key; without them *label* is shown."""
    value_en: str = ""
    """English words for *value*; without them *value* is shown."""
    kind: str = ""
    """For a figure its class (``Provision Observation Target Condition``): figures stand together under headings."""
    figure: Figure | None = None
    """Its parts, if it is a figure and they are known."""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing with a shape of its own on the page."""

    id: str
    """Its IRI, or any other string that no other node has."""
    kind: str
    """Local name of its class (``Agency``): a table of ``theme.toml``; any other looks like ``Other``."""
    label: str
    aliases: tuple[str, ...] = ()
    facts: tuple[FactLine, ...] = ()
    quotes: tuple[Quote, ...] = ()
    """Where it is mentioned."""
    weight: float = 1.0
    """Importance (0 or more): decides, with the number of its edges, size and whether it is drawn at first."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A statement between two nodes."""

    id: str
    source: str
    """Id of the Node that is its subject."""
    target: str
    """Id of the Node that is its object."""
    predicate: str
    """Local name (``issuedBy``): a key of ``[predicates]`` in ``texts.toml``."""
    quotes: tuple[Quote, ...] = ()
    confidence: float | None = None
    """0 to 1, if known."""
    label_zh: str = ""
    """Words for a predicate that ``texts.toml`` does not know."""
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class PageData:
    """All of one page.

    Edges whose ends are not among the nodes are an error (ValueError) when the page is rendered, as are equal ids.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    focus: str | None = None
    """Id of the Node that the page opens at; None shows the most important ones."""
    subtitle: str = ""
    """One line under the title: what the graph was made from."""
