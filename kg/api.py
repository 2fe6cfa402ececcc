"""The functions of ``kg`` for notebooks: open a store, ask it, export it; or read one text without a store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from extract.model import Extraction, Source
from kg.errors import UsageError
from kg.store.store import DEFAULT, Store

if TYPE_CHECKING:
    from rdflib import Dataset

    from kg.graph.limited import QueryRunner
    from kg.graph.result import Result
    from kg.graph.show import Description
    from kg.graph.stats import Stats
    from kg.graph.validate import Finding
    from kg.report import Report
    from kg.report.ask import Answer
    from kg.store.snapshots import Snapshot


class Graph:
    """A store that is open for reading.

    Get one from :func:`kg.open`. Use it in a ``with`` block, or call :meth:`close` at the end. While it is open,
    nothing can be built into the store.

    Attributes:
        store: the store itself.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._runner: QueryRunner | None = None

    def __repr__(self) -> str:
        return f"Graph({self.store.address!r})"

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the store, so that others can build into it."""
        if self._runner is not None:
            self._runner.close()
        self.store.close()

    def __len__(self) -> int:
        """Return the number of quads of all sources."""
        return len(self.store)

    def sources(self) -> list[str]:
        """Return the ids of the sources, sorted."""
        return list(self.store.list_sources())

    def query(
        self,
        sparql: str | None = None,
        *,
        name: str | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float | None = 60.0,
    ) -> Result:
        """Run a SPARQL query, given as text or by name.

        Args:
            sparql: SELECT, ASK, CONSTRUCT or DESCRIBE. Common prefixes are declared already.
            name: the name of a query, instead of *sparql* (``kg query --list`` shows the names).
            params: values for the parameters ``$name`` of the query.
            timeout: seconds that the query may take; None or 0 for no limit. With a limit another process runs it,
                because the query engine cannot be stopped.

        Raises:
            QueryError: the query cannot be parsed or run, or took longer than *timeout*.
            NotFoundError: there is no query of that name.
            UsageError: both or neither of *sparql* and *name* are given, or the query has no such parameter.
        """
        from kg.graph.limited import QueryRunner
        from kg.graph.query import fill_parameters, load_named_query

        if (sparql is None) == (name is None):
            raise UsageError("query: 请给出 sparql 或 name 之一", "query: give either sparql or name")
        text = load_named_query(str(name), params) if sparql is None else fill_parameters(sparql, params or {})
        if self._runner is None:
            self._runner = QueryRunner(self.store)
        return self._runner.run(text, timeout)

    def export(
        self, form: str, output: str | os.PathLike[str] | None = None, *, with_builds: bool = False
    ) -> tuple[Path, ...] | str:
        """Write the graph to a file.

        Args:
            form: ``turtle``, ``trig``, ``nquads``, ``ntriples``, ``jsonld``, ``rdfxml``, ``graphml``, ``gexf`` or
                ``csv``.
            output: the file. None returns the text instead.
            with_builds: include the log of builds (RDF formats only).

        Returns:
            The paths of the files written, or the text.

        Raises:
            UsageError: the format does not exist, or the file cannot be written.
        """
        from kg.export.rdf import export_store

        return export_store(self.store, form, output, with_builds=with_builds)

    def render(
        self,
        output: str | os.PathLike[str] | None = None,
        *,
        about: str | None = None,
        hops: int = 1,
        lang: str = "zh",
        view: str = "graph",
        embed: bool = False,
        look: str | os.PathLike[str] | None = None,
    ) -> str:
        """Return the interactive page as HTML, and write it to *output* if that is given.

        Args:
            output: file to write.
            about: name of a thing. The page has only this thing and what is at most *hops* statements away from it.
            hops: number of statements to follow from *about*.
            lang: language that the page opens in (``zh`` or ``en``).
            view: view that the page opens with (``viz.views.VIEWS``).
            embed: open without title, search and panel, as a part of another page.
            look: folder with your own colours, texts and templates.

        Raises:
            NotFoundError: no thing has the name *about*.
            UsageError: the view or the folder does not exist, a file in the folder is wrong, or *output* has the suffix
                of another format.
        """
        from kg.export.page import SUFFIXES, PageOptions, render_page
        from kg.files import choose_format, write_files

        if output is not None:
            choose_format("html", output, SUFFIXES)

        options = PageOptions(lang=lang, view=view, embed=embed, look=look)
        html = render_page(self.store, about, hops, options)
        if output is not None:
            write_files({Path(output): html.encode("utf-8")})
        return html

    def show(self, name: str, lang: str = "zh") -> list[Description]:
        """Return facts, figures, statements and quotes of each thing with the name *name*.

        Args:
            name: any name or number of the thing.
            lang: language of the words (``zh`` or ``en``).

        Raises:
            NotFoundError: no thing has that name. The message has similar names.
        """
        from kg.graph.show import describe_thing, find_things
        from kg.graph.view import View

        view = View(self.store)
        return [describe_thing(view, iri, lang) for iri in find_things(view, name)]

    def ask(self, question: str, lang: str = "") -> Answer:
        """Return the answer to a question in Chinese or English: sentences with their quotes, or that it is not known.

        Args:
            question: the question.
            lang: language of the answer (``zh`` or ``en``); empty: that of the question.
        """
        from kg.report.ask import ask_store

        return ask_store(self.store, question, lang)

    def report(self, name: str, *, lang: str = "zh", **filters: str) -> Report:
        """Return a report: tables with their sentences, which can be written as a page, spreadsheet or document.

        Args:
            name: the report (``kg.reports()`` lists them).
            lang: language of its words (``zh`` or ``en``).
            filters: what it is about: ``proposal``, ``agency``, ``place``, ``year``, ``tier``, ``metric``, ``as_of``,
                ``limits``, ``session``, ``profile``, ``facts``. Each report takes some of them.

        Raises:
            NotFoundError: there is no report of that name.
            UsageError: the report does not take a filter, or a file that a filter names cannot be used.
        """
        from kg.report import make_report

        return make_report(self.store, name, lang, **filters)

    def stats(self) -> Stats:
        """Return the number of things and statements, by class and property."""
        from kg.graph.stats import count_store

        return count_store(self.store)

    def validate(self, *, shapes: bool = True) -> list[Finding]:
        """Return the errors found in the graph; an empty list if there are none.

        Args:
            shapes: check the SHACL shapes, too. This is slow on a large store.
        """
        from kg.graph.validate import validate_store

        return validate_store(self.store, shapes=shapes)

    def dataset(self) -> Dataset:
        """Return the same store as an rdflib Dataset. It can be used as long as this graph is open."""
        return self.store.as_dataset()


def open(store: str | os.PathLike[str] = DEFAULT) -> Graph:
    """Open a store for reading.

    Args:
        store: the folder of the store.

    Raises:
        StoreError: the store is missing, in use or damaged.
    """
    return Graph(Store(store))


def snapshots(store: str | os.PathLike[str] | Store | Graph = DEFAULT) -> tuple[Snapshot, ...]:
    """Return the builds (and removals) that changed a store, oldest first.

    Each of them left a state of the store that :func:`kg.diff` can compare with others (``"kg-store@3"``).

    Args:
        store: the folder of the store, or the store itself if it is open.

    Raises:
        StoreError: the store is missing, in use or damaged, or its history is damaged.
    """
    from kg.store.snapshots import list_snapshots

    if isinstance(store, Graph):
        store = store.store
    if isinstance(store, Store):
        return list_snapshots(store)
    with Store(store) as opened:
        return list_snapshots(opened)


def remove(source: str, store: str | os.PathLike[str] = DEFAULT, *, lexicon_dir: str | os.PathLike[str] = "") -> None:
    """Remove a source from a store, with everything that no other source says.

    The letters of the other sources are matched with each other again.

    Args:
        source: id of the source.
        store: the folder of the store.
        lexicon_dir: the folder of your own lexicons that the store was built with.

    Raises:
        NotFoundError: the store has no such source.
        StoreError: the store is missing, in use or damaged.
    """
    from kg.ingest.build import remove as remove_source

    Store(store).close()  # raises an error if there is no store; opening it for writing would make one
    with Store(store, write=True) as opened:
        remove_source(source, opened, lexicon_dir=lexicon_dir)


def reports(lang: str = "zh") -> dict[str, str]:
    """Return what each report of :meth:`Graph.report` shows, by name."""
    from kg.report import list_reports

    return dict(list_reports(lang))


def extract(text: str | os.PathLike[str], *, lexicon_dir: str | os.PathLike[str] = "") -> Extraction:
    """Extract typed values from one text, without a store.

    Args:
        text: the text itself, or a file in any format that ``kg build`` reads: a ``Path`` or a file name.
        lexicon_dir: a folder of your own lexicons.

    Raises:
        SourceError: the file cannot be read, or the text is empty.
    """
    from extract.pipeline import extract as extract_source
    from kg import read
    from kg.errors import SourceError

    if isinstance(text, os.PathLike) or ("\n" not in text and Path(text).suffix.lower() in read.MEDIA_TYPES):
        source = read.read_source(text)
    elif text.strip():
        source = Source("text", text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"))
    else:
        raise SourceError("没有文字可读", "there is no text to read")
    return extract_source(source, lexicon_dir=str(lexicon_dir))
