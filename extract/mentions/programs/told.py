"""What the words around names in quotes tell of their class: “甲”“乙”等平台 are platforms, “甲”等问题 are no names.

Also what is to be reached, 实现“拿地即开工”, is no program, unless a word such as 改革 follows.
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

_ROW = re.compile("(?:“[^“”\n]{1,24}”(?:[、和及与]|以及)?)+(?<=”)")
_ITEM = re.compile("“([^“”\n]+)”")
_LISTED = "等"
_COUNTED = re.compile("[两三四五六七八九十]个")
"""Between a row and the noun that tells: “甲”“乙”两个平台."""
_REACH = 8
"""Words behind 等 among which the telling noun is."""
_BEFORE = 12
_STOP_TAGS = frozenset({"p", "c", "d", "ad", "m", "r", "w", "sp"})
"""Parts of speech of words at which a noun phrase has ended."""
_SCHEMES = frozenset({Kind.PROGRAM, Kind.PLATFORM})
_WEIGHED = ("program.", "platform.quoted", "tagger.", "phrase.")
"""Rules of mentions whose class the words around may tell begin so."""
_FOUND = ("program.", "platform.")
"""Rules that find names in quotes begin so; what the sequence model finds may still be dropped."""
_SHORTEST, _LONGEST = 3, 14
"""Characters of a name that only its place in a row makes a program."""
_CONFIDENCE = 0.8
_NO_NAME = re.compile(r"[，。；：、]|\A[\d.,%]+\Z")


class _Words(NamedTuple):
    classes: Mapping[str, str]
    """What a noun tells: platform, program, class, none."""
    stops: frozenset[str]
    behind: re.Pattern[str]
    within: re.Pattern[str]
    goal: re.Pattern[str]
    describing: re.Pattern[str]
    own: re.Pattern[str]
    after: re.Pattern[str]
    """Words behind quotes that make a program or platform of what stands in them."""


@cache
def _read_words(lex: Lexicon) -> _Words:
    config = lex.read_config("programs")
    told = config["told"]
    after = sorted({*config["after_program"], *config["after_platform"]})
    return _Words(
        {word: kind for kind in ("platform", "program", "class", "none") for word in told[kind]},
        frozenset(told["none_told"]),
        re.compile(told["none_behind"]),
        re.compile(join_alternatives(told["none_within"])),
        re.compile(told["goal"]),
        re.compile(told["describing"]),
        re.compile(told["own"]),
        re.compile(f"[一-龥]{{0,6}}?(?:{join_alternatives(after)})"),
    )


class _Row(NamedTuple):
    """Names in quotes that stand in a row, in the joined text."""

    begin: int
    end: int
    tells: str
    """platform, program, class, none, goal."""


def apply_told_classes(mentions: Iterable[Mention], page: PageWords, lex: Lexicon) -> list[Mention]:
    """Return the mentions of a page with the classes that the words around rows of quotes tell.

    Each name of a row of programs is a mention, also if no rule found it.
    """
    words = _read_words(lex)
    rows = list(_find_rows(page, words))
    mentions = list(mentions)
    if not rows:
        return mentions
    out = [told for mention in mentions if (told := _tell(mention, rows, page, words)) is not None]
    taken = [m.span for m in mentions if m.kind in _SCHEMES and m.rule.startswith(_FOUND)]
    for row in rows:
        if row.tells in ("program", "platform"):
            out += (m for m in _list_items(row, page) if not any(m.span.overlaps(other) for other in taken))
    return out


def _find_rows(page: PageWords, words: _Words) -> Iterator[_Row]:
    for found in _ROW.finditer(page.text):
        begin, end = found.span()
        tells = _read_row(page, begin, end, words)
        if tells:
            yield _Row(begin, end, tells)


def _read_row(page: PageWords, begin: int, end: int, words: _Words) -> str:
    """Return what the words behind a row of quotes and before it tell; empty if they tell nothing."""
    if page.text.startswith(_LISTED, end) and (tells := _read_noun(page, end + len(_LISTED), words)):
        return tells
    if (counted := _COUNTED.match(page.text, end)) is not None and (tells := _read_noun(page, counted.end(), words)):
        return tells
    if words.behind.match(page.text, end):
        return "none"
    first = max(0, begin - _BEFORE)
    is_goal = words.goal.search(page.text, first, begin) is not None and not words.after.match(page.text, end)
    describes = page.text.startswith("的", end) and words.describing.search(page.text, first, begin) is not None
    return "goal" if is_goal or describes else ""


def _read_noun(page: PageWords, begin: int, words: _Words) -> str:
    """Return what the first noun phrase from *begin* on tells; empty if it tells nothing."""
    first = page.find_word_at(begin)
    if first is None:
        return ""
    for k in range(first, min(first + _REACH, len(page.words))):
        word = page.words[k]
        if word.tag in _STOP_TAGS or word.text in words.stops:
            return ""
        if words.within.search(page.text, begin, word.end):
            return "none"
        following = page.words[k + 1] if k + 1 < len(page.words) else None
        is_last = following is None or not following.tag.startswith("n")
        tells = words.classes.get(word.text, "")
        if tells and is_last and (following is None or following.tag != "vn" or tells not in ("class", "none")):
            return tells
    return ""


def _tell(mention: Mention, rows: Sequence[_Row], page: PageWords, words: _Words) -> Mention | None:
    """Return *mention* with the class that its row tells; None if it is no name."""
    if not mention.rule.startswith(_WEIGHED):
        return mention
    begin, end = page.find_position(mention.span.begin), page.find_end(mention.span.end)
    row = next((row for row in rows if begin < row.end and row.begin < end), None)
    if row is None or row.tells == "program":
        return mention
    is_inside = row.begin <= begin and end <= row.end
    if row.tells == "platform":
        is_told = is_inside and mention.kind is Kind.PROGRAM
        return copy_with(mention, kind=Kind.PLATFORM) if is_told else mention
    if row.tells == "goal":
        is_sure = mention.rule.startswith("program.") or words.own.search(mention.name) is not None
        return mention if is_sure or not is_inside else None  # also a class in it: 政策找+企业
    goes_on = end > row.end and words.behind.fullmatch(page.text, row.end, end) is not None
    if mention.kind in _SCHEMES:
        return None if end <= row.end or goes_on else mention
    is_whole = is_inside and page.text[begin - 1] == "“" and page.text.startswith("”", end)
    return None if row.tells == "none" and is_whole and mention.rule.startswith("tagger.") else mention


def _list_items(row: _Row, page: PageWords) -> Iterator[Mention]:
    kind = Kind.PLATFORM if row.tells == "platform" else Kind.PROGRAM
    for found in _ITEM.finditer(page.text, row.begin, row.end):
        name = found[1]
        if _SHORTEST <= len(name) <= _LONGEST and not _NO_NAME.search(name):
            yield Mention(page.span(*found.span(1)), kind, name, f"{row.tells}.quoted", _CONFIDENCE)
