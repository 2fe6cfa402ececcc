"""The project's knowledge as data: ontology, shapes, tier scheme and lexicons, and the little code that loads them.

proposal-kg.ttl  the vocabulary           terms.py     its names as plain strings
shapes.ttl       what a graph must be
tiers.ttl        known classes of firms   tiers.py     reads them
lexicon/         words and patterns       lexicons.py  reads them
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
