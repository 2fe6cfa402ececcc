"""Read a side of a comparison (a store, a build of a store, or an exported file) as an index of its facts."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from kg.compare.data import format_phrase
from kg.compare.index import FactIndex
from kg.errors import SourceError, UsageError
from kg.export.rdf import NETWORKS, SUFFIXES
from kg.store.snapshots import find_previous_snapshot, find_snapshot, list_snapshots, read_snapshot
from kg.store.store import Store

_FORMATS = {
    "turtle": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML,
}  # fmt: skip
_RDF_SUFFIXES = " ".join(suffix for suffix, form in SUFFIXES.items() if form not in NETWORKS)
_GZIP = ".gz"
_AT = "@"
_LONGEST_REASON = 160


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison."""

    name: str
    """The name that the user gave, with the time of the build if it is a build of a store."""
    index: FactIndex


def read_side(name: str | os.PathLike[str], lang: str = "zh", base: tuple[str, str] | None = None) -> Side:
    """Read the side that *name* names.

    Args:
        name: the folder of a store, a build of a store (``STORE@BUILD``, see ``kg.store.snapshots.find_snapshot``),
            or a file of RDF.
        lang: language of the name of the side.
        base: what the IRIs begin with, and what they are read to begin with instead. None leaves them as they are.

    Raises:
        SourceError: there is no such file or folder, or it cannot be read.
        StoreError: the store is missing, in use or damaged, or its history does not match its content.
        NotFoundError: the store has no such build.
        UsageError: the file is not RDF.
    """
    given = os.fspath(name)
    path, build = _split_name(given)
    if path.is_dir():
        with Store(path) as store:
            if build:
                return _read_build(store, path, find_snapshot(store, build), lang, base)
            graphs = store.list_graphs(links=True)
            return Side(given, FactIndex((quad for graph in graphs for quad in store.read_quads(graph)), base))
    if build or not path.exists():
        raise SourceError(f"{path}：没有这个库或文件", f"{path}: no such store or file")
    return Side(given, FactIndex(_parse_file(path), base))


def read_side_and_now(name: str | os.PathLike[str], lang: str = "zh") -> tuple[Side, Side]:
    """Read a store as it was after a build (``STORE@BUILD``) or before its last build, and as it is now.

    Raises:
        UsageError: *name* is a file.
        SourceError: there is no such store.
        StoreError: the store is in use or damaged, or its history does not match its content.
        NotFoundError: the store has no such build, or no history.
    """
    path, build = _split_name(os.fspath(name))
    if path.is_file():
        raise UsageError(
            f"{path}：是一个文件；请再给出一个文件或库来比较",
            f"{path}: is a file; name another file or store to compare it with",
        )
    if not path.exists():
        raise SourceError(f"{path}：没有这个库", f"{path}: no such store")
    with Store(path) as store:
        before = find_snapshot(store, build) if build else find_previous_snapshot(store)
        last = list_snapshots(store)[-1].number
        return _read_build(store, path, before, lang), _read_build(store, path, last, lang)


def _read_build(store: Store, path: Path, number: int, lang: str, base: tuple[str, str] | None = None) -> Side:
    """Read *store* as it was after build *number*."""
    times = {snapshot.number: snapshot.time for snapshot in list_snapshots(store)}
    name = f"{path}{_AT}{number}"
    if number in times:
        name = format_phrase("build", lang, store=name, time=f"{times[number].astimezone():%Y-%m-%d %H:%M}")
    return Side(name, FactIndex(read_snapshot(store, number), base))


def _split_name(name: str) -> tuple[Path, str]:
    """Return the path and the words after ``@``. A name that is an existing path is not split."""
    whole = Path(name)
    if whole.exists() or _AT not in name:
        return whole, ""
    folder, _, build = name.rpartition(_AT)
    return Path(folder), build


def _parse_file(path: Path) -> Iterator[Quad]:
    plain = path.name.lower().removesuffix(_GZIP)
    form = SUFFIXES.get(Path(plain).suffix)
    if form not in _FORMATS:
        raise UsageError(
            f"{path}：不是能比较的文件；请给出知识图谱库，或 kg export 导出的 RDF 文件（{_RDF_SUFFIXES}，可再加 .gz）",
            f"{path}: cannot be compared; give a store or an RDF file from kg export ({_RDF_SUFFIXES}, also with .gz)",
        )
    try:
        data = path.read_bytes()
        if path.name.lower().endswith(_GZIP):
            data = gzip.decompress(data)
        yield from parse(data, format=_FORMATS[form])
    except SyntaxError as error:
        why = re.sub(r"\s+", " ", str(error))[:_LONGEST_REASON]
        raise SourceError(f"{path}：不是正确的 {form}（{why}）", f"{path}: is not valid {form} ({why})") from error
    except (OSError, EOFError, ValueError) as error:
        why = str(getattr(error, "strerror", None) or error)[:_LONGEST_REASON]
        raise SourceError(f"{path}：读不了（{why}）", f"{path}: cannot be read ({why})") from error
