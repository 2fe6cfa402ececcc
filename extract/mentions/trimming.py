"""The last check of candidate names: lists are split, clause words at the left edge are cut off, torn words go.

Rules that read a frame (实施…计划) take all words up to its mark. What stands there may begin with a verb of the clause
(鼓励生育购房补贴) or inside a word, or be several names (诚信自律行动和质量提升行动); then it is no name as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from extract.mentions.classes.expansion import counts_levels, expand_list
from extract.mentions.edges import cut_edges
from extract.mentions.programs.told import apply_told_classes
from extract.mentions.words import PageWords
from extract.model import Kind, Mention
from extract.records import copy_with
from extract.text.segment import Word
from ontology.lexicons import Lexicon, join_alternatives

_CHECKED = ("program.", "platform.", "group.", "phrase.", "tier.")
"""Rules of mentions that are checked begin so."""
_WHOLE = ("phrase.", "tier.")
"""Those whose left border another step has found."""
_LISTED = ("program.", "platform.", "tagger.", "phrase.")
"""Rules of mentions that may be lists begin so."""
_NAMED = ("organization.named", "tagger.body", "tagger.firm", "tagger.place", "extended.")
"""Rules of mentions of bodies, firms and places whose borders are read from the clause begin so."""
_SEPARATORS = frozenset({"、", "和", "及", "与", "以及", "或"})
_SEPARATING = re.compile("[、和及与或]")
"""One of them is in each separator."""
_CANDIDATES = (*_CHECKED, "tagger.", "organization.named")
"""Rules of mentions that may count levels begin so; the others are not checked at all."""
_OPENING, _CLOSING = frozenset("“《（("), frozenset("”》）)")
_CLAUSE_TAGS = frozenset({"v", "vd", "d", "ad", "c", "p", "t"})
_BEFORE_WAY = 40
_SHORTEST, _SHORTEST_BODY = 4, 3
"""Characters of a name that is left after the cut; of a body, firm or place."""


@cache
def _read_words(lex: Lexicon, name: str) -> frozenset[str]:
    return frozenset(lex.read_config("phrases")[name].split())


class _Words(NamedTuple):
    """The words and patterns by which names are trimmed."""

    borders: frozenset[str]
    before_quotes: frozenset[str]
    """Those and the verbs that end before quotes."""
    common: frozenset[str]
    heads: Mapping[str, str]
    events: _Events
    ways: _Ways


@cache
def _read_trimming(lex: Lexicon) -> _Words:
    borders = _read_words(lex, "borders")
    return _Words(
        borders, borders | _read_words(lex, "before_quotes"), _read_words(lex, "common"), _read_heads(lex),
        _read_events(lex), _read_ways(lex),
    )  # fmt: skip


def _read_heads(lex: Lexicon) -> Mapping[str, str]:
    """Return the class of each head."""
    return {word: kind for word, kind, *_ in lex.read_table("heads")}


def trim_names(mentions: Iterable[Mention], page: PageWords, lex: Lexicon) -> Iterator[Mention]:
    """Yield the mentions of a page, with their names cut at their true left border.

    A later mention of a name that is cut names what is left of it.
    """
    words = _read_trimming(lex)
    whole = apply_told_classes(mentions, page, lex)
    trimmed = [(old, _trim_name(old, page, lex, words)) for old in cut_edges(whole, page, lex)]
    left = {old.name: new[0].name for old, new in trimmed if len(new) == 1 and "of" not in old.attrs}
    for _, new in trimmed:
        for mention in new:
            name = mention.attrs.get("of", "")
            if left.get(name, name) != name:
                mention = copy_with(mention, attrs={**mention.attrs, "of": left[name]})
            yield mention


def _trim_name(mention: Mention, page: PageWords, lex: Lexicon, words: _Words) -> Sequence[Mention]:
    """Return the names that *mention* holds, each with its true left border; none if it is no name."""
    whole = _cut_at_event(mention, page, words.events)
    if whole is None:
        return ()
    check = _choose_checks(whole.rule)
    if not check.is_candidate:
        return (whole,)
    if whole.kind is Kind.PROGRAM and _is_way(whole, page, words.ways):
        return ()
    found = []
    for item in [name for part in split_list(whole, page, words.heads) for name in _expand(part, page, lex)]:
        name = item.name
        if counts_levels(name):
            continue
        if not check.is_checked:
            found.append(item)
            continue
        if name in words.common or name.count("“") != name.count("”"):
            continue
        trimmed = item if check.is_whole else _trim(item, page, words)
        if trimmed is not None and trimmed.name not in words.common:
            found.append(trimmed)
    return found


class _Events(NamedTuple):
    """What tells that a name goes on into the clause."""

    verbs: frozenset[str]
    endings: re.Pattern[str]
    """The end of a name of a body, firm or place."""


@cache
def _read_events(lex: Lexicon) -> _Events:
    required = lex.read_config("tagger")["required"]
    endings = {word for kind in ("body", "firm", "place") for word in required[kind]}
    return _Events(_read_words(lex, "event_verbs"), re.compile(rf"(?:{join_alternatives(endings)})[”）)]?\Z"))


def _cut_at_event(mention: Mention, page: PageWords, events: _Events) -> Mention | None:
    """Return *mention* up to a verb that tells an event: 青禾市中医医院 in 青禾市中医医院获批示范中心.

    No name of a body, firm or place has such a verb inside. None if the words before it are no name.
    """
    first, last = page.number_words(mention.span) if mention.rule.startswith(_NAMED) else (0, 0)
    cut = next((i for i in range(first, last) if page.words[i].text in events.verbs), None)
    if cut is None:
        return mention
    begin, end = page.words[first].begin, page.words[cut].begin
    name = page.text[begin:end]
    if len(name) < _SHORTEST_BODY or not events.endings.search(name):
        return None
    return copy_with(mention, span=page.span(begin, end), name=name, attrs={})


class _Ways(NamedTuple):
    """What stands before and behind words for a way of working."""

    before: re.Pattern[str]
    after: re.Pattern[str]


@cache
def _read_ways(lex: Lexicon) -> _Ways:
    config = lex.read_config("programs")
    return _Ways(re.compile(config["way_before"]), re.compile(config["way_after"]))


def _is_way(mention: Mention, page: PageWords, ways: _Ways) -> bool:
    """Whether the words around a name say that it is a way of working: 采取+“正面规范+反面纠错”+等方式."""
    begin, end = page.find_position(mention.span.begin), page.find_end(mention.span.end)
    if ways.after.match(page.text, end) is None:
        return False
    return ways.before.search(page.text, max(0, begin - _BEFORE_WAY), begin) is not None


class _Checks(NamedTuple):
    """What is checked of the mentions of a rule."""

    is_candidate: bool
    is_checked: bool
    is_whole: bool


@cache
def _choose_checks(rule: str) -> _Checks:
    return _Checks(rule.startswith(_CANDIDATES), rule.startswith(_CHECKED), rule.startswith(_WHOLE))


def _expand(mention: Mention, page: PageWords, lex: Lexicon) -> Sequence[Mention]:
    """Return the classes of a list that the sequence model took for one class; *mention* if it is one."""
    if not mention.rule.startswith("tagger.class") or _SEPARATING.search(mention.name) is None:
        return (mention,)
    begin, end = page.find_position(mention.span.begin), page.find_end(mention.span.end)
    found = expand_list(page.text[begin:end], begin, end, page, lex)
    return [copy_with(mention, span=page.span(p.begin, p.end), name=p.name) for p in found] or (mention,)


def split_list(mention: Mention, page: PageWords, heads: Mapping[str, str]) -> Sequence[Mention]:
    """Return the names of a list that a rule took for one name, each with its own words; *mention* if it is one name.

    Each part must end in a head of the same class as the last one, or in the same word: 依法治区战略、共同富裕战略.
    """
    if not mention.rule.startswith(_LISTED) or _SEPARATING.search(mention.name) is None:
        return (mention,)
    first, last = page.number_words(mention.span)
    parts = list(_find_parts(page.words, first, last))
    ends = [page.words[b - 1].text for _, b in parts]
    same = all(e == ends[-1] or (e in heads and heads[e] == heads.get(ends[-1])) for e in ends)
    if len(parts) < 2 or not same or any(page.words[b - 1].end - page.words[a].begin < 3 for a, b in parts):
        return (mention,)
    found = []
    for a, b in parts:
        start, stop = page.words[a].begin, page.words[b - 1].end
        found.append(copy_with(mention, span=page.span(start, stop), name=page.text[start:stop]))
    return found


def _find_parts(words: Sequence[Word], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield first word and end of each item of a list; separators in quotes and brackets divide nothing."""
    depth, begin = 0, first
    for i in range(first, last):
        text = words[i].text
        depth += (text in _OPENING) - (text in _CLOSING)
        if depth == 0 and text in _SEPARATORS and begin < i:
            yield begin, i
            begin = i + 1
    if begin < last:
        yield begin, last


def _trim(mention: Mention, page: PageWords, known: _Words) -> Mention | None:
    """Return *mention* without the clause words that it begins with; None if it begins inside a word."""
    begin = page.find_position(mention.span.begin)
    k = page.number_word(begin)
    if k >= len(page.words) or not mention.name.startswith(page.text[begin : begin + 2]):
        return mention  # the name is put together, or stands in no sentence
    if page.words[k].begin != begin:
        return None
    cut = 0
    while k < len(page.words):
        word = page.words[k]
        left = len(mention.name) - cut - len(word.text)
        is_quoted = k + 1 < len(page.words) and page.words[k + 1].text == "“"
        goes_on = cut > 0 and "“" in mention.name[cut:]
        is_verb = word.tag == "vn" and (is_quoted or goes_on) and word.text in known.before_quotes
        is_clause = word.tag in _CLAUSE_TAGS or is_verb
        governs = word.text in known.borders or is_quoted
        if len(word.text) < 2 or not is_clause or not governs or left < _SHORTEST:
            break
        if mention.name[cut : cut + len(word.text)] != word.text:
            break
        cut += len(word.text)
        k += 1
    if not cut:
        return mention
    span = page.span(page.words[k].begin, page.find_end(mention.span.end))
    return copy_with(mention, span=span, name=mention.name[cut:])
