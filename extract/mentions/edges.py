"""Words at the left edge of a name that belong to the clause or tell a state: 且, 一次, 原, 新的.

原汀下村 and 新的汀下村 are 汀下村. The sequence model and the frames of programs take such words into names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from extract.mentions.words import PageWords
from extract.model import Kind, Mention
from extract.records import copy_with
from ontology.lexicons import Lexicon, join_alternatives

_STATED = frozenset({Kind.PLACE, Kind.AGENCY, Kind.ORGANIZATION})
"""Kinds of names before which a state may stand."""
_CANDIDATES = ("program.", "platform.", "group.", "phrase.", "tier.", "tagger.")
"""Rules of mentions that may begin with words of the clause begin so."""
_SHORTEST_STATED, _SHORTEST = 3, 3
"""Characters that are left of a name after the cut."""
_CLASSES = frozenset({Kind.GROUP, Kind.TIER})
_COUNTING = frozenset({"m", "q"})
_LONE = re.compile("“[^“”]”.")
_FEWEST = 3
"""Names of a page with one doubtful word before them from which the word is none of theirs."""


class _Edges(NamedTuple):
    states: re.Pattern[str]
    doubtful: Sequence[str]
    conjunctions: tuple[str, ...]
    indefinite: re.Pattern[str]
    conditions: re.Pattern[str]
    """Where somebody has to be or to work, before the name of a class."""
    common: frozenset[str]
    """Classes that are none without their condition."""


@cache
def _read_edges(lex: Lexicon) -> _Edges:
    config = lex.read_config("phrases")
    return _Edges(
        re.compile(join_alternatives(config["states"])),
        tuple(config["doubtful_states"]),
        tuple(config["conjunctions"].split()),
        re.compile(join_alternatives(config["indefinite"])),
        re.compile(config["conditions_before"]),
        frozenset(config["common"].split()) | frozenset(lex.read_config("groups")["bare"]),
    )


def cut_edges(mentions: Iterable[Mention], page: PageWords, lex: Lexicon) -> Iterator[Mention]:
    """Yield the mentions of a page without the words at their left edges that are no part of a name."""
    edges = _read_edges(lex)
    mentions = list(mentions)
    stated = _count_stated(mentions, edges)
    for mention in mentions:
        if _begins_in_word(mention, page):
            continue
        length = 0
        if mention.kind in _STATED:
            length = _measure_state(mention, page, edges, stated)
        elif mention.rule.startswith(_CANDIDATES):
            length = _measure_clause(mention, page, edges) or _measure_condition(mention, page, edges)
        yield _cut(mention, page, length) if length else mention


def _count_stated(mentions: Iterable[Mention], edges: _Edges) -> Mapping[str, int]:
    """Return how many names of the page begin with each doubtful word."""
    names = {m.name for m in mentions if m.kind in _STATED}
    return {word: sum(name.startswith(word) for name in names) for word in edges.doubtful}


def _measure_state(mention: Mention, page: PageWords, edges: _Edges, stated: Mapping[str, int]) -> int:
    """Return how many characters before a name tell a state: 2 of 新的汀下村, 1 of 原汀下村."""
    name = mention.name
    if not mention.rule.startswith("tagger.") or "full" in mention.attrs:
        return 0
    if (state := edges.states.match(name)) is not None:
        return state.end() if len(name) - state.end() >= _SHORTEST_STATED else 0
    for word in edges.doubtful:
        left = name[len(word) :]
        if name.startswith(word) and len(left) >= _SHORTEST_STATED:
            stands_alone = page.text.count(left) > page.text.count(name)
            return len(word) if stands_alone or stated[word] >= _FEWEST else 0
    return 0


def _measure_clause(mention: Mention, page: PageWords, edges: _Edges) -> int:
    """Return how many characters at the start of a name are a conjunction, or an indefinite number with its counter."""
    name, number = mention.name, edges.indefinite.match(mention.name)
    if number is None and not name.startswith(edges.conjunctions):
        return 0
    begin = page.find_position(mention.span.begin)
    k = page.number_word(begin)
    if k + 1 >= len(page.words) or page.words[k].begin != begin or not name.startswith(page.words[k].text):
        return 0
    first = page.words[k]
    if first.text in edges.conjunctions:
        length = len(first.text)
    elif number is not None:
        at = page.find_word_at(begin + number.end())
        is_whole = at is not None and (len(page.texts[at]) > 1 or page.texts[at] == "“")
        is_inside = page.text[begin - 1 : begin] == "“"
        length = number.end() if is_whole and not is_inside else 0
    else:
        return 0
    return length if len(name) - length >= _SHORTEST else 0


def _measure_condition(mention: Mention, page: PageWords, edges: _Edges) -> int:
    """Return how many characters before the name of a class are a condition: 6 of 在汀工作的+教职工."""
    if mention.kind not in _CLASSES or (condition := edges.conditions.match(mention.name)) is None:
        return 0
    begin, left = page.find_position(mention.span.begin), mention.name[condition.end() :]
    is_printed = page.text.startswith(mention.name, begin)
    return condition.end() if is_printed and len(left) >= _SHORTEST and left not in edges.common else 0


def _begins_in_word(mention: Mention, page: PageWords) -> bool:
    """Whether a name begins with one character in quotes that is counted: 一件+“事”业务系统."""
    if not mention.rule.startswith(_CANDIDATES) or _LONE.match(mention.name) is None:
        return False
    first, _ = page.number_words(mention.span)
    return first > 0 and page.words[first - 1].tag in _COUNTING


def _cut(mention: Mention, page: PageWords, length: int) -> Mention:
    begin = page.find_position(mention.span.begin) + length
    span = page.span(begin, page.find_end(mention.span.end))
    attrs = {key: value for key, value in mention.attrs.items() if key != "also" or value != mention.name}
    return copy_with(mention, span=span, name=mention.name[length:], attrs=attrs)
