"""Words for classes, properties, values and figures in Chinese and English, from ``labels.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

PAGE_TABLES = ("figures", "bounds", "kinds", "predicates", "facts", "values")
"""Tables that graph pages show. A ``--look`` folder may replace their values."""


@cache
def load_labels() -> Mapping[str, Any]:
    """Return ``labels.toml`` as nested dictionaries: table → key → language → words."""
    return tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))


def name_class(name: str, lang: str) -> str:
    """Return the words for the class with the local name *name*, or *name* if there are none."""
    words = (_look_up(table, name, lang) for table in ("kinds", "figures", "rules"))
    return next((found for found in words if found != name), name)


def name_property(name: str, lang: str, *, inverse: bool = False) -> str:
    """Return the words for a property, read from its subject or, with *inverse*, from its object."""
    entry: Mapping[str, str] = load_labels()["predicates"].get(name, {})
    return entry.get(f"inverse_{lang}" if inverse else lang, entry.get(lang, name))


def name_fact(name: str, lang: str) -> str:
    """Return the words for a property whose value is a literal."""
    return _look_up("facts", name, lang)


def name_value(name: str, lang: str) -> str:
    """Return the words for an individual of the ontology (``InForce``), or *name* as it is."""
    return _look_up("values", name, lang)


def _look_up(table: str, key: str, lang: str) -> str:
    entry: Mapping[str, str] = load_labels()[table].get(key, {})
    return entry.get(lang, key)
