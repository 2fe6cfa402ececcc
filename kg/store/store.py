"""The store: Oxigraph in a folder, one named graph for each source, replaced as a whole or not at all.

The default graph has each statement of the named graphs once (``kg.store.distinct``); it changes with them, in the same
transaction.

Either one writer or any number of readers can use the folder at a time. An advisory lock on ``kg.lock`` keeps them
apart, because Oxigraph does not define what a reader sees while another process writes.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad
from pyoxigraph import Store as Oxigraph

from kg.errors import StoreError
from kg.rdf import iri
from kg.store import distinct, folder
from kg.store.compact import restore_store
from kg.store.endpoint import is_address
from kg.store.history import History
from kg.store.remote import NoHistory, RemoteGraphs
from ontology.terms import PK, PREFIXES

if TYPE_CHECKING:
    from rdflib import Dataset

DEFAULT = "kg-store"
"""Folder of the store, if the user names none."""

_SMALL_GROUP = 5
"""So many new graphs are not worth files of their own."""
_LARGEST_BULK = 900_000
"""Statements that Oxigraph loads at once, and takes over whole or not at all: a million, less some."""


@dataclass(frozen=True, slots=True)
class NewGraph:
    """A graph that a store does not have, with its record."""

    name: str
    """Its IRI."""
    quads: Collection[Quad]
    record: Collection[Quad]


class Store:
    """An open store. Use it as a context manager, or :meth:`close` it.

    Attributes:
        path: its folder.
        address: its folder or address, as it was given.
        remote: the graphs of a store behind a SPARQL 1.1 server; None for a folder.
        base: the beginning of the IRIs of its things.
        oxigraph: the pyoxigraph store itself.
        writable: whether it was opened for changes.
        history: what each build changed.
    """

    def __init__(self, path: str | os.PathLike[str] = DEFAULT, *, write: bool = False, base: str | None = None) -> None:
        """Open a store.

        Args:
            path: the folder, or the address of a SPARQL 1.1 server.
            write: open it for changes, exclusively for this process; a missing store is created.
            base: the beginning of IRIs; a store keeps the base it was created with.

        Raises:
            StoreError: the store is missing, in use or damaged, or the folder holds something else.
            UsageError: the store has another base.
        """
        self.path = Path(path)
        self.address = os.fspath(path)
        if base is not None:
            iri.check_base(base)
        self._lock: IO[bytes] | None = None
        self.remote: RemoteGraphs | None = None
        self.writable = write
        if is_address(path):
            self._connect(base)
            return
        restore_store(self.path)
        if not folder.is_store(self.path):
            folder.check_new(self.path, write)
        try:
            self._lock = folder.lock(self.path, write)
            if folder.is_outdated(self.path):
                self._lock = folder.convert(self.path, self._lock, write)
            self.base = folder.load_base(self.path, write, base)
            self.oxigraph: Oxigraph = Oxigraph(self.path) if write else Oxigraph.read_only(str(self.path))
        except (OSError, ValueError, RuntimeError) as error:
            self.close()
            raise folder.make_damage_error(self.path, error) from error
        except BaseException:
            self.close()
            raise
        self.history = History(self)

    def _connect(self, base: str | None) -> None:
        """Open a store behind a SPARQL 1.1 server.

        Raises:
            UsageError: the store has another base.
        """
        self.remote = RemoteGraphs(self.address, base, write=self.writable)
        self.base = self.remote.base
        if base not in (None, self.base):
            raise folder.make_base_error(self.address, self.base, str(base))
        self.oxigraph = self.remote  # type: ignore[assignment]
        self.history = NoHistory(self)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Release the folder; the store cannot be used afterwards."""
        try:
            if hasattr(self, "oxigraph") and hasattr(self, "history"):
                self.history.close()
        finally:
            if hasattr(self, "oxigraph"):
                del self.oxigraph
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def find_statements(
        self, subject: str | None = None, predicate: str | None = None, obj: str | Literal | None = None
    ) -> Iterator[Quad]:
        """Return the statements of all sources that fit, each once, as quads of the default graph.

        Args:
            subject: IRI of the subject; None for any.
            predicate: IRI of the predicate; None for any.
            obj: the object: an IRI or a literal; None for any.
        """
        about, prop = subject and NamedNode(subject), predicate and NamedNode(predicate)
        value = NamedNode(obj) if isinstance(obj, str) else obj
        return iter(self.oxigraph.quads_for_pattern(about or None, prop or None, value, distinct.DEFAULT_GRAPH))

    # graphs

    def replace_graph(self, graph: str, quads: Iterable[Quad], record: Iterable[Quad] | None = None) -> bool:
        """Replace the content of *graph* by *quads*, in one transaction.

        Only differences are written: to build the same source again writes nothing.

        Args:
            graph: IRI of the graph.
            quads: its new content.
            record: the new record of the graph in the graph of builds (``kg.store.records``). It is replaced in the
                same transaction, so that no record is about a graph that does not exist.

        Returns:
            Whether anything changed in *graph*.
        """
        name = NamedNode(graph)
        new = set(quads)
        if any(q.graph_name != name for q in new):
            raise ValueError(f"a quad belongs to another graph than {graph}")
        old = set(self.oxigraph.quads_for_pattern(None, None, None, name))
        added, removed = new - old, old - new
        changed = bool(added or removed)
        if changed or record is not None:
            old_record, new_record = set(self.read_record(graph)), set(record or ())
            added, removed = added | (new_record - old_record), removed | (old_record - new_record)
        with self.history.record_change(graph, old, new) if changed else nullcontext():
            self._write(removed, added)
        return changed

    def add_graphs(self, graphs: Sequence[NewGraph]) -> None:
        """Store graphs that the store does not have, each with its record and whole or not at all.

        Many graphs are loaded as files of sorted statements. That takes less than half the time of a transaction and
        little memory, and the store is compact at once.
        """
        added = {quad for graph in graphs for quad in (*graph.quads, *graph.record)}
        if len(graphs) < _SMALL_GROUP or len(added) > _LARGEST_BULK // 2:
            for graph in graphs:
                self.replace_graph(graph.name, graph.quads, graph.record)
            return
        with ExitStack() as changes:
            for graph in graphs:
                changes.enter_context(self.history.record_change(graph.name, (), graph.quads))
            if self.remote is not None:
                self.remote.change((), added)
                return
            self.oxigraph.bulk_extend(added | distinct.strip_graphs(added))

    def remove_graph(self, graph: str) -> None:
        """Remove *graph* and its record, in one transaction."""
        removed, record = set(self.read_quads(graph)), set(self.read_record(graph))
        with self.history.record_change(graph, removed, ()) if removed else nullcontext():
            self._write(removed | record, set(), drop=graph)

    def add_quads(self, quads: Iterable[Quad]) -> None:
        """Add quads to their graphs, in one transaction; no history is kept of them."""
        self._write(set(), set(quads))

    def replace_record(self, graph: str, record: Iterable[Quad]) -> None:
        """Replace the record of *graph* in the graph of builds, in one transaction; the graph is not changed."""
        old, new = set(self.read_record(graph)), set(record)
        self._write(old - new, new - old)

    def read_record(self, graph: str) -> Iterator[Quad]:
        """Return the record of *graph*: its quads in the graph of builds."""
        about = NamedNode(self.make_record_iri(graph))
        return iter(self.oxigraph.quads_for_pattern(about, None, None, NamedNode(self.builds_graph)))

    def make_record_iri(self, graph: str) -> str:
        """Return the IRI of the record of *graph* in the graph of builds."""
        return f"{self.builds_graph}#{graph.removeprefix(self.base)}"

    def _write(self, removed: set[Quad], added: set[Quad], *, drop: str = "") -> None:
        """Remove and add quads of named graphs, and change the default graph with them, in one transaction.

        Args:
            removed: quads that the store has.
            added: quads that it lacks.
            drop: IRI of a graph that is removed with its name; empty for none.
        """
        if self.remote is not None:
            self.remote.change(removed, added, drop)
            return
        new = added | distinct.strip_graphs(added)
        if not removed and not drop:
            self.oxigraph.extend(new)
            return
        gone = removed | distinct.find_unstated(self.oxigraph, removed, added)
        update = distinct.format_change(gone, new)
        self.oxigraph.update(";\n".join(filter(None, [update, drop and f"DROP SILENT GRAPH <{drop}>"])))

    def list_graphs(self, *, links: bool = False, builds: bool = False) -> list[str]:
        """Return the IRIs of the graphs of sources, sorted.

        Args:
            links: include the graph that joins the sources.
            builds: include the log of builds.
        """
        names = {g.value for g in self.oxigraph.named_graphs() if isinstance(g, NamedNode)}
        if not links:
            names.discard(self.links_graph)
        if not builds:
            names.discard(self.builds_graph)
        return sorted(names)

    def has_graph(self, graph: str) -> bool:
        """Return whether there is such a graph, or a record of a source that could not be read."""
        return next(self.read_quads(graph), None) is not None or next(self.read_record(graph), None) is not None

    def read_quads(self, graph: str) -> Iterator[Quad]:
        """Return the quads of one graph."""
        return iter(self.oxigraph.quads_for_pattern(None, None, None, NamedNode(graph)))

    def list_sources(self) -> dict[str, str]:
        """Return the graph IRIs by source id, sorted."""
        graphs = {}
        for quad in self.find_statements(None, PK + "sourcePath"):
            if isinstance(quad.subject, NamedNode):
                graphs[str(getattr(quad.object, "value", ""))] = quad.subject.value
        return dict(sorted(graphs.items()))

    def __len__(self) -> int:
        """Return the number of quads of all sources and of the graph that joins them; this scans the store."""
        builds = distinct.count_named_graph(self.oxigraph, self.builds_graph)
        return len(self.oxigraph) - distinct.count_default_graph(self.oxigraph) - builds

    @property
    def links_graph(self) -> str:
        """IRI of the graph that joins the sources (``kg.join``); it is derived from their graphs."""
        return f"{self.base}links"

    @property
    def builds_graph(self) -> str:
        """IRI of the log of builds: not the graph of a source, and exported only on request."""
        return f"{self.base}builds"

    def flush(self) -> None:
        """Write all changes to disk."""
        self.oxigraph.flush()

    def as_dataset(self) -> Dataset:
        """Return an rdflib Dataset on this store, the default graph included; usable until the store is closed.

        Raises:
            StoreError: the store is behind a server.
        """
        if self.remote is not None:
            raise StoreError(
                f"{self.address}：rdflib 的 Dataset 只能用文件夹里的库；服务器请用 rdflib 的 SPARQLStore",
                f"{self.address}: a Dataset of rdflib needs a store in a folder; use rdflib's SPARQLStore for a server",
            )
        from kg.store.dataset import make_dataset  # imports rdflib: about 0.2 s

        dataset = make_dataset(self.oxigraph)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace, override=True, replace=True)
        return dataset
