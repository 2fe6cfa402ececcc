"""Who gets a support where its own words say so: behind the verb of giving, or right before it.

These words outweigh the scored choice: in 工业企业达50家的，给予举办方每场5万元 the firms get nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.model import EntityId, Kind
from extract.provisions.context import PlacedSupport, ProvisionPage
from extract.relations.clauses import NamedSpan
from extract.relations.subjects.contradiction import Contradictions
from ontology.lexicons import Lexicon

_RECEIVERS = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE, Kind.ORGANIZATION, Kind.PERSON, Kind.PLACE})
_RESPECTIVELY = "分别"
_FARTHEST, _NEAR = 160, 48
"""Characters before an amount, and before a name, in which words tell who gets it."""
_LIST_SIGNS = "、和及与"
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Words:
    """The section ``[receiver]`` of ``provisions.toml``."""

    given: re.Pattern[str]
    heads: re.Pattern[str]
    refers: re.Pattern[str]
    toward: re.Pattern[str]
    verb: re.Pattern[str]
    taken_on: re.Pattern[str]
    own_amount: re.Pattern[str]
    """What stands between a class and its amount."""
    amount_before: re.Pattern[str]
    """The amount of the class before, at the end of some words."""


@cache
def _load_words(lex: Lexicon) -> _Words:
    config = lex.read_config("provisions")["receiver"]
    return _Words(*(re.compile(config[name]) for name in _Words.__dataclass_fields__))


class ReceiverReader:
    """Checks whom the supports of a page are for."""

    def __init__(self, page: ProvisionPage, lex: Lexicon) -> None:
        self._page, self._words = page, _load_words(lex)
        self._text = page.text
        self._contradictions = Contradictions(page.index, lex)

    def check(self, grant: PlacedSupport) -> EntityId | None:
        """Return who gets a support: whom its words name, None if no name covers them, else who was chosen before."""
        clause, text = grant.clause, self._text
        given = list(self._words.given.finditer(text, max(clause.begin, grant.end - _FARTHEST), grant.end))
        listed = self._find_listed(grant)
        if listed is not None and (not given or given[-1].end("who") <= listed.begin):
            return listed.entity.id
        if given:
            who = given[-1]["who"].strip()
            if self._words.heads.search(who) and not self._words.refers.search(who):
                begin, end = given[-1].span("who")
                named = [n for n in clause.named if begin <= n.begin and n.end <= end and n.entity.kind in _RECEIVERS]
                return named[-1].entity.id if named else None
        about = self._find_beside(grant) or self._find_toward(grant) or grant.figure.about
        if about is not None and (self._is_of_another(grant, about) or self._is_taken_on(grant, about)):
            return None
        return about

    def _is_taken_on(self, grant: PlacedSupport, about: EntityId) -> bool:
        """Whether a clause only says that somebody takes *about* on: 企业招用*高校毕业生*的，给予….

        It gets the money if it is named again, or if the words pay it: 引进的*博士*.
        """
        named = [n for n in grant.clause.named if n.entity.id == about and n.begin < grant.end]
        text, begin = self._text, grant.clause.begin
        return bool(named) and all(
            self._words.taken_on.search(text, max(begin, n.begin - _NEAR), n.begin) for n in named
        )

    def _find_beside(self, grant: PlacedSupport) -> EntityId | None:
        """Return the class with whose name the words of an amount begin: *硕士*最高补贴3万元."""
        for n in self._page.index.find_named_between(grant.begin, grant.begin + 1):
            inside = n.end < grant.end and _RESPECTIVELY not in self._text[n.end : grant.end]
            if inside and n.entity.kind in _RECEIVERS - {Kind.PLACE}:
                return n.entity.id
        return None

    def _find_listed(self, grant: PlacedSupport) -> NamedSpan | None:
        """Return the class right before an amount that goes on a list of classes with their amounts.

        给予二孩家庭2万元、*三孩家庭*3万元.
        """
        clause, text = grant.clause, self._text
        digits = _DIGIT.search(text, grant.begin, grant.end)
        if digits is None:
            return None
        for n in reversed(clause.named):
            if n.end > digits.start() or n.entity.kind not in _RECEIVERS - {Kind.PLACE}:
                continue
            near = self._words.own_amount.fullmatch(text, n.end, digits.start()) is not None
            after = self._words.amount_before.search(text, max(clause.begin, n.begin - _NEAR), n.begin) is not None
            return n if near and after else None
        return None

    def _is_of_another(self, grant: PlacedSupport, about: EntityId) -> bool:
        """Whether an amount is for a later member of a list: the second one in 对A、B家庭分别给予1万元、2万元."""
        clause, text = grant.clause, self._text
        at = text.rfind(_RESPECTIVELY, clause.begin, grant.end)
        if at < 0:
            return False
        listed = [g for g in self._page.by_clause[clause.begin] if g.end > at]
        if len(listed) < 2:
            return False
        named = [n for n in clause.named if n.entity.id == about and n.end <= at]
        if not named or len({g.figure.about for g in listed}) > 1:
            return False
        first, last = listed[0].figure.id, listed[-1].figure.id
        begins_list = text[named[-1].end : named[-1].end + 1] in _LIST_SIGNS
        ends_list = text[named[-1].begin - 1 : named[-1].begin] in _LIST_SIGNS
        return (begins_list and grant.figure.id != first) or (ends_list and grant.figure.id != last)

    def _find_toward(self, grant: PlacedSupport) -> EntityId | None:
        """Return the class that stands right before the verb of giving, behind a preposition."""
        clause, text = grant.clause, self._text
        for n in reversed(clause.named):
            if n.entity.kind not in _RECEIVERS or n.entity.kind is Kind.PLACE or n.end > grant.end:
                continue
            stretch = text[n.end : grant.end]
            if _RESPECTIVELY in stretch or self._words.verb.search(stretch) is None:
                return None
            if self._contradictions.differs_in_level(clause, grant.end, n.entity):
                return None
            before = text[max(text.rfind(sign, clause.begin, n.begin) for sign in "，,") + 1 : n.begin]
            listed = any(self._page.index.is_listed(o, n) for o in clause.named if o.end <= n.begin)
            return n.entity.id if self._words.toward.search(before) and not listed else None
        return None
