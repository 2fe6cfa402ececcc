"""What a user names as a side: a store, a store as it was after a build, or an export, as an index of its facts."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from kg.compare.data import word
from kg.compare.index import Index
from kg.errors import SourceError, UsageError
from kg.export.rdf import NETWORKS, SUFFIXES
from kg.store import snapshots as past
from kg.store.store import Store

_FORMATS = {
    "turtle": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML,
}  # fmt: skip
_RDF = " ".join(s for s, form in SUFFIXES.items() if form not in NETWORKS)
_GZIP = ".gz"
_AT = "@"
_LONGEST_REASON = 160


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison."""

    name: str
    """As the user named it, with the time of its build if it is one."""
    index: Index


def side(name: str | os.PathLike[str], lang: str = "zh", base: tuple[str, str] | None = None) -> Side:
    """Read what *name* says.

    Args:
        name: the folder of a store; ``STORE@BUILD`` for one as it was (``kg.store.snapshots.chosen``); a file of RDF.
        lang: language of the side's name.
        base: what its IRIs begin with, and what they shall be taken to begin with.

    Raises:
        SourceError: no such file or folder, or it cannot be read.
        StoreError: the store is missing, in use or damaged, or its history does not fit.
        NotFoundError: the store has no such build.
        UsageError: a file that is no RDF.
    """
    said = os.fspath(name)
    path, build = _split(said)
    if path.is_dir():
        with Store(path) as store:
            if not build:
                return Side(said, Index((q for g in store.graphs(links=True) for q in store.quads(g)), base))
            return _past(store, path, past.chosen(store, build), lang, base)
    if build or not path.exists():
        raise SourceError(f"{path}：没有这个库或文件", f"{path}: no such store or file")
    return Side(said, Index(_parsed(path), base))


def to_now(name: str | os.PathLike[str], lang: str = "zh") -> tuple[Side, Side]:
    """A store as it was after a build (``STORE@BUILD``), or before its last build, and now.

    Raises:
        UsageError: *name* is no store.
        SourceError, StoreError: it is not there, or cannot be read.
        NotFoundError: there was nothing before.
    """
    path, build = _split(os.fspath(name))
    if path.is_file():
        raise UsageError(
            f"{path}：是一个文件；请再给出一个文件或库来比较",
            f"{path}: is a file; name another file or store to compare it with",
        )
    if not path.exists():
        raise SourceError(f"{path}：没有这个库", f"{path}: no such store")
    with Store(path) as store:
        before = past.chosen(store, build) if build else past.before_last(store)
        last = past.builds(store)[-1].number
        return _past(store, path, before, lang), _past(store, path, last, lang)


def _past(store: Store, path: Path, number: int, lang: str, base: tuple[str, str] | None = None) -> Side:
    time = next((f"{b.time.astimezone():%Y-%m-%d %H:%M}" for b in past.builds(store) if b.number == number), "")
    name = f"{path}{_AT}{number}"
    return Side(word("build", lang, store=name, time=time) if time else name, Index(past.state(store, number), base))


def _split(said: str) -> tuple[Path, str]:
    """A store and the words for one of its builds; a path that is there is taken as it is."""
    whole = Path(said)
    if whole.exists() or _AT not in said:
        return whole, ""
    folder, _, build = said.rpartition(_AT)
    return Path(folder), build


def _parsed(path: Path) -> Iterator[Quad]:
    plain = path.name.lower().removesuffix(_GZIP)
    form = SUFFIXES.get(Path(plain).suffix)
    if form not in _FORMATS:
        raise UsageError(
            f"{path}：不是能比较的文件；请给出知识图谱库，或 kg export 导出的 RDF 文件（{_RDF}，可再加 .gz）",
            f"{path}: cannot be compared; name a store, or a file of RDF that kg export wrote ({_RDF}, also with .gz)",
        )
    try:
        data = path.read_bytes()
        if path.name.lower().endswith(_GZIP):
            data = gzip.decompress(data)
        yield from parse(data, format=_FORMATS[form])
    except SyntaxError as error:
        why = re.sub(r"\s+", " ", str(error))[:_LONGEST_REASON]
        raise SourceError(f"{path}：不是正确的 {form}（{why}）", f"{path}: is no proper {form} ({why})") from error
    except (OSError, EOFError, ValueError) as error:
        why = str(getattr(error, "strerror", None) or error)[:_LONGEST_REASON]
        raise SourceError(f"{path}：读不了（{why}）", f"{path}: cannot be read ({why})") from error
