"""The version of this software, and digests of its files: what was made by other code is made anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

__version__ = "0.1.0"

_GRAPH = ("ontology", "extract", "kg.read", "kg.rdf", "kg.ingest.worker")
"""Packages and modules that the graph of a source is made by. No other code can change a graph."""
_LINKS = ("kg.join",)
"""What the graph of links is made by, besides."""
_LEFT_OUT = frozenset({"__pycache__", "labels.py", "labels.toml", "train"})
"""Files and folders of these packages that no graph depends on: words for people, training of models."""


@cache
def graph_digest() -> str:
    """Return the digest of all code and data that the graph of a source depends on, as 64 hex digits."""
    return _digest_modules(_GRAPH)


@cache
def links_digest() -> str:
    """Return the digest of all code and data that the graph of links depends on, as 64 hex digits."""
    return _digest_modules((*_GRAPH, *_LINKS))


def digest_package(package: Path) -> str:
    """Return the digest of the files below *package* (a folder, or one file), by their place in it."""
    sha = hashlib.sha256()
    for path in sorted(package.rglob("*")) if package.is_dir() else [package]:
        inside = path.relative_to(package) if package.is_dir() else Path(path.name)
        if not _LEFT_OUT & set(inside.parts) and path.suffix != ".pyc" and path.is_file():
            data = path.read_bytes()
            sha.update(f"{inside.as_posix()}\0{len(data)}\0".encode("utf-8", "surrogatepass") + data)
    return sha.hexdigest()


def _digest_modules(names: Iterable[str]) -> str:
    digests = [__version__, *(digest_package(path) for name in names for path in _locate(name))]
    return hashlib.sha256(json.dumps(digests).encode()).hexdigest()


def _locate(name: str) -> Iterator[Path]:
    """Yield the folders of a package, or the file of a module, without importing it."""
    spec = find_spec(name)
    if spec is None:
        return
    if spec.submodule_search_locations:
        yield from map(Path, spec.submodule_search_locations)
    elif spec.origin:
        yield Path(spec.origin)
