"""Graphs of the invented page, and what a process does with them that is to be killed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kg.ingest import build, session, worker
from kg.rdf.graph import build_quads
from kg.rdf.identifiers import make_context_iri
from kg.store.store import Store
from ontology.terms import PK
from tests.support.invented_page import PAGE, make_extraction


def named_graph(text: str = PAGE, name: str = "a.txt") -> tuple[str, list[Quad]]:
    """The name of the graph of a source that holds *text*, and its quads."""
    return make_context_iri(name), list(build_quads(make_extraction(name, text)))


def large_graph(text: str, source: str) -> set[Quad]:
    """The graph of a page, made so large that writing it takes a good part of a build."""
    graph = list(build_quads(make_extraction(source, text)))
    about = graph[0].subject
    more = (Literal(f"{len(text)} {i}") for i in range(4000))
    return {*graph, *(Quad(about, NamedNode(PK + "text"), words, graph[0].graph_name) for words in more)}


LONGER_PAGE = "公告" * 40 + "\n" + PAGE


def extract_by_hand_and_slowly() -> None:
    """Have this process extract by hand instead of by rule, and make large graphs."""
    worker.extract_source = lambda source, lexicon_dir, model="": make_extraction(source.id, source.text)
    worker.build_quads = lambda x, base: sorted(large_graph(x.source.text, x.source.id), key=str)


def build_once(folder: str, store: str) -> None:
    """Build *store* of *folder*, storing each source on its own; print a line for each source that is done."""
    extract_by_hand_and_slowly()
    session.GROUP = 1
    build.build(folder, store, progress=lambda n, *rest: print(n, flush=True), prune=True)


def build_forever(file: str, store: str) -> None:
    """Build *store* of a file that has one of two texts in turn; print a line for each build that is done."""
    extract_by_hand_and_slowly()
    turn = 0
    while True:
        Path(file).write_text(PAGE if turn % 2 else LONGER_PAGE, encoding="utf-8")
        build.build(file, store)
        print(turn, flush=True)
        turn += 1


class _Dying:
    """An Oxigraph store whose process ends at an update: before it, or after it with *late*."""

    def __init__(self, real: Any, late: bool) -> None:
        self.real = real
        self.late = late

    def update(self, text: str) -> None:
        if self.late:
            self.real.update(text)
            self.real.flush()
        os._exit(9)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def die_while_replacing(path: str, late: bool) -> None:
    """Put one graph into a store, and end with code 9 while another one is replaced."""
    store = Store(path, write=True)
    store.replace_graph(*named_graph(name="b.txt"))
    store.oxigraph = _Dying(store.oxigraph, late)  # type: ignore[assignment]
    store.replace_graph(*named_graph("公告\n" + PAGE))
