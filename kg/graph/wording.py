"""Figures in words, in Chinese and English: numbers with their units, bounds and slots.

The words are those of ``ontology.labels``.
"""

from __future__ import annotations

from decimal import Decimal

from kg.graph.facts import FigureFacts
from ontology.labels import load_labels


def name_unit(unit: str, lang: str) -> str:
    """Return a unit as people write it: 元 for CNY."""
    entry = load_labels()["units"].get(unit)
    return str(entry[lang]) if entry else unit


def format_amount(amount: Decimal, unit: str, bound: str, lang: str) -> str:
    """Return a quantity in words with its bound: 不少于2000亿元."""
    phrases = load_labels()["bound_phrases"]
    words: str = phrases.get(bound, phrases["Exactly"])[lang]
    return words.format(n=format_number(amount, unit, lang))


def format_number(amount: Decimal, unit: str, lang: str) -> str:
    """Return *amount* with its unit as people write it: 50万元, 2.97亿元, 128家; CNY 500,000."""
    entry = load_labels()["units"].get(unit)
    printed = entry[lang] if entry else unit
    if lang != "zh":
        plain = f"{amount.normalize():,f}"
        if entry:
            return f"{printed} {plain}"
        return f"{plain}{unit}" if unit.startswith(("%", ":")) else f"{plain} {printed}".strip()
    for scale in load_labels()["scales"]:
        small = (amount / scale["from"]).normalize()
        # scale only if the number becomes shorter: 12345 stays, 50000 becomes 5万
        if abs(amount) >= scale["from"] and len(f"{small:f}") < len(f"{amount.normalize():f}"):
            return f"{small:f}{scale['word']}{printed}"
    return f"{amount.normalize():f}{printed}"


def format_figure(facts: FigureFacts, lang: str, place: str = "") -> str:
    """Return a figure in words: ``最高50万元（每家，2023）``; a condition without a number by what it asks for.

    Args:
        facts: the figure.
        lang: ``zh`` or ``en``.
        place: label of the place of the figure, if it is to be printed.
    """
    if facts.requires and not facts.bound:
        return facts.requires
    slots = load_labels()["slots"]
    amount = format_amount(facts.value, facts.unit, facts.bound, lang)
    values = {
        "per": facts.per, "period": facts.period, "deadline": facts.deadline,
        "frequency": facts.frequency, "place": place,
    }  # fmt: skip
    details = [slots[name][lang].format(x=value) for name, value in values.items() if value]
    joint: str = slots["joint"][lang]
    return amount + (slots["brackets"][lang].format(x=joint.join(details)) if details else "")
