"""The store: Oxigraph in a folder, one named graph a source, each replaced as a whole or not at all.

A writer holds the folder for itself; any number of readers may share it while nobody writes. Both are kept apart by
an advisory lock on ``kg.lock``, because Oxigraph does not say what a reader sees while another process writes.
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

from kg.errors import StoreError, UsageError
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
"""Folder of the store, unless a user names another."""
_SETTINGS = "kg-store.json"
_LOCK = "kg.lock"
_OURS = {_SETTINGS, f"{_SETTINGS}.new", _LOCK}
_FORMAT = 1
_OXIGRAPH = "CURRENT"
"""A file that every Oxigraph folder has."""
_TYPE, _CONTEXT = NamedNode(RDF + "type"), NamedNode(NIF + "Context")


class Store:
    """An open store. Use it as a context manager, or :meth:`close` it.

    Attributes:
        path: its folder.
        base: what the IRIs of its things begin with.
        oxigraph: the pyoxigraph store itself.
        history: what each build changed.
    """

    def __init__(self, path: str | os.PathLike[str] = DEFAULT, *, write: bool = False, base: str | None = None) -> None:
        """Open a store; with *write* it is made if it is not there.

        Args:
            path: the folder.
            write: open it for changes, for this process alone.
            base: what IRIs shall begin with; a store keeps the base that it was made with.

        Raises:
            StoreError: missing, in use, damaged, or no store of ours.
            UsageError: the store has another base.
        """
        self.path = Path(path)
        if base is not None:
            iri.checked_base(base)
        self._lock: IO[bytes] | None = None
        exists = (self.path / _OXIGRAPH).exists()
        if not exists:
            self._check_new(write)
        self._lock = _locked(self.path, write)
        try:
            self.base = self._settings(write, base)
            self.oxigraph: Oxigraph = Oxigraph(self.path) if write else Oxigraph.read_only(str(self.path))
        except (OSError, ValueError, RuntimeError) as error:
            self.close()
            raise _broken(self.path, error) from error
        except BaseException:
            self.close()
            raise
        self.writable = write
        self.history = History(self)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder; the store cannot be used afterwards."""
        try:
            if hasattr(self, "oxigraph") and hasattr(self, "history"):
                self.history.close()
        finally:
            if hasattr(self, "oxigraph"):
                del self.oxigraph
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    # graphs

    def replace(self, graph: str, quads: Iterable[Quad], record: Iterable[Quad] | None = None) -> bool:
        """Make *quads* the whole of *graph*, in one transaction.

        Only what differs is written: building the same thing again writes nothing.

        Args:
            graph: the graph.
            quads: what it shall hold.
            record: what the graph of builds shall say of it from then on (``kg.store.records``). What that said goes
                with what it was about, in the same transaction: no record ever tells of a graph that is not there.

        Returns:
            Whether anything changed in *graph*.
        """
        name = NamedNode(graph)
        new = set(quads)
        if any(q.graph_name != name for q in new):
            raise ValueError(f"a quad of another graph than {graph}")
        old = set(self.oxigraph.quads_for_pattern(None, None, None, name))
        added, removed = new - old, old - new
        changed, put, taken = bool(added or removed), added, removed
        if changed or record is not None:
            told, tell = set(self.recorded(graph)), set(record or ())
            put, taken = added | (tell - told), removed | (told - tell)
        with self.history.change(graph, old, new, added, removed) if changed else nullcontext():
            self._write(taken, put)
        return changed

    def remove(self, graph: str) -> None:
        """Take *graph* out, and its record, in one transaction."""
        about = f"GRAPH <{self.builds_graph}> {{ <{self.record_iri(graph)}> ?p ?o }}"
        removed = list(self.quads(graph))
        with self.history.change(graph, removed, (), (), removed) if removed else nullcontext():
            self.oxigraph.update(f"DROP SILENT GRAPH <{graph}>;\nDELETE WHERE {{ {about} }}")

    def record(self, graph: str, record: Iterable[Quad]) -> None:
        """Make *record* all that the graph of builds says of *graph*, which stays as it is, in one transaction."""
        told, tell = set(self.recorded(graph)), set(record)
        self._write(told - tell, tell - told)

    def recorded(self, graph: str) -> Iterator[Quad]:
        """What the graph of builds says of *graph*."""
        about = NamedNode(self.record_iri(graph))
        return iter(self.oxigraph.quads_for_pattern(about, None, None, NamedNode(self.builds_graph)))

    def record_iri(self, graph: str) -> str:
        """What the record of *graph* is called in the graph of builds."""
        return f"{self.builds_graph}#{graph.removeprefix(self.base)}"

    def _write(self, removed: set[Quad], added: set[Quad]) -> None:
        """Both in one transaction."""
        if removed:
            # a SPARQL update of several operations is one transaction
            parts = [f"{verb} DATA {{\n{_by_graph(some)}}}" for verb, some in (
                ("DELETE", removed), ("INSERT", added)) if some]  # fmt: skip
            self.oxigraph.update(";\n".join(parts))
        elif added:
            self.oxigraph.extend(added)

    def graphs(self, *, links: bool = False, builds: bool = False) -> list[str]:
        """IRIs of the graphs of sources, sorted; with *links* what joins them, with *builds* the log of builds too."""
        names = {g.value for g in self.oxigraph.named_graphs() if isinstance(g, NamedNode)}
        if not links:
            names.discard(self.links_graph)
        if not builds:
            names.discard(self.builds_graph)
        return sorted(names)

    def has(self, graph: str) -> bool:
        """Whether there is such a graph, or a record of a source that could not be read."""
        return next(self.quads(graph), None) is not None or next(self.recorded(graph), None) is not None

    def quads(self, graph: str) -> Iterator[Quad]:
        """The quads of one graph."""
        return iter(self.oxigraph.quads_for_pattern(None, None, None, NamedNode(graph)))

    def sources(self) -> dict[str, str]:
        """Graph IRIs by source id, sorted."""
        found = {}
        for quad in self.oxigraph.quads_for_pattern(None, NamedNode(PK + "sourcePath"), None, None):
            if isinstance(quad.subject, NamedNode) and quad.graph_name == quad.subject:
                found[str(getattr(quad.object, "value", ""))] = quad.subject.value
        return dict(sorted(found.items()))

    def __len__(self) -> int:
        """Quads of all sources, and of what joins them."""
        builds = sum(1 for _ in self.quads(self.builds_graph))
        return len(self.oxigraph) - builds

    @property
    def links_graph(self) -> str:
        """The graph of what only several sources say together (``kg.join``); made anew from theirs."""
        return f"{self.base}links"

    @property
    def builds_graph(self) -> str:
        """The graph that tells of each build; no source's, and in no export unless asked for."""
        return f"{self.base}builds"

    def flush(self) -> None:
        """See that all is on disk."""
        self.oxigraph.flush()

    def as_dataset(self) -> Dataset:
        """The same store as an rdflib Dataset whose default graph is the union; it shares this store's life."""
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        dataset = Dataset(store=OxigraphStore(store=self.oxigraph), default_union=True)
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

    def _settings(self, write: bool, base: str | None) -> str:
        path = self.path / _SETTINGS
        if not path.exists():
            if write:
                _write_settings(path, {"format": _FORMAT, "base": base or iri.BASE})
            return base or iri.BASE
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if found.get("format") != _FORMAT:
            raise StoreError(
                f"{self.path}：由其他版本建立；请换一个 --store 文件夹重新运行 kg build",
                f"{self.path}: made by another version; build again into another folder",
            )
        kept = str(found.get("base", iri.BASE))
        if base is not None and base != kept:
            raise UsageError(
                f"{self.path}：建库时的 IRI 前缀是 {kept}，不能改为 {base}；请换一个 --store 文件夹",
                f"{self.path}: made with the base {kept}, not {base}; choose another folder for --store",
            )
        return kept


def _write_settings(path: Path, settings: dict[str, Any]) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def _by_graph(quads: Iterable[Quad]) -> str:
    """*quads* as SPARQL's data of an update."""
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name), []).append(quad)
    return "".join(f"GRAPH {graph} {{\n{_triples(some)}}}\n" for graph, some in graphs.items())


def _triples(quads: Iterable[Quad]) -> str:
    data = serialize((q.triple for q in quads), format=RdfFormat.N_TRIPLES)
    return (data or b"").decode("utf-8")


def _locked(folder: Path, write: bool) -> IO[bytes] | None:
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
        raise _in_use(folder) from error
    return handle


def _in_use(folder: Path) -> StoreError:
    return StoreError(
        f"{folder}：正被另一个程序使用；请等它结束后再试",
        f"{folder}: in use by another program; try again when it has ended",
    )


def _broken(folder: Path, error: Exception) -> StoreError:
    text = " ".join(str(error).split())
    if "lock" in text.lower() and "LOCK" in text:
        return _in_use(folder)
    text = text[:200]
    return StoreError(
        f"{folder}：知识图谱库损坏，打不开（{text}）；请换一个 --store 文件夹重新运行 kg build",
        f"{folder}: damaged, cannot be opened ({text}); build again into another folder",
    )
