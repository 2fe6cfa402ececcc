"""The version of this software, and digests of its code: a graph that other code made is built again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

__version__ = "0.1.0"

_GRAPH = ("ontology", "extract", "kg.read", "kg.rdf", "kg.ingest.worker")
"""Packages and modules that make the graph of a source. No other code can change a graph."""
_LINKS = ("kg.join",)
"""Further packages that make the graph of links."""
_LEFT_OUT = ("ontology/labels.py", "ontology/labels.toml", "extract/train")
"""Files and folders that no graph depends on: labels for people, training of models."""


@cache
def compute_graph_digest() -> str:
    """Return the digest of all code and data that the graph of a source depends on, as 64 hex digits."""
    return _digest_modules(_GRAPH)


@cache
def compute_links_digest() -> str:
    """Return the digest of all code and data that the graph of links depends on, as 64 hex digits."""
    return _digest_modules((*_GRAPH, *_LINKS))


def compute_package_digest(package: Path, name: str) -> str:
    """Return the digest of a package: of the relative paths and bytes of its files.

    Args:
        package: a folder, or one file.
        name: the name that imports it.
    """
    sha = hashlib.sha256()
    root = PurePosixPath(*name.split("."))
    for path in sorted(package.rglob("*")) if package.is_dir() else [package]:
        inside = path.relative_to(package) if package.is_dir() else Path(path.name)
        if path.is_file() and path.suffix != ".pyc" and not _is_left_out(root / inside.as_posix()):
            data = path.read_bytes()
            sha.update(f"{inside.as_posix()}\0{len(data)}\0".encode("utf-8", "surrogatepass") + data)
    return sha.hexdigest()


def _is_left_out(path: PurePosixPath) -> bool:
    return "__pycache__" in path.parts or any(path.is_relative_to(left_out) for left_out in _LEFT_OUT)


def _digest_modules(names: Iterable[str]) -> str:
    digests = [__version__, *(compute_package_digest(path, name) for name in names for path in _locate(name))]
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
