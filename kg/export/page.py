"""From a store to what a graph page shows (``viz.data``): things, statements and quotes, figures as lines."""

from __future__ import annotations

import os
from pathlib import Path

from kg.errors import UsageError
from kg.graph.show import Line, figure_line, find
from kg.graph.view import NODE_CLASSES, Passage, Statement, View
from kg.graph.wording import format_number
from kg.store.store import Store
from ontology.terms import DCTERMS, DOCUMENT_CLASSES, FIGURE_CLASSES, PART_CLASSES, PK
from viz.data import Edge, FactLine, Figure, Node, PageData, Quote

_MOST_QUOTES = 5
"""Quotes of one fact or statement on a page."""
_WEIGHT = {"Proposal": 6.0, "LeadReply": 4.0, "CoHandlingOpinion": 3.0, "PolicyInstrument": 2.0}
_OTHER_WEIGHT = 1.0
_PART_WEIGHT = 0.2


def page_data(store: Store, about: str | None = None, hops: int = 1, lang: str = "zh") -> PageData:
    """What a page of *store* shows.

    Args:
        about: name or IRI of a thing: the page holds it and what is at most *hops* statements away.
        hops: how far to go from *about*.
        lang: language of the title.

    Raises:
        NotFoundError: nothing is called *about*.
    """
    view = View(store)
    chosen = set(view.of_kind(*NODE_CLASSES))
    edges = [e for e in _edges(view) if e.subject in chosen and e.object in chosen]
    focus: str | None = None
    if about is not None:
        found = find(view, about)
        focus = found[0]
        chosen = _around(set(found), edges, hops)
        edges = [e for e in edges if e.subject in chosen and e.object in chosen]
    maker = _Maker(view)
    nodes = tuple(maker.node(iri) for iri in sorted(chosen))
    kept = tuple(maker.edge(number, e) for number, e in enumerate(edges, 1))
    sources = store.sources()
    named = view.label(focus) if focus else _title(view, list(sources), lang)
    return PageData(named, nodes, kept, focus, subtitle=_subtitle(list(sources), lang))


def page(
    store: Store,
    about: str | None = None,
    hops: int = 1,
    *,
    lang: str = "zh",
    view: str = "graph",
    embed: bool = False,
    look: str | os.PathLike[str] | None = None,
) -> str:
    """The page of *store* as HTML.

    Args:
        about, hops, lang: as of :func:`page_data`; the page opens in *lang*.
        view: the view that it opens with, one of ``viz.views.VIEWS``.
        embed: open without the frame, as a part of another page.
        look: folder with colours, words and templates that replace ours.

    Raises:
        NotFoundError: nothing is called *about*.
        UsageError: there is no such view or folder, or a file in the folder is wrong.
    """
    from viz.page import render
    from viz.views import VIEWS

    if view not in VIEWS:
        raise UsageError(
            f"--view {view}：没有这个视图（有：{'、'.join(VIEWS)}）",
            f"--view {view}: no such view (there are: {', '.join(VIEWS)})",
        )
    if look is not None and not Path(look).is_dir():
        raise UsageError(
            f"--look {look}：没有这个文件夹；里面应有 theme.toml、texts.toml 等要替换的文件",
            f"--look {look}: no such folder; it should hold the files to replace: theme.toml, texts.toml …",
        )
    data = page_data(store, about, hops, lang)
    try:
        return render(data, lang=lang, view=view, embed=embed, look=look)
    except ValueError as error:
        if look is None:
            raise
        raise UsageError(f"--look {look}：{error}", f"--look {look}: {error}") from error


def _edges(view: View) -> list[Statement]:
    """All statements between things, each once, with those of parts."""
    edges = {(s.subject, s.predicate, s.object): s for s in view.all_statements()}
    for part in view.of_kind(*PART_CLASSES):
        for s in view.links(part):
            edges.setdefault((s.subject, s.predicate, s.object), s)
    return [edges[key] for key in sorted(edges)]


def _around(start: set[str], edges: list[Statement], hops: int) -> set[str]:
    reached = set(start)
    for _ in range(max(hops, 0)):
        near = {e.object for e in edges if e.subject in reached} | {e.subject for e in edges if e.object in reached}
        if near <= reached:
            break
        reached |= near
    return reached


def _title(view: View, sources: list[str], lang: str) -> str:
    proposals = view.of_kind("Proposal")
    if len(sources) == 1 and proposals:
        with_text = [p for p in proposals if view.props(p).get(DCTERMS + "source")]
        return view.label((with_text or proposals)[0])
    return "提案知识图谱" if lang == "zh" else "Knowledge graph of proposals"


def _subtitle(sources: list[str], lang: str) -> str:
    if len(sources) == 1:
        return sources[0]
    return f"{len(sources)} 份来源" if lang == "zh" else f"{len(sources)} sources"


class _Maker:
    """Makes nodes and edges; quotes are described once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._documents: dict[str, tuple[str, str, str]] = {}

    def node(self, iri: str) -> Node:
        view = self.view
        kind = view.kind(iri)
        facts = [FactLine(name, value) for name, value in view.literals(iri)]
        if kind in PART_CLASSES and (text := view.get(iri, PK + "text")) and text != view.label(iri):
            facts.append(FactLine("text", text))
        facts += [self._figure(iri, f.iri) for f in view.figures(iri) if f.kind in FIGURE_CLASSES]
        weight = _WEIGHT.get(kind, _PART_WEIGHT if kind in PART_CLASSES else _OTHER_WEIGHT)
        if kind in DOCUMENT_CLASSES and not view.props(iri).get(DCTERMS + "source"):
            weight = min(weight, _OTHER_WEIGHT)  # only referred to
        return Node(iri, kind, view.label(iri), tuple(view.aliases(iri)), tuple(facts),
                    self._quotes(view.passages(iri)), weight)  # fmt: skip

    def edge(self, number: int, s: Statement) -> Edge:
        quotes = self._quotes(s.passages)
        return Edge(f"s{number}", s.subject, s.object, s.predicate, quotes, s.confidence)

    def _figure(self, iri: str, figure: str) -> FactLine:
        zh, en = (figure_line(self.view, iri, figure, lang) for lang in ("zh", "en"))
        return FactLine(zh.label, zh.value, self._line_quotes(zh), en.label, en.value, zh.group, self._parts(figure))

    def _parts(self, iri: str) -> Figure:
        f = self.view.figure(iri)
        return Figure(
            iri, f"{f.value:f}", f.unit, f.bound, format_number(f.value, f.unit, "zh"),
            format_number(f.value, f.unit, "en"), f.metric, f.period, f.per, f.deadline, f.frequency, f.slots,
        )  # fmt: skip

    def _line_quotes(self, line: Line) -> tuple[Quote, ...]:
        return self._quotes(line.passages)

    def _quotes(self, passages: tuple[Passage, ...]) -> tuple[Quote, ...]:
        return tuple(self._quote(p) for p in passages[:_MOST_QUOTES])

    def _quote(self, p: Passage) -> Quote:
        title, agency, date = self._document(p.document)
        where = " ".join(filter(None, (p.source, p.locator)))
        return Quote(p.text, p.before, p.after, title or p.source, agency, date, where, p.begin)

    def _document(self, iri: str) -> tuple[str, str, str]:
        known = self._documents.get(iri)
        if known is None and not iri:
            known = ("", "", "")
        if known is None:
            view = self.view
            by = view.get(iri, PK + "issuedBy") or view.get(iri, PK + "submittedBy")
            known = (view.label(iri), view.label(by) if by else "", view.get(iri, DCTERMS + "issued"))
        self._documents[iri] = known
        return known
