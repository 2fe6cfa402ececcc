"""The text around a number: the stretch between full stops and semicolons, and in it the clause of the number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.report.ask.grammar import QuestionGrammar

_STRETCH_END = re.compile(r"[。；;！!？?]|\n\s*\n|(?<=[。：:])\n|\n(?=\s*[（(一二三四五六七八九十第])")
_CLAUSE_END = re.compile(r"[，,。；;！!？?：:]")
_BEFORE, _AFTER = 400, 200
"""Signs before and behind a number that belong to its stretch, at most."""
_BEHIND = 14
"""Signs behind a number that belong to its clause, at most."""
_DROPPED = {ord(sign): None for sign in "“”‘’\"'「」『』《》〈〉 \t\r\n\u3000\xa0"}


@dataclass(frozen=True, slots=True)
class NumberContext:
    """What stands around a number, as keys."""

    clause: str
    stretch: str


def read_context(text: str, begin: int, end: int, earlier: int, grammar: QuestionGrammar) -> NumberContext:
    """Return what stands around the number from *begin* to *end*; *earlier* is the end of the number before it."""
    limit = max(0, begin - _BEFORE)
    first = max((found.end() for found in _STRETCH_END.finditer(text, limit, begin)), default=limit)
    stop = _STRETCH_END.search(text, end, end + _AFTER)
    stretch = text[first : stop.start() if stop else min(len(text), end + _AFTER)]
    behind = _CLAUSE_END.search(text, end, end + _BEHIND)
    last = behind.start() if behind else min(end + _BEHIND, len(text))
    return NumberContext(fold(text[_find_clause(text, first, (begin, end), earlier, grammar) : last]), fold(stretch))


def fold(text: str) -> str:
    """Return *text* much as ``name_key`` would, but faster: small letters, no quotes and white space."""
    return text.translate(_DROPPED).lower()


def _find_clause(text: str, first: int, span: tuple[int, int], earlier: int, grammar: QuestionGrammar) -> int:
    """Return where the clause of a number begins: behind a comma or the number before it.

    A clause without a subject of its own (给予…) takes in the one before it.
    """
    begin, end = span
    commas = [first, *(found.end() for found in _CLAUSE_END.finditer(text, first, begin))]
    start = commas[-1]
    words = text[start:end]
    is_carried = len(commas) > 1 and grammar.carried.match(words)
    if is_carried and (earlier <= commas[-2] or grammar.continued.match(words)):
        return commas[-2]
    return max(start, earlier)
