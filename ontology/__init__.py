"""Ontology, shapes, tier scheme, labels and lexicons as data files, and the code that loads them.

proposal-kg.ttl  the vocabulary                    terms.py            its names as strings
shapes.ttl       constraints on a graph (SHACL)    property_shapes.py  reads the classes that a property allows
tiers.ttl        known tiers of enterprises        tiers.py            reads them
labels.toml      words for classes and properties  labels.py           reads them
lexicon/         words and patterns of the rules   lexicons.py         reads them

errors.py has the errors that a user can cause.
"""

from __future__ import annotations

from pathlib import Path

ONTOLOGY = Path(__file__).parent / "proposal-kg.ttl"
"""The vocabulary, in Turtle."""
SHAPES = Path(__file__).parent / "shapes.ttl"
"""The SHACL shapes, in Turtle."""
TIERS = Path(__file__).parent / "tiers.ttl"
"""The tier scheme, in Turtle."""

__all__ = ["ONTOLOGY", "SHAPES", "TIERS"]
