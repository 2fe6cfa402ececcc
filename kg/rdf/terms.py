"""Terms of the graph of an extraction: properties, classes and literals. Those that many quads have are made once."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from ontology.terms import DCTERMS, PK, PREFIXES, SKOS, XSD

_SPECIAL = {"broader": SKOS + "broader", "title": DCTERMS + "title", "issued": DCTERMS + "issued"}
DECIMAL = NamedNode(XSD + "decimal")


@lru_cache(maxsize=1024)
def make_property_iri(name: str) -> str:
    """Return the IRI of a property by its name in an extraction: ``issuedBy``, ``broader``, ``dcterms:source``."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return _SPECIAL.get(name, PK + name)


def make_date_literal(value: str) -> Literal | None:
    """Return *value* (``2023-06-19``, ``2023-06``, ``2023``) as the most precise real date in it; None without any."""
    parts = value.split("-")
    for size, datatype in ((3, "date"), (2, "gYearMonth"), (1, "gYear")):
        if len(parts) >= size and re.fullmatch(r"\d{4}(-\d\d)*", "-".join(parts[:size])):
            try:
                date(*([int(part) for part in parts[:size]] + [1, 1])[:3])
            except ValueError:
                continue
            return Literal("-".join(parts[:size]), datatype=NamedNode(XSD + datatype))
    return None


@lru_cache(maxsize=1024)
def make_property(name: str) -> NamedNode:
    """Return a property by its name in an extraction."""
    return NamedNode(make_property_iri(name))


@lru_cache(maxsize=1024)
def make_class(kind: str) -> NamedNode:
    """Return a class of the ontology."""
    return NamedNode(PK + kind)


@lru_cache(maxsize=65536)
def make_number(number: int) -> Literal:
    """Return a whole number; no narrower type, since Oxigraph stores all integers as xsd:integer."""
    return Literal(number)


@lru_cache(maxsize=1024)
def make_share(share: float) -> Literal:
    """Return a share with three digits."""
    return Literal(f"{share:.3g}", datatype=DECIMAL)
