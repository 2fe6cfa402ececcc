"""The store: Oxigraph in a folder, one named graph for each source, replaced as a whole or not at all.

Either one writer or any number of readers can use the folder at a time. An advisory lock on ``kg.lock`` keeps them
apart, because Oxigraph does not define what a reader sees while another process writes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from pyoxigraph import Store as Oxigraph

from kg.errors import KgError, StoreError, UsageError, find_disk_error
from kg.rdf import iri
from kg.store.history import History
from ontology.terms import NIF, PK, PREFIXES, RDF

try:
    import fcntl
except ImportError:  # Windows: Oxigraph's own lock still keeps writers apart
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from rdflib import Dataset

DEFAULT = "kg-store"
"""Folder of the store, if the user names none."""
_SETTINGS = "kg-store.json"
_LOCK = "kg.lock"
_OURS = {_SETTINGS, f"{_SETTINGS}.new", _LOCK}
_FORMAT = 3
_OXIGRAPH = "CURRENT"
"""A file in each folder of Oxigraph."""
_TYPE, _CONTEXT = NamedNode(RDF + "type"), NamedNode(NIF + "Context")

_LARGEST_UNION = 600_000
"""Statements of a store that is copied for queries, at most; a second copies about 130,000."""


class Store:
    """An open store. Use it as a context manager, or :meth:`close` it.

    Attributes:
        path: its folder.
        base: the beginning of the IRIs of its things.
        oxigraph: the pyoxigraph store itself.
        writable: whether it was opened for changes.
        history: what each build changed.
    """

    def __init__(self, path: str | os.PathLike[str] = DEFAULT, *, write: bool = False, base: str | None = None) -> None:
        """Open a store.

        Args:
            path: the folder.
            write: open it for changes, exclusively for this process; a missing store is created.
            base: the beginning of IRIs; a store keeps the base it was created with.

        Raises:
            StoreError: the store is missing, in use or damaged, or the folder holds something else.
            UsageError: the store has another base.
        """
        self.path = Path(path)
        if base is not None:
            iri.check_base(base)
        self._lock: IO[bytes] | None = None
        exists = (self.path / _OXIGRAPH).exists()
        if not exists:
            self._check_new(write)
        self._lock = _lock_folder(self.path, write)
        try:
            self.base = self._load_base(write, base)
            self.oxigraph: Oxigraph = Oxigraph(self.path) if write else Oxigraph.read_only(str(self.path))
        except (OSError, ValueError, RuntimeError) as error:
            self.close()
            raise _make_damage_error(self.path, error) from error
        except BaseException:
            self.close()
            raise
        self.writable = write
        self.history = History(self)
        self._union: Oxigraph | None = None

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

    def find_union(self) -> Oxigraph | None:
        """Return a store in memory with the statements of all sources, each once; None if they are too many to copy.

        The union of graphs that the engine queries repeats what several sources say. In a query with several patterns
        the repetitions multiply, and what takes a second takes minutes. A store open for reading makes the copy once.
        """
        if self._union is not None:
            return self._union
        union = _copy_union(self.oxigraph)
        if not self.writable:
            self._union = union
        return union

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

    def remove_graph(self, graph: str) -> None:
        """Remove *graph* and its record, in one transaction."""
        about = f"GRAPH <{self.builds_graph}> {{ <{self.make_record_iri(graph)}> ?p ?o }}"
        removed = list(self.read_quads(graph))
        with self.history.record_change(graph, removed, ()) if removed else nullcontext():
            self.oxigraph.update(f"DROP SILENT GRAPH <{graph}>;\nDELETE WHERE {{ {about} }}")

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

    def _write(self, removed: set[Quad], added: set[Quad]) -> None:
        """Remove and add quads, in one transaction."""
        if removed:
            # a SPARQL update of several operations is one transaction
            parts = [f"{verb} DATA {{\n{_format_by_graph(some)}}}" for verb, some in (
                ("DELETE", removed), ("INSERT", added)) if some]  # fmt: skip
            self.oxigraph.update(";\n".join(parts))
        elif added:
            self.oxigraph.extend(added)

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
        for quad in self.oxigraph.quads_for_pattern(None, NamedNode(PK + "sourcePath"), None, None):
            if isinstance(quad.subject, NamedNode) and quad.graph_name == quad.subject:
                graphs[str(getattr(quad.object, "value", ""))] = quad.subject.value
        return dict(sorted(graphs.items()))

    def __len__(self) -> int:
        """Return the number of quads of all sources and of the graph that joins them; this scans the store."""
        builds = sum(1 for _ in self.read_quads(self.builds_graph))
        return len(self.oxigraph) - builds

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
        """Return an rdflib Dataset on this store, with the union as default graph; usable until the store is closed."""
        from kg.store.dataset import make_dataset  # imports rdflib: about 0.2 s

        dataset = make_dataset(self.oxigraph)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace, override=True, replace=True)
        return dataset

    # opening

    def _check_new(self, write: bool) -> None:
        if not write:
            raise StoreError(
                f"{self.path}：这里没有知识图谱库；请先运行 kg build 文件或文件夹 --store {self.path}",
                f"{self.path}: no store here; make one with kg build PATH --store {self.path}",
            )
        if self.path.exists() and (not self.path.is_dir() or {p.name for p in self.path.iterdir()} - _OURS):
            raise StoreError(
                f"{self.path}：已有其他内容，不能作为知识图谱库；请换一个 --store 文件夹",
                f"{self.path}: holds something else; choose another folder for --store",
            )
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{self.path}：无法新建文件夹（{error.strerror}）", f"{self.path}: cannot be made ({error.strerror})"
            ) from error

    def _load_base(self, write: bool, base: str | None) -> str:
        path = self.path / _SETTINGS
        if not path.exists():
            if write:
                _write_settings(path, {"format": _FORMAT, "base": base or iri.BASE})
            return base or iri.BASE
        settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if settings.get("format") != _FORMAT:
            raise StoreError(
                f"{self.path}：由其他版本建立；请换一个 --store 文件夹重新运行 kg build",
                f"{self.path}: made by another version; build again into another folder",
            )
        stored = str(settings.get("base", iri.BASE))
        if base is not None and base != stored:
            raise UsageError(
                f"{self.path}：建库时的 IRI 前缀是 {stored}，不能改为 {base}；请换一个 --store 文件夹",
                f"{self.path}: made with the base {stored}, not {base}; choose another folder for --store",
            )
        return stored


def _write_settings(path: Path, settings: dict[str, Any]) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def _format_by_graph(quads: Iterable[Quad]) -> str:
    """Return *quads* as the data of a SPARQL update."""
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name), []).append(quad)
    return "".join(f"GRAPH {graph} {{\n{_format_triples(some)}}}\n" for graph, some in graphs.items())


def _format_triples(quads: Iterable[Quad]) -> str:
    data = serialize((q.triple for q in quads), format=RdfFormat.N_TRIPLES)
    return (data or b"").decode("utf-8")


def _lock_folder(folder: Path, write: bool) -> IO[bytes] | None:
    if fcntl is None:
        return None
    path = folder / _LOCK
    try:
        handle: IO[bytes] = path.open("ab" if write or not path.exists() else "rb")
    except OSError as error:
        if write:
            why = error.strerror
            raise StoreError(f"{folder}：不能写入（{why}）", f"{folder}: not writable ({why})") from error
        return None  # a store on a read-only medium has no writers
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if write else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise _make_lock_error(folder) from error
    return handle


def _make_lock_error(folder: Path) -> StoreError:
    return StoreError(
        f"{folder}：正被另一个程序使用；请等它结束后再试",
        f"{folder}: in use by another program; try again when it has ended",
    )


def _make_damage_error(folder: Path, error: Exception) -> KgError:
    if full := find_disk_error(error):
        return full
    text = " ".join(str(error).split())
    if "lock" in text.lower() and "LOCK" in text:
        return _make_lock_error(folder)
    text = text[:200]
    return StoreError(
        f"{folder}：知识图谱库损坏，打不开（{text}）；请换一个 --store 文件夹重新运行 kg build",
        f"{folder}: damaged, cannot be opened ({text}); build again into another folder",
    )


def _copy_union(store: Oxigraph) -> Oxigraph | None:
    if len(store) > _LARGEST_UNION:
        return None
    copied = Oxigraph()
    copied.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in store.quads_for_pattern(None, None, None, None))
    return copied
