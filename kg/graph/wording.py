"""Words for terms of the ontology and for figures, in Chinese and English, from data files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.graph.view import FigureFacts


@cache
def _own() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


@cache
def _page() -> Mapping[str, Any]:
    return tomllib.loads(files("viz").joinpath("texts.toml").read_text(encoding="utf-8"))


def _word(table: str, key: str, lang: str) -> str:
    entry: Mapping[str, str] = _page().get(table, {}).get(key, {})
    return entry.get(lang, key)


def kind(name: str, lang: str) -> str:
    """A class, by its local name."""
    found = _word("kinds", name, lang)
    return found if found != name else _word("figures", name, lang)


def predicate(name: str, lang: str, *, inverse: bool = False) -> str:
    """A property, read from its subject, or with *inverse* from its object."""
    entry: Mapping[str, str] = _page().get("predicates", {}).get(name, {})
    return entry.get(f"inverse_{lang}" if inverse else lang, entry.get(lang, name))


def fact(name: str, lang: str) -> str:
    """A literal property."""
    return _word("facts", name, lang)


def value(name: str, lang: str) -> str:
    """An individual of the ontology (``InForce``), or *name* as it is."""
    return _word("values", name, lang)


def number(amount: Decimal, unit: str, lang: str) -> str:
    """*amount* with its unit as people write it: 50万元, 2.97亿元, 128家; CNY 500,000."""
    entry = _own()["unit"].get(unit)
    printed = entry[lang] if entry else unit
    if lang != "zh":
        plain = f"{amount.normalize():,f}"
        if entry:
            return f"{printed} {plain}"
        return f"{plain}%" if unit == "%" else f"{plain} {printed}".strip()
    for scale in _own()["scale"]:
        small = (amount / scale["from"]).normalize()
        # only where the scaled number is shorter: 12345 stays, 50000 becomes 5万
        if abs(amount) >= scale["from"] and len(f"{small:f}") < len(f"{amount.normalize():f}"):
            return f"{small:f}{scale['word']}{printed}"
    return f"{amount.normalize():f}{printed}"


def figure(facts: FigureFacts, lang: str, place: str = "") -> str:
    """A figure in words: ``最高50万元(每家，2023)``."""
    own = _own()
    words: str = own["bound"].get(facts.bound, own["bound"]["Exactly"])[lang]
    said = words.format(n=number(facts.value, facts.unit, lang))
    slots = {
        "per": facts.per, "period": facts.period, "deadline": facts.deadline,
        "frequency": facts.frequency, "place": place,
    }  # fmt: skip
    more = [own["slot"][name][lang].format(x=x) for name, x in slots.items() if x]
    joint: str = own["slot"]["joint"][lang]
    return said + (own["slot"]["brackets"][lang].format(x=joint.join(more)) if more else "")
