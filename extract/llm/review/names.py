"""Names that the text prints in two pieces, as in 国家级、省级龙头企业, and pairs of names that may be one thing."""

from __future__ import annotations

import re

from extract.llm.review.quotes import QuotedText
from extract.llm.review.rules import read_rules
from extract.model import Entity, Span
from extract.text.normalize import name_key
from ontology.lexicons import Lexicon

_NOTE = 40
"""Characters between a name and the short name that the text gives it, at most."""
_HEADING = 60
"""Characters between the name of a class and the words that recognise it, at most."""
_LEAST = 2
"""Characters of a name that abbreviates another one, at least."""
_QUOTED = re.compile("“([^“”]{2,})”")
"""A name in quotes inside a name."""


def find_name_pieces(name: str, quote: Span, quoted: QuotedText, lex: Lexicon) -> Span | None:
    """Return the words of *quote* that have *name* in two pieces, if they mean it."""
    return _find_list_member(name, quote, quoted, lex) or _find_recognised(name, quote, quoted, lex)


def _find_recognised(name: str, quote: Span, quoted: QuotedText, lex: Lexicon) -> Span | None:
    """Return the words that name a class by its level alone: 国家级众创空间 in 众创空间首次认定为国家级、省级的."""
    rules = read_rules(lex)["lists"]
    level = next((word for word in rules["levels"] if name.startswith(word)), "")
    rest = name[len(level) :]
    if not level or len(rest) < _LEAST:
        return None
    between = re.compile(f"[^；;]{{0,{_HEADING}}}?(?:{rules['recognised']})[^。；;]{{0,20}}")
    after = re.compile(f"的|{rules['joint']}")
    for one in quoted.find_all(level):
        if not quote.contains(one) or not after.match(quoted.source, one.end):
            continue
        for other in reversed([span for span in quoted.find_all(rest) if span.end <= one.begin]):
            words = "".join(quoted.source[other.end : one.begin].split())
            if quote.contains(other) and between.fullmatch(words):
                return Span(other.begin, one.end)
    return None


def _find_list_member(name: str, quote: Span, quoted: QuotedText, lex: Lexicon) -> Span | None:
    """Return the words of a list over a shared word that name its member: 国家级龙头企业 in 国家级、省级龙头企业.

    The name is two pieces of the list; a sign of a list stands between them, and no clause ends there.
    """
    words = "".join(quote.of(quoted.source).split())
    joint = read_rules(lex)["lists"]["joint"]
    for cut in range(len(name) - 1, 0, -1):
        pattern = f"{re.escape(name[:cut])}(?=等|[^。；;]*(?:{joint}))[^。；;]{{1,40}}?{re.escape(name[cut:])}"
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
    """Return whether two names have the same name in quotes, or one abbreviates the other."""
    if set(_QUOTED.findall(one)) & set(_QUOTED.findall(two)):
        return True
    short, long = sorted((name_key(one), name_key(two)), key=len)
    rest = iter(long)
    return len(short) >= _LEAST and all(character in rest for character in short)


def are_one_text(one: str, two: str, lex: Lexicon) -> bool:
    """Return whether two titles are of one text: 《X》 and 《关于印发〈X〉的通知》, with or without the issuer."""
    notice = re.compile(read_rules(lex)["own"]["notice"])
    short, long = sorted((name_key(notice.sub("", title)) for title in (one, two)), key=len)
    return len(short) >= _LEAST and long.endswith(short)
