"""The last check of candidate names: clause words at their left edge are cut off, common nouns and torn words go.

Rules that read a frame (实施…计划) take all words up to its mark. What stands there may begin with a verb of the clause
(鼓励生育购房补贴) or inside a word; then it is no name as it stands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from extract.mentions.words import PageWords
from extract.model import Mention, copy_with
from ontology.lexicons import Lexicon

_CHECKED = ("program.", "platform.", "group.", "phrase.", "tier.")
"""Rules of mentions that are checked begin so."""
_WHOLE = ("phrase.", "tier.")
"""Those whose left border another step has found."""
_CLAUSE_TAGS = frozenset({"v", "vd", "d", "ad", "c", "p"})
_SHORTEST = 4
"""Characters of a name that is left after the cut."""


@cache
def _read_words(lex: Lexicon, name: str) -> frozenset[str]:
    return frozenset(lex.read_config("phrases")[name].split())


def trim_names(mentions: Iterable[Mention], page: PageWords, lex: Lexicon) -> Iterator[Mention]:
    """Yield the mentions of a page, with their names cut at their true left border."""
    borders, common = _read_words(lex, "borders"), _read_words(lex, "common")
    for mention in mentions:
        if not mention.rule.startswith(_CHECKED):
            yield mention
            continue
        if mention.name in common or mention.name.count("“") != mention.name.count("”"):
            continue
        trimmed = mention if mention.rule.startswith(_WHOLE) else _trim(mention, page, borders)
        if trimmed is not None and trimmed.name not in common:
            yield trimmed


def _trim(mention: Mention, page: PageWords, borders: frozenset[str]) -> Mention | None:
    """Return *mention* without the clause words that it begins with; None if it begins inside a word."""
    begin = page.find_position(mention.span.begin)
    k = bisect_left(page.begins, begin)
    if k >= len(page.words) or not mention.name.startswith(page.text[begin : begin + 2]):
        return mention  # the name is put together, or stands in no sentence
    if page.words[k].begin != begin:
        return None
    cut = 0
    while k < len(page.words):
        word = page.words[k]
        left = len(mention.name) - cut - len(word.text)
        governs = word.text in borders or (page.words[k + 1 : k + 2] and page.words[k + 1].text == "“")
        if len(word.text) < 2 or word.tag not in _CLAUSE_TAGS or not governs or left < _SHORTEST:
            break
        if mention.name[cut : cut + len(word.text)] != word.text:
            break
        cut += len(word.text)
        k += 1
    if not cut:
        return mention
    span = page.span(page.words[k].begin, page.find_end(mention.span.end))
    return copy_with(mention, span=span, name=mention.name[cut:])
