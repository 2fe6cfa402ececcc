"""``settings.toml``: what is left aside, and the words of a comparison."""

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
def settings() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "settings.toml").read_text(encoding="utf-8"))


@cache
def aside(table: str) -> frozenset[str]:
    """Properties (IRIs) that are no facts: ``literals`` or ``links``."""
    return frozenset(_iri(name) for name in settings()["aside"][table])


def like(name: str) -> float:
    """How like two texts must be to be taken for one that was changed (0 to 1)."""
    return float(settings()["like"][name])


def word(name: str, lang: str, **values: str) -> str:
    """A word or phrase of a comparison."""
    said: str = settings()["words"][name][lang]
    return said.format(**values) if values else said


def fact(name: str, lang: str) -> str:
    """A literal property in words."""
    own = settings()["words"].get(name)
    found: str = own[lang] if own else name_fact(name, lang)
    return found if found != name else _label(name, lang)


def predicate(name: str, lang: str) -> str:
    """A property between things in words."""
    found = name_property(name, lang)
    return found if found != name else _label(name, lang)


def value(name: str, lang: str) -> str:
    """An individual of the ontology in words."""
    found = name_value(name, lang)
    return found if found != name else _label(name, lang)


def _iri(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon else PK + name


def _label(name: str, lang: str) -> str:
    """What the ontology calls a term of its own; the name itself for terms of others."""
    return _labels().get((name, lang), name)


@cache
def _labels() -> Mapping[tuple[str, str], str]:
    return {
        (q.subject.value.removeprefix(PK), q.object.language or ""): q.object.value
        for q in parse(path=ONTOLOGY, format=RdfFormat.TURTLE)
        if q.predicate.value == RDFS + "label" and isinstance(q.object, Literal) and isinstance(q.subject, NamedNode)
    }
