"""The amounts of support of a page in their clauses: what the readers of this package look at."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extract.model import Figure, Kind, Part
from extract.relations.clauses import Clause, ClauseIndex

_MOST_CLAUSES = 12
"""Clauses behind an amount that may be about it."""


@dataclass(frozen=True, slots=True)
class PlacedSupport:
    """A support with its place in the joined text."""

    figure: Figure
    begin: int
    end: int
    clause: Clause
    """The clause in which the amount ends."""


class ProvisionPage:
    """The supports of one page, in order.

    Args:
        figures: all figures of the page.
        index: its clauses and names.
    """

    def __init__(self, figures: Iterable[Figure], index: ClauseIndex) -> None:
        self.index = index
        self.text: str = index.page.text
        self.parts: Mapping[str, Part] = {str(part.id): part for part in index.outline.parts}
        self._begins = [clause.begin for clause in index.clauses]
        self.grants: Sequence[PlacedSupport] = [
            grant for figure in figures if figure.kind is Kind.PROVISION and (grant := self._place(figure)) is not None
        ]

        self.by_clause: dict[int, list[PlacedSupport]] = defaultdict(list)
        """Begin of a clause → the supports in it."""
        self.by_part: dict[tuple[str, str | None], list[PlacedSupport]] = defaultdict(list)
        """Letter and part → the supports that stand in the part itself."""
        self.by_parent: dict[tuple[str, str | None], list[PlacedSupport]] = defaultdict(list)
        """Letter and part → the supports of its sub-items."""
        for grant in self.grants:
            sentence = grant.clause.sentence
            self.by_clause[grant.clause.begin].append(grant)
            self.by_part[sentence.letter, sentence.part].append(grant)
            self.by_parent[sentence.letter, self.find_parent(sentence.part)].append(grant)

    def _place(self, figure: Figure) -> PlacedSupport | None:
        page = self.index.page
        begin, end = page.find_position(figure.span.begin), page.find_end(figure.span.end)
        clause = self.find_clause(end - 1)
        return PlacedSupport(figure, begin, end, clause) if clause is not None else None

    def find_clause(self, position: int) -> Clause | None:
        """Return the clause that a position lies in, None if it lies in none."""
        i = bisect_right(self._begins, position) - 1
        if i < 0 or position >= self.index.clauses[i].end:
            return None
        return self.index.clauses[i]

    def find_parent(self, part: str | None) -> str | None:
        """Return the part above a part, None if there is none."""
        return self.parts[part].parent if part is not None and part in self.parts else None

    def number_clause(self, clause: Clause) -> int:
        """Return the place of a clause among those of the page."""
        return bisect_right(self._begins, clause.begin) - 1

    def list_after(self, clause: Clause) -> Iterable[Clause]:
        """Yield the clauses of the same item behind a clause."""
        at = bisect_right(self._begins, clause.begin)
        for other in self.index.clauses[at : at + _MOST_CLAUSES]:
            if other.sentence.part != clause.sentence.part or other.sentence.letter != clause.sentence.letter:
                return
            yield other
