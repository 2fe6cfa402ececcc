"""The content of a graph page as frozen values, filled by ``kg.export.page`` from a store or by hand in a notebook.

    PageData ── Node ── FactLine ── FigureDetails
            │               └───── Quote
            └── Edge ───────────── Quote

A figure is not a node here. It is a :class:`FactLine` of each thing that it is tied to.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

FIRST_NODES: Final = 300
"""Number of nodes that are drawn when the page opens."""


@dataclass(frozen=True, slots=True)
class SiteLinks:
    """Addresses of the site that a page belongs to."""

    home: str
    thing: str = ""
    """What the percent-encoded IRI of a thing is put behind, for the page of the thing."""
    near: str = ""
    """The same, for a page of the thing and its neighbours."""


@dataclass(frozen=True, slots=True)
class PageOptions:
    """How a page opens, and what it looks like."""

    lang: str = "zh"
    """Language that the page opens in, ``zh`` or ``en``. The page holds both."""
    limit: int = FIRST_NODES
    """Number of nodes that are drawn at first. The reader can add the others."""
    view: str = "graph"
    """View that the page opens with, one of ``viz.views.VIEWS``. The page holds all of them."""
    embed: bool = False
    """Open without the frame (title, search, panel), as a part of another page."""
    site: SiteLinks | None = None
    """Links to the site that the page belongs to; None for a page that stands alone."""
    most: int = 50_000
    """Number of nodes that the page holds at most: the most important ones."""
    look: str | os.PathLike[str] | None = None
    """Folder with files that replace those of the package (:class:`viz.theme.Skin`)."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source that state something, with the text around them."""

    text: str
    """The quoted words, exactly as in the source."""
    before: str = ""
    """The text right before them, normally the beginning of their sentence."""
    after: str = ""
    """The text right after them, normally the rest of their sentence."""
    source_title: str = ""
    """Title of the quoted document, for readers."""
    agency: str = ""
    """Who issued or submitted that document."""
    date: str = ""
    """Date of the document, ISO 8601 (``2023-06-19``, ``2023-06``, ``2023``)."""
    source_id: str = ""
    """Id of the source in the store, e.g. ``2023/20230368.txt``."""
    begin: int = 0
    """Position of the quote in the source, in code points. It gives the order of the text."""
    locator: str = ""
    """Place in the original file, if that has pages or cells: ``第3页``."""


@dataclass(frozen=True, slots=True)
class FigureDetails:
    """The slots of a figure, for badges, tables and Turtle."""

    id: str
    """Its IRI. A figure that is a line of several things has one id."""
    value: str
    """Decimal number in the base unit: ``297000000``."""
    unit: str = ""
    """``CNY``, ``%`` or the counter as printed."""
    bound: str = ""
    """Local name (``AtMost``), a key of ``[bounds]`` in ``labels.toml``. Empty if the text states no bound."""
    amount: str = ""
    """Value and unit for readers: ``2.97亿元``."""
    amount_en: str = ""
    metric: str = ""
    """What is counted or paid, as printed."""
    period: str = ""
    per: str = ""
    deadline: str = ""
    frequency: str = ""
    ties: tuple[tuple[str, str], ...] = ()
    """Property (``about``, ``grantedUnder`` …) and Node id of each thing that the figure is tied to. ``conditionOf``
    has the id of the figure that a condition is one of."""
    support: str = ""
    """What a provision gives: local name of a ``pk:SupportType``, empty for other figures."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in words: ``文号`` – ``东府办〔2022〕63号``, ``建站资助`` – ``最高 120 万元（2022）``."""

    label: str
    """A key of ``[facts]`` in ``labels.toml`` (``documentNumber``). Other words are shown as they are."""
    value: str
    """A key of ``[values]`` in ``labels.toml`` (``InForce``). Other words are shown as they are."""
    quotes: tuple[Quote, ...] = ()
    label_en: str = ""
    """English words for a *label* that is not a key. If empty, *label* is shown."""
    value_en: str = ""
    """English words for *value*. If empty, *value* is shown."""
    kind: str = ""
    """Class of a figure (``Provision Observation Target Condition``): figures are grouped under headings by it."""
    figure: FigureDetails | None = None
    """Slots of the figure, if the fact is a figure and its slots are known."""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing that has its own shape on the page."""

    id: str
    """Its IRI, or any other string that is unique among the nodes."""
    kind: str
    """Local name of its class (``Agency``), a table of ``theme.toml``. An unknown class looks like ``Other``."""
    label: str
    aliases: tuple[str, ...] = ()
    facts: tuple[FactLine, ...] = ()
    quotes: tuple[Quote, ...] = ()
    """Its mentions."""
    weight: float = 1.0
    """Importance, 0 or more. With the number of its edges it decides its size and whether it is drawn at first."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A statement between two nodes."""

    id: str
    source: str
    """Id of the Node that is the subject."""
    target: str
    """Id of the Node that is the object."""
    predicate: str
    """Local name (``issuedBy``), a key of ``[predicates]`` in ``labels.toml``."""
    quotes: tuple[Quote, ...] = ()
    confidence: float | None = None
    """0 to 1, or None if unknown."""
    label_zh: str = ""
    """Words for a predicate that ``labels.toml`` does not have."""
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class PageData:
    """The whole content of one page.

    Rendering raises ValueError if an edge ends at an id that is not a node, or if two ids are equal.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    focus: str | None = None
    """Id of the Node that the page opens at. None shows the most important nodes."""
    subtitle: str = ""
    """One line under the title: what the graph was made from. Empty: the number of sources."""
    source_count: int = 0
    """Number of files that the graph was made from. 0: those that its quotes are from are counted."""
