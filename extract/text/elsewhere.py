"""Places that a letter only tells of, such as a neighbouring city or a model: 邻市*甲市*, 借鉴*甲市*经验, 如*甲市*."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.text.normalize import find_occurrences
from ontology.lexicons import Lexicon, join_alternatives

_BEFORE = 8
"""Most characters of the words before a name that are looked at."""
_AFTER = 12
"""Most characters of the words behind it."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    before: re.Pattern[str]
    after: re.Pattern[str]
    example: re.Pattern[str]


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    places = lex.read_config("agencies")["places"]
    return _Patterns(
        re.compile(rf"(?:{join_alternatives(places['elsewhere'])})\Z"),
        re.compile("|".join(places["elsewhere_after"])),
        re.compile(rf"(?:{join_alternatives(places['elsewhere_example'])})\Z"),
    )


def is_elsewhere(text: str, name: str, lex: Lexicon) -> bool:
    """Whether *text* tells of the place *name* as of another one than its own.

    One mention as a neighbour or as a model shows it. An example shows it only if all mentions are examples.
    """
    patterns = _compile_patterns(lex)
    only_examples = True
    found = False
    for begin, end in find_occurrences(text, name):
        words, found = text[max(0, begin - _BEFORE) : begin], True
        if patterns.before.search(words) or patterns.after.match(text, end, end + _AFTER):
            return True
        only_examples = only_examples and patterns.example.search(words) is not None
    return found and only_examples
