"""Quads on disk: the store, its history and snapshots, records of sources, RDF text."""
