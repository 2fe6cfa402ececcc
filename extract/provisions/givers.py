"""Who pays a support, and which departments are in charge of it.

An agency pays if a verb of giving follows it in the clause of the amount (由市财政给予), or if the item says that it
bears the cost (所需资金由市财政局承担). Those in charge stand in the note behind the item (牵头单位：市商务局).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extract.model import Kind, Relation
from extract.provisions.context import PlacedSupport, ProvisionPage
from extract.relations.clauses import Clause, NamedSpan
from extract.relations.duties import DutyReader
from extract.relations.frames import NameList, read_lists
from ontology.lexicons import Lexicon

_AGENCIES = frozenset({Kind.AGENCY})
_PAYER, _CHARGE = 0.85, 0.8
_FARTHEST = 200
"""Characters between who pays and the amount."""
_LONGEST_WORDS = 100
"""More characters than the words have that say of an agency before them that it bears the cost."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The section ``[giver]`` of ``provisions.toml``."""

    pays: re.Pattern[str]
    gives: re.Pattern[str]
    other: re.Pattern[str]
    funds: re.Pattern[str]
    bears: re.Pattern[str]


@cache
def _load_words(lex: Lexicon) -> _Words:
    config = lex.read_config("provisions")["giver"]
    return _Words(*(re.compile(config[name]) for name in ("pays", "gives", "other", "funds", "bears")))


class GiverReader:
    """Reads who gives the supports of a page."""

    def __init__(self, page: ProvisionPage, lex: Lexicon) -> None:
        self._page, self._words = page, _load_words(lex)
        self._text = page.text
        self._lex = lex
        self._lists: dict[int, Sequence[NameList]] = {}
        """Begin of a clause → its lists of agencies."""
        self._funders: dict[int, Sequence[tuple[int, int, Sequence[NamedSpan]]]] = {}
        """Begin of a clause → who bears the cost by its words, and where these begin and end."""

    def _list_agencies(self, clause: Clause) -> Sequence[NameList]:
        """Return the lists of agencies of a clause, read once."""
        if clause.begin not in self._lists:
            self._lists[clause.begin] = read_lists(self._text, clause.named, _AGENCIES)
        return self._lists[clause.begin]

    def read_payers(self, grant: PlacedSupport) -> Sequence[NamedSpan]:
        """Return the agencies that pay a support; none if its item names none."""
        clause = grant.clause
        return (
            self._find_funders(clause, grant.end)
            or self._find_in_clause(grant)
            or next(filter(None, (self._find_funders(c, c.begin) for c in self._page.list_after(clause))), ())
        )

    def _find_in_clause(self, grant: PlacedSupport) -> Sequence[NamedSpan]:
        lists = self._list_agencies(grant.clause)
        for names in reversed(lists[: bisect_right(lists, grant.end, key=lambda names: names.end)]):
            if names.end < grant.end - _FARTHEST:
                break
            between = self._text[names.end : grant.end]
            if self._words.pays.search(between) is None:
                continue
            gives = self._words.gives.search(between) or self._words.gives.search(
                self._text, grant.end, grant.clause.end
            )
            other = self._words.other.search(between)
            if gives is not None and (other is None or (gives.string is between and gives.start() < other.start())):
                return names.names
        return ()

    def _find_funders(self, clause: Clause, begin: int) -> Sequence[NamedSpan]:
        """Return who bears the cost by the words of a clause from *begin* on."""
        if clause.begin not in self._funders:
            ends = (m.span() for m in self._words.funds.finditer(self._text, clause.begin, clause.end))
            found = ((first, end, self._read_bearers(clause, end)) for first, end in ends)
            self._funders[clause.begin] = [entry for entry in found if entry[2]]
        for first, end, names in self._funders[clause.begin]:
            if first >= begin or (end > begin and self._words.funds.search(self._text, begin, end)):
                return names
        return ()

    def _read_bearers(self, clause: Clause, begin: int) -> Sequence[NamedSpan]:
        lists = self._list_agencies(clause)
        for names in lists[bisect_left(lists, begin, key=lambda names: names.begin) :][:1]:
            words = self._text[names.end : min(clause.end, names.end + _LONGEST_WORDS)]
            if names.begin == begin and self._words.bears.search(words):
                return names.names
        return ()

    def read_charges(self) -> Iterator[Relation]:
        """Yield which agencies are in charge of which supports: those of the note behind an item."""
        grants = list(self._page.grants)
        for duty, item, previous in DutyReader(self._page.index, self._lex).list_items():
            if not duty.agencies or not item:
                continue
            part = item[-1].sentence.part
            span = self._page.index.page.span(duty.begin, duty.end)
            for grant in grants:
                if previous <= grant.begin < duty.begin and self._belongs(grant, part, item[-1]):
                    for agency in duty.agencies:
                        yield Relation(grant.figure.id, "actor", agency.entity.id, span, "duty.support", _CHARGE)

    def _belongs(self, grant: PlacedSupport, part: str | None, last: Clause) -> bool:
        """Whether a support stands in the item that ends with the clause *last*, or in one of its sub-items."""
        if grant.clause.sentence.letter != last.sentence.letter:
            return False
        own = grant.clause.sentence.part
        above = self._page.find_parent(own)
        return own == part or (above is not None and above in (part, self._page.find_parent(part)))


def make_payer_relations(grant: PlacedSupport, payers: Sequence[NamedSpan], page: ProvisionPage) -> Iterator[Relation]:
    """Yield the payers of a support beside the first one, which is a slot of the figure."""
    for payer in payers[1:]:
        begin, end = min(grant.begin, payer.begin), max(grant.end, payer.end)
        span = page.index.page.span(begin, end)
        yield Relation(grant.figure.id, "provider", payer.entity.id, span, "provision.payer", _PAYER)
