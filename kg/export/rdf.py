"""A store as files: RDF in the usual syntaxes, and networks and tables through networkx.

Turtle, N-Triples, RDF/XML and JSON-LD hold the union of all sources; TriG and N-Quads keep one graph a source.
Everything is sorted, so that the same store gives the same bytes, and written beside its place and then moved there,
so that no half-written file is ever left.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kg.errors import UsageError, check_choice
from kg.files import write_files
from kg.store.serialize import serialize_store
from kg.store.store import Store

NETWORKS = ("graphml", "gexf", "csv")
FORMATS = ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml", *NETWORKS)
SUFFIXES: Mapping[str, str] = {
    ".ttl": "turtle", ".trig": "trig", ".nq": "nquads", ".nt": "ntriples", ".jsonld": "jsonld", ".rdf": "rdfxml",
    ".xml": "rdfxml", ".graphml": "graphml", ".gexf": "gexf", ".csv": "csv",
}  # fmt: skip
"""Which format a file name asks for."""


def export(
    store: Store, form: str, output: str | os.PathLike[str] | None, *, with_builds: bool = False
) -> tuple[Path, ...] | str:
    """Write *store* to a file.

    Args:
        store: the store.
        form: one of :data:`FORMATS`.
        output: the file; None gives the text back instead. For ``csv`` the name says how the three tables are
            called: ``X.csv`` makes ``X.nodes.csv``, ``X.edges.csv`` and ``X.figures.csv``, a folder gets
            ``nodes.csv``, ``edges.csv`` and ``figures.csv``.
        with_builds: put the log of builds in, too (RDF only).

    Returns:
        The files written, or the text.

    Raises:
        UsageError: an unknown format; csv without a file; a place that cannot be written.
    """
    check_format(form)
    if form == "csv":
        if output is None:
            raise UsageError("csv 有三个表，请给出 --output 文件名", "csv has three tables: name a file with --output")
        from kg.export.networks import csv_tables

        return write_files({_table_path(Path(output), name): text for name, text in csv_tables(store).items()})
    if form in NETWORKS:
        from kg.export.networks import network_text

        text = network_text(store, form)
    else:
        text = serialize_store(store, form, with_builds=with_builds)
    return text if output is None else write_files({Path(output): text.encode("utf-8")})


def check_format(form: str) -> str:
    """*form*, if there is such a format.

    Raises:
        UsageError: there is not.
    """
    return check_choice(form, FORMATS)


def _table_path(output: Path, name: str) -> Path:
    if output.is_dir() or output.suffix.lower() != ".csv":
        return output / f"{name}.csv"
    return output.with_name(f"{output.stem}.{name}.csv")
