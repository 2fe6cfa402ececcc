"""The decisions about one source, which of them were applied, and why the others were not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import TypeVar

from extract.corrections.model import EVERYWHERE, Decision, Reason, Unapplied, Verdict, What
from extract.model import Kind, Span
from extract.text.normalize import name_key

T = TypeVar("T", bound=Hashable)
"""Whatever a step changes."""
Name = tuple[Kind, str]
"""Class and label of an entity."""
Folded = tuple[Kind, str]
"""The same, with what all spellings of the label share."""

_INERT = frozenset({What.NAMES, What.GAP})
"""What only the next review looks at."""


def folded(name: Name) -> Folded:
    return name[0], name_key(name[1])


def kind_of(value: str) -> Kind | None:
    """The class of that local name, or None."""
    return Kind(value) if value in set(Kind) else None


def follow(start: T, step: Callable[[T], T | None]) -> tuple[T | None, bool]:
    """Go from *start* by *step* until nothing changes.

    Returns:
        Where that ends (None: it is rejected on the way), and False; *start* and True if it would never end.
    """
    at, seen = start, {start}
    while True:
        to = step(at)
        if to is None or to == at:
            return to, False
        if to in seen:
            return start, True
        seen.add(to)
        at = to


class Ledger:
    """The decisions about one source, and what became of each."""

    def __init__(self, decisions: Iterable[Decision], text: str) -> None:
        self.text = text
        self._why: dict[Decision, Reason] = {}
        self._used: set[Decision] = set()
        self.decisions = tuple(sorted(decisions))
        by_key: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
        for d in self.decisions:
            by_key[d.key].append(d)
        for same in by_key.values():
            if len({(d.verdict, d.value) for d in same}) > 1:
                for d in same:
                    self.stop(d, Reason.CONTRADICTION)
        for d in self.decisions:
            if d.what in _INERT:
                self.use(d)
        self.open = tuple(d for d in self.decisions if d not in self._why and d not in self._used)

    def of(self, what: What, *verdicts: Verdict) -> list[Decision]:
        """Decisions to apply; those for this source come before those for all."""
        chosen = [d for d in self.open if d.what is what and d.verdict in verdicts]
        return sorted(chosen, key=lambda d: (d.source == EVERYWHERE, d))

    def use(self, decision: Decision) -> None:
        """Say that *decision* was applied."""
        self._used.add(decision)

    def stop(self, decision: Decision, why: Reason) -> None:
        """Say why *decision* cannot be applied."""
        self._why.setdefault(decision, why)

    def stopped(self, decision: Decision) -> bool:
        return decision in self._why

    def unapplied(self) -> tuple[Unapplied, ...]:
        """All that were not applied, sorted."""
        left = (d for d in self.decisions if d not in self._used)
        return tuple(Unapplied(d, self._why.get(d, Reason.MISSING)) for d in left)

    def places(self, quote: str) -> tuple[Span, ...]:
        """Where *quote* stands in the text, whatever its white space."""
        return _places(self.text, quote)

    def quoted(self, quote: str, span: Span) -> bool:
        """Whether *span* lies in a place of *quote*; an empty quote is everywhere."""
        return not quote or any(p.contains(span) for p in self.places(quote))


@lru_cache(maxsize=4096)
def _places(text: str, quote: str) -> tuple[Span, ...]:
    words = quote.split()
    if not words:
        return ()
    return tuple(Span(*m.span()) for m in re.finditer(r"\s+".join(map(re.escape, words)), text))
