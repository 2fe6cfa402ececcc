"""Who gets a support where its own words say so: behind the verb of giving, or right before it.

These words outweigh the scored choice: in 工业企业达50家的，给予举办方每场5万元 the firms get nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.model import EntityId, Kind
from extract.provisions.context import PlacedSupport, ProvisionPage
from ontology.lexicons import Lexicon

_RECEIVERS = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE, Kind.ORGANIZATION, Kind.PERSON, Kind.PLACE})
_RESPECTIVELY = "分别"


@dataclass(frozen=True, slots=True)
class _Words:
    """The section ``[receiver]`` of ``provisions.toml``."""

    given: re.Pattern[str]
    heads: re.Pattern[str]
    refers: re.Pattern[str]
    toward: re.Pattern[str]
    verb: re.Pattern[str]


@cache
def _load_words(lex: Lexicon) -> _Words:
    config = lex.read_config("provisions")["receiver"]
    return _Words(*(re.compile(config[name]) for name in ("given", "heads", "refers", "toward", "verb")))


class ReceiverReader:
    """Checks whom the supports of a page are for."""

    def __init__(self, page: ProvisionPage, lex: Lexicon) -> None:
        self._page, self._words = page, _load_words(lex)
        self._text = page.text

    def check(self, grant: PlacedSupport) -> EntityId | None:
        """Return who gets a support: whom its words name, None if no name covers them, else who was chosen before."""
        clause, text = grant.clause, self._text
        given = list(self._words.given.finditer(text, clause.begin, grant.end))
        if given:
            who = given[-1]["who"].strip()
            if self._words.heads.search(who) and not self._words.refers.search(who):
                begin, end = given[-1].span("who")
                named = [n for n in clause.named if begin <= n.begin and n.end <= end and n.entity.kind in _RECEIVERS]
                return named[-1].entity.id if named else None
        return self._find_toward(grant) or grant.figure.about

    def _find_toward(self, grant: PlacedSupport) -> EntityId | None:
        """Return the class that stands right before the verb of giving, behind a preposition."""
        clause, text = grant.clause, self._text
        for n in reversed(clause.named):
            if n.entity.kind not in _RECEIVERS or n.entity.kind is Kind.PLACE or n.end > grant.end:
                continue
            stretch = text[n.end : grant.end]
            if _RESPECTIVELY in stretch or self._words.verb.search(stretch) is None:
                return None
            before = text[max(text.rfind(sign, clause.begin, n.begin) for sign in "，,") + 1 : n.begin]
            listed = any(self._page.index.is_listed(o, n) for o in clause.named if o.end <= n.begin)
            return n.entity.id if self._words.toward.search(before) and not listed else None
        return None
