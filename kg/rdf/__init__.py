"""Extraction → quads: IRIs of things, and one named graph for each source."""
