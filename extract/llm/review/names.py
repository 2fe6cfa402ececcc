"""Names that the text prints in two pieces, as in 国家级、省级龙头企业, and pairs of names that may be one thing."""

from __future__ import annotations

import re

from extract.llm.review.quotes import QuotedText
from extract.llm.review.rules import read_rules
from extract.model import Entity, Span
from ontology.lexicons import Lexicon

_NOTE = 40
"""Characters between a name and the short name that the text gives it, at most."""
_LEAST_SHARED = 2
"""Characters in a row that two names of one thing share, unless one abbreviates the other."""


def find_list_member(name: str, quote: Span, quoted: QuotedText, lex: Lexicon) -> Span | None:
    """Return the words of a list over a shared word that name its member: 国家级龙头企业 in 国家级、省级龙头企业.

    The name is two pieces of the list; a sign of a list stands between them, and no clause ends there.
    """
    words = "".join(quote.of(quoted.source).split())
    joint = read_rules(lex)["lists"]["joint"]
    for cut in range(len(name) - 1, 0, -1):
        pattern = f"{re.escape(name[:cut])}(?=[^。；;]*(?:{joint}))[^。；;]{{1,40}}?{re.escape(name[cut:])}"
        if re.search(pattern, words):
            pieces = [quoted.find_all(piece) for piece in (name[:cut], name[cut:])]
            ends = [(one, two) for one in pieces[0] for two in pieces[1] if one.end <= two.begin]
            inside = [Span(one.begin, two.end) for one, two in ends if quote.contains(Span(one.begin, two.end))]
            if inside:
                return min(inside, key=len)
    return None


def is_short_name(full: Entity, short: Entity, text: str, lex: Lexicon) -> bool:
    """Return whether the text itself introduces the name of *short* right behind that of *full*: （以下简称“X”）."""
    pattern = read_rules(lex)["own"]["short"]
    between = [
        text[one.end : two.begin] for one in full.spans for two in short.spans if 0 <= two.begin - one.end <= _NOTE
    ]
    return any(re.search(pattern, words) and not re.search("[。；;]", words) for words in between)


def are_alike(one: str, two: str) -> bool:
    """Return whether two folded names share characters in a row, or one abbreviates the other."""
    short, long = sorted((one, two), key=len)
    if any(short[i : i + _LEAST_SHARED] in long for i in range(len(short) - _LEAST_SHARED + 1)):
        return True
    rest = iter(long)
    return len(short) >= _LEAST_SHARED and all(character in rest for character in short)
