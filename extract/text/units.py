"""Units and measure words of the lexicon, and which one stands at a place of a text."""

from __future__ import annotations

from dataclasses import dataclass

from ontology.lexicons import Lexicon


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of ``units.tsv``."""

    words: str
    kind: str
    """``money``, ``count``, ``time`` and so on; the file's head lists them."""
    symbol: str
    """What stands for the unit in a value: an ISO 4217 code for money, else the words as printed."""
    factor: int
    """How many of the symbol's unit one of these is."""
    after_han: bool
    """Whether it is a unit after Chinese numerals too."""


class UnitTable:
    """The units of a lexicon."""

    def __init__(self, lex: Lexicon) -> None:
        self.rows: dict[str, Unit] = {}
        for words, kind, symbol, factor, after_han in lex.read_table("units"):
            self.rows[words] = Unit(words, kind, symbol or words, int(factor or 1), after_han == "y")
        self._longest = max(map(len, self.rows), default=0)
        self._starts = frozenset(unit[0] for unit in self.rows)

    def match(self, text: str, position: int) -> Unit | None:
        """Return the longest unit at *position*, None if there is none."""
        if text[position : position + 1] not in self._starts:
            return None
        for size in range(min(self._longest, len(text) - position), 0, -1):
            unit = self.rows.get(text[position : position + size])
            if unit is not None:
                return unit
        return None

    def has_kind(self, text: str, position: int, kind: str) -> bool:
        """Whether a unit of *kind* stands at *position*."""
        unit = self.match(text, position)
        return unit is not None and unit.kind == kind
