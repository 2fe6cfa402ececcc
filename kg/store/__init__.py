"""Quads on disk: the store, its history and snapshots, records of sources, RDF text."""

from kg.store.store import DEFAULT, Store

__all__ = ["DEFAULT", "Store"]
