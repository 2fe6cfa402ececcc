"""The interactive page of a store: its data (``viz.data``) and its HTML.

The page shows things, statements and quotes. A figure is a line of the thing that it belongs to.
"""

from __future__ import annotations

from pathlib import Path

from extract.text.normalize import join_lines
from kg.errors import UsageError
from kg.graph.facts import Passage, Statement
from kg.graph.show import describe_figure, find_things
from kg.graph.view import NODE_CLASSES, View
from kg.graph.wording import format_number
from kg.store.store import Store
from ontology.terms import DCTERMS, DOCUMENT_CLASSES, FIGURE_CLASSES, PART_CLASSES, PK
from viz.data import Edge, FactLine, FigureDetails, Node, PageData, PageOptions, Quote

__all__ = ["PageOptions", "build_page_data", "render_page"]

SUFFIXES = {".html": "html", ".htm": "html"}
_MOST_QUOTES = 5
"""How many quotes of one fact or statement a page has."""
_WEIGHT = {"Proposal": 6.0, "LeadReply": 4.0, "CoHandlingOpinion": 3.0, "PolicyInstrument": 2.0}
_OTHER_WEIGHT = 1.0
_PART_WEIGHT = 0.2


def build_page_data(store: Store, about: str | None = None, hops: int = 1, lang: str = "zh") -> PageData:
    """Return what a page of *store* shows.

    Args:
        store: the store.
        about: name or IRI of a thing. The page has this thing and what is at most *hops* statements away from it.
            None: the page has everything.
        hops: number of statements to follow from *about*.
        lang: language of the title.

    Raises:
        NotFoundError: no thing has the name *about*.
    """
    view = View(store)
    chosen = set(view.find_by_class(*NODE_CLASSES))
    edges = [edge for edge in _find_edges(view) if edge.subject in chosen and edge.object in chosen]
    focus: str | None = None
    if about is not None:
        found = find_things(view, about)
        focus = found[0]
        chosen = _expand_neighbourhood(set(found), edges, hops)
        edges = [edge for edge in edges if edge.subject in chosen and edge.object in chosen]
    maker = _PageMaker(view)
    nodes = tuple(maker.make_node(iri) for iri in sorted(chosen))
    page_edges = tuple(maker.make_edge(number, edge) for number, edge in enumerate(edges, 1))
    sources = list(store.list_sources()) if focus is None else _find_quoted_sources(nodes, page_edges)
    title = view.label(focus) if focus else _make_title(view, sources, lang)
    subtitle = sources[0] if len(sources) == 1 else ""
    return PageData(title, nodes, page_edges, focus, subtitle, len(sources))


def render_page(store: Store, about: str | None = None, hops: int = 1, options: PageOptions | None = None) -> str:
    """Return the page of *store* as HTML.

    Args:
        store: the store.
        about: see :func:`build_page_data`.
        hops: see :func:`build_page_data`.
        options: how the page opens and looks. None: the defaults.

    Raises:
        NotFoundError: no thing has the name *about*.
        UsageError: the view or the folder in *options* does not exist, or a file in the folder is wrong.
    """
    from viz.page import render_html
    from viz.views import VIEWS

    options = options or PageOptions()
    view, look = options.view, options.look
    if view not in VIEWS:
        raise UsageError(
            f"--view {view}：没有这个视图（有：{'、'.join(VIEWS)}）",
            f"--view {view}: no such view (there are: {', '.join(VIEWS)})",
        )
    if look is not None and not Path(look).is_dir():
        raise UsageError(
            f"--look {look}：没有这个文件夹；里面应有 theme.toml、texts.toml 等要替换的文件",
            f"--look {look}: no such folder; put the files to replace in it: theme.toml, texts.toml …",
        )
    data = build_page_data(store, about, hops, options.lang)
    try:
        return render_html(data, options)
    except ValueError as error:
        if look is None:
            raise
        raise UsageError(f"--look {look}：{error}", f"--look {look}: {error}") from error


def _find_edges(view: View) -> list[Statement]:
    """Return each statement between two things once, the statements of parts included, sorted."""
    edges = {(edge.subject, edge.predicate, edge.object): edge for edge in view.all_statements()}
    for part in view.find_by_class(*PART_CLASSES):
        for edge in view.links(part):
            edges.setdefault((edge.subject, edge.predicate, edge.object), edge)
    return [edges[key] for key in sorted(edges)]


def _expand_neighbourhood(start: set[str], edges: list[Statement], hops: int) -> set[str]:
    """Return *start* and the things that are at most *hops* edges away from it."""
    reached = set(start)
    for _ in range(max(hops, 0)):
        near = {edge.object for edge in edges if edge.subject in reached}
        near |= {edge.subject for edge in edges if edge.object in reached}
        if near <= reached:
            break
        reached |= near
    return reached


def _make_title(view: View, sources: list[str], lang: str) -> str:
    proposals = view.find_by_class("Proposal")
    if len(sources) == 1 and proposals:
        with_text = [proposal for proposal in proposals if view.properties(proposal).get(DCTERMS + "source")]
        return view.label((with_text or proposals)[0])
    return "提案知识图谱" if lang == "zh" else "Knowledge graph of proposals"


def _find_quoted_sources(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> list[str]:
    """Return the ids of the sources that a page of a neighbourhood quotes, sorted."""
    quotes = [quote for node in nodes for quote in node.quotes] + [quote for edge in edges for quote in edge.quotes]
    quotes += [quote for node in nodes for fact in node.facts for quote in fact.quotes]
    return sorted({quote.source_id for quote in quotes})


class _PageMaker:
    """A maker of nodes and edges that looks up each quoted document once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._documents: dict[str, tuple[str, str, str]] = {}

    def make_node(self, iri: str) -> Node:
        view = self._view
        kind = view.kind(iri)
        facts = [FactLine(name, value) for name, value in view.literals(iri)]
        if kind in PART_CLASSES and (text := view.first_value(iri, PK + "text")) and text != view.label(iri):
            facts.append(FactLine("text", text))
        figures = [figure.iri for figure in view.figures(iri) if figure.kind in FIGURE_CLASSES]
        facts += [
            self._make_figure_line(iri, figure) for figure in dict.fromkeys((*figures, *self._list_conditions(iri)))
        ]
        weight = _WEIGHT.get(kind, _PART_WEIGHT if kind in PART_CLASSES else _OTHER_WEIGHT)
        if kind in DOCUMENT_CLASSES and not view.properties(iri).get(DCTERMS + "source"):
            weight = min(weight, _OTHER_WEIGHT)  # a document that others only refer to
        quotes = self._make_quotes(view.passages(iri))
        return Node(iri, kind, view.label(iri), tuple(view.aliases(iri)), tuple(facts), quotes, weight)

    def _list_conditions(self, iri: str) -> list[str]:
        """Return the conditions of what a thing gets that name no thing themselves: 对首批通过的给予5万元."""
        provisions = [figure.iri for figure in self._view.figures(iri, ("about",)) if figure.kind == "Provision"]
        found = (self._view.figures(provision, ("conditionOf",)) for provision in provisions)
        return [figure.iri for figures in found for figure in figures if figure.kind == "Condition"]

    def make_edge(self, number: int, edge: Statement) -> Edge:
        quotes = self._make_quotes(edge.passages)
        return Edge(f"s{number}", edge.subject, edge.object, edge.predicate, quotes, edge.confidence)

    def _make_figure_line(self, iri: str, figure: str) -> FactLine:
        zh, en = (describe_figure(self._view, iri, figure, lang) for lang in ("zh", "en"))
        quotes, details = self._make_quotes(zh.passages), self._make_details(figure)
        return FactLine(zh.label, zh.value, quotes, en.label, en.value, zh.group, details)

    def _make_details(self, iri: str) -> FigureDetails:
        figure = self._view.figure(iri)
        value, zh, en = f"{figure.value:f}", figure.requires, figure.requires
        if figure.requires and not figure.bound:
            value = ""  # a condition without a number: 取得资质
        else:
            zh, en = (format_number(figure.value, figure.unit, lang) for lang in ("zh", "en"))
        metric = self._view.first_value(iri, PK + "metric")
        return FigureDetails(
            iri, value, figure.unit, figure.bound, zh, en, metric, figure.period, figure.per,
            figure.deadline, figure.frequency, figure.slots,
            self._view.first_value(iri, PK + "supportType").removeprefix(PK),
        )  # fmt: skip

    def _make_quotes(self, passages: tuple[Passage, ...]) -> tuple[Quote, ...]:
        return tuple(self._make_quote(passage) for passage in passages[:_MOST_QUOTES])

    def _make_quote(self, passage: Passage) -> Quote:
        title, agency, date = self._describe_document(passage.document)
        return Quote(
            join_lines(passage.text), join_lines(passage.before), join_lines(passage.after), title or passage.source,
            agency, date, passage.source, passage.begin, passage.locator,
        )  # fmt: skip

    def _describe_document(self, iri: str) -> tuple[str, str, str]:
        """Return title, agency and date of a document; empty texts for what is not known."""
        known = self._documents.get(iri)
        if known is None and not iri:
            known = ("", "", "")
        if known is None:
            view = self._view
            by = view.first_value(iri, PK + "issuedBy") or view.first_value(iri, PK + "submittedBy")
            known = (view.label(iri), view.label(by) if by else "", view.first_value(iri, DCTERMS + "issued"))
        self._documents[iri] = known
        return known
