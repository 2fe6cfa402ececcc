"""What a comparison ignores, its thresholds and its words (``settings.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from ontology import ONTOLOGY
from ontology.labels import name_fact, name_property, name_value
from ontology.terms import PK, PREFIXES, RDFS


@cache
def load_settings() -> Mapping[str, Any]:
    """Return ``settings.toml``."""
    return tomllib.loads((Path(__file__).parent / "settings.toml").read_text(encoding="utf-8"))


@cache
def list_ignored(table: str) -> frozenset[str]:
    """Return the IRIs of the properties that are not compared; *table* is ``literals`` or ``links``."""
    return frozenset(_expand_name(name) for name in load_settings()["aside"][table])


def get_threshold(name: str) -> float:
    """Return how similar two texts must be (0 to 1) to count as one text that was changed."""
    return float(load_settings()["like"][name])


def format_phrase(name: str, lang: str, **values: str) -> str:
    """Return a word or phrase of a comparison, with *values* filled in."""
    phrase: str = load_settings()["words"][name][lang]
    return phrase.format(**values) if values else phrase


def label_literal(name: str, lang: str) -> str:
    """Return the words for a property with literal values."""
    own = load_settings()["words"].get(name)
    label: str = own[lang] if own else name_fact(name, lang)
    return label if label != name else _get_ontology_label(name, lang)


def label_link(name: str, lang: str) -> str:
    """Return the words for a property between things."""
    label = name_property(name, lang)
    return label if label != name else _get_ontology_label(name, lang)


def label_individual(name: str, lang: str) -> str:
    """Return the words for an individual of the ontology."""
    label = name_value(name, lang)
    return label if label != name else _get_ontology_label(name, lang)


def _expand_name(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon else PK + name


def _get_ontology_label(name: str, lang: str) -> str:
    """Return the label of a term of our ontology, or *name* itself for a term of another vocabulary."""
    return _load_ontology_labels().get((name, lang), name)


@cache
def _load_ontology_labels() -> Mapping[tuple[str, str], str]:
    return {
        (quad.subject.value.removeprefix(PK), quad.object.language or ""): quad.object.value
        for quad in parse(path=ONTOLOGY, format=RdfFormat.TURTLE)
        if quad.predicate.value == RDFS + "label"
        and isinstance(quad.object, Literal)
        and isinstance(quad.subject, NamedNode)
    }
