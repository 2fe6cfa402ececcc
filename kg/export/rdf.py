"""A store as files: RDF in the usual syntaxes, networks and tables.

Turtle, N-Triples, RDF/XML and JSON-LD hold the union of all sources. TriG and N-Quads keep one graph for each source.
The content is sorted, so that the same store always gives the same bytes. A file is written under another name first
and renamed at the end, so that no half-written file is left.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kg.errors import UsageError, check_choice
from kg.files import choose_format, write_files
from kg.store.serialize import serialize_store
from kg.store.store import Store

TABLES = ("nodes", "edges", "figures")
"""The tables of ``csv``."""
NETWORKS = ("graphml", "gexf", "csv")
FORMATS = ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml", *NETWORKS)
SUFFIXES: Mapping[str, str] = {
    ".ttl": "turtle", ".trig": "trig", ".nq": "nquads", ".nt": "ntriples", ".jsonld": "jsonld", ".json": "jsonld",
    ".rdf": "rdfxml", ".xml": "rdfxml", ".graphml": "graphml", ".gexf": "gexf", ".csv": "csv",
}  # fmt: skip
"""Formats by the suffix of the file name."""


def export_store(
    store: Store, form: str, output: str | os.PathLike[str] | None, *, with_builds: bool = False
) -> tuple[Path, ...] | str:
    """Write *store* to a file.

    Args:
        store: the store.
        form: one of :data:`FORMATS`.
        output: the file. None returns the text instead. ``csv`` has three tables: ``X.csv`` makes ``X.nodes.csv``,
            ``X.edges.csv`` and ``X.figures.csv``; in a folder, or in one that a name without suffix makes, they are
            ``nodes.csv``, ``edges.csv`` and ``figures.csv``.
        with_builds: include the log of builds (RDF formats only).

    Returns:
        The paths of the files written, or the text.

    Raises:
        UsageError: the format does not exist, the suffix of *output* means another one, ``csv`` has no *output*, or the
            file cannot be written.
    """
    paths = list_outputs(form, output)
    if form == "csv":
        from kg.export.networks import serialize_tables

        tables = serialize_tables(store)
        return write_files({path: tables[name] for path, name in zip(paths, TABLES, strict=True)})
    if form in NETWORKS:
        from kg.export.networks import serialize_network

        text = serialize_network(store, form)
    else:
        text = serialize_store(store, form, with_builds=with_builds)
    return write_files({path: text.encode("utf-8") for path in paths}) if paths else text


def list_outputs(form: str, output: str | os.PathLike[str] | None) -> tuple[Path, ...]:
    """Return the files that an export writes, none if it returns text.

    Raises:
        UsageError: as :func:`export_store`, before a store is read.
    """
    check_format(form)
    if output is None:
        if form == "csv":
            raise UsageError(
                "csv 有三个表，请给出 --output 文件名", "csv has three tables: give a file name with --output"
            )
        return ()
    path = Path(output)
    if not path.is_dir():
        choose_format(form, path, SUFFIXES)
    if form != "csv":
        return (path,)
    if path.suffix.lower() == ".csv" and not path.is_dir():
        return tuple(path.with_name(f"{path.stem}.{name}.csv") for name in TABLES)
    if path.suffix and not path.is_dir():
        raise UsageError(
            f"{output}：csv 有三个表，请写成 X.csv，或给一个文件夹",
            f"{output}: csv has three tables; write X.csv, or give a folder",
        )
    return tuple(path / f"{name}.csv" for name in TABLES)


def check_format(form: str) -> str:
    """Return *form*.

    Raises:
        UsageError: it is not one of :data:`FORMATS`.
    """
    return check_choice(form, FORMATS)
