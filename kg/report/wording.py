"""Units of texts compared by their words: the same word for word, nearly the same, or not there.

A unit is what stands between full stops and semicolons. Only letters, digits and characters count: white space and
punctuation do not.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Literal

_CLOSING = "%％‰）)】”’》"
"""Signs that belong to the words before them."""
Likeness = Literal["exact", "nearly", "absent"]


@dataclass(frozen=True, slots=True)
class TextUnit:
    """Words of a text, without their number."""

    begin: int
    end: int
    signs: str
    """Letters, digits and characters only."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where the words of a unit stand in another text."""

    likeness: Likeness
    begin: int = 0
    end: int = 0
    difference: str = ""
    """The unit with what the other text leaves out 〔−…〕 and adds 〔+…〕; empty if it is the same or not there."""


@cache
def load_patterns() -> Mapping[str, Any]:
    """Return ``patterns.toml``."""
    return tomllib.loads((Path(__file__).parent / "patterns.toml").read_text(encoding="utf-8"))


def keep_signs(text: str) -> str:
    """Return the letters, digits and characters of *text*."""
    return "".join(char for char in text if char.isalnum())


def split_units(text: str, begin: int, end: int) -> Iterator[TextUnit]:
    """Yield the units of a stretch of text that are long enough to be compared."""
    settings = load_patterns()["units"]
    ends, lead = re.compile(settings["ends"]), re.compile(settings["lead"])
    at = begin
    for stop in (*(found.start() for found in ends.finditer(text, begin, end)), end):
        words = text[at:stop]
        number = lead.match(words)
        first = at + (number.end() if number else 0)
        signs = keep_signs(text[first:stop])
        if len(signs) >= settings["shortest"]:
            yield TextUnit(first, stop, signs)
        at = stop + 1


class Wording:
    """A stretch of text in which units of other texts are looked for."""

    def __init__(self, text: str, begin: int, end: int) -> None:
        self._text = text
        self._places = [at for at in range(begin, end) if text[at].isalnum()]
        self._signs = "".join(text[at] for at in self._places)
        self._units = list(split_units(text, begin, end))
        settings = load_patterns()["nearly"]
        self._share, self._run = float(settings["share"]), int(settings["run"])
        self._by_gram: dict[str, set[int]] = {}
        for number, unit in enumerate(self._units):
            for gram in _list_grams(unit.signs, self._run):
                self._by_gram.setdefault(gram, set()).add(number)

    def find(self, unit: TextUnit, text: str) -> Match:
        """Return where *unit* of *text* stands here."""
        at = self._signs.find(unit.signs)
        if at >= 0:
            end = self._places[at + len(unit.signs) - 1] + 1
            while self._text[end : end + 1] and self._text[end] in _CLOSING:
                end += 1
            return Match("exact", self._places[at], end)
        shared: Counter[int] = Counter()
        for gram in _list_grams(unit.signs, self._run):
            shared.update(self._by_gram.get(gram, ()))
        if not shared:
            return Match("absent")
        best = max(shared, key=lambda number: (shared[number], -number))
        other = self._units[best]
        matcher = SequenceMatcher(None, unit.signs, other.signs, autojunk=False)
        kept = sum(block.size for block in matcher.get_matching_blocks() if block.size >= self._run)
        if kept < self._share * len(unit.signs):
            return Match("absent")
        difference = mark_difference(text[unit.begin : unit.end], self._text[other.begin : other.end])
        return Match("nearly", other.begin, other.end, difference)


def mark_difference(old: str, new: str) -> str:
    """Return *old* with what *new* leaves out as 〔−…〕 and adds as 〔+…〕."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found.append(old[a:b])
        else:
            found.append((f"〔−{old[a:b]}〕" if b > a else "") + (f"〔+{new[c:d]}〕" if d > c else ""))
    return "".join(found)


def _list_grams(signs: str, size: int) -> set[str]:
    return {signs[at : at + size] for at in range(len(signs) - size + 1)}
