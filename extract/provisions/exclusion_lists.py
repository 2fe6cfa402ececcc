"""Those whom a policy leaves out as lists: 有下列情形之一的，不得享受：（一）…；（二）….

Each item leaves out by itself, as does each part of what a receiver must not be: 应当未被列入名单，近年未发生事故.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from extract.text.numerals import parse_numeral
from ontology.lexicons import Lexicon

_STOP = re.compile(r"[。；;\n]")
_LINE = re.compile(r"[ \t　]*\n\s*")
_CIRCLE = ord("①") - 1
_MOST_ITEMS = 30
_SHORTEST = 3
"""Characters of an item, at least."""


class ListedItem(NamedTuple):
    """One of those who are left out, by position in the text of the source."""

    begin: int
    end: int
    who: str


@cache
def _compile(lex: Lexicon, name: str) -> re.Pattern[str]:
    return re.compile(lex.read_config("conditions")["exclusions"][name])


def find_listed(text: str, begin: int, end: int, after: int, lex: Lexicon) -> tuple[list[ListedItem], int]:
    """Return the items of a list of who is left out that a clause leads in, and where the list ends.

    Args:
        text: the text of the source.
        begin: where the clause begins.
        end: where it ends, at a full stop, a semicolon or the end of its line.
        after: where the document ends.
        lex: the lexicon (``[exclusions]`` in ``conditions.toml``).
    """
    mark = _compile(lex, "list_item")
    first = next((m for m in mark.finditer(text, begin + 1, end) if text[m.start() - 1] in "：:，,"), None)
    lead_end = first.start() if first is not None else end
    if not _leads(text, begin, lead_end, lex):
        return [], begin
    if first is not None:
        return _read_items(text, first, after, lex)
    colon = max(text.rfind("：", begin, end), text.rfind(":", begin, end))
    if 0 <= colon < len(text[:end].rstrip()) - 1 and _leads(text, begin, colon, lex):
        return _read_row(text, colon + 1, text.find("\n", end) if text.find("\n", end) >= 0 else after, lex)
    below = _LINE.match(text, end + (text[end : end + 1] == "。"), after)
    found = mark.match(text, below.end(), after) if below is not None else None
    return _read_items(text, found, after, lex) if found is not None else ([], begin)


def _leads(text: str, begin: int, end: int, lex: Lexicon) -> bool:
    """Return whether a clause says that those of a list get nothing."""
    if _compile(lex, "list_skip").search(text, begin, end):
        return False
    verb = _compile(lex, "verb").search(text, begin, end) or _compile(lex, "list_verb").search(text, begin, end)
    return verb is not None and _compile(lex, "listed").search(text, begin, end) is not None


def _read_number(found: re.Match[str]) -> tuple[str, int]:
    """Return the kind and the value of the number of an item."""
    kind = found.lastgroup or ""
    words = found[kind]
    return kind, ord(words) - _CIRCLE if kind == "circle" else int(parse_numeral(words))


def _read_items(text: str, first: re.Match[str], after: int, lex: Lexicon) -> tuple[list[ListedItem], int]:
    """Return the items from the first number on, as long as the numbers go on by one, and where the last one ends."""
    kind, number = _read_number(first)
    items: list[ListedItem] = []
    begin = end = first.end()
    while number == len(items) + 1 and number <= _MOST_ITEMS:
        line = text.find("\n", begin, after)
        line = line if line >= 0 else after
        later = _find_next(text, (begin, line, after), (kind, number + 1), lex)
        end = min(line, later.start()) if later is not None else line
        if item := _make_item(text, begin, end, lex):
            items.append(item)
        if later is None or item is None:
            break
        begin, number = later.end(), number + 1
    return items, end


def _find_next(text: str, place: tuple[int, int, int], number: tuple[str, int], lex: Lexicon) -> re.Match[str] | None:
    """Return the next number of a list: in the line of the item before it, or at the beginning of the next line."""
    begin, line, after = place
    mark = _compile(lex, "list_item")
    for found in mark.finditer(text, begin, line):
        if text[: found.start()].rstrip()[-1:] in ("；", ";", "。", "，", "、") and _read_number(found) == number:
            return found
    below = mark.match(text, line, after)
    return below if below is not None and _read_number(below) == number else None


def _read_row(text: str, begin: int, end: int, lex: Lexicon) -> tuple[list[ListedItem], int]:
    """Return the items of a row without numbers: 下列企业不予支持：失信的；已享受省级奖励的."""
    stop = text.find("。", begin, end)
    end = stop if stop >= 0 else end
    items: list[ListedItem] = []
    start = begin
    for sign in re.finditer(r"[；;]|(?<=的)[、，,]|$", text[begin:end]):
        if item := _make_item(text, start, begin + sign.start(), lex):
            items.append(item)
        start = begin + sign.end()
    return items, end


def _make_item(text: str, begin: int, end: int, lex: Lexicon) -> ListedItem | None:
    """Return the first sentence of an item, None if nothing is left of it."""
    stop = _STOP.search(text, begin, end)
    end = stop.start() if stop is not None else end
    words = text[begin:end]
    begin += len(words) - len(words.lstrip())
    words = _compile(lex, "list_end").sub("", text[begin:end])
    end = begin + len(words)
    who = _compile(lex, "tail").sub("", words)
    return ListedItem(begin, end, who) if len(who) >= _SHORTEST else None


def find_denied(text: str, begin: int, end: int, lex: Lexicon) -> Iterator[ListedItem]:
    """Yield what a receiver must not be or have done, as what would leave it out: 近两年内*未*发生事故.

    Args:
        text: the text of the source.
        begin: where the clause begins.
        end: where it ends.
        lex: the lexicon.
    """
    must = _compile(lex, "must_not").search(text, begin, end)
    place = must.end() if must is not None else end
    while place < end and (part := _compile(lex, "must_part").match(text, place, end)):
        if _compile(lex, "must_what").search(part["what"]):
            first = part.start("time") if part["time"] else part.start("not")
            yield ListedItem(first, part.end(), f"{part['time'] or ''}{part['what']}")
        place = part.end()
