"""What a notebook needs: open a store, ask it, write it out; or read one text without any store."""

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

    from kg.graph.query import Result
    from kg.graph.show import Sheet
    from kg.graph.stats import Stats
    from kg.graph.validate import Finding


class Graph:
    """A store, open for reading. Make it with :func:`kg.open`, use it in a ``with`` block or :meth:`close` it.

    While it is open, nothing can be built into the store.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __len__(self) -> int:
        """Quads of all sources."""
        return len(self.store)

    def sources(self) -> list[str]:
        """Ids of the sources, sorted."""
        return list(self.store.sources())

    def query(
        self, sparql: str | None = None, *, name: str | None = None, params: Mapping[str, str] | None = None
    ) -> Result:
        """Answer a SPARQL query, or a named one.

        Args:
            sparql: SELECT, ASK, CONSTRUCT or DESCRIBE; common prefixes are declared already.
            name: a named query instead (``kg query --list``).
            params: values for ``$name`` in the query.

        Raises:
            QueryError: it does not parse or run.
            NotFoundError, UsageError: no such named query or parameter.
        """
        from kg.graph import query

        if (sparql is None) == (name is None):
            raise UsageError("query: 请给出 sparql 或 name 之一", "query: give either sparql or name")
        text = query.fill(sparql, params or {}) if sparql is not None else query.named(str(name), params)
        return query.run(self.store, text)

    def export(
        self, form: str, output: str | os.PathLike[str] | None = None, *, with_builds: bool = False
    ) -> tuple[Path, ...] | str:
        """Write the graph (``turtle trig nquads ntriples jsonld rdfxml graphml gexf csv``), or return it as text.

        Raises:
            UsageError: an unknown format, or a place that cannot be written.
        """
        from kg.export.rdf import export

        return export(self.store, form, output, with_builds=with_builds)

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
        """The interactive page as HTML; also written to *output*, if given.

        Args:
            about: name of a thing: only it and what is at most *hops* statements away.
            lang: language that the page opens in.
            view: view that it opens with (``viz.views.VIEWS``).
            embed: open without the frame, as a part of another page.
            look: folder with colours, words and templates of your own.

        Raises:
            NotFoundError: nothing is called *about*.
            UsageError: there is no such view or folder, or a file in the folder is wrong.
        """
        from kg.export.page import page
        from kg.files import write_files

        html = page(self.store, about, hops, lang=lang, view=view, embed=embed, look=look)
        if output is not None:
            write_files({Path(output): html.encode("utf-8")})
        return html

    def show(self, name: str, lang: str = "zh") -> list[Sheet]:
        """Facts, figures, statements and quotes of what is called *name*; several if several things are.

        Raises:
            NotFoundError: nothing is; the message names what comes near.
        """
        from kg.graph.show import find, sheet
        from kg.graph.view import View

        view = View(self.store)
        return [sheet(view, iri, lang) for iri in find(view, name)]

    def stats(self) -> Stats:
        """Things and statements, counted."""
        from kg.graph.stats import stats

        return stats(self.store)

    def validate(self, *, shapes: bool = True) -> list[Finding]:
        """What is wrong with the graph; an empty list if nothing is."""
        from kg.graph.validate import validate

        return validate(self.store, shapes=shapes)

    def dataset(self) -> Dataset:
        """The same store as an rdflib Dataset; it can be used as long as this is open."""
        return self.store.as_dataset()


def open(store: str | os.PathLike[str] = DEFAULT) -> Graph:
    """Open a store for reading.

    Raises:
        StoreError: missing, in use, or damaged.
    """
    return Graph(Store(store))


def remove(source: str, store: str | os.PathLike[str] = DEFAULT, *, lexicon_dir: str | os.PathLike[str] = "") -> None:
    """Take a source out of a store, with all that only it says, and join the letters that are left anew.

    Args:
        source: its id.
        store: the folder of the store.
        lexicon_dir: the folder of your own lexicons that the store was built with.

    Raises:
        NotFoundError: the store has no such source.
        StoreError: missing, in use, or damaged.
    """
    from kg.ingest.build import remove as take_out

    Store(store).close()  # a store that is not there shall not be made
    with Store(store, write=True) as opened:
        take_out(source, opened, lexicon_dir=lexicon_dir)


def extract(text: str | os.PathLike[str], *, lexicon_dir: str | os.PathLike[str] = "") -> Extraction:
    """Read one text, without any store.

    Args:
        text: the text itself, or a file of any format that is read: a ``Path``, or its name.
        lexicon_dir: a folder of your own lexicons.

    Raises:
        SourceError: the file cannot be read, or there is no text.
    """
    from extract.pipeline import extract as run
    from kg import read
    from kg.errors import SourceError

    if isinstance(text, os.PathLike) or ("\n" not in text and Path(text).suffix.lower() in read.MEDIA_TYPES):
        source = read.read(text)
    elif text.strip():
        source = Source("text", text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"))
    else:
        raise SourceError("没有文字可读", "there is no text to read")
    return run(source, lexicon_dir=str(lexicon_dir))
